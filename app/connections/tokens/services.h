// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/revocation/revoker.h"
#include "oauth/browsersignin.h"

namespace mooring::connections {

/// What every connection needs. All of it outlives every connection and every task.
struct Services {
    http::Client &http;
    RecordsFile &records;
    GrantStores stores;
    Registrations &registrations;
    PendingRevocations &revocations;
    base::Clock clock;
    base::Deadlines deadlines;
    oauth::OpenUrl openUrl;
    base::TaskScope &tasks;
};

} // namespace mooring::connections
