// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "oauth/tokenrequest.h"
#include "storage/filelock.h"

#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

SignIn::SignIn(SelfPointer self, AuthorizeOptions options)
    : m_self(std::move(self))
    , d(m_self->d.get())
    , m_options(std::move(options))
{
}

Task<Result<void>> SignIn::run(std::stop_token stop)
{
    // Before the browser opens: a sign-in whose tokens can't be kept is no use to anybody.
    GrantStore &store = m_options.windowOnly ? d->services.windowGrants : d->services.grants;
    Result<void> usable = co_await store.store().checkUsable(stop);
    if (!usable) {
        co_return base::failed(usable.error());
    }
    Result<oauth::Discovery> discovery = co_await discover(stop);
    if (!discovery) {
        co_return base::failed(discovery.error());
    }
    if (const Result<void> sameIssuer = checkIssuer(*discovery); !sameIssuer) {
        co_return base::failed(sameIssuer.error());
    }
    Result<oauth::ClientRegistration> client = co_await obtainClient(*discovery, stop);
    if (!client) {
        co_return base::failed(client.error());
    }
    Result<oauth::TokenSet> tokens = co_await signInWithBrowser(*discovery, *client, stop);
    if (!tokens) {
        const bool isForgotten = tokens.error().oauthCode == "invalid_client"_L1
                                 || tokens.error().oauthCode == "unauthorized_client"_L1;
        if (isForgotten) {
            co_await forgetRegistration();
        }
        co_return base::failed(tokens.error());
    }
    Result<void> kept = co_await keep(std::move(*discovery), std::move(*client), std::move(*tokens), stop);
    co_return kept;
}

Task<Result<oauth::Discovery>> SignIn::discover(std::stop_token stop)
{
    constexpr qint64 maximumAge = 600;
    const bool isRecent = d->report && d->report->discovery && d->report->at.secsTo(d->now()) < maximumAge;
    if (!isRecent) {
        mcp::ProbeReport report = co_await m_self->check({}, stop);
        if (!report.discovery) {
            co_return base::failed(report.error ? *report.error
                                                : makeError(ErrorKind::NotFound,
                                                            translated("%1 does not say where to sign in.")
                                                                .arg(base::displayAuthority(d->record.url))));
        }
    }
    co_return std::as_const(*d->report->discovery);
}

Result<void> SignIn::checkIssuer(const oauth::Discovery &discovery) const
{
    if (!d->record.hasSecret || d->record.issuer.isEmpty() || d->record.issuer == discovery.server.issuer
        || m_options.acceptNewIssuer) {
        return {};
    }
    return base::failed(
        makeError(ErrorKind::RefusedByPolicy,
                  translated("Stopped: this server used to sign you in at %1 and now names %2. If that is "
                             "right, disconnect first and "
                             "authorize again.")
                      .arg(issuerHost(d->record), base::displayAuthority(QUrl(discovery.server.issuer))),
                  u"the issuer has changed"_s));
}

Task<Result<oauth::TokenSet>>
SignIn::signInWithBrowser(oauth::Discovery discovery, oauth::ClientRegistration client, std::stop_token stop)
{
    oauth::SignInRequest request;
    request.server = discovery.server;
    request.client = client;
    request.resource = discovery.resource.resource;
    request.scopes = discovery.scopes;
    oauth::BrowserSignIn browser(std::move(m_listener), std::move(request), d->services.openUrl,
                                 d->services.deadlines, d->services.clock);
    const SelfPointer self = m_self;
    QObject::connect(&browser, &oauth::BrowserSignIn::waiting, self.get(), [this](bool) {
        d->live.waitingForBrowser = true;
        Q_EMIT m_self->changed();
    });
    d->browser = &browser;
    base::checkpoint("K08");
    Result<oauth::TokenSet> tokens = co_await browser.run(stop);
    d->browser = nullptr;
    d->live.waitingForBrowser = false;
    Q_EMIT m_self->changed();
    co_return tokens;
}

Task<Result<void>> SignIn::keep(oauth::Discovery discovery, oauth::ClientRegistration client,
                                oauth::TokenSet tokens, std::stop_token stop)
{
    Grant grant;
    grant.tokens = std::move(tokens);
    grant.issuer = discovery.server.issuer;
    grant.resource = discovery.resource.resource;
    grant.tokenEndpoint = discovery.server.tokenEndpoint;
    grant.clientId = client.clientId;
    if (stop.stop_requested()) {
        // Cancelled while the code was on its way: what came of it is given back.
        co_await Connection::Private::revokeTokens(m_self, discovery.server.toRecord(), std::move(client),
                                                   std::move(grant));
        co_return base::failed(base::cancelledError());
    }
    // From here on nothing stops: these tokens exist, so they are either stored or given back.
    Result<void> registered;
    if (m_registrationId.isEmpty()) {
        registered = co_await saveRegistration(client);
    }
    std::optional<Grant> old;
    std::optional<oauth::ClientRegistration> oldClient;
    const QJsonObject oldServer = d->record.authorizationServer;
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
        d->services.records.connectionLockPath(d->record.id), d->services.deadlines.lock, {});
    if (lock && d->record.hasSecret) {
        Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, {});
        Result<oauth::ClientRegistration> its =
            co_await Connection::Private::registrationOf(m_self, d->record.registrationId, {});
        if (stored && *stored && its) {
            old = **stored;
            oldClient = *its;
        }
    }
    Result<void> kept = lock ? registered : base::failed(lock.error());
    if (kept) {
        // An item can be ahead of its record, if a process ended between writing the two.
        grant.generation = std::max(d->record.generation, old ? old->generation : 0) + 1;
        kept = co_await store(grant, discovery);
    }
    if (!kept) {
        co_await Connection::Private::revokeTokens(m_self, discovery.server.toRecord(), std::move(client),
                                                   std::move(grant));
        co_return base::failed(kept.error());
    }
    // Only now that the new grant is safe, the old one goes.
    if (old && old->tokens.refreshToken != grant.tokens.refreshToken) {
        d->services.tasks.run(Connection::Private::revokeReplaced(m_self, oldServer, *oldClient, *old));
    }
    Connection::Private::note(m_self, translated("Authorized in the browser"));
    co_return Result<void>();
}

Task<Result<void>> SignIn::store(Grant grant, oauth::Discovery discovery)
{
    d->live.windowOnly = m_options.windowOnly;
    base::checkpoint("K12");
    Result<void> written = co_await d->store().writeGrant(d->record.id, grant, {});
    if (!written) {
        d->live.windowOnly = false;
        co_return base::failed(written.error());
    }
    base::checkpoint("K14");
    const RecordChange change = [grant, discovery, id = m_registrationId,
                                 now = d->now()](ConnectionRecord &record) {
        record.kind = AuthorizationKind::OAuth;
        record.headerName.clear();
        record.issuer = grant.issuer;
        record.authorizationServer = discovery.server.toRecord();
        record.registrationId = id;
        record.resource = grant.resource;
        record.scopesAsked = discovery.scopes;
        record.scopesGranted = grant.tokens.scopes;
        record.hasSecret = true;
        record.hasRefreshToken = !grant.tokens.refreshToken.isEmpty();
        record.generation = grant.generation;
        record.issuedAt = grant.tokens.issuedAt;
        record.expiresAt = grant.tokens.expiresAt;
        record.authorizedAt = now;
        record.renewingSince.reset();
        record.leaving = false;
        record.lastError.reset();
    };
    Result<void> recorded = co_await Connection::Private::updateRecord(m_self, change, {});
    if (!recorded) {
        co_await d->store().remove(d->record.id, {});
        co_return base::failed(recorded.error());
    }
    d->forgetCredentials();
    d->cached = grant;
    d->clearTrouble();
    co_return Result<void>();
}

Task<void> Connection::Private::runSignIn(SelfPointer self, AuthorizeOptions options,
                                          std::shared_ptr<base::SharedResult<bool>> shared,
                                          std::stop_token stop)
{
    Private *d = self->d.get();
    SignIn signIn(self, std::move(options));
    Result<void> done = co_await signIn.run(stop);
    d->signingIn.reset();
    if (!done && done.error().kind != ErrorKind::Cancelled) {
        d->setTrouble(done.error());
        d->live.signInFailed = true;
        note(self, translated("Sign-in failed: %1").arg(done.error().sentence));
    }
    shared->set(done ? Result<bool>(true) : Result<bool>(base::failed(done.error())));
    Q_EMIT self->changed();
}

Task<Result<void>> Connection::authorize(AuthorizeOptions options, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (d->signingIn) {
        openBrowserAgain();
    } else {
        d->clearTrouble();
        d->signingIn = std::make_shared<base::SharedResult<bool>>();
        d->signInStop = std::stop_source();
        d->services.tasks.run(
            Private::runSignIn(self, std::move(options), d->signingIn, d->signInStop.get_token()));
        Q_EMIT changed();
    }
    const std::stop_source signInStop = d->signInStop;
    const auto cancel = [signInStop]() mutable { signInStop.request_stop(); };
    const std::stop_callback onStop(stop, cancel);
    const std::stop_callback onShutDown(d->services.tasks.token(), cancel);
    // The run may have ended inside its own call already.
    const std::shared_ptr<base::SharedResult<bool>> shared = d->signingIn;
    if (!shared) {
        co_return d->live.trouble ? Result<void>(base::failed(*d->live.trouble)) : Result<void>();
    }
    Result<bool> done = co_await shared->wait({});
    co_return done ? Result<void>() : Result<void>(base::failed(done.error()));
}

void Connection::cancelSignIn()
{
    d->signInStop.request_stop();
}

bool Connection::openBrowserAgain()
{
    return d->browser && d->browser->openAgain();
}

QUrl Connection::signInUrl() const
{
    return d->browser ? d->browser->authorizationUrl() : QUrl();
}

Result<void> Connection::pasteAddress(const QString &address)
{
    if (!d->browser) {
        return base::failed(
            makeError(ErrorKind::InvalidInput, translated("No sign-in is waiting for an address.")));
    }
    return d->browser->pasteAddress(address);
}

} // namespace mooring::connections
