// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/probe.h"
#include "text/connectionview.h"

#include <QJsonObject>

namespace mooring::cli {

// The JSON documents. Members may be added, none is renamed or removed.
QJsonObject toJson(const base::Error &error);
QJsonObject toJson(const text::ConnectionView &view, const QDateTime &now);
/// All of them, under the names of `mooringctl settings`; a number of words is one text.
QJsonObject toJson(const oauth::SignInSettings &settings);
QJsonObject toJson(const connections::TokenFacts &facts, const QDateTime &now);
QJsonObject toJson(const mcp::Tool &tool);
QJsonObject toJson(const mcp::ServerInfo &server);
QJsonObject toJson(const connections::Disconnected &disconnected);
QJsonObject toJson(const connections::RevocationRecord &pending);
/// "revoked", "nothing-to-revoke", "not-supported", "not-confirmed", "pending".
QString outcomeName(connections::RevocationOutcome outcome);
/// One line. Characters that could steer a terminal are escaped inside the strings, so that the
/// line is safe to look at and still exact for a program.
QByteArray jsonLine(const QJsonObject &document);

/// How plain text is written: with colours only where a person looks at a terminal.
struct Style {
    bool hasColours = false;
};

// The same for people. What a server said passes base::displayText() in here. No text ends with a
// line break.
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
/// Names of the settings in which they differ.
QStringList changedSettings(const oauth::SignInSettings &before, const oauth::SignInSettings &after);
QString toolsText(const QList<mcp::Tool> &tools, Style style);
QString resultText(const mcp::ToolResult &result);
/// "Name:   value" lines, aligned; empty values are left out.
QString factsText(const QList<std::pair<QString, QString>> &facts);

} // namespace mooring::cli
