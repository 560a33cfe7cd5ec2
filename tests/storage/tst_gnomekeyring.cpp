// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real gnome-keyring: run it through tests/support/with-keyring.sh, as ctest does.
#include "keychaincontract.h"

#include "storage/keychainjobs.h"
#include "storage/secretservice.h"

#include "support/await.h"

#include <QProcess>
#include <QTest>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using support::await;

namespace {

constexpr auto deadline = std::chrono::seconds(10);
constexpr int processLimit = 20000;

} // namespace

class tst_GnomeKeyring : public KeychainContract {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void worksWithQtKeychainBothWays();
    void goesOnAfterARestart();
    void isReachedByItsOwnName();

private:
    Keychain &keychain() override { return m_keychain; }
    KeychainProgram expectedProgram() const override { return KeychainProgram::GnomeKeyring; }
    void lockFromOutside() override;
    void unlockFromOutside() override;

    QProcess m_daemon;
    KeychainQuestions m_questions;
    SecretService m_keychain{deadline, m_questions};
};

void tst_GnomeKeyring::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run me through with-keyring.sh");
    // With KDE's variables QtKeychain would take KWallet, of one version or the other.
    qputenv("XDG_CURRENT_DESKTOP", "KDE");
    qputenv("KDE_SESSION_VERSION", "4");
    qputenv("DESKTOP_SESSION", "kde4");
}

void tst_GnomeKeyring::cleanupTestCase()
{
    QCOMPARE(qgetenv("XDG_CURRENT_DESKTOP"), "KDE"); // nothing of ours stays in there
    QVERIFY(!qEnvironmentVariableIsSet("QTKEYCHAIN_BACKEND"));
    if (m_daemon.state() != QProcess::NotRunning) {
        m_daemon.terminate();
        QVERIFY(m_daemon.waitForFinished(processLimit));
    }
}

void tst_GnomeKeyring::lockFromOutside()
{
    QProcess lock;
    lock.start(u"gdbus"_s,
               {u"call"_s, u"--session"_s, u"--dest"_s, u"org.freedesktop.secrets"_s, u"--object-path"_s,
                u"/org/freedesktop/secrets"_s, u"--method"_s, u"org.freedesktop.Secret.Service.Lock"_s,
                u"['/org/freedesktop/secrets/collection/login']"_s});
    QVERIFY(lock.waitForFinished(processLimit));
    QCOMPARE(lock.exitCode(), 0);
}

void tst_GnomeKeyring::unlockFromOutside()
{
    // A daemon that takes over is the only way to unlock without a window.
    m_daemon.setStandardOutputFile(QProcess::nullDevice());
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    if (m_daemon.state() != QProcess::NotRunning) {
        m_daemon.terminate();
        QVERIFY(m_daemon.waitForFinished(processLimit));
    }
    m_daemon.start(u"gnome-keyring-daemon"_s,
                   {u"--replace"_s, u"--foreground"_s, u"--unlock"_s, u"--components=secrets"_s});
    m_daemon.write(qgetenv("MOORING_TEST_KEYRING_PASSWORD"));
    m_daemon.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(await(m_keychain.look({})).state, KeychainState::Unlocked, processLimit);
}

void tst_GnomeKeyring::worksWithQtKeychainBothWays()
{
    QCOMPARE(await(runWriteJob(u"compat/older"_s, u"from before"_s)).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"compat/older"_s, {})).text, u"from before"_s);
    for (const QString &text : {u"made"_s, u"overwritten"_s}) {
        QCOMPARE(await(m_keychain.write(u"compat/newer"_s, text, u"Mooring: test"_s, {})).outcome,
                 JobOutcome::Done);
        QCOMPARE(await(runReadJob(u"compat/newer"_s)).text, text);
    }
    QCOMPARE(await(runWriteJob(u"compat/newer"_s, u"by an older one"_s)).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"compat/newer"_s, {})).text, u"by an older one"_s);
    QCOMPARE(await(runDeleteJob(u"compat/newer"_s)).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"compat/newer"_s, {})).outcome, JobOutcome::NotFound);
}

void tst_GnomeKeyring::goesOnAfterARestart()
{
    const QString key = u"restart"_s;
    QCOMPARE(await(m_keychain.write(key, u"before"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    unlockFromOutside(); // a new service, which knows nothing of our session with the old one
    QCOMPARE(await(m_keychain.read(key, {})).text, u"before"_s);
    unlockFromOutside();
    QCOMPARE(await(m_keychain.write(key, u"after"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    unlockFromOutside();
    QCOMPARE(await(m_keychain.write(u"restart/new"_s, u"new"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    unlockFromOutside();
    QCOMPARE(await(m_keychain.remove(key, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(key, {})).outcome, JobOutcome::NotFound);
}

void tst_GnomeKeyring::isReachedByItsOwnName()
{
    SecretService byName(deadline, m_questions, SecretService::gnomeKeyring);
    QCOMPARE(await(m_keychain.write(u"own"_s, u"text"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(byName.look(u"own"_s)).program, KeychainProgram::GnomeKeyring);
    QCOMPARE(await(byName.read(u"own"_s, {})).text, u"text"_s);
    QCOMPARE(await(byName.write(u"own"_s, u"other"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"own"_s, {})).text, u"other"_s);
    QCOMPARE(await(byName.write(u"new"_s, u"text"_s, u"Mooring"_s, {})).outcome, JobOutcome::NoService);
    QCOMPARE(await(byName.remove(u"own"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"own"_s, {})).outcome, JobOutcome::NotFound);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    tst_GnomeKeyring test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_gnomekeyring.moc"
