// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/keptdiscovery.h"
#include "oauth/tokenrequest.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

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
    Result<void> usable = co_await store.checkUsable(d->record.id, storage::Asking::IfNeeded, stop);
    if (!usable && usable.error().keychainCase == base::KeychainCase::Missing
        && !d->record.keptIn.isEmpty()) {
        store.leaveHome(d->record.id);
        usable = co_await store.checkUsable(d->record.id, storage::Asking::IfNeeded, stop);
    }
    if (usable) {
        usable = co_await store.checkWritable(d->record.id, stop);
    }
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
    discovery->scopes = scopesToAsk(*discovery);
    if (discovery->wantsDpop) {
        m_dpop = std::make_shared<oauth::DpopProver>(oauth::SigningKey::generate(), d->services.clock);
    }
    Result<Issued> issued;
    if (m_options.assertion) {
        issued = co_await withAssertion(*discovery, stop);
    } else if (d->record.settings.way == oauth::SignInSettings::Way::ClientCredentials) {
        issued = co_await asItself(*discovery, stop);
    } else {
        issued = co_await inBrowser(*discovery, stop);
    }
    if (!issued) {
        co_return base::failed(issued.error());
    }
    Result<void> kept = co_await keep(std::move(*discovery), std::move(*issued), stop);
    co_return kept;
}

Task<Result<oauth::Discovery>> SignIn::discover(std::stop_token stop)
{
    if (const Result<void> allowed = d->checkAddress(); !allowed) {
        co_return base::failed(allowed.error());
    }
    if (!d->challenges.isEmpty()) {
        // The server has refused a request in use, and said then what it wants (MCP, "Scope Selection
        // Strategy"); a look without a token may hear something else, or nothing.
        Result<oauth::Discovery> found =
            co_await oauth::discover(d->services.http, d->services.deadlines, d->serverUrl(), d->challenges,
                                     d->record.settings, {}, stop);
        co_return found;
    }
    if (d->report && d->report->discovery && isRecentLook(d->report->at, d->now())) {
        co_return std::as_const(*d->report->discovery);
    }
    // Another process may have looked: `mooringctl add`, a moment ago.
    const std::optional<oauth::Discovery> kept =
        keptDiscovery(m_self->diary().found, d->serverUrl(), d->record.settings, d->now());
    if (kept) {
        co_return *kept;
    }
    if (d->record.kind == AuthorizationKind::Header) {
        // With the key the server lets us in and doesn't say where people sign in.
        d->keepReport(co_await mcp::probe(d->services.http, d->services.deadlines, d->serverUrl(),
                                          d->besideCredentials.get(), d->record.settings, {}, stop));
    } else {
        co_await m_self->check({}, stop);
    }
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    if (!d->report || !d->report->discovery) {
        const bool hasReason = d->report && d->report->error;
        co_return base::failed(
            hasReason ? *d->report->error
                      : makeError(ErrorKind::NotFound, Words::tr("%1 does not say where to sign in.")
                                                           .arg(base::displayAuthority(d->record.url))));
    }
    co_return std::as_const(*d->report->discovery);
}

QStringList SignIn::scopesToAsk(const oauth::Discovery &discovery) const
{
    QStringList scopes = discovery.scopes;
    const bool goesOn = d->record.issuer == discovery.server.issuer;
    // What was asked for before, not what was granted: services name granted scopes in forms that they
    // don't take (MCP "Step-Up Authorization Flow"; reference-clients section 6).
    for (const QString &scope : (goesOn ? d->record.scopesAsked : QStringList()) + m_options.moreScopes) {
        if (!scopes.contains(scope)) {
            scopes.append(scope);
        }
    }
    return scopes;
}

QString SignIn::resourceToSend(const oauth::Discovery &discovery) const
{
    return d->record.settings.sendsResource ? discovery.resource.resource : QString();
}

Task<Result<SignIn::Issued>> SignIn::inBrowser(oauth::Discovery discovery, std::stop_token stop)
{
    if (const Result<void> ownPage = checkPage(discovery); !ownPage) {
        co_return base::failed(ownPage.error());
    }
    Result<oauth::ClientRegistration> client = co_await obtainClient(discovery, stop);
    if (!client) {
        co_return base::failed(client.error());
    }
    if (client->requiresDpop && !m_dpop && d->record.settings.dpop != oauth::SignInSettings::Dpop::Never) {
        // The service has said so only when it registered the client.
        m_dpop = std::make_shared<oauth::DpopProver>(oauth::SigningKey::generate(), d->services.clock);
    }
    Result<oauth::TokenSet> tokens = co_await waitForBrowser(discovery, *client, stop);
    if (tokens) {
        co_await learnMethod(tokens->letInBy, &*client);
        Issued issued;
        issued.client = *client;
        issued.tokens = *tokens;
        co_return issued;
    }
    base::Error error = clientRefused(tokens.error(), *client);
    const bool isForgotten =
        error.oauthCode == "invalid_client"_L1 || error.oauthCode == "unauthorized_client"_L1;
    if (isForgotten && !m_registrationId.isEmpty()) {
        co_await d->services.registrations.forget(m_registrationId);
    } else if (m_isKnownClient && error.kind == ErrorKind::Timeout) {
        // A service that has forgotten a client says so on its own page, and the browser never comes back.
        error.remedy = QString::fromUtf16(oauth::remedies::forgetsRegistration);
    }
    co_return base::failed(error);
}

Task<Result<oauth::TokenSet>> SignIn::waitForBrowser(oauth::Discovery discovery,
                                                     oauth::ClientRegistration client, std::stop_token stop)
{
    const oauth::SignInSettings &settings = d->record.settings;
    oauth::SignInRequest request;
    request.server = discovery.server;
    request.client = client;
    request.resource = resourceToSend(discovery);
    request.scopes = discovery.scopes;
    request.prompt = m_options.selectAccount ? u"select_account"_s : QString();
    request.loginHint = m_options.selectAccount ? QString() : settings.loginHint;
    request.parameters = settings.authorizationParameters;
    request.dpop = m_dpop;
    oauth::BrowserSignIn browser(std::move(m_listener), std::move(request), d->services.openUrl,
                                 d->services.deadlines, d->services.http);
    const SelfPointer self = m_self;
    QObject::connect(&browser, &oauth::BrowserSignIn::waiting, self.get(), [this](bool) {
        d->live.waitingForBrowser = true;
        Q_EMIT m_self->changed();
    });
    QObject::connect(&browser, &oauth::BrowserSignIn::exchanging, self.get(),
                     [this, self, stop] { letGoOn(stop); });
    d->browser = &browser;
    base::checkpoint("K08");
    Result<oauth::TokenSet> tokens = co_await browser.run(stop);
    if (d->browser == &browser) {
        d->browser = nullptr;
        d->live.waitingForBrowser = false;
    }
    Q_EMIT m_self->changed();
    co_return tokens;
}

/// From here on the sign-in goes on to its own end, which may be far: the code is spent, and what comes of it
/// is stored or given back. Who cancels hears of that at once, and can start another one.
void SignIn::letGoOn(const std::stop_token &stop)
{
    m_underWay = d->underWay;
    const auto letGo = [self = m_self] {
        Connection::Private *d = self->d.get();
        if (const auto shared = std::exchange(d->signingIn, nullptr)) {
            d->browser = nullptr;
            d->live.waitingForBrowser = false;
            shared->set(base::failed(base::cancelledError()));
            Q_EMIT self->changed();
        }
    };
    m_onStop = std::make_unique<std::stop_callback<std::function<void()>>>(stop, letGo);
}

namespace {

/// It may have come of a description that is out of date: whoever tries again asks again. What the person has
/// decided, or agrees to in a moment, is no reason to; that a service isn't the one it was, or takes no
/// registrations, may be.
bool mayBeOutOfDate(const base::Error &error)
{
    static const QList<ErrorKind> others{ErrorKind::Cancelled, ErrorKind::Denied, ErrorKind::Keychain,
                                         ErrorKind::InvalidInput, ErrorKind::Storage};
    return error.remedy != oauth::remedies::acceptsForeignPage && !others.contains(error.kind);
}

} // namespace

Task<void> Connection::Private::runSignIn(SelfPointer self, AuthorizeOptions options,
                                          std::shared_ptr<base::SharedResult<bool>> shared,
                                          std::stop_token stop)
{
    Private *d = self->d.get();
    SignIn signIn(self, std::move(options));
    Result<void> done = co_await signIn.run(stop);
    const bool isWaitedFor = d->signingIn == shared;
    if (isWaitedFor) {
        d->signingIn.reset();
    }
    if (!done && mayBeOutOfDate(done.error())) {
        d->forgetDiscovery();
    }
    if (!done && isWaitedFor && done.error().kind != ErrorKind::Cancelled) {
        d->setTrouble(done.error());
        d->live.signInFailed = true;
        note(self, Words::tr("Sign-in failed: %1").arg(done.error().sentence));
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
    d->unlockStop.request_stop();
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
            makeError(ErrorKind::InvalidInput, Words::tr("No sign-in is waiting for an address.")));
    }
    return d->browser->pasteAddress(address);
}

} // namespace mooring::connections
