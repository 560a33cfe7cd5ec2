// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/revocation/revoketokens.h"

#include "oauth/tokenrequest.h"

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

/// There is no such endpoint, whatever the metadata says: tomorrow there is none either.
bool isNoWay(const base::Error &error)
{
    const int status = error.kind == ErrorKind::HttpStatus ? error.httpStatus : 0;
    return error.oauthCode.isEmpty()
           && (status == 400 || status == 404 || status == 405 || status == 410 || status == 501);
}

bool mayPassWithTime(const base::Error &error)
{
    const bool isStatus = error.kind == ErrorKind::HttpStatus || error.kind == ErrorKind::SignInNeeded
                          || error.kind == ErrorKind::Denied;
    if (isNoWay(error)) {
        return false;
    }
    if (error.isTransient()) {
        return true;
    }
    const bool isAnswer = isStatus || (error.kind == ErrorKind::Protocol && !error.oauthCode.isEmpty());
    // An error code (RFC 7009 section 2.2.1) is the service's own word, and the last. A bare status can come
    // from anything in between: the login page of a network, a proxy, a service that is half deployed.
    return !isAnswer || error.oauthCode.isEmpty();
}

void take(const base::Error &error, RevocationResult *telling)
{
    telling->mayPass = telling->mayPass || mayPassWithTime(error);
    telling->hasNoWay = telling->hasNoWay || isNoWay(error);
    if (!telling->failure) {
        telling->failure = error;
    } else if (error.retryAt && (!telling->failure->retryAt || *telling->failure->retryAt < *error.retryAt)) {
        telling->failure->retryAt = error.retryAt;
    }
}

} // namespace

Task<RevocationResult> revokeTokens(http::Client &http, base::Deadlines deadlines, PendingTokens tokens,
                                    oauth::ClientRegistration client, std::stop_token stop)
{
    RevocationResult telling;
    for (const bool isRefresh : {true, false}) {
        oauth::RevocationRequest request;
        request.revocationEndpoint = tokens.endpoint;
        request.namedBy = tokens.namedBy;
        request.client = client;
        request.token = isRefresh ? tokens.refreshToken : tokens.accessToken;
        request.hint = isRefresh ? "refresh_token" : "access_token";
        if (request.token.isEmpty()) {
            continue;
        }
        Result<oauth::Revocation> revoked =
            co_await oauth::revokeToken(http, deadlines, std::move(request), stop);
        if (!revoked) {
            take(revoked.error(), &telling);
            (isRefresh ? telling.refreshLeft : telling.accessLeft) =
                isRefresh ? tokens.refreshToken : tokens.accessToken;
        } else if (*revoked == oauth::Revocation::LivesOut) {
            telling.livesUntil = tokens.accessExpiresAt;
        } else if (*revoked == oauth::Revocation::Ended) {
            telling.hasEnded = true;
        }
    }
    co_return telling;
}

} // namespace mooring::connections
