// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/conversation.h"

#include "base/displaytext.h"
#include "base/logging.h"

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

/// A text that may be sent back as a header value (MCP 2025-11-25: visible ASCII only).
bool isSafeSessionId(const QByteArray &id)
{
    return id.size() <= 4096
           && std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

} // namespace

http::Limits Session::Private::greetingLimits() const
{
    http::Limits limits;
    limits.deadline = m_deadlines.probe;
    limits.idle = m_deadlines.probe;
    limits.body = 1024 * 1024;
    return limits;
}

Task<Result<ServerInfo>> Session::Private::connect(std::stop_token stop)
{
    const auto self = shared_from_this();
    while (m_connecting) {
        const base::SharedResult<ServerInfo> running = *m_connecting;
        Result<ServerInfo> result = co_await running.wait(stop);
        const bool othersStop =
            !result && result.error().kind == ErrorKind::Cancelled && !stop.stop_requested();
        if (!othersStop) {
            co_return result;
        }
    }
    if (m_server) {
        co_return std::as_const(*m_server);
    }
    m_connecting.emplace();
    Result<ServerInfo> result = co_await agree(stop);
    base::SharedResult<ServerInfo> mine = *m_connecting;
    m_connecting.reset();
    mine.set(result);
    co_return result;
}

Task<Result<ServerInfo>> Session::Private::agree(std::stop_token stop)
{
    Attempt last;
    const bool sessionsFirst = m_knownEra == Era::Sessions;
    for (int turn = 0; turn < 2; ++turn) {
        const bool stateless = (turn == 0) != sessionsFirst;
        Result<Attempt> attempt;
        if (stateless) {
            attempt = co_await tryStateless(stop);
        } else {
            attempt = co_await trySessions(last.challenged, stop);
        }
        if (!attempt) {
            co_return base::failed(attempt.error());
        }
        if (attempt->agreed) {
            m_knownEra = m_dialect.era;
            qCInfo(base::lcMcp).noquote()
                << base::displayAuthority(url) << "speaks" << base::displayText(m_dialect.version);
            co_return std::as_const(*m_server);
        }
        last = *attempt;
    }
    co_return base::failed(notMcpError(last.answer));
}

Result<Session::Private::Attempt> Session::Private::judge(const Greeting &greeting,
                                                          const Answer &answer) const
{
    Attempt attempt;
    attempt.answer = answer;
    switch (greeting.fit) {
    case Greeting::Fit::Agreed:
        attempt.agreed = true;
        return attempt;
    case Greeting::Fit::OtherEra:
        return attempt;
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

Task<Result<Session::Private::Attempt>> Session::Private::tryStateless(std::stop_token stop)
{
    Dialect language;
    language.era = Era::Stateless;
    language.version = QString::fromUtf16(statelessVersion);
    const Call call = discoverCall(greetingLimits());
    // Gateways exist that answer 401 to a method they don't know although the token is fine.
    const SecondRefusal second = m_knownEra == Era::Unknown ? SecondRefusal::Return : SecondRefusal::Judge;
    bool challenged = false;
    Answer answer;
    Greeting greeting;
    for (int turn = 0; turn < 2; ++turn) {
        Result<Authorized> sent = co_await send(language, call, challenged, second, stop);
        if (!sent) {
            co_return base::failed(sent.error());
        }
        answer = sent->answer;
        challenged = sent->challenged;
        greeting = readDiscovery(answer);
        if (greeting.fit != Greeting::Fit::AskAgain) {
            break;
        }
    }
    Result<Attempt> attempt = judge(greeting, answer);
    if (attempt) {
        attempt->challenged = challenged;
    }
    if (attempt && attempt->agreed) {
        m_server = greeting.server;
        m_dialect = language;
    }
    co_return attempt;
}

Task<Result<Session::Private::Attempt>> Session::Private::trySessions(bool challenged, std::stop_token stop)
{
    Dialect language;
    language.era = Era::Sessions;
    const Call call = initializeCall(greetingLimits());
    Result<Authorized> sent = co_await send(language, call, challenged, SecondRefusal::Judge, stop);
    if (!sent) {
        co_return base::failed(sent.error());
    }
    const Greeting greeting = readInitialize(sent->answer);
    Result<Attempt> attempt = judge(greeting, sent->answer);
    if (!attempt || !attempt->agreed) {
        co_return attempt;
    }
    language.version = greeting.server.protocolVersion;
    const QByteArray sessionId = sent->answer.head.headers.value("Mcp-Session-Id").trimmed();
    if (!isSafeSessionId(sessionId)) {
        const QString host = base::displayAuthority(url);
        co_return base::failed(makeError(ErrorKind::Protocol,
                                         tr("%1 sent an answer that Mooring can't use.").arg(host),
                                         u"a session id with characters that don't belong there"_s, host));
    }
    language.sessionId = sessionId;
    Call initialized;
    initialized.method = u"notifications/initialized"_s;
    initialized.limits = greetingLimits();
    initialized.isNotification = true;
    // Its status is of no use: servers answer it with anything, and the next request tells.
    Result<Authorized> told =
        co_await send(language, initialized, sent->challenged, SecondRefusal::Judge, stop);
    if (!told) {
        co_return base::failed(told.error());
    }
    m_server = greeting.server;
    m_dialect = language;
    co_return attempt;
}

} // namespace mooring::mcp
