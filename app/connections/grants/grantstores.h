// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grantstore.h"
#include "connections/records/connectionentry.h"

namespace mooring::connections {

/// The two places where the credentials of a profile may be. Both outlive whatever holds this.
struct GrantStores {
    GrantStore &keychain;
    /// Where sign-ins "for this window only" are kept: memory of this process.
    GrantStore &window;

    GrantStore &of(const ConnectionEntry &entry) const { return entry.isWindowOnly() ? window : keychain; }
};

} // namespace mooring::connections
