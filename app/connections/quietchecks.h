// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"

#include <QHash>

namespace mooring::connections {

/// Looks at servers in the background: six at a time, at most once in ten minutes each, no token, no browser.
/// Main thread only.
class QuietChecks final {
public:
    /// `tasks` is drained before this dies.
    QuietChecks(base::Clock clock, base::TaskScope &tasks);

    void start(const QList<std::shared_ptr<Connection>> &connections);
    /// Somebody has just looked at it.
    void noteChecked(const QString &connectionId);
    /// None of those that wait is begun any more.
    void stop() { m_waiting.clear(); }

private:
    void startNext();
    static base::Task<void> check(QuietChecks *self, std::shared_ptr<Connection> connection);

    base::Clock m_clock;
    base::TaskScope &m_tasks;
    QHash<QString, QDateTime> m_checkedAt;
    QList<std::shared_ptr<Connection>> m_waiting;
    int m_running = 0;
};

} // namespace mooring::connections
