// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "mcp/jsonrpc.h"

#include <functional>
#include <optional>

namespace mooring::mcp {

/// Where a stream broke off (MCP 2025-11-25, Streamable HTTP, "Resumability and Redelivery").
struct Interruption {
    QByteArray lastEventId;
    /// How long the server wants us to wait; nothing if it doesn't say.
    std::optional<std::chrono::milliseconds> retry;
};

/// What came back for one POST.
struct Answer {
    http::ResponseHead head;
    /// The JSON-RPC response, if there was one; of any HTTP status.
    std::optional<Message> message;
    /// Why the body is no JSON-RPC response, where there was a body.
    std::optional<base::Error> unreadable;
    /// How a body begins that is no JSON-RPC response to this request: to look for words in, not to be shown.
    QByteArray words;
    /// The body is a JSON-RPC response, but one to another request.
    bool answersAnother = false;
    /// It speaks of the token that the request carried; see hiddenrefusal.h. For the caller of exchange() to
    /// say.
    bool isAboutToken = false;
    /// The stream ended before the response, and can be resumed; only if that was expected.
    std::optional<Interruption> interruption;
    /// The body is a page for people.
    bool isPage = false;
    std::chrono::milliseconds took{0};

    /// The server wants to know who we are, or won't have us. Of the body of a 401 nothing has been read; of
    /// that of a 403 there are isPage and words.
    bool isRefusal() const { return head.status == 401 || head.status == 403; }
    /// Trouble of the server that passes; says nothing about what it is.
    bool isOutage() const
    {
        return !message && (head.status >= 500 || head.status == 429 || head.status == 408);
    }
};

/// Gets the requests and notifications that a server sends on a stream. Must not wait for anything.
using MessageHandler = std::function<void(Message)>;

/// Awaited before more is read of a stream: whoever can't pass on what has come holds the server back by it.
/// Ends soon after `stop` is requested.
using ReadyToRead = std::function<base::Task<void>(std::stop_token stop)>;

/// What an answer is read for.
struct Expectation {
    /// Of the response; nothing for a notification, where only the head counts.
    std::optional<qint64> id = std::nullopt;
    MessageHandler handler = {};
    /// Only of event streams. May be empty.
    ReadyToRead ready = {};
    /// A stream that ends early and has named an event is an Interruption, not an error.
    bool mayResume = false;
};

/// Sends one request and reads the JSON or SSE answer up to the expected response. Nothing is ever
/// sent twice. No event may be larger than the request's limit of the body.
/// Errors: those of http::Client; Network, if the answer ends before the response has come.
base::Task<base::Result<Answer>> exchange(http::Client &client, http::Request request, Expectation expected,
                                          std::stop_token stop);

/// All that a refusal says: the error's message and data, or the words of another body.
QString refusalText(const Answer &answer);

/// The connection was lost before the answer was there; the request may have been carried out.
base::Error lostError(const QString &host, const QString &detail);

} // namespace mooring::mcp
