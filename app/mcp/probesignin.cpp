// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a probe makes of a server that wants to know who we are, and of one that lets us in.
#include "mcp/proberun.h"

#include <QCoreApplication>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using http::Step;
using Verdict = ProbeReport::Verdict;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

/// What a sign-in would mean for the person; steps without a request of their own.
void noteDiscovery(ProbeRun *run, const oauth::Discovery &discovery)
{
    Step means;
    if (discovery.server.isLegacy()) {
        means.learnt =
            tr("The sign-in is of an older kind (MCP 2025-03-26): Mooring has to guess a part of it");
    } else if (discovery.server.revocationEndpoint.isValid()) {
        means.learnt = tr("The sign-in can be given back at the service whenever you disconnect");
    } else {
        means.learnt =
            tr("The service takes no sign-in back: after you disconnect, it simply runs out there");
    }
    means.detail = u"revocation: %1, registration: %2"_s.arg(
        discovery.server.revocationEndpoint.isValid() ? u"yes"_s : u"no"_s,
        discovery.server.registrationEndpoint.isValid() ? u"yes"_s : u"no"_s);
    run->note(means);
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
    // Nothing but the usual addresses on a server that lets everybody in: that is no sign of a sign-in.
    const bool isOpen = run->report.verdict == Verdict::Open;
    if (isOpen && found->server.isLegacy()) {
        co_return Result<void>();
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

bool isGuess(const ProbeRun &run)
{
    using Described = oauth::AuthorizationServer::Described;
    return run.report.discovery && run.report.discovery->server.described == Described::ByFixedPaths;
}

} // namespace

Task<void> onRefusal(RunPointer run, Answer answer, std::stop_token stop)
{
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(answer.head.headers.values("WWW-Authenticate"));
    const oauth::ChallengeInfo info = oauth::summarize(challenges);
    noteRefusal(run.get(), answer, info);
    Result<void> found = co_await lookForSignIn(run, challenges, stop);
    // "Bearer" is also what servers say that take nothing but a key of their own. Where no document speaks of
    // a sign-in, a key is likelier; the sign-in of 2025-03-26 can still be tried.
    const bool isOnlyGuess = found && isGuess(*run);
    const bool hasNone = !found && found.error().kind == ErrorKind::NotFound;
    if (run->key) {
        // Whatever the sign-in looks like, this is what the person has to hear.
        if (isOnlyGuess) {
            run->report.discovery.reset();
        }
        run->end(Verdict::KeyRefused, keyError(*run, answer.head.status));
    } else if (isOnlyGuess || hasNone) {
        run->end(Verdict::NeedsKey, keyError(*run, answer.head.status));
    } else if (found) {
        run->report.verdict = Verdict::NeedsSignIn;
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

} // namespace mooring::mcp
