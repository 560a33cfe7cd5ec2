// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/tokenrequest.h"

namespace mooring::oauth {

// Grants without a browser. Each posts once (and once more with a nonce, where DPoP wants one); none
// brings a refresh token that is needed: a new token is had by asking again.

/// RFC 6749 section 4.4, as the MCP extension oauth-client-credentials has it.
struct ClientCredentialsRequest {
    AuthorizationServer server;
    /// Must authenticate itself: with a secret or a key.
    ClientRegistration client;
    QString resource;
    QStringList scopes;
    std::shared_ptr<DpopProver> dpop = {};
};
base::Task<base::Result<TokenSet>> requestClientCredentials(http::Client &client, base::Deadlines deadlines,
                                                            ClientCredentialsRequest request,
                                                            std::stop_token stop);

/// The MCP extension enterprise-managed-authorization: an ID token becomes an ID-JAG at the identity
/// provider (RFC 8693).
struct IdJagRequest {
    QUrl idpTokenEndpoint;
    /// Mooring at the identity provider.
    ClientRegistration idpClient;
    base::Secret idToken;
    /// The issuer of the MCP server's authorization server.
    QString audience;
    QString resource;
    QStringList scopes;
};
base::Task<base::Result<base::Secret>> requestIdJag(http::Client &client, base::Deadlines deadlines,
                                                    IdJagRequest request, std::stop_token stop);

/// RFC 7523 section 2.1: an assertion (an ID-JAG, or the JWT of a workload) becomes an access token.
struct JwtBearerRequest {
    AuthorizationServer server;
    /// No client id: nothing about a client is sent (workload identity federation).
    ClientRegistration client;
    base::Secret assertion;
    QString resource;
    QStringList scopes;
    std::shared_ptr<DpopProver> dpop = {};
};
base::Task<base::Result<TokenSet>> requestJwtBearer(http::Client &client, base::Deadlines deadlines,
                                                    JwtBearerRequest request, std::stop_token stop);

} // namespace mooring::oauth
