// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/requestsecretswriter.h"

#include <QObject>

namespace mooring::connections {

/// What requests to the server carry beside or in the place of a token, out of the keychain: the header key,
/// and RequestSecrets. What was read last is kept in memory as long as the record names the same generation.
/// Held by shared_ptr, by running tasks too.
class RequestKeys final : public std::enable_shared_from_this<RequestKeys> {
public:
    static std::shared_ptr<RequestKeys> make(EntryPointer entry, GrantStores stores);

    /// Errors: Keychain; SignInNeeded if it is not there, or the connection is being disconnected.
    base::Task<base::Result<HeaderKey>> headerKey(std::stop_token stop);
    /// Empty where nothing is on record. Errors: Keychain, SignInNeeded.
    base::Task<base::Result<RequestSecrets>> requestSecrets(std::stop_token stop);
    /// The keychain has nothing for the header of that name, though the record says so.
    base::Error missingHeader(const QString &name) const;
    bool hasReadKey() const { return m_key.has_value(); }

private:
    RequestKeys(EntryPointer entry, GrantStores stores);
    void onReplaced(const ConnectionRecord &before);

    EntryPointer m_entry;
    GrantStores m_stores;
    RequestSecretsWriter m_writer;
    std::optional<HeaderKey> m_key;
    std::optional<RequestSecrets> m_secrets;
    QObject m_context;
};

} // namespace mooring::connections
