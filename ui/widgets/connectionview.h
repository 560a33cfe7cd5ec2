// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/activity.h"
#include "connections/state.h"
#include "mcp/probe.h"
#include "mcp/protocol.h"
#include "oauth/clientregistration.h"
#include "text/wording.h"

#include <QUrl>

#include <optional>

namespace mooring::connections {
class Connection;
}

namespace mooring::ui {

/// What the list shows of a connection: plain values, made from a Connection by viewOf(), or by hand.
struct ConnectionView {
    connections::ConnectionRecord record;
    connections::ConnectionState state;
    /// Rights that the server has asked for beyond those that it was given.
    QStringList wantedScopes = {};
    /// The service is still to be told that a sign-in before has ended.
    std::optional<connections::RevocationRecord> pending = {};
};

/// What the page shows in addition; read from disk, so only for the connection that is chosen.
struct ConnectionDetails {
    ConnectionView view;
    QUrl signInUrl;
    /// "GNOME Keyring".
    QString tokensKeptIn;
    QList<connections::ActivityEntry> activity;
    std::optional<mcp::ProbeReport> report;
    std::optional<QList<mcp::Tool>> tools;
    std::optional<mcp::ServerInfo> server;
    std::optional<connections::RegistrationRecord> registration;
    /// A sign-in has been started; the browser may not be open yet.
    bool isSigningIn = false;
    /// Set while the person is asked for a client id.
    std::optional<oauth::ClientNeeded> clientNeeded;
    /// Why the service did not take the client that was entered last.
    QString clientProblem;
    /// The sign-in that is under way uses a client that the person has just entered.
    bool usesTypedClient = false;
};

ConnectionView viewOf(const connections::Connection &connection);
ConnectionDetails detailsOf(const connections::Connection &connection, const QString &tokensKeptIn);

/// Fit to be shown.
QString nameOf(const ConnectionView &view);
QString addressOf(const ConnectionView &view);
/// "mcp.linear.app · work"
QString subtitleOf(const ConnectionView &view);
/// "Linear, mcp.linear.app, Authorized, 54 minutes left": for screen readers.
QString spokenOf(const ConnectionView &view, const QDateTime &now);

} // namespace mooring::ui
