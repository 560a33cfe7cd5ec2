// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/moving.h"

#include "connections/connection_p.h"
#include "connections/connectionlist_p.h"
#include "storage/filelock.h"
#include "storage/keychainreport.h"

#include <QSettings>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;

namespace {

bool hasSecrets(const ConnectionRecord &record)
{
    return record.hasSecret || record.hasFurther();
}

} // namespace

QList<Keeping> keepingsOf(const QList<std::shared_ptr<Connection>> &connections)
{
    QList<Keeping> keepings;
    for (const std::shared_ptr<Connection> &connection : connections) {
        const ConnectionRecord &record = connection->record();
        if (hasSecrets(record)) {
            keepings.append({record.id, record.name, connection->keptIn()});
        }
    }
    return keepings;
}

QStringList straysOf(const QList<Keeping> &keepings, const QString &now)
{
    QStringList names;
    for (const Keeping &keeping : keepings) {
        const bool isKnown = !now.isEmpty() && !keeping.place.isEmpty();
        if (isKnown && !storage::isSamePlace(keeping.place, now)) {
            names.append(keeping.name);
        }
    }
    return names;
}

Task<Result<QString>> Connection::moveSecrets(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
        d->services.records.connectionLockPath(id()), d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    d->reread();
    Result<QString> place = co_await d->services.grants.bring(id(), stop);
    if (!place || place->isEmpty()) {
        co_return place;
    }
    const QString there = *place;
    const RecordChange change = [there](ConnectionRecord &record) { record.keptIn = there; };
    Result<void> told = co_await Private::updateRecord(self, change, {});
    if (!told) {
        co_return base::failed(told.error());
    }
    Result<void> cleared = co_await d->services.grants.clearElsewhere(id(), stop);
    if (!cleared) {
        co_return base::failed(cleared.error());
    }
    co_return there;
}

bool Connection::hasReadSecrets() const
{
    return d->cached || d->cachedKey;
}

QString Connection::keptIn() const
{
    const QString known = d->live.windowOnly ? QString() : d->services.grants.placeOf(id());
    return known.isEmpty() ? d->record.keptIn : known;
}

bool ConnectionList::isNewsAboutKeychain(const QString &place)
{
    // Not worth a record: losing it costs a person one more question.
    QSettings told(d->records.profile().folder() + u"/keychain.ini"_s, QSettings::IniFormat);
    if (told.value(u"told"_s).toString() == place) {
        return false;
    }
    told.setValue(u"told"_s, place);
    return true;
}

Task<Result<Moved>> ConnectionList::moveSecrets(std::stop_token stop)
{
    Moved moved;
    const auto note = [&moved](const QString &name, const base::Error &error) {
        moved.left.append({name, error});
    };
    const QList<std::shared_ptr<Connection>> all = d->connections;
    for (const std::shared_ptr<Connection> &connection : all) {
        if (!hasSecrets(connection->record())) {
            continue;
        }
        Result<QString> place = co_await connection->moveSecrets(stop);
        if (!place && place.error().kind == base::ErrorKind::Cancelled) {
            co_return base::failed(place.error());
        }
        if (!place) {
            note(connection->record().name, place.error());
        } else if (!place->isEmpty()) {
            moved.names.append(connection->record().name);
            moved.place = *place;
        }
    }
    Result<void> others = co_await d->registrations.moveSecrets(stop);
    if (others) {
        others = co_await d->revocations.moveSecrets(stop);
    }
    if (!others) {
        note({}, others.error());
    }
    co_return moved;
}

} // namespace mooring::connections
