// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/filelock.h"

#include "base/deadline.h"
#include "base/words.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>

#include <algorithm>
#include <utility>

#ifdef Q_OS_WIN
#include <qt_windows.h>
#else
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#endif

namespace mooring::storage {

using base::ErrorKind;
using base::failed;
using base::makeError;
using base::Result;
using base::Words;

namespace {

enum class Attempt { Locked, Busy, NoLocks, Failed };

base::Error noLocksError(const QString &path, const QString &detail)
{
    return makeError(ErrorKind::Storage,
                     Words::tr("The disk that %1 is on can't lock files now. A network drive may "
                               "need its lock service; else keep Mooring's data on a local disk.")
                         .arg(QDir::toNativeSeparators(path)),
                     detail);
}

base::Error lockError(const QString &path, const QString &detail)
{
    return makeError(ErrorKind::Storage,
                     Words::tr("The lock file %1 can't be used. Check the permissions of its "
                               "folder.")
                         .arg(QDir::toNativeSeparators(path)),
                     detail);
}

#ifdef Q_OS_WIN

qintptr openLockFile(const QString &path)
{
    const QString native = QDir::toNativeSeparators(path);
    const HANDLE handle =
        CreateFileW(reinterpret_cast<LPCWSTR>(native.utf16()), GENERIC_READ | GENERIC_WRITE,
                    FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    return reinterpret_cast<qintptr>(handle); // INVALID_HANDLE_VALUE is -1
}

Attempt lockNow(qintptr handle)
{
    OVERLAPPED range = {};
    if (LockFileEx(reinterpret_cast<HANDLE>(handle), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0,
                   1, 0, &range)) {
        return Attempt::Locked;
    }
    const DWORD error = GetLastError();
    return error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING ? Attempt::Busy : Attempt::Failed;
}

void closeLockFile(qintptr handle)
{
    CloseHandle(reinterpret_cast<HANDLE>(handle));
}

#else

qintptr openLockFile(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    int descriptor = -1;
    do {
        descriptor = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

Attempt lockNow(qintptr handle)
{
    int result = -1;
    do {
        result = ::flock(static_cast<int>(handle), LOCK_EX | LOCK_NB);
    } while (result < 0 && errno == EINTR);
    if (result == 0) {
        return Attempt::Locked;
    }
    if (errno == EWOULDBLOCK) {
        return Attempt::Busy;
    }
    return errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS ? Attempt::NoLocks : Attempt::Failed;
}

void closeLockFile(qintptr handle)
{
    ::close(static_cast<int>(handle));
}

#endif

/// Between two attempts: short at first, never long, and never in step with other waiters.
std::chrono::milliseconds pauseAfter(int attempt)
{
    const int longest = std::min(60, 25 + attempt * 5);
    return std::chrono::milliseconds(QRandomGenerator::global()->bounded(5, longest + 1));
}

} // namespace

FileLock::FileLock(qintptr handle)
    : m_handle(handle)
{
}

FileLock::FileLock(FileLock &&other) noexcept
    : m_handle(std::exchange(other.m_handle, noHandle))
{
}

FileLock &FileLock::operator=(FileLock &&other) noexcept
{
    if (this != &other) {
        release();
        m_handle = std::exchange(other.m_handle, noHandle);
    }
    return *this;
}

FileLock::~FileLock()
{
    release();
}

void FileLock::release()
{
    if (m_handle != noHandle) {
        closeLockFile(std::exchange(m_handle, noHandle));
    }
}

Result<std::optional<FileLock>> FileLock::tryAcquire(const QString &path)
{
    const qintptr handle = openLockFile(path);
    if (handle == noHandle) {
        return failed(lockError(path, qt_error_string()));
    }
    FileLock lock(handle);
    switch (lockNow(handle)) {
    case Attempt::Locked:
        return std::optional<FileLock>(std::move(lock));
    case Attempt::Busy:
        return std::optional<FileLock>();
    case Attempt::NoLocks:
        return failed(noLocksError(path, qt_error_string()));
    case Attempt::Failed:
        break;
    }
    return failed(lockError(path, qt_error_string()));
}

base::Task<Result<FileLock>> FileLock::acquire(QString path, std::chrono::milliseconds deadline,
                                               std::stop_token stop)
{
    base::Deadline patience;
    patience.start(deadline);
    for (int attempt = 0;; ++attempt) {
        if (stop.stop_requested()) {
            co_return failed(base::cancelledError());
        }
        Result<std::optional<FileLock>> lock = tryAcquire(path);
        if (!lock) {
            co_return failed(lock.error());
        }
        if (lock->has_value()) {
            FileLock held = std::move(**lock);
            co_return Result<FileLock>(std::move(held));
        }
        if (patience.hasPassed()) {
            base::Error late =
                makeError(ErrorKind::Timeout,
                          Words::tr("Another window or program of Mooring has been busy with the same "
                                    "thing for too long. Try again in a moment."),
                          path);
            co_return failed(std::move(late));
        }
        const auto pause =
            std::min(pauseAfter(attempt), std::max(std::chrono::milliseconds(1), patience.left()));
        co_await base::sleepFor(pause, stop);
    }
}

} // namespace mooring::storage
