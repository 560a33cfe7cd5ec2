// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that is read from a GET: the streams of HTTP+SSE, those for the server's own requests, and the
// rest of answers that broke off.
#include "base/displaytext.h"
#include "mcp/conversation.h"

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using std::chrono::milliseconds;

namespace {

/// How long a call waits for the stream that is only there for questions.
constexpr milliseconds listenPatience(1000);
/// The largest event of a server's own stream.
constexpr qint64 largestEvent = 64LL * 1024 * 1024;
/// Before an answer is asked for again, where the server doesn't say when; it grows by half each time.
constexpr milliseconds firstPause(1000);
constexpr milliseconds longestPause(30'000);
/// Attempts in a row that bring nothing, and all of them: servers may answer in many small parts.
constexpr int fruitlessAttempts = 3;
constexpr int allAttempts = 200;

/// How the work of one resumption goes.
struct Progress {
    milliseconds pause = firstPause;
    int fruitless = 0;

    void note(bool hasNews)
    {
        fruitless = hasNews ? 0 : fruitless + 1;
        pause = hasNews ? firstPause : std::min(longestPause, pause * 3 / 2);
    }
};

} // namespace

Task<Result<ServerStream::Opening>> Session::Private::openStream(Dialect language, milliseconds patience,
                                                                 std::stop_token stop)
{
    const auto self = shared_from_this();
    http::Limits limits;
    limits.body = largestEvent;
    bool challenged = false;
    while (true) {
        const http::Request plain = buildListen(language, {}, url, limits);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        // Where its POSTs go is known only later, so the answers to its questions find the way themselves.
        Result<ServerStream::Opening> opening = co_await ServerStream::open(
            m_client, routed(language, *request), patience, handlerFor(language, nullptr), m_tasks, stop);
        if (opening) {
            language.learn(opening->head);
        }
        if (!opening || opening->head.status < 400) {
            co_return opening;
        }
        if (opening->head.status == 401 || opening->head.status == 403) {
            Result<void> goOn = co_await refused(*request, opening->head, challenged, stop);
            if (!goOn) {
                co_return base::failed(goOn.error());
            }
            challenged = true;
            continue;
        }
        if (opening->head.status >= 500 || opening->head.status == 429) {
            co_return base::failed(http::statusError(opening->head, m_client.clock()()));
        }
        co_return opening;
    }
}

/// Many servers ask on the stream of the session instead of that of the call, so somebody has to listen.
/// Whatever goes wrong here, the call itself may still work.
Task<void> Session::Private::listen(Dialect language, std::stop_token stop)
{
    const auto self = shared_from_this();
    while (m_listening) {
        const base::SharedResult<bool> running = *m_listening;
        Result<bool> ignored = co_await running.wait(stop);
    }
    const bool isNoUse = language.era != Era::Sessions || language.sessionId.isEmpty()
                         || m_deafSession == language.sessionId || (m_listener && m_listener->isOpen());
    if (isNoUse || stop.stop_requested()) {
        co_return;
    }
    m_listening.emplace();
    Result<ServerStream::Opening> opening = co_await openStream(language, listenPatience, stop);
    if (opening && opening->stream) {
        m_listener = opening->stream;
    } else if (!stop.stop_requested()) {
        m_deafSession = language.sessionId;
    }
    base::SharedResult<bool> mine = *m_listening;
    m_listening.reset();
    mine.set(true);
}

/// The rest of an answer (MCP 2025-11-25, Streamable HTTP, "Resumability and Redelivery"): the server says
/// how long to wait, or we do.
Task<Result<Answer>> Session::Private::resume(Dialect language, qint64 id, Interruption broken,
                                              QDeadlineTimer whole, Expectation expected,
                                              std::stop_token stop)
{
    const auto self = shared_from_this();
    const base::Error lost =
        lostError(base::displayAuthority(url), u"request %1 could not be resumed"_s.arg(id));
    Progress progress;
    for (int attempt = 0; attempt < allAttempts && progress.fruitless < fruitlessAttempts; ++attempt) {
        const milliseconds wait = broken.retry.value_or(progress.pause);
        if (wait.count() >= whole.remainingTime()) {
            break;
        }
        const bool waited = co_await base::sleepFor(wait, stop);
        if (!waited) {
            co_return base::failed(base::cancelledError());
        }
        Result<Answer> rest = co_await fetchRest(language, broken.lastEventId, whole, expected, stop);
        if (rest && rest->message) {
            co_return rest;
        }
        if (!rest && !rest.error().isTransient()) {
            const bool isOver = rest.error().kind == ErrorKind::HttpStatus;
            co_return base::failed(isOver ? lost : rest.error());
        }
        const bool hasNews =
            rest && rest->interruption && rest->interruption->lastEventId != broken.lastEventId;
        progress.note(hasNews);
        if (rest && rest->interruption) {
            broken.lastEventId = rest->interruption->lastEventId;
            broken.retry = rest->interruption->retry ? rest->interruption->retry : broken.retry;
        }
    }
    co_return base::failed(lost);
}

/// One attempt at it. Errors: HttpStatus, if the server doesn't know of such a rest.
Task<Result<Answer>> Session::Private::fetchRest(Dialect language, QByteArray lastEventId,
                                                 QDeadlineTimer whole, Expectation expected,
                                                 std::stop_token stop)
{
    bool challenged = false;
    while (true) {
        http::Limits limits;
        limits.deadline = milliseconds(std::max<qint64>(1, whole.remainingTime()));
        limits.idle = milliseconds(0);
        limits.body = largestEvent;
        const http::Request plain = buildListen(language, lastEventId, url, limits);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        Result<Answer> answer = co_await exchange(m_client, routed(language, *request), expected, stop);
        if (answer) {
            language.learn(answer->head);
        }
        if (!answer || answer->head.isSuccess()) {
            co_return answer;
        }
        if (!answer->isRefusal()) {
            co_return base::failed(http::statusError(answer->head, m_client.clock()()));
        }
        Result<void> goOn = co_await refused(*request, answer->head, challenged, stop);
        if (!goOn) {
            co_return base::failed(goOn.error());
        }
        challenged = true;
    }
}

/// HTTP+SSE: the answer to the POST is only a receipt.
Task<Result<Answer>> Session::Private::receive(Dialect language, qint64 id, http::Request request,
                                               std::stop_token stop)
{
    const base::SharedResult<Message> response = language.stream->expect(id, request.limits.deadline);
    Result<Answer> receipt = co_await exchange(m_client, std::move(request), {}, stop);
    if (receipt) {
        language.learn(receipt->head);
    }
    if (!receipt || !receipt->head.isSuccess()) {
        co_return receipt;
    }
    Result<Message> message = co_await response.wait(stop);
    if (!message) {
        co_return base::failed(message.error());
    }
    receipt->message = *message;
    co_return receipt;
}

} // namespace mooring::mcp
