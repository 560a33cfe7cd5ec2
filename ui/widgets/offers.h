// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/offers.h"
#include "ui/widgets/connectionview.h"

namespace mooring::ui {

using text::Offer;

/// Nothing while a sign-in is under way, or where nothing would help.
std::optional<Offer> offerOf(const ConnectionDetails &details);
/// What can wait for its turn: nothing has to be done about a service that is still to be told.
std::optional<Offer> pendingOffer(const ConnectionDetails &details, const QDateTime &now);

} // namespace mooring::ui
