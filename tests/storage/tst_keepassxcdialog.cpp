// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real KeePassXC that asks the person, on a display of the test's own: run it through
// tests/support/with-keyring.sh --bus-only, as ctest does.
#include "storage/secretservice.h"

#include "support/await.h"
#include "support/privatedisplay.h"
#include "support/realkeepassxc.h"

#include <QTest>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using support::await;
using support::PrivateDisplay;
using support::RealKeePassXc;
using Kind = KeychainQuestion::Kind;

namespace {

constexpr auto deadline = std::chrono::seconds(10);
const auto dialog = u"Access Request"_s;

} // namespace

/// As it is installed: it asks before an app may use another's entry, and a person answers.
class tst_KeePassXcDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_program->stop(); }
    void readsWhenThePersonAllows();
    void asksNoMoreForWhatWasAllowed();
    void saysThatThePersonDenied();
    void asksAgainAfterwards();
    void closesTheQuestionWhenStopped();
    void overwritesWhenThePersonAllows();
    void unlocksAllAtOnce();
    void removesWithoutPermission();

private:
    PrivateDisplay m_display;
    std::unique_ptr<RealKeePassXc> m_program;
    KeychainQuestions m_questions;
    SecretService m_keychain{deadline, m_questions};
    const KeychainQuestion m_question{KeychainProgram::KeePassXC, Kind::Permission};
};

void tst_KeePassXcDialog::initTestCase()
{
    QVERIFY(m_display.start());
    m_program = std::make_unique<RealKeePassXc>(m_display.name());
    QVERIFY(m_program->start({u"--confirm"_s}));
    QTRY_COMPARE(await(m_keychain.look({})).state, KeychainState::Unlocked);
}

void tst_KeePassXcDialog::readsWhenThePersonAllows()
{
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"allowed"_s, "kept elsewhere"));
    const KeychainReport before = await(m_keychain.look(u"allowed"_s));
    QCOMPARE(before.state, KeychainState::Asks);
    QCOMPARE(before.program, KeychainProgram::KeePassXC);
    QCOMPARE(before.identity, u"Passwords"_s);
    QVERIFY(!m_questions.current());
    Task<JobResult> reading = m_keychain.read(u"allowed"_s, {});
    QTRY_COMPARE(m_questions.current(), std::optional(m_question));
    QVERIFY(m_display.press(dialog, {u"Return"_s}));
    const JobResult read = await(std::move(reading));
    QCOMPARE(read.outcome, JobOutcome::Done);
    QCOMPARE(read.text, u"kept elsewhere"_s);
    QVERIFY(!m_questions.current());
}

void tst_KeePassXcDialog::asksNoMoreForWhatWasAllowed()
{
    QCOMPARE(await(m_keychain.look(u"allowed"_s)).state, KeychainState::Unlocked);
    QCOMPARE(await(m_keychain.read(u"allowed"_s, {})).text, u"kept elsewhere"_s);
    QCOMPARE(await(m_keychain.write(u"allowed"_s, u"here"_s, u"Mooring: allowed"_s, {})).outcome,
             JobOutcome::Done);
    QCOMPARE(await(m_keychain.write(u"own"_s, u"own"_s, u"Mooring: own"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"own"_s, {})).text, u"own"_s);
}

void tst_KeePassXcDialog::saysThatThePersonDenied()
{
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"denied"_s, "kept elsewhere"));
    Task<JobResult> reading = m_keychain.read(u"denied"_s, {});
    QVERIFY(m_display.press(dialog, {u"Escape"_s}));
    QCOMPARE(await(std::move(reading)).outcome, JobOutcome::Denied);
    QCOMPARE(await(m_keychain.look(u"denied"_s)).state, KeychainState::Asks);
}

void tst_KeePassXcDialog::asksAgainAfterwards()
{
    Task<JobResult> reading = m_keychain.read(u"denied"_s, {});
    QVERIFY(m_display.press(dialog, {u"Return"_s}));
    QCOMPARE(await(std::move(reading)).text, u"kept elsewhere"_s);
}

void tst_KeePassXcDialog::closesTheQuestionWhenStopped()
{
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"stopped"_s, "kept elsewhere"));
    std::stop_source stop;
    Task<JobResult> reading = m_keychain.read(u"stopped"_s, stop.get_token());
    QTRY_COMPARE(m_questions.current(), std::optional(m_question));
    stop.request_stop();
    QCOMPARE(await(std::move(reading)).outcome, JobOutcome::Denied);
    QVERIFY(!m_questions.current());
    QVERIFY(m_display.press(dialog, {u"Escape"_s})); // KeePassXC leaves its window there
}

void tst_KeePassXcDialog::overwritesWhenThePersonAllows()
{
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"overwritten"_s, "kept elsewhere"));
    Task<JobResult> writing = m_keychain.write(u"overwritten"_s, u"new"_s, u"Mooring: overwritten"_s, {});
    QVERIFY(m_display.press(dialog, {u"Return"_s}));
    QCOMPARE(await(std::move(writing)).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"overwritten"_s, {})).text, u"new"_s);
}

void tst_KeePassXcDialog::unlocksAllAtOnce()
{
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"all/1"_s, "one"));
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"all/2"_s, "two"));
    Task<Result<void>> unlocking = m_keychain.unlock({});
    QVERIFY(m_display.press(dialog, {u"Return"_s}));
    QVERIFY(await(std::move(unlocking)));
    QCOMPARE(await(m_keychain.read(u"all/1"_s, {})).text, u"one"_s);
    QCOMPARE(await(m_keychain.read(u"all/2"_s, {})).text, u"two"_s);
}

void tst_KeePassXcDialog::removesWithoutPermission()
{
    QVERIFY(RealKeePassXc::keepFromElsewhere(u"foreign"_s, "kept elsewhere"));
    QCOMPARE(await(m_keychain.remove(u"foreign"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain.read(u"foreign"_s, {})).outcome, JobOutcome::NotFound);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    tst_KeePassXcDialog test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keepassxcdialog.moc"
