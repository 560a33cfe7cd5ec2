// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grant.h"
#include "oauth/clientregistration.h"

namespace mooring::connections {

/// What came of a sign-in, whichever way it was made.
struct IssuedGrant {
    oauth::ClientRegistration client;
    oauth::TokenSet tokens;
    Grant::Source source = Grant::Source::Browser;
};

} // namespace mooring::connections
