// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusMessage>
#include <QProcess>

namespace mooring::keychains {

/// A program of the session that a test starts, stops and kills. Its output goes nowhere.
class Daemon final {
public:
    Daemon();
    ~Daemon();
    Q_DISABLE_COPY_MOVE(Daemon)

    /// Starts it, gives it `input`, and waits until it owns `busName`. Ends the test program if it never
    /// does.
    void start(const QString &program, const QStringList &arguments, const QByteArray &input,
               const QString &busName);
    void setEnvironment(const QString &name, const QString &value) { m_environment.insert(name, value); }
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    /// SIGSTOP; returns once it stands still.
    void stop() const;
    /// SIGCONT.
    void goOn() const;
    /// SIGKILL; returns once it is gone.
    void kill();
    /// SIGTERM; returns once it is gone.
    void terminate();

private:
    QProcess m_process;
    /// Nobody has asked it to end.
    bool m_isWanted = false;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

/// One call on the session bus; waits for the answer, for ten seconds at most.
QDBusMessage ask(const QString &service, const QString &path, const QString &interface, const QString &method,
                 const QVariantList &arguments = {});
bool hasOwner(const QString &busName);
/// Waits until the name has an owner, or has none. Ends the test program if that takes too long.
void awaitOwner(const QString &busName, bool isOwned);

/// Whether a process stands still (proc(5), state T).
bool isStopped(qint64 pid);

} // namespace mooring::keychains
