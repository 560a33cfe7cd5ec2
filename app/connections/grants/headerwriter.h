// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grantwriter.h"

namespace mooring::connections {

/// Stores what the person wants every request to a server to carry: headers, one of which may be the key in
/// the place of a sign-in, and the secret part of the server's address. Each call takes the connection's
/// lock. Errors: InvalidInput, Keychain, Storage.
class HeaderWriter final {
public:
    /// `registrations` outlives it.
    HeaderWriter(EntryPointer entry, GrantStores stores, Registrations &registrations,
                 base::Deadlines deadlines);

    /// What is on record, the key first; without the values of secret headers.
    QList<TypedHeader> headers() const;
    /// headers() with `key` in the place of the header of that name, else of the key.
    QList<TypedHeader> headersWithKey(TypedHeader key) const;
    /// In the place of all headers before. Beside a sign-in there is no key; else the first secret header is
    /// the key. A secret one without a value keeps the value that is stored.
    base::Task<base::Result<void>> write(QList<TypedHeader> headers, bool besideSignIn, std::stop_token stop);
    /// The parameters of the server's address that are secrets (http::SplitAddress).
    base::Task<base::Result<void>> writeSecretQuery(base::Secret query, QStringList names,
                                                    std::stop_token stop);
    /// Removes what goes to the server beside a sign-in or a key.
    base::Task<base::Result<void>> forget(std::stop_token stop);

private:
    base::Task<base::Result<QList<TypedHeader>>> withKeptValues(QList<TypedHeader> headers,
                                                                RequestSecrets secrets, std::stop_token stop);

    EntryPointer m_entry;
    GrantStores m_stores;
    base::Deadlines m_deadlines;
    GrantWriter m_grants;
    RequestSecretsWriter m_requestSecrets;
};

} // namespace mooring::connections
