// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/refresh.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/logging.h"

#include <QRandomGenerator>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

/// How long to leave a service alone after trouble, by the number of failures in a row.
std::chrono::seconds pauseAfter(int failures)
{
    static constexpr int steps[] = {2, 15, 60, 300, 900};
    const int base = steps[std::min<std::size_t>(static_cast<std::size_t>(failures), std::size(steps) - 1)];
    return std::chrono::seconds(base);
}

/// Nothing may stop a request that might have been answered, or the writing of its answer.
std::stop_token never()
{
    return {};
}

base::Error endedError(const QString &sentence, const QString &detail = {})
{
    return makeError(ErrorKind::SignInNeeded, sentence, detail);
}

} // namespace

RefreshTransaction::RefreshTransaction(SelfPointer self, RefreshReason reason)
    : m_self(std::move(self))
    , d(m_self->d.get())
    , m_reason(std::move(reason))
{
}

Task<Result<Grant>> RefreshTransaction::run()
{
    const bool hasUsable = d->cached && d->cached->generation == d->record.generation
                           && (!d->cached->tokens.expiresAt || *d->cached->tokens.expiresAt > d->now())
                           && m_reason.refused.isEmpty();
    if (!m_reason.force && d->retryAt && d->now() < *d->retryAt && d->live.trouble) {
        // Asked to wait: what is at hand is served as long as it lasts.
        if (hasUsable) {
            co_return std::as_const(*d->cached);
        }
        co_return base::failed(*d->live.trouble);
    }
    Result<void> usable = co_await d->store().store().checkUsable(d->services.tasks.token());
    if (!usable) {
        d->setTrouble(usable.error());
        if (hasUsable && !m_reason.force) {
            co_return std::as_const(*d->cached);
        }
        co_return base::failed(usable.error());
    }
    const QString lockPath = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, d->services.tasks.token());
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<Grant> grant = co_await runLocked();
    // A keychain job that outlived its deadline still belongs to this transaction.
    co_await d->store().settled(d->record.id);
    if (!grant) {
        d->setTrouble(grant.error());
    }
    co_return grant;
}

Task<Result<Grant>> RefreshTransaction::runLocked()
{
    d->reread();
    if (d->record.leaving || !d->record.hasSecret) {
        co_return base::failed(endedError(translated("You are not signed in at %1. Authorize it first.")
                                              .arg(base::displayText(d->record.name))));
    }
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, never());
    if (!stored) {
        co_return base::failed(stored.error());
    }
    if (!*stored) {
        co_return base::failed(
            endedError(translated("The saved sign-in is not in this keychain. Authorize again.")));
    }
    Grant grant = **stored;
    if (d->unsaved && d->unsaved->generation > grant.generation) {
        grant = *d->unsaved;
        Result<void> written = co_await d->store().writeGrant(d->record.id, grant, never());
        if (!written) {
            co_return base::failed(written.error());
        }
        d->unsaved.reset();
    }
    if (isGoodEnough(grant)) {
        if (grant.generation != d->record.generation) {
            // Written by a process that was ended before it could say so.
            const RecordChange change = [grant](ConnectionRecord &record) {
                record.generation = grant.generation;
                record.issuedAt = grant.tokens.issuedAt;
                record.expiresAt = grant.tokens.expiresAt;
                record.hasRefreshToken = !grant.tokens.refreshToken.isEmpty();
                record.renewingSince.reset();
            };
            co_await record(change);
        }
        publish(grant);
        co_return grant;
    }
    co_return co_await renew(std::move(grant));
}

bool RefreshTransaction::isGoodEnough(const Grant &grant) const
{
    if (!grant.tokens.isFresh(d->now()) || m_reason.force) {
        return false;
    }
    return m_reason.refused.isEmpty() || grant.tokens.accessToken != m_reason.refused;
}

Task<Result<Grant>> RefreshTransaction::renew(Grant old)
{
    const QString host = issuerHost(d->record);
    const bool wasRefused = !m_reason.refused.isEmpty() && old.tokens.accessToken == m_reason.refused;
    const bool wasEverGood =
        d->accepted == old.tokens.accessToken || d->record.acceptedGeneration == old.generation;
    if (wasRefused && old.afterRefusal && !wasEverGood) {
        co_return base::failed(endedError(translated("%1 refuses the access that %2 has just issued. "
                                                     "Authorize again; if that doesn't help, the server "
                                                     "is not set up right.")
                                              .arg(base::displayAuthority(d->record.url), host)));
    }
    if (old.tokens.refreshToken.isEmpty()) {
        const base::Error ended = endedError(
            wasRefused
                ? translated("%1 ended this sign-in.").arg(host)
                : translated("This sign-in has run out, and %1 gave nothing to renew it with.").arg(host));
        co_return base::failed(ended);
    }
    Result<oauth::ClientRegistration> client =
        co_await Connection::Private::registrationOf(m_self, d->record.registrationId, never());
    if (!client) {
        co_return base::failed(client.error());
    }
    if (const Result<void> stamp = checkStamp(old, *client); !stamp) {
        co_return base::failed(stamp.error());
    }
    const QDateTime startedAt = d->now();
    const RecordChange change = [startedAt](ConnectionRecord &record) { record.renewingSince = startedAt; };
    co_await record(change);
    base::checkpoint("K15");
    oauth::RefreshRequest request;
    request.tokenEndpoint = old.tokenEndpoint;
    request.client = *client;
    request.refreshToken = old.tokens.refreshToken;
    request.resource = old.resource;
    request.scopes = old.tokens.scopes;
    Result<oauth::TokenSet> tokens = co_await post(std::move(request));
    base::checkpoint("K17");
    if (tokens) {
        co_return co_await store(std::move(old), std::move(*tokens));
    }
    if (tokens.error().kind == ErrorKind::SignInNeeded) {
        co_return co_await handleRefusal(std::move(old), tokens.error());
    }
    co_return co_await putOff(std::move(old), tokens.error());
}

Task<Result<oauth::TokenSet>> RefreshTransaction::post(oauth::RefreshRequest request)
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
    m_wasReplayed = true;
    const auto pause = std::chrono::milliseconds(1000 + QRandomGenerator::global()->bounded(1000));
    co_await base::sleepFor(pause, never());
    Result<oauth::TokenSet> again =
        co_await oauth::refreshTokens(d->services.http, d->services.deadlines, std::move(request), never());
    co_return again;
}

Result<void> RefreshTransaction::checkStamp(const Grant &grant, const oauth::ClientRegistration &client) const
{
    const bool fits = grant.issuer == d->record.issuer && grant.issuer == client.issuer
                      && grant.clientId == client.clientId && grant.resource == d->record.resource
                      && grant.tokenEndpoint.isValid()
                      && grant.tokenEndpoint.toString(QUrl::FullyEncoded)
                             == d->record.authorizationServer["token_endpoint"_L1].toString();
    if (fits) {
        return {};
    }
    return base::failed(makeError(ErrorKind::RefusedByPolicy,
                                  translated("Stopped: the list of connections names another sign-in service "
                                             "than the one this sign-in came from. "
                                             "Nothing was sent. Authorize again to renew it."),
                                  u"the grant's stamp doesn't match the record"_s));
}

Task<Result<Grant>> RefreshTransaction::store(Grant old, oauth::TokenSet tokens)
{
    Grant grant = old;
    grant.generation = std::max(old.generation, d->record.generation) + 1;
    grant.tokens = std::move(tokens);
    grant.afterRefusal = !m_reason.refused.isEmpty();
    d->reread();
    if (d->record.leaving) {
        // Disconnect was clicked meanwhile: what has just been issued is given back, not kept.
        co_await Connection::Private::revokeGrant(m_self, grant);
        co_return base::failed(endedError(translated("This connection is being disconnected.")));
    }
    Result<void> written = co_await d->store().writeGrant(d->record.id, grant, never());
    for (int attempt = 0; !written && attempt < 2; ++attempt) {
        co_await base::sleepFor(std::chrono::milliseconds(500), never());
        written = co_await d->store().writeGrant(d->record.id, grant, never());
    }
    if (!written) {
        // Nobody gets a token that isn't stored; it waits here for the keychain to come back.
        d->unsaved = grant;
        co_return base::failed(written.error());
    }
    base::checkpoint("K19");
    const RecordChange change = [grant](ConnectionRecord &record) {
        record.generation = grant.generation;
        record.issuedAt = grant.tokens.issuedAt;
        record.expiresAt = grant.tokens.expiresAt;
        record.scopesGranted = grant.tokens.scopes;
        record.hasRefreshToken = !grant.tokens.refreshToken.isEmpty();
        record.renewingSince.reset();
        record.lastError.reset();
    };
    co_await record(change);
    publish(grant);
    Connection::Private::note(
        m_self, grant.tokens.expiresAt
                    ? translated("Renewed, valid until %1").arg(momentText(*grant.tokens.expiresAt, d->now()))
                    : translated("Renewed"));
    co_return grant;
}

Task<Result<Grant>> RefreshTransaction::handleRefusal(Grant old, base::Error error)
{
    // The verdict counts only for the token it was passed on.
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, never());
    if (stored && *stored && (*stored)->tokens.refreshToken != old.tokens.refreshToken) {
        const Grant newer = **stored;
        if (newer.tokens.isFresh(d->now())) {
            publish(newer);
            co_return newer;
        }
        co_return co_await putOff(std::move(old), error);
    }
    const bool isClientRefused =
        error.oauthCode != "invalid_grant"_L1 && error.oauthCode.startsWith("invalid_client"_L1);
    const QString host = issuerHost(d->record);
    base::Error ended = endedError(
        m_wasReplayed
            ? translated("The sign-in at %1 was interrupted while it was renewed. Authorize again.").arg(host)
            : translated("%1 ended this sign-in. Authorize again.").arg(host),
        error.detail);
    ended.oauthCode = error.oauthCode;
    ended.host = host;
    if (!isClientRefused && stored) {
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

Task<Result<Grant>> RefreshTransaction::putOff(Grant old, base::Error error)
{
    const RecordChange change = [](ConnectionRecord &record) { record.renewingSince.reset(); };
    co_await record(change);
    if (!error.retryAt) {
        const auto pause = pauseAfter(d->failures);
        const int spread = QRandomGenerator::global()->bounded(-20, 21);
        error.retryAt = d->now().addMSecs(pause.count() * (1000 + 10 * spread));
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

Task<void> RefreshTransaction::record(RecordChange change)
{
    // The keychain item is the truth; a record that can't be written now is healed from it later.
    Result<void> updated = co_await Connection::Private::updateRecord(m_self, std::move(change), never());
    if (!updated) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << updated.error().detail;
    }
}

void RefreshTransaction::publish(const Grant &grant)
{
    d->cached = grant;
    d->clearTrouble();
}

Task<void> Connection::Private::runRefresh(SelfPointer self, RefreshReason reason,
                                           std::shared_ptr<base::SharedResult<Grant>> shared)
{
    RefreshTransaction transaction(self, std::move(reason));
    Result<Grant> grant = co_await transaction.run();
    self->d->refreshing.reset();
    shared->set(grant);
    Q_EMIT self->changed();
}

Task<Result<Grant>> Connection::Private::freshGrant(SelfPointer self, RefreshReason reason,
                                                    std::stop_token stop)
{
    Private *d = self->d.get();
    d->reread();
    // Joining a refresh that was started for a lesser reason may bring the very token that was
    // refused; then one of our own follows.
    for (int round = 0; round < 2; ++round) {
        const bool isAtHand = d->cached && !d->record.leaving && d->cached->generation == d->record.generation
                              && d->cached->tokens.isFresh(d->now());
        const bool isRefused =
            d->cached && !reason.refused.isEmpty() && d->cached->tokens.accessToken == reason.refused;
        if (isAtHand && !isRefused && (!reason.force || round > 0)) {
            co_return std::as_const(*d->cached);
        }
        if (!d->refreshing) {
            d->refreshing = std::make_shared<base::SharedResult<Grant>>();
            const std::shared_ptr<base::SharedResult<Grant>> mine = d->refreshing;
            d->services.tasks.run(runRefresh(self, reason, mine));
            co_return co_await mine->wait(stop);
        }
        const std::shared_ptr<base::SharedResult<Grant>> theirs = d->refreshing;
        Result<Grant> joined = co_await theirs->wait(stop);
        if (!joined || reason.refused.isEmpty() || joined->tokens.accessToken != reason.refused) {
            co_return joined;
        }
    }
    co_return base::failed(endedError(translated("%1 refuses the access that was just renewed.")
                                          .arg(base::displayAuthority(d->record.url))));
}

namespace {

AccessToken toAccessToken(const Grant &grant)
{
    AccessToken token;
    token.token = grant.tokens.accessToken;
    token.facts.issuedAt = grant.tokens.issuedAt;
    token.facts.expiresAt = grant.tokens.expiresAt;
    token.facts.scopes = grant.tokens.scopes;
    token.facts.resource = grant.resource;
    token.facts.issuer = grant.issuer;
    token.facts.length = grant.tokens.accessToken.reveal().size();
    return token;
}

base::Result<void> checkHasTokens(const ConnectionRecord &record)
{
    if (record.kind == AuthorizationKind::Header) {
        return base::failed(makeError(
            ErrorKind::InvalidInput, translated("This connection uses a key, so there is no access token.")));
    }
    if (record.leaving || !record.hasSecret) {
        return base::failed(endedError(record.lastError
                                           ? record.lastError->error.sentence
                                           : translated("You are not signed in at %1. Authorize it first.")
                                                 .arg(base::displayText(record.name))));
    }
    return {};
}

} // namespace

Task<Result<AccessToken>> Connection::accessToken(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    d->reread();
    if (const Result<void> possible = checkHasTokens(d->record); !possible) {
        co_return base::failed(possible.error());
    }
    Result<Grant> grant = co_await Private::freshGrant(self, RefreshReason(), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return toAccessToken(*grant);
}

Task<Result<AccessToken>> Connection::renew(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (const Result<void> possible = checkHasTokens(d->record); !possible) {
        co_return base::failed(possible.error());
    }
    RefreshReason reason;
    reason.force = true;
    Result<Grant> grant = co_await Private::freshGrant(self, std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return toAccessToken(*grant);
}

} // namespace mooring::connections
