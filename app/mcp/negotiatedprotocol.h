// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/client.h"
#include "http/sessioncookies.h"
#include "mcp/call.h"
#include "mcp/protocol.h"

#include <memory>

namespace mooring::mcp {

class ServerStream;

/// Mooring's own name and version, as servers get to know them.
QJsonObject ownClientInfo();

/// What was agreed with a server, and how messages are put to it by that. The one place for the headers that
/// every MCP request carries, credentials aside.
struct NegotiatedProtocol {
    Era era = Era::Unknown;
    /// Empty before it is agreed (initialize).
    QString version;
    /// What initialize offers; empty for the newest.
    QString offered = {};
    QByteArray sessionId;
    /// Who the server was told that we are.
    QJsonObject clientInfo = ownClientInfo();
    /// What the server was told at initialize that we can do for it; with servers of 2026-07-28 it is each
    /// call that tells.
    QJsonObject capabilities = {};
    /// HttpSse: what brings the answers, and where the POSTs go.
    std::shared_ptr<ServerStream> stream = nullptr;
    QUrl endpoint = {};
    /// Null where none are kept.
    std::shared_ptr<http::SessionCookies> cookies = nullptr;

    /// The same session, or stream, or neither.
    bool isSameConversation(const NegotiatedProtocol &other) const;
    void learn(const http::ResponseHead &head) const;

    /// The headers of every POST.
    http::Headers headersFor(const Call &call) const;
    /// The whole POST. `id` doesn't count for notifications. With servers of 2026-07-28, what `_meta` of the
    /// parameters lacks of the client and the version is put into it; what a caller says there itself stays,
    /// but for the version.
    http::Request post(const Call &call, const QUrl &url, qint64 id) const;
    /// A POST with a ready-made JSON-RPC text: the answer to a server's own request.
    http::Request postReply(const QByteArray &text, const QUrl &url, const http::Limits &limits) const;
    /// A GET for the stream of a server (MCP 2025-11-25, "Listening for Messages from the Server", and MCP
    /// 2024-11-05), or for the rest of one that broke off behind the event `lastEventId`.
    http::Request listen(const QByteArray &lastEventId, const QUrl &url, const http::Limits &limits) const;
    /// Ends a session (MCP 2025-11-25, Streamable HTTP, "Session Management"). Takes two seconds at most.
    http::Request endSession(const QUrl &url) const;
    /// The request with the cookies of the session, and at the address where POSTs go: that of the server,
    /// but with HTTP+SSE the endpoint, which is of the same origin. Credentials are for the server, so they
    /// are put in before.
    http::Request routed(http::Request request) const;

    Call discover(const http::Limits &limits) const;
    Call initialize(const http::Limits &limits) const;

private:
    QByteArray paramsFor(const Call &call) const;
};

/// A text as a header value (MCP 2026-07-28, Streamable HTTP, "Value Encoding"): itself if it is
/// printable ASCII without spaces at its edges, else in base64 between =?base64? and ?=.
QByteArray headerValue(const QString &text);

} // namespace mooring::mcp
