// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/interruptedwork.h"

#include "base/logging.h"
#include "storage/filelock.h"

namespace mooring::connections {

using base::Result;
using base::Task;

namespace {

/// A person who has just opened the keychain elsewhere should see it go on.
constexpr std::chrono::milliseconds betweenTries = std::chrono::seconds(10);

} // namespace

InterruptedWork::InterruptedWork(const Connections &connections, storage::SecretStore &secrets,
                                 Services services)
    : m_connections(connections)
    , m_secrets(secrets)
    , m_services(std::move(services))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(betweenTries);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                     [this] { m_services.tasks.run(finishQuietly(this)); });
}

InterruptedWork::Connections InterruptedWork::unfinished() const
{
    Connections found = m_connections;
    found.removeIf([](const std::shared_ptr<Connection> &connection) {
        return !connection->record().leaving && !connection->record().pendingWrite
               && !connection->record().pendingRequestSecrets;
    });
    return found;
}

void InterruptedWork::finish()
{
    m_goesOn = true;
    const Connections found = unfinished();
    for (const std::shared_ptr<Connection> &connection : found) {
        m_services.tasks.run(finishOne(connection));
    }
    m_services.tasks.run(sweepRequestSecrets(this));
    finishLater();
}

void InterruptedWork::finishLater()
{
    if (m_goesOn && !m_timer.isActive() && !unfinished().isEmpty()
        && !m_services.tasks.token().stop_requested()) {
        m_timer.start();
    }
}

Task<void> InterruptedWork::finishQuietly(InterruptedWork *self)
{
    const Result<void> usable =
        co_await self->m_secrets.checkUsable({}, storage::Asking::Never, self->m_services.tasks.token());
    const Connections found = self->unfinished();
    for (const std::shared_ptr<Connection> &connection : found) {
        if (usable) {
            co_await finishOne(connection);
        }
    }
    self->finishLater();
}

Task<void> InterruptedWork::finishOne(std::shared_ptr<Connection> connection)
{
    Result<void> finished = co_await connection->finishInterrupted({});
    if (!finished) {
        qCWarning(base::lcConnections) << "what was interrupted could not be finished";
    }
}

Task<void> InterruptedWork::sweepRequestSecrets(InterruptedWork *self)
{
    RecordsFile &file = self->m_services.records;
    base::TaskScope &tasks = self->m_services.tasks;
    Result<Records> records = file.load();
    if (!records) {
        co_return;
    }
    for (const QString &id : std::as_const(records->requestSecretsItems)) {
        const ConnectionRecord *mine = std::as_const(*records).connection(id);
        if (mine && (mine->hasRequestSecrets() || mine->pendingRequestSecrets)) {
            continue;
        }
        Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
            file.connectionLockPath(id), self->m_services.deadlines.lock, tasks.token());
        Result<void> removed = base::failed(lock ? base::cancelledError() : lock.error());
        if (lock) {
            removed = co_await self->m_services.stores.keychain.writeRequestSecrets(id, RequestSecrets(),
                                                                                    tasks.token());
        }
        if (removed) {
            const RecordsChange forget = [id](Records &all) { all.requestSecretsItems.removeAll(id); };
            co_await file.update(forget, tasks.token());
        }
    }
}

} // namespace mooring::connections
