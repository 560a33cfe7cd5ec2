// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/signin.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/records/keptdiscovery.h"
#include "connections/signin/browserlesssignin.h"
#include "connections/signin/grantkeeper.h"
#include "oauth/tokenrequest.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

SignIn::SignIn(SignInParts parts, AuthorizeOptions options, std::shared_ptr<SignInProgress> progress)
    : m_parts(std::move(parts))
    , m_options(std::move(options))
    , m_progress(std::move(progress))
    , m_clients(m_parts.entry, m_parts.services, m_options)
{
}

Task<Result<void>> SignIn::run(std::stop_token stop)
{
    Result<void> usable = co_await checkKeychain(stop);
    if (!usable) {
        co_return usable;
    }
    Result<oauth::Discovery> discovery = co_await discover(stop);
    if (!discovery) {
        co_return base::failed(discovery.error());
    }
    if (const Result<void> sameIssuer = checkIssuer(*discovery); !sameIssuer) {
        co_return base::failed(sameIssuer.error());
    }
    discovery->scopes = scopesToAsk(*discovery);
    if (discovery->wantsDpop) {
        m_dpop = std::make_shared<oauth::DpopProver>(oauth::SigningKey::generate(), m_parts.services.clock);
    }
    Result<IssuedGrant> issued = co_await obtainGrant(*discovery, stop);
    if (!issued) {
        co_return base::failed(issued.error());
    }
    Result<void> kept = co_await keep(std::move(*discovery), std::move(*issued), stop);
    co_return kept;
}

/// Before the browser opens: a sign-in whose tokens can't be kept is no use to anybody.
Task<Result<void>> SignIn::checkKeychain(std::stop_token stop)
{
    const GrantStores &stores = m_parts.services.stores;
    GrantStore &store = m_options.windowOnly ? stores.window : stores.keychain;
    const QString id = record().id;
    Result<void> usable = co_await store.checkUsable(id, storage::Asking::IfNeeded, stop);
    if (!usable && usable.error().keychainCase == base::KeychainCase::Missing && !record().keptIn.isEmpty()) {
        store.leaveHome(id);
        usable = co_await store.checkUsable(id, storage::Asking::IfNeeded, stop);
    }
    if (usable) {
        usable = co_await store.checkWritable(id, stop);
    }
    co_return usable;
}

Task<Result<oauth::Discovery>> SignIn::discover(std::stop_token stop)
{
    const EntryPointer &entry = m_parts.entry;
    const Services &services = m_parts.services;
    if (const Result<void> allowed = entry->checkAddress(); !allowed) {
        co_return base::failed(allowed.error());
    }
    if (!m_parts.scopes->challenges().isEmpty()) {
        // The server has refused a request in use, and said then what it wants (MCP, "Scope Selection
        // Strategy"); a look without a token may hear something else, or nothing.
        Result<oauth::Discovery> found =
            co_await oauth::discover(services.http, services.deadlines, entry->serverUrl(),
                                     m_parts.scopes->challenges(), record().settings, {}, stop);
        co_return found;
    }
    const mcp::ProbeReport *report = m_parts.probe->report();
    if (report && report->discovery && isRecentLook(report->at, entry->now())) {
        co_return std::as_const(*report->discovery);
    }
    // Another process may have looked: `mooringctl add`, a moment ago.
    const std::optional<oauth::Discovery> kept =
        keptDiscovery(entry->log().found, entry->serverUrl(), record().settings, entry->now());
    if (kept) {
        co_return *kept;
    }
    if (record().kind == AuthorizationKind::Header) {
        co_await m_parts.probe->lookForSignIn(stop);
    } else {
        co_await m_parts.probe->check({}, stop);
    }
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    report = m_parts.probe->report();
    if (report && report->discovery) {
        co_return std::as_const(*report->discovery);
    }
    if (report && report->error) {
        co_return base::failed(*report->error);
    }
    co_return base::failed(
        makeError(ErrorKind::NotFound,
                  Words::tr("%1 does not say where to sign in.").arg(base::displayAuthority(record().url))));
}

QStringList SignIn::scopesToAsk(const oauth::Discovery &discovery) const
{
    QStringList scopes = discovery.scopes;
    const bool goesOn = record().issuer == discovery.server.issuer;
    // What was asked for before, not what was granted: services name granted scopes in forms that they
    // don't take (MCP "Step-Up Authorization Flow"; reference-clients section 6).
    for (const QString &scope : (goesOn ? record().scopesAsked : QStringList()) + m_options.moreScopes) {
        if (!scopes.contains(scope)) {
            scopes.append(scope);
        }
    }
    return scopes;
}

Result<void> SignIn::checkIssuer(const oauth::Discovery &discovery) const
{
    if (!record().hasSecret || record().issuer.isEmpty() || record().issuer == discovery.server.issuer
        || m_options.acceptNewIssuer) {
        return {};
    }
    const QString host = base::displayAuthority(QUrl(discovery.server.issuer));
    base::Error error =
        makeError(ErrorKind::RefusedByPolicy,
                  Words::tr("Stopped: this server used to sign you in at %1 and now names %2. Go on only if "
                            "you know that it has moved there.")
                      .arg(m_parts.entry->issuerHost(), host),
                  u"the issuer has changed"_s, host);
    error.remedy = QString::fromUtf16(oauth::remedies::acceptsNewIssuer);
    return base::failed(error);
}

/// Nobody but the person can tell a service under several names from a page that is not the service's own.
Result<void> SignIn::checkPage(const oauth::Discovery &discovery) const
{
    const oauth::AuthorizationServer &server = discovery.server;
    const oauth::SignInSettings &settings = record().settings;
    // Who gets the code was typed; a typed page alone says nothing of that.
    if (settings.tokenEndpoint.isValid() || m_options.acceptForeignPage || !server.hasForeignPage()) {
        return {};
    }
    const auto before = oauth::AuthorizationServer::fromRecord(record().authorizationServer,
                                                               http::UrlPolicy(record().url), settings);
    const bool wasAgreedTo = before && before->issuer == server.issuer
                             && before->authorizationEndpoint == server.authorizationEndpoint
                             && before->tokenEndpoint == server.tokenEndpoint;
    if (wasAgreedTo) {
        return {};
    }
    const QString host = base::displayAuthority(server.tokenEndpoint);
    base::Error error = makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: you would sign in at %1, but %2 would get the access. Go on only if you "
                  "know that both belong together.")
            .arg(base::displayAuthority(server.authorizationEndpoint), host),
        u"the authorization endpoint is on another site than issuer and token endpoint"_s, host);
    error.remedy = QString::fromUtf16(oauth::remedies::acceptsForeignPage);
    return base::failed(error);
}

Task<Result<IssuedGrant>> SignIn::obtainGrant(oauth::Discovery discovery, std::stop_token stop)
{
    BrowserlessSignIn browserless(*m_parts.entry, m_parts.services, m_clients, m_dpop);
    Result<IssuedGrant> issued;
    if (m_options.assertion) {
        issued = co_await browserless.withAssertion(*m_options.assertion, m_options.client,
                                                    std::move(discovery), stop);
    } else if (record().settings.way == oauth::SignInSettings::Way::ClientCredentials) {
        issued = co_await browserless.asItself(std::move(discovery), stop);
    } else {
        issued = co_await inBrowser(std::move(discovery), stop);
    }
    co_return issued;
}

Task<Result<IssuedGrant>> SignIn::inBrowser(oauth::Discovery discovery, std::stop_token stop)
{
    if (const Result<void> ownPage = checkPage(discovery); !ownPage) {
        co_return base::failed(ownPage.error());
    }
    Result<oauth::ClientRegistration> client = co_await m_clients.obtain(discovery, stop);
    if (!client) {
        co_return base::failed(client.error());
    }
    if (client->requiresDpop && !m_dpop && record().settings.dpop != oauth::SignInSettings::Dpop::Never) {
        // The service has said so only when it registered the client.
        m_dpop = std::make_shared<oauth::DpopProver>(oauth::SigningKey::generate(), m_parts.services.clock);
    }
    Result<oauth::TokenSet> tokens = co_await waitForBrowser(discovery, *client, stop);
    if (!tokens) {
        base::Error error = co_await m_clients.onFailure(tokens.error(), *client);
        co_return base::failed(error);
    }
    co_await m_clients.learnMethod(tokens->letInBy, &*client);
    IssuedGrant issued;
    issued.client = *client;
    issued.tokens = *tokens;
    co_return issued;
}

Task<Result<oauth::TokenSet>> SignIn::waitForBrowser(oauth::Discovery discovery,
                                                     oauth::ClientRegistration client, std::stop_token stop)
{
    const oauth::SignInSettings &settings = record().settings;
    oauth::SignInRequest request;
    request.server = discovery.server;
    request.client = client;
    request.resource = settings.sendsResource ? discovery.resource.resource : QString();
    request.scopes = discovery.scopes;
    request.prompt = m_options.selectAccount ? u"select_account"_s : QString();
    request.loginHint = m_options.selectAccount ? QString() : settings.loginHint;
    request.parameters = settings.authorizationParameters;
    request.dpop = m_dpop;
    oauth::BrowserSignIn browser(m_clients.takeListener(), std::move(request), m_parts.services.openUrl,
                                 m_parts.services.deadlines, m_parts.services.http);
    QObject::connect(&browser, &oauth::BrowserSignIn::waiting, m_parts.entry.get(),
                     [progress = m_progress](bool) { progress->showWaiting(); });
    QObject::connect(&browser, &oauth::BrowserSignIn::exchanging, m_parts.entry.get(),
                     [this, stop] { becomeUnstoppable(stop); });
    m_progress->enterBrowser(&browser);
    base::checkpoint("K08");
    Result<oauth::TokenSet> tokens = co_await browser.run(stop);
    m_progress->leaveBrowser();
    co_return tokens;
}

/// The authorization code has been used, so the sign-in can no longer be stopped: the tokens are stored or
/// revoked, which may take long. Whoever stops it hears of that at once, and can start another one.
void SignIn::becomeUnstoppable(const std::stop_token &stop)
{
    m_underWay = m_parts.tokens->held().underWay();
    const auto detach = [progress = m_progress] { progress->detach(); };
    m_onStop = std::make_unique<std::stop_callback<std::function<void()>>>(stop, detach);
}

Task<Result<void>> SignIn::keep(oauth::Discovery discovery, IssuedGrant issued, std::stop_token stop)
{
    GrantKeeper keeper(m_parts.entry, m_parts.services, m_parts.tokens, m_parts.scopes, m_clients, m_options,
                       m_dpop);
    if (stop.stop_requested()) {
        // Stopped while the code was on its way.
        co_await keeper.revoke(std::move(discovery), std::move(issued));
        co_return base::failed(base::cancelledError());
    }
    becomeUnstoppable(stop);
    Result<void> kept = co_await keeper.keep(std::move(discovery), std::move(issued), stop);
    co_return kept;
}

} // namespace mooring::connections
