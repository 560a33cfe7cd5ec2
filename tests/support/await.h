// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <memory>
#include <optional>

namespace mooring::support {

/// Runs the event loop until `task` has ended and returns its value. Only tests may wait like this.
/// A task that takes longer than `limit` is a failure of the test program, not a hang of the suite.
template <typename T>
T await(base::Task<T> task, std::chrono::milliseconds limit = std::chrono::seconds(60))
{
    auto value = std::make_shared<std::optional<T>>();
    QEventLoop loop;
    auto finish = [](base::Task<T> running, std::shared_ptr<std::optional<T>> out,
                     QEventLoop *waiting) -> base::Task<void> {
        out->emplace(co_await std::move(running));
        waiting->quit();
    };
    finish(std::move(task), value, &loop);
    if (!value->has_value()) {
        QTimer::singleShot(limit, &loop, &QEventLoop::quit);
        loop.exec();
    }
    if (!value->has_value()) {
        qFatal("await(): the task has not ended in time");
    }
    return std::move(**value);
}

inline void await(base::Task<void> task, std::chrono::milliseconds limit = std::chrono::seconds(60))
{
    auto ended = [](base::Task<void> running) -> base::Task<bool> {
        co_await std::move(running);
        co_return true;
    };
    await(ended(std::move(task)), limit);
}

/// Gives what must not happen the time to happen. Never a way to wait for what must: that is QTRY_
/// and await().
inline void giveTimeFor(std::chrono::milliseconds whatMustNotHappen)
{
    await(base::sleepFor(whatMustNotHappen, {}));
}

} // namespace mooring::support
