// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainquestions.h"

#include "base/task.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace mooring::storage {

/// Runs keychain work strictly one after the other, each piece to its real end. A caller may stop
/// waiting; work that has begun goes on and its result is dropped, work that has not begun is
/// skipped. Running work survives the queue, because an unfinished QtKeychain job must not be deleted.
class KeychainQueue final {
public:
    using Answer = base::Result<std::optional<QByteArray>>;
    /// Its token is requested once the caller has left by its own stop token; only a question to the person
    /// ends then.
    using Work = std::function<base::Task<Answer>(std::stop_token)>;

    /// While a question stands open to the person, no deadline passes. `questions` outlives all waits.
    explicit KeychainQueue(const KeychainQuestions &questions);

    /// The work's answer; a Keychain error after `deadline` (none: no deadline), counted from now and anew
    /// after each question, or Cancelled when `stop` is requested.
    base::Task<Answer> run(QString key, Work work, std::optional<std::chrono::milliseconds> deadline,
                           std::stop_token stop);
    bool isIdle() const;
    /// Whether the running piece of work has taken longer than `limit`: probably a prompt is open.
    bool isStuckFor(std::chrono::milliseconds limit) const;
    /// Ends when nothing runs or waits for `key` or a key below it; with an empty key, nothing at all.
    base::Task<void> settled(QString key) const;

private:
    struct Operation;
    struct State;
    static base::Task<Answer> waitFor(std::shared_ptr<Operation> operation,
                                      const KeychainQuestions *questions,
                                      std::optional<std::chrono::milliseconds> deadline,
                                      std::stop_token stop);
    static base::Task<void> work(std::shared_ptr<State> state);
    static base::Task<void> waitUntilSettled(std::shared_ptr<State> state, QString key);

    const KeychainQuestions &m_questions;
    std::shared_ptr<State> m_state;
};

} // namespace mooring::storage
