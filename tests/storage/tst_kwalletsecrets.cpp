// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real KWallet in the role of the Secret Service: run it through tests/support/with-keyring.sh
// --bus-only, as ctest does. Its collection counts as locked after each start, although the wallet is open.
#include "keychaincontract.h"

#include "storage/secretservice.h"

#include "support/await.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTest>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using support::await;

namespace {

constexpr auto deadline = std::chrono::seconds(10);
constexpr int processLimit = 20000;

bool isThere(const QString &name)
{
    return QDBusConnection::sessionBus().interface()->isServiceRegistered(name);
}

QDBusMessage tell(const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(u"org.kde.kwalletd5"_s, u"/modules/kwalletd5"_s,
                                                          u"org.kde.KWallet"_s, method);
    message.setArguments(arguments);
    return QDBusConnection::sessionBus().call(message);
}

} // namespace

class tst_KWalletSecrets : public KeychainContract {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void needsNobodyAfterARestart();

private:
    Keychain &keychain() override { return m_keychain; }
    KeychainProgram expectedProgram() const override { return KeychainProgram::KWallet; }
    void lockFromOutside() override;
    void unlockFromOutside() override;
    void start();
    void openWallet();
    void stop();

    QProcess m_daemon;
    KeychainQuestions m_questions;
    SecretService m_keychain{deadline, m_questions};
};

void tst_KWalletSecrets::initTestCase()
{
    QFile settings(qEnvironmentVariable("XDG_CONFIG_HOME") + u"/kwalletrc"_s);
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write("[Wallet]\nFirst Use=false\nEnabled=true\nDefault "
                   "Wallet=kdewallet\n[org.freedesktop.secrets]\napiEnabled=true\n");
    settings.close();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    m_daemon.setProcessEnvironment(environment);
    m_daemon.setStandardOutputFile(QProcess::nullDevice());
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    start(); // makes the wallet; a collection stands for it from the next start on
    tell(u"close"_s, {u"kdewallet"_s, true});
    stop();
    start();
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Unlocked);
}

void tst_KWalletSecrets::cleanupTestCase()
{
    stop();
}

void tst_KWalletSecrets::start()
{
    m_daemon.start(u"kwalletd5"_s, {});
    QTRY_VERIFY_WITH_TIMEOUT(isThere(u"org.kde.kwalletd5"_s), processLimit);
    QTRY_VERIFY_WITH_TIMEOUT(isThere(u"org.freedesktop.secrets"_s), processLimit);
    openWallet();
}

void tst_KWalletSecrets::openWallet()
{
    const QByteArray hash(56, 'x'); // of a password, as the sign-in to the desktop hands it over
    tell(u"pamOpen"_s, {u"kdewallet"_s, hash, 0});
    QTRY_VERIFY(tell(u"isOpen"_s, {u"kdewallet"_s}).arguments().value(0).toBool());
}

void tst_KWalletSecrets::stop()
{
    m_daemon.terminate();
    QVERIFY(m_daemon.waitForFinished(processLimit));
}

void tst_KWalletSecrets::lockFromOutside()
{
    tell(u"close"_s, {u"kdewallet"_s, true});
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Locked);
}

void tst_KWalletSecrets::unlockFromOutside()
{
    openWallet();
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Unlocked);
}

void tst_KWalletSecrets::needsNobodyAfterARestart()
{
    const QString key = u"restart"_s;
    QCOMPARE(await(m_keychain.write(key, u"before"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    tell(u"close"_s, {u"kdewallet"_s, true}); // it writes its file
    stop();
    start();
    QCOMPARE(await(m_keychain.look(key)).state, KeychainState::Unlocked);
    QCOMPARE(await(m_keychain.read(key, {})).text, u"before"_s);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    tst_KWalletSecrets test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_kwalletsecrets.moc"
