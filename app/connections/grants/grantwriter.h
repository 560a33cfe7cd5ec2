// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/registrations.h"
#include "connections/grants/requestsecretswriter.h"
#include "connections/records/typedheaders.h"

namespace mooring::connections {

/// Puts the grant of a sign-in, or a header key, into the keychain. The record says what is coming
/// (PendingWrite), then the item is written and read back, then the record takes it in. So a process that is
/// ended in between leaves nothing in the keychain that nobody knows of, and loses no sign-in that is
/// complete: whoever needs the credential next settles it. Errors: Keychain, Storage.
class GrantWriter final {
public:
    /// `registrations` outlives it.
    GrantWriter(EntryPointer entry, GrantStores stores, Registrations &registrations,
                base::Deadlines deadlines);

    /// The caller holds the connection's lock. `client` is the one that the sign-in has used; it is written
    /// again if another process has removed it meanwhile. With an error the record is as it was, but the item
    /// may have been written over.
    base::Task<base::Result<void>> writeGrant(PendingWrite pending, Grant grant,
                                              oauth::ClientRegistration client);
    /// The caller holds the connection's lock.
    base::Task<base::Result<void>> writeHeaderKey(TypedHeader key, std::stop_token stop);

    /// Looks in the keychain for what the record says is being written. The caller holds the connection's
    /// lock.
    base::Task<base::Result<void>> settle();
    /// The same with the lock; does nothing where nothing was interrupted.
    base::Task<base::Result<void>> settleInterrupted(std::stop_token stop);

private:
    EntryPointer m_entry;
    GrantStores m_stores;
    Registrations &m_registrations;
    base::Deadlines m_deadlines;
    RequestSecretsWriter m_requestSecrets;
};

} // namespace mooring::connections
