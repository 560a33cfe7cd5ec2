// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/revocation/pendingrevocations.h"

#include "base/backoff.h"
#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "connections/records/activitylog.h"
#include "http/urlpolicy.h"
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

/// An entry without tokens: another process is still writing it, or was killed. After this it was killed.
constexpr qint64 secondsOfMaking = 120;

/// Entry, item and registration come from three places, and one of them is a file that can be edited.
/// How near the service may be was decided at the sign-in; that tokens go out in the clear is never right.
bool agree(const RevocationRecord &entry, const PendingTokens &sealed,
           const oauth::ClientRegistration &client)
{
    const http::UrlPolicy policy(http::AddressClass::Loopback);
    return entry.issuer == sealed.issuer && entry.issuer == client.issuer && entry.endpoint == sealed.endpoint
           && sealed.clientId == client.clientId
           && policy.check(sealed.endpoint.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint);
}

} // namespace

PendingRevocations::PendingRevocations(RecordsFile &records, storage::SecretStore &secrets,
                                       Registrations &registrations, http::Client &http,
                                       base::Deadlines deadlines, base::TaskScope &tasks)
    : m_records(records)
    , m_sealed(secrets, records.profile().keychainPrefix())
    , m_secrets(secrets)
    , m_registrations(registrations)
    , m_http(http)
    , m_deadlines(deadlines)
    , m_tasks(tasks)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &PendingRevocations::tellDue);
}

std::optional<RevocationRecord> PendingRevocations::ofConnection(const QString &connectionId) const
{
    const auto found =
        std::find_if(m_all.crbegin(), m_all.crend(), [&connectionId](const RevocationRecord &entry) {
            return entry.connectionId == connectionId;
        });
    return found == m_all.crend() ? std::nullopt : std::optional(*found);
}

bool PendingRevocations::contains(const QString &id) const
{
    return std::ranges::find(m_all, id, &RevocationRecord::id) != m_all.end();
}

void PendingRevocations::adopt(const QList<RevocationRecord> &fresh)
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

void PendingRevocations::keepTelling()
{
    m_keepsTelling = true;
    tellDue();
    schedule();
}

void PendingRevocations::schedule()
{
    if (!m_keepsTelling || m_all.isEmpty()) {
        m_timer.stop();
        return;
    }
    const auto next = std::ranges::min_element(m_all, {}, &RevocationRecord::nextTry);
    const std::chrono::milliseconds wait(m_http.clock()().msecsTo(next->nextTry));
    m_timer.start(std::clamp(wait, shortestWait, longestWait));
}

bool PendingRevocations::isDue(const RevocationRecord &entry, bool hurries) const
{
    const QDateTime now = m_http.clock()();
    return now >= entry.nextTry || now >= entry.until || (hurries && !entry.askedToWait);
}

QStringList PendingRevocations::dueIds(bool hurries) const
{
    QStringList ids;
    for (const RevocationRecord &entry : m_all) {
        if (isDue(entry, hurries)) {
            ids.append(entry.id);
        }
    }
    return ids;
}

void PendingRevocations::tell(bool hurries)
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

Task<void> PendingRevocations::run(bool hurries)
{
    co_await runLocked(hurries);
    const std::shared_ptr<base::SharedResult<bool>> done = std::exchange(m_running, nullptr);
    done->set(true);
    schedule();
    if (std::exchange(m_hurriesNext, false)) {
        tellNow();
    }
}

Task<void> PendingRevocations::runLocked(bool hurries)
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

Task<void> PendingRevocations::settled(std::chrono::milliseconds patience)
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

Task<Result<RevocationRecord>> PendingRevocations::keep(RevocationRecord entry, RevocationResult left,
                                                        PendingTokens sealed)
{
    const QDateTime now = m_http.clock()();
    entry.since = now;
    entry.until = now.addSecs(RevocationRecord::secondsOfTrying);
    entry.attempts = 1;
    entry.refreshEnded = left.refreshLeft.isEmpty();
    entry.askedToWait = left.failure && left.failure->retryAt.has_value();
    entry.nextTry = entry.askedToWait ? *left.failure->retryAt : now.addMSecs(base::backoff(1).count());
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

Task<Result<void>> PendingRevocations::drop(QString id)
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

Task<void> PendingRevocations::withdraw(QString id)
{
    Result<void> dropped = co_await drop(id);
    if (!dropped) {
        // It is told once more then, which does no harm.
        qCInfo(base::lcConnections) << "an entry stays for now:" << dropped.error().detail;
    }
}

Task<Result<void>> PendingRevocations::forget(QString id)
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

Task<Result<void>> PendingRevocations::moveSecrets(std::stop_token stop)
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

Task<std::optional<RevocationRecord>> PendingRevocations::claim(QString id, bool hurries)
{
    std::optional<RevocationRecord> mine;
    const RecordsChange change = [&](Records &records) {
        RevocationRecord *entry = records.revocation(id);
        if (entry && isDue(*entry, hurries)) {
            ++entry->attempts;
            entry->askedToWait = false;
            entry->nextTry = m_http.clock()().addMSecs(base::backoff(entry->attempts).count());
            mine = *entry;
        }
    };
    Result<Records> saved = co_await m_records.update(change, m_tasks.token());
    if (!saved) {
        mine.reset();
    }
    co_return mine;
}

Task<void> PendingRevocations::tellOne(QString id, bool hurries)
{
    const std::optional<RevocationRecord> entry = co_await claim(id, hurries);
    if (!entry) {
        co_return;
    }
    Result<std::optional<PendingTokens>> sealed = co_await m_sealed.read(id, m_tasks.token());
    if (!sealed) {
        if (sealed.error().keychainCase == base::KeychainCase::Damaged) {
            co_await end(*entry, RevocationEnd::Refused);
        }
        co_return;
    }
    if (*sealed) {
        co_await revokeTokens(*entry, **sealed);
    } else if (entry->since.secsTo(m_http.clock()()) > secondsOfMaking) {
        co_await drop(id);
    }
}

Task<void> PendingRevocations::revokeTokens(RevocationRecord entry, PendingTokens sealed)
{
    const QDateTime now = m_http.clock()();
    Result<oauth::ClientRegistration> client =
        co_await m_registrations.read(entry.registrationId, m_tasks.token());
    if (!client && client.error().kind != ErrorKind::SignInNeeded) {
        co_return;
    }
    if (!client || !agree(entry, sealed, *client)) {
        co_await end(entry, RevocationEnd::Refused);
        co_return;
    }
    if (entry.refreshEnded) {
        sealed.refreshToken = {};
    }
    if (sealed.accessExpiresAt && *sealed.accessExpiresAt <= now) {
        sealed.accessToken = {};
    }
    const std::stop_token stop = m_tasks.token();
    RevocationResult telling =
        co_await connections::revokeTokens(m_http, m_deadlines, std::move(sealed), std::move(*client), stop);
    if (!telling.failure) {
        const bool isKnown = telling.hasEnded || telling.livesUntil || entry.refreshEnded;
        co_await end(entry, isKnown ? RevocationEnd::Told : RevocationEnd::Unknown);
    } else if (stop.stop_requested()) {
        // The process ends; another one goes on.
        co_return;
    } else if (!telling.mayPass) {
        co_await end(entry, RevocationEnd::Refused);
    } else if (now >= entry.until) {
        co_await end(entry, RevocationEnd::GaveUp);
    } else {
        co_await putOff(entry, std::move(telling));
    }
}

Task<void> PendingRevocations::putOff(RevocationRecord entry, RevocationResult telling)
{
    const bool refreshEnded = telling.refreshLeft.isEmpty();
    const std::optional<QDateTime> retryAt = telling.failure->retryAt;
    if (refreshEnded == entry.refreshEnded && !retryAt) {
        co_return;
    }
    const RecordsChange change = [id = entry.id, refreshEnded, retryAt](Records &records) {
        // Forgotten meanwhile, it stays so.
        if (RevocationRecord *mine = records.revocation(id)) {
            mine->refreshEnded = refreshEnded;
            mine->askedToWait = retryAt.has_value();
            mine->nextTry = retryAt.value_or(mine->nextTry);
        }
    };
    Result<Records> saved = co_await m_records.update(change, {});
    if (!saved) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << saved.error().detail;
    }
}

Task<void> PendingRevocations::end(RevocationRecord entry, RevocationEnd how)
{
    if (!contains(entry.id)) {
        // Forgotten while the service was being told.
        co_return;
    }
    Result<void> dropped = co_await drop(entry.id);
    if (!dropped) {
        // The next attempt finds the tokens ended.
        qCInfo(base::lcConnections) << "an entry stays for now:" << dropped.error().detail;
        co_return;
    }
    co_await finish(std::move(entry), how);
}

Task<void> PendingRevocations::finish(RevocationRecord entry, RevocationEnd how)
{
    const Result<Records> records = m_records.load();
    if (records && records->connection(entry.connectionId)) {
        const QString text = endText(how, base::displayAuthority(QUrl(entry.issuer)));
        ActivityLog::append(m_records.activityLogPath(entry.connectionId),
                            ActivityEntry{m_http.clock()(), text});
    }
    Q_EMIT ended(entry, how);
    // Kept for this alone, if its connection is gone or has another one.
    co_await m_registrations.retire(entry.registrationId, QUrl(entry.issuer));
}

} // namespace mooring::connections
