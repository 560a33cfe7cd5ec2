// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTimer>

#include <algorithm>
#include <ctime>
#include <unistd.h>

namespace mooring::support {

/// Resident memory of this process in bytes.
inline qint64 residentMemory()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    return file.open(QFile::ReadOnly)
               ? file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE)
               : -1;
}

/// Time in which threads of this process could run and the machine ran others instead (proc(5): run-queue
/// delay), in nanoseconds. Threads that have ended are left out.
inline qint64 timeInQueues()
{
    qint64 sum = 0;
    const QStringList threads =
        QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : threads) {
        QFile file(QStringLiteral("/proc/self/task/%1/schedstat").arg(thread));
        sum += file.open(QFile::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() : 0;
    }
    return sum;
}

/// How long this process took for something: what others on the machine took from it meanwhile isn't counted.
/// For what has to be quick. What has to take a while is measured with QElapsedTimer.
class OwnTime final {
public:
    OwnTime() { m_timer.start(); }
    void restart()
    {
        m_waited = timeInQueues();
        m_timer.restart();
    }
    qint64 elapsed() const
    {
        const qint64 waited = std::max<qint64>(0, timeInQueues() - m_waited);
        return std::max<qint64>(0, m_timer.nsecsElapsed() - waited) / 1'000'000;
    }

private:
    QElapsedTimer m_timer;
    qint64 m_waited = timeInQueues();
};

/// The most that this thread has worked at a stretch, so that its event loop came to nothing else. Processor
/// time of the thread: what a busy machine makes of it on the clock is not its fault.
class StallMeter final : public QObject {
public:
    StallMeter()
    {
        connect(&m_tick, &QTimer::timeout, this, &StallMeter::look);
        restart();
        m_tick.start(0);
    }
    void restart()
    {
        m_longest = 0;
        m_before = worked();
    }
    qint64 longestMs() const { return m_longest / 1'000'000; }
    qint64 longestUs() const { return m_longest / 1000; }

private:
    void look()
    {
        const qint64 now = worked();
        m_longest = std::max(m_longest, now - m_before);
        m_before = now;
    }
    /// In nanoseconds.
    static qint64 worked()
    {
        timespec time = {};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
    }
    QTimer m_tick;
    qint64 m_before = 0;
    qint64 m_longest = 0;
};

} // namespace mooring::support
