// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The keychain as it really is: a Secret Service with every mood, QtKeychain, and the connections above it.
// On a private bus without a keyring: run it through tests/support/with-keyring.sh --bus-only.
#include "storage/keychainjobs.h"
#include "storage/keychainstore.h"
#include "support/fakesecretservice.h"
#include "support/forwardingstore.h"
#include "support/measures.h"
#include "support/testbed.h"
#include "text/wording.h"

#include <QJsonDocument>
#include <QProcess>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using base::KeychainCase;

using connections::Connection;
using connections::Phase;
using support::await;
using support::FakeSecretService;
using text::Action;
using Answer = FakeSecretService::Answer;
using Memory = FakeSecretService::Memory;
using Held = std::shared_ptr<Connection>;

Q_DECLARE_METATYPE(FakeSecretService::Memory)

namespace {

constexpr auto deadline = std::chrono::milliseconds(1000);

/// A keychain with room for small values only, as on Windows.
class SmallStore final : public support::ForwardingStore {
public:
    SmallStore(storage::SecretStore &store, qsizetype limit)
        : ForwardingStore(store)
        , m_limit(limit)
    {
    }

    base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) override
    {
        largest = std::max(largest, value.size());
        return m_store.write(std::move(key), std::move(value), std::move(stop));
    }
    qsizetype maximumValueSize() const override { return m_limit; }

    qsizetype largest = 0;

private:
    qsizetype m_limit;
};

/// The service, the keychain above it, and connections above that.
struct KeychainBed {
    explicit KeychainBed(qsizetype limit = 0)
    {
        service.start();
        bed.deadlines.keychain = deadline;
        bed.deadlines.keychainRetries = {std::chrono::milliseconds(50), std::chrono::milliseconds(100),
                                         std::chrono::milliseconds(150)};
        keychain = std::make_unique<storage::KeychainStore>(bed.deadlines);
        small = std::make_unique<SmallStore>(*keychain, limit > 0 ? limit : keychain->maximumValueSize());
        bed.store = small.get();
        bed.restart();
    }
    ~KeychainBed()
    {
        service.isSilent = false;
        service.delay = {};
        bed.store = &bed.secrets;
        bed.restart();
        await(keychain->drained());
    }
    Q_DISABLE_COPY_MOVE(KeychainBed)

    /// What a restart of the program leaves.
    Held afterRestart(const QString &id)
    {
        bed.restart();
        return bed.list->byId(id);
    }
    text::Wording wordingOf(const Held &connection) const
    {
        return text::wordingOf(connection->state(), connection->record(), bed.clock.now());
    }
    /// The entry, the registration and the grant are as they were; nobody was asked to sign in again.
    void checkNothingIsLost(const Held &connection, const connections::ConnectionRecord &before) const
    {
        const connections::ConnectionRecord now = bed.recordOnDisk(connection->id());
        QVERIFY(now.hasSecret);
        QCOMPARE(now.name, before.name);
        QCOMPARE(now.url, before.url);
        QCOMPARE(now.registrationId, before.registrationId);
        QVERIFY(connection->registration());
        QCOMPARE(bed.person.opened.size(), 1);
        QVERIFY(!bed.everythingOnDisk().contains("canary-"));
    }

    FakeSecretService service;
    support::Testbed bed;
    std::unique_ptr<storage::KeychainStore> keychain;
    std::unique_ptr<SmallStore> small;
};

} // namespace

class TestKeychain final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void livesItsWholeLife();
    void waitsForThePromptAsLongAsItIsOpen();
    void takesADismissedPromptForALock();
    void showsNoPromptByItself();
    void saysThatTheKeychainRefuses_data();
    void saysThatTheKeychainRefuses();
    void startsNoSignInThatCannotBeKept();
    void needsNoKeychainToLook();
    void finishesADisconnectWhenTheKeychainAllowsIt();
    void keepsNothingWithoutAKeychain_data();
    void keepsNothingWithoutAKeychain();
    void keepsNothingWithoutABus();
    void needsASignInWhenTheItemIsNotThere();
    void saysThatAnotherKeychainIsOpen();
    void triesAgainUntilARenewedTokenIsKept_data();
    void triesAgainUntilARenewedTokenIsKept();
    void triesOnceMoreWhenItEnds();
    void revokesWhatTheKeychainHasNotKept();
    void deletesWhatNobodyCanRead();
    void givesBackASignInThatIsNotKept();
    void takesALateRead();
    void takesALateWrite();
    void tellsAtOnceThatTheKeychainIsSilent();
    void keepsALargeSignInInParts();
    void stopsASignInThatIsTooLarge();
};

// Proves: KC-1
// Matrix: 35 KEY, 37 KEY
void TestKeychain::waitsForThePromptAsLongAsItIsOpen()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const connections::ConnectionRecord before = connection->record();
    keyring.bed.clock.advance(std::chrono::hours(2));
    keyring.service.isLocked = true;
    keyring.service.answer = Answer::None;
    QCOMPARE(await(connection->accessToken({})).error().keychainCase, KeychainCase::Locked);
    QCOMPARE(keyring.wordingOf(connection).action, Action::Unlock);

    base::Task<base::Result<void>> unlocking = connection->unlockKeychain({});
    QTRY_COMPARE(keyring.service.calls.count(u"Prompt"_s), 1);
    QCOMPARE(keyring.wordingOf(connection).headline, u"Waiting for your keychain"_s);
    QCOMPARE(keyring.wordingOf(connection).action, Action::Cancel);
    QVERIFY(!QTest::qWaitFor([&unlocking] { return unlocking.isReady(); }, (2 * deadline).count()));
    connection->cancelSignIn();
    QVERIFY(QTest::qWaitFor([&unlocking] { return unlocking.isReady(); }, 100));
    QCOMPARE(await(std::move(unlocking)).error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(keyring.service.calls.count(u"Dismiss"_s), 1);
    keyring.checkNothingIsLost(connection, before);
    QCOMPARE(keyring.bed.auth.refreshes(), 0);

    keyring.service.answer = Answer::Accept;
    QVERIFY(await(connection->unlockKeychain({})));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(connection->state().phase, Phase::Authorized);
}

void TestKeychain::livesItsWholeLife()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const QString id = connection->id();
    QCOMPARE(keyring.service.values().size(), 1);
    QCOMPARE(connection->record().keptIn, u"fake"_s);
    // What a killed process has left of a try.
    const QString probe = storage::Profile().keychainPrefix() + u"probe/"_s + id;
    QVERIFY(await(keyring.keychain->write(probe, "left", {})));
    keyring.bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
    const Held again = keyring.afterRestart(id);
    QVERIFY(await(again->accessToken({})));
    QVERIFY(await(again->disconnectFromServer({})));
    QCOMPARE(keyring.service.values().size(), 0);
}

// Proves: KC-2
// Matrix: 37 KEY, 37 REF
void TestKeychain::takesADismissedPromptForALock()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const connections::ConnectionRecord before = connection->record();
    const QString key = keyring.service.values().firstKey();
    keyring.service.isLocked = true;
    keyring.service.answer = Answer::Dismiss;
    // This is what QtKeychain says of an item that is there.
    QCOMPARE(await(storage::runReadJob(key)).outcome, storage::JobOutcome::NotFound);
    // The access in memory goes on.
    QVERIFY(await(connection->accessToken({})));

    keyring.bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(await(connection->accessToken({})).error().keychainCase, KeychainCase::Locked);
    QCOMPARE(await(connection->unlockKeychain({})).error().keychainCase, KeychainCase::Locked);
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    QCOMPARE(keyring.wordingOf(connection).headline, u"Keychain locked"_s);
    QCOMPARE(keyring.wordingOf(connection).action, Action::Unlock);
    QCOMPARE(keyring.bed.auth.refreshes(), 0);
    keyring.checkNothingIsLost(connection, before);
    QCOMPARE(keyring.service.values().size(), 1);
    keyring.service.isLocked = false;
    QVERIFY(await(connection->accessToken({})));
}

// Matrix: 37 REV
void TestKeychain::showsNoPromptByItself()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    keyring.bed.clock.advance(std::chrono::hours(2));
    keyring.service.isLocked = true;
    QVERIFY(!await(connection->accessToken({})));
    QVERIFY(!await(connection->authorize({}, {})));
    QVERIFY(!await(connection->disconnectFromServer({})));
    QCOMPARE(keyring.service.calls.count(u"Prompt"_s), 0);
    QCOMPARE(keyring.bed.person.opened.size(), 1);
    // Local use has ended; the rest follows when it is unlocked.
    QCOMPARE(await(connection->accessToken({})).error().kind, ErrorKind::SignInNeeded);
    keyring.service.isLocked = false;
    QVERIFY(await(connection->disconnectFromServer({})));
    QCOMPARE(keyring.bed.auth.revocations(), 2);
    QCOMPARE(keyring.service.values().size(), 0);
}

void TestKeychain::saysThatTheKeychainRefuses_data()
{
    QTest::addColumn<QString>("denial");
    QTest::addColumn<KeychainCase>("keychainCase");
    QTest::newRow("for the keyring") << u"org.freedesktop.Secret.Error.IsLocked"_s << KeychainCase::Denied;
    // libsecret and QtKeychain have no word for this one.
    QTest::newRow("for the bus") << u"org.freedesktop.DBus.Error.AccessDenied"_s << KeychainCase::Failed;
}

// Proves: KC-3
// Matrix: 37 KEY, 37 REF
void TestKeychain::saysThatTheKeychainRefuses()
{
    QFETCH(QString, denial);
    QFETCH(KeychainCase, keychainCase);
    KeychainBed keyring;
    keyring.service.denial = denial;
    const Held connection = keyring.bed.signedIn();
    const connections::ConnectionRecord before = connection->record();
    keyring.service.deniesWriting = true;
    // Half a minute before its end a token is to be renewed, and still good.
    keyring.bed.clock.advance(std::chrono::minutes(60) - std::chrono::seconds(30));
    QVERIFY(await(connection->accessToken({})));
    keyring.bed.clock.advance(std::chrono::hours(1));
    QCOMPARE(await(connection->accessToken({})).error().keychainCase, keychainCase);
    QCOMPARE(keyring.bed.auth.refreshes(), 0);
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    if (keychainCase == KeychainCase::Denied) {
        QCOMPARE(keyring.wordingOf(connection).headline, u"The keychain refused access"_s);
    }
    QCOMPARE(keyring.wordingOf(connection).action, Action::TryAgain);
    keyring.checkNothingIsLost(connection, before);
    keyring.service.deniesWriting = false;
    keyring.bed.clock.advance(std::chrono::hours(1));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
}

// Proves: KC-3, INV-4
// Matrix: 37 AUT, 37 REG, 37 TOK
void TestKeychain::startsNoSignInThatCannotBeKept()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.added(keyring.bed.mcp.url());
    keyring.service.deniesWriting = true;
    QCOMPARE(await(connection->authorize({}, {})).error().keychainCase, KeychainCase::Denied);
    keyring.service.deniesWriting = false;
    keyring.service.memory = Memory::Drops;
    QCOMPARE(await(connection->authorize({}, {})).error().keychainCase, KeychainCase::Failed);
    keyring.service.isLocked = true;
    QCOMPARE(await(connection->authorize({}, {})).error().keychainCase, KeychainCase::Locked);
    QCOMPARE(keyring.bed.person.opened.size(), 0);
    QCOMPARE(keyring.bed.auth.http().count("/register"), 0);
    QCOMPARE(keyring.bed.auth.codeExchanges(), 0);
    QCOMPARE(keyring.service.values().size(), 0);
}

// Matrix: 37 PRB, 37 PRM, 37 ASM, 37 CFG
void TestKeychain::needsNoKeychainToLook()
{
    KeychainBed keyring;
    const QString id = keyring.bed.signedIn()->id();
    keyring.service.isLocked = true;
    const Held connection = keyring.afterRestart(id);
    const auto calls = keyring.service.calls.size();
    const mcp::ProbeReport report = await(connection->check({}, {}));
    QCOMPARE(report.verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
    QVERIFY(report.discovery);
    QCOMPARE(connection->state().phase, Phase::Authorized);
    QVERIFY(await(connection->rename(u"New"_s, {})));
    QCOMPARE(keyring.bed.recordOnDisk(id).name, u"New"_s);
    QCOMPARE(keyring.service.calls.size(), calls);
}

void TestKeychain::finishesADisconnectWhenTheKeychainAllowsIt()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const base::Secret token = (*await(connection->accessToken({}))).token;
    keyring.service.deniesWriting = true;
    QCOMPARE(await(connection->disconnectFromServer({})).error().keychainCase, KeychainCase::Denied);
    QCOMPARE(await(connection->accessToken({})).error().kind, ErrorKind::SignInNeeded);
    QVERIFY(!keyring.bed.auth.isActive(token.reveal()));
    keyring.service.deniesWriting = false;
    QVERIFY(await(connection->disconnectFromServer({})));
    QCOMPARE(keyring.service.values().size(), 0);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
}

void TestKeychain::keepsNothingWithoutAKeychain_data()
{
    QTest::addColumn<bool>("hasService");
    QTest::newRow("nobody on the bus") << false;
    QTest::newRow("no keyring yet") << true;
}

// Proves: KC-4, INV-4
// Matrix: 37 AUT, 37 KEY
void TestKeychain::keepsNothingWithoutAKeychain()
{
    QFETCH(bool, hasService);
    KeychainBed keyring;
    keyring.service.hasCollection = false;
    if (!hasService) {
        keyring.service.stop();
    }
    const Held connection = keyring.bed.added(keyring.bed.mcp.url());
    const base::Result<void> done = await(connection->authorize({}, {}));
    QCOMPARE(done.error().keychainCase, KeychainCase::Missing);
    QVERIFY2(done.error().sentence.contains("keyring"_L1), qPrintable(done.error().sentence));
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    QCOMPARE(keyring.wordingOf(connection).headline, u"No keychain"_s);
    QCOMPARE(keyring.bed.person.opened.size(), 0);
    QCOMPARE(keyring.bed.auth.http().count("/register"), 0);
    QCOMPARE(keyring.service.calls.count(u"CreateCollection"_s), 0);
    QVERIFY(!keyring.bed.everythingOnDisk().contains("canary-"));
    // What is there instead: in memory, for this window, if the person asks for it.
    connections::AuthorizeOptions options;
    options.windowOnly = true;
    QVERIFY(await(connection->authorize(options, {})));
    QVERIFY(await(connection->accessToken({})));
    QVERIFY(!keyring.bed.everythingOnDisk().contains("canary-"));
}

// Proves: KC-4
void TestKeychain::keepsNothingWithoutABus()
{
    QTemporaryDir runtime;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"XDG_RUNTIME_DIR"_s, runtime.path());
    environment.remove(u"DBUS_SESSION_BUS_ADDRESS"_s);
    environment.remove(u"DISPLAY"_s);
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationFilePath(),
                  {u"keepsNothingWithoutAKeychain:nobody on the bus"_s});
    QVERIFY(process.waitForFinished(60000));
    const QByteArray output = process.readAllStandardOutput();
    QVERIFY2(process.exitCode() == 0, output.constData());
    QVERIFY2(output.contains("PASS   : TestKeychain::keepsNothingWithoutAKeychain"), output.constData());
}

// Proves: KC-5
// Matrix: 37 KEY
void TestKeychain::needsASignInWhenTheItemIsNotThere()
{
    KeychainBed keyring;
    const QString id = keyring.bed.signedIn()->id();
    keyring.service.items.clear();
    const Held connection = keyring.afterRestart(id);
    const connections::ConnectionRecord before = connection->record();
    const base::Result<connections::AccessToken> none = await(connection->accessToken({}));
    QCOMPARE(none.error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(none.error().sentence, u"The saved sign-in is not in this keychain. Authorize again."_s);
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    QCOMPARE(keyring.wordingOf(connection).action, Action::AuthorizeAgain);
    keyring.checkNothingIsLost(connection, before);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.bed.auth.http().count("/register"), 1);
}

// Proves: KC-6
// Matrix: 37 KEY
void TestKeychain::saysThatAnotherKeychainIsOpen()
{
    KeychainBed keyring;
    keyring.service.collectionName = u"login"_s;
    const QString id = keyring.bed.signedIn()->id();
    const auto items = std::exchange(keyring.service.items, {});
    keyring.service.collectionName = u"kdewallet"_s;
    const Held connection = keyring.afterRestart(id);
    const connections::ConnectionRecord before = connection->record();
    QCOMPARE(before.keptIn, u"login"_s);
    const base::Result<connections::AccessToken> none = await(connection->accessToken({}));
    QCOMPARE(none.error().kind, ErrorKind::SignInNeeded);
    QVERIFY2(none.error().sentence.contains("(login)"_L1) && none.error().sentence.contains("(kdewallet)"_L1),
             qPrintable(none.error().sentence));
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    keyring.checkNothingIsLost(connection, before);
    // Back at the other desktop all is as before.
    keyring.service.collectionName = u"login"_s;
    keyring.service.items = items;
    const Held back = keyring.afterRestart(id);
    QVERIFY(await(back->accessToken({})));
    QCOMPARE(back->state().phase, Phase::Authorized);
    keyring.checkNothingIsLost(back, before);
}

void TestKeychain::triesAgainUntilARenewedTokenIsKept_data()
{
    QTest::addColumn<Memory>("memory");
    QTest::newRow("reads back the old value") << Memory::Drops;
    QTest::newRow("reads back nothing") << Memory::Loses;
    QTest::newRow("reads back the beginning") << Memory::Truncates;
    QTest::newRow("reads back something else") << Memory::Garbles;
}

// Proves: KC-7
// Matrix: 37 KEY, 37 REF
void TestKeychain::triesAgainUntilARenewedTokenIsKept()
{
    QFETCH(Memory, memory);
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const connections::ConnectionRecord before = connection->record();
    keyring.bed.clock.advance(std::chrono::hours(2));
    // The look before the request finds nothing wrong.
    keyring.service.keptWell = 1;
    keyring.service.memory = memory;
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().kind, ErrorKind::Keychain);
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    QVERIFY(connection->hasUnsavedSignIn());
    QVERIFY(keyring.bed.list->lossAtQuit());
    const auto writes = [&keyring] {
        return keyring.service.calls.count(u"SetSecret"_s) + keyring.service.calls.count(u"CreateItem"_s);
    };
    const qsizetype writesBefore = writes();
    QTRY_VERIFY(writes() >= writesBefore + 3);
    QVERIFY(connection->hasUnsavedSignIn());
    keyring.service.memory = Memory::Keeps;
    QTRY_VERIFY(!connection->hasUnsavedSignIn());
    QTRY_COMPARE(connection->state().phase, Phase::Authorized);
    QVERIFY(!keyring.bed.list->lossAtQuit());
    keyring.checkNothingIsLost(connection, before);
    const Held again = keyring.afterRestart(before.id);
    QVERIFY(await(again->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
    QCOMPARE(keyring.bed.auth.reuses(), 0);
}

// Proves: KC-7
void TestKeychain::triesOnceMoreWhenItEnds()
{
    KeychainBed keyring;
    keyring.bed.deadlines.keychainRetries.fill(std::chrono::hours(1));
    keyring.bed.restart();
    const QString id = keyring.bed.signedIn()->id();
    keyring.bed.clock.advance(std::chrono::hours(2));
    keyring.service.keptWell = 1;
    keyring.service.memory = Memory::Drops;
    QVERIFY(!await(keyring.bed.list->byId(id)->accessToken({})));
    QVERIFY(keyring.bed.list->lossAtQuit());
    keyring.service.memory = Memory::Keeps;
    const Held again = keyring.afterRestart(id);
    QVERIFY(await(again->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
    QCOMPARE(keyring.bed.auth.reuses(), 0);
}

// Matrix: 37 REV
void TestKeychain::revokesWhatTheKeychainHasNotKept()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    keyring.bed.clock.advance(std::chrono::hours(2));
    keyring.service.keptWell = 1;
    keyring.service.memory = Memory::Drops;
    QByteArray renewed;
    keyring.bed.auth.editTokenAnswer = [&renewed](const support::FakeRequest &,
                                                  support::FakeResponse *answer) {
        renewed = QJsonDocument::fromJson(answer->body).object()["refresh_token"_L1].toString().toUtf8();
    };
    QVERIFY(!await(connection->accessToken({})));
    QVERIFY(keyring.bed.auth.isActive(renewed));
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(!keyring.bed.auth.isActive(renewed));
    QVERIFY(!connection->hasUnsavedSignIn());
    QCOMPARE(keyring.service.values().size(), 0);
}

// Matrix: 37 REV
void TestKeychain::deletesWhatNobodyCanRead()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    keyring.service.items.first().value.replace(8, 4, "AAAA");
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY2(left, left ? "" : qPrintable(left.error().sentence));
    QCOMPARE(left->outcome, connections::RevocationOutcome::NotConfirmed);
    QVERIFY2(left->sentence.contains("could not be told"_L1), qPrintable(left->sentence));
    QCOMPARE(keyring.service.values().size(), 0);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->accessToken({})));
}

// Proves: KC-7
// Matrix: 37 TOK, 37 KEY
void TestKeychain::givesBackASignInThatIsNotKept()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.added(keyring.bed.mcp.url());
    keyring.service.keptWell = 1;
    keyring.service.memory = Memory::Truncates;
    QCOMPARE(await(connection->authorize({}, {})).error().keychainCase, KeychainCase::Failed);
    QCOMPARE(keyring.bed.auth.codeExchanges(), 1);
    QCOMPARE(keyring.bed.auth.revocations(), 2);
    QVERIFY(!connection->state().isSignedIn);
    QVERIFY(!keyring.bed.recordOnDisk(connection->id()).hasSecret);
    keyring.service.memory = Memory::Keeps;
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->accessToken({})));
}

// Proves: KC-8
// Matrix: 37 KEY
void TestKeychain::takesALateRead()
{
    KeychainBed keyring;
    const QString id = keyring.bed.signedIn()->id();
    const Held connection = keyring.afterRestart(id);
    const connections::ConnectionRecord before = connection->record();
    keyring.service.delayed = u"GetSecret"_s;
    keyring.service.delay = 2 * deadline;
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().keychainCase, KeychainCase::Slow);
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    keyring.service.delay = {};
    // Nobody asks again: what comes in the end is taken.
    QTRY_COMPARE(connection->state().phase, Phase::Authorized);
    const auto calls = keyring.service.calls.size();
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.service.calls.size(), calls);
    QCOMPARE(keyring.bed.auth.refreshes(), 0);
    keyring.checkNothingIsLost(connection, before);
}

// Proves: KC-8
// Matrix: 37 KEY, 37 REF
void TestKeychain::takesALateWrite()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const connections::ConnectionRecord before = connection->record();
    keyring.bed.clock.advance(std::chrono::hours(2));
    keyring.bed.auth.editTokenAnswer = [&keyring](const auto &...) {
        keyring.service.delayed = u"SetSecret"_s;
        keyring.service.delay = 2 * deadline;
    };
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().keychainCase, KeychainCase::Slow);
    QTRY_COMPARE(connection->state().phase, Phase::Authorized);
    QVERIFY(!connection->hasUnsavedSignIn());
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
    QVERIFY(keyring.bed.recordOnDisk(before.id).generation > before.generation);
    keyring.checkNothingIsLost(connection, before);
}

// Proves: INV-6
// Matrix: 37 AUT, 37 REF
void TestKeychain::tellsAtOnceThatTheKeychainIsSilent()
{
    KeychainBed keyring;
    const Held connection = keyring.bed.signedIn();
    const connections::ConnectionRecord before = connection->record();
    keyring.bed.clock.advance(std::chrono::hours(2));
    keyring.service.isSilent = true;
    const support::OwnTime time;
    QCOMPARE(await(connection->accessToken({})).error().keychainCase, KeychainCase::Slow);
    QCOMPARE(await(connection->authorize({}, {})).error().keychainCase, KeychainCase::Slow);
    QVERIFY(time.elapsed() < (3 * deadline).count());
    keyring.checkNothingIsLost(connection, before);
    keyring.service.isSilent = false;
    QTRY_VERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
}

// Proves: KC-9
void TestKeychain::keepsALargeSignInInParts()
{
    constexpr qsizetype limit = 1800;
    KeychainBed keyring(limit);
    keyring.bed.auth.tokenPrefix = "canary-" + QByteArray(5000, 'x');
    const QString id = keyring.bed.signedIn()->id();
    QVERIFY(keyring.service.values().size() > 3);
    QVERIFY(keyring.small->largest <= limit);
    const Held connection = keyring.afterRestart(id);
    QVERIFY(await(connection->accessToken({})));
    keyring.bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(keyring.bed.auth.refreshes(), 1);
    QVERIFY(await(connection->disconnectFromServer({})));
    QCOMPARE(keyring.service.values().size(), 0);
}

// Proves: KC-9
// Matrix: 37 TOK
void TestKeychain::stopsASignInThatIsTooLarge()
{
    constexpr qsizetype limit = 150;
    KeychainBed keyring(limit);
    const Held connection = keyring.bed.added(keyring.bed.mcp.url());
    const base::Result<void> done = await(connection->authorize({}, {}));
    QCOMPARE(done.error().keychainCase, KeychainCase::TooLarge);
    QVERIFY(!connection->state().isSignedIn);
    QVERIFY(!keyring.bed.recordOnDisk(connection->id()).hasSecret);
    QCOMPARE(keyring.bed.auth.revocations(), 2);
    QCOMPARE(keyring.service.values().size(), 0);
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    QCOMPARE(connection->state().error->sentence, done.error().sentence);
}

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
