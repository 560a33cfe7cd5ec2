// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The ways of SignIn that need no browser: as Mooring itself, and with an assertion that somebody hands in.
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/signin.h"
#include "http/urlpolicy.h"
#include "oauth/grants.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

Task<Result<SignIn::Issued>> SignIn::asItself(oauth::Discovery discovery, std::stop_token stop)
{
    Result<oauth::ClientRegistration> client = co_await ownClient(discovery, stop);
    if (!client) {
        co_return base::failed(client.error());
    }
    oauth::ClientCredentialsRequest request;
    request.server = discovery.server;
    request.client = *client;
    request.resource = resourceToSend(discovery);
    request.scopes = discovery.scopes;
    request.dpop = m_dpop;
    Result<oauth::TokenSet> tokens = co_await oauth::requestClientCredentials(
        d->services.http, d->services.deadlines, std::move(request), stop);
    if (!tokens) {
        co_return base::failed(tokens.error());
    }
    co_await learnMethod(tokens->letInBy, &*client);
    Issued issued;
    issued.client = *client;
    issued.tokens = *tokens;
    issued.source = Grant::Source::ClientCredentials;
    co_return issued;
}

Task<Result<oauth::ClientRegistration>> SignIn::ownClient(oauth::Discovery discovery, std::stop_token stop)
{
    if (m_options.client) {
        co_return typedClient(discovery, {}, *m_options.client);
    }
    Result<Records> records = d->services.records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    const RegistrationRecord *known = records->registration(d->record.registrationId);
    if (!known || known->issuer != discovery.server.issuer || !known->hasSecret) {
        const QString host = base::displayAuthority(QUrl(discovery.server.issuer));
        base::Error error = makeError(
            ErrorKind::SignInNeeded,
            Words::tr("To sign in at %1 as an app, Mooring needs the client ID and the secret or key that "
                      "you got there.")
                .arg(host),
            u"client credentials without a client"_s, host);
        error.remedy = QString::fromUtf16(oauth::remedies::entersClient);
        co_return base::failed(error);
    }
    m_registrationId = known->id;
    Result<oauth::ClientRegistration> client =
        co_await d->services.registrations.read(m_registrationId, stop);
    co_return client;
}

Task<Result<SignIn::Issued>> SignIn::withAssertion(oauth::Discovery discovery, std::stop_token stop)
{
    Issued issued;
    issued.source = Grant::Source::Assertion;
    issued.client.issuer = discovery.server.issuer;
    if (m_options.client) {
        Result<oauth::ClientRegistration> client = typedClient(discovery, {}, *m_options.client);
        if (!client) {
            co_return base::failed(client.error());
        }
        issued.client = *client;
    }
    oauth::JwtBearerRequest request;
    request.server = discovery.server;
    request.client = issued.client;
    request.assertion = m_options.assertion->token;
    request.resource = resourceToSend(discovery);
    request.scopes = discovery.scopes;
    request.dpop = m_dpop;
    if (m_options.assertion->idpTokenEndpoint.isValid()) {
        Result<base::Secret> idJag = co_await tradeIdToken(discovery, stop);
        if (!idJag) {
            co_return base::failed(idJag.error());
        }
        request.assertion = *idJag;
    }
    Result<oauth::TokenSet> tokens =
        co_await oauth::requestJwtBearer(d->services.http, d->services.deadlines, std::move(request), stop);
    if (!tokens) {
        co_return base::failed(tokens.error());
    }
    issued.tokens = *tokens;
    co_return issued;
}

Task<Result<base::Secret>> SignIn::tradeIdToken(oauth::Discovery discovery, std::stop_token stop)
{
    const AssertionGrant &assertion = *m_options.assertion;
    const Result<QUrl> endpoint =
        http::UrlPolicy::parseTyped(assertion.idpTokenEndpoint.toString(QUrl::FullyEncoded));
    if (!endpoint) {
        co_return base::failed(endpoint.error());
    }
    oauth::IdJagRequest request;
    request.idpTokenEndpoint = *endpoint;
    request.idToken = assertion.token;
    request.audience = discovery.server.issuer;
    request.resource = resourceToSend(discovery);
    request.scopes = discovery.scopes;
    // The identity provider is a stranger to this server: its client is nobody else's.
    request.idpClient.issuer = http::origin(*endpoint);
    request.idpClient.clientId = assertion.idpClient.clientId;
    request.idpClient.clientSecret = assertion.idpClient.clientSecret;
    request.idpClient.method = assertion.idpClient.clientSecret.isEmpty()
                                   ? oauth::ClientAuthentication::None
                                   : oauth::ClientAuthentication::SecretBasic;
    Result<base::Secret> idJag =
        co_await oauth::requestIdJag(d->services.http, d->services.deadlines, std::move(request), stop);
    co_return idJag;
}

} // namespace mooring::connections
