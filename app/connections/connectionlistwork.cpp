// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a ConnectionList does in the background: it looks at servers, and finishes disconnects.
#include "base/logging.h"
#include "connections/connectionlist_p.h"
#include "storage/filelock.h"

namespace mooring::connections {

using base::Result;
using base::Task;

namespace {

constexpr int checksAtATime = 6;
constexpr qint64 secondsBetweenChecks = 600;

} // namespace

void ConnectionList::checkAllQuietly()
{
    for (const std::shared_ptr<Connection> &connection : std::as_const(d->connections)) {
        const QDateTime last = d->checkedAt.value(connection->id());
        if (!last.isValid() || last.secsTo(d->clock()) >= secondsBetweenChecks) {
            d->checkedAt.insert(connection->id(), d->clock());
            d->toCheck.append(connection);
        }
    }
    d->startChecks();
}

void ConnectionList::Private::startChecks()
{
    while (checking < checksAtATime && !toCheck.isEmpty() && !tasks.token().stop_requested()) {
        ++checking;
        tasks.run(checkOne(this, toCheck.takeFirst()));
    }
}

Task<void> ConnectionList::Private::checkOne(Private *d, std::shared_ptr<Connection> connection)
{
    // From the event loop: six checks that end at once must not become a deep call.
    co_await base::yieldToEventLoop();
    co_await connection->check({}, d->tasks.token());
    --d->checking;
    d->startChecks();
}

QList<std::shared_ptr<Connection>> ConnectionList::Private::unfinished() const
{
    QList<std::shared_ptr<Connection>> found = connections;
    found.removeIf([](const std::shared_ptr<Connection> &connection) {
        return !connection->record().leaving && !connection->record().arriving
               && !connection->record().furtherArriving;
    });
    return found;
}

void ConnectionList::finishInterrupted()
{
    d->finishesAgain = true;
    const QList<std::shared_ptr<Connection>> unfinished = d->unfinished();
    for (const std::shared_ptr<Connection> &connection : unfinished) {
        d->tasks.run(Private::finish(connection));
    }
    d->tasks.run(Private::sweepFurther(d.get()));
    d->finishLater();
}

Task<void> ConnectionList::Private::sweepFurther(Private *d)
{
    Result<Records> records = d->records.load();
    if (!records) {
        co_return;
    }
    for (const QString &id : std::as_const(records->furtherItems)) {
        const ConnectionRecord *mine = std::as_const(*records).connection(id);
        if (mine && (mine->hasFurther() || mine->furtherArriving)) {
            continue;
        }
        Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
            d->records.connectionLockPath(id), d->deadlines.lock, d->tasks.token());
        Result<void> removed = base::failed(lock ? base::cancelledError() : lock.error());
        if (lock) {
            removed = co_await d->grants.writeFurther(id, FurtherSecrets(), d->tasks.token());
        }
        if (removed) {
            const RecordsChange forget = [id](Records &all) { all.furtherItems.removeAll(id); };
            co_await d->records.update(forget, d->tasks.token());
        }
    }
}

void ConnectionList::Private::finishLater()
{
    if (finishesAgain && !finishing.isActive() && !unfinished().isEmpty()
        && !tasks.token().stop_requested()) {
        finishing.start();
    }
}

Task<void> ConnectionList::Private::finishQuietly(Private *d)
{
    const Result<void> usable = co_await d->secrets.checkUsable({}, storage::Asking::Never, d->tasks.token());
    const QList<std::shared_ptr<Connection>> unfinished = d->unfinished();
    for (const std::shared_ptr<Connection> &connection : unfinished) {
        if (usable) {
            co_await finish(connection);
        }
    }
    d->finishLater();
}

Task<void> ConnectionList::Private::finish(std::shared_ptr<Connection> connection)
{
    Result<void> finished = co_await connection->finishInterrupted({});
    if (!finished) {
        qCWarning(base::lcConnections) << "what was interrupted could not be finished";
    }
}

} // namespace mooring::connections
