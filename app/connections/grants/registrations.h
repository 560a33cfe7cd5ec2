// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grantstore.h"
#include "connections/records/recordsfile.h"

namespace mooring::connections {

/// The clients that Mooring is known as at sign-in services: entries of the records file, each with its
/// secrets in the keychain. A registration belongs to its issuer and is shared by all its connections.
class Registrations final {
public:
    /// What is handed in outlives it, and it outlives every task.
    Registrations(RecordsFile &records, GrantStore &grants, http::Client &http, base::Deadlines deadlines);

    /// With its secrets. Errors: SignInNeeded if it is gone, Keychain, Storage.
    base::Task<base::Result<oauth::ClientRegistration>> read(QString id, std::stop_token stop);
    /// Its new id. Never stopped: a registration that exists at the service must not be lost here.
    base::Task<base::Result<QString>> save(oauth::ClientRegistration client);
    /// Once a sign-in that has used it is complete: with another process's retire() it may be gone by then.
    base::Task<base::Result<void>> putBack(QString id, oauth::ClientRegistration client);
    /// The service has let it in by another proof than the one that it had registered.
    base::Task<void> setMethod(QString id, oauth::ClientAuthentication method);
    /// Forgets it here, whatever uses it.
    base::Task<void> forget(QString id);
    /// Forgets one that no connection uses any more, and no revocation that is still to be done; a dynamic
    /// one is deleted at the service too, where that is possible (RFC 7592). Does nothing for one that is in
    /// use. `namedBy` is who has led there (SignInSettings::namerOf).
    base::Task<void> retire(QString id, QUrl namedBy);
    /// retire() for what a removed connection leaves behind: its own registration, and old ones of the same
    /// issuer. Young ones may belong to a sign-in that is under way in another process.
    base::Task<void> retireBehind(ConnectionRecord removed);

    /// SecretStore::bring() for the secrets of all registrations.
    base::Task<base::Result<void>> moveSecrets(std::stop_token stop);

private:
    base::Task<base::Result<void>> write(QString id, oauth::ClientRegistration client);

    RecordsFile &m_records;
    GrantStore &m_grants;
    http::Client &m_http;
    base::Deadlines m_deadlines;
};

/// What the record says; without the secrets.
oauth::ClientRegistration toRegistration(const RegistrationRecord &record);

} // namespace mooring::connections
