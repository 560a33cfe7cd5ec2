// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/call.h"
#include "mcp/elicitation.h"

namespace mooring::mcp {

/// Answers what a server asks while a session's calls run, in both ways: as a request of its own (2025-11-25
/// and older), and in an answer that wants more (MCP 2026-07-28, "Multi Round-Trip Requests"). Elicitation
/// goes to the person who has made the call; sampling and roots are not offered; a ping is answered by Link.
class ServerRequests final : public std::enable_shared_from_this<ServerRequests> {
public:
    /// `server` is the address that pages to open are judged against.
    explicit ServerRequests(QUrl server);

    /// What servers are told of a call that has somebody to ask.
    static QJsonObject capabilities();

    /// A call with somebody to ask begins, and ends: nobody waits for an answer any more.
    ElicitationHandlerPointer begin(const AskPerson &ask);
    void end(const ElicitationHandlerPointer &handler);
    /// No call is running that could be asked.
    bool isIdle() const { return m_running.isEmpty(); }

    /// Answers for that call; null stands for the newest one that is running, since servers may ask on a
    /// stream that belongs to none. Without any, the answer is the person's "cancel".
    RequestHandler handlerFor(const ElicitationHandlerPointer &handler);
    /// The inputResponses to the inputRequests of an answer. Errors: Protocol for what can't be asked or for
    /// nobody to ask, RefusedByPolicy for a page that must not be opened, Cancelled.
    base::Task<base::Result<QJsonObject>> inputsFor(QJsonObject questions, ElicitationHandlerPointer handler,
                                                    std::stop_token stop);

private:
    static base::Task<QByteArray> answer(std::shared_ptr<ServerRequests> self,
                                         ElicitationHandlerPointer handler, Message request);

    QUrl m_server;
    /// Of the calls that run now, the newest last.
    QList<ElicitationHandlerPointer> m_running;
};

} // namespace mooring::mcp
