// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records.h"
#include "oauth/tokenset.h"
#include "storage/secretitems.h"
#include "storage/secretstore.h"

#include <optional>

namespace mooring::connections {

/// What the keychain holds for a connection. It carries its address: it is sent nowhere else.
struct Grant {
    qint64 generation = 0;
    oauth::TokenSet tokens;
    QString issuer;
    QString resource;
    QUrl tokenEndpoint;
    QString clientId;
    /// Got because a server had refused its predecessor before its time. If this one is refused
    /// too without ever having been accepted, refreshing again would only be a loop.
    bool afterRefusal = false;
};

/// A header key, with the origin of the only server that may see it.
struct HeaderKey {
    qint64 generation = 0;
    QString headerName;
    base::Secret value;
    QString origin;
};

/// Reads and writes the secrets of connections and registrations. Success of a write means that
/// it was read back. Errors: Keychain, each with its case; "nothing there" is no error.
class GrantStore final {
public:
    /// `store` outlives it.
    GrantStore(storage::SecretStore &store, QString keyPrefix);

    base::Task<base::Result<std::optional<Grant>>> readGrant(QString connectionId, std::stop_token stop);
    base::Task<base::Result<void>> writeGrant(QString connectionId, Grant grant, std::stop_token stop);
    base::Task<base::Result<std::optional<HeaderKey>>> readHeaderKey(QString connectionId,
                                                                     std::stop_token stop);
    base::Task<base::Result<void>> writeHeaderKey(QString connectionId, HeaderKey key, std::stop_token stop);
    /// Removes the grant or the header key of a connection.
    base::Task<base::Result<void>> remove(QString connectionId, std::stop_token stop);

    /// Ends when no keychain job for that connection runs any more; see SecretStore::settled().
    base::Task<void> settled(QString connectionId);

    /// SignInNeeded if it is not there.
    base::Task<base::Result<base::Secret>> readClientSecret(QString registrationId, std::stop_token stop);
    base::Task<base::Result<void>> writeClientSecret(QString registrationId, base::Secret secret,
                                                     std::stop_token stop);
    base::Task<base::Result<void>> removeClientSecret(QString registrationId, std::stop_token stop);

    storage::SecretStore &store() { return m_store; }

private:
    QString connectionKey(const QString &id) const;
    QString registrationKey(const QString &id) const;

    storage::SecretStore &m_store;
    storage::SecretItems m_items;
    QString m_keyPrefix;
};

} // namespace mooring::connections
