// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Registrations as connections live with them: which one is used, when one is forgotten, what becomes of it.
#include "support/testbed.h"

#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Phase;
using support::await;
using support::FakeRequest;
using support::FakeResponse;
using support::Testbed;

namespace {

connections::Records recordsOnDisk()
{
    connections::RecordsFile file{storage::Profile(), {}};
    const base::Result<connections::Records> records = file.load();
    return records ? *records : connections::Records();
}

/// The entries of one service.
QList<connections::RegistrationRecord> registrationsOf(const QString &issuer)
{
    QList<connections::RegistrationRecord> found = recordsOnDisk().registrations;
    found.removeIf([&](const connections::RegistrationRecord &record) { return record.issuer != issuer; });
    return found;
}

QByteArray lastTokenField(support::FakeAuthServer *service, const QByteArray &name)
{
    return support::fieldOf(service->http().requestsTo("/token").back().form(), name);
}

base::Task<base::Result<connections::ClientCredentials>> typeIn(QString id, QByteArray secret)
{
    co_await base::yieldToEventLoop();
    co_return connections::ClientCredentials{id, base::Secret(secret)};
}

} // namespace

class TestRegistrations final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void forgetsAStaleOneWhenAsked();
    void offersToForgetWhenTheBrowserNeverComesBack();
    void retiresWhatARemovedConnectionLeaves();
    void keepsWhatAnotherConnectionUses();
    void putsBackWhatASignInUses();
    void keepsAnAccountNameThatWasTyped();
    void movesFromAKeyToASignInAndBack();
    void keepsEachOneUnderItsIssuer();
    void opensNoBrowserWithoutAClientId_data();
    void opensNoBrowserWithoutAClientId();
};

void TestRegistrations::forgetsAStaleOneWhenAsked()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const QString stale = connection->registration()->clientId;
    const FakeResponse forgotten = FakeResponse::json({{u"error"_s, u"invalid_client"_s}}, 401);
    bed.auth.http().once("/token", forgotten);
    QVERIFY(!await(connection->renew({})));
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    QVERIFY(connection->state().error);
    QCOMPARE(connection->state().error->remedy, u"forgets-registration"_s);
    // The tokens are kept: a service that only had a bad day takes them again.
    QVERIFY(bed.recordOnDisk(connection->id()).hasRefreshToken);
    connections::AuthorizeOptions options;
    options.forgetRegistration = true;
    QVERIFY(await(connection->authorize(options, {})));
    QVERIFY(connection->registration()->clientId != stale);
    QTRY_COMPARE(recordsOnDisk().registrations.size(), 1);
}

void TestRegistrations::offersToForgetWhenTheBrowserNeverComesBack()
{
    Testbed bed;
    bed.deadlines.browser = std::chrono::milliseconds(300);
    bed.restart();
    bed.person.mood = support::FakePerson::Mood::Never;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> first = await(connection->authorize({}, {}));
    QVERIFY(!first);
    QCOMPARE(first.error().kind, base::ErrorKind::Timeout);
    // A registration that was just made isn't stale.
    QCOMPARE(first.error().remedy, QString());
    const base::Result<void> second = await(connection->authorize({}, {}));
    QVERIFY(!second);
    QCOMPARE(second.error().remedy, u"forgets-registration"_s);
}

void TestRegistrations::retiresWhatARemovedConnectionLeaves()
{
    Testbed bed;
    bed.auth.authMethods = {u"client_secret_post"_s};
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
    QVERIFY(await(bed.list->remove(connection->id(), false, {})));
    QTRY_COMPARE(recordsOnDisk().registrations.size(), 0);
    QTRY_COMPARE(bed.secrets.keys(), QStringList());
}

void TestRegistrations::keepsWhatAnotherConnectionUses()
{
    Testbed bed;
    const std::shared_ptr<Connection> first = bed.signedIn();
    const std::shared_ptr<Connection> second = bed.signedIn();
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
    QVERIFY(await(bed.list->remove(first->id(), false, {})));
    QVERIFY(await(second->renew({})));
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
}

void TestRegistrations::putsBackWhatASignInUses()
{
    Testbed bed;
    bed.auth.authMethods = {u"client_secret_post"_s};
    const std::shared_ptr<Connection> first = bed.signedIn();
    const std::shared_ptr<Connection> second = bed.added(bed.mcp.url());
    bed.person.mood = support::FakePerson::Mood::StopBeforeCallback;
    QSignalSpy atTheEnd(&bed.person, &support::FakePerson::finished);
    base::Task<base::Result<void>> signingIn = second->authorize({}, {});
    QTRY_COMPARE(atTheEnd.size(), 1);
    // No entry names it yet, so it goes with the connection that it was made for.
    QVERIFY(await(bed.list->remove(first->id(), false, {})));
    QTRY_COMPARE(recordsOnDisk().registrations.size(), 0);
    QVERIFY(second->pasteAddress(bed.person.callbackAddress.toString(QUrl::FullyEncoded)));
    QVERIFY(await(std::move(signingIn)));
    QVERIFY(second->registration());
    bed.clock.advance(std::chrono::hours(2));
    const base::Result<connections::AccessToken> token = await(second->accessToken({}));
    QVERIFY2(token, token ? "" : qPrintable(token.error().sentence));
}

void TestRegistrations::keepsAnAccountNameThatWasTyped()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->setAccountLabel(u"At work \u202e"_s, {})));
    QCOMPARE(connection->record().accountLabel, u"At work"_s);
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(bed.recordOnDisk(connection->id()).accountLabel, u"At work"_s);
    QVERIFY(await(connection->setAccountLabel({}, {})));
    QCOMPARE(connection->record().accountLabel, connection->record().accountTold);
}

void TestRegistrations::movesFromAKeyToASignInAndBack()
{
    Testbed bed;
    bed.mcp.keyHeader = "X-Api-Key";
    bed.mcp.keyValue = "key-for-a-test";
    const std::shared_ptr<Connection> connection = bed.addedWithKey(bed.mcp);
    bed.mcp.admits = nullptr;
    QVERIFY(await(connection->listTools({})));
    // The server now wants people to sign in.
    bed.mcp.keyHeader.clear();
    bed.mcp.protect(bed.auth.issuer(), [&bed](const QByteArray &token) { return bed.auth.isActive(token); });
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(connection->record().kind, connections::AuthorizationKind::OAuth);
    QVERIFY(await(connection->listTools({})));
    // And back.
    QVERIFY(await(connection->setHeaderKey(u"X-Api-Key"_s, base::Secret("key-for-a-test"), {})));
    QCOMPARE(connection->record().kind, connections::AuthorizationKind::Header);
    QCOMPARE(bed.auth.revocations(), 2);
    bed.mcp.keyHeader = "X-Api-Key";
    bed.mcp.admits = nullptr;
    QVERIFY(await(connection->listTools({})));
}

// Proves: BIND-1, BIND-2
// Matrix: 24 REG
void TestRegistrations::keepsEachOneUnderItsIssuer()
{
    Testbed bed;
    bed.deadlines.browser = std::chrono::seconds(10);
    bed.restart();
    bed.auth.authMethods = {u"client_secret_post"_s};
    const std::shared_ptr<Connection> first = bed.signedIn();
    const QString clientId = first->registration()->clientId;
    // Another service, where a client of the very same name is typed in.
    support::FakeAuthServer other({}, bed.clock.function());
    other.hasRegistration = false;
    other.authMethods = bed.auth.authMethods;
    support::FakeMcpServer server;
    server.protect(other.issuer(), [&other](const QByteArray &token) { return other.isActive(token); });
    const std::shared_ptr<Connection> second = bed.added(server.url());
    connections::AuthorizeOptions options;
    options.askForClient = [&](oauth::ClientNeeded needed, std::stop_token) {
        other.addClient(clientId.toUtf8(), "of-the-other", needed.redirectUri.toUtf8());
        return typeIn(clientId, "of-the-other");
    };
    QVERIFY(await(second->authorize(options, {})));
    QTRY_COMPARE(recordsOnDisk().registrations.size(), 2);
    for (const QString &issuer : {bed.auth.issuer(), other.issuer()}) {
        const QList<connections::RegistrationRecord> stored = registrationsOf(issuer);
        QCOMPARE(stored.size(), 1);
        QCOMPARE(stored[0].clientId, clientId);
        QVERIFY(stored[0].hasSecret);
    }
    // And what is stored is what each service is shown, also by a later run of the program.
    const QStringList ids{first->id(), second->id()};
    bed.restart();
    QVERIFY(await(bed.list->byId(ids[0])->renew({})));
    QVERIFY(await(bed.list->byId(ids[1])->renew({})));
    QCOMPARE(lastTokenField(&other, "client_secret"), "of-the-other"_ba);
    const QByteArray own = lastTokenField(&bed.auth, "client_secret");
    QVERIFY(!own.isEmpty());
    QVERIFY(own != "of-the-other");
}

void TestRegistrations::opensNoBrowserWithoutAClientId_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("refused") << FakeResponse::json({{u"error"_s, u"access_denied"_s}}, 403);
    QTest::newRow("out of order") << FakeResponse::empty(503);
    QTest::newRow("no id") << FakeResponse::json({{u"client_name"_s, u"Mooring"_s}}, 201);
    QTest::newRow("an empty id") << FakeResponse::json({{u"client_id"_s, QString()}}, 201);
    QTest::newRow("half a number") << FakeResponse::json({{u"client_id"_s, 1.5}}, 201);
}

// Proves: REG-1
void TestRegistrations::opensNoBrowserWithoutAClientId()
{
    QFETCH(FakeResponse, answer);
    Testbed bed;
    bed.deadlines.browser = std::chrono::seconds(10);
    bed.restart();
    const FakeResponse good = FakeResponse::json({{u"client_id"_s, u"good"_s}}, 201);
    bed.auth.http().route("/register", answer);
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    QVERIFY(!await(connection->authorize({}, {})));
    QVERIFY(bed.auth.http().count("/register") > 0);
    QCOMPARE(bed.person.opened.size(), 0);
    QCOMPARE(bed.auth.http().count("/authorize"), 0);
    // As soon as there is one, the person is sent there with it.
    bed.auth.http().route("/register", [&](const FakeRequest &request) {
        const QByteArray uri = request.json().value("redirect_uris"_L1)[0].toString().toUtf8();
        bed.auth.addClient("good", {}, uri);
        return good;
    });
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(bed.person.opened.size(), 1);
    QCOMPARE(QUrlQuery(bed.person.opened[0]).queryItemValue(u"client_id"_s), u"good"_s);
}

QTEST_GUILESS_MAIN(TestRegistrations)
#include "tst_registrations.moc"
