// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/exchange.h"

#include "base/displaytext.h"
#include "base/strictjson.h"
#include "http/inflate.h"
#include "mcp/sse.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using Stream = std::shared_ptr<http::BodyStream>;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

base::Error unusable(const QString &host, const QString &detail)
{
    return makeError(ErrorKind::Protocol, tr("%1 sent an answer that Mooring can't use.").arg(host), detail,
                     host);
}

base::Error packed(const QString &host)
{
    return makeError(ErrorKind::Protocol, tr("%1 sent an answer that can't be unpacked.").arg(host), {},
                     host);
}

QByteArray encodingOf(const http::ResponseHead &head)
{
    const QByteArray encoding = head.headers.value("Content-Encoding").trimmed().toLower();
    return encoding == "identity" ? QByteArray() : encoding;
}

bool isEventStream(const http::ResponseHead &head)
{
    return head.isSuccess() && head.mediaType() == "text/event-stream";
}

Task<Result<QByteArray>> readAll(Stream stream, qint64 maximum, std::stop_token stop)
{
    QByteArray body;
    while (true) {
        Result<QByteArray> piece = co_await stream->read(stop);
        if (!piece) {
            co_return base::failed(piece.error());
        }
        if (piece->isEmpty()) {
            break;
        }
        body += *piece;
    }
    // We ask for no encoding, but some servers don't listen.
    if (!encodingOf(stream->head()).isEmpty() && !body.isEmpty()) {
        const std::optional<QByteArray> plain = http::inflate(body, maximum);
        if (!plain) {
            const QString host = base::displayAuthority(stream->head().url);
            co_return base::failed(packed(host));
        }
        body = *plain;
    }
    co_return body;
}

/// Takes the response out of a JSON body: one message, or a batch of the 2025-03-26 revision.
void takeJson(Answer *answer, const QByteArray &body, qint64 id)
{
    const QByteArray trimmed = body.trimmed();
    answer->isPage = trimmed.startsWith('<') || answer->head.mediaType() == "text/html";
    if (trimmed.isEmpty()) {
        return;
    }
    QJsonArray candidates;
    if (trimmed.startsWith('[')) {
        if (const Result<QJsonValue> batch = base::parseJson(trimmed)) {
            candidates = batch->toArray();
        }
    } else {
        http::Response response;
        static_cast<http::ResponseHead &>(response) = answer->head;
        response.body = body;
        const Result<QJsonObject> object = http::readJsonObject(response);
        if (!object) {
            answer->unreadable = object.error();
            return;
        }
        candidates.append(*object);
    }
    for (const QJsonValue candidate : std::as_const(candidates)) {
        const Result<Message> message = readMessage(candidate);
        if (message && message->answers(id)) {
            answer->message = *message;
            return;
        }
    }
    const QString host = base::displayAuthority(answer->head.url);
    answer->unreadable = unusable(host, u"no JSON-RPC response to this request"_s);
}

Task<Result<Answer>> readBody(Stream stream, std::optional<qint64> id, qint64 maximum, std::stop_token stop)
{
    Answer answer;
    answer.head = stream->head();
    Result<QByteArray> body = co_await readAll(stream, maximum, stop);
    if (!id) {
        co_return answer;
    }
    if (!body) {
        co_return base::failed(body.error());
    }
    takeJson(&answer, *body, *id);
    co_return answer;
}

Result<Message> messageOf(const SseEvent &event)
{
    const Result<QJsonObject> json = base::parseJsonObject(event.data);
    if (!json) {
        return base::failed(json.error());
    }
    return readMessage(*json);
}

/// Another kind of event, or the empty one that only names an id (MCP 2025-11-25, transports).
bool isToBeSkipped(const SseEvent &event)
{
    return event.type != "message" || event.data.isEmpty();
}

/// Takes what these events bring; the answer has its message then, if it was among them.
Result<void> takeEvents(Answer *answer, const QList<SseEvent> &events, const Expectation &expected)
{
    for (const SseEvent &event : events) {
        if (isToBeSkipped(event)) {
            continue;
        }
        const Result<Message> message = messageOf(event);
        if (!message) {
            const QString host = base::displayAuthority(answer->head.url);
            return base::failed(unusable(host, message.error().detail));
        }
        if (message->answers(*expected.id)) {
            answer->message = *message;
            return {};
        }
        if (message->kind == Message::Kind::Request && expected.handler) {
            expected.handler(*message);
        }
    }
    return {};
}

/// The stream is over before the response was there.
Result<Answer> broken(Answer answer, const SseParser &parser, bool mayResume, const base::Error &error)
{
    if (!mayResume || parser.lastEventId().isEmpty() || error.kind != ErrorKind::Network) {
        return base::failed(error);
    }
    answer.interruption = Interruption{parser.lastEventId(), parser.retry()};
    return answer;
}

Task<Result<Answer>> readEvents(Stream stream, Expectation expected, qint64 maximum, std::stop_token stop)
{
    Answer answer;
    answer.head = stream->head();
    const QString host = base::displayAuthority(answer.head.url);
    SseParser parser(maximum);
    while (true) {
        Result<QByteArray> piece = co_await stream->read(stop);
        if (!piece) {
            co_return broken(answer, parser, expected.mayResume, piece.error());
        }
        if (piece->isEmpty()) {
            break;
        }
        Result<QList<SseEvent>> events = parser.feed(*piece);
        if (!events) {
            events.error().host = host;
            co_return base::failed(events.error());
        }
        const Result<void> taken = takeEvents(&answer, *events, expected);
        if (!taken) {
            co_return base::failed(taken.error());
        }
        if (answer.message) {
            co_return answer;
        }
    }
    const base::Error lost = lostError(host, u"the event stream ended without the response"_s);
    co_return broken(answer, parser, expected.mayResume, lost);
}

} // namespace

base::Error lostError(const QString &host, const QString &detail)
{
    base::Error error =
        makeError(ErrorKind::Network, tr("The connection to %1 ended before the answer was there.").arg(host),
                  detail, host);
    error.mayHaveArrived = true;
    return error;
}

Task<Result<Answer>> exchange(http::Client &client, http::Request request, Expectation expected,
                              std::stop_token stop)
{
    QElapsedTimer timer;
    timer.start();
    const qint64 maximum = request.limits.body;
    Result<Stream> opened = co_await client.open(std::move(request), stop);
    if (!opened) {
        co_return base::failed(opened.error());
    }
    const Stream stream = *opened;
    Answer early;
    early.head = stream->head();
    Result<Answer> answer = early;
    if (early.isRefusal()) {
        // Nothing in the body matters, and reading it would only let the server keep us waiting.
    } else if (!isEventStream(early.head)) {
        answer = co_await readBody(stream, expected.id, maximum, stop);
    } else if (!encodingOf(early.head).isEmpty()) {
        const QString host = base::displayAuthority(early.head.url);
        answer = base::failed(packed(host));
    } else if (expected.id) {
        answer = co_await readEvents(stream, expected, maximum, stop);
    }
    if (answer) {
        answer->took = std::chrono::milliseconds(timer.elapsed());
    }
    co_return answer;
}

} // namespace mooring::mcp
