// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/connection.h"
#include "ui/widgets/connectionview.h"

namespace mooring::ui {

ConnectionView viewOf(const connections::Connection &connection)
{
    return {connection.record(), connection.state(), connection.wantedScopes(),
            connection.pendingRevocation()};
}

ConnectionDetails detailsOf(const connections::Connection &connection, const QString &tokensKeptIn)
{
    ConnectionDetails details;
    details.view = viewOf(connection);
    details.signInUrl = connection.signInUrl();
    details.tokensKeptIn = tokensKeptIn;
    details.activity = connection.diary().activity;
    details.report = connection.diary().lastProbe;
    details.tools = connection.tools();
    details.server = connection.serverInfo();
    details.registration = connection.registration();
    return details;
}

} // namespace mooring::ui
