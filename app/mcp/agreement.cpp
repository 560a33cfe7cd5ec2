// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/conversation.h"

#include "base/displaytext.h"
#include "base/logging.h"

namespace mooring::mcp {

using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

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

bool isRefused(const Answer &answer)
{
    return answer.isRefusal() || answer.isAboutToken;
}

} // namespace

Task<Result<ServerInfo>> Session::Private::connect(bool mayAsk, std::stop_token stop)
{
    const auto self = shared_from_this();
    while (m_connecting) {
        const base::SharedResult<ServerInfo> running = *m_connecting;
        Result<ServerInfo> result = co_await running.wait(stop);
        const bool othersStop =
            !result && result.error().kind == ErrorKind::Cancelled && !stop.stop_requested();
        if (!result && !othersStop) {
            co_return result;
        }
    }
    if (m_dialect.stream && !m_dialect.stream->isOpen()) {
        forget(m_dialect);
    }
    if (m_server && mayAsk && !m_dialect.mayAsk && m_dialect.era != Era::Stateless) {
        m_retired.append(m_dialect);
        forget(m_dialect);
    }
    if (m_server) {
        co_return std::as_const(*m_server);
    }
    m_mayAsk |= mayAsk;
    m_connecting.emplace();
    Result<ServerInfo> result = co_await agree(stop);
    base::SharedResult<ServerInfo> mine = *m_connecting;
    m_connecting.reset();
    mine.set(result);
    co_return result;
}

Task<Result<ServerInfo>> Session::Private::agree(std::stop_token stop)
{
    QList<Era> order = orderOfEras(m_knownEra);
    m_hasSpokenOfVersions = false;
    m_versions.clear();
    Result<Attempt> attempt = Attempt();
    Answer told;
    if (m_knownEra == Era::Unknown) {
        attempt = co_await tryTokenAsItIs(stop);
        if (attempt && !attempt->agreed && !isRefused(attempt->answer)) {
            order.removeFirst();
        }
    }
    for (const Era era : std::as_const(order)) {
        if (!attempt || attempt->agreed) {
            break;
        }
        const bool isHopeless =
            era == Era::HttpSse && m_knownEra != era && (m_hasSpokenOfVersions || !mayBeHttpSse(told));
        if (isHopeless) {
            continue;
        }
        attempt = co_await tryEra(era, Refusals::Settle, stop);
        if (attempt && era == Era::Sessions) {
            told = attempt->answer;
        }
    }
    if (!attempt) {
        co_return base::failed(attempt.error());
    }
    if (!attempt->agreed) {
        co_return base::failed(noAgreement(told));
    }
    m_knownEra = m_dialect.era;
    qCInfo(base::lcMcp).noquote() << base::displayAuthority(url) << "speaks"
                                  << base::displayText(m_dialect.version);
    co_return std::as_const(*m_server);
}

/// Gateways exist that answer 401 to a method they don't know although the token is fine. Whether it is, a
/// method that every old server knows can tell: before the token is renewed for nothing, or given up.
Task<Result<Session::Private::Attempt>> Session::Private::tryTokenAsItIs(std::stop_token stop)
{
    Result<Attempt> today = co_await tryStateless(Refusals::GiveBack, stop);
    if (!today || today->agreed || !isRefused(today->answer)) {
        co_return today;
    }
    Result<Attempt> yesterday = co_await trySessions(Refusals::GiveBack, stop);
    if (yesterday && !yesterday->agreed) {
        co_return today;
    }
    co_return yesterday;
}

Task<Result<Session::Private::Attempt>> Session::Private::tryEra(Era era, Refusals refusals,
                                                                 std::stop_token stop)
{
    switch (era) {
    case Era::Stateless:
        return tryStateless(refusals, std::move(stop));
    case Era::HttpSse:
        return tryHttpSse(std::move(stop));
    case Era::Sessions:
    case Era::Unknown:
        break;
    }
    return trySessions(refusals, std::move(stop));
}

} // namespace mooring::mcp
