// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clockwatch.h"

#include <QSocketNotifier>

#ifdef Q_OS_LINUX
#include <cerrno>
#include <ctime>
#include <limits>
#include <sys/timerfd.h>
#include <unistd.h>
#endif

namespace mooring::ui {

#ifdef Q_OS_LINUX

ClockWatch::ClockWatch(QObject *parent)
    : QObject(parent)
    , m_timer(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC))
{
    if (m_timer < 0) {
        return;
    }
    arm();
    auto *notifier = new QSocketNotifier(m_timer, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        quint64 expirations = 0;
        const ssize_t got = ::read(m_timer, &expirations, sizeof expirations);
        if (got < 0 && errno == ECANCELED) {
            arm();
            Q_EMIT clockJumped();
        }
    });
}

void ClockWatch::arm()
{
    // A moment that never comes: only the cancellation by a clock that is set is of interest. The
    // kernel counts waking from sleep as one.
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<int>::max();
    never.it_value.tv_sec *= 4;
    ::timerfd_settime(m_timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

ClockWatch::~ClockWatch()
{
    if (m_timer >= 0) {
        ::close(m_timer);
    }
}

#else

ClockWatch::ClockWatch(QObject *parent)
    : QObject(parent)
{
}

void ClockWatch::arm() { }

ClockWatch::~ClockWatch() = default;

#endif

} // namespace mooring::ui
