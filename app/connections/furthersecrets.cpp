// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/furthersecrets.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/connection_p.h"
#include "http/urlpolicy.h"
#include "storage/filelock.h"

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;

namespace {

QString text(const base::Secret &secret)
{
    return QString::fromUtf8(secret.reveal());
}

constexpr auto furtherKind = "further"_L1;

} // namespace

storage::SecretItem FurtherSecrets::toItem() const
{
    QJsonObject values;
    for (auto header = headers.cbegin(); header != headers.cend(); ++header) {
        values.insert(header.key(), text(header.value()));
    }
    QJsonObject content{{u"kind"_s, furtherKind}, {u"origin"_s, origin}, {u"headers"_s, values}};
    if (!query.isEmpty()) {
        content.insert(u"query"_s, text(query));
    }
    return {generation, content};
}

std::optional<FurtherSecrets> FurtherSecrets::fromItem(const storage::SecretItem &item)
{
    const QJsonObject &json = item.content;
    if (json["kind"_L1].toString() != furtherKind) {
        return std::nullopt;
    }
    FurtherSecrets secrets;
    secrets.generation = item.generation;
    secrets.origin = json["origin"_L1].toString();
    secrets.query = base::Secret(json["query"_L1].toString().toUtf8());
    const QJsonObject values = json["headers"_L1].toObject();
    for (auto header = values.begin(); header != values.end(); ++header) {
        secrets.headers.insert(header.key(), base::Secret(header.value().toString().toUtf8()));
    }
    return secrets;
}

Task<Result<FurtherSecrets>> Connection::Private::furtherSecrets(SelfPointer self, std::stop_token stop)
{
    Private *d = self->d.get();
    if (!d->record.hasFurther()) {
        co_return FurtherSecrets();
    }
    if (!d->cachedFurther || d->cachedFurther->generation != d->record.furtherGeneration) {
        Result<std::optional<FurtherSecrets>> stored =
            co_await d->services.grants.readFurther(d->record.id, stop);
        if (!stored) {
            co_return base::failed(stored.error());
        }
        if (!*stored) {
            const QString sentence = d->record.secretQuery.isEmpty()
                                         ? Words::tr("A key that %1 is sent is not in this keychain. Type it "
                                                     "in again.")
                                         : Words::tr("The key in the address of %1 is not in this keychain. "
                                                     "Add the server again with its whole address.");
            co_return base::failed(d->notInKeychain(sentence.arg(base::displayAuthority(d->record.url))));
        }
        d->cachedFurther = **stored;
    }
    co_return std::as_const(*d->cachedFurther);
}

Task<Result<void>> Connection::Private::storeFurther(SelfPointer self, FurtherSecrets secrets,
                                                     QList<SentHeader> headers, QStringList secretQuery,
                                                     std::stop_token stop)
{
    Private *d = self->d.get();
    const QString id = d->record.id;
    secrets.generation = d->record.furtherGeneration + 1;
    secrets.origin = http::origin(d->record.url);
    const FurtherArrival arrival{secrets.generation, headers, secretQuery};
    if (secrets.isEmpty()) {
        co_return co_await dropFurther(self, arrival, stop);
    }
    const RecordsChange announce = [id, arrival](Records &records) {
        if (ConnectionRecord *mine = records.connection(id)) {
            mine->furtherArriving = arrival;
            records.furtherItems.removeAll(id);
            records.furtherItems.append(id);
        }
    };
    Result<void> done = co_await updateRecords(self, announce, stop);
    if (!done) {
        co_return done;
    }
    base::checkpoint("K26");
    done = co_await d->services.grants.writeFurther(id, secrets, stop);
    if (!done) {
        co_return done;
    }
    base::checkpoint("K27");
    const RecordChange change = [arrival](ConnectionRecord &record) { takeIn(&record, arrival); };
    done = co_await updateRecord(self, change, {});
    co_return done;
}

/// Nothing that is secret is left: first nobody looks for the item any more, then it goes.
Task<Result<void>> Connection::Private::dropFurther(SelfPointer self, FurtherArrival last,
                                                    std::stop_token stop)
{
    Private *d = self->d.get();
    bool hasItem = false;
    const RecordsChange change = [&hasItem, id = d->record.id, last](Records &records) {
        hasItem = records.furtherItems.contains(id);
        if (ConnectionRecord *mine = records.connection(id)) {
            takeIn(mine, last);
        }
    };
    Result<void> done = co_await updateRecords(self, change, stop);
    if (done && hasItem) {
        done = co_await removeFurther(self, stop);
    }
    co_return done;
}

Task<Result<void>> Connection::Private::removeFurther(SelfPointer self, std::stop_token stop)
{
    Private *d = self->d.get();
    Result<void> removed = co_await d->services.grants.writeFurther(d->record.id, FurtherSecrets(), stop);
    if (!removed) {
        co_return removed;
    }
    const RecordsChange forget = [id = d->record.id](Records &records) {
        records.furtherItems.removeAll(id);
    };
    removed = co_await updateRecords(self, forget, {});
    co_return removed;
}

Task<Result<void>> Connection::Private::settleFurther(SelfPointer self)
{
    Private *d = self->d.get();
    if (!d->record.furtherArriving) {
        co_return Result<void>();
    }
    const FurtherArrival arrival = *d->record.furtherArriving;
    Result<std::optional<FurtherSecrets>> stored = co_await d->services.grants.readFurther(d->record.id, {});
    if (!stored) {
        co_return base::failed(stored.error());
    }
    const bool hasArrived = *stored && (*stored)->generation == arrival.generation;
    const RecordChange change = [arrival, hasArrived](ConnectionRecord &record) {
        record.furtherArriving.reset();
        if (hasArrived) {
            takeIn(&record, arrival);
        }
    };
    Result<void> settled = co_await updateRecord(self, change, {});
    co_return settled;
}

Task<Result<void>> Connection::Private::tidyFurther(SelfPointer self, bool all)
{
    Private *d = self->d.get();
    QList<SentHeader> headers = d->record.headers;
    if (all || d->record.kind == AuthorizationKind::None) {
        headers.removeIf([](const SentHeader &header) { return header.isSecret; });
    }
    Result<std::optional<FurtherSecrets>> stored = co_await d->services.grants.readFurther(d->record.id, {});
    if (!stored) {
        co_return base::failed(stored.error());
    }
    FurtherSecrets kept = stored->value_or(FurtherSecrets());
    for (const QString &name : kept.headers.keys()) {
        const bool isListed = std::ranges::any_of(headers, [&name](const SentHeader &header) {
            return header.isSecret && isSameHeader(header.name, name);
        });
        if (!isListed) {
            kept.headers.remove(name);
        }
    }
    Result<void> tidied = co_await storeFurther(self, kept, headers, d->record.secretQuery, {});
    co_return tidied;
}

Task<Result<void>> Connection::setSecretQuery(base::Secret query, QStringList names, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
        d->services.records.connectionLockPath(d->record.id), d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> done = co_await Private::settleFurther(self);
    Result<FurtherSecrets> secrets = base::failed(done ? base::cancelledError() : done.error());
    if (done) {
        secrets = co_await Private::furtherSecrets(self, stop);
    }
    if (!secrets) {
        co_return base::failed(secrets.error());
    }
    secrets->query = std::move(query);
    done = co_await Private::storeFurther(self, *secrets, d->record.headers, std::move(names), stop);
    co_return done;
}

Task<Result<void>> Connection::forgetFurther(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (d->record.furtherGeneration == 0 && !d->record.furtherArriving) {
        co_return Result<void>();
    }
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
        d->services.records.connectionLockPath(d->record.id), d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> removed = co_await Private::removeFurther(self, stop);
    co_return removed;
}

} // namespace mooring::connections
