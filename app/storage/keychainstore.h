// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainguard.h"
#include "storage/keychainqueue.h"
#include "storage/secretstore.h"

#include "base/deadlines.h"

namespace mooring::storage {

/// The operating system's keychain, through QtKeychain. Main thread only.
///
/// Every value is stored as text, base64url of the bytes: QtKeychain keeps text and binary data as
/// two different items and cuts text at a NUL. There is never a fallback to a file.
///
/// Reads, writes and removals run one at a time, each to its real end. A caller's wait ends after
/// Deadlines::keychain with case Slow, or on its stop token; what has begun goes on, and
/// settled(key) tells when it is over. Nothing but unlock() asks the person, unless the keychain
/// gets locked in the very moment between the look at it and the job.
class KeychainStore final : public SecretStore {
public:
    explicit KeychainStore(const base::Deadlines &deadlines);
    /// With another look at the keychain; for tests.
    KeychainStore(const base::Deadlines &deadlines, KeychainGuard guard);

    /// Whether this thread's event loop can serve keychain jobs. On Linux it has to be GLib's, or no
    /// job would ever end; main() refuses to start otherwise. Needs the application object.
    static bool eventLoopCanServeIt();

    base::Task<base::Result<std::optional<QByteArray>>> read(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) override;
    base::Task<base::Result<void>> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> checkUsable(std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    base::Task<void> settled(QString key) override;
    qsizetype maximumValueSize() const override;
    QString identity() const override { return *m_identity; }
    QString description() const override;

    bool hasRunningJobs() const;
    /// Ends when nothing runs or waits any more; what quitting waits for. A prompt that stays open
    /// keeps it from ending, so the program ends without it after a while.
    base::Task<void> drained();

private:
    base::Deadlines m_deadlines;
    /// Shared, because a job can outlive the store.
    std::shared_ptr<QString> m_identity;
    KeychainGuard m_guard;
    KeychainQueue m_jobs;
    /// Looks at the keychain don't stand in line behind a job with an open prompt.
    KeychainQueue m_looks;
};

} // namespace mooring::storage
