// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"

#include <QJsonObject>
#include <QString>
#include <QUrl>

#include <functional>
#include <optional>

namespace mooring::mcp {

/// The ways to talk to a server, by age.
enum class Era {
    Unknown,
    Stateless, ///< 2026-07-28: server/discover, no session
    Sessions, ///< 2025-03-26 to 2025-11-25: initialize, Mcp-Session-Id
    HttpSse, ///< 2024-11-05: a GET that stays open brings the answers of POSTs to another address
};

/// For the records file: "stateless", "sessions", "http-sse", "".
QString eraName(Era era);
Era eraFromName(QStringView name);

inline constexpr char16_t statelessVersion[] = u"2026-07-28";
inline constexpr char16_t newestSessionVersion[] = u"2025-11-25";
inline constexpr char16_t httpSseVersion[] = u"2024-11-05";

/// What a server says about itself. Self-reported: show it through base::displayText(), and never
/// as a reason for trust.
struct ServerInfo {
    QString name;
    QString version;
    QString protocolVersion;
    Era era = Era::Unknown;
    /// The version that initialize had to offer, where the server refuses the newest one; empty otherwise.
    QString offered = {};
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

/// What a server wants to know in the middle of a request (MCP elicitation, input-required results).
struct Elicitation {
    /// As it came; show it through base::displayText() only.
    QString message;
    /// A flat JSON Schema object of strings, numbers, booleans and enums; empty in URL mode.
    QJsonObject requestedSchema;
    /// URL mode: a page for the person to open, checked by http::UrlPolicy; invalid otherwise.
    QUrl url;
};

struct ElicitationAnswer {
    enum class Action { Accept, Decline, Cancel };
    Action action = Action::Decline;
    /// By the schema; only with Accept.
    QJsonObject content;
};

/// Asks the person. Without one, servers are told that Mooring can't ask.
using AskPerson = std::function<base::Task<ElicitationAnswer>(Elicitation, std::stop_token)>;

} // namespace mooring::mcp
