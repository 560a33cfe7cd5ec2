// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What was issued by one service, or for one server, never reaches another, whatever a server says later and
// whoever has edited the files.
#include "secretsin.h"
#include "support/testbed.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Records;
using support::await;
using support::FakeResponse;
using support::Testbed;
using test::secretsIn;

namespace {

/// Everything that makes Mooring send something, with a click at the end.
base::Result<void> useInEveryWay(Testbed &bed, Connection &connection)
{
    await(connection.listTools({}));
    bed.clock.advance(std::chrono::hours(2));
    await(connection.accessToken({}));
    bed.auth.endAccessTokens();
    await(connection.listTools({}));
    await(connection.check({}, {}));
    return await(connection.authorize({}, {}));
}

} // namespace

class TestWrongParty final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anotherServiceIsNamedLater_data();
    void anotherServiceIsNamedLater();
    void serverMakesItselfTheService();
    void editedRecords_data();
    void editedRecords();
    void editedKeychainItems_data();
    void editedKeychainItems();
    void movedServerGetsNoToken();
    void cleanupTestCase() { test::WrongParty::total().print(); }
};

// Proves: VT-03
void TestWrongParty::anotherServiceIsNamedLater_data()
{
    QTest::addColumn<QByteArray>("order"); // 1: the service of the sign-in, 2: the stranger
    QTest::addColumn<bool>("goesOn");
    QTest::newRow("another") << QByteArray("2") << false;
    QTest::newRow("another first") << QByteArray("21") << false;
    QTest::newRow("another as well") << QByteArray("12") << true;
    QTest::newRow("another twice") << QByteArray("22") << false;
}

void TestWrongParty::anotherServiceIsNamedLater()
{
    QFETCH(QByteArray, order);
    QFETCH(bool, goesOn);
    Testbed bed;
    bed.auth.authMethods = {u"client_secret_post"_s};
    const std::shared_ptr<Connection> connection = bed.signedIn();
    support::FakeAuthServer stranger;
    bed.mcp.authorizationServers.clear();
    for (const char which : order) {
        bed.mcp.authorizationServers.append(which == '1' ? bed.auth.issuer() : stranger.issuer());
    }
    const base::Result<void> clicked = useInEveryWay(bed, *connection);
    QCOMPARE(clicked.has_value(), goesOn);
    QCOMPARE(secretsIn(stranger.http()), QStringList());
    for (const support::FakeRequest &request : stranger.http().requests()) {
        QCOMPARE(request.method, "GET"); // its description, and nothing else
    }
    // What is there goes on with the service that it came from.
    QCOMPARE(bed.auth.refreshes(), 2);
    QCOMPARE(bed.person.opened.size(), goesOn ? 2 : 1);
    if (!goesOn) {
        QCOMPARE(clicked.error().kind, base::ErrorKind::RefusedByPolicy);
        QVERIFY(clicked.error().sentence.contains(QUrl(bed.auth.issuer()).authority()));
        QVERIFY(clicked.error().sentence.contains(QUrl(stranger.issuer()).authority()));
        QCOMPARE(connection->state().phase, connections::Phase::Stopped);
    }
}

// Proves: VT-03
void TestWrongParty::serverMakesItselfTheService()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    // Its metadata vanish, and what is found then (MCP 2025-03-26) is the server's own origin.
    bed.mcp.servesMetadataAtPath = false;
    bed.mcp.challengeOverride = "Bearer";
    const QString origin = bed.mcp.http().origin();
    bed.mcp.http().route(
        "/.well-known/oauth-authorization-server",
        FakeResponse::json({{u"issuer"_s, origin},
                            {u"authorization_endpoint"_s, QString(origin + u"/authorize"_s)},
                            {u"token_endpoint"_s, QString(origin + u"/token"_s)},
                            {u"registration_endpoint"_s, QString(origin + u"/register"_s)},
                            {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}}}));
    const base::Result<void> clicked = useInEveryWay(bed, *connection);
    QCOMPARE(clicked.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(bed.mcp.http().count("/token"), 0);
    QCOMPARE(bed.mcp.http().count("/register"), 0);
    for (const support::FakeRequest &request : bed.mcp.http().requests()) {
        QVERIFY(!request.body.contains("canary-"));
        QVERIFY(!request.headers.value("Authorization").contains("refresh"));
    }
    QCOMPARE(bed.auth.refreshes(), 2);
    QCOMPARE(bed.person.opened.size(), 1);
}

using Edit = void (*)(Records *records, const QString &stranger);
Q_DECLARE_METATYPE(Edit)

// Proves: VT-03, VT-08
void TestWrongParty::editedRecords_data()
{
    QTest::addColumn<Edit>("edit");
    const auto row = [](const char *name, Edit edit) { QTest::newRow(name) << edit; };
    row("issuer missing",
        [](Records *records, const QString &) { records->connections.first().issuer.clear(); });
    row("issuer of another",
        [](Records *records, const QString &stranger) { records->connections.first().issuer = stranger; });
    row("issuer of another, everywhere", [](Records *records, const QString &stranger) {
        records->connections.first().issuer = stranger;
        records->connections.first().authorizationServer[u"issuer"_s] = stranger;
        records->registrations.first().issuer = stranger;
    });
    row("token endpoint of another", [](Records *records, const QString &stranger) {
        records->connections.first().authorizationServer[u"token_endpoint"_s] =
            QString(stranger + u"/token"_s);
    });
    row("no token endpoint", [](Records *records, const QString &) {
        records->connections.first().authorizationServer.remove(u"token_endpoint"_s);
    });
    row("nothing about the service",
        [](Records *records, const QString &) { records->connections.first().authorizationServer = {}; });
    row("registration of another",
        [](Records *records, const QString &stranger) { records->registrations.first().issuer = stranger; });
    row("another client",
        [](Records *records, const QString &) { records->registrations.first().clientId = u"another"_s; });
    row("another resource",
        [](Records *records, const QString &stranger) { records->connections.first().resource = stranger; });
    row("no resource",
        [](Records *records, const QString &) { records->connections.first().resource.clear(); });
}

void TestWrongParty::editedRecords()
{
    QFETCH(Edit, edit);
    Testbed bed;
    const QString id = bed.signedIn()->id();
    support::FakeAuthServer stranger;
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const auto change = [edit, issuer = stranger.issuer()](Records &records) { edit(&records, issuer); };
    QVERIFY(await(file.update(change, {})));
    bed.restart();
    bed.clock.advance(std::chrono::hours(2));
    const std::shared_ptr<Connection> connection = bed.list->byId(id);
    QVERIFY(connection);
    QVERIFY(!await(connection->accessToken({})));
    QVERIFY(!await(connection->listTools({})));
    QCOMPARE(stranger.http().requests().size(), 0U);
    QCOMPARE(bed.auth.refreshes(), 0);
    // Refused, and neither adopted nor thrown away.
    connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
    const auto grant = await(store.readGrant(id, {}));
    QVERIFY(grant && *grant);
    QCOMPARE((*grant)->issuer, bed.auth.issuer());
}

using EditGrant = void (*)(connections::Grant *grant, const QString &stranger);
Q_DECLARE_METATYPE(EditGrant)

// Proves: VT-03
void TestWrongParty::editedKeychainItems_data()
{
    QTest::addColumn<EditGrant>("edit");
    const auto row = [](const char *name, EditGrant edit) { QTest::newRow(name) << edit; };
    row("no issuer", [](connections::Grant *grant, const QString &) { grant->issuer.clear(); });
    row("issuer of another",
        [](connections::Grant *grant, const QString &stranger) { grant->issuer = stranger; });
    row("no token endpoint",
        [](connections::Grant *grant, const QString &) { grant->tokenEndpoint.clear(); });
    row("token endpoint of another", [](connections::Grant *grant, const QString &stranger) {
        grant->tokenEndpoint = QUrl(stranger + u"/token"_s);
    });
    row("no resource", [](connections::Grant *grant, const QString &) { grant->resource.clear(); });
    row("no client", [](connections::Grant *grant, const QString &) { grant->clientId.clear(); });
}

void TestWrongParty::editedKeychainItems()
{
    QFETCH(EditGrant, edit);
    Testbed bed;
    const QString id = bed.signedIn()->id();
    support::FakeAuthServer stranger;
    connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
    connections::Grant grant = **await(store.readGrant(id, {}));
    edit(&grant, stranger.issuer());
    QVERIFY(await(store.writeGrant(id, grant, {})));
    bed.restart();
    bed.clock.advance(std::chrono::hours(2));
    const std::shared_ptr<Connection> connection = bed.list->byId(id);
    QVERIFY(!await(connection->accessToken({})));
    QVERIFY(!await(connection->listTools({})));
    QCOMPARE(stranger.http().requests().size(), 0U);
    QCOMPARE(bed.auth.refreshes(), 0);
}

// Proves: VT-08
void TestWrongParty::movedServerGetsNoToken()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    support::FakeMcpServer stranger;
    stranger.protect(bed.auth.issuer(), [](const QByteArray &) { return true; });
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const auto move = [url = stranger.url()](Records &records) { records.connections.first().url = url; };
    QVERIFY(await(file.update(move, {})));
    bed.restart();
    QVERIFY(!await(bed.list->byId(id)->listTools({})));
    QCOMPARE(secretsIn(stranger.http()), QStringList());
}

QTEST_GUILESS_MAIN(TestWrongParty)
#include "tst_wrongparty.moc"
