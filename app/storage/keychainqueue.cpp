// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainqueue.h"

#include "base/deadline.h"
#include "base/lackofmemory.h"
#include "storage/keychainerrors.h"

#include <QElapsedTimer>

#include <algorithm>
#include <deque>
#include <vector>

namespace mooring::storage {

using base::failed;
using base::OneShot;
using base::Task;

struct KeychainQueue::Operation {
    QString key;
    Work work;
    OneShot<Answer> answer;
    /// Requested when its caller has left.
    std::stop_source left;
    QElapsedTimer running;
};

struct KeychainQueue::State {
    std::deque<std::shared_ptr<Operation>> waiting;
    std::shared_ptr<Operation> current;
    std::vector<std::pair<QString, OneShot<bool>>> settledWaiters;

    bool isBusyWith(const QString &key) const;
    void tellSettled();
};

bool KeychainQueue::State::isBusyWith(const QString &key) const
{
    const auto concerns = [&key](const std::shared_ptr<Operation> &operation) {
        return key.isEmpty() || operation->key == key || operation->key.startsWith(key + u'/');
    };
    return (current && concerns(current)) || std::any_of(waiting.begin(), waiting.end(), concerns);
}

void KeychainQueue::State::tellSettled()
{
    std::erase_if(settledWaiters, [this](const std::pair<QString, OneShot<bool>> &waiter) {
        if (isBusyWith(waiter.first)) {
            return false;
        }
        waiter.second.resolve(true);
        return true;
    });
}

KeychainQueue::KeychainQueue(const KeychainQuestions &questions)
    : m_questions(questions)
    , m_state(std::make_shared<State>())
{
}

Task<KeychainQueue::Answer> KeychainQueue::run(QString key, Work work,
                                               std::optional<std::chrono::milliseconds> deadline,
                                               std::stop_token stop)
{
    const auto operation = std::make_shared<Operation>();
    operation->key = std::move(key);
    operation->work = std::move(work);
    Task<Answer> answer = waitFor(operation, &m_questions, deadline, std::move(stop));
    m_state->waiting.push_back(operation);
    if (!m_state->current) {
        // In no TaskScope, on purpose: it must be able to outlive its owner, see the class comment.
        KeychainQueue::work(m_state);
    }
    return answer;
}

Task<KeychainQueue::Answer> KeychainQueue::waitFor(std::shared_ptr<Operation> operation,
                                                   const KeychainQuestions *questions,
                                                   std::optional<std::chrono::milliseconds> deadline,
                                                   std::stop_token stop)
{
    const OneShot<Answer> mine = operation->answer;
    base::Deadline patience([mine] { mine.resolve(failed(keychainTooSlowError())); });
    // A caller that is only late still wants it done, and a question goes on; one that has left does not.
    const auto onStop = [operation] {
        operation->answer.resolve(failed(base::cancelledError()));
        operation->left.request_stop();
    };
    const std::stop_callback stopCallback(stop, onStop);
    const QObject context;
    if (deadline) {
        // A person may take as long as it takes; what follows the answer has the whole time again.
        const auto follow = [&patience, questions, limit = *deadline] {
            if (questions->current()) {
                patience.stop();
            } else {
                patience.start(limit);
            }
        };
        follow();
        QObject::connect(questions, &KeychainQuestions::changed, &context, follow);
    }
    Answer answer = co_await mine;
    co_return answer;
}

Task<void> KeychainQueue::work(std::shared_ptr<State> state)
{
    while (!state->waiting.empty()) {
        const std::shared_ptr<Operation> operation = state->waiting.front();
        state->waiting.pop_front();
        if (!operation->answer.isResolved()) { // else nobody waits for it any more
            state->current = operation;
            operation->running.start();
            try {
                Task<Answer> running = operation->work(operation->left.get_token());
                Answer answer = co_await std::move(running);
                operation->answer.resolve(std::move(answer));
            } catch (const std::exception &) {
                base::endForLackOfMemory();
            }
            state->current.reset();
        }
        state->tellSettled();
    }
}

bool KeychainQueue::isIdle() const
{
    return !m_state->isBusyWith({});
}

bool KeychainQueue::isStuckFor(std::chrono::milliseconds limit) const
{
    return m_state->current && m_state->current->running.hasExpired(limit.count());
}

Task<void> KeychainQueue::settled(QString key) const
{
    return waitUntilSettled(m_state, std::move(key));
}

Task<void> KeychainQueue::waitUntilSettled(std::shared_ptr<State> state, QString key)
{
    while (state->isBusyWith(key)) {
        const OneShot<bool> settled;
        state->settledWaiters.emplace_back(key, settled);
        co_await settled;
    }
}

} // namespace mooring::storage
