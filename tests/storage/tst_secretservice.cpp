// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// On a private bus without a keyring: run it through tests/support/with-keyring.sh --bus-only.
#include "storage/secretservice.h"
#include "storage/systemkeychains.h"

#include "storage/keychainjobs.h"

#include "support/await.h"
#include "support/fakesecretservice.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using base::Task;
using support::await;
using support::FakeSecretService;
using Answer = FakeSecretService::Answer;

namespace {

constexpr auto deadline = std::chrono::seconds(10);

/// Of a process that has just started.
Task<KeychainReport> secretServiceState(QString key, std::chrono::milliseconds patience)
{
    KeychainQuestions questions;
    SecretService service(patience, questions);
    KeychainReport report = co_await service.look(key);
    co_return report;
}

Task<Result<void>> unlockSecretService(std::chrono::milliseconds patience, std::stop_token stop)
{
    KeychainQuestions questions;
    SecretService service(patience, questions);
    Result<void> unlocked = co_await service.unlock(stop);
    co_return unlocked;
}

KeychainState stateNow(const QString &key = {})
{
    return await(secretServiceState(key, deadline)).state;
}

} // namespace

class tst_SecretService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void noticesAServiceThatStartsLate();
    void tellsTheStatesApart();
    void doesNotBelieveOneLook();
    void seesAnItemThatIsLockedElsewhere();
    void endsWhenTheServiceIsSilent();
    void asksNothingWithoutUnlock();
    void unlocks();
    void makesAKeyringWhereThereIsNone();
    void saysThatThePersonRefused();
    void closesThePromptWhenStopped();
    void endsWhenTheServiceGoesAwayDuringThePrompt();
    void makesAnItemAndReadsItBack();
    void asksForPermissionOnceAndRemembersIt();
    void asksAgainWhenItWasAllowedOnce();
    void asksAgainWhenThePermissionIsUsedUpInBetween();
    void saysThatThePersonDenied();
    void takesTheQuestionBackWhenStopped();
    void tellsTheQuestionWhileAnItemIsMade();
    void asksBeforeAnItemGoes();
    void opensItsSessionAgain();
    void takesNoAnswerOfAnOldOwner();
    void endsEachJobWhenTheServiceIsSilent();
    void hearsOnlyTheFirstEndOfAPrompt();
    void changesLabels();
    void asksNothingToLook();
    void keepsTheKindThatQtKeychainReads();
    void comesFirstWhereTheDesktopKeepsItsOwnSecretsThere_data();
    void comesFirstWhereTheDesktopKeepsItsOwnSecretsThere();

private:
    /// An item that another connection has kept.
    void keepForeign(const QString &key, const QByteArray &value);

    std::unique_ptr<FakeSecretService> m_service;
    KeychainQuestions m_questions;
    std::unique_ptr<SecretService> m_keychain;
};

void tst_SecretService::init()
{
    m_service = std::make_unique<FakeSecretService>();
    m_keychain = std::make_unique<SecretService>(deadline, m_questions);
}

void tst_SecretService::cleanup()
{
    QVERIFY(!m_questions.current());
    m_keychain.reset();
    m_service.reset();
}

void tst_SecretService::keepForeign(const QString &key, const QByteArray &value)
{
    const QDBusObjectPath path(u"/org/freedesktop/secrets/collection/fake/foreign"_s
                               + QString::number(m_service->items.size()));
    m_service->items.insert(
        path, {{{u"server"_s, u"Mooring"_s}, {u"user"_s, key}, {u"type"_s, u"plaintext"_s}}, value});
}

void tst_SecretService::noticesAServiceThatStartsLate()
{
    QCOMPARE(stateNow(), KeychainState::Missing);
    m_service->start();
    QCOMPARE(stateNow(), KeychainState::Unlocked);
    m_service->stop();
    QCOMPARE(stateNow(), KeychainState::Missing);
}

void tst_SecretService::tellsTheStatesApart()
{
    m_service->start();
    m_service->isLocked = true;
    QCOMPARE(stateNow(), KeychainState::Locked);
    m_service->hasCollection = false;
    QCOMPARE(stateNow(), KeychainState::NoDefaultCollection);
    m_service->hasCollection = true;
    m_service->isLocked = false;
    QCOMPARE(stateNow(), KeychainState::Unlocked);
}

void tst_SecretService::doesNotBelieveOneLook()
{
    m_service->start();
    m_service->overlooked = 2;
    QCOMPARE(stateNow(), KeychainState::Unlocked);
    QCOMPARE(m_service->calls.count(u"ReadAlias"_s), 3);
}

void tst_SecretService::seesAnItemThatIsLockedElsewhere()
{
    m_service->start();
    QCOMPARE(stateNow(u"a"_s), KeychainState::Unlocked);
    m_service->lockedItems = {u"/org/freedesktop/secrets/collection/old/1"_s};
    QCOMPARE(stateNow(u"a"_s), KeychainState::Locked);
    QCOMPARE(stateNow(), KeychainState::Unlocked);
}

void tst_SecretService::endsWhenTheServiceIsSilent()
{
    m_service->start();
    m_service->isSilent = true;
    int ticks = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
    timer.start(10);
    QElapsedTimer elapsed;
    elapsed.start();
    const KeychainReport report = await(secretServiceState({}, std::chrono::milliseconds(300)));
    QCOMPARE(report.state, KeychainState::Slow);
    QVERIFY(elapsed.elapsed() < 3000);
    QVERIFY(ticks > 5); // the event loop went on
}

void tst_SecretService::asksNothingWithoutUnlock()
{
    m_service->start();
    m_service->isLocked = true;
    QCOMPARE(stateNow(u"a"_s), KeychainState::Locked);
    QCOMPARE(m_service->calls, (QStringList{u"ReadAlias"_s, u"Get"_s}));
}

void tst_SecretService::unlocks()
{
    m_service->start();
    m_service->isLocked = true;
    m_service->lockedItems = {u"/org/freedesktop/secrets/collection/old/1"_s};
    QVERIFY(await(unlockSecretService(deadline, {})));
    QCOMPARE(m_service->unlockRequests, (QStringList{u"/org/freedesktop/secrets/collection/fake"_s}));
    m_service->lockedItems = {u"/org/freedesktop/secrets/collection/old/1"_s};
    QVERIFY(await(unlockSecretService(deadline, {})));
    QCOMPARE(m_service->unlockRequests.last(), u"/org/freedesktop/secrets/collection/old/1"_s);
    QCOMPARE(stateNow(u"a"_s), KeychainState::Unlocked);
}

void tst_SecretService::makesAKeyringWhereThereIsNone()
{
    m_service->start();
    m_service->hasCollection = false;
    QVERIFY(await(unlockSecretService(deadline, {})));
    QCOMPARE(m_service->calls.count(u"CreateCollection"_s), 1);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 1);
}

void tst_SecretService::saysThatThePersonRefused()
{
    m_service->start();
    m_service->answer = Answer::Dismiss;
    m_service->isLocked = true;
    const Result<void> unlocked = await(unlockSecretService(deadline, {}));
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().keychainCase, KeychainCase::Locked);
    m_service->hasCollection = false;
    const Result<void> made = await(unlockSecretService(deadline, {}));
    QVERIFY(!made);
    QCOMPARE(made.error().keychainCase, KeychainCase::Missing);
}

void tst_SecretService::closesThePromptWhenStopped()
{
    m_service->start();
    m_service->answer = Answer::None;
    m_service->isLocked = true;
    std::stop_source stop;
    Task<Result<void>> unlocking = unlockSecretService(std::chrono::milliseconds(300), stop.get_token());
    QTRY_COMPARE(m_service->calls.count(u"Prompt"_s), 1);
    // An open prompt outlives every deadline.
    QVERIFY(!QTest::qWaitFor([&unlocking] { return unlocking.isReady(); }, 500));
    stop.request_stop();
    const Result<void> unlocked = await(std::move(unlocking));
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(m_service->calls.count(u"Dismiss"_s), 1);
}

void tst_SecretService::endsWhenTheServiceGoesAwayDuringThePrompt()
{
    m_service->start();
    m_service->answer = Answer::None;
    m_service->isLocked = true;
    Task<Result<void>> unlocking = unlockSecretService(deadline, {});
    QTRY_COMPARE(m_service->calls.count(u"Prompt"_s), 1);
    m_service->stop();
    const Result<void> unlocked = await(std::move(unlocking));
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().keychainCase, KeychainCase::Failed);
}

void tst_SecretService::makesAnItemAndReadsItBack()
{
    m_service->start();
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).outcome, JobOutcome::NotFound);
    QCOMPARE(await(m_keychain->write(u"k"_s, u"one"_s, u"Mooring: Linear"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"one"_s);
    QCOMPARE(m_service->items.first().label, u"Mooring: Linear"_s);
    m_service->calls.clear();
    QCOMPARE(await(m_keychain->write(u"k"_s, u"two"_s, u"Mooring: Linear"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(m_service->calls.count(u"SetSecret"_s), 1);
    QCOMPARE(m_service->calls.count(u"CreateItem"_s), 0);
    QCOMPARE(m_service->calls.count(u"OpenSession"_s), 0);
    QCOMPARE(m_service->calls.count(u"Set"_s), 0); // it has that label
    QCOMPARE(await(m_keychain->remove(u"k"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain->remove(u"k"_s, {})).outcome, JobOutcome::NotFound);
}

void tst_SecretService::asksForPermissionOnceAndRemembersIt()
{
    m_service->start();
    m_service->asksPermission = true;
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->look(u"k"_s)).state, KeychainState::Asks);
    QCOMPARE(await(m_keychain->look({})).state, KeychainState::Unlocked);
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 1);
    QCOMPARE(await(m_keychain->look(u"k"_s)).state, KeychainState::Unlocked);
    QCOMPARE(await(m_keychain->write(u"k"_s, u"mine"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"mine"_s);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 1);
}

void tst_SecretService::asksAgainWhenItWasAllowedOnce()
{
    m_service->start();
    m_service->asksPermission = true;
    m_service->allowsOnce = true;
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    QCOMPARE(await(m_keychain->look(u"k"_s)).state, KeychainState::Asks);
    QCOMPARE(await(m_keychain->write(u"k"_s, u"mine"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"mine"_s);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 3);
}

void tst_SecretService::asksAgainWhenThePermissionIsUsedUpInBetween()
{
    m_service->start();
    m_service->asksPermission = true;
    m_service->allowsOnce = true;
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    m_service->forgetSessions(); // the permission goes with the access that finds none
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 3);
}

void tst_SecretService::saysThatThePersonDenied()
{
    m_service->start();
    m_service->asksPermission = true;
    m_service->answer = Answer::Dismiss;
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).outcome, JobOutcome::Denied);
    QCOMPARE(await(m_keychain->write(u"k"_s, u"mine"_s, u"Mooring"_s, {})).outcome, JobOutcome::Denied);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 2); // each job asks once
    QCOMPARE(m_service->calls.count(u"CreateItem"_s), 0);
    QCOMPARE(m_service->values().value(u"k"_s), "foreign");
    const Result<void> unlocked = await(m_keychain->unlock({}));
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().keychainCase, KeychainCase::Denied);
}

void tst_SecretService::takesTheQuestionBackWhenStopped()
{
    m_service->start();
    m_service->asksPermission = true;
    m_service->answer = Answer::None;
    keepForeign(u"k"_s, "foreign");
    std::stop_source stop;
    Task<JobResult> reading = m_keychain->read(u"k"_s, stop.get_token());
    QTRY_VERIFY(m_questions.current());
    QCOMPARE(m_questions.current()->kind, KeychainQuestion::Kind::Permission);
    stop.request_stop();
    QCOMPARE(await(std::move(reading)).outcome, JobOutcome::Denied);
    QVERIFY(!m_questions.current());
    QTRY_COMPARE(m_service->calls.count(u"Dismiss"_s), 1);
}

void tst_SecretService::tellsTheQuestionWhileAnItemIsMade()
{
    m_service->start();
    m_service->asksToCreate = true;
    QCOMPARE(await(m_keychain->write(u"k"_s, u"one"_s, u"Mooring: Linear"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 1);
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"one"_s);
}

void tst_SecretService::asksBeforeAnItemGoes()
{
    m_service->start();
    m_service->asksToDelete = true;
    m_service->asksPermission = true;
    keepForeign(u"k"_s, "foreign");
    m_service->answer = Answer::Dismiss;
    QCOMPARE(await(m_keychain->remove(u"k"_s, {})).outcome, JobOutcome::Denied);
    m_service->answer = Answer::Accept;
    QCOMPARE(await(m_keychain->remove(u"k"_s, {})).outcome, JobOutcome::Done);
    QVERIFY(m_service->items.isEmpty());
    QCOMPARE(m_service->calls.count(u"Unlock"_s), 0); // to remove it, nobody has to read it
}

void tst_SecretService::opensItsSessionAgain()
{
    m_service->start();
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    m_service->forgetSessions();
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    m_service->forgetSessions();
    QCOMPARE(await(m_keychain->write(u"k"_s, u"mine"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(m_service->calls.count(u"OpenSession"_s), 3);
}

void tst_SecretService::takesNoAnswerOfAnOldOwner()
{
    m_service->start();
    keepForeign(u"k"_s, "the old one's");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"the old one's"_s);
    FakeSecretService other(u"other-secret-service"_s);
    m_service->delayed = u"GetSecret"_s;
    m_service->delay = std::chrono::milliseconds(300);
    Task<JobResult> reading = m_keychain->read(u"k"_s, {});
    QTRY_COMPARE(m_service->calls.count(u"GetSecret"_s), 2);
    m_service->stop();
    other.start();
    await(std::move(reading)); // what it says is the old one's, and only this answer
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).outcome, JobOutcome::NotFound);
    QCOMPARE(await(m_keychain->write(u"k"_s, u"new"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(other.values().value(u"k"_s), "new");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"new"_s);
    QCOMPARE(other.calls.count(u"GetSecret"_s), 1);
    QCOMPARE(m_service->values().value(u"k"_s), "the old one's");
}

void tst_SecretService::endsEachJobWhenTheServiceIsSilent()
{
    m_service->start();
    SecretService impatient(std::chrono::milliseconds(200), m_questions);
    m_service->isSilent = true;
    QCOMPARE(await(impatient.read(u"k"_s, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(impatient.write(u"k"_s, u"x"_s, u"Mooring"_s, {})).outcome, JobOutcome::Late);
    QCOMPARE(await(impatient.remove(u"k"_s, {})).outcome, JobOutcome::Late);
    await(impatient.relabel(u"k"_s, u"x"_s));
}

void tst_SecretService::hearsOnlyTheFirstEndOfAPrompt()
{
    m_service->start();
    m_service->completesTwice = true;
    m_service->asksPermission = true;
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
    QCOMPARE(await(m_keychain->read(u"k"_s, {})).text, u"foreign"_s);
}

void tst_SecretService::changesLabels()
{
    m_service->start();
    m_service->asksPermission = true;
    keepForeign(u"p/b"_s, "foreign");
    keepForeign(u"q/c"_s, "foreign");
    await(m_keychain->relabel(u"q/c"_s, u"Mooring: Sentry"_s));
    QCOMPARE(m_service->items.last().label, u"Mooring: Sentry"_s);
    QCOMPARE(m_service->calls.count(u"Prompt"_s), 0);
    QCOMPARE(m_service->calls.count(u"Unlock"_s), 0);
}

void tst_SecretService::asksNothingToLook()
{
    m_service->start();
    m_service->asksPermission = true;
    keepForeign(u"k"_s, "foreign");
    QCOMPARE(await(m_keychain->look(u"k"_s)).state, KeychainState::Asks);
    QCOMPARE(m_service->calls, (QStringList{u"ReadAlias"_s, u"Get"_s, u"SearchItems"_s}));
}

/// libsecret gives a text out only if it is called one, and QtKeychain finds it by its attributes.
void tst_SecretService::keepsTheKindThatQtKeychainReads()
{
    m_service->start();
    QCOMPARE(await(m_keychain->write(u"k"_s, u"one"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    const FakeSecretService::Item made = m_service->items.first();
    QCOMPARE(await(m_keychain->write(u"k"_s, u"two"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    const FakeSecretService::Item overwritten = m_service->items.first();
    QCOMPARE(m_service->items.size(), 1);
    QCOMPARE(overwritten.attributes, made.attributes);
    QCOMPARE(overwritten.contentType, u"text/plain"_s);
    QCOMPARE(overwritten.value, "two");
    QCOMPARE(await(runReadJob(u"k"_s)).text, u"two"_s);
}

void tst_SecretService::comesFirstWhereTheDesktopKeepsItsOwnSecretsThere_data()
{
    using Variables = QMap<QByteArray, QByteArray>;
    QTest::addColumn<QMap<QByteArray, QByteArray>>("variables");
    QTest::addColumn<bool>("isFirst");
    QTest::newRow("none") << Variables() << true;
    QTest::newRow("GNOME") << Variables{{"XDG_CURRENT_DESKTOP", "ubuntu:GNOME"}} << true;
    QTest::newRow("sway") << Variables{{"XDG_CURRENT_DESKTOP", "sway"}} << true;
    QTest::newRow("Plasma 5") << Variables{{"XDG_CURRENT_DESKTOP", "KDE"}, {"KDE_SESSION_VERSION", "5"}}
                              << false;
    QTest::newRow("Plasma 6") << Variables{{"XDG_CURRENT_DESKTOP", "KDE"}, {"KDE_SESSION_VERSION", "6"}}
                              << false;
    QTest::newRow("only an older variable") << Variables{{"KDE_FULL_SESSION", "true"}} << false;
    QTest::newRow("only the session's name") << Variables{{"DESKTOP_SESSION", "plasma"}} << false;
    QTest::newRow("chosen for QtKeychain")
        << Variables{{"XDG_CURRENT_DESKTOP", "KDE"}, {"QTKEYCHAIN_BACKEND", "libsecret"}} << true;
    QTest::newRow("KWallet chosen for QtKeychain")
        << Variables{{"XDG_CURRENT_DESKTOP", "GNOME"}, {"QTKEYCHAIN_BACKEND", "kwallet5"}} << false;
}

void tst_SecretService::comesFirstWhereTheDesktopKeepsItsOwnSecretsThere()
{
    using Variables = QMap<QByteArray, QByteArray>;
    QFETCH(const Variables, variables);
    QFETCH(const bool, isFirst);
    for (const auto &[name, value] : variables.asKeyValueRange()) {
        qputenv(name.constData(), value);
    }
    const Keychains keychains(systemKeychains(deadline));
    for (const QByteArray &name : variables.keys()) {
        qunsetenv(name.constData());
    }
    QCOMPARE(keychains.all().size(), 4);
    QCOMPARE(keychains.all().front()->mayHold(u"KWallet"_s), !isFirst);
    QCOMPARE(keychains.all().front()->mayHold(u"login"_s), isFirst);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    tst_SecretService test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_secretservice.moc"
