// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

namespace mooring::base {

/// The end of a wait for an answer.
///
/// A mere QTimer is none. A process that is stopped for a while (Ctrl-Z, a paused container, a computer that
/// sleeps) wakes with all its timers run out, and they are heard before the answer that has long been lying
/// in the socket: it would be thrown away, and with it the only copy of a token. So the time is measured in
/// slices. One that took far longer than it should tells that nobody was there to read; it counts for no more
/// than it was meant to take, and however little is left then, there is a moment in which to read. And even
/// in time nothing is judged before the event loop has had one more turn.
///
/// Runs only where there is an event loop, and in its thread.
class Deadline final : public QObject {
    Q_OBJECT
public:
    /// `onPassed` may delete it. None where it is only asked whether it has passed.
    explicit Deadline(std::function<void()> onPassed = {}, QObject *parent = nullptr);

    /// Calls `onPassed` once, when that time is over; for what ends by itself and is told then to nobody.
    static void after(std::chrono::milliseconds duration, std::function<void()> onPassed);

    /// From now on, whether or not it is running already.
    void start(std::chrono::milliseconds duration);
    void stop();
    /// What is left of the wait; zero when it is over.
    std::chrono::milliseconds left() const;
    bool hasPassed() const { return left().count() <= 0; }

private:
    void nextSlice();
    void onSlice();

    std::function<void()> m_onPassed;
    QTimer m_timer;
    QElapsedTimer m_since;
    bool m_isRunning = false;
    bool m_isLastTurn = false;
    /// When the running slice began.
    std::chrono::milliseconds m_left{0};
    std::chrono::milliseconds m_slice{0};
    std::chrono::milliseconds m_longestSlice{0};
    std::chrono::milliseconds m_moment{0};
};

} // namespace mooring::base
