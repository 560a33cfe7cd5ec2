// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "connections/records/revocationrecord.h"

namespace mooring::connections {

/// What became of the grant at the service when it was given back.
enum class RevocationOutcome {
    Revoked,
    NothingToRevoke, ///< there was no token, or only a key
    NotSupported, ///< the service has no way to be told
    NotConfirmed, ///< it could not be told; Disconnected::error says why
    Pending, ///< the same, but it is still tried
};

struct Disconnected {
    RevocationOutcome outcome = RevocationOutcome::NothingToRevoke;
    std::optional<base::Error> error;
    /// The outcome in one sentence.
    QString sentence;
    /// What is still tried.
    std::optional<RevocationRecord> pending = std::nullopt;
};

// What a person is told about a sign-in that has ended here. `host` is that of the service.

Disconnected outcomeOf(RevocationOutcome outcome, const QString &host,
                       const std::optional<base::Error> &error);
/// The service has been told, and answers that it doesn't know the sign-in (any more).
QString unknownText(const QString &host);
/// For what could not be told yet.
Disconnected pendingOutcome(const RevocationRecord &pending, const base::Error &error, const QDateTime &now);

/// "Disconnected here. example.com could not be told yet; trying until tomorrow 14:00." If somebody is signed
/// in there again, it speaks of the sign-in before.
QString pendingText(const RevocationRecord &pending, bool isSignedIn, const QDateTime &now);
/// How trying came to its end.
enum class RevocationEnd {
    Told,
    Unknown, ///< told, and the service didn't know it any more
    Refused, ///< the service won't be told: it knows the client no more, or says no
    GaveUp, ///< not reached for a day
    Forgotten, ///< on the person's order
};
QString endText(RevocationEnd end, const QString &host);

} // namespace mooring::connections
