// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "oauth/authorizationserver.h"
#include "oauth/dpop.h"
#include "oauth/tokenset.h"

namespace mooring::oauth {

/// Whose account this is, by the ID token that came with the tokens: email, else the name they sign in
/// with, else their name (OpenID Connect Core section 5.1), made fit to be shown. Empty if there is none.
/// Only ever a label: nobody has checked the signature, so nothing may be decided by it.
QString accountLabelOf(const TokenSet &tokens);

/// The same from the userinfo endpoint (OpenID Connect Core section 5.3). Empty without asking if there is
/// no such endpoint at the token endpoint's origin, or if `openid` was not granted: an access token
/// goes nowhere else. Bearer, or DPoP for tokens that are bound to the key of `dpop`.
/// Errors: HttpStatus, Protocol, Network, …; none of them says anything about the sign-in.
base::Task<base::Result<QString>> fetchAccountLabel(http::Client &client, base::Deadlines deadlines,
                                                    AuthorizationServer server, TokenSet tokens,
                                                    std::shared_ptr<DpopProver> dpop, std::stop_token stop);

} // namespace mooring::oauth
