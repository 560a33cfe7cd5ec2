// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/activitylog.h"
#include "mcp/probe.h"
#include "mcp/protocol.h"
#include "oauth/clientregistration.h"
#include "text/connectionview.h"
#include "text/remedyoffer.h"

#include <QUrl>

#include <optional>

namespace mooring::ui {

/// What the page shows of the connection that is chosen: more than the list, and partly read from disk.
struct ConnectionDetails {
    text::ConnectionView view;
    QUrl signInUrl;
    /// "GNOME Keyring".
    QString tokensKeptIn;
    QList<connections::ActivityEntry> activity;
    std::optional<mcp::ProbeReport> report;
    std::optional<QList<mcp::Tool>> tools;
    std::optional<mcp::ServerInfo> server;
    /// A sign-in has been started; the browser may not be open yet.
    bool isSigningIn = false;
    /// Set while the person is asked for a client id.
    std::optional<oauth::ClientNeeded> clientNeeded;
    /// Why the service did not take the client that was entered last.
    QString clientProblem;
    /// The sign-in that is under way uses a client that the person has just entered.
    bool usesTypedClient = false;
};

ConnectionDetails detailsOf(const connections::Connection &connection, const QString &tokensKeptIn);

/// Nothing while a sign-in is under way, or where nothing would help.
std::optional<text::RemedyOffer> offerOf(const ConnectionDetails &details);
/// What can wait for its turn: nothing has to be done about a service that is still to be told.
std::optional<text::RemedyOffer> pendingOffer(const ConnectionDetails &details, const QDateTime &now);

} // namespace mooring::ui
