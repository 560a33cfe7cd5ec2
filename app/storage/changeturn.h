// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/filelock.h"

namespace mooring::storage {

/// The turn to change something in KeePassXC, for all of the person's Mooring processes: one at a time, and
/// with a pause between.
///
/// KeePassXC 2.7 saves its file after each change in another thread. If an entry changes meanwhile, it
/// crashes, or takes the later change for saved, and forgets it when it ends.
class ChangeTurn final {
public:
    ChangeTurn(ChangeTurn &&other) noexcept;
    ChangeTurn &operator=(ChangeTurn &&) = delete;
    /// The next one may begin when the pause is over.
    ~ChangeTurn();
    Q_DISABLE_COPY(ChangeTurn)

    /// After `patience` it goes on without the lock: a keychain that is asked late is better than one that is
    /// never asked.
    static base::Task<ChangeTurn> take(std::chrono::milliseconds patience);

private:
    ChangeTurn(QString path, std::optional<FileLock> lock);
    void noteTime() const;

    QString m_path;
    std::optional<FileLock> m_lock;
};

} // namespace mooring::storage
