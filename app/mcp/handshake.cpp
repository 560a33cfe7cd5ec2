// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/handshake.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "mcp/protocolversion.h"

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Fit = InitializeResult::Fit;
using Turn = HandshakeTransport::Turn;

namespace {

/// For the receipt of notifications/initialized, which some servers never give.
constexpr std::chrono::milliseconds patienceWithReceipts(3000);

/// What was true last time first; HTTP+SSE otherwise last, because asking for it can mean waiting.
QList<Era> orderOfEras(Era known)
{
    QList<Era> order{Era::Stateless, Era::Sessions, Era::HttpSse};
    if (known != Era::Unknown) {
        order.removeOne(known);
        order.prepend(known);
    }
    return order;
}

/// A text that may be sent back as a header value (MCP 2025-11-25: visible ASCII only).
bool isSafeSessionId(const QByteArray &id)
{
    return id.size() <= 4096
           && std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

bool isRefusal(const Answer &answer)
{
    return answer.isRefusal() || answer.isAboutToken;
}

} // namespace

bool Handshake::Outcome::isSettled() const
{
    return !isRefused && result.fit != Fit::OtherEra && result.fit != Fit::StepDown;
}

Handshake::Handshake(HandshakeTransport &transport, Options options)
    : m_transport(transport)
    , m_options(std::move(options))
    , m_offered(isSessionVersion(m_options.offered) ? m_options.offered : QString())
{
}

http::Limits Handshake::limits(const base::Deadlines &deadlines)
{
    http::Limits limits;
    limits.deadline = deadlines.probe;
    limits.idle = deadlines.probe;
    limits.body = 1024 * 1024;
    return limits;
}

NegotiatedProtocol Handshake::newProtocol(Era era) const
{
    NegotiatedProtocol protocol;
    protocol.era = era;
    protocol.clientInfo = m_options.clientInfo;
    protocol.capabilities = era == Era::Stateless ? QJsonObject() : m_options.capabilities;
    protocol.cookies =
        std::make_shared<http::SessionCookies>(m_transport.url(), m_transport.client().clock());
    return protocol;
}

Task<Result<Handshake::Outcome>> Handshake::run(std::stop_token stop)
{
    QList<Era> left = orderOfEras(m_options.known);
    Outcome last;
    if (m_options.known == Era::Unknown) {
        Result<Outcome> first = co_await tryUnknown(&left, stop);
        if (!first || left.isEmpty()) {
            co_return first;
        }
        last = *first;
    }
    const Refusals refusals = m_options.settlesRefusals ? Refusals::Settle : Refusals::GiveBack;
    for (const Era era : std::as_const(left)) {
        if (isHopeless(era)) {
            continue;
        }
        announce(era, last);
        Result<Outcome> outcome = co_await tryEra(era, refusals, stop);
        if (!outcome) {
            co_return outcome;
        }
        last = *outcome;
        if (last.isSettled() || (last.isRefused && !m_options.settlesRefusals)) {
            break;
        }
    }
    co_return finished(last);
}

/// server/discover, and initialize where a refusal may only mean the method: before a token is renewed for
/// nothing, or given up. What is worth trying after that is in `left`; nothing if the outcome stands.
Task<Result<Handshake::Outcome>> Handshake::tryUnknown(QList<Era> *left, std::stop_token stop)
{
    Result<Outcome> discover = co_await tryDiscover(Refusals::GiveBack, stop);
    if (!discover) {
        co_return discover;
    }
    left->removeOne(Era::Stateless);
    const bool isRefused = discover->isRefused;
    const bool isOver =
        isRefused ? !m_transport.mayRefuseOnlyTheMethod(discover->answer) : discover->isSettled();
    if (isOver) {
        left->clear();
        co_return finished(*discover);
    }
    if (!isRefused) {
        co_return discover;
    }
    Result<Outcome> initialize = co_await tryEra(Era::Sessions, Refusals::GiveBack, stop);
    if (!initialize) {
        co_return initialize;
    }
    const bool isEnd = initialize->isSettled() || (initialize->isRefused && !m_options.settlesRefusals);
    if (isEnd) {
        left->clear();
        const Outcome end = initialize->isRefused ? *discover : *initialize;
        co_return finished(end);
    }
    // Whoever settles refusals begins once more, with what the Authorizer makes of them.
    *left = m_options.settlesRefusals ? orderOfEras(Era::Unknown) : QList<Era>{Era::HttpSse};
    co_return initialize;
}

Handshake::Outcome Handshake::finished(Outcome outcome) const
{
    outcome.toInitialize = m_toInitialize;
    outcome.hasSpokenOfVersions = m_hasSpokenOfVersions;
    outcome.versions = m_versions;
    return outcome;
}

bool Handshake::isHopeless(Era era) const
{
    return era == Era::HttpSse && m_options.known != era
           && (m_hasSpokenOfVersions || !mayBeHttpSse(m_toInitialize));
}

void Handshake::announce(Era next, const Outcome &last)
{
    if (next == Era::Sessions && last.protocol.era == Era::Stateless && !last.isRefused) {
        m_transport.onTurn(Turn::Initialize, last.answer, {}, {});
    } else if (next == Era::HttpSse && last.protocol.era == Era::Sessions) {
        m_transport.onTurn(Turn::HttpSse, last.answer, {}, {});
    }
}

void Handshake::noteVersions(const InitializeResult &result)
{
    m_hasSpokenOfVersions |= result.isAboutVersions;
    for (const QString &version : result.versions) {
        if (!isSessionVersion(version) && !m_versions.contains(version)) {
            m_versions.append(version);
        }
    }
}

Task<Result<Handshake::Outcome>> Handshake::tryEra(Era era, Refusals refusals, std::stop_token stop)
{
    if (era == Era::Stateless) {
        Result<Outcome> outcome = co_await tryDiscover(refusals, stop);
        co_return outcome;
    }
    if (era == Era::HttpSse) {
        Result<Outcome> outcome = co_await tryHttpSse(stop);
        co_return outcome;
    }
    const NegotiatedProtocol protocol = newProtocol(Era::Sessions);
    Result<Outcome> outcome = co_await tryInitialize(protocol, refusals, stop);
    if (outcome) {
        m_toInitialize = outcome->answer;
    }
    co_return outcome;
}

Task<Result<Handshake::Outcome>> Handshake::tryDiscover(Refusals refusals, std::stop_token stop)
{
    Outcome outcome;
    outcome.protocol = newProtocol(Era::Stateless);
    outcome.protocol.version = QString::fromUtf16(statelessVersion);
    const Call call = outcome.protocol.discover(limits(m_options.deadlines));
    for (int turn = 0; turn < 2; ++turn) {
        Result<Answer> answer = co_await m_transport.send(outcome.protocol, call, refusals, stop);
        if (!answer) {
            co_return base::failed(answer.error());
        }
        outcome.answer = *answer;
        outcome.isRefused = isRefusal(*answer);
        if (outcome.isRefused) {
            co_return outcome;
        }
        outcome.result = readDiscovery(*answer);
        noteVersions(outcome.result);
        if (outcome.result.fit != Fit::AskAgain) {
            break;
        }
        if (turn == 0) {
            m_transport.onTurn(Turn::SameVersion, *answer, {}, {});
        }
    }
    const QString named = newestSessionVersionOf(outcome.result.versions);
    if (!outcome.isAgreed() && !named.isEmpty()) {
        m_offered = named;
    }
    co_return outcome;
}

Task<Result<Handshake::Outcome>> Handshake::tryHttpSse(std::stop_token stop)
{
    Outcome outcome;
    outcome.protocol = newProtocol(Era::HttpSse);
    outcome.hasNoStream = true;
    const std::chrono::milliseconds patience = m_options.deadlines.probe;
    Result<ServerStream::Opening> opening = co_await m_transport.openStream(outcome.protocol, patience, stop);
    if (!opening) {
        co_return base::failed(opening.error());
    }
    outcome.answer.head = opening->head;
    outcome.answer.took = opening->took;
    outcome.isRefused = isRefusal(outcome.answer);
    if (!opening->stream) {
        co_return outcome;
    }
    Result<QUrl> endpoint = co_await opening->stream->endpoint(patience, stop);
    const bool isDangerous = !endpoint && endpoint.error().kind == ErrorKind::RefusedByPolicy;
    if (isDangerous || stop.stop_requested()) {
        const base::Error error = endpoint ? base::cancelledError() : endpoint.error();
        co_return base::failed(error);
    }
    if (!endpoint) {
        co_return outcome;
    }
    m_transport.onTurn(Turn::Endpoint, outcome.answer, {}, {});
    outcome.protocol.stream = opening->stream;
    outcome.protocol.endpoint = *endpoint;
    Result<Outcome> greeted = co_await tryInitialize(outcome.protocol, Refusals::Settle, stop);
    co_return greeted;
}

/// With the version that is known or that the server has named, else the newest; with another one as long as
/// the server refuses them.
Task<Result<Handshake::Outcome>> Handshake::tryInitialize(NegotiatedProtocol protocol, Refusals refusals,
                                                          std::stop_token stop)
{
    const QString newest =
        QString::fromUtf16(protocol.era == Era::HttpSse ? httpSseVersion : newestSessionVersion);
    VersionSteps steps(m_offered.isEmpty() || protocol.era == Era::HttpSse ? newest : m_offered);
    Outcome outcome;
    outcome.protocol = protocol;
    while (true) {
        const QString asked = steps.current();
        outcome.protocol.offered = asked;
        const Call call = outcome.protocol.initialize(limits(m_options.deadlines));
        Result<Answer> answer = co_await m_transport.send(outcome.protocol, call, refusals, stop);
        if (!answer) {
            co_return base::failed(answer.error());
        }
        outcome.answer = *answer;
        outcome.isRefused = isRefusal(*answer);
        if (outcome.isRefused) {
            co_return outcome;
        }
        outcome.result = readInitialize(*answer, asked, protocol.era);
        noteVersions(outcome.result);
        if (outcome.result.fit != Fit::StepDown || !steps.stepDown(outcome.result.versions)) {
            break;
        }
        m_transport.onTurn(Turn::OlderVersion, *answer, asked, steps.current());
    }
    if (outcome.isAgreed()) {
        outcome.result.server.offered = steps.current() == newest ? QString() : steps.current();
        outcome.protocol.version = outcome.result.server.protocolVersion;
        outcome.protocol.sessionId = outcome.answer.head.headers.value("Mcp-Session-Id").trimmed();
    }
    co_return outcome;
}

Task<Result<void>> Handshake::complete(NegotiatedProtocol protocol, std::stop_token stop)
{
    if (!isSafeSessionId(protocol.sessionId)) {
        const QString host = base::displayAuthority(m_transport.url());
        const QString sentence = Words::tr("%1 sent an answer that Mooring can't use.").arg(host);
        co_return base::failed(makeError(ErrorKind::Protocol, sentence,
                                         u"a session id with characters that don't belong there"_s, host));
    }
    Call initialized;
    initialized.method = u"notifications/initialized"_s;
    initialized.limits = limits(m_options.deadlines);
    initialized.limits.deadline = std::min(initialized.limits.deadline, patienceWithReceipts);
    initialized.limits.idle = initialized.limits.deadline;
    initialized.isNotification = true;
    // Nothing that comes of it is of use: servers answer it with anything, hang up on it, or say nothing at
    // all, and the next request tells.
    Result<Answer> ignored = co_await m_transport.send(protocol, initialized, Refusals::GiveBack, stop);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    co_return Result<void>();
}

} // namespace mooring::mcp
