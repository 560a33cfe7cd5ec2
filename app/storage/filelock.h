// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"

#include <QString>

#include <chrono>
#include <optional>
#include <stop_token>

namespace mooring::storage {

/// Holds a lock that is shared with other processes, until it is released or dies. The kernel frees
/// it when the process ends, however it ends. The lock's file stays: deleting one while somebody
/// waits for it would give two holders. Two FileLocks of one process exclude each other too.
class FileLock final {
public:
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&other) noexcept;
    ~FileLock();
    Q_DISABLE_COPY(FileLock)

    /// Waits until nobody else holds the lock. Timeout error after `deadline`, Cancelled when `stop` is
    /// requested, Storage error if the file can't be opened. Nobody is queued: the order is random.
    static base::Task<base::Result<FileLock>> acquire(QString path, std::chrono::milliseconds deadline,
                                                      std::stop_token stop);
    /// The lock, or nullopt if somebody else holds it.
    static base::Result<std::optional<FileLock>> tryAcquire(const QString &path);

    void release();

private:
    explicit FileLock(qintptr handle);
    static constexpr qintptr noHandle = -1;
    qintptr m_handle;
};

} // namespace mooring::storage
