// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probe.h"

#include "http/urlpolicy.h"
#include "mcp/proberun.h"
#include "mcp/protocolversion.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using http::Step;
using Fit = Greeting::Fit;
using Verdict = ProbeReport::Verdict;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

/// The oldest way. Whatever is wrong with it, `initialize` has told what there is.
Task<void> asClientOfOld(RunPointer run, Answer initialize, std::stop_token stop)
{
    base::TaskScope tasks;
    QElapsedTimer timer;
    timer.start();
    Result<OldServer> server = co_await askOldServer(run, &tasks, stop);
    tasks.cancel();
    co_await tasks.drained();
    if (!server) {
        run->fail("GET"_ba, server.error(), std::chrono::milliseconds(timer.elapsed()));
    } else if (!server->greeted) {
        const base::Error error = notMcpError(initialize);
        run->note(server->opened, Step::Outcome::Failed, error.sentence, error.detail, "GET"_ba);
        run->end(Verdict::NotMcp, error);
    } else if (server->greeted->isRefusal()) {
        co_await onRefusal(run, *server->greeted, stop);
    } else {
        const Greeting greeting =
            readInitialize(*server->greeted, QString::fromUtf16(httpSseVersion), Era::HttpSse);
        run->noteVersions(greeting);
        if (greeting.fit == Fit::Agreed) {
            co_await onWelcome(run, greeting, *server->greeted, stop);
        } else {
            run->giveUp(greeting, *server->greeted);
        }
    }
}

Task<void> onInitialize(RunPointer run, Answer answer, std::stop_token stop)
{
    if (answer.isRefusal()) {
        co_await onRefusal(run, answer, stop);
        co_return;
    }
    Greeting greeting = readInitialize(answer, run->offered);
    const bool isNone = greeting.fit == Fit::OtherEra || greeting.fit == Fit::StepDown;
    if (isNone && !run->hasSpokenOfVersions && mayBeHttpSse(answer)) {
        run->note(answer, Step::Outcome::NotThere,
                  tr("Not a server of that kind either; asking in the oldest way"));
        co_await asClientOfOld(run, answer, stop);
        co_return;
    }
    if (greeting.fit != Fit::Agreed) {
        run->giveUp(greeting, answer);
        co_return;
    }
    const bool isNewest = run->offered == QStringView(newestSessionVersion);
    greeting.server.offered = isNewest ? QString() : run->offered;
    const QByteArray sessionId = answer.head.headers.value("Mcp-Session-Id").trimmed();
    co_await leave(run, sessionId, greeting.server.protocolVersion, stop);
    co_await onWelcome(run, greeting, answer, stop);
}

/// With the version that the server has named, or the newest; with another one as long as it refuses them.
Task<Result<Answer>> askYesterday(RunPointer run, std::stop_token stop)
{
    VersionSteps steps(run->offered);
    Dialect dialect;
    dialect.era = Era::Sessions;
    while (true) {
        dialect.offered = run->offered = steps.current();
        Result<Answer> answer = co_await ask(run, dialect, initializeCall(dialect, run->limits()), stop);
        if (!answer || answer->isRefusal()) {
            co_return answer;
        }
        const Greeting greeting = readInitialize(*answer, run->offered);
        run->noteVersions(greeting);
        if (greeting.fit != Fit::StepDown || !steps.stepDown(greeting.versions)) {
            co_return answer;
        }
        run->note(
            *answer, Step::Outcome::NotThere,
            tr("The server refuses version %1; asking with version %2").arg(run->offered, steps.current()));
    }
}

/// With a key in hand: gateways exist that refuse a method they don't know although the key is fine, so the
/// key is only bad if it is refused with a method that everybody knows.
Task<void> onRefusedDiscovery(RunPointer run, Answer answer, std::stop_token stop)
{
    if (run->keyIn() != Authorizer::Key::None && answer.head.status == 401) {
        Result<Answer> older = co_await askYesterday(run, stop);
        if (!older) {
            co_return;
        }
        if (!older->isRefusal()) {
            co_await onInitialize(run, *older, stop);
            co_return;
        }
    }
    co_await onRefusal(run, answer, stop);
}

Task<void> asClientOfToday(RunPointer run, std::stop_token stop)
{
    Dialect dialect;
    dialect.era = Era::Stateless;
    dialect.version = QString::fromUtf16(statelessVersion);
    const Call call = discoverCall(run->limits());
    for (int turn = 0;; ++turn) {
        Result<Answer> answer = co_await ask(run, dialect, call, stop);
        if (!answer) {
            co_return;
        }
        if (answer->isRefusal()) {
            co_await onRefusedDiscovery(run, *answer, stop);
            co_return;
        }
        const Greeting greeting = readDiscovery(*answer);
        run->noteVersions(greeting);
        if (greeting.fit == Fit::AskAgain && turn == 0) {
            run->note(*answer, Step::Outcome::NotThere, tr("The server wants to be asked once more"));
            continue;
        }
        if (greeting.fit == Fit::Agreed) {
            co_await onWelcome(run, greeting, *answer, stop);
        } else if (greeting.fit == Fit::OtherEra) {
            const QString named = newestSessionVersionOf(greeting.versions);
            run->offered = named.isEmpty() ? run->offered : named;
            run->note(*answer, Step::Outcome::NotThere,
                      tr("Not a server of the newest kind; asking in the older way"));
            Result<Answer> older = co_await askYesterday(run, stop);
            if (older) {
                co_await onInitialize(run, *older, stop);
            }
        } else {
            run->giveUp(greeting, *answer);
        }
        co_return;
    }
}

} // namespace

Task<ProbeReport> probe(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer *key,
                        oauth::SignInSettings settings, http::StepSink sink, std::stop_token stop)
{
    const RunPointer run =
        std::make_shared<ProbeRun>(client, deadlines, url, key, std::move(settings), std::move(sink));
    run->report.at = client.clock()();
    run->cookies = std::make_shared<http::SessionCookies>(url, client.clock());
    // The address may come from a file that somebody edited.
    const Result<QUrl> allowed =
        http::UrlPolicy::parseTyped(url.toString(QUrl::FullyEncoded), run->settings.plainHttp());
    if (allowed) {
        co_await asClientOfToday(run, stop);
    } else {
        run->fail({}, allowed.error());
    }
    co_return run->report;
}

} // namespace mooring::mcp
