// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/connectiondetails.h"

namespace mooring::ui {

using connections::Phase;
using text::ConnectionView;

namespace {

bool isBusy(const ConnectionDetails &details)
{
    const Phase phase = details.view.state.phase;
    return details.isSigningIn || phase == Phase::WaitingForBrowser || phase == Phase::Checking
           || phase == Phase::Disconnecting;
}

} // namespace

ConnectionDetails detailsOf(const connections::Connection &connection, const QString &tokensKeptIn)
{
    ConnectionDetails details;
    details.view = text::viewOf(connection);
    details.view.registration = connection.registration();
    details.signInUrl = connection.signInUrl();
    details.tokensKeptIn = tokensKeptIn;
    details.activity = connection.activityLog().activity;
    details.report = connection.activityLog().lastProbe;
    details.tools = connection.tools();
    details.server = connection.serverInfo();
    return details;
}

std::optional<text::RemedyOffer> offerOf(const ConnectionDetails &details)
{
    const ConnectionView &view = details.view;
    return isBusy(details) ? std::nullopt
                           : text::offerOf(view.record, view.state, view.wantedScopes, details.report);
}

std::optional<text::RemedyOffer> pendingOffer(const ConnectionDetails &details, const QDateTime &now)
{
    const std::optional<connections::RevocationRecord> &pending = details.view.pending;
    if (isBusy(details) || !pending) {
        return std::nullopt;
    }
    return text::pendingOffer(*pending, details.view.state.isSignedIn, now);
}

} // namespace mooring::ui
