// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/tokens/connectionauthorizer.h"
#include "mcp/session.h"

namespace mooring::connections {

/// Uses the server of a connection: its tools, and what is learnt about the server by the way. Held by
/// shared_ptr, by running tasks too.
class ServerUse final : public std::enable_shared_from_this<ServerUse> {
public:
    ServerUse(EntryPointer entry, Services services, std::shared_ptr<CredentialSources> sources);

    base::Task<base::Result<QList<mcp::Tool>>> listTools(std::stop_token stop);
    /// MoreScopeNeeded if the sign-in does not allow it.
    base::Task<base::Result<mcp::ToolResult>> callTool(QString name, QJsonObject arguments,
                                                       mcp::AskPerson ask, std::stop_token stop);
    base::Task<void> close();

    /// What the last listTools() found.
    const std::optional<QList<mcp::Tool>> &tools() const { return m_tools; }
    /// What the person has to know about that list: that its end may be missing. Empty if nothing.
    const QString &toolsNote() const { return m_toolsNote; }
    const std::optional<mcp::ServerInfo> &serverInfo() const { return m_serverInfo; }

private:
    std::shared_ptr<mcp::Session> session();
    base::Task<void> afterUse(std::shared_ptr<mcp::Session> used, std::optional<base::Error> error);
    base::Task<void> recordLearnt(std::shared_ptr<mcp::Session> used);
    void noteTools(const QList<mcp::Tool> &tools, const QString &listNote);
    /// For other processes: an outage, or that there is none any more.
    void noteOutage(const std::optional<base::Error> &error);
    void forget();

    EntryPointer m_entry;
    Services m_services;
    ConnectionAuthorizer m_authorizer;
    std::shared_ptr<mcp::Session> m_session;
    std::optional<QList<mcp::Tool>> m_tools;
    QString m_toolsNote;
    std::optional<mcp::ServerInfo> m_serverInfo;
    QObject m_context;
};

} // namespace mooring::connections
