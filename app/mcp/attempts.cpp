// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One attempt to agree in the way of each age.
#include "mcp/conversation.h"

#include "base/displaytext.h"
#include "mcp/protocolversion.h"

#include <QCoreApplication>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

/// For the receipt of notifications/initialized, which some servers never give.
constexpr std::chrono::milliseconds patienceWithReceipts(3000);

/// A text that may be sent back as a header value (MCP 2025-11-25: visible ASCII only).
bool isSafeSessionId(const QByteArray &id)
{
    return id.size() <= 4096
           && std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

} // namespace

Dialect Session::Private::newDialect(Era era) const
{
    Dialect language;
    language.era = era;
    language.mayAsk = m_mayAsk && era != Era::Stateless;
    language.cookies = std::make_shared<http::SessionCookies>(url, m_client.clock());
    return language;
}

http::Limits Session::Private::greetingLimits() const
{
    http::Limits limits;
    limits.deadline = m_deadlines.probe;
    limits.idle = m_deadlines.probe;
    limits.body = 1024 * 1024;
    return limits;
}

Result<Session::Private::Attempt> Session::Private::judge(const Greeting &greeting,
                                                          const Answer &answer) const
{
    switch (greeting.fit) {
    case Greeting::Fit::Agreed:
        return Attempt{true, answer};
    case Greeting::Fit::OtherEra:
    case Greeting::Fit::StepDown:
        return Attempt{false, answer};
    case Greeting::Fit::AskAgain:
    case Greeting::Fit::UnknownVersions:
        return base::failed(unknownVersionsError(answer, greeting.versions));
    case Greeting::Fit::NoServer:
        return base::failed(notMcpError(answer));
    case Greeting::Fit::Outage:
        break;
    }
    return base::failed(http::statusError(answer.head, m_client.clock()()));
}

Task<Result<Session::Private::Attempt>> Session::Private::tryStateless(Refusals refusals,
                                                                       std::stop_token stop)
{
    Dialect language = newDialect(Era::Stateless);
    language.version = QString::fromUtf16(statelessVersion);
    const Call call = discoverCall(greetingLimits());
    Answer answer;
    Greeting greeting;
    for (int turn = 0; turn < 2; ++turn) {
        Result<Answer> sent = co_await send(language, call, refusals, stop);
        if (!sent) {
            co_return base::failed(sent.error());
        }
        answer = *sent;
        if (answer.isRefusal() || answer.isAboutToken) {
            co_return Attempt{false, answer};
        }
        greeting = readDiscovery(answer);
        if (greeting.fit != Greeting::Fit::AskAgain) {
            break;
        }
    }
    noteVersions(greeting);
    Result<Attempt> attempt = judge(greeting, answer);
    if (attempt && attempt->agreed) {
        m_server = greeting.server;
        m_dialect = language;
    } else if (const QString named = newestSessionVersionOf(greeting.versions); !named.isEmpty()) {
        m_offered = named;
    }
    co_return attempt;
}

void Session::Private::noteVersions(const Greeting &greeting)
{
    m_hasSpokenOfVersions |= greeting.isAboutVersions;
    for (const QString &version : greeting.versions) {
        if (!isSessionVersion(version) && !m_versions.contains(version)) {
            m_versions.append(version);
        }
    }
}

/// Whoever has answered before, or takes offence at the token, is no stranger.
base::Error Session::Private::noAgreement(const Answer &answer) const
{
    if (m_hasSpokenOfVersions) {
        return unknownVersionsError(answer, m_versions);
    }
    const bool isKnown = m_knownEra != Era::Unknown || answer.isAboutToken;
    return isKnown ? changedError(answer) : notMcpError(answer);
}

Task<Result<Session::Private::Attempt>> Session::Private::trySessions(Refusals refusals, std::stop_token stop)
{
    return initialize(newDialect(Era::Sessions), refusals, std::move(stop));
}

Task<Result<Session::Private::Attempt>> Session::Private::tryHttpSse(std::stop_token stop)
{
    Dialect language = newDialect(Era::HttpSse);
    Result<ServerStream::Opening> opening = co_await openStream(language, m_deadlines.probe, stop);
    if (!opening) {
        co_return base::failed(opening.error());
    }
    Attempt attempt;
    attempt.answer.head = opening->head;
    if (!opening->stream) {
        co_return attempt;
    }
    Result<QUrl> endpoint = co_await opening->stream->endpoint(m_deadlines.probe, stop);
    const bool isDangerous = !endpoint && endpoint.error().kind == ErrorKind::RefusedByPolicy;
    if (isDangerous || stop.stop_requested()) {
        co_return base::failed(endpoint.error());
    }
    if (!endpoint) {
        co_return attempt;
    }
    language.stream = opening->stream;
    language.endpoint = *endpoint;
    Result<Attempt> agreed = co_await initialize(language, Refusals::Settle, stop);
    co_return agreed;
}

Task<Result<Session::Private::Attempt>> Session::Private::initialize(Dialect language, Refusals refusals,
                                                                     std::stop_token stop)
{
    const auto self = shared_from_this();
    const QString newest =
        QString::fromUtf16(language.era == Era::HttpSse ? httpSseVersion : newestSessionVersion);
    VersionSteps steps(m_offered.isEmpty() || language.era == Era::HttpSse ? newest : m_offered);
    Result<Answer> sent;
    Greeting greeting;
    bool mayStep = true;
    while (std::exchange(mayStep, false)) {
        language.offered = steps.current();
        sent = co_await send(language, initializeCall(language, greetingLimits()), refusals, stop);
        if (!sent) {
            co_return base::failed(sent.error());
        }
        if (sent->isRefusal() || sent->isAboutToken) {
            co_return Attempt{false, *sent};
        }
        greeting = readInitialize(*sent, language.offered, language.era);
        noteVersions(greeting);
        mayStep = greeting.fit == Greeting::Fit::StepDown && steps.stepDown(greeting.versions);
    }
    Result<Attempt> attempt = judge(greeting, *sent);
    if (!attempt || !attempt->agreed) {
        co_return attempt;
    }
    greeting.server.offered = language.offered == newest ? QString() : language.offered;
    Result<void> begun = co_await begin(language, greeting, sent->head, stop);
    if (!begun) {
        co_return base::failed(begun.error());
    }
    co_return attempt;
}

/// What follows an agreement by initialize.
Task<Result<void>> Session::Private::begin(Dialect language, Greeting greeting, http::ResponseHead head,
                                           std::stop_token stop)
{
    const auto self = shared_from_this();
    language.version = greeting.server.protocolVersion;
    language.sessionId = head.headers.value("Mcp-Session-Id").trimmed();
    if (!isSafeSessionId(language.sessionId)) {
        const QString host = base::displayAuthority(url);
        co_return base::failed(makeError(ErrorKind::Protocol,
                                         tr("%1 sent an answer that Mooring can't use.").arg(host),
                                         u"a session id with characters that don't belong there"_s, host));
    }
    Call initialized;
    initialized.method = u"notifications/initialized"_s;
    initialized.limits = greetingLimits();
    initialized.limits.deadline = std::min(initialized.limits.deadline, patienceWithReceipts);
    initialized.limits.idle = initialized.limits.deadline;
    initialized.isNotification = true;
    // Nothing that comes of it is of use: servers answer it with anything, hang up on it, or say nothing at
    // all, and the next request tells.
    Result<Answer> ignored = co_await send(language, initialized, Refusals::GiveBack, stop);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    m_server = greeting.server;
    m_offered = greeting.server.offered;
    m_dialect = language;
    co_return Result<void>();
}

} // namespace mooring::mcp
