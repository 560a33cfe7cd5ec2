// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/tokens/requestkeys.h"
#include "connections/tokens/scoperequests.h"
#include "connections/tokens/tokensource.h"
#include "mcp/authorizer.h"

#include <memory>

namespace mooring::connections {

/// What an authorizer takes credentials from, and tells what came of them.
struct CredentialSources {
    EntryPointer entry;
    std::shared_ptr<TokenSource> tokens;
    std::shared_ptr<RequestKeys> keys;
    std::shared_ptr<ScopeRequests> scopes;
    GrantWriter writer;
    base::TaskScope &tasks;
};

/// Puts a connection's credential on requests to its server, and to nobody else: the stamp of the credential
/// is compared with the address of each request.
class ConnectionAuthorizer final : public mcp::Authorizer {
public:
    /// How much of what a connection has goes along.
    enum class Extent {
        All,
        BesideSignIn, ///< headers and a key in the address: to look at a server without spending a token
    };

    ConnectionAuthorizer(std::shared_ptr<CredentialSources> sources, Extent extent);

    Key key() const override;
    base::Task<base::Result<http::Request>> authorize(http::Request request, std::stop_token stop) override;
    base::Task<base::Result<void>> onChallenge(http::Request sent, http::ResponseHead refusal,
                                               QList<oauth::Challenge> challenges,
                                               std::stop_token stop) override;
    base::Task<base::Result<bool>> onDoubt(http::Request sent, std::stop_token stop) override;
    void onStillRefused(const http::Request &sent) override;
    void onAccepted(const http::Request &sent, const http::ResponseHead &head) override;

private:
    // Tasks hold what they use, so that they may outlive the authorizer.
    using SourcesPointer = std::shared_ptr<CredentialSources>;
    /// With the headers and the key in the address.
    static base::Task<base::Result<http::Request>> withHeaders(SourcesPointer sources, http::Request request,
                                                               bool withSecretHeaders, std::stop_token stop);
    static base::Task<base::Result<http::Request>> withKey(SourcesPointer sources, http::Request request,
                                                           std::stop_token stop);
    static base::Task<base::Result<http::Request>> withToken(SourcesPointer sources, http::Request request,
                                                             std::stop_token stop);

    SourcesPointer m_sources;
    Extent m_extent;
};

} // namespace mooring::connections
