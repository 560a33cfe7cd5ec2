// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// On a private bus without a keyring: run it through tests/support/with-keyring.sh --bus-only.
#include "storage/secretservice.h"
#include "storage/systemkeychains.h"

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
    void init() { m_service = std::make_unique<FakeSecretService>(); }
    void cleanup() { m_service.reset(); }
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
    void comesFirstWhereTheDesktopKeepsItsOwnSecretsThere_data();
    void comesFirstWhereTheDesktopKeepsItsOwnSecretsThere();

private:
    std::unique_ptr<FakeSecretService> m_service;
};

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
    QCOMPARE(m_service->unlockRequests, (QStringList{u"/org/freedesktop/secrets/collection/fake"_s,
                                                     u"/org/freedesktop/secrets/collection/old/1"_s}));
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
