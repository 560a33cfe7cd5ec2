// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/oneshot.h"
#include "base/result.h"

#include <QCoroTask>

#include <chrono>
#include <memory>
#include <stop_token>
#include <vector>

namespace QCoro::detail {

/// QCoro asserts that a coroutine handle is not null. For a Task of std::expected<T> with a T that
/// can be made from nullptr, GCC 12 takes expected's own comparison for that and fails to compile;
/// this exact match is preferred to it.
template <typename T>
constexpr bool operator==(const std::coroutine_handle<TaskPromise<T>> &handle, std::nullptr_t) noexcept
{
    return !handle;
}

} // namespace QCoro::detail

namespace mooring::base {

/// A running piece of asynchronous work. It starts at once and has exactly one awaiter.
/// Dropping a Task does not stop it: work that nobody awaits belongs in a TaskScope.
///
/// Two traps of QCoro 0.8 with GCC 12: `co_return` moves from any lvalue that isn't const, so a
/// member is returned through std::as_const(); and a lambda written inside a co_await expression
/// is destroyed twice, so it gets a name first.
template <typename T = void>
using Task = QCoro::Task<T>;

/// Waits `duration`. False if `stop` was requested first.
Task<bool> sleepFor(std::chrono::milliseconds duration, std::stop_token stop);

/// Goes on from the event loop, so that no caller is called back from inside its own call.
Task<void> yieldToEventLoop();

/// Owns the tasks that nobody awaits. Its owner cancels and drains it before it dies itself.
class TaskScope final {
public:
    TaskScope();
    ~TaskScope();
    Q_DISABLE_COPY_MOVE(TaskScope)

    /// The token to hand to every task that is run here.
    std::stop_token token() const;
    void run(Task<void> task);
    /// Asks all tasks to end; they may still need a few turns of the event loop.
    void cancel();
    int running() const;
    /// Ends when no task is running any more. Does not cancel by itself.
    Task<void> drained();

private:
    struct State;
    static Task<void> supervise(std::shared_ptr<State> state, Task<void> task);
    std::shared_ptr<State> m_state;
};

/// One result for any number of waiters; each gets a copy, and is resumed from the event loop.
/// A waiter can stop waiting without stopping the work.
template <typename T>
class SharedResult final {
public:
    bool isSet() const { return m_state->value.has_value(); }

    void set(Result<T> value)
    {
        if (m_state->value) {
            return;
        }
        m_state->value = value;
        for (const OneShot<Result<T>> &waiter : std::exchange(m_state->waiters, {})) {
            waiter.resolve(value);
        }
    }

    /// The result, or a Cancelled error as soon as `stop` is requested.
    Task<Result<T>> wait(std::stop_token stop) const { return waitFor(m_state, std::move(stop)); }

private:
    struct State {
        std::optional<Result<T>> value;
        std::vector<OneShot<Result<T>>> waiters;
    };

    static Task<Result<T>> waitFor(std::shared_ptr<State> state, std::stop_token stop)
    {
        if (state->value) {
            co_await yieldToEventLoop();
            Result<T> copy = *state->value;
            co_return copy;
        }
        OneShot<Result<T>> mine;
        state->waiters.push_back(mine);
        const auto onStop = [mine] { mine.resolve(failed(cancelledError())); };
        const std::stop_callback stopCallback(stop, onStop);
        Result<T> value = co_await mine;
        co_return value;
    }

    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace mooring::base
