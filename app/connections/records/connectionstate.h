// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "connections/records/connectionrecord.h"

#include <QDateTime>
#include <QString>

#include <optional>

namespace mooring::connections {

/// The one word for how a connection is doing; see wording.h for how it is said.
enum class Phase {
    NotChecked, ///< added, but nobody has looked yet
    Checking,
    Open, ///< no sign-in needed
    ApiKey, ///< a header key is used
    KeyRefused, ///< the server does not accept the key
    NotMcp, ///< no MCP server at this address
    NotAuthorized, ///< needs a sign-in
    WaitingForBrowser,
    Authorized, ///< the access token is fresh, or nobody told when it ends
    RenewsOnUse, ///< the access token has ended, a refresh token is there
    Unreachable, ///< can't be reached now, whether signed in or not; nothing is lost
    SignInExpired, ///< the service ended the grant, or it ended without a refresh token
    Disconnecting,
    KeychainTrouble,
    Stopped, ///< for safety
    SignInUnusable, ///< it has a sign-in that can't be used; who can mend it stands in the reason
    Blocked, ///< something in front of the server refuses Mooring
    UnknownVersions, ///< an MCP server, but of versions that Mooring doesn't know
};

/// The stable name for `mooringctl --json`: "authorized", "renews-on-use", …
QString phaseName(Phase phase);

/// What only this process knows about a connection.
struct LiveFacts {
    bool checking = false;
    bool waitingForBrowser = false;
    bool disconnecting = false;
    /// The keychain shows its prompt.
    bool waitingForKeychain = false;
    bool windowOnly = false;
    /// `trouble` is why the last sign-in came to nothing; it says nothing about the grant that is
    /// there, or about the server.
    bool signInFailed = false;
    /// Trouble of this process's last attempt; wins over what the record says.
    std::optional<base::Error> trouble;
};

/// How a connection is doing now: worked out from the record and the live facts each time it is
/// asked for, never stored.
struct ConnectionState {
    Phase phase = Phase::NotChecked;
    /// Signed in (with whatever trouble): there is a grant.
    bool isSignedIn = false;
    bool isWindowOnly = false;
    bool isWaitingForKeychain = false;
    std::optional<QDateTime> expiresAt;
    bool hasRefreshToken = false;
    /// Why, for the phases that need a reason.
    std::optional<base::Error> error;
};

ConnectionState stateOf(const ConnectionRecord &record, const LiveFacts &live, const QDateTime &now);

} // namespace mooring::connections
