// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/refresh.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"

#include <QElapsedTimer>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using base::Task;
using base::Words;

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
    Result<void> usable =
        co_await d->store().checkUsable(d->record.id, storage::Asking::IfNeeded, d->services.tasks.token());
    if (!usable) {
        d->setTrouble(usable.error());
        if (hasUsable && !m_reason.force) {
            co_return std::as_const(*d->cached);
        }
        co_return base::failed(usable.error());
    }
    Result<void> locked = co_await lock(d->services.tasks.token());
    if (!locked) {
        co_return base::failed(locked.error());
    }
    base::checkpoint("K20");
    Result<Grant> grant = co_await runLocked();
    if (!grant) {
        m_isLate = grant.error().keychainCase == KeychainCase::Slow;
        d->setTrouble(grant.error());
    }
    co_return grant;
}

Task<Result<void>> RefreshTransaction::lock(std::stop_token stop)
{
    const QString path = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> acquired =
        co_await storage::FileLock::acquire(path, d->services.deadlines.lock, std::move(stop));
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

bool RefreshTransaction::isGoodEnough(const Grant &grant) const
{
    if (!grant.tokens.isFresh(d->now()) || m_reason.force) {
        return false;
    }
    // A keychain that has lost what it had kept gives back something older: only the service can say what it
    // is still worth.
    if (grant.generation < d->record.generation && canRenew(grant)) {
        return false;
    }
    return m_reason.refused.isEmpty() || grant.tokens.accessToken != m_reason.refused;
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
                                  Words::tr("Stopped: the list of connections names another sign-in service "
                                            "than the one this sign-in came from. "
                                            "Nothing was sent. Authorize again to renew it."),
                                  u"the grant's stamp doesn't match the record"_s));
}

Task<Result<Grant>> RefreshTransaction::store(Grant old, oauth::TokenSet tokens)
{
    Grant grant = old;
    grant.generation = std::max(old.generation, d->record.generation) + 1;
    const std::optional<oauth::ClientAuthentication> letInBy = tokens.letInBy;
    grant.tokens = std::move(tokens);
    grant.afterRefusal = !m_reason.refused.isEmpty();
    d->reread();
    if (d->record.leaving) {
        // Disconnect was clicked meanwhile: what has just been issued is given back, not kept.
        co_await Connection::Private::revokeGrant(m_self, grant);
        co_return base::failed(Connection::Private::leavingError());
    }
    // Until this is written the new token is nowhere else, and the old one may be of no use any more.
    Result<void> written = co_await d->store().replaceGrant(d->record.id, old, grant, never());
    QElapsedTimer trying;
    trying.start();
    const auto mayHelp = [&written, &trying, patience = 3 * d->services.deadlines.keychain](int attempt) {
        const KeychainCase trouble = written ? KeychainCase::None : written.error().keychainCase;
        // A keychain that has just gone away may be on its way back, as after a crash.
        const bool mayComeBack = trouble == KeychainCase::Missing && trying.elapsed() < patience.count();
        return !written && trouble != KeychainCase::Slow && trouble != KeychainCase::TooLarge
               && (attempt < 2 || mayComeBack);
    };
    for (int attempt = 0; mayHelp(attempt); ++attempt) {
        co_await base::sleepFor(std::chrono::milliseconds(500), never());
        written = co_await d->store().writeGrant(d->record.id, grant, never());
    }
    if (!written) {
        // Nobody gets a token that isn't stored; it waits here for the keychain to come back, see settle().
        d->unsaved = grant;
        co_return base::failed(written.error());
    }
    if (letInBy) {
        co_await d->services.registrations.setMethod(d->record.registrationId, *letInBy);
    }
    base::checkpoint("K19");
    const RecordChange change = [grant, omitsResource = m_omitsResource,
                                 keptIn = d->store().placeOf(d->record.id)](ConnectionRecord &record) {
        record.keptIn = keptIn;
        record.generation = grant.generation;
        record.issuedAt = grant.tokens.issuedAt;
        record.expiresAt = grant.tokens.expiresAt;
        record.refreshesWithoutResource = record.refreshesWithoutResource || omitsResource;
        record.scopesGranted = grant.tokens.scopes;
        record.isDpopBound = grant.tokens.isDpopBound;
        record.hasRefreshToken = canRenew(grant);
        record.renewingSince.reset();
        record.lastError.reset();
        record.endedGeneration = 0;
        record.doubtedGeneration = 0;
    };
    co_await record(change);
    publish(grant);
    if (m_omitsResource) {
        Connection::Private::note(
            m_self, Words::tr("%1 renews only when it isn't told what for; Mooring does so from now on.")
                        .arg(issuerHost(d->record)));
    }
    Connection::Private::note(
        m_self, grant.tokens.expiresAt
                    ? Words::tr("Renewed, valid until %1").arg(momentText(*grant.tokens.expiresAt, d->now()))
                    : Words::tr("Renewed"));
    co_return grant;
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

} // namespace mooring::connections
