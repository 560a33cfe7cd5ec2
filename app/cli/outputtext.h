// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/style.h"
#include "mcp/probe.h"
#include "text/connectionview.h"

namespace mooring::cli {

// What mooringctl prints for people. What a server said passes base::displayText() in here. No text ends with
// a line break.
QString errorText(const base::Error &error, Style style);
/// With the ids, where two have the same name or `showsIds`.
QString listText(const QList<text::ConnectionView> &views, Style style, const QDateTime &now,
                 bool showsIds = false);
QString statusText(const text::ConnectionView &view, Style style, const QDateTime &now);
/// With the name of the connection, and how to end it.
QString pendingText(const connections::RevocationRecord &pending, const QDateTime &now);
QString stepText(const http::Step &step, Style style);
QString verdictText(const mcp::ProbeReport &report, Style style);
QString tokenText(const connections::TokenFacts &facts, const QDateTime &now);
/// Each setting with its value and what it means.
QString settingsText(const oauth::SignInSettings &settings, Style style);
QString toolsText(const QList<mcp::Tool> &tools, Style style);
QString resultText(const mcp::ToolResult &result);
/// "Name:   value" lines, aligned; empty values are left out.
QString factsText(const QList<std::pair<QString, QString>> &facts);

} // namespace mooring::cli
