// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/grants.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/urlpolicy.h"
#include "oauth/refusal.h"
#include "oauth/tokenpost.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr auto idJag = "urn:ietf:params:oauth:token-type:id-jag";

void append(http::FormFields *form, const QByteArray &name, const QString &value)
{
    if (!value.isEmpty()) {
        form->append({name, value.toUtf8()});
    }
}

TokenPost postTo(const QUrl &url, const QUrl &namedBy, const ClientRegistration &client,
                 http::FormFields form, const base::Deadlines &deadlines, std::shared_ptr<DpopProver> dpop)
{
    return {url, namedBy, client, std::move(form), deadlines.codeExchange, deadlines, std::move(dpop)};
}

TokenPost postTo(const AuthorizationServer &server, const ClientRegistration &client, http::FormFields form,
                 const base::Deadlines &deadlines, std::shared_ptr<DpopProver> dpop)
{
    const QUrl namedBy = server.namerOf(server.tokenEndpoint);
    return postTo(server.tokenEndpoint, namedBy, client, std::move(form), deadlines, std::move(dpop));
}

/// The issuer is the audience of a client assertion, so a client is never shown to another one than it
/// is registered at.
Result<ClientRegistration> clientFor(const AuthorizationServer &server, ClientRegistration client)
{
    if (client.issuer.isEmpty()) {
        client.issuer = server.issuer;
    }
    if (client.issuer == server.issuer) {
        return client;
    }
    const QString host = base::displayAuthority(QUrl(server.issuer));
    return base::failed(
        makeError(ErrorKind::RefusedByPolicy,
                  Words::tr("Stopped: this client ID belongs to %1, but the server wants a sign-in "
                            "at %2.")
                      .arg(base::displayAuthority(QUrl(client.issuer)), host),
                  u"the client is registered at another issuer"_s, host));
}

/// Nobody has signed in yet, so there is nothing that is accepted no longer.
base::Error notAccepted(base::Error error, const http::Response &response, const TokenPost &post)
{
    if (error.kind == ErrorKind::SignInNeeded) {
        error.sentence = Words::tr("%1 doesn't accept what Mooring shows in place of a sign-in (%2).")
                             .arg(error.host, error.oauthCode);
        error = Refusal::of(response, post.secrets()).added(std::move(error));
    }
    return error;
}

Task<Result<TokenSet>> requestTokens(http::Client &client, TokenPost post, QString resource,
                                     QStringList scopes, std::stop_token stop)
{
    append(&post.form, "resource", resource);
    append(&post.form, "scope", scopes.join(u' '));
    const Result<TokenReply> reply = co_await sendTokenPost(client, post, std::move(stop));
    if (!reply) {
        co_return base::failed(reply.error());
    }
    Result<TokenSet> tokens = readTokenReply(*reply, post, scopes);
    if (!tokens) {
        co_return base::failed(
            withFittingRemedy(notAccepted(tokens.error(), *reply, post), resource, post.client));
    }
    co_return tokens;
}

Result<base::Secret> readIdJag(const http::Response &response, const QList<base::Secret> &sent)
{
    const Result<QJsonObject> body = readTokenAnswer(response, sent);
    if (!body) {
        return base::failed(body.error());
    }
    const QString assertion = body->value("access_token"_L1).toString();
    const QString type = body->value("issued_token_type"_L1).toString();
    if (assertion.isEmpty() || type != QLatin1StringView(idJag)) {
        const QString host = base::displayAuthority(response.url);
        return base::failed(
            makeError(ErrorKind::Protocol,
                      Words::tr("%1 did not give Mooring a pass for the other sign-in service.").arg(host),
                      assertion.isEmpty() ? u"no access_token"_s
                                          : u"issued_token_type is "_s + base::displayText(type, 80),
                      host));
    }
    return base::Secret(assertion.toUtf8());
}

} // namespace

Task<Result<TokenSet>> requestClientCredentials(http::Client &client, base::Deadlines deadlines,
                                                ClientCredentialsRequest request, std::stop_token stop)
{
    const Result<ClientRegistration> identity = clientFor(request.server, request.client);
    if (!identity) {
        co_return base::failed(identity.error());
    }
    if (identity->clientId.isEmpty() || identity->method == ClientAuthentication::None) {
        // RFC 6749 section 4.4: for confidential clients only.
        base::Error error = makeError(
            ErrorKind::InvalidInput,
            Words::tr("Signing in as an app needs the client ID and the secret or key that %1 gave you.")
                .arg(base::displayAuthority(QUrl(request.server.issuer))));
        error.remedy = QString::fromUtf16(remedies::entersClient);
        co_return base::failed(error);
    }
    TokenPost post =
        postTo(request.server, *identity, {{"grant_type", "client_credentials"}}, deadlines, request.dpop);
    co_return co_await requestTokens(client, std::move(post), request.resource, request.scopes,
                                     std::move(stop));
}

Task<Result<base::Secret>> requestIdJag(http::Client &client, base::Deadlines deadlines, IdJagRequest request,
                                        std::stop_token stop)
{
    // The address was typed by a person, who may have an identity provider on this computer.
    const http::UrlPolicy policy(request.idpTokenEndpoint);
    const Result<QUrl> url =
        policy.check(request.idpTokenEndpoint.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint);
    if (!url) {
        co_return base::failed(url.error());
    }
    http::FormFields form = {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                             {"requested_token_type", idJag},
                             {"subject_token", request.idToken.reveal()},
                             {"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"}};
    append(&form, "audience", request.audience);
    append(&form, "resource", request.resource);
    append(&form, "scope", request.scopes.join(u' '));
    TokenPost post = postTo(*url, {}, request.idpClient, std::move(form), deadlines, {});
    const Result<TokenReply> reply = co_await sendTokenPost(client, post, std::move(stop));
    if (!reply) {
        co_return base::failed(reply.error());
    }
    Result<base::Secret> assertion = readIdJag(*reply, post.secrets());
    if (!assertion) {
        co_return base::failed(withFittingRemedy(assertion.error(), request.resource, request.idpClient));
    }
    co_return assertion;
}

Task<Result<TokenSet>> requestJwtBearer(http::Client &client, base::Deadlines deadlines,
                                        JwtBearerRequest request, std::stop_token stop)
{
    const Result<ClientRegistration> identity = clientFor(request.server, request.client);
    if (!identity) {
        co_return base::failed(identity.error());
    }
    http::FormFields form = {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                             {"assertion", request.assertion.reveal()}};
    TokenPost post = postTo(request.server, *identity, std::move(form), deadlines, request.dpop);
    co_return co_await requestTokens(client, std::move(post), request.resource, request.scopes,
                                     std::move(stop));
}

} // namespace mooring::oauth
