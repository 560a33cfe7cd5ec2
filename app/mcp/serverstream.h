// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "mcp/exchange.h"

#include <memory>

namespace mooring::mcp {

/// A GET that stays open and brings what the server has to say of its own accord: its requests (sessions),
/// and the answers to POSTs (MCP 2024-11-05, "HTTP with SSE"). It is read in the background until it ends or
/// the last holder lets go of it.
class ServerStream final {
public:
    /// How it went: the head of the answer, and the stream if it is one.
    struct Opening {
        http::ResponseHead head;
        std::shared_ptr<ServerStream> stream;
        std::chrono::milliseconds took{0};
    };
    /// Sends `request` and waits `patience` for the head. `handler` gets the server's requests. Errors: those
    /// of http::Client.
    static base::Task<base::Result<Opening>> open(http::Client &client, http::Request request,
                                                  std::chrono::milliseconds patience, MessageHandler handler,
                                                  base::TaskScope &tasks, std::stop_token stop);
    ~ServerStream();
    Q_DISABLE_COPY_MOVE(ServerStream)

    bool isOpen() const;
    /// Where POSTs go, as the `endpoint` event says. Errors: RefusedByPolicy for an address of another
    /// origin: it would get the token. Network and Timeout, if there is no such event.
    base::Task<base::Result<QUrl>> endpoint(std::chrono::milliseconds patience, std::stop_token stop);
    /// The response to a request that is still to be sent. Errors: Network, if the stream ends before;
    /// Timeout.
    base::SharedResult<Message> expect(qint64 id, std::chrono::milliseconds patience);

private:
    struct State;
    explicit ServerStream(std::shared_ptr<State> state);
    static base::Task<void> read(std::shared_ptr<State> state, std::shared_ptr<http::BodyStream> body,
                                 std::stop_token ending);

    std::shared_ptr<State> m_state;
};

} // namespace mooring::mcp
