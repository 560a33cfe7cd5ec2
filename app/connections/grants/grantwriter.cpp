// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/grantwriter.h"

#include "base/checkpoint.h"
#include "http/urlpolicy.h"
#include "storage/filelock.h"

namespace mooring::connections {

using base::Result;
using base::Task;

namespace {

void applyGrant(ConnectionRecord *record, const PendingWrite &pending, const Grant &grant)
{
    record->setAccountTold(pending.accountTold);
    if (record->kind == AuthorizationKind::Header) {
        // It takes the place of the key, and of all that belongs to the key.
        record->headers.removeIf([](const SentHeader &header) { return header.isSecret; });
    }
    record->kind = AuthorizationKind::OAuth;
    record->headerName.clear();
    if (record->issuer != grant.issuer) {
        record->refreshesWithoutResource = false;
    }
    record->issuer = grant.issuer;
    record->authorizationServer = pending.authorizationServer;
    record->registrationId = pending.registrationId;
    record->resource = grant.resource;
    record->scopesAsked = pending.scopesAsked;
    record->scopesGranted = grant.tokens.scopes;
    record->hasSecret = true;
    record->hasRefreshToken = grant.canRenew();
    record->isDpopBound = grant.tokens.isDpopBound;
    record->scopesWanted.clear();
    record->generation = grant.generation;
    record->issuedAt = grant.tokens.issuedAt;
    record->expiresAt = grant.tokens.expiresAt;
    record->authorizedAt = grant.tokens.issuedAt;
    record->renewingSince.reset();
    record->lastError.reset();
    record->pendingWrite.reset();
}

void applyHeaderKey(ConnectionRecord *record, const HeaderKey &key)
{
    record->kind = AuthorizationKind::Header;
    record->headerName = key.headerName;
    record->hasSecret = true;
    record->hasRefreshToken = false;
    record->expiresAt.reset();
    record->generation = key.generation;
    record->lastError.reset();
    record->verdict.reset();
    record->pendingWrite.reset();
    record->headers.removeIf(
        [&key](const SentHeader &header) { return isSameHeader(header.name, key.headerName); });
}

} // namespace

GrantWriter::GrantWriter(EntryPointer entry, GrantStores stores, Registrations &registrations,
                         base::Deadlines deadlines)
    : m_entry(std::move(entry))
    , m_stores(stores)
    , m_registrations(registrations)
    , m_deadlines(deadlines)
    , m_requestSecrets(m_entry, stores)
{
}

Task<Result<void>> GrantWriter::writeGrant(PendingWrite pending, Grant grant,
                                           oauth::ClientRegistration client)
{
    const QString id = m_entry->id();
    GrantStore &store = m_stores.of(*m_entry);
    const RecordChange announce = [pending](ConnectionRecord &record) { record.pendingWrite = pending; };
    Result<void> written = co_await m_entry->update(announce, {});
    if (written && !pending.registrationId.isEmpty()) {
        written = co_await m_registrations.putBack(pending.registrationId, std::move(client));
    }
    base::checkpoint("K12");
    if (written) {
        written = co_await store.writeGrant(id, grant, {});
    }
    if (!written) {
        const RecordChange retract = [](ConnectionRecord &record) { record.pendingWrite.reset(); };
        co_await m_entry->update(retract, {});
        co_return base::failed(written.error());
    }
    base::checkpoint("K14");
    const RecordChange apply = [grant, pending, keptIn = store.placeOf(id)](ConnectionRecord &record) {
        applyGrant(&record, pending, grant);
        record.keptIn = keptIn;
        record.leaving = false;
    };
    Result<void> recorded = co_await m_entry->update(apply, {});
    if (!recorded) {
        co_await store.remove(id, {});
    }
    co_return recorded;
}

Task<Result<void>> GrantWriter::writeHeaderKey(TypedHeader typed, std::stop_token stop)
{
    HeaderKey key;
    key.generation = m_entry->record().generation + 1;
    key.headerName = typed.name;
    key.value = std::move(typed.value);
    key.origin = http::origin(m_entry->record().url);
    const RecordChange announce = [generation = key.generation](ConnectionRecord &record) {
        record.pendingWrite = PendingWrite{.generation = generation};
    };
    Result<void> announced = co_await m_entry->update(announce, stop);
    if (!announced) {
        co_return base::failed(announced.error());
    }
    Result<void> written = co_await m_stores.keychain.writeHeaderKey(m_entry->id(), key, stop);
    if (!written) {
        co_return base::failed(written.error());
    }
    base::checkpoint("K28");
    const RecordChange apply = [key,
                                keptIn = m_stores.keychain.placeOf(m_entry->id())](ConnectionRecord &record) {
        applyHeaderKey(&record, key);
        record.keptIn = keptIn;
        record.leaving = false;
    };
    Result<void> recorded = co_await m_entry->update(apply, {});
    co_return recorded;
}

Task<Result<void>> GrantWriter::settle()
{
    m_entry->reread();
    if (Result<void> settled = co_await m_requestSecrets.settle(); !settled) {
        co_return settled;
    }
    if (!m_entry->record().pendingWrite) {
        co_return Result<void>();
    }
    const PendingWrite pending = *m_entry->record().pendingWrite;
    const QString id = m_entry->id();
    Result<std::optional<Grant>> grant = co_await m_stores.keychain.readGrant(id, {});
    if (!grant) {
        co_return base::failed(grant.error());
    }
    Result<std::optional<HeaderKey>> key = co_await m_stores.keychain.readHeaderKey(id, {});
    if (!key) {
        co_return base::failed(key.error());
    }
    const RecordChange change = [pending, grant = *grant, key = *key,
                                 keptIn = m_stores.keychain.placeOf(id)](ConnectionRecord &record) {
        // If neither is there, the item is the one from before, or there is none.
        record.pendingWrite.reset();
        if (grant && grant->generation == pending.generation) {
            applyGrant(&record, pending, *grant);
            record.keptIn = keptIn;
        } else if (key && key->generation == pending.generation) {
            applyHeaderKey(&record, *key);
            record.keptIn = keptIn;
        }
    };
    Result<void> settled = co_await m_entry->update(change, {});
    co_return settled;
}

Task<Result<void>> GrantWriter::settleInterrupted(std::stop_token stop)
{
    const ConnectionRecord &record = m_entry->record();
    if ((!record.pendingWrite && !record.pendingRequestSecrets) || record.leaving) {
        co_return Result<void>();
    }
    // Another process that is still writing holds the lock.
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> settled = co_await settle();
    co_return settled;
}

} // namespace mooring::connections
