// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakekeychain.h"

#include "storage/keychainerrors.h"

namespace mooring::support {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using storage::JobOutcome;
using storage::JobResult;
using storage::KeychainReport;
using storage::KeychainState;

FakeKeychain::FakeKeychain(KeychainProgramState &state, storage::KeychainQuestions &questions)
    : m_state(state)
    , m_questions(questions)
{
}

storage::Keychains::Maker FakeKeychain::all(const QList<KeychainProgramState *> &states)
{
    return [states](storage::KeychainQuestions &questions) {
        std::vector<std::unique_ptr<storage::Keychain>> keychains;
        for (KeychainProgramState *state : states) {
            keychains.push_back(std::make_unique<FakeKeychain>(*state, questions));
        }
        return keychains;
    };
}

JobResult FakeKeychain::now()
{
    switch (m_state.report.state) {
    case KeychainState::Asks: {
        const storage::KeychainQuestions::Open question(m_questions, {m_state.report.program, {}});
        ++m_state.questions;
        m_state.report.state = KeychainState::Unlocked;
        return {JobOutcome::Done, {}, {}};
    }
    case KeychainState::Unlocked:
        return {JobOutcome::Done, {}, {}};
    case KeychainState::Slow:
        return {JobOutcome::Late, {}, {}};
    default:
        return {JobOutcome::Failed, {}, {}};
    }
}

Task<KeychainReport> FakeKeychain::look(QString)
{
    ++m_state.looks;
    KeychainReport report = m_state.report;
    co_return report;
}

Task<bool> FakeKeychain::isRunning()
{
    const bool isRunning = m_state.isRunning;
    co_return isRunning;
}

Task<JobResult> FakeKeychain::read(QString key, std::stop_token)
{
    co_await base::yieldToEventLoop();
    JobResult result = now();
    if (result.outcome == JobOutcome::Done) {
        result.outcome = m_state.items.contains(key) ? JobOutcome::Done : JobOutcome::NotFound;
        result.text = m_state.items.value(key);
    }
    co_return result;
}

Task<JobResult> FakeKeychain::write(QString key, QString text, QString label, std::stop_token)
{
    co_await base::yieldToEventLoop();
    JobResult result = now();
    if (result.outcome == JobOutcome::Done && !m_state.isForgetful) {
        m_state.items.insert(key, text);
        m_state.labels.insert(key, label);
    }
    co_return result;
}

Task<JobResult> FakeKeychain::remove(QString key, std::stop_token)
{
    co_await base::yieldToEventLoop();
    JobResult result = now();
    if (result.outcome == JobOutcome::Done && !m_state.items.contains(key)) {
        result.outcome = JobOutcome::NotFound;
    }
    if (result.outcome == JobOutcome::Done && !m_state.isForgetful) {
        m_state.items.remove(key);
        m_state.labels.remove(key);
    }
    co_return result;
}

Task<Result<void>> FakeKeychain::unlock(std::stop_token)
{
    co_await base::yieldToEventLoop();
    if (m_state.report.state == KeychainState::Locked) {
        m_state.report.state = KeychainState::Unlocked;
    }
    const std::optional<base::Error> error = storage::errorOf(m_state.report);
    co_return error ? Result<void>(base::failed(*error)) : Result<void>();
}

Task<void> FakeKeychain::relabel(QString key, QString label)
{
    if (m_state.items.contains(key)) {
        m_state.labels.insert(key, label);
    }
    co_return;
}

bool FakeKeychain::mayHold(const QString &place) const
{
    return m_state.isAnyProgram || storage::isSamePlace(place, m_state.report);
}

} // namespace mooring::support
