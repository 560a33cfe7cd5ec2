// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/connectionauthorizer.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr QByteArrayView bearerPrefix = "Bearer ";
constexpr QByteArrayView dpopPrefix = "DPoP ";

base::Error strangerError(const QUrl &url)
{
    const QString host = base::displayAuthority(url);
    return makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: the saved sign-in belongs to another server than %1, so it was not sent there.")
            .arg(host),
        QStringLiteral("the credential's stamp doesn't match"), host);
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

base::Error notSignedIn(const ConnectionRecord &record)
{
    return signInNeeded(
        Words::tr("You are not signed in at %1. Authorize it first.").arg(base::displayText(record.name)));
}

} // namespace

ConnectionAuthorizer::ConnectionAuthorizer(std::shared_ptr<CredentialSources> sources, Extent extent)
    : m_sources(std::move(sources))
    , m_extent(extent)
{
}

ConnectionAuthorizer::Key ConnectionAuthorizer::key() const
{
    const ConnectionRecord &record = m_sources->entry->record();
    if (m_extent == Extent::All && record.kind == AuthorizationKind::Header && record.hasSecret) {
        return Key::InHeader;
    }
    const bool hasAddressKey = !record.secretQuery.isEmpty() || m_sources->entry->serverUrl() != record.url;
    return hasAddressKey ? Key::InAddress : Key::None;
}

Task<Result<http::Request>> ConnectionAuthorizer::authorize(http::Request request, std::stop_token stop)
{
    const SourcesPointer sources = m_sources;
    const EntryPointer entry = sources->entry;
    const bool besideOnly = m_extent == Extent::BesideSignIn;
    if (const Result<void> allowed = entry->checkAddress(); !allowed) {
        co_return base::failed(allowed.error());
    }
    if (besideOnly && !entry->record().hasRequestSecrets() && !entry->record().pendingRequestSecrets) {
        co_return co_await withHeaders(sources, std::move(request), false, stop);
    }
    entry->reread();
    Result<void> settled = co_await sources->writer.settleInterrupted(stop);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    const AuthorizationKind kind = entry->record().kind;
    const bool hasSecret = entry->record().hasSecret;
    const bool isSignedOut =
        kind == AuthorizationKind::OAuth && !hasSecret && entry->record().verdict != mcp::Verdict::Open;
    if (!besideOnly && (entry->record().leaving || isSignedOut)) {
        co_return base::failed(notSignedIn(entry->record()));
    }
    const bool withSecretHeaders = !besideOnly || kind == AuthorizationKind::OAuth;
    Result<http::Request> dressed =
        co_await withHeaders(sources, std::move(request), withSecretHeaders, stop);
    if (!dressed || besideOnly || kind == AuthorizationKind::None || !hasSecret) {
        co_return dressed;
    }
    if (kind == AuthorizationKind::Header) {
        co_return co_await withKey(sources, std::move(*dressed), stop);
    }
    co_return co_await withToken(sources, std::move(*dressed), stop);
}

Task<Result<http::Request>> ConnectionAuthorizer::withHeaders(SourcesPointer sources, http::Request request,
                                                              bool withSecretHeaders, std::stop_token stop)
{
    const ConnectionRecord record = sources->entry->record();
    const bool isOfServer = http::origin(request.url) == http::origin(record.url);
    // What an older version has left in the address goes where the address goes.
    request.secretQuery = isOfServer ? http::withoutSecretQuery(record.url).secretQuery : base::Secret();
    Result<RequestSecrets> secrets = co_await sources->keys->requestSecrets(stop);
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
                co_return base::failed(sources->keys->missingHeader(header.name));
            }
            request.headers.set(header.name.toLatin1(), value.reveal());
        }
    }
    co_return request;
}

Task<Result<http::Request>> ConnectionAuthorizer::withKey(SourcesPointer sources, http::Request request,
                                                          std::stop_token stop)
{
    Result<HeaderKey> key = co_await sources->keys->headerKey(stop);
    if (!key) {
        co_return base::failed(key.error());
    }
    if (key->origin != http::origin(request.url)) {
        co_return base::failed(strangerError(request.url));
    }
    request.headers.set(key->headerName.toLatin1(), key->value.reveal());
    co_return request;
}

Task<Result<http::Request>> ConnectionAuthorizer::withToken(SourcesPointer sources, http::Request request,
                                                            std::stop_token stop)
{
    Result<Grant> grant = co_await sources->tokens->freshGrant(RefreshReason(), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    if (!belongsTo(*grant, sources->entry->record(), request.url)) {
        co_return base::failed(strangerError(request.url));
    }
    const QByteArray &token = grant->tokens.accessToken.reveal();
    const std::shared_ptr<oauth::DpopProver> prover = sources->tokens->held().proverOf(*grant);
    if (grant->tokens.isDpopBound && prover) {
        request.headers.set("Authorization", dpopPrefix.toByteArray() + token);
        prover->prove(&request, token);
    } else {
        request.headers.set("Authorization", bearerPrefix.toByteArray() + token);
    }
    co_return request;
}

Task<Result<void>> ConnectionAuthorizer::onChallenge(http::Request sent, http::ResponseHead refusal,
                                                     QList<oauth::Challenge> challenges, std::stop_token stop)
{
    const SourcesPointer sources = m_sources;
    const Key sentKey = key();
    const AuthorizationKind kind = sources->entry->record().kind;
    const QString host = base::displayAuthority(sent.url);
    const base::Secret token = tokenOf(sent);
    const oauth::ChallengeInfo info = oauth::summarize(challenges);
    const std::shared_ptr<oauth::DpopProver> prover = sources->tokens->held().prover();
    if (wantsNonce(challenges) && prover && prover->learn(refusal)) {
        co_return Result<void>();
    }
    sources->scopes->setChallenges(challenges);
    if (refusal.status == 403) {
        co_return base::failed(sources->scopes->onMissingScope(info, host));
    }
    if (kind == AuthorizationKind::Header) {
        co_return base::failed(
            makeError(ErrorKind::Denied, Words::tr("%1 refused this key.").arg(host), {}, host));
    }
    if (token.isEmpty() && sentKey == Key::InAddress && kind == AuthorizationKind::None) {
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
    Result<Grant> grant = co_await sources->tokens->freshGrant(std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return Result<void>();
}

void ConnectionAuthorizer::onAccepted(const http::Request &sent, const http::ResponseHead &head)
{
    const base::Secret token = tokenOf(sent);
    if (token.isEmpty()) {
        return;
    }
    HeldGrant &held = m_sources->tokens->held();
    if (held.prover()) {
        held.prover()->learn(head);
    }
    m_sources->scopes->setChallenges({});
    if (held.wasAccepted(token)) {
        return;
    }
    held.setAccepted(token);
    const std::optional<Grant> &current = held.current();
    const ConnectionRecord &record = m_sources->entry->record();
    if (current && current->tokens.accessToken == token && current->afterRefusal
        && record.acceptedGeneration != current->generation) {
        // Other processes must know too that a token which followed a refusal is good. Not even the end of
        // this process stops the note: without it the next one would take a good token that is refused later
        // for one that was never good.
        const RecordChange note = [generation = current->generation](ConnectionRecord &record) {
            record.acceptedGeneration = generation;
        };
        m_sources->tasks.run(m_sources->entry->tryUpdate(note));
    }
}

Task<Result<bool>> ConnectionAuthorizer::onDoubt(http::Request sent, std::stop_token stop)
{
    const SourcesPointer sources = m_sources;
    const base::Secret token = tokenOf(sent);
    const ConnectionRecord &record = sources->entry->record();
    if (token.isEmpty() || !record.hasRefreshToken || record.vainGeneration == record.generation) {
        co_return false;
    }
    RefreshReason reason;
    reason.refused = token;
    Result<Grant> grant = co_await sources->tokens->freshGrant(std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return true;
}

void ConnectionAuthorizer::onStillRefused(const http::Request &sent)
{
    const std::optional<Grant> &current = m_sources->tokens->held().current();
    if (current && current->tokens.accessToken == tokenOf(sent)) {
        // Not even the end of this process stops the note: the next one would renew for nothing.
        const RecordChange note = [generation = current->generation](ConnectionRecord &record) {
            record.vainGeneration = generation;
        };
        m_sources->tasks.run(m_sources->entry->tryUpdate(note));
    }
}

} // namespace mooring::connections
