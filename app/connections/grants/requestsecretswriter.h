// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grantstores.h"

namespace mooring::connections {

/// Reads and writes the keychain item of a connection that has what is secret in its requests beside the
/// grant or the key (RequestSecrets). The record is told before the item is written and again afterwards, so
/// that a process that ends in between leaves nothing that nobody knows of. Whoever writes holds the
/// connection's lock. Errors: Keychain, Storage.
class RequestSecretsWriter final {
public:
    RequestSecretsWriter(EntryPointer entry, GrantStores stores);

    /// What is on record. SignInNeeded if the keychain has lost it.
    base::Task<base::Result<RequestSecrets>> read(std::stop_token stop);
    /// Replaces it, and what the record says of it.
    base::Task<base::Result<void>> write(RequestSecrets secrets, QList<SentHeader> headers,
                                         QStringList secretQuery, std::stop_token stop);
    base::Task<base::Result<void>> remove(std::stop_token stop);
    /// Looks in the keychain for what the record says is being written: a process was ended in between.
    base::Task<base::Result<void>> settle();
    /// Drops the values of secret headers that the record doesn't list, or of all headers.
    base::Task<base::Result<void>> tidy(bool all);

private:
    base::Task<base::Result<void>> drop(PendingRequestSecrets last, std::stop_token stop);

    EntryPointer m_entry;
    GrantStores m_stores;
};

} // namespace mooring::connections
