// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/credentials.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "connections/connection_p.h"
#include "http/urlpolicy.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr QByteArrayView bearerPrefix = "Bearer ";
constexpr QByteArrayView dpopPrefix = "DPoP ";

base::Error strangerError(const QUrl &url)
{
    return makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: the saved sign-in belongs to another server than %1, so it was not sent there.")
            .arg(base::displayAuthority(url)),
        u"the credential's stamp doesn't match"_s, base::displayAuthority(url));
}

/// RFC 9728 section 3.3, the way discovery has accepted it: the resource is the URL or above it.
bool covers(const QUrl &resource, const QUrl &url)
{
    QString above = resource.path(QUrl::FullyEncoded);
    if (!above.endsWith(u'/')) {
        above += u'/';
    }
    const QString path = url.path(QUrl::FullyEncoded);
    return path.startsWith(above) || path + u'/' == above;
}

/// The token is for what lies at this address.
bool belongsTo(const Grant &grant, const ConnectionRecord &record, const QUrl &url)
{
    const QUrl resource(grant.resource);
    const bool isTolerated = record.settings.toleratesForeignResource && covers(record.url, url);
    return http::origin(resource) == http::origin(url) && (covers(resource, url) || isTolerated);
}

base::Secret tokenOf(const http::Request &sent)
{
    const QByteArray value = sent.headers.value("Authorization");
    for (const QByteArrayView prefix : {bearerPrefix, dpopPrefix}) {
        if (value.startsWith(prefix)) {
            return base::Secret(value.sliced(prefix.size()));
        }
    }
    return {};
}

bool wantsNonce(const QList<oauth::Challenge> &challenges)
{
    return std::ranges::any_of(challenges, [](const oauth::Challenge &challenge) {
        return challenge.scheme == "dpop" && challenge.parameters.value("error") == "use_dpop_nonce";
    });
}

base::Error scopeError(StepUp::Verdict verdict, const QString &host, const QStringList &scopes)
{
    const QString list = base::displayText(scopes.join(u", "_s));
    switch (verdict) {
    case StepUp::Verdict::Ask:
    case StepUp::Verdict::Dismissed:
        break;
    case StepUp::Verdict::GivenAlready:
        return makeError(ErrorKind::Denied,
                         Words::tr("%1 refuses this, although the sign-in was asked for what it wants (%2). "
                                   "Your account there may not be allowed to do this.")
                             .arg(host, list),
                         u"insufficient_scope after a sign-in with these scopes"_s, host);
    case StepUp::Verdict::TooOften:
        return makeError(
            ErrorKind::Denied,
            Words::tr("%1 keeps asking for more rights (now: %2), so Mooring has stopped asking you.")
                .arg(host, list),
            u"three step-ups within an hour"_s, host);
    }
    base::Error error =
        makeError(ErrorKind::MoreScopeNeeded,
                  Words::tr("%1 wants more rights than this sign-in has: %2.").arg(host, list),
                  u"insufficient_scope"_s, host);
    error.scopes = scopes;
    return error;
}

} // namespace

Credentials::Key Credentials::key() const
{
    const SelfPointer self = m_connection.lock();
    if (!self) {
        return Key::None;
    }
    const ConnectionRecord &record = self->record();
    if (m_extent == Extent::All && record.kind == AuthorizationKind::Header && record.hasSecret) {
        return Key::InHeader;
    }
    const bool hasAddressKey = !record.secretQuery.isEmpty() || self->d->serverUrl() != record.url;
    return hasAddressKey ? Key::InAddress : Key::None;
}

Task<Result<http::Request>> Credentials::authorize(http::Request request, std::stop_token stop)
{
    const SelfPointer self = m_connection.lock();
    if (!self) {
        co_return base::failed(base::cancelledError());
    }
    Connection::Private *d = self->d.get();
    if (const Result<void> allowed = d->checkAddress(); !allowed) {
        co_return base::failed(allowed.error());
    }
    const bool besideOnly = m_extent == Extent::BesideSignIn;
    if (besideOnly && !d->record.hasFurther() && !d->record.furtherArriving) {
        co_return co_await withFurther(self, std::move(request), false, stop);
    }
    d->reread();
    Result<void> settled = co_await Connection::Private::finishArrival(self, stop);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    const ConnectionRecord &record = self->record();
    const bool isSignedOut =
        record.kind == AuthorizationKind::OAuth && !record.hasSecret && record.verdict != "open"_L1;
    if (!besideOnly && (record.leaving || isSignedOut)) {
        co_return base::failed(
            makeError(ErrorKind::SignInNeeded, Words::tr("You are not signed in at %1. Authorize it first.")
                                                   .arg(base::displayText(record.name))));
    }
    const AuthorizationKind kind = record.kind;
    Result<http::Request> dressed =
        co_await withFurther(self, std::move(request), !besideOnly || kind == AuthorizationKind::OAuth, stop);
    if (!dressed || besideOnly || kind == AuthorizationKind::None || !record.hasSecret) {
        co_return dressed;
    }
    if (kind == AuthorizationKind::Header) {
        co_return co_await withKey(self, std::move(*dressed), stop);
    }
    co_return co_await withToken(self, std::move(*dressed), stop);
}

Task<Result<http::Request>> Credentials::withFurther(SelfPointer self, http::Request request,
                                                     bool withSecretHeaders, std::stop_token stop)
{
    Connection::Private *d = self->d.get();
    const ConnectionRecord record = d->record;
    const bool isOfServer = http::origin(request.url) == http::origin(record.url);
    // What an older version has left in the address goes where the address goes.
    request.secretQuery = isOfServer ? http::withoutSecretQuery(record.url).secretQuery : base::Secret();
    Result<FurtherSecrets> secrets = co_await Connection::Private::furtherSecrets(self, stop);
    if (!secrets) {
        co_return base::failed(secrets.error());
    }
    const bool fits = secrets->isEmpty() || secrets->origin == http::origin(request.url);
    if (!fits || (!isOfServer && !record.headers.isEmpty())) {
        co_return base::failed(strangerError(request.url));
    }
    if (!secrets->query.isEmpty()) {
        request.secretQuery = secrets->query;
    }
    const QStringList secretHeaders = withSecretHeaders ? record.secretHeaders() : QStringList();
    for (const SentHeader &header : record.headers) {
        if (!header.isSecret) {
            request.headers.set(header.name.toLatin1(), header.value.toLatin1());
        } else if (secretHeaders.contains(header.name)) {
            const base::Secret value = secrets->headers.value(header.name.toLower());
            if (value.isEmpty()) {
                co_return base::failed(d->notInKeychain(
                    Words::tr("The key for the header %1 is not in this keychain. Type it in again.")
                        .arg(base::displayText(header.name))));
            }
            request.headers.set(header.name.toLatin1(), value.reveal());
        }
    }
    co_return request;
}

Task<Result<http::Request>> Credentials::withKey(SelfPointer self, http::Request request,
                                                 std::stop_token stop)
{
    Connection::Private *d = self->d.get();
    if (!d->cachedKey || d->cachedKey->generation != d->record.generation) {
        Result<std::optional<HeaderKey>> key = co_await d->store().readHeaderKey(d->record.id, stop);
        if (!key) {
            co_return base::failed(key.error());
        }
        d->cachedKey = *key;
    }
    if (!d->cachedKey) {
        co_return base::failed(
            d->notInKeychain(Words::tr("The saved key is not in this keychain. Type it in again.")));
    }
    if (d->cachedKey->origin != http::origin(request.url)) {
        co_return base::failed(strangerError(request.url));
    }
    request.headers.set(d->cachedKey->headerName.toLatin1(), d->cachedKey->value.reveal());
    co_return request;
}

Task<Result<http::Request>> Credentials::withToken(SelfPointer self, http::Request request,
                                                   std::stop_token stop)
{
    Connection::Private *d = self->d.get();
    Result<Grant> grant = co_await Connection::Private::freshGrant(self, RefreshReason(), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    if (!belongsTo(*grant, d->record, request.url)) {
        co_return base::failed(strangerError(request.url));
    }
    const QByteArray &token = grant->tokens.accessToken.reveal();
    const std::shared_ptr<oauth::DpopProver> prover = d->proverOf(*grant);
    if (grant->tokens.isDpopBound && prover) {
        request.headers.set("Authorization", dpopPrefix.toByteArray() + token);
        prover->prove(&request, token);
    } else {
        request.headers.set("Authorization", bearerPrefix.toByteArray() + token);
    }
    co_return request;
}

base::Error Credentials::onMissingScope(const SelfPointer &self, const oauth::ChallengeInfo &info,
                                        const QString &host)
{
    const QStringList scopes = info.scope.split(u' ', Qt::SkipEmptyParts);
    if (scopes.isEmpty()) {
        return makeError(ErrorKind::Denied, Words::tr("%1 does not allow this.").arg(host),
                         base::displayText(info.error), host);
    }
    Connection::Private *d = self->d.get();
    const StepUp::Verdict verdict = d->stepUp.judge(scopes, d->record.scopesAsked, d->now());
    if (verdict == StepUp::Verdict::Ask && d->record.scopesWanted != scopes) {
        d->services.tasks.run(Connection::Private::setScopesWanted(self, scopes));
    }
    return scopeError(verdict, host, scopes);
}

Task<Result<void>> Credentials::onChallenge(http::Request sent, http::ResponseHead refusal,
                                            QList<oauth::Challenge> challenges, std::stop_token stop)
{
    const SelfPointer self = m_connection.lock();
    if (!self) {
        co_return base::failed(base::cancelledError());
    }
    const ConnectionRecord &record = self->record();
    const QString host = base::displayAuthority(sent.url);
    const base::Secret token = tokenOf(sent);
    const oauth::ChallengeInfo info = oauth::summarize(challenges);
    Connection::Private *d = self->d.get();
    if (wantsNonce(challenges) && d->prover && d->prover->learn(refusal)) {
        co_return Result<void>();
    }
    d->challenges = challenges;
    if (refusal.status == 403) {
        co_return base::failed(onMissingScope(self, info, host));
    }
    if (record.kind == AuthorizationKind::Header) {
        co_return base::failed(
            makeError(ErrorKind::Denied, Words::tr("%1 refused this key.").arg(host), {}, host));
    }
    if (token.isEmpty() && key() == Key::InAddress && record.kind == AuthorizationKind::None) {
        co_return base::failed(makeError(
            ErrorKind::Denied, Words::tr("%1 refused the key in its address.").arg(host), {}, host));
    }
    if (token.isEmpty()) {
        co_return base::failed(makeError(
            ErrorKind::SignInNeeded,
            Words::tr("%1 wants you to sign in for this. Authorize it first.").arg(host), {}, host));
    }
    RefreshReason reason;
    reason.refused = token;
    Result<Grant> grant = co_await Connection::Private::freshGrant(self, std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return Result<void>();
}

void Credentials::onAccepted(const http::Request &sent, const http::ResponseHead &head)
{
    const SelfPointer self = m_connection.lock();
    const base::Secret token = tokenOf(sent);
    if (!self || token.isEmpty()) {
        return;
    }
    Connection::Private *d = self->d.get();
    if (d->prover) {
        d->prover->learn(head);
    }
    d->challenges.clear();
    if (d->accepted == token) {
        return;
    }
    d->accepted = token;
    if (d->cached && d->cached->tokens.accessToken == token && d->cached->afterRefusal
        && d->record.acceptedGeneration != d->cached->generation) {
        d->services.tasks.run(noteAccepted(self, d->cached->generation));
    }
}

Task<Result<bool>> Credentials::onDoubt(http::Request sent, std::stop_token stop)
{
    const SelfPointer self = m_connection.lock();
    const base::Secret token = tokenOf(sent);
    if (!self || token.isEmpty()) {
        co_return false;
    }
    const ConnectionRecord &record = self->record();
    if (!record.hasRefreshToken || record.vainGeneration == record.generation) {
        co_return false;
    }
    RefreshReason reason;
    reason.refused = token;
    Result<Grant> grant = co_await Connection::Private::freshGrant(self, std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return true;
}

void Credentials::onStillRefused(const http::Request &sent)
{
    const SelfPointer self = m_connection.lock();
    Connection::Private *d = self ? self->d.get() : nullptr;
    if (d && d->cached && d->cached->tokens.accessToken == tokenOf(sent)) {
        d->services.tasks.run(noteVain(self, d->cached->generation));
    }
}

Task<void> Credentials::noteVain(std::shared_ptr<Connection> self, qint64 generation)
{
    const RecordChange change = [generation](ConnectionRecord &record) {
        record.vainGeneration = generation;
    };
    // Not even the end of the process stops this: the next one would renew for nothing.
    Result<void> noted = co_await Connection::Private::updateRecord(self, change, {});
    if (!noted) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << noted.error().detail;
    }
}

Task<void> Credentials::noteAccepted(std::shared_ptr<Connection> self, qint64 generation)
{
    const RecordChange change = [generation](ConnectionRecord &record) {
        record.acceptedGeneration = generation;
    };
    // Not even the end of the process stops this: without it the next one would take a good token that
    // is refused later for one that was never good.
    Result<void> noted = co_await Connection::Private::updateRecord(self, change, {});
    if (!noted) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << noted.error().detail;
    }
}

} // namespace mooring::connections
