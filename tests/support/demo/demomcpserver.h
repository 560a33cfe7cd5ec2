// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demoserver.h"
#include "demo/demotools.h"

#include <QSet>

#include <vector>

namespace mooring::demo {

/// An MCP server over Streamable HTTP at "/mcp": stateless (2026-07-28) for clients that ask so,
/// with sessions (2025-11-25) for those that say initialize.
class McpServer final {
public:
    McpServer(const QString &name, std::vector<Tool> tools);

    Server &http() { return m_http; }
    QString url() const { return m_http.origin() + QStringLiteral("/mcp"); }

    /// Wants a bearer token that `admits` likes, and names `issuer` as the place to get one (RFC 9728).
    void protect(const QString &issuer, const QStringList &scopes,
                 std::function<bool(const QByteArray &token)> admits);
    /// Wants this header, and says nothing about where to get it.
    void requireKey(const QByteArray &header, const QByteArray &value);

private:
    Response handle(const Request &request);
    Response stateless(const Request &request, const QJsonObject &message) const;
    Response withSession(const Request &request, const QJsonObject &message);
    Response listOrCall(const QJsonObject &message) const;
    Response result(const QJsonObject &message, QJsonObject result) const;
    QJsonObject serverInfo() const;

    QString m_name;
    std::vector<Tool> m_tools;
    Server m_http;
    std::function<std::optional<Response>(const Request &)> m_guard;
    QSet<QByteArray> m_sessions;
};

} // namespace mooring::demo
