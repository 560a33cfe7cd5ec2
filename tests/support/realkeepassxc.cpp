// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/realkeepassxc.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QProcessEnvironment>
#include <QTest>

#include <optional>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20000;

/// It has the name a moment before it has opened its database.
bool isReady(bool hasDatabase)
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.interface()->isServiceRegistered(u"org.freedesktop.secrets"_s)) {
        return false;
    }
    QDBusMessage question = QDBusMessage::createMethodCall(u"org.freedesktop.secrets"_s,
                                                           u"/org/freedesktop/secrets/collection/Passwords"_s,
                                                           u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
    const QVariant isLocked = bus.call(question).arguments().value(0).value<QDBusVariant>().variant();
    return !hasDatabase || isLocked == QVariant(false);
}

/// Runs a program to its end; its standard output, or nothing if it failed.
std::optional<QByteArray> run(const QString &program, const QStringList &arguments,
                              const QByteArray &input = {})
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(patience) || process.exitCode() != 0) {
        qWarning() << program << process.errorString() << process.readAllStandardError();
        return std::nullopt;
    }
    return process.readAllStandardOutput();
}

} // namespace

RealKeePassXc::RealKeePassXc(const QString &display)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, display.isEmpty() ? u"offscreen"_s : u"xcb"_s);
    if (!display.isEmpty()) {
        environment.insert(u"DISPLAY"_s, display);
    }
    m_process.setProcessEnvironment(environment);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
}

RealKeePassXc::~RealKeePassXc()
{
    stop();
}

bool RealKeePassXc::start(const QStringList &options)
{
    m_process.start(qEnvironmentVariable("MOORING_TEST_SUPPORT") + u"/keepassxc.sh"_s, options);
    const bool hasDatabase = !options.contains(u"--no-database"_s);
    return QTest::qWaitFor([hasDatabase] { return isReady(hasDatabase); }, patience);
}

void RealKeePassXc::stop()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.terminate();
        m_process.waitForFinished(patience);
    }
}

bool RealKeePassXc::lock()
{
    return tell(u"lockAllDatabases"_s, {});
}

bool RealKeePassXc::unlock()
{
    return tell(u"openDatabase"_s, {qEnvironmentVariable("HOME") + u"/Passwords.kdbx"_s,
                                    qEnvironmentVariable("MOORING_TEST_KEYRING_PASSWORD")});
}

QStringList RealKeePassXc::entriesOnDisk()
{
    const auto listed =
        run(u"keepassxc-cli"_s,
            {u"ls"_s, u"-q"_s, u"-R"_s, u"-f"_s, qEnvironmentVariable("HOME") + u"/Passwords.kdbx"_s},
            qgetenv("MOORING_TEST_KEYRING_PASSWORD") + '\n');
    QStringList entries = QString::fromUtf8(listed.value_or(QByteArray())).split(u'\n', Qt::SkipEmptyParts);
    entries.removeIf([](const QString &line) { return line.endsWith(u'/') || line.contains(u'['); });
    return entries;
}

bool RealKeePassXc::keepFromElsewhere(const QString &key, const QByteArray &text)
{
    return run(u"secret-tool"_s,
               {u"store"_s, u"--label"_s, u"Mooring"_s, u"server"_s, u"Mooring"_s, u"user"_s, key, u"type"_s,
                u"plaintext"_s, u"xdg:schema"_s, u"org.qt.keychain"_s},
               text)
        .has_value();
}

bool RealKeePassXc::tell(const QString &method, const QStringList &arguments)
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(u"org.keepassxc.KeePassXC.MainWindow"_s, u"/keepassxc"_s,
                                       u"org.keepassxc.KeePassXC.MainWindow"_s, method);
    for (const QString &argument : arguments) {
        message << argument;
    }
    return QDBusConnection::sessionBus().call(message, QDBus::BlockWithGui).type()
           != QDBusMessage::ErrorMessage;
}

} // namespace mooring::support
