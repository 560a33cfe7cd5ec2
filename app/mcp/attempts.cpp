// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One attempt to agree in the way of each age.
#include "mcp/conversation.h"

#include "base/displaytext.h"

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

Result<Session::Private::Attempt> Session::Private::judge(const Greeting &greeting,
                                                          const Answer &answer) const
{
    switch (greeting.fit) {
    case Greeting::Fit::Agreed:
        return Attempt{true, answer};
    case Greeting::Fit::OtherEra:
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
    Dialect language;
    language.era = Era::Stateless;
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
        if (answer.isRefusal()) {
            co_return Attempt{false, answer};
        }
        greeting = readDiscovery(answer);
        if (greeting.fit != Greeting::Fit::AskAgain) {
            break;
        }
    }
    Result<Attempt> attempt = judge(greeting, answer);
    if (attempt && attempt->agreed) {
        m_server = greeting.server;
        m_dialect = language;
    }
    co_return attempt;
}

Task<Result<Session::Private::Attempt>> Session::Private::trySessions(Refusals refusals, std::stop_token stop)
{
    Dialect language;
    language.era = Era::Sessions;
    language.mayAsk = m_mayAsk;
    return initialize(language, refusals, std::move(stop));
}

Task<Result<Session::Private::Attempt>> Session::Private::tryHttpSse(std::stop_token stop)
{
    Dialect language;
    language.era = Era::HttpSse;
    language.mayAsk = m_mayAsk;
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
    Result<Answer> sent = co_await send(language, initializeCall(language, greetingLimits()), refusals, stop);
    if (!sent) {
        co_return base::failed(sent.error());
    }
    if (sent->isRefusal()) {
        co_return Attempt{false, *sent};
    }
    const Greeting greeting = readInitialize(*sent, language.era);
    Result<Attempt> attempt = judge(greeting, *sent);
    if (!attempt || !attempt->agreed) {
        co_return attempt;
    }
    language.version = greeting.server.protocolVersion;
    language.sessionId = sent->head.headers.value("Mcp-Session-Id").trimmed();
    if (!isSafeSessionId(language.sessionId)) {
        const QString host = base::displayAuthority(url);
        co_return base::failed(makeError(ErrorKind::Protocol,
                                         tr("%1 sent an answer that Mooring can't use.").arg(host),
                                         u"a session id with characters that don't belong there"_s, host));
    }
    Call initialized;
    initialized.method = u"notifications/initialized"_s;
    initialized.limits = greetingLimits();
    initialized.isNotification = true;
    // Its status is of no use: servers answer it with anything, and the next request tells.
    Result<Answer> told = co_await send(language, initialized, Refusals::Settle, stop);
    if (!told) {
        co_return base::failed(told.error());
    }
    m_server = greeting.server;
    m_dialect = language;
    co_return attempt;
}

} // namespace mooring::mcp
