// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/link.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "mcp/handshakeerrors.h"
#include "mcp/httptransport.h"

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Fit = InitializeResult::Fit;

namespace {

/// How long a call waits for the stream that is only there for what the server may ask.
constexpr std::chrono::milliseconds listenPatience(1000);

/// The error is about this very request, which was understood: it, or what it asks for, is at fault.
bool isAboutRequest(const Message &error)
{
    const qint64 code = error.error().code;
    const bool isUnderstood =
        code == rpcMethodNotFound || code == rpcInvalidParams || code == rpcInternalError;
    return error.idNumber() >= 0 && isUnderstood
           && !error.error().message.contains("session"_L1, Qt::CaseInsensitive);
}

/// A 404 means that the session is gone (MCP 2025-11-25, "Session Management"). Many servers say 400, in
/// words and codes of their own, because they keep no list of old sessions. With HTTP+SSE the address names
/// it.
bool isSessionGone(const Answer &answer, const NegotiatedProtocol &protocol)
{
    const bool hasSession = !protocol.sessionId.isEmpty() || protocol.era == Era::HttpSse;
    const bool isResult = answer.message && answer.message->kind() == Message::Kind::Result;
    if (!hasSession || isResult) {
        return false;
    }
    return answer.head.status == 404
           || (answer.head.status == 400 && (!answer.message || !isAboutRequest(*answer.message)));
}

/// The server is not any more what it was when we agreed.
bool wantsToBeginAnew(const Answer &answer, const NegotiatedProtocol &protocol)
{
    const bool isError = answer.message && answer.message->kind() == Message::Kind::Error;
    return isSessionGone(answer, protocol)
           || (protocol.era == Era::Stateless && isError
               && answer.message->error().code == rpcUnsupportedVersion);
}

/// The capability that a server must have been told of before it may send such a request; empty for methods
/// that need none.
QString capabilityFor(const QString &method)
{
    const QString folder = method.section(u'/', 0, 0);
    const bool needsOne = folder == "elicitation"_L1 || folder == "sampling"_L1 || folder == "roots"_L1;
    return needsOne ? folder : QString();
}

bool covers(const QJsonObject &told, const QJsonObject &wanted)
{
    for (auto member = wanted.begin(); member != wanted.end(); ++member) {
        const QJsonValue known = told.value(member.key());
        if (known.isUndefined() || !covers(known.toObject(), member.value().toObject())) {
            return false;
        }
    }
    return true;
}

QJsonObject merged(QJsonObject told, const QJsonObject &more)
{
    for (auto member = more.begin(); member != more.end(); ++member) {
        const QJsonValue known = told.value(member.key());
        const QJsonValue added = member.value();
        const bool areObjects = known.isObject() && added.isObject();
        told.insert(member.key(), areObjects ? merged(known.toObject(), added.toObject()) : added);
    }
    return told;
}

/// What a link says of a handshake without an agreement. Whoever has answered before, or takes offence at the
/// token, is no stranger: `wasKnown`.
base::Error failureOf(const Handshake::Outcome &outcome, bool wasKnown, const base::Clock &clock)
{
    if (outcome.isSettled()) {
        switch (outcome.result.fit) {
        case Fit::Outage:
            return http::statusError(outcome.answer.head, clock());
        case Fit::NoServer:
            return notMcpError(outcome.answer);
        default:
            return unknownVersionsError(outcome.answer, outcome.result.versions);
        }
    }
    if (outcome.hasSpokenOfVersions) {
        return unknownVersionsError(outcome.toInitialize, outcome.versions);
    }
    return wasKnown || outcome.toInitialize.isAboutToken ? changedError(outcome.toInitialize)
                                                         : notMcpError(outcome.toInitialize);
}

} // namespace

std::shared_ptr<Link> Link::make(http::Client &client, base::Deadlines deadlines, QUrl url,
                                 Authorizer &authorizer, base::TaskScope &tasks, LinkOptions options)
{
    const std::shared_ptr<Link> link(new Link(client, deadlines, url, authorizer, tasks, std::move(options)));
    // The transport outlives the link, in requests that are still running.
    link->m_transport->setIncoming([weak = std::weak_ptr<Link>(link)](const NegotiatedProtocol &protocol,
                                                                      const RequestHandler &during,
                                                                      const Message &message) {
        if (const std::shared_ptr<Link> self = weak.lock()) {
            self->receive(protocol, during, message);
        }
    });
    return link;
}

Link::Link(http::Client &client, base::Deadlines deadlines, const QUrl &url, Authorizer &authorizer,
           base::TaskScope &tasks, LinkOptions options)
    : m_client(client)
    , m_deadlines(deadlines)
    , m_tasks(tasks)
    , m_options(std::move(options))
    , m_transport(std::make_shared<HttpTransport>(client, deadlines, url, authorizer, tasks))
    , m_knownEra(m_options.era)
    , m_offered(m_options.offered)
{
    m_transport->setReady(m_options.ready);
    m_transport->setKnown(m_knownEra != Era::Unknown);
}

Link::~Link() = default;

QUrl Link::url() const
{
    return m_transport->url();
}

Task<Result<ServerInfo>> Link::open(QJsonObject capabilities, std::stop_token stop)
{
    const auto self = shared_from_this();
    while (m_opening) {
        const base::SharedResult<ServerInfo> running = *m_opening;
        Result<ServerInfo> result = co_await running.wait(stop);
        const bool othersStop =
            !result && result.error().kind == ErrorKind::Cancelled && !stop.stop_requested();
        if (!result && !othersStop) {
            co_return result;
        }
    }
    if (m_protocol.stream && !m_protocol.stream->isOpen()) {
        forget(m_protocol);
    }
    if (m_server && m_protocol.era != Era::Stateless && !covers(m_protocol.capabilities, capabilities)) {
        m_retired.append(m_protocol);
        forget(m_protocol);
    }
    if (m_server) {
        co_return std::as_const(*m_server);
    }
    m_capabilities = merged(m_capabilities, capabilities);
    m_opening.emplace();
    Result<ServerInfo> result = co_await agree(stop);
    base::SharedResult<ServerInfo> mine = *m_opening;
    m_opening.reset();
    mine.set(result);
    if (result && m_options.onBegun) {
        m_options.onBegun(*result);
    }
    co_return result;
}

Task<Result<ServerInfo>> Link::agree(std::stop_token stop)
{
    Handshake::Options options;
    options.deadlines = m_deadlines;
    options.known = m_knownEra;
    options.offered = m_offered;
    options.clientInfo = m_options.clientInfo;
    options.capabilities = m_capabilities;
    options.settlesRefusals = true;
    Handshake handshake(*m_transport, options);
    Result<Handshake::Outcome> outcome = co_await handshake.run(stop);
    if (!outcome) {
        co_return base::failed(outcome.error());
    }
    if (!outcome->isAgreed()) {
        const base::Error error = failureOf(*outcome, m_knownEra != Era::Unknown, m_client.clock());
        co_return base::failed(error);
    }
    if (outcome->protocol.era != Era::Stateless) {
        Result<void> completed = co_await handshake.complete(outcome->protocol, stop);
        if (!completed) {
            co_return base::failed(completed.error());
        }
        m_offered = outcome->result.server.offered;
    }
    m_server = outcome->result.server;
    m_serverResult = outcome->answer.message->resultText().toByteArray();
    m_protocol = outcome->protocol;
    m_knownEra = m_protocol.era;
    m_transport->setKnown(true);
    qCInfo(base::lcMcp).noquote() << base::displayAuthority(url()) << "speaks"
                                  << base::displayText(m_protocol.version);
    co_return std::as_const(*m_server);
}

Task<Result<Link::Response>> Link::request(Call call, std::stop_token stop)
{
    const auto self = shared_from_this();
    for (int turn = 0;; ++turn) {
        Result<ServerInfo> server = co_await open(call.capabilities, stop);
        if (!server) {
            co_return base::failed(server.error());
        }
        const NegotiatedProtocol protocol = m_protocol;
        if (call.onRequest) {
            co_await listenDuringCalls(protocol, stop);
        }
        Result<Answer> answer = co_await m_transport->send(protocol, call, Refusals::Settle, stop);
        if (!answer) {
            co_return base::failed(answer.error());
        }
        if (turn > 0 || !wantsToBeginAnew(*answer, protocol)) {
            co_return responseOf(*answer, protocol);
        }
        forget(protocol);
    }
}

Task<Result<void>> Link::notify(QString method, QByteArray params, std::stop_token stop)
{
    const auto self = shared_from_this();
    const QJsonObject nothingMore;
    Result<ServerInfo> server = co_await open(nothingMore, stop);
    if (!server) {
        co_return base::failed(server.error());
    }
    Call call;
    call.method = method;
    call.params = params;
    call.limits = Handshake::limits(m_deadlines);
    call.isNotification = true;
    const NegotiatedProtocol protocol = m_protocol;
    Result<Answer> answer = co_await m_transport->send(protocol, call, Refusals::Settle, stop);
    if (!answer) {
        co_return base::failed(answer.error());
    }
    if (isSessionGone(*answer, protocol)) {
        // The next request begins anew, and what it was about is gone with the session.
        forget(protocol);
    }
    if (!answer->head.isSuccess()) {
        co_return base::failed(http::statusError(answer->head, m_client.clock()()));
    }
    co_return Result<void>();
}

void Link::forget(const NegotiatedProtocol &protocol)
{
    // Another call may have begun a new one meanwhile.
    if (m_protocol.isSameConversation(protocol)) {
        m_server.reset();
        m_protocol = {};
    }
}

Result<Link::Response> Link::responseOf(const Answer &answer, const NegotiatedProtocol &protocol) const
{
    if (answer.message) {
        return Response{*answer.message, answer.head.status, protocol.era};
    }
    if (!answer.head.isSuccess()) {
        return base::failed(http::statusError(answer.head, m_client.clock()()));
    }
    const QString host = base::displayAuthority(answer.head.url);
    return base::failed(answer.unreadable.value_or(
        makeError(ErrorKind::Protocol, Words::tr("%1 sent no answer to this request.").arg(host),
                  u"an empty body"_s, host)));
}

Task<Result<bool>> Link::listen(std::stop_token stop)
{
    const auto self = shared_from_this();
    const QJsonObject nothingMore;
    Result<ServerInfo> server = co_await open(nothingMore, stop);
    if (!server) {
        co_return base::failed(server.error());
    }
    if (m_protocol.era == Era::HttpSse) {
        co_return true;
    }
    const NegotiatedProtocol protocol = m_protocol;
    Result<bool> isOpen = co_await listenTo(protocol, m_deadlines.probe, stop);
    co_return isOpen;
}

bool Link::isListening() const
{
    return (m_listener && m_listener->isOpen()) || (m_protocol.stream && m_protocol.stream->isOpen());
}

Task<void> Link::listeningEnded(std::stop_token stop)
{
    const auto self = shared_from_this();
    const std::shared_ptr<ServerStream> stream = m_protocol.stream ? m_protocol.stream : m_listener;
    if (stream) {
        const bool hasEnded = co_await stream->ended(stop);
        Q_UNUSED(hasEnded)
    }
}

void Link::stopListening()
{
    m_listener.reset();
}

/// Many servers say on the stream of the session what belongs to a call, so somebody has to listen. Whatever
/// goes wrong with that, the call itself may still work, and the next one doesn't wait for it again.
Task<void> Link::listenDuringCalls(NegotiatedProtocol protocol, std::stop_token stop)
{
    const auto self = shared_from_this();
    if (m_silentSession == protocol.sessionId || stop.stop_requested()) {
        co_return;
    }
    Result<bool> isOpen = co_await listenTo(protocol, listenPatience, stop);
    if (!isOpen && !stop.stop_requested()) {
        m_silentSession = protocol.sessionId;
    }
}

/// Errors: those of the transport. A server that has said that it has no such stream isn't asked again.
Task<Result<bool>> Link::listenTo(NegotiatedProtocol protocol, std::chrono::milliseconds patience,
                                  std::stop_token stop)
{
    const auto self = shared_from_this();
    while (m_listening) {
        const base::SharedResult<bool> running = *m_listening;
        Result<bool> ignored = co_await running.wait(stop);
        if (stop.stop_requested()) {
            co_return base::failed(base::cancelledError());
        }
    }
    const QByteArray session = protocol.sessionId;
    const bool isMine = m_listener && m_listenerSession == session;
    if (isMine && m_listener->isOpen()) {
        co_return true;
    }
    if (protocol.era != Era::Sessions || session.isEmpty() || m_deafSession == session) {
        co_return false;
    }
    m_listening.emplace();
    const QByteArray lastEventId = isMine ? m_listener->lastEventId() : QByteArray();
    Result<ServerStream::Opening> opening =
        co_await m_transport->reopenStream(protocol, lastEventId, patience, stop);
    if (!lastEventId.isEmpty() && opening && !opening->stream) {
        // It doesn't know that event any more.
        opening = co_await m_transport->openStream(protocol, patience, stop);
    }
    if (opening && opening->stream) {
        m_listener = opening->stream;
        m_listenerSession = session;
    } else if (opening) {
        m_deafSession = session;
    }
    base::SharedResult<bool> mine = *m_listening;
    m_listening.reset();
    mine.set(true);
    if (!opening) {
        co_return base::failed(opening.error());
    }
    co_return opening->stream != nullptr;
}

void Link::receive(const NegotiatedProtocol &protocol, const RequestHandler &during, const Message &message)
{
    if (message.kind() == Message::Kind::Notification) {
        if (m_options.onNotification) {
            m_options.onNotification(message);
        }
        return;
    }
    // Servers of today must not send requests, and must not be sent responses; one that has no session yet
    // has nothing to ask, but for the stream of HTTP+SSE, which is there before everything else. Where its
    // POSTs go is known only when that has been agreed.
    const NegotiatedProtocol where = protocol.era == Era::HttpSse ? m_protocol : protocol;
    if (where.era != Era::Stateless && !where.version.isEmpty()) {
        m_tasks.run(answer(shared_from_this(), where, during ? during : m_options.onRequest, message));
    }
}

Task<void> Link::answer(std::shared_ptr<Link> self, NegotiatedProtocol protocol, RequestHandler handler,
                        Message request)
{
    const std::stop_token stop = self->m_tasks.token();
    const QString capability = capabilityFor(request.method());
    const bool isOffered = capability.isEmpty() || protocol.capabilities.contains(capability);
    QByteArray reply;
    if (request.method() == "ping"_L1) {
        reply = resultText(request.id(), "{}");
    } else if (isOffered && handler) {
        reply = co_await handler(request, stop);
    } else {
        reply = errorText(request.id(), rpcMethodNotFound, u"Method not found"_s);
    }
    if (!reply.isEmpty() && !stop.stop_requested()) {
        co_await self->m_transport->reply(protocol, reply, stop);
    }
}

Task<void> Link::close(std::stop_token stop)
{
    const auto self = shared_from_this();
    QList<NegotiatedProtocol> ended = std::exchange(m_retired, {});
    ended.append(m_protocol);
    m_listener.reset();
    m_server.reset();
    m_protocol = {};
    for (const NegotiatedProtocol &protocol : std::as_const(ended)) {
        if (!protocol.sessionId.isEmpty() && protocol.era == Era::Sessions) {
            co_await m_transport->endSession(protocol, stop);
        }
    }
}

} // namespace mooring::mcp
