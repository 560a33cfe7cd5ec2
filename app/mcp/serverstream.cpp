// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/serverstream.h"

#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "http/urlpolicy.h"
#include "mcp/eventstream.h"

#include <QElapsedTimer>
#include <QHash>
#include <QScopeGuard>

#include <limits>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

base::Error lateError(const QString &host)
{
    base::Error error = makeError(ErrorKind::Timeout, Words::tr("%1 did not answer in time.").arg(host),
                                  u"nothing came on the stream"_s, host);
    error.mayHaveArrived = true;
    return error;
}

/// MCP 2024-11-05 names the address as a URL or a path. The credentials go there too, so it must be of the
/// very origin.
Result<QUrl> checkEndpoint(const QUrl &server, const QByteArray &data)
{
    const QUrl target = server.resolved(QUrl::fromEncoded(data.trimmed(), QUrl::StrictMode));
    const Result<QUrl> allowed =
        http::UrlPolicy(server).check(target.toString(QUrl::FullyEncoded), http::UrlUse::Server);
    if (allowed && http::origin(*allowed) == http::origin(server)) {
        return allowed;
    }
    const QString host = base::displayAuthority(server);
    return base::failed(makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: %1 wants Mooring to send its messages to another address.").arg(host),
        u"endpoint "_s + base::displayText(target.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo)), host));
}

} // namespace

struct ServerStream::State {
    QUrl url;
    MessageHandler handler;
    ReadyToRead ready;
    /// The largest event.
    qint64 maximum = 0;
    bool isOpen = true;
    std::stop_source stop;
    base::SharedResult<QUrl> endpoint;
    base::SharedResult<bool> ended;
    QByteArray lastEventId;
    QHash<qint64, base::SharedResult<Message>> waiting;

    void take(const SseEvent &event);
    /// Of an event that may not be complete nothing counts but an answer.
    void takeUnfinished(const SseEvent &event);
    void takeResponse(const Message &message);
    void end();
};

void ServerStream::State::take(const SseEvent &event)
{
    if (event.type == "endpoint") {
        endpoint.set(checkEndpoint(url, event.data));
        return;
    }
    const QList<Message> messages = event.type == "message" ? readMessages(event.data) : QList<Message>();
    for (const Message &message : messages) {
        if (message.isCall()) {
            if (handler) {
                handler(message);
            }
        } else {
            takeResponse(message);
        }
    }
}

void ServerStream::State::takeUnfinished(const SseEvent &event)
{
    const QList<Message> messages = event.type == "message" ? readMessages(event.data) : QList<Message>();
    for (const Message &message : messages) {
        takeResponse(message);
    }
}

void ServerStream::State::takeResponse(const Message &message)
{
    const qint64 id = message.isCall() ? -1 : message.idNumber();
    if (waiting.contains(id)) {
        waiting.take(id).set(message);
    }
}

void ServerStream::State::end()
{
    isOpen = false;
    const base::Error error = lostError(base::displayAuthority(url), u"the event stream ended"_s);
    endpoint.set(base::failed(error));
    for (base::SharedResult<Message> &one : waiting) {
        one.set(base::failed(error));
    }
    waiting.clear();
    ended.set(true);
}

ServerStream::ServerStream(std::shared_ptr<State> state)
    : m_state(std::move(state))
{
}

ServerStream::~ServerStream()
{
    m_state->stop.request_stop();
}

bool ServerStream::isOpen() const
{
    return m_state->isOpen;
}

Task<bool> ServerStream::ended(std::stop_token stop) const
{
    const base::SharedResult<bool> end = m_state->ended;
    Result<bool> hasEnded = co_await end.wait(std::move(stop));
    co_return hasEnded.value_or(false);
}

QByteArray ServerStream::lastEventId() const
{
    return m_state->lastEventId;
}

Task<Result<ServerStream::Opening>> ServerStream::open(http::Client &client, http::Request request,
                                                       std::chrono::milliseconds patience,
                                                       MessageHandler handler, ReadyToRead ready,
                                                       base::TaskScope &tasks, std::stop_token stop)
{
    QElapsedTimer elapsed;
    elapsed.start();
    const auto state = std::make_shared<State>();
    state->maximum = request.limits.body;
    state->handler = std::move(handler);
    state->ready = std::move(ready);
    // It may be silent for hours, and say a lot over the days.
    request.limits = {std::chrono::milliseconds(0), std::chrono::milliseconds(0),
                      std::numeric_limits<qint64>::max()};
    const QString host = base::displayAuthority(request.url);
    std::stop_source opening;
    const auto onStop = [opening]() mutable { opening.request_stop(); };
    const std::stop_callback stopCallback(stop, onStop);
    base::Deadline deadline(onStop);
    deadline.start(patience);
    Result<std::shared_ptr<http::BodyStream>> body =
        co_await client.open(std::move(request), opening.get_token());
    if (!body) {
        const bool isLate = body.error().kind == ErrorKind::Cancelled && !stop.stop_requested();
        co_return base::failed(isLate ? lateError(host) : body.error());
    }
    Opening result;
    result.head = (*body)->head();
    result.took = std::chrono::milliseconds(elapsed.elapsed());
    state->url = result.head.url;
    if (result.head.isSuccess() && result.head.mediaType() == "text/event-stream") {
        result.stream = std::shared_ptr<ServerStream>(new ServerStream(state));
        tasks.run(read(state, *body, tasks.token()));
    }
    co_return result;
}

Task<void> ServerStream::read(std::shared_ptr<State> state, std::shared_ptr<http::BodyStream> body,
                              std::stop_token ending)
{
    const auto onEnding = [state] { state->stop.request_stop(); };
    const std::stop_callback endingCallback(ending, onEnding);
    EventStream events(std::move(body), state->maximum);
    while (true) {
        if (state->ready) {
            co_await state->ready(state->stop.get_token());
        }
        Result<EventStream::Batch> batch = co_await events.next(state->stop.get_token());
        if (!batch) {
            break;
        }
        for (const SseEvent &event : std::as_const(batch->events)) {
            state->take(event);
        }
        if (batch->unfinished) {
            state->takeUnfinished(*batch->unfinished);
        }
        state->lastEventId = events.parser().lastEventId();
        if (batch->isOver) {
            break;
        }
    }
    state->end();
}

Task<Result<QUrl>> ServerStream::endpoint(std::chrono::milliseconds patience, std::stop_token stop)
{
    base::SharedResult<QUrl> named = m_state->endpoint;
    const base::Error late = lateError(base::displayAuthority(m_state->url));
    base::Deadline deadline([named, late]() mutable { named.set(base::failed(late)); });
    deadline.start(patience);
    Result<QUrl> url = co_await named.wait(stop);
    co_return url;
}

Task<Result<Answer>> ServerStream::exchange(http::Client &client, http::Request request, qint64 id,
                                            std::shared_ptr<http::SessionCookies> cookies,
                                            std::stop_token stop)
{
    const std::shared_ptr<State> state = m_state;
    const base::SharedResult<Message> response = expect(id, request.limits.deadline);
    const auto forget = qScopeGuard([state, id] { state->waiting.remove(id); });
    const Expectation receiptOnly;
    Result<Answer> receipt = co_await mcp::exchange(client, std::move(request), receiptOnly, stop);
    if (receipt && cookies) {
        cookies->learn(receipt->head);
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

base::SharedResult<Message> ServerStream::expect(qint64 id, std::chrono::milliseconds patience)
{
    base::SharedResult<Message> response;
    if (!m_state->isOpen) {
        response.set(
            base::failed(lostError(base::displayAuthority(m_state->url), u"the event stream had ended"_s)));
        return response;
    }
    m_state->waiting.insert(id, response);
    if (patience.count() <= 0) {
        return response;
    }
    const std::weak_ptr<State> weak = m_state;
    base::Deadline::after(patience, [weak, id, response]() mutable {
        if (const std::shared_ptr<State> state = weak.lock()) {
            state->waiting.remove(id);
            response.set(base::failed(lateError(base::displayAuthority(state->url))));
        }
    });
    return response;
}

} // namespace mooring::mcp
