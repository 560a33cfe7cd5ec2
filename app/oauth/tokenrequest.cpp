// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenrequest.h"

#include "base/strictjson.h"
#include "oauth/refusal.h"
#include "oauth/signinsettings.h"
#include "oauth/tokenpost.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

/// What may help against a refused refresh, for whoever calls to try or to offer.
base::Error withRefreshRemedy(base::Error error, const RefreshRequest &request)
{
    const bool isAboutRequest = error.httpStatus == 400 && !error.isTransient()
                                && error.kind != base::ErrorKind::SignInNeeded
                                && error.kind != base::ErrorKind::Denied && !isClientRefusal(error.oauthCode);
    if (error.detail.contains("AADSTS90009"_L1) && request.scopesToSend.isEmpty()) {
        // Entra takes a refresh without a scope for one of the app for itself.
        error.remedy = QString::fromUtf16(remedies::sendsScopeOnRefresh);
    } else if (isAboutRequest) {
        error.remedy = QString::fromUtf16(remedies::omitsResource);
    }
    return withFittingRemedy(std::move(error), request.resource, request.client);
}

/// Not from the service, but from a network that wants its visitors to log in.
bool isPage(const http::Response &response)
{
    return response.body.trimmed().startsWith('<');
}

/// Services have many words for a grant that has ended, beside the one of RFC 6749 section 5.2.
base::Error withItsMeaning(base::Error error, const http::Response &response, const TokenPost &post)
{
    const bool isOpen = error.kind == base::ErrorKind::HttpStatus || error.kind == base::ErrorKind::Protocol;
    const base::Result<QJsonObject> body = base::parseJsonObject(response.body);
    const bool isRefusal = response.isSuccess() ? body && holdsError(*body) : !isPage(response);
    if (isOpen && isRefusal && Refusal::of(response, post.secrets()).speaksOfEndedGrant(response.status)) {
        error.kind = base::ErrorKind::SignInNeeded;
        error.remedy.clear();
    }
    return error;
}

/// RFC 7009 section 2.2: the status says it all, so what can't be read behind it takes nothing back.
bool isDone(const base::Error &revocation)
{
    return revocation.kind == base::ErrorKind::Protocol && revocation.httpStatus == 200;
}

/// What a whole answer says of the token that `post` named.
base::Result<Revocation> judgeRevocation(const http::Response &response, const TokenPost &post,
                                         const QDateTime &now)
{
    if (response.isSuccess() && isPage(response)) {
        return base::failed(readJsonObject(response).error());
    }
    const base::Result<QJsonObject> body = base::parseJsonObject(response.body);
    if (response.isSuccess() && !(body && holdsError(*body))) {
        return Revocation::Ended;
    }
    const base::Error error = tokenError(response, now, post.secrets());
    // RFC 7009 section 2.2 wants 200 for a token that is not known; services that answer with an error mean
    // the same. That access tokens can't be revoked (section 2.2.1) is no failure either: the refresh token
    // before them was what counted.
    if (error.kind == base::ErrorKind::SignInNeeded || error.oauthCode == "invalid_token"_L1) {
        return Revocation::Unknown;
    }
    const bool isAccess =
        post.form.contains(std::pair<QByteArray, QByteArray>("token_type_hint", "access_token"));
    if (error.oauthCode == "unsupported_token_type"_L1 && isAccess) {
        return Revocation::LivesOut;
    }
    return base::failed(error);
}

} // namespace

base::Task<base::Result<TokenSet>> refreshTokens(http::Client &client, base::Deadlines deadlines,
                                                 RefreshRequest request, std::stop_token stop)
{
    TokenPost post;
    post.url = request.tokenEndpoint;
    post.namedBy = request.namedBy;
    post.client = request.client;
    post.form = {{"grant_type", "refresh_token"}, {"refresh_token", request.refreshToken.reveal()}};
    if (!request.resource.isEmpty()) {
        post.form.append({"resource", request.resource.toUtf8()});
    }
    if (!request.scopesToSend.isEmpty()) {
        post.form.append({"scope", request.scopesToSend.join(u' ').toUtf8()});
    }
    post.deadline = deadlines.refresh;
    post.deadlines = deadlines;
    post.dpop = request.dpop;
    const base::Result<TokenReply> reply = co_await sendTokenPost(client, post, std::move(stop));
    if (!reply) {
        co_return base::failed(reply.error());
    }
    base::Result<TokenSet> tokens = readTokenReply(*reply, post, request.scopes);
    if (!tokens) {
        co_return base::failed(withRefreshRemedy(withItsMeaning(tokens.error(), *reply, post), request));
    }
    if (tokens->refreshToken.isEmpty()) {
        // RFC 6749 section 6: no new one means that the old one goes on.
        tokens->refreshToken = request.refreshToken;
    }
    co_return tokens;
}

base::Task<base::Result<Revocation>> revokeToken(http::Client &client, base::Deadlines deadlines,
                                                 RevocationRequest request, std::stop_token stop)
{
    TokenPost post;
    post.url = request.revocationEndpoint;
    post.namedBy = request.namedBy;
    post.client = request.client;
    post.form = {{"token", request.token.reveal()}, {"token_type_hint", request.hint}};
    post.deadline = deadlines.revocation;
    post.deadlines = deadlines;
    const base::Result<TokenReply> reply = co_await sendTokenPost(client, post, std::move(stop));
    if (!reply) {
        if (isDone(reply.error())) {
            co_return Revocation::Ended;
        }
        co_return base::failed(reply.error());
    }
    co_return judgeRevocation(*reply, post, client.clock()());
}

} // namespace mooring::oauth
