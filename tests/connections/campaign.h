// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workerpool.h"

#include <QElapsedTimer>

namespace mooring::test {

constexpr int processes = 8;
constexpr int callers = 8;

using Workers = std::vector<std::unique_ptr<Worker>>;

Workers startWorkers(SharedConnection *shared, int count = processes);
void sendAll(const Workers &workers, const QByteArray &command);
bool allDone(const Workers &workers);
bool allEnded(const Workers &workers);
QList<QByteArray> tokensOf(const Workers &workers);
QStringList errorsOf(const Workers &workers);

/// What a campaign comes to; printed whether it passes or not.
class Figures final {
public:
    Figures(QByteArray campaign, const SharedConnection &shared);
    ~Figures();
    Q_DISABLE_COPY_MOVE(Figures)

    void count(const Workers &workers);

    int rounds = 0;
    qsizetype answers = 0;
    int signOuts = 0;
    int browsers = 0;

private:
    QByteArray m_campaign;
    const SharedConnection &m_shared;
    int m_requestsBefore = 0;
    int m_invalidGrantsBefore = 0;
    QElapsedTimer m_time;
};

} // namespace mooring::test
