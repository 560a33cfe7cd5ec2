// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/toolheaders.h"

#include <QHash>
#include <QSet>

namespace mooring::mcp {

/// Of the tools that a server of 2026-07-28 has listed: which arguments of each go into headers. Whoever
/// calls tools there keeps one, and fills it from each list.
class ToolHeaderTable final {
public:
    void clear();
    /// Errors: those of ToolHeaders::fromSchema(); such a tool must not be used.
    base::Result<void> learn(const QString &name, const QJsonObject &inputSchema);

    /// The headers of a call; none for a tool that nobody has listed.
    http::Headers headersFor(const QString &name, const QJsonObject &arguments) const;
    /// Described against the rules.
    bool isFaulty(const QString &name) const { return m_faulty.contains(name); }

private:
    QHash<QString, ToolHeaders> m_headers;
    QSet<QString> m_faulty;
};

} // namespace mooring::mcp
