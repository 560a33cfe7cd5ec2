// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// On a private bus without a keyring: run it through tests/support/with-keyring.sh --bus-only.
#include "storage/kwallet.h"

#include "support/await.h"
#include "support/fakekwallet.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using base::KeychainCase;
using support::await;
using support::FakeKWallet;
using Answer = FakeKWallet::Answer;
using Kind = KeychainQuestion::Kind;

namespace {

const auto key = u"app.mooring.Mooring/test/one"_s;
const auto label = u"Mooring: Linear"_s;
const auto folderRemoval = u"app.mooring.Mooring.KWalletFolderRemoval"_s;

} // namespace

class tst_FakeKWallet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void isMissingWithoutAService();
    void isSwitchedOff();
    void opensSilently();
    void tellsWhatItAsks_data();
    void tellsWhatItAsks();
    void saysThatThePersonRefused();
    void endsWhenStopped();
    void takesALateAnswerOfThePerson();
    void endsWhenItDiesWhileItAsks();
    void unlocks();
    void believesNoWrongType_data();
    void believesNoWrongType();
    void endsWithoutAnAnswer_data();
    void endsWithoutAnAnswer();
    void hearsALateAnswer();
    void hearsTheFirstOfTwoAnswers_data();
    void hearsTheFirstOfTwoAnswers();
    void neverTakesAClosedWalletForAnEmptyOne_data();
    void neverTakesAClosedWalletForAnEmptyOne();
    void asksNothingForLabels();
    void syncsBeforeItIsDone();
    void readsEachTypeAsQtKeychainDoes();
    void waitsWhileItsFolderIsBeingRemoved();
    void leavesTheFolderToWhoeverRemovesIt();
    void noticesThatItsFolderWasRemoved();

private:
    JobResult read(std::stop_token stop = {}) { return await(m_wallet->read(key, std::move(stop))); }
    JobResult write(const QString &text) { return await(m_wallet->write(key, text, label, {})); }
    JobResult remove() { return await(m_wallet->remove(key, {})); }
    /// The kinds of question that are told from now on.
    void noteQuestions()
    {
        connect(m_questions.get(), &KeychainQuestions::changed, this, [this] {
            if (m_questions->current()) {
                m_told << m_questions->current()->kind;
            }
        });
    }

    std::unique_ptr<FakeKWallet> m_fake;
    std::unique_ptr<KeychainQuestions> m_questions;
    std::unique_ptr<KWallet> m_wallet;
    QList<Kind> m_told;
};

void tst_FakeKWallet::init()
{
    m_fake = std::make_unique<FakeKWallet>();
    m_fake->start();
    m_fake->entries.insert(key, {1, "kept"});
    m_fake->hasFolder = true;
    m_questions = std::make_unique<KeychainQuestions>();
    m_wallet = std::make_unique<KWallet>(5, 2s, *m_questions);
    m_told.clear();
    noteQuestions();
}

void tst_FakeKWallet::cleanup()
{
    m_wallet.reset();
    m_questions.reset();
    m_fake.reset();
}

void tst_FakeKWallet::isMissingWithoutAService()
{
    m_fake->die();
    QCOMPARE(await(m_wallet->look(key)).state, KeychainState::Missing);
    QCOMPARE(read().outcome, JobOutcome::NoService);
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::NoService);
    QCOMPARE(remove().outcome, JobOutcome::NoService);
    QCOMPARE(await(m_wallet->unlock({})).error().keychainCase, KeychainCase::Missing);
}

void tst_FakeKWallet::isSwitchedOff()
{
    m_fake->isEnabled = false;
    QCOMPARE(await(m_wallet->look(key)).state, KeychainState::SwitchedOff);
}

void tst_FakeKWallet::opensSilently()
{
    QCOMPARE(await(m_wallet->look(key)).state, KeychainState::Unlocked);
    QVERIFY(!m_fake->calls.contains(u"open"_s));
    QCOMPARE(read().text, u"kept"_s);
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QCOMPARE(m_fake->calls.count(u"open"_s), 1); // the handle is kept
    QVERIFY(m_told.isEmpty());
}

void tst_FakeKWallet::tellsWhatItAsks_data()
{
    QTest::addColumn<bool>("isOpen");
    QTest::addColumn<bool>("exists");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("closed") << false << true << Kind::Password;
    QTest::newRow("none yet") << false << false << Kind::NewKeyring;
    QTest::newRow("open, but asks") << true << true << Kind::Permission;
}

void tst_FakeKWallet::tellsWhatItAsks()
{
    QFETCH(const bool, isOpen);
    QFETCH(const bool, exists);
    QFETCH(const Kind, kind);
    m_fake->isOpen = isOpen;
    m_fake->exists = exists;
    m_fake->asksForPermission = true;
    m_fake->answer = Answer::None;
    // Longer than the deadline of a job: a person takes the time that it takes.
    QTimer::singleShot(2500ms, this, [this] {
        QVERIFY(m_questions->current().has_value());
        m_fake->answerNow(Answer::Accept);
    });
    QCOMPARE(read().text, u"kept"_s);
    QCOMPARE(m_told, QList{kind});
    QVERIFY(!m_questions->current());
}

void tst_FakeKWallet::saysThatThePersonRefused()
{
    m_fake->isOpen = false;
    m_fake->answer = Answer::Refuse;
    QCOMPARE(read().outcome, JobOutcome::Denied);
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Denied);
    QCOMPARE(remove().outcome, JobOutcome::Denied);
    QCOMPARE(m_fake->calls.count(u"open"_s), 3); // once each
    QCOMPARE(await(m_wallet->unlock({})).error().keychainCase, KeychainCase::Denied);
    QCOMPARE(m_fake->entries.value(key).value, "kept");
}

void tst_FakeKWallet::endsWhenStopped()
{
    m_fake->isOpen = false;
    m_fake->answer = Answer::None;
    std::stop_source stop;
    QTimer::singleShot(400ms, this, [&stop] { stop.request_stop(); });
    QCOMPARE(read(stop.get_token()).outcome, JobOutcome::Denied);
    QVERIFY(!m_questions->current());
    QCOMPARE(read(stop.get_token()).outcome, JobOutcome::Denied); // already requested
    QCOMPARE(m_fake->calls.count(u"open"_s), 1);
}

void tst_FakeKWallet::takesALateAnswerOfThePerson()
{
    m_fake->isOpen = false;
    m_fake->answer = Answer::None;
    std::stop_source stop;
    QTimer::singleShot(50ms, this, [&stop] { stop.request_stop(); });
    QCOMPARE(read(stop.get_token()).outcome, JobOutcome::Denied);
    m_fake->answerNow(Answer::Accept);
    QCOMPARE(read().text, u"kept"_s);
    QVERIFY(m_fake->calls.count(u"open"_s) <= 2);
    QVERIFY(m_told.isEmpty());
}

void tst_FakeKWallet::endsWhenItDiesWhileItAsks()
{
    m_fake->isOpen = false;
    m_fake->answer = Answer::None;
    QTimer::singleShot(400ms, this, [this] { m_fake->die(); });
    QCOMPARE(read().outcome, JobOutcome::NoService);
    QCOMPARE(m_told, QList{Kind::Password});
    QVERIFY(!m_questions->current());
}

void tst_FakeKWallet::unlocks()
{
    m_fake->isOpen = false;
    m_fake->answer = Answer::None;
    QTimer::singleShot(400ms, this, [this] { m_fake->answerNow(Answer::Accept); });
    QVERIFY(await(m_wallet->unlock({})).has_value());
    QCOMPARE(m_told, QList{Kind::Password});
    QCOMPARE(await(m_wallet->look(key)).state, KeychainState::Unlocked);
}

void tst_FakeKWallet::believesNoWrongType_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<KeychainState>("state");
    QTest::addColumn<JobOutcome>("reading");
    QTest::addColumn<JobOutcome>("writing");
    QTest::addColumn<JobOutcome>("removing");
    using enum JobOutcome;
    const auto fine = KeychainState::Unlocked;
    const auto bad = KeychainState::Failed;
    QTest::newRow("isEnabled") << u"isEnabled"_s << bad << Done << Done << Done;
    QTest::newRow("networkWallet") << u"networkWallet"_s << bad << Failed << Failed << Failed;
    QTest::newRow("isOpen") << u"isOpen"_s << bad << Failed << Failed << Failed;
    QTest::newRow("wallets") << u"wallets"_s << fine << Failed << Failed << Failed;
    QTest::newRow("open") << u"open"_s << fine << Failed << Failed << Failed;
    QTest::newRow("entryType") << u"entryType"_s << fine << Failed << Failed << Failed;
    QTest::newRow("readPassword") << u"readPassword"_s << fine << Failed << Done << Done;
    QTest::newRow("hasFolder") << u"hasFolder"_s << fine << Done << Failed << Done;
    QTest::newRow("createFolder") << u"createFolder"_s << fine << Done << Failed << Done;
    QTest::newRow("writePassword") << u"writePassword"_s << fine << Done << Failed << Done;
    QTest::newRow("writeMap") << u"writeMap"_s << fine << Done << Done << Done;
    QTest::newRow("readMap") << u"readMap"_s << fine << Done << Done << Done;
    QTest::newRow("users") << u"users"_s << fine << Done << Failed << Failed;
    QTest::newRow("removeEntry") << u"removeEntry"_s << fine << Done << Done << Failed;
    QTest::newRow("entryList") << u"entryList"_s << fine << Done << Done << Done;
    QTest::newRow("removeFolder") << u"removeFolder"_s << fine << Done << Done << Done;
}

void tst_FakeKWallet::believesNoWrongType()
{
    QFETCH(const QString, member);
    m_fake->wrong = member;
    m_fake->hasFolder = member != "createFolder"_L1;
    QTEST(await(m_wallet->look(key)).state, "state");
    QTEST(read().outcome, "reading");
    QTEST(write(u"new"_s).outcome, "writing");
    QTEST(remove().outcome, "removing");
}

void tst_FakeKWallet::endsWithoutAnAnswer_data()
{
    QTest::addColumn<QString>("member");
    QTest::newRow("networkWallet") << u"networkWallet"_s;
    QTest::newRow("isOpen") << u"isOpen"_s;
    QTest::newRow("wallets") << u"wallets"_s;
    QTest::newRow("entryType") << u"entryType"_s;
}

void tst_FakeKWallet::endsWithoutAnAnswer()
{
    QFETCH(const QString, member);
    KWallet hasty(5, 200ms, *m_questions);
    m_fake->mute = member;
    QElapsedTimer elapsed;
    elapsed.start();
    QCOMPARE(await(hasty.read(key, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(hasty.write(key, u"new"_s, label, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(hasty.remove(key, {})).outcome, JobOutcome::Late);
    QVERIFY(elapsed.elapsed() < 5000);
}

void tst_FakeKWallet::hearsALateAnswer()
{
    m_fake->delayed = u"entryType"_s;
    m_fake->delay = 800ms;
    QCOMPARE(read().text, u"kept"_s);
    m_fake->delayed = u"isEnabled"_s;
    QCOMPARE(await(m_wallet->look(key)).state, KeychainState::Unlocked);
    KWallet hasty(5, 200ms, *m_questions);
    QCOMPARE(await(hasty.look(key)).state, KeychainState::Slow);
}

void tst_FakeKWallet::hearsTheFirstOfTwoAnswers_data()
{
    QTest::addColumn<QString>("member");
    for (const char *member : {"open", "users", "isOpen", "entryType", "readPassword", "writePassword"}) {
        QTest::newRow(member) << QString::fromLatin1(member);
    }
}

void tst_FakeKWallet::hearsTheFirstOfTwoAnswers()
{
    QFETCH(const QString, member);
    m_fake->doubled = member;
    QCOMPARE(read().text, u"kept"_s);
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QCOMPARE(read().text, u"new"_s);
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QCOMPARE(read().outcome, JobOutcome::NotFound);
}

void tst_FakeKWallet::neverTakesAClosedWalletForAnEmptyOne_data()
{
    QTest::addColumn<QString>("member");
    for (const char *member : {"networkWallet", "users", "isOpen", "entryType", "readPassword", "hasFolder",
                               "writePassword", "readMap", "writeMap", "sync", "removeEntry", "entryList"}) {
        QTest::newRow(member) << QString::fromLatin1(member);
    }
}

void tst_FakeKWallet::neverTakesAClosedWalletForAnEmptyOne()
{
    QFETCH(const QString, member);
    // The person closes the wallet at that moment, and opens it again when asked.
    QCOMPARE(read().text, u"kept"_s);
    m_fake->closesIn = member;
    QCOMPARE(read().text, u"kept"_s);
    m_fake->closesIn = member;
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QCOMPARE(m_fake->entries.value(key).value, "new");
    m_fake->closesIn = member;
    const JobOutcome removal = remove().outcome;
    QVERIFY(removal == JobOutcome::Done || removal == JobOutcome::NotFound);
    QVERIFY(!m_fake->entries.contains(key));
}

void tst_FakeKWallet::asksNothingForLabels()
{
    KWallet hasty(5, 500ms, *m_questions);
    m_fake->isOpen = false;
    await(hasty.relabel(key, u"another"_s));
    QVERIFY(!m_fake->calls.contains(u"open"_s));
    // It can't be known beforehand that an open one asks; the wait for that ends.
    m_fake->isOpen = true;
    m_fake->asksForPermission = true;
    m_fake->answer = Answer::None;
    await(hasty.relabel(key, u"another"_s));
    QVERIFY(!m_questions->current());
    m_fake->answerNow(Answer::Accept);
    QTRY_COMPARE(read().outcome, JobOutcome::Done);
}

void tst_FakeKWallet::syncsBeforeItIsDone()
{
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    const QStringList calls = m_fake->calls;
    QVERIFY(calls.lastIndexOf(u"sync"_s) > calls.lastIndexOf(u"writePassword"_s));
    QVERIFY(calls.lastIndexOf(u"sync"_s) > calls.lastIndexOf(u"writeMap"_s));
    QVERIFY(calls.lastIndexOf(u"isOpen"_s) > calls.lastIndexOf(u"sync"_s)); // its answer is that of sync
    m_fake->calls.clear();
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QVERIFY(m_fake->calls.lastIndexOf(u"sync"_s) > m_fake->calls.lastIndexOf(u"removeFolder"_s));
    QVERIFY(m_fake->calls.contains(u"removeFolder"_s));
    QVERIFY(m_fake->entries.isEmpty());
    m_fake->calls.clear();
    QCOMPARE(remove().outcome, JobOutcome::NotFound);
    QVERIFY(m_fake->calls.contains(u"sync"_s));
}

void tst_FakeKWallet::readsEachTypeAsQtKeychainDoes()
{
    m_fake->entries.insert(key, {2, "bytes"});
    QCOMPARE(read().text, u"bytes"_s);
    m_fake->entries.insert(key, {3, "a map"});
    QCOMPARE(read().outcome, JobOutcome::NotFound);
    m_fake->entries.insert(key, {77, "?"});
    QCOMPARE(read().outcome, JobOutcome::Failed);
}

void tst_FakeKWallet::waitsWhileItsFolderIsBeingRemoved()
{
    const auto nameOfOther = u"another Mooring"_s;
    QDBusConnection other = QDBusConnection::connectToBus(QDBusConnection::SessionBus, nameOfOther);
    QVERIFY(other.registerService(folderRemoval));
    QTimer::singleShot(300ms, this, [&other] { other.unregisterService(folderRemoval); });
    QElapsedTimer elapsed;
    elapsed.start();
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QVERIFY(elapsed.elapsed() >= 250);
    KWallet hasty(5, 200ms, *m_questions);
    QVERIFY(other.registerService(folderRemoval));
    QCOMPARE(await(hasty.write(key, u"newer"_s, label, {})).outcome, JobOutcome::Late);
    QDBusConnection::disconnectFromBus(nameOfOther);
}

void tst_FakeKWallet::leavesTheFolderToWhoeverRemovesIt()
{
    const auto nameOfOther = u"another Mooring"_s;
    QDBusConnection other = QDBusConnection::connectToBus(QDBusConnection::SessionBus, nameOfOther);
    QVERIFY(other.registerService(folderRemoval));
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QVERIFY(!m_fake->calls.contains(u"removeFolder"_s));
    QDBusConnection::disconnectFromBus(nameOfOther);
}

void tst_FakeKWallet::noticesThatItsFolderWasRemoved()
{
    const auto nameOfOther = u"another Mooring"_s;
    QDBusConnection other = QDBusConnection::connectToBus(QDBusConnection::SessionBus, nameOfOther);
    QVERIFY(other.registerService(folderRemoval));
    QTimer::singleShot(300ms, this, [this, &other] {
        QCOMPARE(m_fake->entries.value(key).value, "new");
        m_fake->entries.clear();
        m_fake->hasFolder = false;
        other.unregisterService(folderRemoval);
    });
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QCOMPARE(m_fake->entries.value(key).value, "new");
    QDBusConnection::disconnectFromBus(nameOfOther);
}

QTEST_GUILESS_MAIN(tst_FakeKWallet)
#include "tst_fakekwallet.moc"
