// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "connections/revocation/pendingtokens.h"
#include "http/client.h"
#include "oauth/clientregistration.h"

namespace mooring::connections {

/// What came of telling a service that a sign-in is over.
struct RevocationResult {
    /// What the service has not ended.
    base::Secret refreshLeft;
    base::Secret accessLeft;
    /// An access token that can't be called back is good until then (RFC 7009 section 2.2.1).
    std::optional<QDateTime> livesUntil;
    /// The refresh token's, if there are two. None: all is told.
    std::optional<base::Error> failure;
    /// It may go better another time.
    bool mayPass = false;
    /// The failure is that there is nothing at the address where the service is told.
    bool hasNoWay = false;
    /// The service has said of a token that it ended it.
    bool hasEnded = false;
};

/// Revokes the refresh token, then the access token, each by itself: that one failed is no reason to leave
/// the other alive. `http` outlives the task.
base::Task<RevocationResult> revokeTokens(http::Client &http, base::Deadlines deadlines, PendingTokens tokens,
                                          oauth::ClientRegistration client, std::stop_token stop);

} // namespace mooring::connections
