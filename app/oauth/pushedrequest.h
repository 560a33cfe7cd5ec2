// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/authorizationserver.h"
#include "oauth/tokenpost.h"

#include <QDateTime>

namespace mooring::oauth {

/// What stands for a pushed request in the browser's address (RFC 9126 section 2.2).
struct PushedRequest {
    QByteArray requestUri;
    /// When it can't be used any more, UTC.
    QDateTime expiresAt;
};

/// Reads the answer of a pushed authorization request endpoint. An answer that doesn't say for how long it
/// counts (against section 2.2) counts for a minute.
/// Errors: see tokenError(); Protocol if there is no request_uri that fits into an address.
base::Result<PushedRequest> readPushedRequest(const http::Response &response,
                                              const QList<base::Secret> &sent = {});

/// Pushes an authorization request (RFC 9126 section 2.1): `form` is what the browser's address would say.
/// The client proves who it is as at the token endpoint, and a key by its DPoP proof (RFC 9449 section 10.1).
/// Errors: those of readPushedRequest(), Network, Timeout, Cancelled, …
base::Task<base::Result<PushedRequest>> pushRequest(http::Client &client, base::Deadlines deadlines,
                                                    AuthorizationServer server, ClientRegistration identity,
                                                    http::FormFields form, std::shared_ptr<DpopProver> dpop,
                                                    std::stop_token stop);

/// Whether a push that failed says something of the request itself; else it is the endpoint that can't be
/// used.
bool isAboutRequest(const base::Error &error);

/// The request as a signed object (RFC 9101 section 4) in the form that takes its place: client_id and
/// `request`. Errors: SignInNeeded where the client has no key, Protocol where the service doesn't take it.
base::Result<http::FormFields> signedRequest(const AuthorizationServer &server,
                                             const ClientRegistration &client, const http::FormFields &form,
                                             const QDateTime &now);

/// Whether this client could sign a request at that service; the errors of signedRequest().
base::Result<void> checkCanSign(const AuthorizationServer &server, const ClientRegistration &client);

} // namespace mooring::oauth
