// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grantstores.h"
#include "connections/revocation/pendingrevocations.h"

namespace mooring::connections {

/// A grant that is to be revoked, and all that this takes.
struct RevocationJob {
    /// Of the entry that is made if the service can't be told now.
    QString revocationId;
    /// oauth::AuthorizationServer::toRecord().
    QJsonObject server;
    /// Empty for a client that isn't stored: then it is now or never.
    QString registrationId;
    oauth::ClientRegistration client;
    Grant grant;
};

/// Revokes grants of one connection at their service (RFC 7009): the refresh token, then the access token.
/// What the service can't be told now is sealed in the keychain and told later (PendingRevocations), so that
/// the grant itself may go.
class Revoker final {
public:
    /// What is handed in outlives it.
    Revoker(EntryPointer entry, http::Client &http, base::Deadlines deadlines, Registrations &registrations,
            PendingRevocations &pending);

    /// An error means that it was neither told nor sealed.
    base::Task<base::Result<Disconnected>> revoke(RevocationJob job);
    /// The same with the registration and the service that are on record.
    base::Task<base::Result<Disconnected>> revokeOnRecord(Grant grant);
    /// The same for a grant that a newer one has replaced; trouble is only noted. Then the registration goes
    /// that was used for it alone, if there is such a one. Holds what it needs, so it may be run by itself.
    static base::Task<void> revokeReplaced(Revoker revoker, RevocationJob job, QString unusedRegistration);

private:
    EntryPointer m_entry;
    http::Client &m_http;
    base::Deadlines m_deadlines;
    Registrations &m_registrations;
    PendingRevocations &m_pending;
};

} // namespace mooring::connections
