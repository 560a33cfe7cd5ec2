// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/memorysecretstore.h"

#include "base/words.h"
#include "storage/keychainerrors.h"

#include <QScopeGuard>

namespace mooring::storage {

using base::failed;
using base::KeychainCase;
using base::Result;
using base::Task;
using base::Words;

MemorySecretStore::MemorySecretStore()
    : m_maximumValueSize(96 * 1024)
{
}

QMetaObject::Connection MemorySecretStore::onQuestion(QObject *context, std::function<void()> tell)
{
    return QObject::connect(&m_questions, &KeychainQuestions::changed, context, std::move(tell));
}

QString MemorySecretStore::description() const
{
    return Words::tr("this window only");
}

void MemorySecretStore::failNext(Access access, int count, const base::Error &error, int after)
{
    m_faults[static_cast<std::size_t>(access)] = Fault{after, count, error};
}

/// What all accesses have in common: the delay, the stop, the lock and the injected fault.
Task<Result<void>> MemorySecretStore::enter(Access access, std::stop_token stop)
{
    ++m_running;
    const auto leave = qScopeGuard([this] {
        if (--m_running == 0) {
            for (const base::OneShot<bool> &waiter : std::exchange(m_settledWaiters, {})) {
                waiter.resolve(true);
            }
        }
    });
    if (m_delay.count() > 0) {
        co_await base::sleepFor(m_delay, stop);
    } else {
        co_await base::yieldToEventLoop();
    }
    if (stop.stop_requested()) {
        co_return failed(base::cancelledError());
    }
    if (m_locked) {
        co_return failed(keychainFailure(KeychainCase::Locked));
    }
    Fault &fault = m_faults[static_cast<std::size_t>(access)];
    if (fault.after > 0) {
        --fault.after;
    } else if (fault.count > 0) {
        --fault.count;
        co_return failed(fault.error);
    }
    co_return Result<void>();
}

Task<Result<std::optional<QByteArray>>> MemorySecretStore::read(QString key, std::stop_token stop)
{
    Result<void> entered = co_await enter(Access::Read, stop);
    if (!entered) {
        co_return failed(entered.error());
    }
    const auto found = m_values.constFind(key);
    std::optional<QByteArray> value;
    if (found != m_values.constEnd()) {
        value = *found;
    }
    co_return value;
}

Task<Result<void>> MemorySecretStore::write(QString key, QByteArray value, std::stop_token stop)
{
    Result<void> entered = co_await enter(Access::Write, stop);
    if (!entered) {
        co_return entered;
    }
    if (value.size() > m_maximumValueSize) {
        co_return failed(keychainFailure(KeychainCase::TooLarge));
    }
    if (m_forgetful) {
        co_return failed(notKeptError());
    }
    m_values.insert(key, value);
    co_return Result<void>();
}

Task<Result<void>> MemorySecretStore::remove(QString key, std::stop_token stop)
{
    Result<void> entered = co_await enter(Access::Remove, stop);
    if (entered) {
        m_values.remove(key);
    }
    co_return entered;
}

Task<Result<void>> MemorySecretStore::checkUsable(QString, Asking, std::stop_token stop)
{
    co_await base::yieldToEventLoop();
    if (stop.stop_requested()) {
        co_return failed(base::cancelledError());
    }
    if (m_locked) {
        co_return failed(keychainFailure(KeychainCase::Locked));
    }
    co_return Result<void>();
}

Task<Result<void>> MemorySecretStore::unlock(std::stop_token stop)
{
    if (!m_refusesToUnlock) {
        m_locked = false;
    }
    return checkUsable({}, Asking::IfNeeded, std::move(stop));
}

Task<void> MemorySecretStore::settled([[maybe_unused]] QString key)
{
    while (m_running > 0) {
        const base::OneShot<bool> over;
        m_settledWaiters.push_back(over);
        co_await over;
    }
}

} // namespace mooring::storage
