// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probesignin.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "mcp/blockage.h"

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using http::Step;
using Verdict = ProbeReport::Verdict;

namespace {

QString keySentence(Authorizer::Key key, const Answer &answer)
{
    switch (key) {
    case Authorizer::Key::InHeader:
        return Words::tr("%1 does not accept this key. Check the header's name and the key.");
    case Authorizer::Key::InAddress:
        return Words::tr(
            "%1 does not accept the key in this address. Copy the address from the service once more.");
    case Authorizer::Key::None:
        break;
    }
    if (answer.head.status == 403 && !speaksOfKey(answer)) {
        return Words::tr(
            "%1 doesn't let Mooring in and doesn't say why (HTTP 403). If the service has given you a key, "
            "that is probably what it wants.");
    }
    return Words::tr(
        "%1 wants a proof of who you are, but doesn't say where to sign in. Probably it wants a key that "
        "the service gives you.");
}

/// What the server or its sign-in service says about the sign-in makes no sense, and won't tomorrow.
bool isUnusable(const base::Error &error)
{
    return error.kind == ErrorKind::Protocol || (error.kind == ErrorKind::HttpStatus && !error.isTransient());
}

/// A 401 alone asks for what HTTP calls authentication, and some servers leave out the challenge. Their
/// sign-in may be described at their origin all the same; the addresses of 2025-03-26 are no more than a
/// guess then.
QList<oauth::Challenge> impliedBy(const QList<oauth::Challenge> &challenges, const Answer &answer)
{
    const bool isSilent = answer.head.status == 401 && !answer.head.headers.contains("WWW-Authenticate");
    return isSilent ? QList<oauth::Challenge>{{"bearer", {}, {}}} : challenges;
}

} // namespace

ProbeSignIn::ProbeSignIn(http::Client &client, base::Deadlines deadlines, oauth::SignInSettings settings,
                         Authorizer::Key key, ProbeReporter &reporter)
    : m_client(client)
    , m_deadlines(deadlines)
    , m_settings(std::move(settings))
    , m_key(key)
    , m_reporter(reporter)
{
}

/// What a sign-in would mean for the person; steps without a request of their own.
void ProbeSignIn::noteDiscovery(const oauth::Discovery &discovery)
{
    Step means;
    if (discovery.server.isLegacy()) {
        means.learnt =
            Words::tr("The sign-in is of an older kind (MCP 2025-03-26): Mooring has to guess a part of it");
    } else if (discovery.server.revocationEndpoint.isValid()) {
        means.learnt = Words::tr("The sign-in can be given back at the service whenever you disconnect");
    } else {
        means.learnt =
            Words::tr("The service takes no sign-in back: after you disconnect, it simply runs out there");
    }
    means.detail = u"revocation: %1, registration: %2"_s.arg(
        discovery.server.revocationEndpoint.isValid() ? u"yes"_s : u"no"_s,
        discovery.server.registrationEndpoint.isValid() ? u"yes"_s : u"no"_s);
    m_reporter.note(means);
    QStringList scopes;
    for (const QString &scope : discovery.scopes) {
        scopes.append(base::displayText(scope, 60));
    }
    Step asks;
    asks.learnt = scopes.isEmpty() ? Words::tr("Will ask for what the service gives by default")
                                   : Words::tr("Will ask for: %1").arg(scopes.join(u", "_s));
    m_reporter.note(asks);
}

Task<Result<void>> ProbeSignIn::lookForSignIn(QUrl url, QList<oauth::Challenge> challenges,
                                              std::stop_token stop)
{
    const http::StepSink sink = [this](const Step &step) { m_reporter.note(step); };
    oauth::Prospect prospect =
        co_await oauth::lookAhead(m_client, m_deadlines, url, std::move(challenges), m_settings, sink, stop);
    const bool isOpen = m_reporter.report().verdict == Verdict::Open;
    if (!prospect.found) {
        m_reporter.report().ahead = isOpen ? std::nullopt : prospect.ahead;
        co_return base::failed(prospect.found.error());
    }
    // Nothing but the usual addresses on a server that lets everybody in: that is no sign of a sign-in.
    if (isOpen && prospect.found->server.isLegacy()) {
        co_return Result<void>();
    }
    m_reporter.report().discovery = *prospect.found;
    noteDiscovery(*prospect.found);
    co_return Result<void>();
}

void ProbeSignIn::noteRefusal(const Answer &answer, const oauth::ChallengeInfo &info)
{
    QStringList schemes;
    for (const QByteArray &scheme : info.schemes) {
        schemes.append(base::displayText(QString::fromLatin1(scheme), 40));
    }
    const QString detail = u"challenges: "_s + (schemes.isEmpty() ? u"none"_s : schemes.join(u", "_s));
    if (m_key == Authorizer::Key::InHeader) {
        m_reporter.note(answer, Step::Outcome::Failed, Words::tr("The server does not accept this key"),
                        detail);
    } else if (oauth::asksForToken(info)) {
        m_reporter.note(answer, Step::Outcome::Done,
                        Words::tr("It is an MCP server and wants you to sign in"), detail);
    } else {
        m_reporter.note(answer, Step::Outcome::Done, Words::tr("The server lets in only those it knows"),
                        detail);
    }
}

base::Error ProbeSignIn::keyError(const Answer &answer, const QString &host) const
{
    base::Error error = makeError(ErrorKind::SignInNeeded, keySentence(m_key, answer).arg(host), {}, host);
    error.httpStatus = answer.head.status;
    return error;
}

bool ProbeSignIn::isGuess() const
{
    using Described = oauth::AuthorizationServer::Described;
    return m_reporter.report().discovery
           && m_reporter.report().discovery->server.described == Described::ByFixedPaths;
}

/// Ends the probe on what was found about the sign-in. "Bearer" is also what servers say that take nothing
/// but a key of their own. Where no document speaks of a sign-in, a key is likelier; the sign-in of
/// 2025-03-26 can still be tried.
void ProbeSignIn::judge(const Answer &answer, const Result<void> &found, const QString &host)
{
    const bool isOnlyGuess = found && isGuess();
    const bool hasNone = isOnlyGuess || (!found && found.error().kind == ErrorKind::NotFound);
    const bool hasKey = m_key == Authorizer::Key::InHeader;
    const std::optional<base::Error> blockage = blockageOf(answer);
    // What a firewall says about the sign-in is nothing that the server has said.
    const bool isInTheWay =
        blockage && (hasNone || hasKey || (!found && found.error().kind != ErrorKind::RefusedByPolicy));
    if (isOnlyGuess && (hasKey || isInTheWay || !answer.head.headers.contains("WWW-Authenticate"))) {
        m_reporter.report().discovery.reset();
    }
    if (isInTheWay) {
        m_reporter.end(Verdict::Blocked, *blockage);
    } else if (hasKey) {
        // Whatever the sign-in looks like, this is what the person has to hear.
        m_reporter.end(Verdict::KeyRefused, keyError(answer, host));
    } else if (hasNone) {
        const bool hasKeyInAddress = m_key == Authorizer::Key::InAddress;
        m_reporter.end(hasKeyInAddress ? Verdict::KeyRefused : Verdict::NeedsKey, keyError(answer, host));
    } else if (found) {
        m_reporter.report().verdict = Verdict::NeedsSignIn;
    } else if (isUnusable(found.error())) {
        m_reporter.end(Verdict::SignInUnusable, found.error());
    } else {
        m_reporter.endWith(found.error());
    }
}

Task<void> ProbeSignIn::onRefusal(QUrl url, Answer answer, std::stop_token stop)
{
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(answer.head.headers.values("WWW-Authenticate"));
    noteRefusal(answer, oauth::summarize(challenges));
    const Result<void> found = co_await lookForSignIn(url, impliedBy(challenges, answer), stop);
    judge(answer, found, base::displayAuthority(url));
}

Task<void> ProbeSignIn::onWelcome(QUrl url, ServerInfo server, Answer answer, std::stop_token stop)
{
    m_reporter.report().verdict = Verdict::Open;
    m_reporter.report().era = server.era;
    m_reporter.report().server = server;
    const QString detail = u"%1 %2, MCP %3"_s.arg(base::displayText(server.name),
                                                  base::displayText(server.version), server.protocolVersion);
    if (m_key != Authorizer::Key::None) {
        m_reporter.note(answer, Step::Outcome::Done, Words::tr("It is an MCP server and accepts this key"),
                        detail);
        co_return;
    }
    m_reporter.note(answer, Step::Outcome::Done, Words::tr("It is an MCP server; no sign-in needed"), detail);
    // Many let everybody in and want a token for some tools only, so there may be a sign-in to
    // offer. Whatever goes wrong here, the server itself is open.
    const QList<oauth::Challenge> nothingAsked;
    Result<void> ignored = co_await lookForSignIn(url, nothingAsked, stop);
}

} // namespace mooring::mcp
