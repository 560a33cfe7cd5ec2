// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/exchange.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/inflate.h"
#include "mcp/eventstream.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Stream = std::shared_ptr<http::BodyStream>;

namespace {

/// Of a body that is no answer, enough to find a few words in.
constexpr qsizetype longestWords = 16 * 1024;
constexpr std::chrono::milliseconds patienceWithRefusals(2000);

base::Error unusable(const QString &host, const QString &detail)
{
    return makeError(ErrorKind::Protocol, Words::tr("%1 sent an answer that Mooring can't use.").arg(host),
                     detail, host);
}

base::Error packed(const QString &host)
{
    return makeError(ErrorKind::Protocol, Words::tr("%1 sent an answer that can't be unpacked.").arg(host),
                     {}, host);
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

/// An error that a server gives for a request whose id it hasn't read, with one of its own making.
bool isErrorAboutAnything(const Answer &answer, const Message &message)
{
    return answer.head.status >= 400 && message.kind() == Message::Kind::Error && message.id().startsWith('"')
           && message.idNumber() < 0;
}

bool isResponse(const Message &message)
{
    return !message.isCall();
}

/// Takes what can be told of a body without understanding it.
void takeWords(Answer *answer, const QByteArray &body)
{
    const QByteArray trimmed = body.trimmed();
    answer->isPage = trimmed.startsWith('<') || answer->head.mediaType() == "text/html";
    answer->words = trimmed.first(std::min(trimmed.size(), longestWords));
}

/// Takes the response out of a JSON body: one message, or a batch of the 2025-03-26 revision.
void takeJson(Answer *answer, const QByteArray &body, qint64 id)
{
    takeWords(answer, body);
    if (answer->words.isEmpty()) {
        return;
    }
    const QList<Message> messages = readMessages(body.trimmed());
    for (const Message &message : messages) {
        if (message.answers(id) || isErrorAboutAnything(*answer, message)) {
            answer->message = message;
            answer->words.clear();
            return;
        }
        answer->answersAnother |= isResponse(message);
    }
    http::Response response;
    static_cast<http::ResponseHead &>(response) = answer->head;
    response.body = body;
    const Result<QJsonObject> object = http::readJsonObject(response);
    const bool isReadable = object || !messages.isEmpty() || answer->words.startsWith('[');
    const QString host = base::displayAuthority(answer->head.url);
    answer->unreadable =
        isReadable ? unusable(host, u"no JSON-RPC response to this request"_s) : object.error();
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

/// What somebody in front of a server says of a refusal is worth a look, but no wait.
Task<Answer> readRefusal(Stream stream, std::stop_token stop)
{
    Answer answer;
    answer.head = stream->head();
    if (answer.head.status != 403) {
        co_return answer;
    }
    std::stop_source waiting;
    const auto onStop = [waiting]() mutable { waiting.request_stop(); };
    const std::stop_callback stopCallback(stop, onStop);
    QTimer::singleShot(patienceWithRefusals, QCoreApplication::instance(), onStop);
    QByteArray body;
    while (body.size() < longestWords) {
        Result<QByteArray> piece = co_await stream->read(waiting.get_token());
        if (!piece || piece->isEmpty()) {
            break;
        }
        body += *piece;
    }
    if (encodingOf(answer.head).isEmpty()) {
        takeWords(&answer, body);
    } else if (const std::optional<QByteArray> plain = http::inflate(body, longestWords)) {
        takeWords(&answer, *plain);
    }
    co_return answer;
}

/// What the events of one answer have brought so far.
class EventReader final {
public:
    EventReader(http::ResponseHead head, Expectation expected)
        : m_expected(std::move(expected))
    {
        answer.head = std::move(head);
    }

    /// The answer has its message then, if it was among them. What is no message at all is left out: streams
    /// carry heartbeats, remarks, and events of other programs.
    void take(const QList<SseEvent> &events)
    {
        for (const SseEvent &event : events) {
            if (event.type != "message" || event.data.isEmpty()) {
                continue;
            }
            const QList<Message> messages = readMessages(event.data);
            m_hasNonsense |= messages.isEmpty();
            for (const Message &message : messages) {
                take(message);
            }
        }
    }
    /// Of an event that may not be complete nothing counts but the answer.
    void takeUnfinished(const std::optional<SseEvent> &event)
    {
        const bool mayBeIt = event && event->type == "message" && !answer.message;
        const QList<Message> messages = mayBeIt ? readMessages(event->data) : QList<Message>();
        for (const Message &message : messages) {
            if (message.answers(*m_expected.id)) {
                answer.message = message;
            }
        }
    }
    /// The stream is over before the response was there.
    Result<Answer> broken(const SseParser &parser, const base::Error &error)
    {
        if (!m_expected.mayResume || parser.lastEventId().isEmpty() || error.kind != ErrorKind::Network) {
            return base::failed(error);
        }
        answer.interruption = Interruption{parser.lastEventId(), parser.retry()};
        return answer;
    }
    base::Error endedEarly() const
    {
        const QString host = base::displayAuthority(answer.head.url);
        base::Error error = m_hasNonsense
                                ? unusable(host, u"nothing in the event stream is a JSON-RPC message"_s)
                                : lostError(host, u"the event stream ended without the response"_s);
        error.httpStatus = answer.head.status;
        return error;
    }

    Answer answer;

private:
    void take(const Message &message)
    {
        m_hasNonsense = false;
        if (!answer.message && message.answers(*m_expected.id)) {
            answer.message = message;
        } else if (message.isCall() && m_expected.handler) {
            m_expected.handler(message);
        }
    }

    Expectation m_expected;
    bool m_hasNonsense = false;
};

Task<Result<Answer>> readEvents(Stream stream, Expectation expected, qint64 maximum, std::stop_token stop)
{
    EventStream events(stream, maximum);
    const ReadyToRead ready = expected.ready;
    EventReader reader(stream->head(), std::move(expected));
    while (true) {
        if (ready) {
            co_await ready(stop);
        }
        Result<EventStream::Batch> batch = co_await events.next(stop);
        if (!batch) {
            base::Error error = batch.error();
            error.host = base::displayAuthority(stream->head().url);
            error.httpStatus = stream->head().status;
            co_return reader.broken(events.parser(), error);
        }
        reader.take(batch->events);
        reader.takeUnfinished(batch->unfinished);
        if (reader.answer.message) {
            co_return reader.answer;
        }
        if (batch->isOver) {
            co_return reader.broken(events.parser(), reader.endedEarly());
        }
    }
}

} // namespace

QString refusalText(const Answer &answer)
{
    if (!answer.message) {
        return QString::fromUtf8(answer.words);
    }
    const RpcError &error = answer.message->error();
    const QJsonArray data{error.data};
    return error.message + u' ' + QString::fromUtf8(QJsonDocument(data).toJson(QJsonDocument::Compact));
}

base::Error lostError(const QString &host, const QString &detail)
{
    base::Error error = makeError(
        ErrorKind::Network, Words::tr("The connection to %1 ended before the answer was there.").arg(host),
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
        answer = co_await readRefusal(stream, stop);
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
