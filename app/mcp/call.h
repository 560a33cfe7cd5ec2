// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "mcp/jsonrpc.h"

#include <functional>

namespace mooring::mcp {

/// Answers a request that a server sends: the whole JSON-RPC response, with the id of `request`
/// (resultText(), errorText()); an empty text sends none.
using RequestHandler = std::function<base::Task<QByteArray>(Message request, std::stop_token stop)>;

/// One JSON-RPC request or notification to be sent.
struct Call {
    QString method;
    /// An object as JSON, well-formed; it is passed on byte for byte. Empty for none.
    QByteArray params = {};
    /// Mcp-Param-* (toolheadertable.h); only servers of 2026-07-28 get them.
    http::Headers headers = {};
    /// What the client can do for the server during this call ("elicitation", "sampling", "roots").
    QJsonObject capabilities = {};
    /// Answers what the server asks during this call; where there is none, that of the link does.
    RequestHandler onRequest = {};
    /// A deadline of zero: whoever calls has one of its own.
    http::Limits limits = {};
    /// Without an answer.
    bool isNotification = false;
};

} // namespace mooring::mcp
