// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/authorizer.h"
#include "mcp/handshake.h"

#include <QDeadlineTimer>

#include <memory>

namespace mooring::mcp {

/// MCP over HTTP with credentials, in every protocol that can be agreed: a message goes out, its answer comes
/// back, from wherever the protocol brings it (the POST, a stream that had to be resumed, the GET of
/// HTTP+SSE). A refusal is put to the Authorizer, and the request is sent once more if it says so; nothing
/// else is ever sent twice.
///
/// It doesn't know whether a session is still there and what to do without: that is Link's. Held by
/// shared_ptr; each running request holds it too.
class HttpTransport final
    : public HandshakeTransport
    , public std::enable_shared_from_this<HttpTransport> {
public:
    /// Gets the requests and notifications of a server, as they come; must not wait for anything. `during`:
    /// who answers for the call on whose stream they came; empty for those of a stream of its own.
    using Incoming = std::function<void(const NegotiatedProtocol &protocol, const RequestHandler &during,
                                        Message message)>;

    /// `tasks` runs what no caller waits for; like the services it outlives all.
    HttpTransport(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer &authorizer,
                  base::TaskScope &tasks);

    void setIncoming(Incoming incoming) { m_incoming = std::move(incoming); }
    void setReady(ReadyToRead ready) { m_ready = std::move(ready); }
    /// There has been an MCP server here before, so that a web page or a detour in its place is no answer.
    void setKnown(bool isKnown) { m_isKnown = isKnown; }

    /// Where the server said it lives now (307 or 308 on the same origin); the URL given otherwise.
    QUrl url() const override { return m_url; }
    http::Client &client() override { return m_client; }
    /// Errors: those of HTTP, of the Authorizer and of Challenges; Network with Error::mayHaveArrived, if the
    /// answer is lost. A call that is given up, by `stop` or by its deadline, is cancelled at the server.
    base::Task<base::Result<Answer>> send(NegotiatedProtocol protocol, Call call, Refusals refusals,
                                          std::stop_token stop) override;
    /// Errors: HttpStatus for trouble that passes, besides those of send(). Any other answer is an Opening
    /// without a stream.
    base::Task<base::Result<ServerStream::Opening>> openStream(NegotiatedProtocol protocol,
                                                               std::chrono::milliseconds patience,
                                                               std::stop_token stop) override;
    /// The same, for what a stream of the session had still to say behind the event `lastEventId`.
    base::Task<base::Result<ServerStream::Opening>> reopenStream(NegotiatedProtocol protocol,
                                                                 QByteArray lastEventId,
                                                                 std::chrono::milliseconds patience,
                                                                 std::stop_token stop);
    /// send() gives such refusals back only of requests with credentials.
    bool mayRefuseOnlyTheMethod(const Answer &) const override { return true; }

    /// The answer to a server's own request, best effort: if it gets lost, that request runs into its own
    /// deadline.
    base::Task<void> reply(NegotiatedProtocol protocol, QByteArray text, std::stop_token stop);
    /// DELETE, best effort.
    base::Task<void> endSession(NegotiatedProtocol protocol, std::stop_token stop);

private:
    base::Task<base::Result<Answer>> transfer(NegotiatedProtocol protocol, Call call, qint64 id,
                                              http::Request request, std::stop_token stop);
    base::Task<base::Result<Answer>> resume(NegotiatedProtocol protocol, qint64 id, Interruption broken,
                                            QDeadlineTimer whole, Expectation expected, std::stop_token stop);
    base::Task<base::Result<Answer>> fetchRest(NegotiatedProtocol protocol, QByteArray lastEventId,
                                               QDeadlineTimer whole, Expectation expected,
                                               std::stop_token stop);
    bool isAboutToken(const base::Result<Answer> &answer) const;
    void noteAnswer(const NegotiatedProtocol &protocol, const http::Request &plain, const http::Request &sent,
                    base::Result<Answer> &answer, bool isDoubtful);
    void noteEnd(const NegotiatedProtocol &protocol, const Call &call, qint64 id, const base::Error &error);
    static base::Task<void> tellCancelled(std::shared_ptr<HttpTransport> self, NegotiatedProtocol protocol,
                                          qint64 id);
    MessageHandler handlerFor(const NegotiatedProtocol &protocol, const RequestHandler &during) const;

    http::Client &m_client;
    base::Deadlines m_deadlines;
    QUrl m_url;
    Authorizer &m_authorizer;
    base::TaskScope &m_tasks;
    Incoming m_incoming;
    ReadyToRead m_ready;
    bool m_isKnown = false;
    qint64 m_nextId = 1;
};

} // namespace mooring::mcp
