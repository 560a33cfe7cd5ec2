// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/ctlrunner.h"

#include <QElapsedTimer>

namespace mooring::keychains {

/// One mooringctl that runs beside the test, and when it said what.
class Command final : public QObject {
    Q_OBJECT
public:
    Command(clitest::CtlRunner *ctl, const QStringList &words);

    bool hasEnded() const { return m_end >= 0; }
    /// Whether it has said that it waits, and for what.
    bool saysThatItWaits() const { return m_told.contains("Waiting for"); }
    qint64 pid() const { return m_process->processId(); }
    /// Ctrl-C.
    void interrupt();
    /// -1 while it runs, and for a process that was killed.
    int exitCode() const { return m_exitCode; }
    /// Both outputs, in the order in which they came.
    QString told() const { return QString::fromUtf8(m_told).trimmed(); }
    /// What is wrong with its times: silence while it waited, or an end long after its last word. Empty if
    /// nothing is. `startUp` is what this machine takes to start as many programs that have nothing to do.
    QString tardiness(qint64 startUp) const;
    /// From its start to its end, in milliseconds; -1 while it runs.
    qint64 duration() const { return m_end; }
    /// Milliseconds between Ctrl-C and its end; -1 if there was none, or it still runs.
    qint64 endAfterInterrupt() const;

private:
    void hear();
    void onFinished(int code, QProcess::ExitStatus status);

    QStringList m_words;
    std::unique_ptr<QProcess> m_process;
    QElapsedTimer m_time;
    QByteArray m_told;
    qint64 m_firstWord = -1;
    qint64 m_lastWord = -1;
    qint64 m_interrupt = -1;
    qint64 m_end = -1;
    int m_exitCode = -1;
};

} // namespace mooring::keychains
