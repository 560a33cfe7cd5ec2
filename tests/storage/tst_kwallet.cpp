// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against the real kwalletd5: run it through tests/support/with-keyring.sh --kwallet, as ctest does.
#include "storage/kwallet.h"

#include "storage/keychainjobs.h"

#include "support/await.h"
#include "support/realkwallet.h"

#include <qt6keychain/keychain.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using base::Result;
using support::await;
using support::RealKWallet;
using Kind = KeychainQuestion::Kind;

namespace {

constexpr auto deadline = 10s;
const auto key = u"app.mooring.Mooring/test/one"_s;
const auto label = u"Mooring: Linear (work)"_s;

int rounds()
{
    return qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1 ? 20 : 2;
}

/// One of several processes that write and remove their items in the same folder. 0, or in which step it has
/// lost something.
int work(const QString &mine)
{
    KeychainQuestions questions;
    KWallet wallet(5, deadline, questions);
    const int count = 15 * rounds();
    for (int round = 0; round < count; ++round) {
        const QString text = u"%1, round %2"_s.arg(mine).arg(round);
        if (await(wallet.write(mine, text, label, {})).outcome != JobOutcome::Done) {
            return 1;
        }
        if (await(wallet.read(mine, {})).text != text) {
            return 2;
        }
        if (await(wallet.remove(mine, {})).outcome != JobOutcome::Done) {
            return 3;
        }
    }
    return 0;
}

/// QtKeychain itself, as versions of Mooring before this one have used it for KWallet.
QKeychain::Error end(QKeychain::Job *job)
{
    job->setAutoDelete(false);
    job->setKey(key);
    QSignalSpy over(job, &QKeychain::Job::finished);
    job->start();
    return over.isEmpty() && !over.wait(10000) ? QKeychain::OtherError : job->error();
}

QKeychain::Error writeByQtKeychain(const QString &text)
{
    QKeychain::WritePasswordJob job(keychainServiceName);
    job.setTextData(text);
    return end(&job);
}

struct QtKeychainRead {
    QKeychain::Error error = QKeychain::OtherError;
    QString text = {};
};

QtKeychainRead readByQtKeychain()
{
    QKeychain::ReadPasswordJob job(keychainServiceName);
    const QKeychain::Error error = end(&job);
    return {error, job.textData()};
}

QKeychain::Error removeByQtKeychain()
{
    QKeychain::DeletePasswordJob job(keychainServiceName);
    return end(&job);
}

} // namespace

class tst_KWallet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void looksAtTheStates();
    void saysThatAMissingItemIsNotThere();
    void readsBackWhatWasWritten_data();
    void readsBackWhatWasWritten();
    void replacesAValue();
    void removesAnItem();
    void namesTheItemsForPeople();
    void leavesNothingBehind();
    void keepsWhatOthersHaveInItsFolder();
    void readsWhatQtKeychainHasWritten();
    void isReadByQtKeychain();
    void replacesAnotherTypeOfEntry();
    void losesNothingAmongManyProcesses();
    void losesNoWrite_data();
    void losesNoWrite();
    void losesNoRemoval_data();
    void losesNoRemoval();
    void waitsForASlowOne();
    void endsWhenItHangs();
    void saysThatItIsSwitchedOff();
    void opensAnewAfterARestart();
    void survivesADeathInMidUse();
    void opensAnewAfterThePersonHasClosedIt();
    void asksThePersonAndEndsWhenStopped();
    void asksNothingForLabels();
    void unlocks();
    void letsTheWalletGo();

private:
    KeychainReport look() { return await(m_wallet->look(key)); }
    JobResult read(const QString &which = key) { return await(m_wallet->read(which, {})); }
    JobResult write(const QString &text, const QString &which = key, const QString &name = label)
    {
        return await(m_wallet->write(which, text, name, {}));
    }
    JobResult remove(const QString &which = key) { return await(m_wallet->remove(which, {})); }

    std::unique_ptr<KeychainQuestions> m_questions;
    std::unique_ptr<KWallet> m_wallet;
};

void tst_KWallet::initTestCase()
{
    QVERIFY2(qEnvironmentVariable("XDG_CURRENT_DESKTOP") == "KDE"_L1,
             "run me through with-keyring.sh --kwallet");
}

void tst_KWallet::init()
{
    RealKWallet::makeReady();
    m_questions = std::make_unique<KeychainQuestions>();
    m_wallet = std::make_unique<KWallet>(5, deadline, *m_questions);
}

void tst_KWallet::cleanup()
{
    RealKWallet::makeReady();
    const QStringList left = RealKWallet::keys();
    for (const QString &one : left) {
        remove(one);
    }
    m_wallet.reset();
    m_questions.reset();
}

void tst_KWallet::looksAtTheStates()
{
    QCOMPARE(look().state, KeychainState::Unlocked);
    QCOMPARE(look().identity, u"KWallet"_s);
    QCOMPARE(look().program, KeychainProgram::KWallet);
    RealKWallet::closeWallet();
    QCOMPARE(look().state, KeychainState::Asks);
    QCOMPARE(look().identity, u"KWallet"_s);
    RealKWallet::kill();
    QCOMPARE(look().state, KeychainState::Asks); // the bus has started it
    QVERIFY(RealKWallet::pid() != 0);
    KWallet none(6, deadline, *m_questions);
    QCOMPARE(await(none.look(key)).state, KeychainState::Missing);
    QCOMPARE(await(none.read(key, {})).outcome, JobOutcome::NoService);
}

void tst_KWallet::saysThatAMissingItemIsNotThere()
{
    QCOMPARE(read().outcome, JobOutcome::NotFound);
    QCOMPARE(remove().outcome, JobOutcome::NotFound);
    QVERIFY(!RealKWallet::folders().contains(u"Mooring"_s));
}

void tst_KWallet::readsBackWhatWasWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("word") << u"secret"_s;
    QTest::newRow("empty") << QString(u""_s);
    QTest::newRow("letters of many scripts") << u"Gruß, 你好, עולם 🌊"_s;
    QTest::newRow("lines") << u"a\nb\r\n\tc"_s;
    QTest::newRow("long") << QString(200'000, u'x');
}

void tst_KWallet::readsBackWhatWasWritten()
{
    QFETCH(const QString, text);
    QCOMPARE(write(text).outcome, JobOutcome::Done);
    QCOMPARE(read().outcome, JobOutcome::Done);
    QCOMPARE(read().text, text);
    QCOMPARE(RealKWallet::password(key), text);
}

void tst_KWallet::replacesAValue()
{
    write(u"old"_s);
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QCOMPARE(read().text, u"new"_s);
    QCOMPARE(RealKWallet::keys(), (QStringList{u"Names"_s, key}));
}

void tst_KWallet::removesAnItem()
{
    const QString other = key + u'2';
    write(u"a"_s);
    write(u"b"_s, other);
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QCOMPARE(read().outcome, JobOutcome::NotFound);
    QCOMPARE(remove().outcome, JobOutcome::NotFound);
    QCOMPARE(read(other).text, u"b"_s);
}

void tst_KWallet::namesTheItemsForPeople()
{
    using Names = QMap<QString, QString>;
    write(u"a"_s);
    QCOMPARE(RealKWallet::names(), (Names{{key, label}}));
    write(u"b"_s, u"other"_s, u"Mooring: Notion"_s);
    await(m_wallet->relabel(key, u"Mooring: Linear (home)"_s));
    await(m_wallet->relabel(u"nobody"_s, u"Mooring: nobody"_s));
    QCOMPARE(RealKWallet::names(),
             (Names{{key, u"Mooring: Linear (home)"_s}, {u"other"_s, u"Mooring: Notion"_s}}));
    remove();
    QCOMPARE(RealKWallet::names(), (Names{{u"other"_s, u"Mooring: Notion"_s}}));
}

void tst_KWallet::leavesNothingBehind()
{
    const QStringList before = RealKWallet::folders();
    write(u"a"_s);
    write(u"b"_s, u"other"_s);
    QVERIFY(RealKWallet::folders().contains(u"Mooring"_s));
    remove();
    QVERIFY(RealKWallet::folders().contains(u"Mooring"_s));
    remove(u"other"_s);
    QCOMPARE(RealKWallet::folders(), before);
}

void tst_KWallet::keepsWhatOthersHaveInItsFolder()
{
    write(u"a"_s, key, {});
    RealKWallet::writeBytes(u"Names"_s, "not a map");
    QCOMPARE(write(u"b"_s).outcome, JobOutcome::Done);
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QCOMPARE(RealKWallet::keys(), QStringList{u"Names"_s});
    QCOMPARE(RealKWallet::typeOf(u"Names"_s), 2);
}

void tst_KWallet::readsWhatQtKeychainHasWritten()
{
    QCOMPARE(writeByQtKeychain(u"from an older Mooring – ü"_s), QKeychain::NoError);
    QCOMPARE(RealKWallet::typeOf(key), 1); // it is KWallet that it uses
    QCOMPARE(read().text, u"from an older Mooring – ü"_s);
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QCOMPARE(readByQtKeychain().error, QKeychain::EntryNotFound);
}

void tst_KWallet::isReadByQtKeychain()
{
    write(u"for an older Mooring – ü"_s);
    const QtKeychainRead result = readByQtKeychain();
    QCOMPARE(result.error, QKeychain::NoError);
    QCOMPARE(result.text, u"for an older Mooring – ü"_s);
    QCOMPARE(removeByQtKeychain(), QKeychain::NoError);
    QCOMPARE(read().outcome, JobOutcome::NotFound);
}

void tst_KWallet::replacesAnotherTypeOfEntry()
{
    write(u"a"_s, u"so that there is a folder"_s);
    RealKWallet::writeBytes(key, "bytes \xc3\xbc");
    QCOMPARE(read().text, u"bytes ü"_s);
    QCOMPARE(write(u"text"_s).outcome, JobOutcome::Done);
    QCOMPARE(RealKWallet::typeOf(key), 1);
    QCOMPARE(read().text, u"text"_s);
}

void tst_KWallet::losesNothingAmongManyProcesses()
{
    std::vector<std::unique_ptr<QProcess>> workers;
    for (const char *mine : {"one", "two", "three", "four"}) {
        workers.push_back(std::make_unique<QProcess>());
        workers.back()->setProcessChannelMode(QProcess::ForwardedChannels);
        workers.back()->start(QCoreApplication::applicationFilePath(),
                              {u"--worker"_s, QString::fromLatin1(mine)});
    }
    for (const auto &worker : workers) {
        QTRY_COMPARE_WITH_TIMEOUT(worker->state(), QProcess::NotRunning, 120'000);
        QCOMPARE(worker->exitStatus(), QProcess::NormalExit);
        QCOMPARE(worker->exitCode(), 0);
    }
    QVERIFY(!RealKWallet::folders().contains(u"Mooring"_s));
}

void tst_KWallet::losesNoWrite_data()
{
    QTest::addColumn<std::chrono::milliseconds>("after");
    QTest::newRow("at once") << 0ms;
    QTest::newRow("1 s") << 1000ms;
    QTest::newRow("3 s") << 3000ms;
    QTest::newRow("4.5 s") << 4500ms;
}

void tst_KWallet::losesNoWrite()
{
    QFETCH(const std::chrono::milliseconds, after);
    for (int round = 0; round < rounds(); ++round) {
        const QString text = u"generation %1 of %2"_s.arg(round).arg(after.count());
        QCOMPARE(write(text).outcome, JobOutcome::Done);
        support::giveTimeFor(after);
        RealKWallet::kill();
        RealKWallet::makeReady();
        QCOMPARE(RealKWallet::password(key), text);
        QCOMPARE(RealKWallet::names().value(key), label);
        QCOMPARE(read().text, text);
    }
}

void tst_KWallet::losesNoRemoval_data()
{
    losesNoWrite_data();
}

void tst_KWallet::losesNoRemoval()
{
    QFETCH(const std::chrono::milliseconds, after);
    for (int round = 0; round < rounds(); ++round) {
        QCOMPARE(write(u"to be removed"_s).outcome, JobOutcome::Done);
        QCOMPARE(remove().outcome, JobOutcome::Done);
        support::giveTimeFor(after);
        RealKWallet::kill();
        RealKWallet::makeReady();
        QVERIFY(!RealKWallet::folders().contains(u"Mooring"_s));
        QCOMPARE(read().outcome, JobOutcome::NotFound);
    }
}

void tst_KWallet::waitsForASlowOne()
{
    write(u"kept"_s);
    RealKWallet::halt();
    QTimer::singleShot(800ms, this, [] { RealKWallet::goOn(); });
    QCOMPARE(look().state, KeychainState::Unlocked);
    RealKWallet::halt();
    QTimer::singleShot(800ms, this, [] { RealKWallet::goOn(); });
    QCOMPARE(read().text, u"kept"_s);
}

void tst_KWallet::endsWhenItHangs()
{
    write(u"kept"_s);
    KWallet hasty(5, 300ms, *m_questions);
    RealKWallet::halt();
    QElapsedTimer elapsed;
    elapsed.start();
    QCOMPARE(await(hasty.look(key)).state, KeychainState::Slow);
    QCOMPARE(await(hasty.read(key, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(hasty.write(key, u"new"_s, label, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(hasty.remove(key, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(hasty.unlock({})).error().keychainCase, base::KeychainCase::Slow);
    await(hasty.relabel(key, u"another"_s));
    QVERIFY(elapsed.elapsed() < 10'000);
    QVERIFY(!m_questions->current());
    RealKWallet::goOn();
    QCOMPARE(read().text, u"kept"_s);
}

void tst_KWallet::saysThatItIsSwitchedOff()
{
    write(u"kept"_s);
    RealKWallet::switchOff();
    QCOMPARE(look().state, KeychainState::SwitchedOff);
    QCOMPARE(look().state, KeychainState::SwitchedOff);
    QCOMPARE(read().outcome, JobOutcome::NoService);
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::NoService);
    QCOMPARE(remove().outcome, JobOutcome::NoService);
    QCOMPARE(await(m_wallet->unlock({})).error().keychainCase, base::KeychainCase::Missing);
    QVERIFY(!m_questions->current());
    RealKWallet::makeReady();
    QCOMPARE(look().state, KeychainState::Unlocked);
    QCOMPARE(read().text, u"kept"_s);
}

void tst_KWallet::opensAnewAfterARestart()
{
    write(u"kept"_s);
    RealKWallet::kill();
    RealKWallet::makeReady();
    QCOMPARE(read().text, u"kept"_s);
    RealKWallet::kill();
    RealKWallet::makeReady();
    QCOMPARE(write(u"new"_s).outcome, JobOutcome::Done);
    QCOMPARE(RealKWallet::password(key), u"new"_s);
    RealKWallet::kill();
    RealKWallet::makeReady();
    QCOMPARE(remove().outcome, JobOutcome::Done);
    QCOMPARE(RealKWallet::typeOf(key), 0);
}

void tst_KWallet::survivesADeathInMidUse()
{
    write(u"kept"_s);
    const int steps = 12;
    for (int step = 0; step < steps; ++step) {
        // The calls of a write are spread over some milliseconds; each round dies a little later in it.
        QTimer::singleShot(std::chrono::milliseconds(step), this, [] {
            RealKWallet::kill();
            RealKWallet::makeReady();
        });
        const QString text = u"round %1"_s.arg(step);
        std::stop_source stop;
        QTimer::singleShot(5s, this, [&stop] { stop.request_stop(); });
        const JobResult result = await(m_wallet->write(key, text, label, stop.get_token()));
        support::giveTimeFor(20ms);
        RealKWallet::makeReady();
        const QString kept = read().text;
        if (result.outcome == JobOutcome::Done) {
            QCOMPARE(kept, text);
        } else {
            QVERIFY2(kept == text || !kept.isEmpty(), qPrintable(result.detail));
        }
    }
}

void tst_KWallet::opensAnewAfterThePersonHasClosedIt()
{
    write(u"kept"_s);
    RealKWallet::closeWallet();
    QVERIFY(RealKWallet::openWallet() >= 0);
    QCOMPARE(read().text, u"kept"_s);
    RealKWallet::closeWallet();
    QVERIFY(RealKWallet::openWallet() >= 0);
    QCOMPARE(read(u"another"_s).outcome, JobOutcome::NotFound);
    RealKWallet::closeWallet();
    QVERIFY(RealKWallet::openWallet() >= 0);
    QCOMPARE(remove().outcome, JobOutcome::Done);
}

void tst_KWallet::asksThePersonAndEndsWhenStopped()
{
    write(u"kept"_s);
    RealKWallet::closeWallet();
    std::stop_source stop;
    connect(m_questions.get(), &KeychainQuestions::changed, this, [this, &stop] {
        if (m_questions->current()) {
            QCOMPARE(m_questions->current()->kind, Kind::Password);
            QCOMPARE(m_questions->current()->program, KeychainProgram::KWallet);
            stop.request_stop();
        }
    });
    const JobResult result = await(m_wallet->read(key, stop.get_token()));
    QCOMPARE(result.outcome, JobOutcome::Denied);
    QVERIFY(!m_questions->current());
    QCOMPARE(look().state, KeychainState::Asks); // it answers while its dialog is open
    RealKWallet::kill(); // with the dialog
}

void tst_KWallet::asksNothingForLabels()
{
    write(u"kept"_s);
    RealKWallet::closeWallet();
    await(m_wallet->relabel(key, u"another"_s));
    QVERIFY(!RealKWallet::isOpen());
    QVERIFY(RealKWallet::openWallet() >= 0); // no dialog is in its way
    QCOMPARE(RealKWallet::names().value(key), label);
}

void tst_KWallet::unlocks()
{
    QVERIFY(await(m_wallet->unlock({})).has_value());
    QVERIFY(RealKWallet::users().contains(u"Mooring"_s));
    RealKWallet::closeWallet();
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(await(m_wallet->unlock(stop.get_token())).error().kind, base::ErrorKind::Cancelled);
}

void tst_KWallet::letsTheWalletGo()
{
    RealKWallet::closeWallet();
    QVERIFY(RealKWallet::openWallet() >= 0);
    write(u"a"_s);
    QVERIFY(RealKWallet::users().contains(u"Mooring"_s));
    m_wallet.reset();
    QTRY_VERIFY(!RealKWallet::users().contains(u"Mooring"_s));
    QVERIFY(RealKWallet::isOpen());
    m_wallet = std::make_unique<KWallet>(5, deadline, *m_questions);
    QCOMPARE(read().text, u"a"_s);
}

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == "--worker"_L1) {
        return work(arguments.value(2));
    }
    tst_KWallet test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_kwallet.moc"
