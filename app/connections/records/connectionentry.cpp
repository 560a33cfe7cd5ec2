// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/connectionentry.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

bool differsInCredential(const ConnectionRecord &one, const ConnectionRecord &other)
{
    return one.generation != other.generation || one.leaving != other.leaving || one.url != other.url
           || one.kind != other.kind;
}

ConnectionEntry::ConnectionEntry(ConnectionRecord record, RecordsFile &records, base::Clock clock)
    : m_record(std::move(record))
    , m_records(records)
    , m_clock(std::move(clock))
{
}

EntryPointer ConnectionEntry::make(ConnectionRecord record, RecordsFile &records, base::Clock clock)
{
    // A slot that it calls may drop the last reference, so it dies from the event loop.
    return {new ConnectionEntry(std::move(record), records, std::move(clock)),
            [](ConnectionEntry *dying) { dying->deleteLater(); }};
}

QUrl ConnectionEntry::serverUrl() const
{
    return http::withoutSecretQuery(m_record.url).url;
}

Result<void> ConnectionEntry::checkAddress() const
{
    const Result<QUrl> url =
        http::UrlPolicy::parseTyped(m_record.url.toString(QUrl::FullyEncoded), m_record.settings.plainHttp());
    return url ? Result<void>() : Result<void>(base::failed(url.error()));
}

QString ConnectionEntry::issuerHost() const
{
    return base::displayAuthority(QUrl(m_record.issuer));
}

void ConnectionEntry::reread()
{
    // A damaged file is the list's business to report; what is known here still stands.
    if (m_records.hasChanged()) {
        static_cast<void>(m_records.load());
    }
}

Task<Result<void>> ConnectionEntry::update(RecordChange change, std::stop_token stop)
{
    const EntryPointer self = shared_from_this();
    if (m_live.windowOnly) {
        changeHere(change);
        co_return Result<void>();
    }
    const RecordsChange changeOne = [id = id(), change](Records &records) {
        if (ConnectionRecord *mine = records.connection(id)) {
            change(*mine);
        }
    };
    Result<void> updated = co_await updateAll(changeOne, stop);
    co_return updated;
}

Task<Result<void>> ConnectionEntry::updateAll(RecordsChange change, std::stop_token stop)
{
    const EntryPointer self = shared_from_this();
    Result<Records> records = co_await m_records.update(change, stop);
    if (!records) {
        co_return base::failed(records.error());
    }
    const ConnectionRecord *mine = std::as_const(*records).connection(id());
    if (!mine) {
        co_return base::failed(
            makeError(ErrorKind::NotFound, Words::tr("This connection has been removed.")));
    }
    adopt(*mine);
    co_return Result<void>();
}

Task<void> ConnectionEntry::tryUpdate(RecordChange change)
{
    Result<void> updated = co_await update(std::move(change), {});
    if (!updated) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << updated.error().detail;
    }
}

void ConnectionEntry::changeHere(const RecordChange &change)
{
    change(m_record);
    Q_EMIT changed();
}

void ConnectionEntry::adopt(const ConnectionRecord &record)
{
    if (m_live.windowOnly) {
        // The sign-in of this window is not in the file; the rest of the entry is.
        m_record.name = record.name;
        m_record.accountLabel = record.accountLabel;
        Q_EMIT changed();
        return;
    }
    if (record == m_record) {
        return;
    }
    const ConnectionRecord before = std::exchange(m_record, record);
    Q_EMIT replaced(before);
    if (differsInCredential(before, m_record) && !m_record.leaving) {
        // While it is leaving, what keeps the disconnect from being finished still does.
        clearTrouble();
    }
    m_log.reset();
    Q_EMIT changed();
}

void ConnectionEntry::setTrouble(const base::Error &error)
{
    if (error.kind != ErrorKind::Cancelled) {
        m_live.trouble = error;
        m_live.signInFailed = false;
    }
}

void ConnectionEntry::clearTrouble()
{
    m_live.trouble.reset();
    m_live.signInFailed = false;
    m_failures = 0;
    m_retryAt.reset();
}

void ConnectionEntry::putOff(const QDateTime &retryAt)
{
    ++m_failures;
    m_retryAt = retryAt;
}

const ActivityLog &ConnectionEntry::log() const
{
    if (!m_log) {
        m_log = std::make_unique<ActivityLog>(ActivityLog::load(m_records.activityLogPath(id())));
    }
    return *m_log;
}

void ConnectionEntry::updateLog(const std::function<void(ActivityLog &)> &change)
{
    m_log = std::make_unique<ActivityLog>(ActivityLog::update(m_records.activityLogPath(id()), change));
}

void ConnectionEntry::note(const QString &text)
{
    updateLog([entry = ActivityEntry{now(), text}](ActivityLog &log) { log.activity.prepend(entry); });
    Q_EMIT changed();
}

void ConnectionEntry::forgetLog()
{
    m_log.reset();
    Q_EMIT changed();
}

} // namespace mooring::connections
