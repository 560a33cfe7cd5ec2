// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/renewalrequest.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "http/urlpolicy.h"
#include "oauth/grants.h"

#include <QRandomGenerator>

namespace mooring::connections {

using base::Result;
using base::Task;

namespace {

/// A refusal of the request as such, which leaves the refresh token as it was.
bool mayBlameResource(const base::Error &error)
{
    return error.remedy == QStringView(oauth::remedies::omitsResource);
}

} // namespace

RenewalRequest::RenewalRequest(EntryPointer entry, Services services, std::shared_ptr<HeldGrant> held)
    : m_entry(std::move(entry))
    , m_services(std::move(services))
    , m_held(std::move(held))
{
}

Task<Result<oauth::TokenSet>> RenewalRequest::send(Grant old, oauth::ClientRegistration client)
{
    Result<oauth::TokenSet> tokens;
    if (old.source == Grant::Source::ClientCredentials) {
        tokens = co_await askAgain(old, std::move(client));
    } else {
        tokens = co_await post(requestFor(old, std::move(client)));
    }
    co_return tokens;
}

oauth::RefreshRequest RenewalRequest::requestFor(const Grant &grant, oauth::ClientRegistration client) const
{
    const ConnectionRecord &record = m_entry->record();
    oauth::RefreshRequest request;
    request.tokenEndpoint = grant.tokenEndpoint;
    request.namedBy = record.settings.namerOf(grant.tokenEndpoint, record.url);
    request.client = std::move(client);
    request.refreshToken = grant.tokens.refreshToken;
    const bool sendsResource = record.settings.sendsResource && !record.refreshesWithoutResource;
    request.resource = sendsResource ? grant.resource : QString();
    request.scopes = grant.tokens.scopes;
    if (record.settings.sendsScopeOnRefresh) {
        request.scopesToSend = record.scopesAsked;
    }
    request.dpop = m_held->proverOf(grant);
    return request;
}

Task<Result<oauth::TokenSet>> RenewalRequest::askAgain(Grant old, oauth::ClientRegistration client)
{
    const ConnectionRecord &record = m_entry->record();
    Result<oauth::AuthorizationServer> server = oauth::AuthorizationServer::fromRecord(
        record.authorizationServer, http::UrlPolicy(record.url), record.settings);
    if (!server) {
        co_return base::failed(server.error());
    }
    oauth::ClientCredentialsRequest request;
    request.server = *server;
    request.client = std::move(client);
    request.resource = record.settings.sendsResource ? old.resource : QString();
    request.scopes = record.scopesAsked;
    request.dpop = m_held->proverOf(old);
    Result<oauth::TokenSet> tokens = co_await oauth::requestClientCredentials(
        m_services.http, m_services.deadlines, std::move(request), {});
    co_return tokens;
}

Task<Result<oauth::TokenSet>> RenewalRequest::post(oauth::RefreshRequest request)
{
    Result<oauth::TokenSet> tokens = co_await postOnce(request);
    if (tokens || request.resource.isEmpty() || !mayBlameResource(tokens.error())) {
        co_return tokens;
    }
    // It departs from RFC 8707, but the refused request has used nothing up, and services exist that
    // know the parameter at sign-in only (reference-clients, decision 6.8).
    request.resource.clear();
    Result<oauth::TokenSet> again = co_await postOnce(request);
    if (!again) {
        tokens.error().remedy.clear();
        co_return tokens;
    }
    m_omitsResource = true;
    co_return again;
}

Task<Result<oauth::TokenSet>> RenewalRequest::postOnce(oauth::RefreshRequest request)
{
    qCInfo(base::lcConnections).noquote() << "renewing" << base::displayText(m_entry->record().name);
    Result<oauth::TokenSet> tokens =
        co_await oauth::refreshTokens(m_services.http, m_services.deadlines, request, {});
    if (tokens || !tokens.error().mayHaveArrived) {
        co_return tokens;
    }
    // The answer is lost, and maybe the refresh token with it. Sending it once more saves the
    // sign-in where the request never arrived or the service grants a grace period; where neither
    // is so, nothing is left that could be lost.
    m_wasInterrupted = true;
    const auto pause = std::chrono::milliseconds(1000 + QRandomGenerator::global()->bounded(1000));
    co_await base::sleepFor(pause, {});
    Result<oauth::TokenSet> again =
        co_await oauth::refreshTokens(m_services.http, m_services.deadlines, std::move(request), {});
    co_return again;
}

} // namespace mooring::connections
