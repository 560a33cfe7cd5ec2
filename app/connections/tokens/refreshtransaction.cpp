// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/refreshtransaction.h"

#include "base/backoff.h"
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"
#include "http/urlpolicy.h"
#include "oauth/refusal.h"
#include "oauth/tokenset.h"

#include <QElapsedTimer>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using base::Task;
using base::Words;

namespace {

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

/// The endpoint was checked at the sign-in, and was kept in a file and the keychain since. How near it may be
/// was decided then; that tokens go out in the clear is never right.
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

base::Error signInNeeded(const QString &sentence, const QString &detail)
{
    return makeError(ErrorKind::SignInNeeded, sentence, detail);
}

base::Error disconnectingError()
{
    return signInNeeded(Words::tr("This connection is being disconnected."));
}

Result<void> checkHasTokens(const ConnectionRecord &record)
{
    if (record.kind == AuthorizationKind::Header) {
        return base::failed(makeError(ErrorKind::InvalidInput,
                                      Words::tr("This connection uses a key, so there is no access token.")));
    }
    if (!record.leaving && !record.hasSecret && record.lastError
        && record.lastError->error.kind == ErrorKind::SignInNeeded) {
        return base::failed(record.lastError->error);
    }
    if (record.leaving || !record.hasSecret) {
        return base::failed(signInNeeded(record.lastError
                                             ? record.lastError->error.sentence
                                             : Words::tr("You are not signed in at %1. Authorize it first.")
                                                   .arg(base::displayText(record.name))));
    }
    return {};
}

RefreshTransaction::RefreshTransaction(EntryPointer entry, Services services, std::shared_ptr<HeldGrant> held,
                                       RefreshReason reason)
    : m_entry(std::move(entry))
    , m_services(services)
    , m_held(std::move(held))
    , m_revoker(m_entry, services.http, services.deadlines, services.registrations, services.revocations)
    , m_reason(std::move(reason))
    , m_request(m_entry, services, m_held)
{
}

Task<Result<Grant>> RefreshTransaction::run()
{
    const std::optional<Grant> held = m_held->current();
    const bool hasUsable = held && held->generation == record().generation
                           && (!held->tokens.expiresAt || *held->tokens.expiresAt > now())
                           && m_reason.refused.isEmpty();
    const std::optional<base::Error> trouble = m_entry->live().trouble;
    if (!m_reason.force && trouble && m_entry->retryAt() && now() < *m_entry->retryAt()) {
        // Asked to wait: what is at hand is served as long as it lasts.
        if (hasUsable) {
            co_return *held;
        }
        co_return base::failed(*trouble);
    }
    Result<void> usable =
        co_await grants().checkUsable(m_entry->id(), storage::Asking::IfNeeded, m_services.tasks.token());
    if (!usable) {
        m_entry->setTrouble(usable.error());
        if (hasUsable && !m_reason.force) {
            co_return *held;
        }
        co_return base::failed(usable.error());
    }
    Result<void> locked = co_await lock(m_services.tasks.token());
    if (!locked) {
        co_return base::failed(locked.error());
    }
    base::checkpoint("K20");
    Result<Grant> grant = co_await runLocked();
    if (!grant) {
        m_isLate = grant.error().keychainCase == KeychainCase::Slow;
        m_entry->setTrouble(grant.error());
    }
    co_return grant;
}

Task<Result<void>> RefreshTransaction::lock(std::stop_token stop)
{
    Result<storage::FileLock> acquired =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_services.deadlines.lock, std::move(stop));
    if (!acquired) {
        co_return base::failed(acquired.error());
    }
    m_lock = std::move(*acquired);
    co_return Result<void>();
}

Task<Result<Grant>> RefreshTransaction::runLocked()
{
    Result<Grant> stored = co_await read();
    if (!stored) {
        co_return stored;
    }
    Grant grant = *stored;
    if (isGoodEnough(grant)) {
        co_await adopt(grant);
        co_return grant;
    }
    co_return co_await renew(std::move(grant));
}

Task<Result<Grant>> RefreshTransaction::read()
{
    m_entry->reread();
    if (const Result<void> possible = checkHasTokens(record()); !possible) {
        co_return base::failed(possible.error());
    }
    Result<std::optional<Grant>> stored = co_await grants().readGrant(m_entry->id(), {});
    const bool isHalfWritten =
        !stored && m_held->unsaved() && stored.error().keychainCase == KeychainCase::Damaged;
    if (!stored && !isHalfWritten) {
        co_return base::failed(stored.error());
    }
    const std::optional<Grant> found = stored ? *stored : std::nullopt;
    const std::optional<Grant> grant = m_held->latest(found);
    if (!grant) {
        const QString sentence = Words::tr("The saved sign-in is not in this keychain. Authorize again.");
        co_return base::failed(grants().missingError(record(), sentence));
    }
    if (found && !m_entry->isWindowOnly()) {
        if (const std::optional<base::Error> elsewhere = grants().newestElsewhere(record(), *grant)) {
            co_return base::failed(*elsewhere);
        }
    }
    if (m_held->unsaved() && (!found || found->generation < grant->generation)) {
        Result<void> written = co_await grants().writeGrant(m_entry->id(), *grant, {});
        if (!written) {
            co_return base::failed(written.error());
        }
    }
    m_held->clearUnsaved();
    co_return *grant;
}

bool RefreshTransaction::isGoodEnough(const Grant &grant) const
{
    if (!grant.tokens.isFresh(now()) || m_reason.force) {
        return false;
    }
    // A keychain that has lost what it had kept gives back something older: only the service can say what it
    // is still worth.
    if (grant.generation < record().generation && grant.canRenew()) {
        return false;
    }
    return m_reason.refused.isEmpty() || grant.tokens.accessToken != m_reason.refused;
}

Task<void> RefreshTransaction::adopt(Grant grant)
{
    if (grant.generation > record().generation) {
        // Written by a process that was ended before it could say so.
        const RecordChange change = [grant](ConnectionRecord &record) {
            record.generation = grant.generation;
            record.issuedAt = grant.tokens.issuedAt;
            record.expiresAt = grant.tokens.expiresAt;
            record.hasRefreshToken = grant.canRenew();
            record.renewingSince.reset();
        };
        co_await m_entry->tryUpdate(change);
    }
    publish(grant);
}

void RefreshTransaction::publish(const Grant &grant)
{
    m_held->setCurrent(grant);
    m_entry->clearTrouble();
}

std::optional<base::Error> RefreshTransaction::obstacle(const Grant &old) const
{
    const QString host = m_entry->issuerHost();
    const bool wasRefused = !m_reason.refused.isEmpty() && old.tokens.accessToken == m_reason.refused;
    const bool wasEverGood =
        m_held->wasAccepted(old.tokens.accessToken) || record().acceptedGeneration == old.generation;
    if (wasRefused && old.afterRefusal && !wasEverGood) {
        return signInNeeded(Words::tr("%1 refuses the access that %2 has just issued. Authorize again; if "
                                      "that doesn't help, the server is not set up right.")
                                .arg(base::displayAuthority(record().url), host));
    }
    if (!old.canRenew()) {
        return signInNeeded(
            wasRefused
                ? Words::tr("%1 ended this sign-in.").arg(host)
                : Words::tr("This sign-in has run out, and %1 gave nothing to renew it with.").arg(host));
    }
    return std::nullopt;
}

Task<Result<Grant>> RefreshTransaction::renew(Grant old)
{
    if (const std::optional<base::Error> ended = knownEnd(old)) {
        co_return lastUseOf(old, *ended);
    }
    if (const std::optional<base::Error> hindered = obstacle(old)) {
        co_return base::failed(*hindered);
    }
    Result<oauth::ClientRegistration> client =
        co_await m_services.registrations.read(record().registrationId, {});
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
    if (Result<void> writable = co_await grants().tryOut(m_entry->id(), old, {}); !writable) {
        co_return co_await putOff(std::move(old), writable.error());
    }
    m_underWay = m_held->underWay();
    // A leftover: a process ended, or the service fell silent, after this very token may have been sent.
    m_wasInterrupted = old.source == Grant::Source::Browser && record().renewingSince;
    const RecordChange begin = [startedAt = now()](ConnectionRecord &record) {
        record.renewingSince = startedAt;
    };
    co_await m_entry->tryUpdate(begin);
    base::checkpoint("K15");
    Result<oauth::TokenSet> tokens = co_await m_request.send(old, std::move(*client));
    m_wasInterrupted = m_wasInterrupted || m_request.wasInterrupted();
    base::checkpoint("K17");
    if (tokens) {
        co_return co_await store(std::move(old), std::move(*tokens));
    }
    co_return co_await handleTrouble(std::move(old), tokens.error());
}

Result<void> RefreshTransaction::checkStamp(const Grant &grant, const oauth::ClientRegistration &client) const
{
    const bool fits = grant.issuer == record().issuer && grant.issuer == client.issuer
                      && grant.clientId == client.clientId && grant.resource == record().resource
                      && grant.tokenEndpoint.isValid()
                      && grant.tokenEndpoint.toString(QUrl::FullyEncoded)
                             == record().authorizationServer["token_endpoint"_L1].toString();
    if (fits) {
        return {};
    }
    return base::failed(makeError(ErrorKind::RefusedByPolicy,
                                  Words::tr("Stopped: the list of connections names another sign-in service "
                                            "than the one this sign-in came from. "
                                            "Nothing was sent. Authorize again to renew it."),
                                  u"the grant's stamp doesn't match the record"_s));
}

Task<Result<Grant>> RefreshTransaction::store(Grant old, oauth::TokenSet tokens)
{
    Grant grant = old;
    grant.generation = std::max(old.generation, record().generation) + 1;
    const std::optional<oauth::ClientAuthentication> letInBy = tokens.letInBy;
    grant.tokens = std::move(tokens);
    grant.afterRefusal = !m_reason.refused.isEmpty();
    m_entry->reread();
    if (record().leaving) {
        // Disconnect was clicked meanwhile: what has just been issued is revoked, not kept.
        co_await m_revoker.revokeOnRecord(grant);
        co_return base::failed(disconnectingError());
    }
    Result<void> written = co_await write(std::move(old), grant);
    if (!written) {
        // Nobody gets a token that isn't stored; it waits here for the keychain to come back, see settle().
        m_held->setUnsaved(grant);
        co_return base::failed(written.error());
    }
    if (letInBy) {
        co_await m_services.registrations.setMethod(record().registrationId, *letInBy);
    }
    base::checkpoint("K19");
    co_await recordRenewed(grant);
    publish(grant);
    if (m_request.omitsResource()) {
        m_entry->note(Words::tr("%1 renews only when it isn't told what for; Mooring does so from now on.")
                          .arg(m_entry->issuerHost()));
    }
    m_entry->note(
        grant.tokens.expiresAt
            ? Words::tr("Renewed, valid until %1").arg(base::momentText(*grant.tokens.expiresAt, now()))
            : Words::tr("Renewed"));
    co_return grant;
}

/// Until this is written the new token is nowhere else, and the old one may be of no use any more.
Task<Result<void>> RefreshTransaction::write(Grant old, Grant grant)
{
    const QString id = m_entry->id();
    Result<void> written = co_await grants().replaceGrant(id, std::move(old), grant, {});
    QElapsedTimer trying;
    trying.start();
    const auto mayHelp = [&written, &trying, patience = 3 * m_services.deadlines.keychain](int attempt) {
        const KeychainCase trouble = written ? KeychainCase::None : written.error().keychainCase;
        // A keychain that has just gone away may be on its way back, as after a crash.
        const bool mayComeBack = trouble == KeychainCase::Missing && trying.elapsed() < patience.count();
        return !written && trouble != KeychainCase::Slow && trouble != KeychainCase::TooLarge
               && (attempt < 2 || mayComeBack);
    };
    for (int attempt = 0; mayHelp(attempt); ++attempt) {
        co_await base::sleepFor(std::chrono::milliseconds(500), {});
        written = co_await grants().writeGrant(id, grant, {});
    }
    co_return written;
}

Task<void> RefreshTransaction::recordRenewed(Grant grant)
{
    const RecordChange change = [grant, omitsResource = m_request.omitsResource(),
                                 keptIn = grants().placeOf(m_entry->id())](ConnectionRecord &record) {
        record.keptIn = keptIn;
        record.generation = grant.generation;
        record.issuedAt = grant.tokens.issuedAt;
        record.expiresAt = grant.tokens.expiresAt;
        record.refreshesWithoutResource = record.refreshesWithoutResource || omitsResource;
        record.scopesGranted = grant.tokens.scopes;
        record.isDpopBound = grant.tokens.isDpopBound;
        record.hasRefreshToken = grant.canRenew();
        record.renewingSince.reset();
        record.lastError.reset();
        record.endedGeneration = 0;
        record.doubtedGeneration = 0;
    };
    // The keychain item is the truth; a record that can't be written now is healed from it later.
    co_await m_entry->tryUpdate(change);
}

Task<Result<Grant>> RefreshTransaction::handleTrouble(Grant old, base::Error error)
{
    if (error.kind == ErrorKind::SignInNeeded && error.oauthCode == "invalid_grant"_L1) {
        co_return co_await handleRefusal(std::move(old), error);
    }
    const bool isEnd = error.kind == ErrorKind::SignInNeeded;
    const bool isRepeated = record().doubtedGeneration == old.generation;
    if (isEnd || (isRepeated && isDoubtful(error))) {
        co_return co_await handleDoubt(std::move(old), error);
    }
    if (isDoubtful(error)) {
        const RecordChange change = [generation = old.generation](ConnectionRecord &record) {
            record.doubtedGeneration = generation;
        };
        co_await m_entry->tryUpdate(change);
    }
    if (oauth::isClientRefusal(error.oauthCode)) {
        // The grant may be as good as ever, so it is kept; but only a new registration helps.
        error.kind = ErrorKind::SignInNeeded;
        error.remedy = QString::fromUtf16(oauth::remedies::forgetsRegistration);
    }
    co_return co_await putOff(std::move(old), error);
}

Task<Result<std::optional<Grant>>> RefreshTransaction::newerThan(Grant old)
{
    Result<std::optional<Grant>> stored = co_await grants().readGrant(m_entry->id(), {});
    if (stored && *stored && (*stored)->tokens.refreshToken == old.tokens.refreshToken) {
        stored->reset();
    }
    co_return stored;
}

Task<Result<Grant>> RefreshTransaction::takeNewer(Grant newer, Grant old, base::Error error)
{
    if (newer.tokens.isFresh(now())) {
        publish(newer);
        co_return newer;
    }
    co_return co_await putOff(std::move(old), std::move(error));
}

base::Error RefreshTransaction::endOf(const base::Error &error) const
{
    const QString host = m_entry->issuerHost();
    const QString sentence =
        m_wasInterrupted
            ? Words::tr("The sign-in at %1 was interrupted while it was renewed. Authorize again.").arg(host)
        : oauth::isClientRefusal(error.oauthCode)
            ? Words::tr("%1 doesn't know Mooring's registration any more. Authorize again.").arg(host)
        : isDoubtful(error) ? Words::tr("%1 doesn't renew this sign-in any more. Authorize again.").arg(host)
                            : Words::tr("%1 ended this sign-in. Authorize again.").arg(host);
    base::Error ended = signInNeeded(sentence + oauth::Refusal::tailOf(error), error.detail);
    ended.oauthCode = error.oauthCode;
    ended.host = host;
    if (oauth::isClientRefusal(error.oauthCode)) {
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
        co_await grants().remove(m_entry->id(), {});
    }
    const RecordedError recorded{ended, now()};
    const RecordChange change = [recorded, generation = old.generation + 1](ConnectionRecord &record) {
        record.hasSecret = false;
        record.hasRefreshToken = false;
        record.generation = generation;
        record.renewingSince.reset();
        record.lastError = recorded;
    };
    co_await m_entry->tryUpdate(change);
    m_entry->forgetCredentials();
    m_entry->note(ended.sentence);
    co_return base::failed(ended);
}

Task<Result<Grant>> RefreshTransaction::handleDoubt(Grant old, base::Error error)
{
    Result<std::optional<Grant>> newer = co_await newerThan(old);
    if (newer && *newer) {
        co_return co_await takeNewer(**newer, std::move(old), std::move(error));
    }
    const base::Error ended = endOf(error);
    const RecordedError recorded{ended, now()};
    const RecordChange change = [recorded, generation = old.generation](ConnectionRecord &record) {
        record.endedGeneration = generation;
        record.doubtedGeneration = 0;
        record.renewingSince.reset();
        record.lastError = recorded;
    };
    co_await m_entry->tryUpdate(change);
    m_entry->note(ended.sentence);
    co_return lastUseOf(old, ended);
}

std::optional<base::Error> RefreshTransaction::knownEnd(const Grant &grant) const
{
    if (record().endedGeneration != grant.generation || grant.generation == 0 || !record().lastError) {
        return std::nullopt;
    }
    const bool isLongAgo = record().lastError->at.secsTo(now()) >= secondsUntilAskedAgain;
    return m_reason.force && isLongAgo ? std::nullopt : std::optional(record().lastError->error);
}

/// What is at hand is served as long as it lasts, unless it is known to be refused.
Result<Grant> RefreshTransaction::lastUseOf(const Grant &old, const base::Error &ended)
{
    const bool isStillGood = !old.tokens.expiresAt || *old.tokens.expiresAt > now();
    if (!isStillGood || m_reason.force || !m_reason.refused.isEmpty()) {
        return base::failed(ended);
    }
    m_held->setCurrent(old);
    return old;
}

Task<Result<Grant>> RefreshTransaction::putOff(Grant old, base::Error error)
{
    // If the request was interrupted the refresh token may already be spent: renewingSince stays.
    if (!m_wasInterrupted) {
        const RecordChange change = [](ConnectionRecord &record) { record.renewingSince.reset(); };
        co_await m_entry->tryUpdate(change);
    }
    if (!error.retryAt) {
        error.retryAt = now().addMSecs(base::backoff(m_entry->failures()).count());
    }
    m_entry->putOff(*error.retryAt);
    // The time of the next try is for us; only a service that asked for it is said to have asked.
    base::Error shown = error;
    if (error.httpStatus != 429 && error.httpStatus != 503) {
        shown.retryAt.reset();
    }
    m_entry->setTrouble(shown);
    const bool stillGood = !old.tokens.expiresAt || *old.tokens.expiresAt > now();
    if (stillGood && !m_reason.force && m_reason.refused.isEmpty()) {
        m_held->setCurrent(old);
        m_entry->tellChanged();
        co_return old;
    }
    co_return base::failed(shown);
}

Task<void> RefreshTransaction::settle()
{
    co_await grants().settled(m_entry->id());
    if (m_isLate) {
        Result<Grant> late = co_await read();
        if (late && late->generation >= record().generation) {
            co_await adopt(*late);
        }
        co_await grants().settled(m_entry->id());
    }
    m_lock.reset();
}

Task<void> RefreshTransaction::save()
{
    m_underWay = m_held->underWay();
    Result<void> locked = co_await lock({});
    if (locked) {
        m_entry->reread();
    }
    const bool isOver = record().leaving || !record().hasSecret;
    if (locked && m_held->unsaved() && isOver) {
        // Another process has revoked what it found in the keychain, which was older than this.
        Grant late = *m_held->unsaved();
        Result<Disconnected> revoked = co_await m_revoker.revokeOnRecord(std::move(late));
        if (revoked) {
            m_held->clearUnsaved();
        }
    } else if (locked && m_held->unsaved()) {
        Result<Grant> kept = co_await read();
        if (kept) {
            co_await adopt(*kept);
            m_entry->note(Words::tr("The keychain has kept the renewed sign-in"));
        }
    }
    co_await grants().settled(m_entry->id());
    m_lock.reset();
}

} // namespace mooring::connections
