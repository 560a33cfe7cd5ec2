// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "mcp/authorizer.h"
#include "mcp/protocol.h"

#include <memory>

namespace mooring::mcp {

/// A conversation with one server over Streamable HTTP, of both eras, with JSON and SSE answers.
/// Held by shared_ptr; each running call holds it too. A request that is refused with 401 is
/// repeated once if the Authorizer says so; nothing else is ever sent twice.
class Session final : public std::enable_shared_from_this<Session> {
public:
    /// `era` is what is known from last time; Unknown finds out.
    Session(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer &authorizer, Era era);
    ~Session();
    Q_DISABLE_COPY_MOVE(Session)

    /// Agrees on a version. Errors: Protocol with "no MCP server at this address", and all those of
    /// HTTP and of the Authorizer.
    base::Task<base::Result<ServerInfo>> connect(std::stop_token stop);
    /// All pages of tools/list. Connects first if that has not been done.
    base::Task<base::Result<QList<Tool>>> listTools(std::stop_token stop);
    /// Errors: NotFound for a tool the server doesn't know. A tool that fails is a ToolResult with
    /// isError set, not an Error.
    base::Task<base::Result<ToolResult>> callTool(QString name, QJsonObject arguments, std::stop_token stop);
    /// Ends a session at the server (DELETE), best effort; nothing to do for stateless servers.
    base::Task<void> close();

    /// Where the server said it lives now (307 or 308 on the same origin); the URL given otherwise.
    QUrl url() const;

private:
    class Private;
    std::shared_ptr<Private> d;
};

} // namespace mooring::mcp
