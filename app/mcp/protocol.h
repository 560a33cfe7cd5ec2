// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace mooring::mcp {

/// The ways to talk to a server, by age.
enum class Era {
    Unknown,
    Stateless, ///< 2026-07-28: server/discover, no session
    Sessions, ///< 2025-03-26 to 2025-11-25: initialize, Mcp-Session-Id
};

/// For the records file: "stateless", "sessions", "".
QString eraName(Era era);
Era eraFromName(QStringView name);

inline constexpr char16_t statelessVersion[] = u"2026-07-28";
inline constexpr char16_t newestSessionVersion[] = u"2025-11-25";

/// What a server says about itself. Self-reported: show it through base::displayText(), and never
/// as a reason for trust.
struct ServerInfo {
    QString name;
    QString version;
    QString protocolVersion;
    Era era = Era::Unknown;
};

struct Tool {
    QString name;
    QString title;
    QString description;
    QJsonObject inputSchema;
};

/// The result of tools/call as the server gave it.
struct ToolResult {
    bool isError = false;
    QJsonObject result;

    /// The text parts of its content, for a terminal or a window; not made fit to be shown.
    QString text() const;
};

} // namespace mooring::mcp
