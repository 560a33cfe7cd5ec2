// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a probe makes of a server that wants to know who we are, and of one that lets us in.
#include "mcp/blockage.h"
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
    oauth::Prospect prospect = co_await oauth::lookAhead(run->client, run->deadlines, run->url,
                                                         std::move(challenges), run->settings, sink, stop);
    const bool isOpen = run->report.verdict == Verdict::Open;
    if (!prospect.found) {
        run->report.ahead = isOpen ? std::nullopt : prospect.ahead;
        co_return base::failed(prospect.found.error());
    }
    // Nothing but the usual addresses on a server that lets everybody in: that is no sign of a sign-in.
    if (isOpen && prospect.found->server.isLegacy()) {
        co_return Result<void>();
    }
    run->report.discovery = *prospect.found;
    noteDiscovery(run.get(), *prospect.found);
    co_return Result<void>();
}

void noteRefusal(ProbeRun *run, const Answer &answer, const oauth::ChallengeInfo &info)
{
    QStringList schemes;
    for (const QByteArray &scheme : info.schemes) {
        schemes.append(base::displayText(QString::fromLatin1(scheme), 40));
    }
    const QString detail = u"challenges: "_s + (schemes.isEmpty() ? u"none"_s : schemes.join(u", "_s));
    if (run->keyIn() == Authorizer::Key::InHeader) {
        run->note(answer, Step::Outcome::Failed, tr("The server does not accept this key"), detail);
    } else if (oauth::asksForToken(info)) {
        run->note(answer, Step::Outcome::Done, tr("It is an MCP server and wants you to sign in"), detail);
    } else {
        run->note(answer, Step::Outcome::Done, tr("The server lets in only those it knows"), detail);
    }
}

QString keySentence(Authorizer::Key key, const Answer &answer)
{
    switch (key) {
    case Authorizer::Key::InHeader:
        return tr("%1 does not accept this key. Check the header's name and the key.");
    case Authorizer::Key::InAddress:
        return tr("%1 does not accept the key in this address. Copy the address from the service once more.");
    case Authorizer::Key::None:
        break;
    }
    if (answer.head.status == 403 && !speaksOfKey(answer)) {
        return tr(
            "%1 doesn't let Mooring in and doesn't say why (HTTP 403). If the service has given you a key, "
            "that is probably what it wants.");
    }
    return tr(
        "%1 wants a proof of who you are, but doesn't say where to sign in. Probably it wants a key that "
        "the service gives you.");
}

base::Error keyError(const ProbeRun &run, const Answer &answer)
{
    base::Error error =
        makeError(ErrorKind::SignInNeeded, keySentence(run.keyIn(), answer).arg(run.host()), {}, run.host());
    error.httpStatus = answer.head.status;
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

/// A 401 alone asks for what HTTP calls authentication, and some servers leave out the challenge. Their
/// sign-in may be described at their origin all the same; the addresses of 2025-03-26 are no more than a
/// guess then.
QList<oauth::Challenge> impliedBy(const QList<oauth::Challenge> &challenges, const Answer &answer)
{
    const bool isSilent = answer.head.status == 401 && !answer.head.headers.contains("WWW-Authenticate");
    return isSilent ? QList<oauth::Challenge>{{"bearer", {}, {}}} : challenges;
}

/// Ends the probe on what was found about the sign-in. "Bearer" is also what servers say that take nothing
/// but a key of their own. Where no document speaks of a sign-in, a key is likelier; the sign-in of
/// 2025-03-26 can still be tried.
void judge(ProbeRun *run, const Answer &answer, const Result<void> &found)
{
    const bool isOnlyGuess = found && isGuess(*run);
    const bool hasNone = isOnlyGuess || (!found && found.error().kind == ErrorKind::NotFound);
    const bool hasKey = run->keyIn() == Authorizer::Key::InHeader;
    const std::optional<base::Error> blockage = blockageOf(answer);
    // What a firewall says about the sign-in is nothing that the server has said.
    const bool isInTheWay =
        blockage && (hasNone || hasKey || (!found && found.error().kind != ErrorKind::RefusedByPolicy));
    if (isOnlyGuess && (hasKey || isInTheWay || !answer.head.headers.contains("WWW-Authenticate"))) {
        run->report.discovery.reset();
    }
    if (isInTheWay) {
        run->end(Verdict::Blocked, *blockage);
    } else if (hasKey) {
        // Whatever the sign-in looks like, this is what the person has to hear.
        run->end(Verdict::KeyRefused, keyError(*run, answer));
    } else if (hasNone) {
        const bool hasKeyInAddress = run->keyIn() == Authorizer::Key::InAddress;
        run->end(hasKeyInAddress ? Verdict::KeyRefused : Verdict::NeedsKey, keyError(*run, answer));
    } else if (found) {
        run->report.verdict = Verdict::NeedsSignIn;
    } else if (isUnusable(found.error())) {
        run->end(Verdict::SignInUnusable, found.error());
    } else {
        run->end(verdictOf(found.error()), found.error());
    }
}

} // namespace

Task<void> onRefusal(RunPointer run, Answer answer, std::stop_token stop)
{
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(answer.head.headers.values("WWW-Authenticate"));
    noteRefusal(run.get(), answer, oauth::summarize(challenges));
    const Result<void> found = co_await lookForSignIn(run, impliedBy(challenges, answer), stop);
    judge(run.get(), answer, found);
}

Task<void> onWelcome(RunPointer run, Greeting greeting, Answer answer, std::stop_token stop)
{
    run->report.verdict = Verdict::Open;
    run->report.era = greeting.server.era;
    run->report.server = greeting.server;
    const QString detail =
        u"%1 %2, MCP %3"_s.arg(base::displayText(greeting.server.name),
                               base::displayText(greeting.server.version), greeting.server.protocolVersion);
    if (run->keyIn() != Authorizer::Key::None) {
        run->note(answer, Step::Outcome::Done, tr("It is an MCP server and accepts this key"), detail);
        co_return;
    }
    run->note(answer, Step::Outcome::Done, tr("It is an MCP server; no sign-in needed"), detail);
    // Many let everybody in and want a token for some tools only, so there may be a sign-in to
    // offer. Whatever goes wrong here, the server itself is open.
    Result<void> ignored = co_await lookForSignIn(run, {}, stop);
}

} // namespace mooring::mcp
