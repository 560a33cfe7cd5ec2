// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probe.h"

#include "http/urlpolicy.h"
#include "mcp/proberun.h"

#include <QCoreApplication>

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

/// What a sign-in would need and ask for; steps without a request of their own.
void noteDiscovery(ProbeRun *run, const oauth::Discovery &discovery)
{
    QStringList abilities{tr("PKCE")};
    if (discovery.server.registrationEndpoint.isValid()) {
        abilities.append(tr("registration"));
    }
    if (discovery.server.revocationEndpoint.isValid()) {
        abilities.append(tr("revocation"));
    }
    const QString list = abilities.join(u", "_s);
    Step support;
    support.learnt =
        discovery.server.registrationEndpoint.isValid()
            ? tr("Supports everything needed (%1)").arg(list)
            : tr("Supports signing in (%1), but Mooring has to be registered there by hand first").arg(list);
    run->note(support);
    QStringList scopes;
    for (const QString &scope : discovery.scopes) {
        scopes.append(base::displayText(scope, 60));
    }
    Step asks;
    asks.learnt = scopes.isEmpty() ? tr("Will ask for what the service gives by default")
                                   : tr("Will ask for: %1").arg(scopes.join(u", "_s));
    run->note(asks);
}

Task<Result<void>> lookForSignIn(RunPointer run, QList<oauth::Challenge> challenges, std::stop_token stop)
{
    const http::StepSink sink = [run](const Step &step) { run->note(step); };
    Result<oauth::Discovery> found = co_await oauth::discover(
        run->client, run->deadlines, run->url, std::move(challenges), run->settings, sink, stop);
    if (!found) {
        co_return base::failed(found.error());
    }
    run->report.discovery = *found;
    noteDiscovery(run.get(), *found);
    co_return Result<void>();
}

bool asksForToken(const oauth::ChallengeInfo &info)
{
    return !info.resourceMetadata.isEmpty() || info.schemes.contains("bearer")
           || info.schemes.contains("dpop");
}

void noteRefusal(ProbeRun *run, const Answer &answer, const oauth::ChallengeInfo &info)
{
    QStringList schemes;
    for (const QByteArray &scheme : info.schemes) {
        schemes.append(base::displayText(QString::fromLatin1(scheme), 40));
    }
    const QString detail = u"challenges: "_s + (schemes.isEmpty() ? u"none"_s : schemes.join(u", "_s));
    if (run->key) {
        run->note(answer, Step::Outcome::Failed, tr("The server does not accept this key"), detail);
    } else if (asksForToken(info)) {
        run->note(answer, Step::Outcome::Done, tr("It is an MCP server and wants you to sign in"), detail);
    } else {
        run->note(answer, Step::Outcome::Done, tr("The server lets in only those it knows"), detail);
    }
}

base::Error keyError(const ProbeRun &run, int status)
{
    const QString sentence =
        run.key
            ? tr("%1 does not accept this key. Check the header's name and the key.")
            : tr("%1 wants a proof of who you are, but doesn't say where to sign in. Probably it wants a key "
                 "that the service gives you.");
    base::Error error = makeError(ErrorKind::SignInNeeded, sentence.arg(run.host()), {}, run.host());
    error.httpStatus = status;
    return error;
}

/// What the server or its sign-in service says about the sign-in makes no sense, and won't tomorrow.
bool isUnusable(const base::Error &error)
{
    return error.kind == ErrorKind::Protocol || (error.kind == ErrorKind::HttpStatus && !error.isTransient());
}

/// The server wants to know who we are.
Task<void> onRefusal(RunPointer run, Answer answer, std::stop_token stop)
{
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(answer.head.headers.values("WWW-Authenticate"));
    noteRefusal(run.get(), answer, oauth::summarize(challenges));
    Result<void> found = co_await lookForSignIn(run, challenges, stop);
    if (run->key) {
        // Whatever the sign-in looks like, this is what the person has to hear.
        run->end(Verdict::KeyRefused, keyError(*run, answer.head.status));
    } else if (found) {
        run->report.verdict = Verdict::NeedsSignIn;
    } else if (found.error().kind == ErrorKind::NotFound) {
        run->end(Verdict::NeedsKey, keyError(*run, answer.head.status));
    } else if (isUnusable(found.error())) {
        // There is a sign-in, but none that works; a key is the only way left.
        run->end(Verdict::NeedsKey, found.error());
    } else {
        run->end(verdictOf(found.error()), found.error());
    }
}

Task<void> onWelcome(RunPointer run, Greeting greeting, Answer answer, std::stop_token stop)
{
    run->report.verdict = Verdict::Open;
    run->report.era = greeting.server.era;
    run->report.server = greeting.server;
    const QString detail =
        u"%1 %2, MCP %3"_s.arg(base::displayText(greeting.server.name),
                               base::displayText(greeting.server.version), greeting.server.protocolVersion);
    if (run->key) {
        run->note(answer, Step::Outcome::Done, tr("It is an MCP server and accepts this key"), detail);
        co_return;
    }
    run->note(answer, Step::Outcome::Done, tr("It is an MCP server; no sign-in needed"), detail);
    // Many let everybody in and want a token for some tools only, so there may be a sign-in to
    // offer. Whatever goes wrong here, the server itself is open.
    Result<void> ignored = co_await lookForSignIn(run, {}, stop);
}

Task<void> asClientOfYesterday(RunPointer run, std::stop_token stop)
{
    Dialect dialect;
    dialect.era = Era::Sessions;
    const Call call = initializeCall(dialect, run->limits());
    Result<Answer> answer = co_await ask(run, dialect, call, stop);
    if (!answer) {
        co_return;
    }
    if (answer->isRefusal()) {
        co_await onRefusal(run, *answer, stop);
        co_return;
    }
    const Greeting greeting = readInitialize(*answer);
    if (greeting.fit != Fit::Agreed) {
        run->giveUp(greeting, *answer);
        co_return;
    }
    const QByteArray sessionId = answer->head.headers.value("Mcp-Session-Id").trimmed();
    co_await leave(run, sessionId, greeting.server.protocolVersion, stop);
    co_await onWelcome(run, greeting, *answer, stop);
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
            co_await onRefusal(run, *answer, stop);
            co_return;
        }
        const Greeting greeting = readDiscovery(*answer);
        if (greeting.fit == Fit::AskAgain && turn == 0) {
            run->note(*answer, Step::Outcome::NotThere, tr("The server wants to be asked once more"));
            continue;
        }
        if (greeting.fit == Fit::Agreed) {
            co_await onWelcome(run, greeting, *answer, stop);
        } else if (greeting.fit == Fit::OtherEra) {
            run->note(*answer, Step::Outcome::NotThere,
                      tr("Not a server of the newest kind; asking in the older way"));
            co_await asClientOfYesterday(run, stop);
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
    // The address may come from a file that somebody edited.
    const Result<QUrl> allowed =
        http::UrlPolicy(url).check(url.toString(QUrl::FullyEncoded), http::UrlUse::Server);
    if (allowed) {
        co_await asClientOfToday(run, stop);
    } else {
        run->fail({}, allowed.error());
    }
    co_return run->report;
}

} // namespace mooring::mcp
