// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/quietchecks.h"

namespace mooring::connections {

using base::Task;

namespace {

constexpr int checksAtATime = 6;
constexpr qint64 secondsBetweenChecks = 600;

} // namespace

QuietChecks::QuietChecks(base::Clock clock, base::TaskScope &tasks)
    : m_clock(std::move(clock))
    , m_tasks(tasks)
{
}

void QuietChecks::noteChecked(const QString &connectionId)
{
    m_checkedAt.insert(connectionId, m_clock());
}

void QuietChecks::start(const QList<std::shared_ptr<Connection>> &connections)
{
    for (const std::shared_ptr<Connection> &connection : connections) {
        const QDateTime last = m_checkedAt.value(connection->id());
        if (!last.isValid() || last.secsTo(m_clock()) >= secondsBetweenChecks) {
            noteChecked(connection->id());
            m_waiting.append(connection);
        }
    }
    startNext();
}

void QuietChecks::startNext()
{
    while (m_running < checksAtATime && !m_waiting.isEmpty() && !m_tasks.token().stop_requested()) {
        ++m_running;
        m_tasks.run(check(this, m_waiting.takeFirst()));
    }
}

Task<void> QuietChecks::check(QuietChecks *self, std::shared_ptr<Connection> connection)
{
    // From the event loop: six checks that end at once must not become a deep call.
    co_await base::yieldToEventLoop();
    co_await connection->check({}, self->m_tasks.token());
    --self->m_running;
    self->startNext();
}

} // namespace mooring::connections
