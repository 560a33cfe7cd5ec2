// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real KeePassXC, which each part starts as it needs it: run it through
// tests/support/with-keyring.sh
// --bus-only, as ctest does. Where a person has to click, there is a display of the test's own.
#include "keychaincontract.h"

#include "storage/keychainerrors.h"
#include "storage/keychainjobs.h"
#include "storage/secretservice.h"

#include "support/await.h"
#include "support/realkeepassxc.h"

#include <QTest>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::Result;
using support::await;
using support::RealKeePassXc;

namespace {

constexpr auto deadline = std::chrono::seconds(10);

} // namespace

class tst_KeePassXc : public KeychainContract {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_program.start({})); }
    void cleanupTestCase() { m_program.stop(); }
    void readsWhatQtKeychainKept();
    void keepsWhatQtKeychainReads();
    void fillsNoRecycleBin();
    void namesItsEntries();
    void goesOnAfterARestart();
    void sendsThePersonToKeePassXc();

private:
    Keychain &keychain() override { return m_keychain; }
    KeychainProgram expectedProgram() const override { return KeychainProgram::KeePassXC; }
    void lockFromOutside() override;
    void unlockFromOutside() override;

    RealKeePassXc m_program;
    KeychainQuestions m_questions;
    SecretService m_keychain{deadline, m_questions};
};

void tst_KeePassXc::lockFromOutside()
{
    QVERIFY(m_program.lock());
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Locked);
}

void tst_KeePassXc::unlockFromOutside()
{
    QVERIFY(m_program.unlock());
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Unlocked);
}

void tst_KeePassXc::readsWhatQtKeychainKept()
{
    QCOMPARE(await(runWriteJob(u"compat/older"_s, u"from before"_s)).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"compat/older"_s, {})).text, u"from before"_s);
}

void tst_KeePassXc::keepsWhatQtKeychainReads()
{
    for (const QString &text : {u"made"_s, u"overwritten"_s}) {
        QCOMPARE(await(m_keychain.write(u"compat/newer"_s, text, u"Mooring: test"_s, {})).outcome,
                 JobOutcome::Done);
        const JobResult read = await(runReadJob(u"compat/newer"_s));
        QCOMPARE(read.outcome, JobOutcome::Done);
        QCOMPARE(read.text, text);
    }
}

void tst_KeePassXc::fillsNoRecycleBin()
{
    for (int time = 0; time < 3; ++time) {
        QCOMPARE(await(m_keychain.write(u"bin"_s, QString::number(time), u"Mooring: bin"_s, {})).outcome,
                 JobOutcome::Done);
    }
    lockFromOutside();
    QCOMPARE(m_program.entriesOnDisk().count(u"Mooring: bin"_s), 1);
    unlockFromOutside();
}

void tst_KeePassXc::namesItsEntries()
{
    QCOMPARE(await(m_keychain.write(u"name"_s, u"text"_s, u"Mooring: Linear (work)"_s, {})).outcome,
             JobOutcome::Done);
    lockFromOutside();
    QVERIFY(m_program.entriesOnDisk().contains(u"Mooring: Linear (work)"_s));
    unlockFromOutside();
    await(m_keychain.relabel(u"name"_s, u"Mooring: Linear (home)"_s));
    lockFromOutside();
    QVERIFY(m_program.entriesOnDisk().contains(u"Mooring: Linear (home)"_s));
    unlockFromOutside();
}

void tst_KeePassXc::goesOnAfterARestart()
{
    QCOMPARE(await(m_keychain.write(u"restart"_s, u"before"_s, u"Mooring: restart"_s, {})).outcome,
             JobOutcome::Done);
    lockFromOutside(); // it saves then
    m_program.stop();
    const KeychainReport gone = await(m_keychain.look(u"restart"_s));
    QCOMPARE(gone.state, KeychainState::Missing);
    QCOMPARE(await(m_keychain.read(u"restart"_s, {})).outcome, JobOutcome::NoService);
    QVERIFY(m_program.start({}));
    QTRY_COMPARE(await(m_keychain.look(u"restart"_s)).state, KeychainState::Unlocked);
    QCOMPARE(await(m_keychain.read(u"restart"_s, {})).text, u"before"_s);
    QCOMPARE(await(m_keychain.write(u"restart"_s, u"after"_s, u"Mooring: restart"_s, {})).outcome,
             JobOutcome::Done);
    QCOMPARE(await(m_keychain.write(u"restart/new"_s, u"new"_s, u"Mooring: new"_s, {})).outcome,
             JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"restart"_s, {})).text, u"after"_s);
}

void tst_KeePassXc::sendsThePersonToKeePassXc()
{
    m_program.stop();
    QVERIFY(m_program.start({u"--no-database"_s}));
    const KeychainReport none = await(m_keychain.look({}));
    QCOMPARE(none.state, KeychainState::NoDefaultCollection);
    QCOMPARE(none.program, KeychainProgram::KeePassXC);
    const Result<void> unlocked = await(m_keychain.unlock({})); // no wizard for a new database
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().sentence, noKeyringYetError(KeychainProgram::KeePassXC).sentence);
    m_program.stop();
    QVERIFY(m_program.start({}));
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Unlocked);
    lockFromOutside();
    const KeychainReport locked = await(m_keychain.look({}));
    QCOMPARE(locked.program, KeychainProgram::KeePassXC);
    QVERIFY(errorOf(locked)->sentence.contains(u"KeePassXC"_s));
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    tst_KeePassXc test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keepassxc.moc"
