// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenrequest.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maximumBody = 64 * 1024;

/// Where it goes, nothing goes further: a form with a secret in it follows no redirect.
http::Request formPost(const QUrl &url, const ClientRegistration &client, http::FormFields form,
                       std::chrono::milliseconds deadline, std::chrono::milliseconds idle)
{
    http::Request request;
    request.verb = "POST";
    request.url = url;
    authenticate(client, &form, &request.headers);
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.body = http::encodeForm(form);
    request.limits.deadline = deadline;
    request.limits.idle = idle;
    request.limits.body = maximumBody;
    request.redirects = http::Redirects::Refuse;
    return request;
}

} // namespace

void authenticate(const ClientRegistration &client, http::FormFields *form, http::Headers *headers)
{
    const QByteArray id = client.clientId.toUtf8();
    switch (client.method) {
    case ClientAuthentication::None:
        form->append({"client_id", id});
        break;
    case ClientAuthentication::SecretPost:
        form->append({"client_id", id});
        form->append({"client_secret", client.clientSecret.reveal()});
        break;
    case ClientAuthentication::PrivateKeyJwt:
        break;
    case ClientAuthentication::SecretBasic: {
        const QByteArray pair =
            http::percentEncode(id) + ':' + http::percentEncode(client.clientSecret.reveal());
        headers->set("Authorization", "Basic " + pair.toBase64());
        break;
    }
    }
}

base::Task<base::Result<TokenSet>> refreshTokens(http::Client &client, base::Deadlines deadlines,
                                                 RefreshRequest request, std::stop_token stop)
{
    http::FormFields form = {{"grant_type", "refresh_token"},
                             {"refresh_token", request.refreshToken.reveal()}};
    if (!request.resource.isEmpty()) {
        form.append({"resource", request.resource.toUtf8()});
    }
    http::Request post =
        formPost(request.tokenEndpoint, request.client, form, deadlines.refresh, deadlines.idle);
    const base::Result<http::Response> response = co_await client.send(std::move(post), std::move(stop));
    if (!response) {
        co_return base::failed(response.error());
    }
    base::Result<TokenSet> tokens = readTokenSet(*response, request.scopes);
    if (tokens && tokens->refreshToken.isEmpty()) {
        // RFC 6749 section 6: no new one means that the old one goes on.
        tokens->refreshToken = request.refreshToken;
    }
    co_return tokens;
}

base::Task<base::Result<void>> revokeToken(http::Client &client, base::Deadlines deadlines,
                                           RevocationRequest request, std::stop_token stop)
{
    const http::FormFields form = {{"token", request.token.reveal()}, {"token_type_hint", request.hint}};
    http::Request post =
        formPost(request.revocationEndpoint, request.client, form, deadlines.revocation, deadlines.idle);
    const base::Result<http::Response> response = co_await client.send(std::move(post), std::move(stop));
    if (!response) {
        co_return base::failed(response.error());
    }
    if (response->isSuccess()) {
        co_return base::Result<void>();
    }
    const base::Error error = tokenError(*response, client.clock()());
    // RFC 7009 section 2.2 wants 200 for a token that is not known; services that answer with an
    // error mean the same. That access tokens can't be revoked (section 2.2.1) is no failure either:
    // the refresh token before them was what counted.
    const bool isGone = error.kind == base::ErrorKind::SignInNeeded || error.oauthCode == "invalid_token"_L1
                        || (error.oauthCode == "unsupported_token_type"_L1 && request.hint == "access_token");
    if (isGone) {
        co_return base::Result<void>();
    }
    co_return base::failed(error);
}

} // namespace mooring::oauth
