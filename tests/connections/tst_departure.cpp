// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Disconnecting: what ends here at once, what the service is told, and what becomes of it when it can't be
// told.
#include "departurebed.h"
#include "support/measures.h"

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Disconnected;
using connections::RevocationEnd;
using connections::RevocationOutcome;
using support::await;
using support::FakeResponse;
using test::DepartureBed;

namespace {

/// Milliseconds: less than anything lasts that could be waited for here, on a busy machine too.
constexpr qint64 atOnce = 400;

} // namespace

class TestDeparture final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsBothTokensInOrderThenDeletes();
    void saysThatAServiceCantBeTold();
    void tellsABusyServiceWhenItHasAskedFor();
    void tellsASilentServiceLater();
    void triesByTheScheduleAndGivesUpAfterADay();
    void triesOnceMoreAfterALongSleep();
    void finishesAfterAKill_data();
    void finishesAfterAKill();
    void revokesWhatARefreshBringsAfterTheClick();
    void takesTwoClicksForOne();
    void finishesWhenTheKeychainIsUnlocked();
    void finishesAtTheNextStartWhenTheKeychainIsUnlocked();
    void refusesOtherProcessesAtOnce();
    void refusesThoseWhoWaitInAnotherProcess();

private:
    /// Refused, and how long that took.
    static void checkRefusedAtOnce(const std::shared_ptr<Connection> &connection);
};

void TestDeparture::checkRefusedAtOnce(const std::shared_ptr<Connection> &connection)
{
    const support::OwnTime time;
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    const base::Result<connections::AccessToken> renewed = await(connection->renew({}));
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    const qint64 took = time.elapsed();
    QVERIFY2(took < atOnce, qPrintable(u"took %1 ms"_s.arg(took)));
    QVERIFY(!token && !renewed && !tools);
    QCOMPARE(token.error().kind, base::ErrorKind::SignInNeeded);
    QCOMPARE(renewed.error().kind, base::ErrorKind::SignInNeeded);
    QCOMPARE(tools.error().kind, base::ErrorKind::SignInNeeded);
}

// Proves: D-01
void TestDeparture::tellsBothTokensInOrderThenDeletes()
{
    DepartureBed bed;
    const support::OwnTime time;
    const base::Result<Disconnected> left = bed.disconnect();
    QVERIFY(left);
    QVERIFY2(time.elapsed() < 2000, qPrintable(u"took %1 ms"_s.arg(time.elapsed())));
    QCOMPARE(left->outcome, RevocationOutcome::Revoked);
    QCOMPARE(bed.told(), (QByteArrayList{bed.refreshToken, bed.accessToken}));
    QCOMPARE(bed.hints(), (QByteArrayList{"refresh_token", "access_token"}));
    QVERIFY(!bed.isAlive());
    QCOMPARE(bed.secrets.keys(), QStringList());
    QVERIFY(!bed.recordOnDisk(bed.id).hasSecret);
    QVERIFY(!bed.recordOnDisk(bed.id).leaving);
    QVERIFY(bed.entries().isEmpty());
    checkRefusedAtOnce(bed.connection());
}

// Proves: D-02
void TestDeparture::saysThatAServiceCantBeTold()
{
    DepartureBed bed([](DepartureBed *made) { made->auth.hasRevocation = false; });
    const base::Result<Disconnected> left = bed.disconnect();
    QVERIFY(left);
    QCOMPARE(left->outcome, RevocationOutcome::NotSupported);
    QVERIFY2(left->sentence.contains(u"no way to be told"_s), qPrintable(left->sentence));
    QVERIFY2(left->sentence.contains(bed.host()), qPrintable(left->sentence));
    QCOMPARE(bed.secrets.keys(), QStringList());
    QVERIFY(bed.entries().isEmpty());
    QCOMPARE(bed.told().size(), 0);
}

// Proves: D-03
void TestDeparture::tellsABusyServiceWhenItHasAskedFor()
{
    DepartureBed bed;
    FakeResponse busy = FakeResponse::empty(503);
    busy.headers.set("Retry-After", "120");
    bed.auth.http().route("/revoke", busy);
    const base::Result<Disconnected> left = bed.disconnect();
    QVERIFY(left);
    QCOMPARE(left->outcome, RevocationOutcome::Pending);
    QVERIFY2(left->sentence.contains(bed.host()) && left->sentence.contains(u"tomorrow"_s),
             qPrintable(left->sentence));
    bed.checkSealed();
    QCOMPARE(bed.entries().first().nextTry, bed.clock.now().addSecs(120));
    bed.letServiceAnswer();

    // Not even the return of the network makes it earlier than the service has said.
    bed.clock.advance(std::chrono::seconds(110));
    bed.tellNow();
    QCOMPARE(bed.told().size(), 0);
    bed.clock.advance(std::chrono::seconds(11));
    bed.tellDue();
    QCOMPARE(bed.told(), (QByteArrayList{bed.refreshToken, bed.accessToken}));
    bed.checkOver(RevocationEnd::Told);
}

// Proves: D-04
void TestDeparture::tellsASilentServiceLater()
{
    DepartureBed bed;
    bed.deadlines.revocation = std::chrono::milliseconds(300);
    bed.restart();
    bed.listen();
    bed.auth.http().route("/revoke", FakeResponse::silence());
    base::Task<base::Result<Disconnected>> leaving = bed.connection()->disconnectFromServer({});
    // While it waits for the service, nobody gets anything any more.
    checkRefusedAtOnce(bed.connection());
    const base::Result<Disconnected> left = await(std::move(leaving));
    QVERIFY(left);
    QCOMPARE(left->outcome, RevocationOutcome::Pending);
    bed.checkSealed();
    const qint64 wait = bed.clock.now().msecsTo(bed.entries().first().nextTry);
    QVERIFY2(wait >= 12'000 && wait <= 18'000, qPrintable(QString::number(wait)));
    bed.letServiceAnswer();

    bed.clock.advance(std::chrono::seconds(10));
    bed.tellDue();
    QCOMPARE(bed.told().size(), 0);
    // The network is back: no reason to wait.
    bed.tellNow();
    QCOMPARE(bed.told(), (QByteArrayList{bed.refreshToken, bed.accessToken}));
    bed.checkOver(RevocationEnd::Told);
}

// Proves: D-05
void TestDeparture::triesByTheScheduleAndGivesUpAfterADay()
{
    DepartureBed bed;
    bed.auth.http().stop();
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    const QDateTime end = bed.clock.now().addDays(1);
    QCOMPARE(bed.entries().first().until, end);
    const int steps[] = {15, 60, 300, 900, 900};
    for (const int step : steps) {
        const qint64 wait = bed.clock.now().msecsTo(bed.entries().first().nextTry);
        QVERIFY2(wait >= step * 800 && wait <= step * 1200, qPrintable(QString::number(wait)));
        bed.clock.advance(std::chrono::milliseconds(wait));
        bed.tellDue();
        bed.checkSealed();
    }
    QCOMPARE(bed.entries().first().attempts, 6);
    // A restart changes nothing.
    bed.restart();
    bed.listen();
    bed.checkSealed();
    bed.clock.advance(std::chrono::milliseconds(bed.clock.now().msecsTo(end) - 1000));
    bed.tellDue();
    bed.checkSealed();
    bed.clock.advance(std::chrono::seconds(1));
    bed.tellDue();
    bed.checkOver(RevocationEnd::GaveUp);
    const QString said = bed.connection()->activityLog().activity.first().text;
    QVERIFY2(said.contains(bed.host()) && said.contains(u"a day"_s), qPrintable(said));
    bed.auth.http().start();
    bed.tellNow();
    QCOMPARE(bed.told().size(), 0);
}

// Proves: D-05
void TestDeparture::triesOnceMoreAfterALongSleep()
{
    DepartureBed bed;
    bed.auth.http().stop();
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    bed.auth.http().start();
    // The computer was off for two days.
    bed.clock.advance(std::chrono::hours(48));
    bed.restart();
    bed.listen();
    bed.tellDue();
    bed.checkOver(RevocationEnd::Told);
    // The access token has ended by itself long ago.
    QCOMPARE(bed.told(), QByteArrayList{bed.refreshToken});
}

void TestDeparture::finishesAfterAKill_data()
{
    QTest::addColumn<QString>("point");
    QTest::addColumn<bool>("isReachable");
    for (const QString &point : {u"announced"_s, u"told"_s, u"deleted"_s}) {
        QTest::newRow(qPrintable(point)) << point << true;
    }
    for (const QString &point : {u"entered"_s, u"sealed"_s, u"announced"_s, u"deleted"_s}) {
        QTest::newRow(qPrintable(point + u", service away"_s)) << point << false;
    }
}

// Proves: D-06
void TestDeparture::finishesAfterAKill()
{
    QFETCH(QString, point);
    QFETCH(bool, isReachable);
    DepartureBed bed;
    bed.leaveAt(point, isReachable);
    bed.restart();
    bed.listen();
    checkRefusedAtOnce(bed.connection());
    bed.list->finishInterrupted();
    bed.list->revocations().keepTelling();
    QTRY_VERIFY(!bed.recordOnDisk(bed.id).leaving);
    QTRY_VERIFY(!bed.connection()->state().error);
    checkRefusedAtOnce(bed.connection());
    if (!isReachable) {
        QCOMPARE(bed.entries().size(), 1);
        bed.checkSealed();
        bed.letServiceAnswer();
        bed.tellNow();
    }
    QTRY_VERIFY(!bed.isAlive());
    QTRY_VERIFY(bed.entries().isEmpty());
    QCOMPARE(bed.secrets.keys(), QStringList());
    QVERIFY(!bed.recordOnDisk(bed.id).hasSecret);
}

// Proves: D-07
void TestDeparture::revokesWhatARefreshBringsAfterTheClick()
{
    DepartureBed bed;
    bed.clock.advance(std::chrono::hours(2));
    base::Task<base::Result<Disconnected>> leaving;
    support::OwnTime sinceClick;
    bed.auth.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *answer) {
        answer->delay = std::chrono::milliseconds(500);
        sinceClick.restart();
        leaving = bed.connection()->disconnectFromServer({});
    };
    // Who waits for the refresh isn't kept waiting for its end.
    QVERIFY(!await(bed.connection()->accessToken({})));
    QVERIFY2(sinceClick.elapsed() < atOnce, qPrintable(u"took %1 ms"_s.arg(sinceClick.elapsed())));
    const base::Result<Disconnected> left = await(std::move(leaving));
    QVERIFY2(left, left ? "" : qPrintable(left.error().sentence));
    QCOMPARE(bed.auth.refreshes(), 1);
    // What it has brought, and what was there before.
    QCOMPARE(bed.told().size(), 4);
    QVERIFY(!bed.told().first().isEmpty() && bed.told().first() != bed.refreshToken);
    QVERIFY(!bed.isAlive());
    for (const QByteArray &token : bed.told()) {
        QVERIFY(!bed.auth.isActive(token));
    }
    QCOMPARE(bed.secrets.keys(), QStringList());
}

// Proves: D-08
void TestDeparture::takesTwoClicksForOne()
{
    DepartureBed bed;
    base::Task<base::Result<Disconnected>> first = bed.connection()->disconnectFromServer({});
    base::Task<base::Result<Disconnected>> second = bed.connection()->disconnectFromServer({});
    const base::Result<Disconnected> one = await(std::move(first));
    const base::Result<Disconnected> other = await(std::move(second));
    QVERIFY(one && other);
    QCOMPARE(one->outcome, RevocationOutcome::Revoked);
    QCOMPARE(other->outcome, RevocationOutcome::Revoked);
    QCOMPARE(bed.told(), (QByteArrayList{bed.refreshToken, bed.accessToken}));
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::NothingToRevoke);
    QCOMPARE(bed.told().size(), 2);
}

// Proves: D-09
void TestDeparture::finishesWhenTheKeychainIsUnlocked()
{
    DepartureBed bed;
    bed.secrets.setLocked(true);
    const base::Result<Disconnected> left = bed.disconnect();
    QVERIFY(!left);
    QCOMPARE(left.error().kind, base::ErrorKind::Keychain);
    QVERIFY2(left.error().sentence.startsWith(u"Disconnected here"_s), qPrintable(left.error().sentence));
    QVERIFY(bed.recordOnDisk(bed.id).leaving);
    checkRefusedAtOnce(bed.connection());
    QCOMPARE(bed.connection()->state().phase, connections::Phase::KeychainTrouble);
    QVERIFY(!bed.connection()->state().isSignedIn);
    QCOMPARE(bed.told().size(), 0);
    QVERIFY(await(bed.connection()->unlockKeychain({})));
    QVERIFY(!bed.isAlive());
    QVERIFY(!bed.recordOnDisk(bed.id).leaving);
    QCOMPARE(bed.secrets.keys(), QStringList());
    QVERIFY(!bed.connection()->state().error);
}

// Proves: D-09
void TestDeparture::finishesAtTheNextStartWhenTheKeychainIsUnlocked()
{
    DepartureBed bed;
    bed.secrets.setLocked(true);
    QVERIFY(!bed.disconnect());
    bed.restart();
    QVERIFY(!bed.connection()->state().isSignedIn);
    bed.list->finishInterrupted();
    checkRefusedAtOnce(bed.connection());
    QVERIFY(bed.recordOnDisk(bed.id).leaving);
    bed.restart();
    bed.secrets.setLocked(false);
    bed.list->finishInterrupted();
    QTRY_VERIFY(!bed.recordOnDisk(bed.id).leaving);
    QVERIFY(!bed.isAlive());
    QCOMPARE(bed.secrets.keys(), QStringList());
}

void TestDeparture::refusesOtherProcessesAtOnce()
{
    DepartureBed bed;
    http::Client otherHttp(bed.clock.function());
    connections::ConnectionList other(otherHttp, bed.secrets, storage::Profile(), bed.clock.function(),
                                      bed.deadlines, bed.person.openUrl());
    QVERIFY(other.load());
    const std::shared_ptr<Connection> there = other.byId(bed.id);
    QVERIFY(await(there->accessToken({})));
    bed.auth.http().route("/revoke", FakeResponse::silence());
    base::Task<base::Result<Disconnected>> leaving = bed.connection()->disconnectFromServer({});
    QTRY_VERIFY(bed.recordOnDisk(bed.id).leaving);
    checkRefusedAtOnce(there);
    // Its lock is held while the service is asked, and nobody waits for it.
    QTRY_COMPARE(bed.auth.http().count("/revoke"), 1);
    checkRefusedAtOnce(there);
    bed.auth.http().stop();
    QCOMPARE(await(std::move(leaving))->outcome, RevocationOutcome::Pending);
    checkRefusedAtOnce(there);
    await(other.shutDown());
}

void TestDeparture::refusesThoseWhoWaitInAnotherProcess()
{
    DepartureBed bed;
    http::Client otherHttp(bed.clock.function());
    connections::ConnectionList other(otherHttp, bed.secrets, storage::Profile(), bed.clock.function(),
                                      bed.deadlines, bed.person.openUrl());
    QVERIFY(other.load());
    bed.clock.advance(std::chrono::hours(2));
    base::Task<base::Result<Disconnected>> leaving;
    support::OwnTime sinceClick;
    bed.auth.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *answer) {
        answer->delay = std::chrono::seconds(2);
        sinceClick.restart();
        leaving = bed.connection()->disconnectFromServer({});
    };
    const base::Result<connections::AccessToken> waited = await(other.byId(bed.id)->accessToken({}));
    QVERIFY(!waited);
    QCOMPARE(waited.error().kind, base::ErrorKind::SignInNeeded);
    QVERIFY2(sinceClick.elapsed() < 1000, qPrintable(u"took %1 ms"_s.arg(sinceClick.elapsed())));
    QCOMPARE(await(std::move(leaving))->outcome, RevocationOutcome::Revoked);
    // What the refresh has brought, and what was there before.
    QCOMPARE(bed.told().size(), 4);
    QCOMPARE(bed.secrets.keys(), QStringList());
    await(other.shutDown());
}

QTEST_GUILESS_MAIN(TestDeparture)
#include "tst_departure.moc"
