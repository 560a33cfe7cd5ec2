// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QTimer>

#include <algorithm>
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

/// The longest time in which the event loop came to nothing else. Time in which the machine ran other
/// programs instead (proc(5): run-queue delay) is not the fault of this one.
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
        m_waited = timeInQueue();
        m_timer.start();
    }
    qint64 longestMs() const { return m_longest / 1'000'000; }
    qint64 longestUs() const { return m_longest / 1000; }

private:
    void look()
    {
        const qint64 waited = timeInQueue();
        m_longest = std::max(m_longest, m_timer.nsecsElapsed() - (waited - m_waited));
        m_waited = waited;
        m_timer.restart();
    }
    static qint64 timeInQueue()
    {
        QFile file(QStringLiteral("/proc/thread-self/schedstat"));
        return file.open(QFile::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() : 0;
    }
    QTimer m_tick;
    QElapsedTimer m_timer;
    qint64 m_waited = 0;
    qint64 m_longest = 0;
};

} // namespace mooring::support
