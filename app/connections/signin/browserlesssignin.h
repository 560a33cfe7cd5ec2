// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/signin/clientprovider.h"
#include "connections/signin/issuedgrant.h"

namespace mooring::connections {

/// The ways to get a grant that need no browser: as Mooring itself (client credentials, RFC 6749
/// section 4.4), and with an assertion that somebody hands in (JWT bearer, RFC 7523). The object outlives its
/// tasks.
class BrowserlessSignIn final {
public:
    /// What is handed in outlives it.
    BrowserlessSignIn(const ConnectionEntry &entry, Services services, ClientProvider &clients,
                      std::shared_ptr<oauth::DpopProver> dpop);

    base::Task<base::Result<IssuedGrant>> asItself(oauth::Discovery discovery, std::stop_token stop);
    /// `client`: what was typed in to go with the assertion, if anything.
    base::Task<base::Result<IssuedGrant>> withAssertion(AssertionGrant assertion,
                                                        std::optional<ClientCredentials> client,
                                                        oauth::Discovery discovery, std::stop_token stop);

private:
    base::Task<base::Result<base::Secret>> tradeIdToken(AssertionGrant assertion, oauth::Discovery discovery,
                                                        std::stop_token stop);
    QString resourceToSend(const oauth::Discovery &discovery) const;

    const ConnectionEntry &m_entry;
    Services m_services;
    ClientProvider &m_clients;
    std::shared_ptr<oauth::DpopProver> m_dpop;
};

} // namespace mooring::connections
