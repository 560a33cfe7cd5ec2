// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/tokens/heldgrant.h"
#include "connections/tokens/services.h"
#include "oauth/tokenrequest.h"

namespace mooring::connections {

/// One renewal as the authorization server sees it: the refresh request (RFC 6749 section 6), or for a grant
/// that Mooring got as itself the same token request once more. Once it is posted nothing stops it. The
/// object outlives its task.
class RenewalRequest final {
public:
    RenewalRequest(EntryPointer entry, Services services, std::shared_ptr<HeldGrant> held);

    base::Task<base::Result<oauth::TokenSet>> send(Grant old, oauth::ClientRegistration client);

    /// The service has refused `resource` and taken the same request without it.
    bool omitsResource() const { return m_omitsResource; }
    /// An answer was lost, so the refresh token may have been used up.
    bool wasInterrupted() const { return m_wasInterrupted; }

private:
    oauth::RefreshRequest requestFor(const Grant &grant, oauth::ClientRegistration client) const;
    base::Task<base::Result<oauth::TokenSet>> post(oauth::RefreshRequest request);
    base::Task<base::Result<oauth::TokenSet>> postOnce(oauth::RefreshRequest request);
    base::Task<base::Result<oauth::TokenSet>> askAgain(Grant old, oauth::ClientRegistration client);

    EntryPointer m_entry;
    Services m_services;
    std::shared_ptr<HeldGrant> m_held;
    bool m_omitsResource = false;
    bool m_wasInterrupted = false;
};

} // namespace mooring::connections
