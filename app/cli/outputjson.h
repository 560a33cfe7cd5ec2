// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/probe.h"
#include "text/connectionview.h"

#include <QJsonObject>

namespace mooring::cli {

// What mooringctl prints with --json. Members may be added, none is renamed or removed.
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

} // namespace mooring::cli
