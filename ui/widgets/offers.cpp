// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/offers.h"

namespace mooring::ui {

using connections::Phase;

namespace {

bool isBusy(const ConnectionDetails &details)
{
    const Phase phase = details.view.state.phase;
    return details.isSigningIn || phase == Phase::WaitingForBrowser || phase == Phase::Checking
           || phase == Phase::Disconnecting;
}

} // namespace

std::optional<Offer> offerOf(const ConnectionDetails &details)
{
    const ConnectionView &view = details.view;
    return isBusy(details) ? std::nullopt
                           : text::offerOf(view.record, view.state, view.wantedScopes, details.report);
}

std::optional<Offer> pendingOffer(const ConnectionDetails &details, const QDateTime &now)
{
    const std::optional<connections::RevocationRecord> &pending = details.view.pending;
    if (isBusy(details) || !pending) {
        return std::nullopt;
    }
    return text::pendingOffer(*pending, details.view.state.isSignedIn, now);
}

} // namespace mooring::ui
