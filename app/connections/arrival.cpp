// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/arrival.h"

#include "connections/connection_p.h"
#include "connections/refresh.h"
#include "storage/filelock.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;

QJsonObject Arrival::toJson() const
{
    QJsonObject json{{u"generation"_s, generation}};
    if (!authorizationServer.isEmpty()) {
        json["authorizationServer"_L1] = authorizationServer;
        json["registration"_L1] = registrationId;
        json["scopesAsked"_L1] = QJsonArray::fromStringList(scopesAsked);
        json["accountTold"_L1] = accountTold;
    }
    return json;
}

std::optional<Arrival> Arrival::fromJson(const QJsonValue &value)
{
    if (!value.isObject()) {
        return std::nullopt;
    }
    Arrival arrival;
    arrival.generation = value["generation"_L1].toInteger();
    arrival.authorizationServer = value["authorizationServer"_L1].toObject();
    arrival.registrationId = value["registration"_L1].toString();
    const QJsonArray scopes = value["scopesAsked"_L1].toArray();
    for (const QJsonValue scope : scopes) {
        arrival.scopesAsked.append(scope.toString());
    }
    arrival.accountTold = value["accountTold"_L1].toString();
    return arrival;
}

void tellAccountTo(ConnectionRecord *record, const QString &told)
{
    if (record->accountLabel.isEmpty() || record->accountLabel == record->accountTold) {
        record->accountLabel = told;
    }
    record->accountTold = told;
}

void takeIn(ConnectionRecord *record, const Arrival &arrival, const Grant &grant)
{
    tellAccountTo(record, arrival.accountTold);
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
    record->authorizationServer = arrival.authorizationServer;
    record->registrationId = arrival.registrationId;
    record->resource = grant.resource;
    record->scopesAsked = arrival.scopesAsked;
    record->scopesGranted = grant.tokens.scopes;
    record->hasSecret = true;
    record->hasRefreshToken = canRenew(grant);
    record->isDpopBound = grant.tokens.isDpopBound;
    record->scopesWanted.clear();
    record->generation = grant.generation;
    record->issuedAt = grant.tokens.issuedAt;
    record->expiresAt = grant.tokens.expiresAt;
    record->authorizedAt = grant.tokens.issuedAt;
    record->renewingSince.reset();
    record->lastError.reset();
    record->arriving.reset();
}

void takeIn(ConnectionRecord *record, const HeaderKey &key)
{
    record->kind = AuthorizationKind::Header;
    record->headerName = key.headerName;
    record->hasSecret = true;
    record->hasRefreshToken = false;
    record->expiresAt.reset();
    record->generation = key.generation;
    record->lastError.reset();
    record->verdict.clear();
    record->arriving.reset();
    record->headers.removeIf(
        [&key](const SentHeader &header) { return isSameHeader(header.name, key.headerName); });
}

void takeIn(ConnectionRecord *record, const FurtherArrival &arrival)
{
    record->headers = arrival.headers;
    record->secretQuery = arrival.secretQuery;
    record->furtherGeneration = arrival.generation;
    record->furtherArriving.reset();
}

Task<Result<void>> Connection::Private::settleArrival(SelfPointer self)
{
    Private *d = self->d.get();
    d->reread();
    if (Result<void> settled = co_await settleFurther(self); !settled) {
        co_return settled;
    }
    if (!d->record.arriving) {
        co_return Result<void>();
    }
    const Arrival arrival = *d->record.arriving;
    Result<std::optional<Grant>> grant = co_await d->services.grants.readGrant(d->record.id, {});
    if (!grant) {
        co_return base::failed(grant.error());
    }
    Result<std::optional<HeaderKey>> key = co_await d->services.grants.readHeaderKey(d->record.id, {});
    if (!key) {
        co_return base::failed(key.error());
    }
    const RecordChange change = [arrival, grant = *grant, key = *key,
                                 keptIn =
                                     d->services.grants.placeOf(d->record.id)](ConnectionRecord &record) {
        // If neither has arrived, the item is the one that was there before, or there is none.
        record.arriving.reset();
        if (grant && grant->generation == arrival.generation) {
            takeIn(&record, arrival, *grant);
            record.keptIn = keptIn;
        } else if (key && key->generation == arrival.generation) {
            takeIn(&record, *key);
            record.keptIn = keptIn;
        }
    };
    Result<void> settled = co_await updateRecord(self, change, {});
    co_return settled;
}

Task<Result<void>> Connection::Private::finishArrival(SelfPointer self, std::stop_token stop)
{
    Private *d = self->d.get();
    if ((!d->record.arriving && !d->record.furtherArriving) || d->record.leaving) {
        co_return Result<void>();
    }
    // Whoever is still at it holds the lock.
    const QString lockPath = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> settled = co_await settleArrival(self);
    co_return settled;
}

Task<Result<void>> Connection::finishInterrupted(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<void> settled = co_await Private::finishArrival(self, stop);
    if (settled && d->record.leaving) {
        Result<Disconnected> left = co_await disconnectFromServer(stop);
        settled = left ? Result<void>() : Result<void>(base::failed(left.error()));
    }
    if (!settled) {
        d->setTrouble(settled.error());
        Q_EMIT changed();
    }
    co_return settled;
}

} // namespace mooring::connections
