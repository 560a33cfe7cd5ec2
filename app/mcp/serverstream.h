// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "http/sessioncookies.h"
#include "mcp/exchange.h"

#include <memory>

namespace mooring::mcp {

/// A GET that stays open and brings what the server has to say of its own accord: its requests and
/// notifications (sessions), and the answers to POSTs (MCP 2024-11-05, "HTTP with SSE"). It is read in the
/// background until it ends or the last holder lets go of it.
class ServerStream final {
public:
    /// How it went: the head of the answer, and the stream if it is one.
    struct Opening {
        http::ResponseHead head;
        std::shared_ptr<ServerStream> stream;
        std::chrono::milliseconds took{0};
    };
    /// Sends `request` and waits `patience` for the head. `handler` gets the server's requests and
    /// notifications, while `ready` lets more be read. Errors: those of http::Client.
    static base::Task<base::Result<Opening>> open(http::Client &client, http::Request request,
                                                  std::chrono::milliseconds patience, MessageHandler handler,
                                                  ReadyToRead ready, base::TaskScope &tasks,
                                                  std::stop_token stop);
    ~ServerStream();
    Q_DISABLE_COPY_MOVE(ServerStream)

    bool isOpen() const;
    /// Returns when it has ended; false if `stop` came first.
    base::Task<bool> ended(std::stop_token stop) const;
    /// Behind which a stream that has ended may be resumed; empty if the server has named no event.
    QByteArray lastEventId() const;
    /// Where POSTs go, as the `endpoint` event says. Errors: RefusedByPolicy for an address of another
    /// origin: it would get the token. Network and Timeout, if there is no such event.
    base::Task<base::Result<QUrl>> endpoint(std::chrono::milliseconds patience, std::stop_token stop);
    /// A POST whose own answer is only a receipt, and the response that this stream brings. The deadline of
    /// `request` is that for the response, zero for none; `cookies` learns of the receipt, if there is one. A
    /// receipt without success is the answer. Errors: those of http::Client; Network, if the stream ends
    /// before the response; Timeout; Cancelled.
    base::Task<base::Result<Answer>> exchange(http::Client &client, http::Request request, qint64 id,
                                              std::shared_ptr<http::SessionCookies> cookies,
                                              std::stop_token stop);

private:
    struct State;
    base::SharedResult<Message> expect(qint64 id, std::chrono::milliseconds patience);
    explicit ServerStream(std::shared_ptr<State> state);
    static base::Task<void> read(std::shared_ptr<State> state, std::shared_ptr<http::BodyStream> body,
                                 std::stop_token ending);

    std::shared_ptr<State> m_state;
};

} // namespace mooring::mcp
