// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "oauth/browsersignin.h"
#include "oauth/pushedrequest.h"

namespace mooring::oauth {

/// Which address the browser opens for a sign-in: one with the whole request in it; with the request as a
/// signed object (RFC 9101) where the service takes no other; with no more than a reference where the request
/// was pushed to the service (RFC 9126), which is done wherever it offers that.
class AuthorizationAddress final {
public:
    /// All of it outlives this object and its tasks.
    AuthorizationAddress(http::Client &client, const base::Deadlines &deadlines,
                         const SignInRequest &request);

    /// `whole` is the endpoint's address with all parameters.
    void setRequest(const QUrl &whole);
    /// The address to open; pushes anew each time. An endpoint for pushing that is only offered and doesn't
    /// work is passed over. The object must outlive the task.
    /// Errors: RefusedByPolicy for what no browser may open, those of pushRequest() and signedRequest().
    base::Task<base::Result<QUrl>> prepare(std::stop_token stop);
    /// The last one has a reference in it, which can be used up, and runs out.
    bool isPushed() const { return m_isPushed; }

private:
    bool mustPush() const;
    base::Result<http::FormFields> wholeRequest() const;
    base::Error notPushed(base::Error error) const;
    base::Result<QUrl> addressWith(const http::FormFields &shown) const;
    /// The pairs of the endpoint's own query that the request doesn't say itself (RFC 6749 section 3.1).
    QStringList endpointPairs() const;

    http::Client &m_client;
    const base::Deadlines &m_deadlines;
    const SignInRequest &m_request;
    /// Without what stands in the endpoint's own address.
    http::FormFields m_fields;
    bool m_isPushed = false;
};

} // namespace mooring::oauth
