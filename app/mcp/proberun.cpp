// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/proberun.h"

#include "http/addresssecrets.h"
#include "http/retries.h"
#include "mcp/blockage.h"
#include "mcp/protocolversion.h"

#include <QElapsedTimer>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using http::Step;
using Fit = Greeting::Fit;
using Verdict = ProbeReport::Verdict;

namespace {

/// What may hold a secret and is never part of a report.
constexpr auto unsafeParts = QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo;

/// Nothing that a probe sends does any harm twice.
Task<Result<Answer>> exchangePatiently(RunPointer run, http::Request request, Expectation expected,
                                       std::stop_token stop)
{
    http::Retries retries(http::Retries::Of::AnyRequest, run->deadlines);
    while (true) {
        Result<Answer> answer = co_await exchange(run->client, request, expected, stop);
        const auto pause = answer ? retries.after(answer->head) : retries.after(answer.error());
        if (!pause) {
            co_return answer;
        }
        if (const bool waited = co_await base::sleepFor(*pause, stop); !waited) {
            co_return base::failed(base::cancelledError());
        }
    }
}

} // namespace

void ProbeRun::note(const Step &step)
{
    // Whoever tells of a step may have repeated what a server said, and servers repeat the address that they
    // were asked at.
    Step clean = step;
    clean.url = http::withoutSecrets(step.url);
    clean.learnt = http::withoutSecrets(step.learnt);
    clean.detail = http::withoutSecrets(step.detail);
    report.steps.append(clean);
    if (sink) {
        sink(clean);
    }
}

void ProbeRun::note(const Answer &answer, Step::Outcome outcome, const QString &learnt, const QString &detail,
                    const QByteArray &verb)
{
    Step step;
    step.learnt = learnt;
    step.outcome = outcome;
    step.verb = verb;
    step.url = answer.head.url.adjusted(unsafeParts);
    step.status = answer.head.status;
    step.took = answer.took;
    step.detail = detail;
    note(step);
}

void ProbeRun::end(Verdict verdict, const base::Error &error)
{
    report.verdict = verdict;
    report.error = error;
    report.error->sentence = http::withoutSecrets(error.sentence);
    report.error->detail = http::withoutSecrets(error.detail);
}

void ProbeRun::fail(const QByteArray &verb, const base::Error &error, std::chrono::milliseconds took)
{
    Step step;
    step.learnt = error.sentence;
    step.outcome = Step::Outcome::Failed;
    step.verb = verb;
    step.url = url.adjusted(unsafeParts);
    step.status = error.httpStatus;
    step.took = took;
    step.detail = error.detail;
    note(step);
    end(verdictOf(error), error);
}

void ProbeRun::noteVersions(const Greeting &greeting)
{
    hasSpokenOfVersions |= greeting.isAboutVersions;
    for (const QString &version : greeting.versions) {
        if (!isSessionVersion(version) && !versions.contains(version)) {
            versions.append(version);
        }
    }
}

void ProbeRun::giveUp(const Greeting &greeting, const Answer &answer)
{
    const bool isOutage = greeting.fit == Fit::Outage;
    const base::Error error = isOutage              ? http::statusError(answer.head, client.clock()())
                              : hasSpokenOfVersions ? unknownVersionsError(answer, versions)
                                                    : notMcpError(answer);
    note(answer, Step::Outcome::Failed, error.sentence, error.detail);
    report.isPage = answer.isPage;
    end(isOutage              ? Verdict::Unreachable
        : hasSpokenOfVersions ? Verdict::UnknownVersions
                              : Verdict::NotMcp,
        error);
}

http::Limits ProbeRun::limits() const
{
    http::Limits limits;
    limits.deadline = deadlines.probe;
    limits.idle = deadlines.probe;
    limits.body = 1024 * 1024;
    return limits;
}

Verdict verdictOf(const base::Error &error)
{
    switch (error.kind) {
    case ErrorKind::RefusedByPolicy:
        return Verdict::Refused;
    case ErrorKind::Protocol:
        return Verdict::NotMcp;
    default:
        // It was reached, whatever became of the answer.
        return error.httpStatus >= 200 && error.httpStatus < 300 ? Verdict::NotMcp : Verdict::Unreachable;
    }
}

Task<Result<http::Request>> withKey(RunPointer run, http::Request request, std::stop_token stop)
{
    if (!run->key) {
        co_return request;
    }
    Result<http::Request> authorized = co_await run->key->authorize(request, stop);
    co_return authorized;
}

Task<Result<Answer>> ask(RunPointer run, Dialect dialect, Call call, std::stop_token stop)
{
    const qint64 id = run->nextId++;
    dialect.cookies = run->cookies;
    Result<http::Request> request = co_await withKey(run, buildRequest(dialect, call, run->url, id), stop);
    if (!request) {
        run->fail({}, request.error());
        co_return base::failed(request.error());
    }
    QElapsedTimer timer;
    timer.start();
    Result<Answer> answer = co_await exchangePatiently(run, routed(dialect, *request), {.id = id}, stop);
    if (!answer) {
        run->fail(request->verb, answer.error(), std::chrono::milliseconds(timer.elapsed()));
        co_return answer;
    }
    dialect.learn(answer->head);
    run->url = answer->head.url;
    // Of a refusal more has to be known first.
    const auto blockage = answer->isRefusal() ? std::nullopt : blockageOf(*answer);
    if (blockage) {
        run->note(*answer, Step::Outcome::Failed, blockage->sentence, blockage->detail);
        run->end(Verdict::Blocked, *blockage);
        co_return base::failed(*blockage);
    }
    co_return answer;
}

Task<void> leave(RunPointer run, QByteArray sessionId, QString version, std::stop_token stop)
{
    if (sessionId.isEmpty()) {
        co_return;
    }
    Dialect dialect;
    dialect.era = Era::Sessions;
    dialect.version = version;
    dialect.sessionId = sessionId;
    dialect.cookies = run->cookies;
    Result<http::Request> request = co_await withKey(run, buildDelete(dialect, run->url), stop);
    if (request) {
        Result<http::Response> ignored = co_await run->client.send(routed(dialect, *request), stop);
    }
}

} // namespace mooring::mcp
