// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "mcp/authorizer.h"
#include "mcp/call.h"
#include "mcp/exchange.h"
#include "mcp/negotiatedprotocol.h"

#include <memory>
#include <optional>

namespace mooring::mcp {

class HttpTransport;
class ServerStream;

struct LinkOptions {
    /// What is known from last time; Unknown finds out.
    Era era = Era::Unknown;
    /// ServerInfo::offered of last time.
    QString offered = {};
    /// Who we are to the server.
    QJsonObject clientInfo = ownClientInfo();
    /// What a server has to tell: progress, log messages, lists that have changed, resources that have been
    /// updated, requests of its own that it gives up, and what nobody knows yet. In the order in which it
    /// comes, and before the response of the call during which it came. Must not wait for anything. May be
    /// empty.
    std::function<void(Message)> onNotification = {};
    /// Answers the server's own requests where the call doesn't (Call::onRequest). Only for what the server
    /// has been told in the capabilities, and for methods that nobody knows. Without one, servers hear that
    /// there is no such method.
    RequestHandler onRequest = {};
    /// Holds the server back, while what onNotification() has got is more than can be passed on. May be
    /// empty.
    ReadyToRead ready = {};
    /// A conversation has begun, for the first time or anew after the server has forgotten the last one: what
    /// belonged to that (subscriptions, the level of logging) has to be said again.
    std::function<void(ServerInfo)> onBegun = {};
};

/// One conversation with one server, of every age, with raw messages: parameters and results are JSON text
/// that is passed on byte for byte, and any method will do.
///
/// It agrees with the server when the first message is to be sent, puts in what the protocol of the server
/// wants (ids, headers, the session, `_meta`), and begins a session anew that the server has forgotten: the
/// request which was refused for it is sent once more, since it can't have been carried out. Several requests
/// may run at the same time. Held by shared_ptr; each running request holds it too.
class Link final : public std::enable_shared_from_this<Link> {
public:
    /// The response to one request, with what it takes to judge it.
    struct Response {
        /// A result or an error, with an id of ours: Message::textWithId().
        Message message;
        int httpStatus = 0;
        /// How the server was spoken to when it was given.
        Era era = Era::Unknown;
    };

    /// `tasks` runs what no caller waits for (answers to the server's requests, cancellations), and outlives
    /// the link like the other services.
    static std::shared_ptr<Link> make(http::Client &client, base::Deadlines deadlines, QUrl url,
                                      Authorizer &authorizer, base::TaskScope &tasks,
                                      LinkOptions options = {});
    ~Link();
    Q_DISABLE_COPY_MOVE(Link)

    /// Agrees with the server, once: whoever comes meanwhile or later gets the same answer. `capabilities`
    /// that a session hasn't been told of begin another one beside it. Errors: Protocol with "no MCP server
    /// at this address", and those of HTTP and of the Authorizer.
    base::Task<base::Result<ServerInfo>> open(QJsonObject capabilities, std::stop_token stop);
    /// After open(): what was agreed, and the result of initialize or server/discover as JSON.
    const NegotiatedProtocol &protocol() const { return m_protocol; }
    const QByteArray &serverResult() const { return m_serverResult; }

    /// One request. A JSON-RPC error is a response like any other. `stop`, or the deadline of `call`, cancels
    /// it at the server: by notifications/cancelled, or by the end of the connection (2026-07-28). A progress
    /// token in the parameters comes back in the notifications. Errors: those of open(); HttpStatus, Protocol
    /// for an answer that is no response; Network with Error::mayHaveArrived, when the answer got lost;
    /// Timeout; Cancelled.
    base::Task<base::Result<Response>> request(Call call, std::stop_token stop);
    /// A notification to the server. Errors: those of open(); HttpStatus, if the server won't have it.
    base::Task<base::Result<void>> notify(QString method, QByteArray params, std::stop_token stop);

    /// Has the server's own stream open (MCP 2025-11-25, "Listening for Messages from the Server"); where the
    /// last one has ended by itself, what came since is asked for. False if the server has none; servers of
    /// 2026-07-28 have the request subscriptions/listen in its place. Errors: those of open(), and trouble
    /// with the stream, which may be asked for again later.
    base::Task<base::Result<bool>> listen(std::stop_token stop);
    bool isListening() const;
    /// Returns when the stream that is open has ended; at once if there is none.
    base::Task<void> listeningEnded(std::stop_token stop);
    void stopListening();

    /// Ends the sessions at the server (DELETE), best effort, two seconds each at most; nothing to do for
    /// other servers. Requests that are running are to be stopped before. A request that comes later opens it
    /// anew.
    base::Task<void> close(std::stop_token stop = {});

    /// Where the server said it lives now (307 or 308 on the same origin); the URL given otherwise.
    QUrl url() const;

private:
    Link(http::Client &client, base::Deadlines deadlines, const QUrl &url, Authorizer &authorizer,
         base::TaskScope &tasks, LinkOptions options);

    base::Task<base::Result<ServerInfo>> agree(std::stop_token stop);
    base::Task<base::Result<bool>> listenTo(NegotiatedProtocol protocol, std::chrono::milliseconds patience,
                                            std::stop_token stop);
    base::Task<void> listenDuringCalls(NegotiatedProtocol protocol, std::stop_token stop);
    base::Result<Response> responseOf(const Answer &answer, const NegotiatedProtocol &protocol) const;
    void forget(const NegotiatedProtocol &protocol);
    void receive(const NegotiatedProtocol &protocol, const RequestHandler &during, const Message &message);
    static base::Task<void> answer(std::shared_ptr<Link> self, NegotiatedProtocol protocol,
                                   RequestHandler handler, Message request);

    http::Client &m_client;
    base::Deadlines m_deadlines;
    base::TaskScope &m_tasks;
    LinkOptions m_options;
    std::shared_ptr<HttpTransport> m_transport;
    Era m_knownEra;
    /// What initialize offers first; empty for the newest version.
    QString m_offered;
    /// Everything that the next initialize says we can do.
    QJsonObject m_capabilities;
    NegotiatedProtocol m_protocol;
    std::optional<ServerInfo> m_server;
    QByteArray m_serverResult;
    std::optional<base::SharedResult<ServerInfo>> m_opening;
    /// Sessions that have given way and may still be in use; ended with the conversation.
    QList<NegotiatedProtocol> m_retired;
    std::shared_ptr<ServerStream> m_listener;
    /// The session that the listener is of.
    QByteArray m_listenerSession;
    std::optional<base::SharedResult<bool>> m_listening;
    /// The session whose server has no such stream.
    QByteArray m_deafSession;
    /// The session whose server has not answered to the GET, so that calls don't wait for it.
    QByteArray m_silentSession;
};

} // namespace mooring::mcp
