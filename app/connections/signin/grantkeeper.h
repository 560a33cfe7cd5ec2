// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/signin/clientprovider.h"
#include "connections/signin/issuedgrant.h"
#include "connections/tokens/scoperequests.h"
#include "connections/tokens/tokensource.h"

namespace mooring::connections {

/// Stores what a sign-in has brought, and revokes what it replaces. The tokens exist by then, so they are
/// either stored or revoked. The object outlives its tasks.
class GrantKeeper final {
public:
    /// `clients` outlives it. `dpop`: the key that the tokens are bound to; null if they are not.
    GrantKeeper(EntryPointer entry, Services services, std::shared_ptr<TokenSource> tokens,
                std::shared_ptr<ScopeRequests> scopes, ClientProvider &clients, AuthorizeOptions options,
                std::shared_ptr<oauth::DpopProver> dpop);

    /// Errors: Keychain, Storage; Cancelled if `stop` ended the wait for the connection's lock. The grant has
    /// been revoked then, and the one before is as it was.
    base::Task<base::Result<void>> keep(oauth::Discovery discovery, IssuedGrant issued, std::stop_token stop);
    /// Nobody wants it any more.
    base::Task<void> revoke(oauth::Discovery discovery, IssuedGrant issued);

private:
    Grant grantOf(const oauth::Discovery &discovery, const IssuedGrant &issued) const;
    RevocationJob jobFor(const oauth::Discovery &discovery, const oauth::ClientRegistration &client,
                         const Grant &grant) const;
    /// The sign-in that this one takes the place of. With the connection's lock held.
    base::Task<std::optional<RevocationJob>> readReplaced();
    base::Task<base::Result<void>> store(Grant grant, oauth::Discovery discovery,
                                         oauth::ClientRegistration client);
    /// Its item may have been written over.
    base::Task<void> putBack(Grant old);
    void letGoOf(std::optional<RevocationJob> old, const Grant &grant);
    /// Asks the service whose account it is, if the tokens don't tell.
    static base::Task<void> tellAccount(EntryPointer entry, Services services,
                                        std::shared_ptr<TokenSource> tokens,
                                        oauth::AuthorizationServer server, Grant grant);
    const ConnectionRecord &record() const { return m_entry->record(); }

    EntryPointer m_entry;
    Services m_services;
    std::shared_ptr<TokenSource> m_tokens;
    std::shared_ptr<ScopeRequests> m_scopes;
    ClientProvider &m_clients;
    AuthorizeOptions m_options;
    std::shared_ptr<oauth::DpopProver> m_dpop;
    GrantWriter m_writer;
    RequestSecretsWriter m_requestSecrets;
    Revoker m_revoker;
    QString m_replacedRegistration;
};

} // namespace mooring::connections
