// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/deadline.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace mooring::base {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds shortestSlice(10);
constexpr milliseconds longestSlice(1000);
/// A loop that is only busy comes by within this.
constexpr milliseconds busyLoop(250);
/// Enough for what has arrived to be decrypted, read and handed on, on a computer that has just woken.
constexpr milliseconds momentAfterWaking(1000);
/// Qt reads HTTP in another thread, which hands over what it has through the event loop.
constexpr milliseconds lastTurn(20);

} // namespace

Deadline::Deadline(std::function<void()> onPassed, QObject *parent)
    : QObject(parent)
    , m_onPassed(std::move(onPassed))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Deadline::onSlice);
}

void Deadline::after(milliseconds duration, std::function<void()> onPassed)
{
    auto *deadline = new Deadline({}, QCoreApplication::instance());
    deadline->m_onPassed = [deadline, onPassed = std::move(onPassed)] {
        deadline->deleteLater();
        onPassed();
    };
    deadline->start(duration);
}

void Deadline::start(milliseconds duration)
{
    m_isRunning = true;
    m_isLastTurn = false;
    m_left = std::max(duration, milliseconds(0));
    m_longestSlice = std::clamp(m_left / 8, shortestSlice, longestSlice);
    m_moment = std::min(m_left, momentAfterWaking);
    nextSlice();
}

void Deadline::stop()
{
    m_left = left();
    m_isRunning = false;
    m_timer.stop();
}

milliseconds Deadline::left() const
{
    if (!m_isRunning || m_isLastTurn) {
        return m_left;
    }
    const milliseconds took(m_since.elapsed());
    if (took > m_slice + busyLoop) {
        return std::max(m_left - m_slice, m_moment);
    }
    return std::max(m_left - took, milliseconds(0));
}

void Deadline::nextSlice()
{
    m_slice = std::min(m_left, m_longestSlice);
    m_since.start();
    m_timer.start(m_slice);
}

void Deadline::onSlice()
{
    m_left = left();
    if (m_left.count() > 0) {
        nextSlice();
    } else if (!std::exchange(m_isLastTurn, true)) {
        m_timer.start(lastTurn);
    } else {
        m_isRunning = false;
        // A copy: it may delete this.
        if (const std::function<void()> onPassed = m_onPassed) {
            onPassed();
        }
    }
}

} // namespace mooring::base
