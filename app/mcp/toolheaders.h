// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "http/headers.h"

#include <QJsonObject>
#include <QStringList>

namespace mooring::mcp {

/// Which arguments of a tool are repeated as headers (MCP 2026-07-28, Streamable HTTP, "Custom Headers from
/// Tool Parameters"): the properties of its schema that have an `x-mcp-header`.
class ToolHeaders final {
public:
    /// Errors: Protocol, with the reason in detail, for annotations against the rules. Such a tool must not
    /// be used.
    static base::Result<ToolHeaders> fromSchema(const QJsonObject &inputSchema);

    /// "Mcp-Param-Region: us-west1" and so on; nothing for what is null, absent, or not of its type.
    http::Headers forArguments(const QJsonObject &arguments) const;

private:
    struct Mirror {
        QByteArray header;
        /// Names of properties, from the root.
        QStringList path;
    };
    QString collect(const QJsonObject &schema, const QStringList &path, bool isReachable);
    QString take(const QJsonObject &schema, const QStringList &path, bool isReachable);
    QString searchElsewhere(const QString &keyword, const QJsonValue &value);

    QList<Mirror> m_mirrors;
};

} // namespace mooring::mcp
