// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "connections/records/activitylog.h"
#include "connections/records/connectionstate.h"
#include "connections/records/recordsfile.h"

#include <QObject>

#include <functional>
#include <memory>

namespace mooring::connections {

/// What this process knows of one connection: its entry in the records file, what only this process has seen
/// (LiveFacts), and its activity log. Everything that works for a connection shares this object and changes
/// the record through it. Held by shared_ptr, by running tasks too. Main thread only.
class ConnectionEntry final
    : public QObject
    , public std::enable_shared_from_this<ConnectionEntry> {
    Q_OBJECT
public:
    /// `records` outlives it.
    static std::shared_ptr<ConnectionEntry> make(ConnectionRecord record, RecordsFile &records,
                                                 base::Clock clock);

    const QString &id() const { return m_record.id; }
    const ConnectionRecord &record() const { return m_record; }
    RecordsFile &recordsFile() const { return m_records; }
    QDateTime now() const { return m_clock(); }
    const base::Clock &clock() const { return m_clock; }

    /// The server's address without what is secret of it; an older version has left such a part in the
    /// record.
    QUrl serverUrl() const;
    /// RefusedByPolicy if the person has not allowed this address, or not any more.
    base::Result<void> checkAddress() const;
    /// Who has led to what the service's documents name; see SignInSettings::namerOf().
    QUrl namer() const { return m_record.settings.namerOf({}, m_record.url); }
    /// The host of the authorization server on record, for sentences.
    QString issuerHost() const;
    /// The lock file that orders all that changes the credential, across processes.
    QString lockPath() const { return m_records.connectionLockPath(id()); }

    /// Reads the records file if another process has written it; every entry then hears of what is new.
    void reread();
    /// Changes the record in the file, or only here for a sign-in of this window. Errors: Storage; NotFound
    /// if another process has removed the connection.
    base::Task<base::Result<void>> update(RecordChange change, std::stop_token stop);
    /// The same for what stands beside the connections in the file, too.
    base::Task<base::Result<void>> updateAll(RecordsChange change, std::stop_token stop);
    /// update() of a fact that can be found out again: a failure is only logged. Never stopped.
    base::Task<void> tryUpdate(RecordChange change);
    /// Changes the record in this process alone, at once: what must count before it is written.
    void changeHere(const RecordChange &change);
    /// Takes what the records file says now. Emits replaced() and changed() if that is anything new.
    void adopt(const ConnectionRecord &record);

    const LiveFacts &live() const { return m_live; }
    /// Changes them, without a word to anybody.
    LiveFacts &live() { return m_live; }
    bool isWindowOnly() const { return m_live.windowOnly; }
    /// Trouble of the last attempt, whatever it was; Cancelled is none.
    void setTrouble(const base::Error &error);
    /// Something has worked: no trouble, no failures, no time to wait for.
    void clearTrouble();
    /// Failures of renewals in a row, and when the next one may be tried.
    int failures() const { return m_failures; }
    std::optional<QDateTime> retryAt() const { return m_retryAt; }
    void putOff(const QDateTime &retryAt);

    /// Read from disk the first time it is asked for.
    const ActivityLog &log() const;
    void updateLog(const std::function<void(ActivityLog &)> &change);
    /// Adds a line to it.
    void note(const QString &text);
    /// Another process has written it.
    void forgetLog();

    /// Whoever holds something of the credential in memory drops it.
    void forgetCredentials() { Q_EMIT credentialsGone(); }
    void tellChanged() { Q_EMIT changed(); }

Q_SIGNALS:
    /// The record, the live facts or the log may have changed.
    void changed();
    /// The record is another one than `before`, because the file says so.
    void replaced(const mooring::connections::ConnectionRecord &before);
    void credentialsGone();

private:
    ConnectionEntry(ConnectionRecord record, RecordsFile &records, base::Clock clock);

    ConnectionRecord m_record;
    RecordsFile &m_records;
    base::Clock m_clock;
    LiveFacts m_live;
    int m_failures = 0;
    std::optional<QDateTime> m_retryAt;
    /// Null until somebody asks: a long list must not read all of them at start-up.
    mutable std::unique_ptr<ActivityLog> m_log;
};

using EntryPointer = std::shared_ptr<ConnectionEntry>;

/// Another thing that uses the credential has to know whether it may still do so.
bool differsInCredential(const ConnectionRecord &one, const ConnectionRecord &other);

} // namespace mooring::connections
