// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/browserlesssignin.h"

#include "http/urlpolicy.h"
#include "oauth/grants.h"

namespace mooring::connections {

using base::Result;
using base::Task;

BrowserlessSignIn::BrowserlessSignIn(const ConnectionEntry &entry, Services services, ClientProvider &clients,
                                     std::shared_ptr<oauth::DpopProver> dpop)
    : m_entry(entry)
    , m_services(std::move(services))
    , m_clients(clients)
    , m_dpop(std::move(dpop))
{
}

QString BrowserlessSignIn::resourceToSend(const oauth::Discovery &discovery) const
{
    return m_entry.record().settings.sendsResource ? discovery.resource.resource : QString();
}

Task<Result<IssuedGrant>> BrowserlessSignIn::asItself(oauth::Discovery discovery, std::stop_token stop)
{
    Result<oauth::ClientRegistration> client = co_await m_clients.obtainOwn(discovery, stop);
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
        m_services.http, m_services.deadlines, std::move(request), stop);
    if (!tokens) {
        co_return base::failed(tokens.error());
    }
    co_await m_clients.learnMethod(tokens->letInBy, &*client);
    IssuedGrant issued;
    issued.client = *client;
    issued.tokens = *tokens;
    issued.source = Grant::Source::ClientCredentials;
    co_return issued;
}

Task<Result<IssuedGrant>> BrowserlessSignIn::withAssertion(AssertionGrant assertion,
                                                           std::optional<ClientCredentials> client,
                                                           oauth::Discovery discovery, std::stop_token stop)
{
    IssuedGrant issued;
    issued.source = Grant::Source::Assertion;
    issued.client.issuer = discovery.server.issuer;
    if (client) {
        const Result<oauth::ClientRegistration> typed = m_clients.typedClient(discovery, {}, *client);
        if (!typed) {
            co_return base::failed(typed.error());
        }
        issued.client = *typed;
    }
    oauth::JwtBearerRequest request;
    request.server = discovery.server;
    request.client = issued.client;
    request.assertion = assertion.token;
    request.resource = resourceToSend(discovery);
    request.scopes = discovery.scopes;
    request.dpop = m_dpop;
    if (assertion.idpTokenEndpoint.isValid()) {
        Result<base::Secret> idJag = co_await tradeIdToken(assertion, discovery, stop);
        if (!idJag) {
            co_return base::failed(idJag.error());
        }
        request.assertion = *idJag;
    }
    Result<oauth::TokenSet> tokens =
        co_await oauth::requestJwtBearer(m_services.http, m_services.deadlines, std::move(request), stop);
    if (!tokens) {
        co_return base::failed(tokens.error());
    }
    issued.tokens = *tokens;
    co_return issued;
}

Task<Result<base::Secret>> BrowserlessSignIn::tradeIdToken(AssertionGrant assertion,
                                                           oauth::Discovery discovery, std::stop_token stop)
{
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
        co_await oauth::requestIdJag(m_services.http, m_services.deadlines, std::move(request), stop);
    co_return idJag;
}

} // namespace mooring::connections
