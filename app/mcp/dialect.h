// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/client.h"
#include "http/sessioncookies.h"
#include "mcp/exchange.h"
#include "mcp/protocol.h"

#include <memory>

namespace mooring::mcp {

struct Asker;
class ServerStream;

/// How to put requests to a server: its era, and what was agreed with it.
struct Dialect {
    Era era = Era::Unknown;
    /// Empty before it is agreed (initialize).
    QString version;
    /// What initialize offers; empty for the newest.
    QString offered = {};
    QByteArray sessionId;
    /// The server was told at initialize that there is somebody who can be asked.
    bool mayAsk = false;
    /// HttpSse: what brings the answers, and where the POSTs go.
    std::shared_ptr<ServerStream> stream = nullptr;
    QUrl endpoint = {};
    /// Null where none are kept.
    std::shared_ptr<http::SessionCookies> cookies = nullptr;

    void learn(const http::ResponseHead &head) const
    {
        if (cookies) {
            cookies->learn(head);
        }
    }
};

/// One JSON-RPC request or notification to be.
struct Call {
    QString method;
    QJsonObject params = {};
    /// For Mcp-Name: the tool of tools/call, the prompt of prompts/get, the address of resources/read.
    QString name = {};
    /// Mcp-Param-*; only servers of today get them.
    http::Headers parameters = {};
    /// Who answers what the server asks meanwhile; null for nobody.
    std::shared_ptr<Asker> asker = nullptr;
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
/// The request with the cookies of the session, and at the address where POSTs go: that of the server, but
/// with HTTP+SSE the endpoint, which is of the same origin. Credentials are for the server, so they are put
/// in before.
http::Request routed(const Dialect &dialect, http::Request request);
/// Ends a session (MCP 2025-11-25, Streamable HTTP, "Session Management").
http::Request buildDelete(const Dialect &dialect, const QUrl &url);

/// A GET for the stream of a server (MCP 2025-11-25, "Listening for Messages from the Server", and MCP
/// 2024-11-05), or for the rest of one that broke off behind the event `lastEventId`.
http::Request buildListen(const Dialect &dialect, const QByteArray &lastEventId, const QUrl &url,
                          const http::Limits &limits);

Call discoverCall(const http::Limits &limits);
Call initializeCall(const Dialect &dialect, const http::Limits &limits);

/// What an answer to server/discover or initialize says about the server.
struct Greeting {
    enum class Fit {
        Agreed, ///< `server` is filled in
        AskAgain, ///< the version is refused and offered at once; worth one more try
        OtherEra, ///< not the way to talk to it, as far as this answer says
        StepDown, ///< initialize: this version is refused, another one may do
        UnknownVersions, ///< an MCP server, but no version in common; `versions` lists its own
        NoServer, ///< a page, or nothing that another request could make better
        Outage, ///< out of order at the moment
    };

    Fit fit = Fit::OtherEra;
    ServerInfo server = {};
    /// Those that the server names, but for the one that was asked for.
    QStringList versions = {};
    /// The server has said something about versions, so that it is one.
    bool isAboutVersions = false;
};
Greeting readDiscovery(const Answer &answer);
/// `offered` is the version that initialize has asked for.
Greeting readInitialize(const Answer &answer, const QString &offered, Era era = Era::Sessions);
/// Whether an answer to initialize leaves it open that this is a server of 2024-11-05 (MCP 2026-07-28,
/// Streamable HTTP, "Backward Compatibility").
bool mayBeHttpSse(const Answer &answer);

/// The sentence for an answer that no MCP server gives. Protocol, with the host and the status.
base::Error notMcpError(const Answer &answer);
/// The same for a server that was one before: it may be again.
base::Error changedError(const Answer &answer);
/// The same for an MCP server with which no version is in common.
base::Error unknownVersionsError(const Answer &answer, const QStringList &versions);

/// All that a refusal says: the error's message and data, or the words of another body.
QString refusalText(const Answer &answer);

} // namespace mooring::mcp
