// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/httptransport.h"

#include "base/displaytext.h"
#include "mcp/challenges.h"
#include "mcp/hiddenrefusal.h"

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using std::chrono::milliseconds;

namespace {

/// The largest event of a server's own stream.
constexpr qint64 largestEvent = 64LL * 1024 * 1024;
/// Before an answer is asked for again, where the server doesn't say when; it grows by half each time.
constexpr milliseconds firstPause(1000);
constexpr milliseconds longestPause(30'000);
/// Attempts in a row that bring nothing, and all of them: servers may answer in many small parts.
constexpr int fruitlessAttempts = 3;
constexpr int allAttempts = 200;
/// What is shorter is a number or a name, and would take the sense out of what a server says.
constexpr qsizetype shortestSecret = 8;

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

/// Servers that refuse a token like to repeat it, and what they say is shown to people and kept.
void hideCredentials(const http::Request &plain, const http::Request &sent, Answer *answer)
{
    const QList<http::Headers::Field> &before = plain.headers.fields();
    for (const http::Headers::Field &field : sent.headers.fields()) {
        // Of "Bearer x" it is the x; keys may have no such word.
        const QByteArray secret = field.second.sliced(field.second.lastIndexOf(' ') + 1);
        if (before.contains(field) || secret.size() < shortestSecret) {
            continue;
        }
        answer->words.replace(secret, "***");
        const bool isError = answer->message && answer->message->kind() == Message::Kind::Error;
        if (isError && refusalText(*answer).contains(QString::fromUtf8(secret))) {
            answer->message->hide(QString::fromUtf8(secret));
        }
    }
}

/// The whole time for an answer; zero means that there is no such limit.
QDeadlineTimer deadlineOf(const http::Limits &limits)
{
    return limits.deadline.count() > 0 ? QDeadlineTimer(limits.deadline)
                                       : QDeadlineTimer(QDeadlineTimer::Forever);
}

/// What is left of it, in the terms of http::Limits.
milliseconds leftOf(const QDeadlineTimer &whole)
{
    return milliseconds(whole.isForever() ? 0 : std::max<qint64>(1, whole.remainingTime()));
}

} // namespace

HttpTransport::HttpTransport(http::Client &client, base::Deadlines deadlines, QUrl url,
                             Authorizer &authorizer, base::TaskScope &tasks)
    : m_client(client)
    , m_deadlines(deadlines)
    , m_url(std::move(url))
    , m_authorizer(authorizer)
    , m_tasks(tasks)
{
}

Task<Result<Answer>> HttpTransport::send(NegotiatedProtocol protocol, Call call, Refusals refusals,
                                         std::stop_token stop)
{
    const auto self = shared_from_this();
    Challenges challenges(m_authorizer, m_client.clock());
    while (true) {
        const qint64 id = m_nextId++;
        const http::Request plain = protocol.post(call, m_url, id);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        const bool hadCredentials = request->headers.fields() != plain.headers.fields();
        Result<Answer> answer = co_await transfer(protocol, call, id, protocol.routed(*request), stop);
        const bool isDoubtful = hadCredentials && isAboutToken(answer);
        noteAnswer(protocol, plain, *request, answer, isDoubtful);
        if (isDoubtful && refusals == Refusals::Settle) {
            Result<bool> again = co_await challenges.onDoubt(*request, answer, call, stop);
            if (!again) {
                co_return base::failed(again.error());
            }
            if (*again) {
                continue;
            }
        }
        if (!answer) {
            noteEnd(protocol, call, id, answer.error());
            co_return answer;
        }
        const bool giveBack = answer->head.status == 401 && refusals == Refusals::GiveBack && hadCredentials;
        if (!answer->isRefusal() || giveBack) {
            co_return answer;
        }
        Result<void> goOn = co_await challenges.onRefusal(*request, answer->head, stop);
        if (!goOn) {
            co_return base::failed(goOn.error());
        }
    }
}

void HttpTransport::noteAnswer(const NegotiatedProtocol &protocol, const http::Request &plain,
                               const http::Request &sent, Result<Answer> &answer, bool isDoubtful)
{
    if (!answer) {
        return;
    }
    answer->isAboutToken = isDoubtful;
    hideCredentials(plain, sent, &*answer);
    protocol.learn(answer->head);
    if (protocol.era != Era::HttpSse && answer->head.url != plain.url) {
        m_url = answer->head.url;
    }
    if (answer->head.isSuccess() && !isDoubtful) {
        m_authorizer.onAccepted(sent, answer->head);
    }
}

bool HttpTransport::isAboutToken(const Result<Answer> &answer) const
{
    if (answer) {
        return speaksOfToken(*answer, m_isKnown);
    }
    // A detour where a server used to answer leads to a sign-in page more often than not.
    return m_isKnown && answer.error().kind == ErrorKind::RefusedByPolicy && answer.error().httpStatus >= 300;
}

MessageHandler HttpTransport::handlerFor(const NegotiatedProtocol &protocol,
                                         const RequestHandler &during) const
{
    if (!m_incoming) {
        return {};
    }
    return [incoming = m_incoming, protocol, during](Message message) {
        incoming(protocol, during, std::move(message));
    };
}

/// One request on the wire, and its answer from wherever it comes.
Task<Result<Answer>> HttpTransport::transfer(NegotiatedProtocol protocol, Call call, qint64 id,
                                             http::Request request, std::stop_token stop)
{
    if (protocol.era == Era::HttpSse && !call.isNotification) {
        Result<Answer> received =
            co_await protocol.stream->exchange(m_client, std::move(request), id, protocol.cookies, stop);
        co_return received;
    }
    const QDeadlineTimer whole = deadlineOf(call.limits);
    Expectation expected;
    expected.id = call.isNotification ? std::nullopt : std::optional(id);
    expected.handler = handlerFor(protocol, call.onRequest);
    expected.ready = m_ready;
    expected.mayResume = protocol.era == Era::Sessions && !protocol.version.isEmpty();
    Result<Answer> answer = co_await exchange(m_client, std::move(request), expected, stop);
    if (answer && answer->interruption) {
        answer = co_await resume(protocol, id, *answer->interruption, whole, expected, stop);
    }
    co_return answer;
}

/// The rest of an answer (MCP 2025-11-25, Streamable HTTP, "Resumability and Redelivery"): the server says
/// how long to wait, or we do.
Task<Result<Answer>> HttpTransport::resume(NegotiatedProtocol protocol, qint64 id, Interruption broken,
                                           QDeadlineTimer whole, Expectation expected, std::stop_token stop)
{
    const base::Error lost =
        lostError(base::displayAuthority(m_url), u"request %1 could not be resumed"_s.arg(id));
    Progress progress;
    for (int attempt = 0; attempt < allAttempts && progress.fruitless < fruitlessAttempts; ++attempt) {
        const milliseconds wait = broken.retry.value_or(progress.pause);
        if (!whole.isForever() && wait.count() >= whole.remainingTime()) {
            break;
        }
        const bool waited = co_await base::sleepFor(wait, stop);
        if (!waited) {
            co_return base::failed(base::cancelledError());
        }
        Result<Answer> rest = co_await fetchRest(protocol, broken.lastEventId, whole, expected, stop);
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
Task<Result<Answer>> HttpTransport::fetchRest(NegotiatedProtocol protocol, QByteArray lastEventId,
                                              QDeadlineTimer whole, Expectation expected,
                                              std::stop_token stop)
{
    Challenges challenges(m_authorizer, m_client.clock());
    while (true) {
        http::Limits limits;
        limits.deadline = leftOf(whole);
        limits.idle = milliseconds(0);
        limits.body = largestEvent;
        const http::Request plain = protocol.listen(lastEventId, m_url, limits);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        Result<Answer> answer = co_await exchange(m_client, protocol.routed(*request), expected, stop);
        if (answer) {
            protocol.learn(answer->head);
        }
        if (!answer || answer->head.isSuccess()) {
            co_return answer;
        }
        if (!answer->isRefusal()) {
            co_return base::failed(http::statusError(answer->head, m_client.clock()()));
        }
        Result<void> goOn = co_await challenges.onRefusal(*request, answer->head, stop);
        if (!goOn) {
            co_return base::failed(goOn.error());
        }
    }
}

Task<Result<ServerStream::Opening>> HttpTransport::openStream(NegotiatedProtocol protocol,
                                                              milliseconds patience, std::stop_token stop)
{
    return reopenStream(std::move(protocol), {}, patience, std::move(stop));
}

Task<Result<ServerStream::Opening>> HttpTransport::reopenStream(NegotiatedProtocol protocol,
                                                                QByteArray lastEventId, milliseconds patience,
                                                                std::stop_token stop)
{
    const auto self = shared_from_this();
    http::Limits limits;
    limits.body = largestEvent;
    Challenges challenges(m_authorizer, m_client.clock());
    while (true) {
        const http::Request plain = protocol.listen(lastEventId, m_url, limits);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        const MessageHandler handler = handlerFor(protocol, {});
        Result<ServerStream::Opening> opening = co_await ServerStream::open(
            m_client, protocol.routed(*request), patience, handler, m_ready, m_tasks, stop);
        if (opening) {
            protocol.learn(opening->head);
        }
        if (!opening || opening->head.status < 400) {
            co_return opening;
        }
        if (opening->head.status >= 500 || opening->head.status == 429) {
            co_return base::failed(http::statusError(opening->head, m_client.clock()()));
        }
        if (opening->head.status != 401 && opening->head.status != 403) {
            co_return opening;
        }
        Result<void> goOn = co_await challenges.onRefusal(*request, opening->head, stop);
        if (!goOn) {
            co_return base::failed(goOn.error());
        }
    }
}

/// Servers with sessions take a lost connection for an accident and go on working, so they are told (MCP
/// 2025-11-25, "Cancellation"); to those of today the end of the stream says it. Never for initialize.
void HttpTransport::noteEnd(const NegotiatedProtocol &protocol, const Call &call, qint64 id,
                            const base::Error &error)
{
    const bool isGivenUp = error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::Timeout;
    if (isGivenUp && !call.isNotification && protocol.era != Era::Stateless && !protocol.version.isEmpty()) {
        m_tasks.run(tellCancelled(shared_from_this(), protocol, id));
    }
}

Task<void> HttpTransport::tellCancelled(std::shared_ptr<HttpTransport> self, NegotiatedProtocol protocol,
                                        qint64 id)
{
    Call call;
    call.method = u"notifications/cancelled"_s;
    call.params = jsonOf({{u"requestId"_s, id}, {u"reason"_s, u"Nobody waits for the answer any more"_s}});
    call.limits = Handshake::limits(self->m_deadlines);
    call.isNotification = true;
    Result<Answer> ignored = co_await self->send(protocol, call, Refusals::GiveBack, self->m_tasks.token());
}

Task<void> HttpTransport::reply(NegotiatedProtocol protocol, QByteArray text, std::stop_token stop)
{
    const auto self = shared_from_this();
    const http::Request plain = protocol.postReply(text, m_url, Handshake::limits(m_deadlines));
    Result<http::Request> authorized = co_await m_authorizer.authorize(plain, stop);
    if (authorized) {
        Result<Answer> ignored = co_await exchange(m_client, protocol.routed(*authorized), {}, stop);
    }
}

Task<void> HttpTransport::endSession(NegotiatedProtocol protocol, std::stop_token stop)
{
    const auto self = shared_from_this();
    const http::Request plain = protocol.endSession(m_url);
    Result<http::Request> authorized = co_await m_authorizer.authorize(plain, stop);
    if (authorized) {
        Result<http::Response> ignored = co_await m_client.send(protocol.routed(*authorized), stop);
    }
}

} // namespace mooring::mcp
