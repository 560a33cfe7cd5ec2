// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/signin/clientprovider.h"
#include "connections/signin/issuedgrant.h"
#include "connections/signin/serverprobe.h"
#include "connections/signin/signinprogress.h"

#include <functional>
#include <stop_token>

namespace mooring::connections {

/// What a sign-in works with; shared, because it may go on after the connection is gone.
struct SignInParts {
    EntryPointer entry;
    Services services;
    std::shared_ptr<TokenSource> tokens;
    std::shared_ptr<ScopeRequests> scopes;
    std::shared_ptr<ServerProbe> probe;
};

/// One sign-in, from discovery to the stored grant.
class SignIn final {
public:
    SignIn(SignInParts parts, AuthorizeOptions options, std::shared_ptr<SignInProgress> progress);

    /// The object must outlive the task.
    base::Task<base::Result<void>> run(std::stop_token stop);

private:
    base::Task<base::Result<void>> checkKeychain(std::stop_token stop);
    base::Task<base::Result<oauth::Discovery>> discover(std::stop_token stop);
    QStringList scopesToAsk(const oauth::Discovery &discovery) const;
    base::Result<void> checkIssuer(const oauth::Discovery &discovery) const;
    base::Result<void> checkPage(const oauth::Discovery &discovery) const;
    base::Task<base::Result<IssuedGrant>> obtainGrant(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<IssuedGrant>> inBrowser(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<oauth::TokenSet>>
    waitForBrowser(oauth::Discovery discovery, oauth::ClientRegistration client, std::stop_token stop);
    base::Task<base::Result<void>> keep(oauth::Discovery discovery, IssuedGrant issued, std::stop_token stop);
    /// The authorization code has been used.
    void becomeUnstoppable(const std::stop_token &stop);
    const ConnectionRecord &record() const { return m_parts.entry->record(); }

    SignInParts m_parts;
    AuthorizeOptions m_options;
    std::shared_ptr<SignInProgress> m_progress;
    ClientProvider m_clients;
    /// For tokens that are bound to a key; null if they are not to be.
    std::shared_ptr<oauth::DpopProver> m_dpop;
    std::unique_ptr<std::stop_callback<std::function<void()>>> m_onStop;
    /// HeldGrant::underWay().
    std::shared_ptr<bool> m_underWay = {};
};

} // namespace mooring::connections
