// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Revocations that could not be delivered: what they outlive, what they leave alone, and who delivers them.
#include "departurebed.h"
#include "support/measures.h"

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Disconnected;
using connections::Records;
using connections::RevocationEnd;
using connections::RevocationOutcome;
using support::await;
using support::FakeResponse;
using test::DepartureBed;

namespace {

FakeResponse busy()
{
    return FakeResponse::empty(503);
}

Records recordsOnDisk()
{
    connections::RecordsFile file{storage::Profile(), {}};
    const base::Result<Records> records = file.load();
    return records ? *records : Records();
}

void change(const connections::RecordsChange &change)
{
    connections::RecordsFile file{storage::Profile(), {}};
    QVERIFY(await(file.update(change, {})));
}

} // namespace

class TestRevocations final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void outliveTheirConnectionAndItsRegistration();
    void leaveANewSignInAlone();
    void cameOfAReplacedSignInToo();
    void areForgottenOnOrder();
    void stayForgottenWhileTheServiceAnswers();
    void areDeliveredByOneProcess();
    void tellOnlyWhatIsLeft();
    void waitForALockedKeychain();
    void endWithTheServicesLastWord();
    void goNowhereElse_data();
    void goNowhereElse();
    void areSweptUpWithoutTokens();
    void keepNothingOfASignInForThisWindow();
    void reachAServiceThatIsNearerThanItsServer();
    void areStoppedByTheEndOfTheProcess();
};

void TestRevocations::outliveTheirConnectionAndItsRegistration()
{
    DepartureBed bed([](DepartureBed *made) { made->auth.authMethods = {u"client_secret_post"_s}; });
    bed.auth.http().route("/revoke", busy());
    const base::Result<Disconnected> removed = await(bed.list->remove(bed.id, false, {}));
    QVERIFY(removed);
    QCOMPARE(removed->outcome, RevocationOutcome::Pending);
    QVERIFY(bed.list->connections().isEmpty());
    // A day later for registrations too: nobody may take it for an old one that is left over.
    bed.clock.advance(std::chrono::hours(2));
    bed.restart();
    bed.listen();
    QCOMPARE(bed.entries().size(), 1);
    QCOMPARE(bed.entries().first().name, removed->pending->name);
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
    QCOMPARE(bed.secrets.keys().size(), 2);
    bed.letServiceAnswer();
    bed.tellDue();
    QCOMPARE(bed.ends, QList{RevocationEnd::Told});
    QVERIFY(!bed.auth.isActive(bed.refreshToken));
    QVERIFY(bed.entries().isEmpty());
    QCOMPARE(recordsOnDisk().registrations.size(), 0);
    QCOMPARE(bed.secrets.keys(), QStringList());
}

void TestRevocations::leaveANewSignInAlone()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    QVERIFY(await(bed.connection()->authorize({}, {})));
    const QByteArray fresh = await(bed.connection()->accessToken({}))->token.reveal();
    QVERIFY(bed.connection()->pendingRevocation());
    bed.letServiceAnswer();
    bed.tellNow();
    QCOMPARE(bed.ends, QList{RevocationEnd::Told});
    QCOMPARE(bed.told(), (QByteArrayList{bed.refreshToken, bed.accessToken}));
    QVERIFY(!bed.isAlive());
    QVERIFY(bed.auth.isActive(fresh));
    QVERIFY(await(bed.connection()->renew({})));
    QCOMPARE(bed.connection()->state().phase, connections::Phase::Authorized);
}

void TestRevocations::cameOfAReplacedSignInToo()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QVERIFY(await(bed.connection()->authorize({}, {})));
    QTRY_COMPARE(bed.entries().size(), 1);
    QTRY_COMPARE(bed.secrets.keys().size(), 2);
    QVERIFY(bed.isAlive());
    bed.letServiceAnswer();
    bed.tellNow();
    QVERIFY(!bed.isAlive());
    QVERIFY(bed.entries().isEmpty());
    QVERIFY(await(bed.connection()->accessToken({})));
}

void TestRevocations::areForgottenOnOrder()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    const QString id = bed.entries().first().id;
    QVERIFY(await(bed.list->revocations().forget(id)));
    bed.checkOver(RevocationEnd::Forgotten);
    // Once more is no mistake.
    QVERIFY(await(bed.list->revocations().forget(id)));
    bed.letServiceAnswer();
    bed.tellNow();
    QCOMPARE(bed.told().size(), 0);
    QCOMPARE(bed.ends.size(), 1);
}

void TestRevocations::stayForgottenWhileTheServiceAnswers()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    FakeResponse slow = busy();
    slow.delay = std::chrono::milliseconds(200);
    slow.headers.set("Retry-After", "5");
    bed.auth.http().route("/revoke", slow);
    const int before = bed.auth.http().count("/revoke");
    bed.list->revocations().tellNow();
    QTRY_COMPARE(bed.auth.http().count("/revoke"), before + 1);
    QVERIFY(await(bed.list->revocations().forget(bed.entries().first().id)));
    await(bed.list->revocations().settled(std::chrono::seconds(10)));
    bed.checkOver(RevocationEnd::Forgotten);
}

void TestRevocations::areDeliveredByOneProcess()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    bed.letServiceAnswer();
    http::Client otherHttp(bed.clock.function());
    connections::ConnectionList other(otherHttp, bed.secrets, storage::Profile(), bed.clock.function(),
                                      bed.deadlines, bed.person.openUrl());
    QVERIFY(other.load());
    bed.clock.advance(std::chrono::minutes(1));
    bed.list->revocations().tellDue();
    other.revocations().tellDue();
    await(bed.list->revocations().settled(std::chrono::seconds(10)));
    await(other.revocations().settled(std::chrono::seconds(10)));
    // Whoever comes late looks again, and finds nothing to do.
    other.revocations().tellNow();
    await(other.revocations().settled(std::chrono::seconds(10)));
    QCOMPARE(bed.told(), (QByteArrayList{bed.refreshToken, bed.accessToken}));
    QVERIFY(bed.entries().isEmpty());
    QTRY_VERIFY(other.revocations().all().isEmpty());
    await(other.shutDown());
}

void TestRevocations::tellOnlyWhatIsLeft()
{
    DepartureBed bed;
    const support::FakeServer::Handler good = bed.auth.http().routeOf("/revoke");
    bed.auth.http().route("/revoke", [&](const support::FakeRequest &request) {
        const bool isAccess = support::fieldOf(request.form(), "token_type_hint") == "access_token";
        return isAccess ? busy() : good(request);
    });
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    QVERIFY(!bed.auth.isActive(bed.refreshToken));
    QVERIFY(bed.entries().first().refreshEnded);
    bed.letServiceAnswer();
    bed.tellNow();
    QCOMPARE(bed.told(), QByteArrayList{bed.accessToken});
    bed.checkOver(RevocationEnd::Told);
}

void TestRevocations::waitForALockedKeychain()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    bed.letServiceAnswer();
    bed.secrets.setLocked(true);
    // Even when its time is over: tokens that can't be deleted are not forgotten.
    bed.clock.advance(std::chrono::hours(30));
    bed.tellDue();
    QCOMPARE(bed.entries().size(), 1);
    QCOMPARE(bed.entries().first().attempts, 1);
    QCOMPARE(bed.told().size(), 0);
    bed.secrets.setLocked(false);
    bed.tellDue();
    bed.checkOver(RevocationEnd::Told);
}

void TestRevocations::endWithTheServicesLastWord()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    bed.auth.http().route("/revoke", FakeResponse::json({{u"error"_s, u"invalid_client"_s}}, 401));
    bed.tellNow();
    bed.checkOver(RevocationEnd::Refused);
}

void TestRevocations::goNowhereElse_data()
{
    QTest::addColumn<QString>("member");
    QTest::newRow("another endpoint") << u"endpoint"_s;
    QTest::newRow("another issuer") << u"issuer"_s;
    QTest::newRow("another client") << u"registration"_s;
}

/// The records file can be edited; what is in the keychain knows where it belongs.
void TestRevocations::goNowhereElse()
{
    QFETCH(QString, member);
    DepartureBed bed;
    const support::FakeServer canary;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    bed.letServiceAnswer();
    change([&](Records &records) {
        connections::RevocationRecord &entry = records.revocations.first();
        if (member == "endpoint"_L1) {
            entry.endpoint = canary.url(u"/revoke"_s);
        } else if (member == "issuer"_L1) {
            entry.issuer = canary.origin();
        } else {
            records.registrations.first().clientId = u"somebody-else"_s;
        }
    });
    bed.restart();
    bed.listen();
    bed.tellNow();
    QCOMPARE(canary.connections(), 0);
    QCOMPARE(bed.told().size(), 0);
    QCOMPARE(bed.ends, QList{RevocationEnd::Refused});
    QCOMPARE(bed.secrets.keys(), QStringList());
}

void TestRevocations::areSweptUpWithoutTokens()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    connections::PendingTokenStore store(bed.secrets, storage::Profile().keychainPrefix());
    QVERIFY(await(store.remove(bed.entries().first().id)));
    // It may be one that another process is just making.
    bed.clock.advance(std::chrono::seconds(60));
    bed.tellDue();
    QCOMPARE(bed.entries().size(), 1);
    bed.clock.advance(std::chrono::minutes(5));
    bed.tellDue();
    QVERIFY(bed.entries().isEmpty());
    QCOMPARE(bed.ends.size(), 0);
}

void TestRevocations::keepNothingOfASignInForThisWindow()
{
    support::Testbed bed;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    connections::AuthorizeOptions options;
    options.windowOnly = true;
    QVERIFY(await(connection->authorize(options, {})));
    const QStringList keys = bed.secrets.keys();
    bed.auth.http().route("/revoke", busy());
    const base::Result<Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(left->outcome, RevocationOutcome::NotConfirmed);
    QCOMPARE(bed.secrets.keys(), keys);
    QVERIFY(recordsOnDisk().revocations.isEmpty());
}

/// A person has typed the issuer, which is on this computer, for a server on the internet.
void TestRevocations::reachAServiceThatIsNearerThanItsServer()
{
    DepartureBed bed;
    change([&](Records &records) {
        records.connections.first().url = QUrl(u"https://mcp.example.com/mcp"_s);
        records.connections.first().settings.issuer = bed.auth.issuer();
    });
    bed.restart();
    bed.listen();
    const base::Result<Disconnected> left = bed.disconnect();
    QVERIFY(left);
    QVERIFY2(left->outcome == RevocationOutcome::Revoked, qPrintable(left->sentence));
    QVERIFY(!bed.isAlive());
}

void TestRevocations::areStoppedByTheEndOfTheProcess()
{
    DepartureBed bed;
    bed.auth.http().route("/revoke", busy());
    QCOMPARE(bed.disconnect()->outcome, RevocationOutcome::Pending);
    bed.auth.http().route("/revoke", FakeResponse::silence());
    const int before = bed.auth.http().count("/revoke");
    bed.list->revocations().tellNow();
    QTRY_COMPARE(bed.auth.http().count("/revoke"), before + 1);
    const support::OwnTime time;
    bed.restart();
    QVERIFY2(time.elapsed() < 1000, qPrintable(QString::number(time.elapsed())));
    bed.listen();
    bed.checkSealed();
    // It had its turn: a process that starts again and again doesn't try again and again.
    bed.tellDue();
    QCOMPARE(bed.auth.http().count("/revoke"), before + 1);
}

QTEST_GUILESS_MAIN(TestRevocations)
#include "tst_revocations.moc"
