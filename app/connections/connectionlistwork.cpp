// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a ConnectionList does in the background: it looks at servers, and finishes disconnects.
#include "base/logging.h"
#include "connections/connectionlist_p.h"

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
        return !connection->record().leaving && !connection->record().arriving;
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
    d->finishLater();
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
    const Result<void> usable = co_await d->secrets.checkUsable(d->tasks.token());
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
