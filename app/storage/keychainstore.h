// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainqueue.h"
#include "storage/keychains.h"
#include "storage/secretstore.h"

#include "base/deadlines.h"

#include <QMap>

namespace mooring::storage {

/// The keychains of this computer as one store: each secret in one of them, see Keychains.
///
/// Every value is stored as text, base64url of the bytes: QtKeychain keeps text and binary data as
/// two different items and cuts text at a NUL. There is never a fallback to a file.
///
/// Reads, writes and removals run one at a time, each to its real end. A caller's wait ends after
/// Deadlines::keychain with case Slow, or on its stop token; what has begun goes on, and
/// settled(key) tells when it is over. While the keychain asks the person something, no deadline passes. A
/// locked one is opened by unlock() only; one that asks by itself when it is used (KWallet, KeePassXC) does
/// so at any job, but at no look.
class KeychainStore final : public SecretStore {
public:
    explicit KeychainStore(const base::Deadlines &deadlines);
    /// With other keychains; for tests.
    KeychainStore(const base::Deadlines &deadlines, const Keychains::Maker &maker);

    /// Whether this thread's event loop can serve keychain jobs. On Linux it has to be GLib's, or no
    /// job would ever end; main() refuses to start otherwise. Needs the application object.
    static bool eventLoopCanServeIt();

    base::Task<base::Result<std::optional<QByteArray>>> read(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) override;
    base::Task<base::Result<void>> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> checkUsable(QString key, Asking asking, std::stop_token stop) override;
    base::Task<base::Result<bool>> prepare(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    base::Task<void> settled(QString key) override;
    qsizetype maximumValueSize() const override;
    QString identity() const override;
    QString description() const override;
    void setPlace(const QString &key, const QString &place) override;
    QString placeOf(const QString &key) const override;
    void setLabel(const QString &key, const QString &label) override { m_labels.insert(key, label); }
    base::Task<void> relabel(QString key) override;
    base::Task<base::Result<QString>> bring(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> clearElsewhere(QString key, std::stop_token stop) override;
    std::optional<KeychainQuestion> question() const override;
    QMetaObject::Connection onQuestion(QObject *context, std::function<void()> tell) override;

    bool isBusy() const override { return !m_jobs.isIdle() || !m_looks.isIdle(); }
    bool hasRunningJobs() const;
    /// Whether a job has taken longer than that: it hangs, or a question is open.
    bool isStuckFor(std::chrono::milliseconds limit) const { return m_jobs.isStuckFor(limit); }
    /// Ends when nothing runs or waits any more; what quitting waits for. A prompt that stays open
    /// keeps it from ending, so the program ends without it after a while.
    base::Task<void> drained();

private:
    QString labelOf(const QString &key) const;

    base::Deadlines m_deadlines;
    /// Shared, because a job can outlive the store.
    std::shared_ptr<Keychains> m_keychains;
    /// The last look at where something new would go.
    std::shared_ptr<KeychainReport> m_seen;
    KeychainQueue m_jobs;
    /// Looks at the keychain don't stand in line behind a job with an open prompt.
    KeychainQueue m_looks;
    QMap<QString, QString> m_labels;
};

} // namespace mooring::storage
