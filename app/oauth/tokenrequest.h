// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "oauth/clientauthentication.h"
#include "oauth/dpop.h"
#include "oauth/tokenset.h"

namespace mooring::oauth {

struct RefreshRequest {
    QUrl tokenEndpoint;
    ClientRegistration client;
    base::Secret refreshToken;
    /// RFC 8707; the very text used at sign-in.
    QString resource;
    /// What is granted now; kept if the answer names none. Not sent.
    QStringList scopes;
    /// What was asked for at sign-in; sent if not empty.
    QStringList scopesToSend = {};
    std::shared_ptr<DpopProver> dpop = {};
    /// Who has named the endpoint, as in http::Request.
    QUrl namedBy = {};
};

/// Trades a refresh token (RFC 6749 section 6). Posts once, and again only where tokenpost.h allows it.
/// An answer without a new refresh token keeps the old one. `stop` ends the request too: callers that must
/// not lose the answer pass a token that nobody stops. Errors: see tokenError(); Network and Timeout if the
/// answer was lost. The remedy omitsResource says that leaving `resource` out may help: any 400 while it was
/// sent that is not about the grant or the client. sendsScopeOnRefresh says that `scopesToSend` may help.
/// SignInNeeded also where the service says in words of its own that the grant has ended.
base::Task<base::Result<TokenSet>> refreshTokens(http::Client &client, base::Deadlines deadlines,
                                                 RefreshRequest request, std::stop_token stop);

struct RevocationRequest {
    QUrl revocationEndpoint;
    ClientRegistration client;
    base::Secret token;
    /// "refresh_token" or "access_token".
    QByteArray hint;
    /// Who has named the endpoint, as in http::Request.
    QUrl namedBy = {};
};

/// What a service has done about a token that it was told of.
enum class Revocation {
    Ended, ///< it has ended it, so it says
    Unknown, ///< it doesn't know it (any more)
    LivesOut, ///< an access token that can't be ended (RFC 7009 section 2.2.1): good until it expires
};

/// Ends a token at the service (RFC 7009). Errors: HttpStatus (503 with retryAt means "still valid, come
/// back"), Protocol for an error inside a success, Network, …
base::Task<base::Result<Revocation>> revokeToken(http::Client &client, base::Deadlines deadlines,
                                                 RevocationRequest request, std::stop_token stop);

} // namespace mooring::oauth
