// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "connections/records/records.h"
#include "storage/profile.h"

#include <functional>
#include <memory>

namespace mooring::connections {

/// A change to one entry, and to the whole file.
using RecordChange = std::function<void(ConnectionRecord &)>;
using RecordsChange = std::function<void(Records &)>;

/// connections.json: the truth about the list. Every change is made under the file's lock on what
/// the file says then, so processes never write over each other's entries.
class RecordsFile final {
public:
    /// A look at the file that another thread takes while this one builds its window.
    class Ahead;

    RecordsFile(storage::Profile profile, base::Deadlines deadlines);

    /// Begins to read the file of `profile`. Needs no application object.
    static std::shared_ptr<Ahead> readAhead(const storage::Profile &profile);
    /// The next load() takes what `ahead` has found, unless the file has changed since, or is damaged.
    void expect(std::shared_ptr<Ahead> ahead) { m_ahead = std::move(ahead); }

    /// What the file says. A file that is not there is an empty list. Entries that this version can't use
    /// are left out of the lists, and kept (Records::unusableConnections). One that can't be parsed is
    /// set aside under another name and never written over: Error Storage, whose sentence names
    /// the copy; the next load() then finds no file.
    base::Result<Records> load();

    /// Applies `change` to what the file says and writes the result atomically, with the folder
    /// synced. Returns what was written. `change` may be called once only and must not wait.
    base::Task<base::Result<Records>> update(RecordsChange change, std::stop_token stop);

    /// Hears what the file says, each time it has been read or written: one owner tells all.
    void setObserver(std::function<void(const Records &)> observer) { m_observer = std::move(observer); }

    /// The registrations that were in the file when it was last read or written.
    const QList<RegistrationRecord> &registrations() const { return m_registrations; }

    /// The setting in the file, else the address of this build.
    QString clientMetadataUrl() const;

    /// True if the file is another one than that of the last load() or update(). One stat, no read.
    bool hasChanged() const;

    const storage::Profile &profile() const { return m_profile; }
    /// Where the activity log of a connection is.
    QString activityLogPath(const QString &connectionId) const;
    /// Lock files: one for each connection, one for each issuer.
    QString connectionLockPath(const QString &connectionId) const;
    QString registrationLockPath(const QString &issuer) const;
    /// Whoever tells services of ended sign-ins holds it.
    QString revocationsLockPath() const;

private:
    struct Stamp {
        qint64 inode = 0;
        qint64 size = -1;
        qint64 modified = 0;
        friend bool operator==(const Stamp &, const Stamp &) = default;
    };
    static Stamp stampOf(const QString &path);
    Stamp stamp() const;
    base::Result<Records> read();
    void tell(const Records &records);

    storage::Profile m_profile;
    base::Deadlines m_deadlines;
    std::function<void(const Records &)> m_observer;
    QList<RegistrationRecord> m_registrations;
    std::optional<QString> m_clientMetadataUrl;
    std::shared_ptr<Ahead> m_ahead;
    Stamp m_seen;
    /// Entries that can't be used are worth one line in a log, not one with every look at the file.
    bool m_hasWarned = false;
};

} // namespace mooring::connections
