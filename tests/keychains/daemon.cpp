// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/daemon.h"

#include "support/standstill.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QFile>

#include <csignal>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20'000;
constexpr int busPatience = 10'000;

void send(const QProcess &process, int number)
{
    if (const qint64 pid = process.processId(); pid > 0) {
        ::kill(static_cast<pid_t>(pid), number);
    }
}

} // namespace

Daemon::Daemon()
{
    QObject::connect(&m_process, &QProcess::finished, &m_process, [this](int code) {
        if (std::exchange(m_isWanted, false)) {
            qWarning("%s ended by itself: %d", qPrintable(m_process.program()), code);
        }
    });
}

Daemon::~Daemon()
{
    kill();
}

void Daemon::start(const QString &program, const QStringList &arguments, const QByteArray &input,
                   const QString &busName)
{
    m_process.setProcessEnvironment(m_environment);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(qEnvironmentVariable("MOORING_TEST_DAEMON_LOG", QProcess::nullDevice()),
                                   QIODevice::Append);
    m_process.start(program, arguments);
    m_isWanted = true;
    if (!m_process.waitForStarted(patience)) {
        qFatal("%s can't be started", qPrintable(program));
    }
    m_process.write(input);
    m_process.closeWriteChannel();
    while (m_process.bytesToWrite() > 0 && m_process.waitForBytesWritten(patience)) { }
    awaitOwner(busName, true);
}

void Daemon::stop() const
{
    send(m_process, SIGSTOP);
    const auto isStill = [this] { return m_process.processId() <= 0 || isStopped(m_process.processId()); };
    support::comesTrue(isStill, std::chrono::milliseconds(patience));
}

void Daemon::goOn() const
{
    send(m_process, SIGCONT);
}

void Daemon::kill()
{
    m_isWanted = false;
    if (isRunning()) {
        m_process.kill();
        m_process.waitForFinished(patience);
    }
}

void Daemon::terminate()
{
    m_isWanted = false;
    if (isRunning()) {
        goOn();
        m_process.terminate();
        if (!m_process.waitForFinished(patience)) {
            kill();
        }
    }
}

QDBusMessage ask(const QString &service, const QString &path, const QString &interface, const QString &method,
                 const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
    message.setArguments(arguments);
    return QDBusConnection::sessionBus().call(message, QDBus::Block, busPatience);
}

bool hasOwner(const QString &busName)
{
    return QDBusConnection::sessionBus().interface()->isServiceRegistered(busName);
}

void awaitOwner(const QString &busName, bool isOwned)
{
    const auto isSo = [&busName, isOwned] { return hasOwner(busName) == isOwned; };
    if (!support::comesTrue(isSo, std::chrono::milliseconds(patience))) {
        qFatal("%s: %s", qPrintable(busName), isOwned ? "nobody has it" : "somebody still has it");
    }
}

bool isStopped(qint64 pid)
{
    QFile stat(u"/proc/%1/stat"_s.arg(pid));
    if (!stat.open(QFile::ReadOnly)) {
        return false;
    }
    const QByteArray text = stat.readAll();
    return text.mid(text.lastIndexOf(')') + 2).startsWith('T');
}

} // namespace mooring::keychains
