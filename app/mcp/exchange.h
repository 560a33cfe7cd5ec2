// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "mcp/jsonrpc.h"

#include <functional>
#include <optional>

namespace mooring::mcp {

/// What came back for one POST.
struct Answer {
    http::ResponseHead head;
    /// The JSON-RPC response, if there was one; of any HTTP status.
    std::optional<Message> message;
    /// Why the body is no JSON-RPC response, where there was a body.
    std::optional<base::Error> unreadable;
    /// The body is a page for people.
    bool isPage = false;
    std::chrono::milliseconds took{0};

    /// The server wants to know who we are; the body has not been read.
    bool isRefusal() const { return head.status == 401 || head.status == 403; }
    /// Trouble of the server that passes; says nothing about what it is.
    bool isOutage() const
    {
        return !message && (head.status >= 500 || head.status == 429 || head.status == 408);
    }
};

/// Gets the requests that a server sends on the stream of an answer.
using MessageHandler = std::function<base::Task<void>(Message)>;

/// Sends one POST and reads the JSON or SSE answer up to the response to `id`; without an id it was
/// a notification, and only the head counts. Nothing is ever sent twice.
/// Errors: those of http::Client; Network, if the answer ends before the response has come.
base::Task<base::Result<Answer>> exchange(http::Client &client, http::Request request,
                                          std::optional<qint64> id, MessageHandler handler,
                                          std::stop_token stop);

} // namespace mooring::mcp
