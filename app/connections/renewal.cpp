// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of RefreshTransaction that talks to the service and judges its answer.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "connections/pause.h"
#include "connections/refresh.h"
#include "http/urlpolicy.h"
#include "oauth/grants.h"
#include "oauth/refusal.h"

#include <QRandomGenerator>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// A refusal of the request as such, which leaves the refresh token as it was.
bool mayBlameResource(const base::Error &error)
{
    return error.remedy == QStringView(oauth::remedies::omitsResource);
}

/// RFC 6749 section 5.2: the service doesn't know, or doesn't trust, the client any more.
bool isAboutClient(const base::Error &error)
{
    return error.oauthCode == "invalid_client"_L1 || error.oauthCode == "unauthorized_client"_L1;
}

/// A service that has said that a grant is over is asked once more only because a person wants it, and not
/// sooner than this.
constexpr qint64 secondsUntilAskedAgain = 600;

/// An answer to this very request that is no trouble of the service: once it may be a mishap.
bool isDoubtful(const base::Error &error)
{
    const bool isRefusal = error.kind == ErrorKind::HttpStatus && error.httpStatus < 500;
    const bool isInsideSuccess = error.kind == ErrorKind::Protocol && !error.oauthCode.isEmpty();
    return !error.isTransient() && (isRefusal || isInsideSuccess || error.kind == ErrorKind::Denied);
}

/// It was checked at the sign-in, and was kept in a file and the keychain since. How near it may be was
/// decided then; that tokens go out in the clear is never right.
Result<void> checkEndpoint(const QUrl &endpoint)
{
    const http::UrlPolicy policy(http::AddressClass::Loopback);
    const Result<QUrl> url = policy.check(endpoint.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint);
    if (url) {
        return {};
    }
    const QString host = base::displayAuthority(endpoint);
    return base::failed(makeError(ErrorKind::RefusedByPolicy,
                                  Words::tr("Stopped: this sign-in would be renewed at an address that is "
                                            "not safe to use (%1). Nothing was sent. Authorize again.")
                                      .arg(host),
                                  url.error().detail, host));
}

} // namespace

Task<Result<Grant>> RefreshTransaction::renew(Grant old)
{
    if (const std::optional<base::Error> ended = knownEnd(old)) {
        co_return lastUseOf(old, *ended);
    }
    const QString host = issuerHost(d->record);
    const bool wasRefused = !m_reason.refused.isEmpty() && old.tokens.accessToken == m_reason.refused;
    const bool wasEverGood =
        d->accepted == old.tokens.accessToken || d->record.acceptedGeneration == old.generation;
    if (wasRefused && old.afterRefusal && !wasEverGood) {
        co_return base::failed(endedError(Words::tr("%1 refuses the access that %2 has just issued. "
                                                    "Authorize again; if that doesn't help, the server "
                                                    "is not set up right.")
                                              .arg(base::displayAuthority(d->record.url), host)));
    }
    if (!canRenew(old)) {
        const base::Error ended = endedError(
            wasRefused
                ? Words::tr("%1 ended this sign-in.").arg(host)
                : Words::tr("This sign-in has run out, and %1 gave nothing to renew it with.").arg(host));
        co_return base::failed(ended);
    }
    Result<oauth::ClientRegistration> client =
        co_await d->services.registrations.read(d->record.registrationId, never());
    if (!client) {
        co_return base::failed(client.error());
    }
    if (const Result<void> stamp = checkStamp(old, *client); !stamp) {
        co_return base::failed(stamp.error());
    }
    if (const Result<void> safe = checkEndpoint(old.tokenEndpoint); !safe) {
        co_return co_await putOff(std::move(old), safe.error());
    }
    // What can't be kept must not be asked for: the service may take the old refresh token back for it.
    if (Result<void> writable = co_await d->store().tryOut(d->record.id, old, never()); !writable) {
        co_return co_await putOff(std::move(old), writable.error());
    }
    m_underWay = d->underWay;
    // A leftover: a process ended, or the service fell silent, after this very token may have been sent.
    m_wasInterrupted = old.source == Grant::Source::Browser && d->record.renewingSince;
    const QDateTime startedAt = d->now();
    const RecordChange change = [startedAt](ConnectionRecord &record) { record.renewingSince = startedAt; };
    co_await record(change);
    base::checkpoint("K15");
    Result<oauth::TokenSet> tokens;
    if (old.source == Grant::Source::ClientCredentials) {
        tokens = co_await askAgain(old, std::move(*client));
    } else {
        tokens = co_await post(requestFor(old, std::move(*client)));
    }
    base::checkpoint("K17");
    if (tokens) {
        co_return co_await store(std::move(old), std::move(*tokens));
    }
    co_return co_await handleTrouble(std::move(old), tokens.error());
}

Task<Result<Grant>> RefreshTransaction::handleTrouble(Grant old, base::Error error)
{
    if (error.kind == ErrorKind::SignInNeeded && error.oauthCode == "invalid_grant"_L1) {
        co_return co_await handleRefusal(std::move(old), error);
    }
    const bool isEnd = error.kind == ErrorKind::SignInNeeded;
    const bool isRepeated = d->record.doubtedGeneration == old.generation;
    if (isEnd || (isRepeated && isDoubtful(error))) {
        co_return co_await handleDoubt(std::move(old), error);
    }
    if (isDoubtful(error)) {
        const RecordChange change = [generation = old.generation](ConnectionRecord &record) {
            record.doubtedGeneration = generation;
        };
        co_await record(change);
    }
    if (isAboutClient(error)) {
        // The grant may be as good as ever, so it is kept; but only a new registration helps.
        error.kind = ErrorKind::SignInNeeded;
        error.remedy = QString::fromUtf16(oauth::remedies::forgetsRegistration);
    }
    co_return co_await putOff(std::move(old), error);
}

oauth::RefreshRequest RefreshTransaction::requestFor(const Grant &grant,
                                                     oauth::ClientRegistration client) const
{
    oauth::RefreshRequest request;
    request.tokenEndpoint = grant.tokenEndpoint;
    request.namedBy = d->record.settings.namerOf(grant.tokenEndpoint, d->record.url);
    request.client = std::move(client);
    request.refreshToken = grant.tokens.refreshToken;
    const bool sendsResource = d->record.settings.sendsResource && !d->record.refreshesWithoutResource;
    request.resource = sendsResource ? grant.resource : QString();
    request.scopes = grant.tokens.scopes;
    if (d->record.settings.sendsScopeOnRefresh) {
        request.scopesToSend = d->record.scopesAsked;
    }
    request.dpop = d->proverOf(grant);
    return request;
}

Task<Result<oauth::TokenSet>> RefreshTransaction::askAgain(Grant old, oauth::ClientRegistration client)
{
    Result<oauth::AuthorizationServer> server = oauth::AuthorizationServer::fromRecord(
        d->record.authorizationServer, http::UrlPolicy(d->record.url), d->record.settings);
    if (!server) {
        co_return base::failed(server.error());
    }
    oauth::ClientCredentialsRequest request;
    request.server = *server;
    request.client = std::move(client);
    request.resource = d->record.settings.sendsResource ? old.resource : QString();
    request.scopes = d->record.scopesAsked;
    request.dpop = d->proverOf(old);
    Result<oauth::TokenSet> tokens = co_await oauth::requestClientCredentials(
        d->services.http, d->services.deadlines, std::move(request), never());
    co_return tokens;
}

Task<Result<oauth::TokenSet>> RefreshTransaction::post(oauth::RefreshRequest request)
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

Task<Result<oauth::TokenSet>> RefreshTransaction::postOnce(oauth::RefreshRequest request)
{
    qCInfo(base::lcConnections).noquote() << "renewing" << base::displayText(d->record.name);
    Result<oauth::TokenSet> tokens =
        co_await oauth::refreshTokens(d->services.http, d->services.deadlines, request, never());
    if (tokens || !tokens.error().mayHaveArrived) {
        co_return tokens;
    }
    // The answer is lost, and maybe the refresh token with it. Sending it once more saves the
    // sign-in where the request never arrived or the service grants a grace period; where neither
    // is so, nothing is left that could be lost.
    m_wasInterrupted = true;
    const auto pause = std::chrono::milliseconds(1000 + QRandomGenerator::global()->bounded(1000));
    co_await base::sleepFor(pause, never());
    Result<oauth::TokenSet> again =
        co_await oauth::refreshTokens(d->services.http, d->services.deadlines, std::move(request), never());
    co_return again;
}

Task<Result<std::optional<Grant>>> RefreshTransaction::newerThan(Grant old)
{
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, never());
    if (stored && *stored && (*stored)->tokens.refreshToken == old.tokens.refreshToken) {
        stored->reset();
    }
    co_return stored;
}

Task<Result<Grant>> RefreshTransaction::takeNewer(Grant newer, Grant old, base::Error error)
{
    if (newer.tokens.isFresh(d->now())) {
        publish(newer);
        co_return newer;
    }
    co_return co_await putOff(std::move(old), std::move(error));
}

base::Error RefreshTransaction::endOf(const base::Error &error) const
{
    const QString host = issuerHost(d->record);
    const QString sentence =
        m_wasInterrupted
            ? Words::tr("The sign-in at %1 was interrupted while it was renewed. Authorize again.").arg(host)
        : isAboutClient(error)
            ? Words::tr("%1 doesn't know Mooring's registration any more. Authorize again.").arg(host)
        : isDoubtful(error) ? Words::tr("%1 doesn't renew this sign-in any more. Authorize again.").arg(host)
                            : Words::tr("%1 ended this sign-in. Authorize again.").arg(host);
    base::Error ended = endedError(sentence + oauth::Refusal::tailOf(error), error.detail);
    ended.oauthCode = error.oauthCode;
    ended.host = host;
    if (isAboutClient(error)) {
        ended.remedy = QString::fromUtf16(oauth::remedies::forgetsRegistration);
    }
    return ended;
}

Task<Result<Grant>> RefreshTransaction::handleRefusal(Grant old, base::Error error)
{
    Result<std::optional<Grant>> newer = co_await newerThan(old);
    if (newer && *newer) {
        co_return co_await takeNewer(**newer, std::move(old), std::move(error));
    }
    const base::Error ended = endOf(error);
    if (newer) {
        co_await d->store().remove(d->record.id, never());
    }
    const RecordedError recorded{ended, d->now()};
    const qint64 generation = old.generation + 1;
    const RecordChange change = [recorded, generation](ConnectionRecord &record) {
        record.hasSecret = false;
        record.hasRefreshToken = false;
        record.generation = generation;
        record.renewingSince.reset();
        record.lastError = recorded;
    };
    co_await record(change);
    d->forgetCredentials();
    Connection::Private::note(m_self, ended.sentence);
    co_return base::failed(ended);
}

Task<Result<Grant>> RefreshTransaction::handleDoubt(Grant old, base::Error error)
{
    Result<std::optional<Grant>> newer = co_await newerThan(old);
    if (newer && *newer) {
        co_return co_await takeNewer(**newer, std::move(old), std::move(error));
    }
    const base::Error ended = endOf(error);
    const RecordedError recorded{ended, d->now()};
    const RecordChange change = [recorded, generation = old.generation](ConnectionRecord &record) {
        record.endedGeneration = generation;
        record.doubtedGeneration = 0;
        record.renewingSince.reset();
        record.lastError = recorded;
    };
    co_await record(change);
    Connection::Private::note(m_self, ended.sentence);
    co_return lastUseOf(old, ended);
}

std::optional<base::Error> RefreshTransaction::knownEnd(const Grant &grant) const
{
    const ConnectionRecord &record = d->record;
    if (record.endedGeneration != grant.generation || grant.generation == 0 || !record.lastError) {
        return std::nullopt;
    }
    const bool isLongAgo = record.lastError->at.secsTo(d->now()) >= secondsUntilAskedAgain;
    return m_reason.force && isLongAgo ? std::nullopt : std::optional(record.lastError->error);
}

/// What is at hand is served as long as it lasts, unless it is known to be refused.
Result<Grant> RefreshTransaction::lastUseOf(const Grant &old, const base::Error &ended)
{
    const bool isStillGood = !old.tokens.expiresAt || *old.tokens.expiresAt > d->now();
    if (!isStillGood || m_reason.force || !m_reason.refused.isEmpty()) {
        return base::failed(ended);
    }
    d->cached = old;
    return old;
}

Task<Result<Grant>> RefreshTransaction::putOff(Grant old, base::Error error)
{
    // What may have been used up may have been used up still, when the service can be reached again.
    if (!m_wasInterrupted) {
        const RecordChange change = [](ConnectionRecord &record) { record.renewingSince.reset(); };
        co_await record(change);
    }
    if (!error.retryAt) {
        error.retryAt = d->now().addMSecs(pauseAfter(d->failures).count());
    }
    ++d->failures;
    d->retryAt = error.retryAt;
    // The time of the next try is for us; only a service that asked for it is said to have asked.
    base::Error shown = error;
    if (error.httpStatus != 429 && error.httpStatus != 503) {
        shown.retryAt.reset();
    }
    d->setTrouble(shown);
    const bool stillGood = !old.tokens.expiresAt || *old.tokens.expiresAt > d->now();
    if (stillGood && !m_reason.force && m_reason.refused.isEmpty()) {
        d->cached = old;
        Q_EMIT m_self->changed();
        co_return old;
    }
    co_return base::failed(shown);
}

} // namespace mooring::connections
