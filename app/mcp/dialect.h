// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/client.h"
#include "mcp/exchange.h"
#include "mcp/protocol.h"

namespace mooring::mcp {

/// How to put requests to a server: its era, and what was agreed with it.
struct Dialect {
    Era era = Era::Unknown;
    /// Empty before it is agreed (initialize).
    QString version;
    QByteArray sessionId;
};

/// One JSON-RPC request or notification to be.
struct Call {
    QString method;
    QJsonObject params = {};
    /// For Mcp-Name: the tool of tools/call.
    QString name = {};
    http::Limits limits = {};
    /// Without an answer.
    bool isNotification = false;
};

/// A text as a header value (MCP 2026-07-28, Streamable HTTP, "Value Encoding"): itself if it is
/// printable ASCII without spaces at its edges, else in base64 between =?base64? and ?=.
QByteArray headerValue(const QString &text);

/// The headers of every POST to a server, credentials aside. The one place for them.
http::Headers requestHeaders(const Dialect &dialect, const Call &call);

/// The whole POST, credentials aside. `id` doesn't count for notifications.
http::Request buildRequest(const Dialect &dialect, const Call &call, const QUrl &url, qint64 id);
/// A POST with a ready-made JSON-RPC text: the answer to a server's own request.
http::Request buildReply(const Dialect &dialect, const QByteArray &text, const QUrl &url,
                         const http::Limits &limits);
/// Ends a session (MCP 2025-11-25, Streamable HTTP, "Session Management").
http::Request buildDelete(const Dialect &dialect, const QUrl &url);

Call discoverCall(const http::Limits &limits);
Call initializeCall(const http::Limits &limits);

/// What an answer to server/discover or initialize says about the server.
struct Greeting {
    enum class Fit {
        Agreed, ///< `server` is filled in
        AskAgain, ///< the version is refused and offered at once; worth one more try
        OtherEra, ///< not the way to talk to it, as far as this answer says
        UnknownVersions, ///< an MCP server, but no version in common; `versions` lists its own
        NoServer, ///< a page, or nothing that another request could make better
        Outage, ///< out of order at the moment
    };

    Fit fit = Fit::OtherEra;
    ServerInfo server = {};
    QStringList versions = {};
};
Greeting readDiscovery(const Answer &answer);
Greeting readInitialize(const Answer &answer);

/// The sentence for an answer that no MCP server gives. Protocol, with the host and the status.
base::Error notMcpError(const Answer &answer);
base::Error unknownVersionsError(const Answer &answer, const QStringList &versions);

} // namespace mooring::mcp
