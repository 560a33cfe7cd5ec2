// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/revocations.h"

#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "connections/pause.h"
#include "storage/filelock.h"

#include <algorithm>

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

/// The computer may have slept, and the clock may have been set: nobody trusts a long timer.
constexpr std::chrono::milliseconds shortestWait = std::chrono::seconds(5);
constexpr std::chrono::milliseconds longestWait = std::chrono::minutes(1);

} // namespace

Revocations::Revocations(RecordsFile &records, storage::SecretStore &secrets, Registrations &registrations,
                         http::Client &http, base::Deadlines deadlines, base::TaskScope &tasks)
    : m_records(records)
    , m_sealed(secrets, records.profile().keychainPrefix())
    , m_secrets(secrets)
    , m_registrations(registrations)
    , m_http(http)
    , m_deadlines(deadlines)
    , m_tasks(tasks)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Revocations::tellDue);
}

std::optional<RevocationRecord> Revocations::ofConnection(const QString &connectionId) const
{
    const auto found =
        std::find_if(m_all.crbegin(), m_all.crend(), [&connectionId](const RevocationRecord &entry) {
            return entry.connectionId == connectionId;
        });
    return found == m_all.crend() ? std::nullopt : std::optional(*found);
}

bool Revocations::contains(const QString &id) const
{
    return std::ranges::find(m_all, id, &RevocationRecord::id) != m_all.end();
}

void Revocations::adopt(const QList<RevocationRecord> &fresh)
{
    if (fresh == m_all) {
        return;
    }
    QStringList ids;
    for (const RevocationRecord &entry : m_all + fresh) {
        if (!ids.contains(entry.connectionId)) {
            ids.append(entry.connectionId);
        }
    }
    m_all = fresh;
    schedule();
    Q_EMIT changed(ids);
}

void Revocations::keepTelling()
{
    m_keepsTelling = true;
    tellDue();
    schedule();
}

void Revocations::schedule()
{
    if (!m_keepsTelling || m_all.isEmpty()) {
        m_timer.stop();
        return;
    }
    const auto next = std::ranges::min_element(m_all, {}, &RevocationRecord::nextTry);
    const std::chrono::milliseconds wait(m_http.clock()().msecsTo(next->nextTry));
    m_timer.start(std::clamp(wait, shortestWait, longestWait));
}

bool Revocations::isDue(const RevocationRecord &entry, bool hurries) const
{
    const QDateTime now = m_http.clock()();
    return now >= entry.nextTry || now >= entry.until || (hurries && !entry.askedToWait);
}

QStringList Revocations::dueIds(bool hurries) const
{
    QStringList ids;
    for (const RevocationRecord &entry : m_all) {
        if (isDue(entry, hurries)) {
            ids.append(entry.id);
        }
    }
    return ids;
}

void Revocations::tell(bool hurries)
{
    if (m_running) {
        m_hurriesNext = m_hurriesNext || hurries;
        return;
    }
    if (!m_tasks.token().stop_requested() && !dueIds(hurries).isEmpty()) {
        m_running = std::make_shared<base::SharedResult<bool>>();
        m_tasks.run(run(hurries));
    } else {
        schedule();
    }
}

Task<void> Revocations::run(bool hurries)
{
    co_await runLocked(hurries);
    const std::shared_ptr<base::SharedResult<bool>> done = std::exchange(m_running, nullptr);
    done->set(true);
    schedule();
    if (std::exchange(m_hurriesNext, false)) {
        tellNow();
    }
}

Task<void> Revocations::runLocked(bool hurries)
{
    co_await base::yieldToEventLoop();
    // Quick, and no prompt: a locked keychain is asked again later.
    const Result<void> usable = co_await m_secrets.checkUsable({}, storage::Asking::Never, m_tasks.token());
    if (!usable) {
        co_return;
    }
    const Result<std::optional<storage::FileLock>> lock =
        storage::FileLock::tryAcquire(m_records.revocationsLockPath());
    if (!lock || !*lock) {
        co_return;
    }
    if (m_records.hasChanged() && !m_records.load()) {
        co_return;
    }
    const QStringList ids = dueIds(hurries);
    for (const QString &id : ids) {
        if (m_tasks.token().stop_requested()) {
            co_return;
        }
        co_await tellOne(id, hurries);
    }
}

Task<void> Revocations::settled(std::chrono::milliseconds patience)
{
    const std::shared_ptr<base::SharedResult<bool>> running = m_running;
    if (!running) {
        co_return;
    }
    std::stop_source enough;
    base::Deadline deadline([enough]() mutable { enough.request_stop(); });
    deadline.start(patience);
    co_await running->wait(enough.get_token());
}

Task<Result<RevocationRecord>> Revocations::keep(RevocationRecord entry, Telling left, SealedTokens sealed)
{
    const QDateTime now = m_http.clock()();
    entry.since = now;
    entry.until = now.addSecs(RevocationRecord::secondsOfTrying);
    entry.attempts = 1;
    entry.refreshEnded = left.refreshLeft.isEmpty();
    entry.askedToWait = left.failure && left.failure->retryAt.has_value();
    entry.nextTry = entry.askedToWait ? *left.failure->retryAt : now.addMSecs(pauseAfter(1).count());
    sealed.refreshToken = left.refreshLeft;
    sealed.accessToken = left.accessLeft;
    // The entry comes first: whatever happens next, there is no item that no entry tells of.
    const RecordsChange add = [&entry](Records &records) {
        if (const RevocationRecord *before = records.revocation(entry.id)) {
            entry.since = before->since;
            entry.until = before->until;
            *records.revocation(entry.id) = entry;
        } else {
            records.revocations.append(entry);
        }
    };
    Result<Records> added = co_await m_records.update(add, {});
    if (!added) {
        co_return base::failed(added.error());
    }
    Result<void> written = co_await m_sealed.write(entry.id, now.toMSecsSinceEpoch(), std::move(sealed));
    if (!written) {
        co_return base::failed(written.error());
    }
    co_return entry;
}

Task<Result<void>> Revocations::drop(QString id)
{
    // First the secret: an entry without one is only swept up later.
    Result<void> removed = co_await m_sealed.remove(id);
    if (!removed) {
        co_return removed;
    }
    const RecordsChange change = [id](Records &records) {
        records.revocations.removeIf([&id](const RevocationRecord &entry) { return entry.id == id; });
    };
    Result<Records> saved = co_await m_records.update(change, {});
    co_return saved ? Result<void>() : Result<void>(base::failed(saved.error()));
}

Task<void> Revocations::withdraw(QString id)
{
    Result<void> dropped = co_await drop(id);
    if (!dropped) {
        // It is told once more then, which does no harm.
        qCInfo(base::lcConnections) << "an entry stays for now:" << dropped.error().detail;
    }
}

Task<Result<void>> Revocations::forget(QString id)
{
    const auto found = std::ranges::find(m_all, id, &RevocationRecord::id);
    if (found == m_all.end()) {
        co_return Result<void>();
    }
    const RevocationRecord entry = *found;
    Result<void> dropped = co_await drop(id);
    if (!dropped) {
        co_return dropped;
    }
    co_await finish(entry, RevocationEnd::Forgotten);
    co_return Result<void>();
}

Task<Result<void>> Revocations::moveSecrets(std::stop_token stop)
{
    const QList<RevocationRecord> entries = all();
    for (const RevocationRecord &entry : entries) {
        Result<void> moved = co_await m_sealed.bring(entry.id, stop);
        if (!moved) {
            co_return moved;
        }
    }
    co_return Result<void>();
}

} // namespace mooring::connections
