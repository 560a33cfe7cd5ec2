// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/task.h"

#include "base/lackofmemory.h"

#include <QTimer>

namespace mooring::base {

Task<bool> sleepFor(std::chrono::milliseconds duration, std::stop_token stop)
{
    const OneShot<bool> over;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [over] { over.resolve(true); });
    const auto onStop = [over] { over.resolve(false); };
    const std::stop_callback stopCallback(stop, onStop);
    timer.start(duration);
    co_return co_await over;
}

Task<void> yieldToEventLoop()
{
    const OneShot<bool> turn;
    QMetaObject::invokeMethod(
        QCoreApplication::instance(), [turn] { turn.resolve(true); }, Qt::QueuedConnection);
    co_await turn;
}

struct TaskScope::State {
    std::stop_source stop;
    int running = 0;
    std::vector<OneShot<bool>> waiters;
};

TaskScope::TaskScope()
    : m_state(std::make_shared<State>())
{
}

TaskScope::~TaskScope()
{
    m_state->stop.request_stop();
    Q_ASSERT_X(m_state->running == 0, "TaskScope", "the owner dies before its tasks have ended");
}

std::stop_token TaskScope::token() const
{
    return m_state->stop.get_token();
}

void TaskScope::run(Task<void> task)
{
    ++m_state->running;
    supervise(m_state, std::move(task));
}

void TaskScope::cancel()
{
    m_state->stop.request_stop();
}

int TaskScope::running() const
{
    return m_state->running;
}

Task<void> TaskScope::drained()
{
    const std::shared_ptr<State> state = m_state;
    while (state->running > 0) {
        const OneShot<bool> ended;
        state->waiters.push_back(ended);
        co_await ended;
    }
}

Task<void> TaskScope::supervise(std::shared_ptr<State> state, Task<void> task)
{
    try {
        co_await std::move(task);
    } catch (const std::exception &) {
        // Nothing in here throws but for want of memory or threads, and nobody could hear of it.
        endForLackOfMemory();
    }
    --state->running;
    if (state->running == 0) {
        for (const OneShot<bool> &waiter : std::exchange(state->waiters, {})) {
            waiter.resolve(true);
        }
    }
}

} // namespace mooring::base
