// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/realkwallet.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusReply>
#include <QDataStream>
#include <QFile>
#include <QTest>

#include <csignal>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

const auto service = u"org.kde.kwalletd5"_s;
const auto wallet = u"kdewallet"_s;
const auto folder = u"Mooring"_s;
const auto thisProgram = u"Mooring's tests"_s;

QDBusConnectionInterface *bus()
{
    return QDBusConnection::sessionBus().interface();
}

} // namespace

void RealKWallet::makeReady()
{
    switchOn();
    start();
    if (!isOpen()) {
        QVERIFY(openWallet() >= 0);
    }
}

int RealKWallet::pid()
{
    const QDBusReply<uint> reply = bus()->servicePid(service);
    return reply.isValid() ? static_cast<int>(reply.value()) : 0;
}

void RealKWallet::start()
{
    QVERIFY2(bus()->startService(service).isValid(), "kwalletd5 can't be started");
}

void RealKWallet::kill()
{
    const int process = pid();
    if (process != 0) {
        ::kill(process, SIGKILL);
        QTRY_VERIFY(pid() != process);
    }
}

void RealKWallet::halt()
{
    ::kill(pid(), SIGSTOP);
}

void RealKWallet::goOn()
{
    ::kill(pid(), SIGCONT);
}

void RealKWallet::write(bool isEnabled)
{
    QFile settings(qEnvironmentVariable("XDG_CONFIG_HOME") + "/kwalletrc"_L1);
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write("[Wallet]\nFirst Use=false\nEnabled=");
    settings.write(isEnabled ? "true\n" : "false\n");
}

void RealKWallet::switchOff()
{
    write(false);
    const int process = pid();
    if (process != 0) {
        ask(u"reconfigure"_s);
        QTRY_VERIFY(pid() != process);
    }
}

void RealKWallet::switchOn()
{
    write(true);
}

QVariant RealKWallet::ask(const QString &method, const QVariantList &arguments)
{
    QDBusMessage call =
        QDBusMessage::createMethodCall(service, u"/modules/kwalletd5"_s, u"org.kde.KWallet"_s, method);
    call.setArguments(arguments);
    const QDBusMessage answer = QDBusConnection::sessionBus().call(call, QDBus::Block, 10'000);
    if (answer.type() != QDBusMessage::ReplyMessage) {
        qWarning("KWallet, %s: %s", qPrintable(method), qPrintable(answer.errorMessage()));
    }
    return answer.arguments().value(0);
}

QVariant RealKWallet::askItem(const QString &method, const QString &key, const QVariantList &more)
{
    const QVariant handle = ask(u"open"_s, {wallet, qlonglong(0), thisProgram});
    QVariantList arguments{handle, folder};
    if (!key.isEmpty()) {
        arguments += key;
    }
    arguments += more;
    arguments += thisProgram;
    return ask(method, arguments);
}

int RealKWallet::openWallet()
{
    return ask(u"pamOpen"_s, {wallet, QByteArray::fromHex(qgetenv("MOORING_TEST_KWALLET_HASH")), 0}).toInt();
}

void RealKWallet::closeWallet()
{
    ask(u"close"_s, {wallet, true});
}

bool RealKWallet::isOpen()
{
    return ask(u"isOpen"_s, {wallet}).toBool();
}

QStringList RealKWallet::users()
{
    return ask(u"users"_s, {wallet}).toStringList();
}

QStringList RealKWallet::folders()
{
    const QVariant handle = ask(u"open"_s, {wallet, qlonglong(0), thisProgram});
    return ask(u"folderList"_s, {handle, thisProgram}).toStringList();
}

QStringList RealKWallet::keys()
{
    return askItem(u"entryList"_s, {}).toStringList();
}

QString RealKWallet::password(const QString &key)
{
    return askItem(u"readPassword"_s, key).toString();
}

void RealKWallet::writeBytes(const QString &key, const QByteArray &bytes)
{
    askItem(u"writeEntry"_s, key, {bytes});
}

int RealKWallet::typeOf(const QString &key)
{
    return askItem(u"entryType"_s, key).toInt();
}

QMap<QString, QString> RealKWallet::names()
{
    QMap<QString, QString> names;
    QDataStream stream(askItem(u"readMap"_s, u"Names"_s).toByteArray());
    stream.setVersion(QDataStream::Qt_5_15);
    stream >> names;
    return names;
}

} // namespace mooring::support
