// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QMetaObject>

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

namespace mooring::base {

/// The bridge from callbacks to coroutines: one value that is set once and awaited once.
///
/// Copies share the value. The first resolve() wins, later ones are ignored, so a timer, a stop
/// token and an answer can race for it. The awaiter is resumed from the event loop, never from
/// inside resolve(): whoever resolves may delete itself right after. Main thread only.
template <typename T>
class OneShot {
public:
    OneShot()
        : m_state(std::make_shared<State>())
    {
    }

    bool isResolved() const { return m_state->value.has_value(); }

    void resolve(T value) const
    {
        if (m_state->value) {
            return;
        }
        m_state->value.emplace(std::move(value));
        if (m_state->waiter) {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(), [state = m_state] { state->waiter.resume(); },
                Qt::QueuedConnection);
        }
    }

    bool await_ready() const { return m_state->value.has_value(); }
    void await_suspend(std::coroutine_handle<> waiter) const { m_state->waiter = waiter; }
    T await_resume() const { return std::move(*m_state->value); }

private:
    struct State {
        std::optional<T> value;
        std::coroutine_handle<> waiter;
    };
    std::shared_ptr<State> m_state;
};

} // namespace mooring::base
