// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is waited for besides answers: the browser, the keychain, a lock, the tools of a server. Who cancels
// hears of it at once, and what comes too late is given back.
#include "stoppedwork.h"
#include "storage/filelock.h"
#include "support/faults.h"
#include "support/testbed.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using support::await;
using test::Column;
using test::errorOf;
using test::StoppedWork;
using test::workOf;

class TestCancelWaits final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsTheWaitForTheBrowser_data();
    void endsTheWaitForTheBrowser();
    void endsTheWaitForTheKeychain();
    void endsTheWaitForTheLock();
    void endsToolsAndCalls();
    void startsAnewBesideAnExchangeThatHangs();
    void givesBackWhatComesTooLate();
    void cleanupTestCase() { StoppedWork::printLongest(); }
};

void TestCancelWaits::endsTheWaitForTheBrowser_data()
{
    QTest::addColumn<bool>("byButton");
    QTest::newRow("stopped by the caller") << false;
    QTest::newRow("cancelled") << true;
}

// Proves: INV-5
void TestCancelWaits::endsTheWaitForTheBrowser()
{
    QFETCH(const bool, byButton);
    support::Testbed bed;
    bed.person.mood = support::FakePerson::Mood::Never;
    const auto connection = bed.added(bed.mcp.url());
    StoppedWork work;
    work.run(errorOf(connection->authorize({}, work.token())));
    QTRY_COMPARE(connection->state().phase, Phase::WaitingForBrowser);
    if (byButton) {
        connection->cancelSignIn();
    }
    work.cancel();
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    bed.person.mood = support::FakePerson::Mood::Approve;
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(bed.person.opened.size(), 2);
}

// Proves: INV-5
void TestCancelWaits::endsTheWaitForTheKeychain()
{
    support::Testbed bed;
    const auto id = bed.signedIn()->id();
    bed.restart();
    const auto connection = bed.list->byId(id);
    bed.secrets.setDelay(std::chrono::seconds(2));
    for (const auto column : {Column::Ref, Column::Rev}) {
        StoppedWork work;
        work.run(workOf(column, connection, work.token()));
        support::giveTimeFor(std::chrono::milliseconds(100));
        work.cancel();
    }
    bed.secrets.setDelay({});
    const auto left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(left->outcome, connections::RevocationOutcome::Revoked);

    // The exchange is done, and the keychain is slow to take what has come of it.
    bed.auth.editTokenAnswer = [&bed](const support::FakeRequest &, support::FakeResponse *) {
        bed.secrets.setDelay(std::chrono::seconds(2));
    };
    StoppedWork work;
    work.run(errorOf(connection->authorize({}, work.token())));
    QTRY_COMPARE(bed.auth.codeExchanges(), 2);
    support::giveTimeFor(std::chrono::milliseconds(200));
    work.cancel();
    bed.secrets.setDelay({});
    bed.auth.editTokenAnswer = nullptr;
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(bed.auth.isActive(await(connection->accessToken({}))->token.reveal()));
}

// Proves: INV-5
void TestCancelWaits::endsTheWaitForTheLock()
{
    support::Testbed bed;
    const auto connection = bed.signedIn();
    const QString path = storage::Profile().locksFolder() + u'/' + connection->id() + u".lock"_s;
    bed.clock.advance(std::chrono::hours(2));
    {
        // Another program has it.
        const auto held = storage::FileLock::tryAcquire(path);
        QVERIFY(held && *held);
        for (const auto column : {Column::Ref, Column::Tok}) {
            StoppedWork work;
            work.run(workOf(column, connection, work.token()));
            if (column == Column::Tok) {
                QTRY_COMPARE(bed.auth.codeExchanges(), 2);
            }
            support::giveTimeFor(std::chrono::milliseconds(200));
            work.cancel();
        }
    }
    const auto token = await(connection->accessToken({}));
    QVERIFY2(token, token ? "" : qPrintable(token.error().sentence));
    QVERIFY(bed.auth.isActive(token->token.reveal()));
}

// Proves: INV-5
void TestCancelWaits::endsToolsAndCalls()
{
    for (const support::AnswerFault &fault : support::hangingFaults()) {
        for (const bool isCall : {false, true}) {
            support::Testbed bed;
            const auto connection = bed.signedIn();
            QVERIFY(await(connection->listTools({})));
            const int before = bed.mcp.http().count(bed.mcp.path());
            const support::SpoiledAnswers spoiled({&bed.mcp.http(), bed.mcp.path(), u"result"_s, {}}, fault);
            StoppedWork work;
            const std::stop_token stop = work.token();
            work.run(isCall ? errorOf(connection->callTool(u"echo"_s, {}, {}, stop))
                            : errorOf(connection->listTools(stop)));
            QTRY_VERIFY(bed.mcp.http().count(bed.mcp.path()) > before);
            support::giveTimeFor(std::chrono::milliseconds(60));
            work.cancel();
            QCOMPARE(connection->state().phase, Phase::Authorized);
            bed.mcp.http().stop();
        }
    }
}

/// The service holds on to a code exchange; nobody has to wait until its deadline to try again.
void TestCancelWaits::startsAnewBesideAnExchangeThatHangs()
{
    support::Testbed bed;
    const auto connection = bed.added(bed.mcp.url());
    bed.auth.http().once(bed.auth.pathOf("token"), support::FakeResponse::silence());
    StoppedWork work;
    work.run(errorOf(connection->authorize({}, work.token())));
    QTRY_COMPARE(bed.auth.http().count(bed.auth.pathOf("token")), 1);
    QCOMPARE(connection->state().phase, Phase::WaitingForBrowser);
    work.cancel();
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY(connection->signInUrl().isEmpty());
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(connection->state().phase, Phase::Authorized);
    // The first one ends now, and what becomes of it bothers nobody.
    bed.auth.http().stop();
    bed.auth.http().start();
    support::giveTimeFor(std::chrono::milliseconds(200));
    QCOMPARE(connection->state().phase, Phase::Authorized);
    QVERIFY(!connection->state().error);
}

/// 6.3, C: tokens that come after the click are given back.
void TestCancelWaits::givesBackWhatComesTooLate()
{
    support::Testbed bed;
    const auto connection = bed.added(bed.mcp.url());
    QByteArray issued;
    bed.auth.editTokenAnswer = [&issued](const support::FakeRequest &, support::FakeResponse *answer) {
        issued = QJsonDocument::fromJson(answer->body)["access_token"_L1].toString().toUtf8();
        answer->delay = std::chrono::milliseconds(300);
    };
    StoppedWork work;
    work.run(errorOf(connection->authorize({}, work.token())));
    QTRY_COMPARE(bed.auth.codeExchanges(), 1);
    QVERIFY(bed.auth.isActive(issued));
    work.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(!bed.auth.isActive(issued), 10'000);
    QTRY_COMPARE(bed.auth.revocations(), 2);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY(bed.secrets.keys().isEmpty());
}

QTEST_GUILESS_MAIN(TestCancelWaits)
#include "tst_cancelwaits.moc"
