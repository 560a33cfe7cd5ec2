// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that would like what belongs to another one, and what adding a server may cost: nothing.
#include "secretsin.h"
#include "support/testbed.h"

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using support::await;
using support::Testbed;
using test::secretsIn;

class TestForeignResource final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void foreignResources_data();
    void foreignResources();
    void addingSpendsNothing();
    void placeholdersStayAsTheyAre();
};

// Proves: VT-04
void TestForeignResource::foreignResources_data()
{
    QTest::addColumn<QString>("resource"); // HONEST and EVIL are host:port
    for (const char *resource :
         {"http://HONEST/mcp", "http://HONEST", "http://HONEST/", "http://HONEST/other",
          "http://EVIL/mcp/deeper", "http://EVIL/other", "http://EVIL/mc", "http://EVIL@HONEST/mcp",
          "http://HONEST@EVIL/mcp", "http://127.0.0.1:1/mcp", "http://127.0.0.1.:1/mcp",
          "http://localhost:1/mcp", "http://[::1]:1/mcp", "http://\xef\xbc\x91\x32\x37.0.0.1:1/mcp",
          "https://EVIL/mcp", "http://EVIL/mcp#fragment", "http://EVIL/mcp/../other", "//HONEST/mcp",
          "urn:x"}) {
        QTest::newRow(resource) << QString::fromUtf8(resource);
    }
}

void TestForeignResource::foreignResources()
{
    QFETCH(QString, resource);
    Testbed bed;
    support::FakeMcpServer honest;
    honest.protect(bed.auth.issuer(), [](const QByteArray &) { return true; });
    bed.mcp.resource =
        resource.replace("HONEST"_L1, honest.url().authority()).replace("EVIL"_L1, bed.mcp.url().authority());
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> clicked = await(connection->authorize({}, {}));
    QVERIFY(!clicked);
    QCOMPARE(clicked.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(bed.person.opened.size(), 0);
    QCOMPARE(bed.auth.http().count("/token"), 0);
    QCOMPARE(bed.auth.http().count("/register"), 0);
    for (const support::FakeRequest &request : bed.mcp.http().requests()) {
        QVERIFY(!request.headers.contains("Authorization"));
    }
    QCOMPARE(honest.http().requests().size(), 0U);
}

// Proves: VT-08
void TestForeignResource::addingSpendsNothing()
{
    Testbed bed;
    const QString first = bed.signedIn()->id();
    bed.mcp.http().forgetRequests();
    bed.auth.http().forgetRequests();
    // The same server once more, where there is a grant for it, and one with a key.
    const std::shared_ptr<Connection> second = bed.added(bed.mcp.url());
    support::FakeMcpServer server;
    server.keyHeader = "X-Api-Key";
    server.keyValue = "canary-key";
    bed.addedWithKey(server);
    QCOMPARE(server.http().requests().size(), 0U);
    QCOMPARE(bed.mcp.http().requests().size(), 0U);
    // The look at it is not by the other's grant, and asks the service for nothing but its description.
    await(second->check({}, {}));
    QCOMPARE(secretsIn(bed.mcp.http()), QStringList());
    QCOMPARE(secretsIn(bed.auth.http()), QStringList());
    QVERIFY(!await(second->accessToken({})));
    QCOMPARE(bed.person.opened.size(), 1);
    QVERIFY(bed.list->byId(first)->state().isSignedIn);
}

// Proves: VT-08
void TestForeignResource::placeholdersStayAsTheyAre()
{
    qputenv("CANARY", "canary-value");
    Testbed bed;
    support::FakeMcpServer server(u"/$CANARY/%25CANARY%25/mcp"_s);
    server.keyHeader = "X-Api-Key";
    server.keyValue = "${CANARY}%CANARY%$CANARY{{CANARY}}";
    connections::NewConnection request;
    request.url = server.url();
    request.name = u"${CANARY}"_s;
    request.headers = {{u"X-Api-Key"_s, base::Secret(server.keyValue)}};
    const base::Result<std::shared_ptr<Connection>> connection = await(bed.list->add(request, {}));
    QVERIFY(connection);
    QCOMPARE((*connection)->record().name, u"${CANARY}"_s);
    QVERIFY(await((*connection)->listTools({})));
    QCOMPARE(secretsIn(server.http()), QStringList());
    QVERIFY(!bed.everythingOnDisk().contains("canary-value"));
    qunsetenv("CANARY");
}

QTEST_GUILESS_MAIN(TestForeignResource)
#include "tst_foreignresource.moc"
