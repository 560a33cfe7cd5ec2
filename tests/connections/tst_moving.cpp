// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two keychains on one computer, and a person who changes from one to the other. Each secret has one home.
#include "storage/keychainstore.h"

#include "connections/moving.h"
#include "support/fakekeychain.h"
#include "support/testbed.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using connections::RevocationOutcome;
using storage::KeychainProgram;
using storage::KeychainState;
using support::await;
using support::KeychainProgramState;
using Held = std::shared_ptr<connections::Connection>;

namespace {

constexpr auto gnomePlace = "GNOME Keyring/login"_L1;

/// Somebody who had KDE and has GNOME now.
struct TwoKeychains {
    TwoKeychains()
    {
        kwallet.report = {KeychainState::Unlocked, {}, u"KWallet"_s, KeychainProgram::KWallet};
        gnome.report = {KeychainState::Unlocked, {}, u"login"_s, KeychainProgram::GnomeKeyring};
        useOrder({&kwallet, &gnome});
    }
    ~TwoKeychains()
    {
        bed.store = &bed.secrets;
        bed.restart();
        await(store->drained());
    }
    Q_DISABLE_COPY_MOVE(TwoKeychains)

    /// What a log-in at another desktop changes.
    void useOrder(const QList<KeychainProgramState *> &order)
    {
        bed.store = &bed.secrets;
        bed.restart();
        store = std::make_unique<storage::KeychainStore>(bed.deadlines, support::FakeKeychain::all(order));
        bed.store = store.get();
        bed.restart();
    }
    Held afterTheChange(const QString &id)
    {
        useOrder({&gnome, &kwallet});
        return bed.list->byId(id);
    }

    support::Testbed bed;
    KeychainProgramState kwallet;
    KeychainProgramState gnome;
    std::unique_ptr<storage::KeychainStore> store;
};

} // namespace

class TestMoving final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEachSecretAtHome();
    void passesNoLockedKeychainOver();
    void saysWhereItIsWhenThatIsSwitchedOff();
    void takesNoStrangerForTheHome_data();
    void takesNoStrangerForTheHome();
    void waitsForAKeychainThatHasJustGone();
    void startsNoOtherKeychain();
    void findsWhatAnotherKeychainHas();
    void movesEverything();
    void saysWhatCouldNotBeMoved();
    void goesOnAfterAMoveThatWasCutOff();
    void tellsOfAnotherKeychainOnce();
    void knowsThePlacesOfOlderVersions();
    void trustsNothingOlderThanItsRecord();
    void saysWhatADisconnectCouldNotGiveBack();
    void callsItemsAfterTheirConnection();
    void letsNoDeadlinePassDuringAQuestion();
};

void TestMoving::keepsEachSecretAtHome()
{
    TwoKeychains two;
    const QString id = two.bed.signedIn()->id();
    QCOMPARE(two.bed.recordOnDisk(id).keptIn, u"KWallet"_s);
    QCOMPARE(two.kwallet.items.size(), 1);
    QVERIFY(two.gnome.items.isEmpty());

    const Held connection = two.afterTheChange(id);
    two.bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(two.bed.auth.refreshes(), 1);
    QVERIFY(two.gnome.items.isEmpty());
    QCOMPARE(two.bed.recordOnDisk(id).keptIn, u"KWallet"_s);
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(two.kwallet.items.isEmpty());
}

void TestMoving::passesNoLockedKeychainOver()
{
    TwoKeychains two;
    two.kwallet.report.state = KeychainState::Locked;
    const Held connection = two.bed.added(two.bed.mcp.url());
    const Result<void> authorized = await(connection->authorize({}, {}));
    QVERIFY(!authorized);
    QCOMPARE(authorized.error().keychainCase, KeychainCase::Locked);
    two.kwallet.report.state = KeychainState::Slow;
    QCOMPARE(await(connection->authorize({}, {})).error().keychainCase, KeychainCase::Slow);
    QVERIFY(two.gnome.items.isEmpty());
    QCOMPARE(two.bed.person.opened.size(), 0);
    // One that isn't there, or is switched off, is no home for anything.
    two.kwallet.report.state = KeychainState::SwitchedOff;
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(two.bed.recordOnDisk(connection->id()).keptIn, gnomePlace);
}

void TestMoving::saysWhereItIsWhenThatIsSwitchedOff()
{
    TwoKeychains two;
    const QString id = two.bed.signedIn()->id();
    two.kwallet.report.state = KeychainState::SwitchedOff;
    const Held connection = two.afterTheChange(id);
    two.bed.clock.advance(std::chrono::hours(2));
    const auto token = await(connection->accessToken({}));
    QVERIFY(!token);
    QCOMPARE(token.error().kind, ErrorKind::Keychain); // and no sign-out
    QVERIFY2(token.error().sentence.contains("KWallet"_L1), qPrintable(token.error().sentence));
    // Nobody is told that it is gone.
    const auto left = await(connection->disconnectFromServer({}));
    QVERIFY(!left);
    QVERIFY(left.error().sentence.contains("KWallet"_L1));
    QVERIFY(two.bed.recordOnDisk(id).leaving);
    QCOMPARE(two.bed.auth.revocations(), 0);

    two.kwallet.report.state = KeychainState::Unlocked;
    QVERIFY(await(connection->finishInterrupted({})));
    QVERIFY(two.bed.auth.revocations() > 0);
    QVERIFY(two.kwallet.items.isEmpty());
    QVERIFY(!two.bed.recordOnDisk(id).hasSecret);
}

void TestMoving::takesNoStrangerForTheHome_data()
{
    QTest::addColumn<KeychainState>("state");
    QTest::newRow("locked") << KeychainState::Locked;
    QTest::newRow("just starting") << KeychainState::Failed;
    QTest::newRow("slow") << KeychainState::Slow;
    QTest::newRow("without a database") << KeychainState::NoDefaultCollection;
    QTest::newRow("open") << KeychainState::Unlocked;
}

/// What is to be done about a program that has the home's place would not help.
void TestMoving::takesNoStrangerForTheHome()
{
    QFETCH(const KeychainState, state);
    TwoKeychains two;
    two.gnome.isAnyProgram = true;
    two.useOrder({&two.gnome});
    const QString id = two.bed.signedIn()->id();
    const QMap<QString, QString> items = std::exchange(two.gnome.items, {});
    const storage::KeychainReport gnome = two.gnome.report;
    two.gnome.report = {state, {}, u"people"_s, KeychainProgram::KeePassXC};
    two.bed.clock.advance(std::chrono::hours(2));
    const auto token = await(two.bed.list->byId(id)->accessToken({}));
    QCOMPARE(token.error().keychainCase, KeychainCase::Missing);
    QVERIFY2(token.error().sentence.contains("GNOME Keyring"_L1), qPrintable(token.error().sentence));
    QVERIFY2(!token.error().sentence.contains("KeePassXC"_L1), qPrintable(token.error().sentence));
    QCOMPARE(two.bed.auth.refreshes(), 0);

    two.gnome.report = gnome;
    two.gnome.items = items;
    QVERIFY(await(two.bed.list->byId(id)->accessToken({})));
    QCOMPARE(two.bed.auth.refreshes(), 1);
}

void TestMoving::waitsForAKeychainThatHasJustGone()
{
    TwoKeychains two;
    const Held connection = two.bed.signedIn();
    two.bed.clock.advance(std::chrono::hours(2));
    two.bed.auth.editTokenAnswer = [&two](const auto &...) {
        two.kwallet.report.state = KeychainState::Missing;
        QTimer::singleShot(std::chrono::milliseconds(2500), QCoreApplication::instance(),
                           [&two] { two.kwallet.report.state = KeychainState::Unlocked; });
    };
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(two.bed.auth.refreshes(), 1);
    QVERIFY(!connection->hasUnsavedSignIn());
    QVERIFY(two.gnome.items.isEmpty());
}

void TestMoving::startsNoOtherKeychain()
{
    TwoKeychains two;
    two.gnome.isRunning = false;
    const QString id = two.bed.signedIn()->id();
    two.kwallet.items.clear(); // deleted by hand
    two.useOrder({&two.kwallet, &two.gnome});
    QVERIFY(!await(two.bed.list->byId(id)->accessToken({})));
    QCOMPARE(two.gnome.looks, 0);
    QVERIFY(await(two.bed.list->byId(id)->disconnectFromServer({})));
    QCOMPARE(two.gnome.looks, 0);
}

void TestMoving::findsWhatAnotherKeychainHas()
{
    TwoKeychains two;
    const QString id = two.bed.signedIn()->id();
    two.gnome.items = std::exchange(two.kwallet.items, {}); // moved by the person, or by another program
    const Held connection = two.afterTheChange(id);
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(connection->keptIn(), gnomePlace);
    QCOMPARE(two.bed.person.opened.size(), 1);
}

void TestMoving::movesEverything()
{
    TwoKeychains two;
    const QString id = two.bed.signedIn()->id();
    support::FakeMcpServer keyed;
    keyed.keyHeader = "X-Api-Key";
    keyed.keyValue = "canary-key";
    const QString keyId = two.bed.addedWithKey(keyed)->id();
    QCOMPARE(two.kwallet.items.size(), 2);
    two.afterTheChange(id);
    const Result<connections::Moved> moved = await(two.bed.list->moveSecrets({}));
    QVERIFY(moved);
    QVERIFY(moved->left.isEmpty());
    QCOMPARE(moved->place, gnomePlace);
    QCOMPARE(moved->names.size(), 2);
    QVERIFY(two.kwallet.items.isEmpty());
    QCOMPARE(two.gnome.items.size(), 2);
    QCOMPARE(two.bed.recordOnDisk(id).keptIn, gnomePlace);
    QCOMPARE(two.bed.recordOnDisk(keyId).keptIn, gnomePlace);
    QVERIFY(await(two.bed.list->byId(id)->accessToken({})));
    QVERIFY(await(two.bed.list->byId(keyId)->listTools({})));
    QCOMPARE(two.bed.person.opened.size(), 1);
    // And once more: nothing is left to be done.
    QVERIFY(await(two.bed.list->moveSecrets({}))->left.isEmpty());
    QCOMPARE(two.gnome.items.size(), 2);
}

void TestMoving::saysWhatCouldNotBeMoved()
{
    TwoKeychains two;
    const QString id = two.bed.signedIn()->id();
    two.afterTheChange(id);
    two.gnome.isForgetful = true;
    const Result<connections::Moved> moved = await(two.bed.list->moveSecrets({}));
    QVERIFY(moved);
    QCOMPARE(moved->left.size(), 1);
    QCOMPARE(moved->left.first().second.kind, ErrorKind::Keychain);
    QCOMPARE(two.kwallet.items.size(), 1);
    two.gnome.isForgetful = false;
    two.kwallet.report.state = KeychainState::Missing; // out of reach
    const Result<connections::Moved> out = await(two.bed.list->moveSecrets({}));
    QCOMPARE(out->left.size(), 1);
    QVERIFY2(out->left.first().second.sentence.contains("KWallet"_L1),
             qPrintable(out->left.first().second.sentence));
    QCOMPARE(two.bed.recordOnDisk(id).keptIn, u"KWallet"_s);
    two.kwallet.report.state = KeychainState::Unlocked;
    QVERIFY(await(two.bed.list->byId(id)->accessToken({})));
}

void TestMoving::goesOnAfterAMoveThatWasCutOff()
{
    TwoKeychains two;
    const QString id = two.bed.signedIn()->id();
    two.gnome.items = two.kwallet.items; // copied, and the record doesn't know yet
    const Held connection = two.afterTheChange(id);
    two.bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({}))); // from its home, which the copy is not
    QCOMPARE(two.bed.auth.refreshes(), 1);
    QVERIFY(two.kwallet.items != two.gnome.items);
    QVERIFY(await(two.bed.list->moveSecrets({}))->left.isEmpty());
    QVERIFY(two.kwallet.items.isEmpty());
    two.bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    two.kwallet.items = two.gnome.items; // told, and not yet deleted
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(two.kwallet.items.isEmpty() && two.gnome.items.isEmpty());
}

void TestMoving::tellsOfAnotherKeychainOnce()
{
    TwoKeychains two;
    const Held connection = two.bed.signedIn();
    const QList<connections::Keeping> keepings = connections::keepingsOf(two.bed.list->connections());
    QCOMPARE(connections::straysOf(keepings, u"KWallet"_s), QStringList());
    QCOMPARE(connections::straysOf(keepings, gnomePlace), QStringList{connection->record().name});
    QVERIFY(two.bed.list->isNewsAboutKeychain(gnomePlace));
    QVERIFY(!two.bed.list->isNewsAboutKeychain(gnomePlace));
    QVERIFY(two.bed.list->isNewsAboutKeychain(u"KeePassXC/passwords"_s));
}

void TestMoving::knowsThePlacesOfOlderVersions()
{
    const storage::KeychainReport login{
        KeychainState::Unlocked, {}, u"login"_s, KeychainProgram::GnomeKeyring};
    QVERIFY(storage::isSamePlace(u"login"_s, login));
    QVERIFY(storage::isSamePlace(gnomePlace, login));
    QVERIFY(!storage::isSamePlace(u"KWallet"_s, login));
    QCOMPARE(connections::straysOf({{u"1"_s, u"Linear"_s, u"login"_s}}, gnomePlace), QStringList());
    QCOMPARE(connections::straysOf({{u"1"_s, u"Linear"_s, {}}}, gnomePlace), QStringList());
    QCOMPARE(storage::placeText(gnomePlace), u"GNOME Keyring (login)"_s);
    QCOMPARE(storage::placeText(u"KWallet"_s), u"KWallet"_s);
}

void TestMoving::trustsNothingOlderThanItsRecord()
{
    TwoKeychains two;
    const Held connection = two.bed.signedIn();
    const auto before = two.kwallet.items;
    QVERIFY(await(connection->renew({})));
    two.kwallet.items = before; // lost what it had kept
    two.useOrder({&two.kwallet, &two.gnome});
    const Held again = two.bed.list->byId(connection->id());
    const auto token = await(again->accessToken({}));
    // The access in it is still good for an hour, and isn't handed out: only the service can say what it is
    // worth.
    QCOMPARE(two.bed.auth.reuses(), 1);
    QVERIFY(!token);
    QCOMPARE(token.error().kind, ErrorKind::SignInNeeded);
}

void TestMoving::saysWhatADisconnectCouldNotGiveBack()
{
    TwoKeychains two;
    const Held connection = two.bed.signedIn();
    const auto before = two.kwallet.items;
    QVERIFY(await(connection->renew({})));
    two.kwallet.items = before;
    two.useOrder({&two.kwallet, &two.gnome});
    const auto left = await(two.bed.list->byId(connection->id())->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(left->outcome, RevocationOutcome::NotConfirmed);
    QVERIFY2(left->sentence.contains("had lost"_L1), qPrintable(left->sentence));
    QVERIFY(two.kwallet.items.isEmpty());
}

void TestMoving::callsItemsAfterTheirConnection()
{
    TwoKeychains two;
    const Held connection = two.bed.signedIn();
    QCOMPARE(two.kwallet.labels.values(), QStringList{u"Mooring: "_s + connection->record().name});
    QVERIFY(await(connection->rename(u"Linear (work)"_s, {})));
    QTRY_COMPARE(two.kwallet.labels.values(), QStringList{u"Mooring: Linear (work)"_s});
    // KeePassXC would take it for the password of another entry.
    QVERIFY(await(connection->rename(u"{REF:P@T:Bank}"_s, {})));
    QTRY_COMPARE(two.kwallet.labels.values(), QStringList{u"Mooring: REF:P@T:Bank"_s});
}

void TestMoving::letsNoDeadlinePassDuringAQuestion()
{
    base::Deadlines deadlines;
    deadlines.keychain = std::chrono::milliseconds(200);
    storage::KeychainQuestions questions;
    storage::KeychainQueue queue(questions);
    std::optional<storage::KeychainQuestions::Open> open;
    open.emplace(questions, storage::KeychainQuestion{KeychainProgram::KeePassXC, {}});
    base::OneShot<bool> answered;
    const auto wait = [](base::OneShot<bool> shot) -> base::Task<storage::KeychainQueue::Answer> {
        co_await shot;
        co_return storage::KeychainQueue::Answer("kept");
    };
    const auto work = [wait, answered](const std::stop_token &) { return wait(answered); };
    auto running = queue.run(u"k"_s, work, deadlines.keychain, {});
    QVERIFY(!QTest::qWaitFor([&running] { return running.isReady(); }, 600));
    open.reset(); // from now on it has the whole time again
    answered.resolve(true);
    QCOMPARE(await(std::move(running)).value(), std::optional<QByteArray>("kept"));

    open.emplace(questions, storage::KeychainQuestion{KeychainProgram::KeePassXC, {}});
    const base::OneShot<bool> late;
    const auto silence = [wait, late](const std::stop_token &) { return wait(late); };
    auto silent = queue.run(u"k"_s, silence, deadlines.keychain, {});
    open.reset();
    QCOMPARE(await(std::move(silent)).error().keychainCase, KeychainCase::Slow);
    late.resolve(true);
    await(queue.settled({}));
}

QTEST_GUILESS_MAIN(TestMoving)
#include "tst_moving.moc"
