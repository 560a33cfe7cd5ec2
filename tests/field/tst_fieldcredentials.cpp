// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds 6 and 10 of tests/field.txt, and plain http in a network of one's own.
#include "field/journey.h"

#include "http/addresssecrets.h"
#include "text/addressnote.h"
#include "text/remedyoffer.h"
#include "text/reporttext.h"
#include "text/settingstext.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::TypedHeader;
using field::Arrival;
using field::travel;
using field::Traveller;
using support::await;
using support::FakeMcpServer;
using support::FakeRequest;
using support::FakeResponse;
using support::Testbed;

namespace {

TypedHeader secret(const QString &name, const QByteArray &value)
{
    return {name, base::Secret(value), true};
}

TypedHeader plain(const QString &name, const QByteArray &value)
{
    return {name, base::Secret(value), false};
}

/// Everything that was sent to a server: lines, headers, bodies.
QByteArray everythingSentTo(const support::FakeServer &server)
{
    QByteArray all;
    for (const FakeRequest &request : server.requests()) {
        all += request.method + ' ' + request.target + '\n';
        for (const auto &[name, value] : request.headers.fields()) {
            all += name + ": " + value + '\n';
        }
        all += request.body + '\n';
    }
    return all;
}

int requestsWith(const support::FakeServer &server, const QByteArray &header, const QByteArray &value)
{
    const auto requests = server.requests();
    return static_cast<int>(std::ranges::count_if(
        requests, [&](const FakeRequest &request) { return request.headers.value(header) == value; }));
}

/// What a person could copy, report or read of a look at an address.
QString everythingTold(const QUrl &url, const mcp::ProbeReport &report)
{
    QString all = text::reportText(url, report) + text::verdictSentence(report)
                  + QString::fromUtf8(QJsonDocument(report.toJson()).toJson());
    if (report.error) {
        all += report.error->sentence + report.error->detail;
    }
    return all + (report.discovery ? report.discovery->resource.resource : QString());
}

const QByteArray addressKey = "tvly-canary-0123456789";

} // namespace

class TestFieldCredentials final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wantsTwoKeys();
    void wantsAKeyAndAWorkspace();
    void wantsAWorkspaceBesideASignIn();
    void wantsAKeyBesideASignIn();
    void keepsMooringsOwnHeaders_data();
    void keepsMooringsOwnHeaders();
    void tellsOneWrongKeyOfTwo();
    void keepsTheKeyOfAnAddress();
    void sendsNoKeyToASignInPage();
    void hidesAKeyInThePath();
    void followsAMoveThatRepeatsTheKey();
    void goesOnWithAnAddressOfBefore();
    void tellsAWrongKeyOfAnAddress();
    void leavesFiltersInTheAddress();
};

// Field: 6.1
void TestFieldCredentials::wantsTwoKeys()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    bed.mcp.authorizationServers.clear();
    bed.mcp.keyHeader = "DD-API-KEY";
    bed.mcp.keyValue = "canary-api-key";
    bed.mcp.otherHeaders = {{"DD-APPLICATION-KEY", "canary-application-key"}};
    Arrival arrival = travel(&bed, {.address = bed.mcp.url().toString(),
                                    .keys = {secret(u"DD-API-KEY"_s, "canary-api-key"),
                                             secret(u"DD-APPLICATION-KEY"_s, "canary-application-key")}});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.verdicts, (QStringList{u"needs-key"_s, u"open"_s}));
    QCOMPARE(arrival.answer, u"ahoy"_s);
    QVERIFY(!bed.everythingOnDisk().contains("canary"));
    const QString id = arrival.connection->id();
    arrival = {};
    bed.restart();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.list->byId(id)->state().phase, connections::Phase::ApiKey);
    // Leaving takes both along.
    QVERIFY(await(bed.list->byId(id)->disconnectFromServer({})));
    QCOMPARE(bed.secrets.keys(), QStringList());
}

// Field: 6.2
void TestFieldCredentials::wantsAKeyAndAWorkspace()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    bed.mcp.authorizationServers.clear();
    bed.mcp.keyHeader = "Authorization";
    bed.mcp.keyValue = "Bearer canary-key";
    bed.mcp.otherHeaders = {{"X-Workspace", "blue"}};
    const Arrival arrival = travel(
        &bed, {.address = bed.mcp.url().toString(),
               .headers = {plain(u"X-Workspace"_s, "blue")},
               .keys = {secret(u"Authorization"_s, "Bearer canary-key"), plain(u"X-Workspace"_s, "blue")}});
    // A workspace is no key, so the key was still asked for.
    QVERIFY(!arrival.gotIn());
    QCOMPARE(arrival.verdicts.first(), u"needs-key"_s);
    QVERIFY(await(arrival.connection->setHeaders(
        {secret(u"Authorization"_s, "Bearer canary-key"), plain(u"X-Workspace"_s, "blue")}, {})));
    QVERIFY(await(arrival.connection->listTools({})));
    QVERIFY(bed.everythingOnDisk().contains("blue"));
    QVERIFY(!bed.everythingOnDisk().contains("canary"));
}

// Field: 6.3
void TestFieldCredentials::wantsAWorkspaceBesideASignIn()
{
    Testbed bed;
    bed.mcp.otherHeaders = {{"X-Workspace", "blue"}};
    Arrival arrival =
        travel(&bed, {.address = bed.mcp.url().toString(), .headers = {plain(u"X-Workspace"_s, "blue")}});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.verdicts, QStringList{u"needs-sign-in"_s});
    field::liveOn(&bed, &arrival);
    QVERIFY2(!arrival.error, qPrintable(arrival.told()));
    QVERIFY(requestsWith(bed.mcp.http(), "X-Workspace", "blue") > 2);
    QCOMPARE(requestsWith(bed.auth.http(), "X-Workspace", "blue"), 0);
}

// Field: 6.4
void TestFieldCredentials::wantsAKeyBesideASignIn()
{
    Testbed bed;
    const auto connection = bed.signedIn();
    bed.mcp.otherHeaders = {{"X-Gateway-Key", "canary-gateway"}};
    QVERIFY(!await(connection->listTools({})));
    QVERIFY(await(connection->setHeaders({secret(u"X-Gateway-Key"_s, "canary-gateway")}, {})));
    QVERIFY(await(connection->listTools({})));
    // Renewed, started anew, looked at: it stays, and goes to nobody else.
    bed.clock.advance(std::chrono::hours(2));
    const int before = bed.auth.refreshes();
    const QString id = connection->id();
    bed.restart();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.auth.refreshes(), before + 1);
    const mcp::ProbeReport report = await(bed.list->byId(id)->check({}, {}));
    QCOMPARE(mcp::verdictName(report.verdict), u"needs-sign-in"_s);
    QVERIFY(!everythingSentTo(bed.auth.http()).contains("canary-gateway"));
    QVERIFY(!bed.everythingOnDisk().contains("canary-gateway"));
    // The sign-in is given back; the header belongs to the server, and goes with the connection.
    QVERIFY(await(bed.list->byId(id)->disconnectFromServer({})));
    QCOMPARE(bed.list->byId(id)->headers().size(), 1);
    QVERIFY(await(bed.list->remove(id, false, {})));
    QVERIFY(std::ranges::none_of(bed.secrets.keys(), [&id](const QString &key) { return key.contains(id); }));
}

// Field: 6.5
void TestFieldCredentials::keepsMooringsOwnHeaders_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"Mcp-Session-Id", "MCP-Protocol-Version", "Mcp-Method", "Content-Type", "Accept",
                             "Host", "Cookie", "Content-Length", "Authorization", "DPoP", "Bad Name", ""}) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

void TestFieldCredentials::keepsMooringsOwnHeaders()
{
    QFETCH(QString, name);
    Testbed bed;
    const auto connection = bed.signedIn();
    const base::Result<void> set = await(connection->setHeaders({secret(name, "canary-value")}, {}));
    QVERIFY(!set);
    QCOMPARE(set.error().kind, base::ErrorKind::InvalidInput);
    QVERIFY(!set.error().sentence.isEmpty());
    QCOMPARE(connection->headers().size(), 0);
    QVERIFY(await(connection->listTools({})));
    QVERIFY(!everythingSentTo(bed.mcp.http()).contains("canary-value"));
}

// Field: 6.6
void TestFieldCredentials::tellsOneWrongKeyOfTwo()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    bed.mcp.authorizationServers.clear();
    bed.mcp.keyHeader = "X-Api-Key";
    bed.mcp.keyValue = "canary-good";
    bed.mcp.otherHeaders = {{"X-App-Key", "canary-good-too"}};
    const Arrival arrival = travel(
        &bed, {.address = bed.mcp.url().toString(),
               .headers = {secret(u"X-Api-Key"_s, "canary-good"), secret(u"X-App-Key"_s, "canary-bad")}});
    QVERIFY(!arrival.gotIn());
    QCOMPARE(arrival.verdicts, QStringList{u"key-refused"_s});
    // The wrong one alone is typed again; the good one is kept.
    QVERIFY(await(arrival.connection->setHeaders(
        {secret(u"X-Api-Key"_s, {}), secret(u"X-App-Key"_s, "canary-good-too")}, {})));
    QVERIFY(await(arrival.connection->listTools({})));
    const base::Result<void> unknown =
        await(arrival.connection->setHeaders({secret(u"X-Api-Key"_s, {}), secret(u"X-Third"_s, {})}, {}));
    QCOMPARE(unknown.error().kind, base::ErrorKind::InvalidInput);
    QVERIFY(await(arrival.connection->listTools({})));
}

// Field: 10.1
void TestFieldCredentials::keepsTheKeyOfAnAddress()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    bed.mcp.authorizationServers.clear();
    bed.mcp.keyParameter = "tavilyApiKey=" + addressKey;
    const QUrl typed(bed.mcp.url().toString() + u"?tools=search&tavilyApiKey="_s
                     + QString::fromLatin1(addressKey));
    // The metadata repeats the address, key and all.
    bed.mcp.resource = typed.toString(QUrl::FullyEncoded);
    const Arrival arrival = travel(&bed, {.address = typed.toString()});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.verdicts, QStringList{u"open"_s});
    QCOMPARE(arrival.answer, u"ahoy"_s);
    const mcp::ProbeReport report = await(arrival.connection->check({}, {}));
    QVERIFY(!everythingTold(typed, report).contains(QString::fromLatin1(addressKey)));
    QVERIFY(!bed.everythingOnDisk().contains(addressKey));
    QCOMPARE(arrival.connection->record().url.query(), u"tools=search"_s);
    QCOMPARE(arrival.connection->record().secretQuery, QStringList{u"tavilyApiKey"_s});
    QVERIFY(text::addressNote(typed).contains(u"tavilyApiKey"_s));
    // Another key is another account of the same server.
    QCOMPARE(bed.list->withUrl(QUrl(typed.toString() + u'x')).size(), 1);
    bed.restart();
    QVERIFY(await(bed.list->connections().first()->listTools({})));
    QVERIFY(await(bed.list->remove(bed.list->connections().first()->id(), false, {})));
    QCOMPARE(bed.secrets.keys(), QStringList());
}

// Field: 10.2
void TestFieldCredentials::sendsNoKeyToASignInPage()
{
    Testbed bed;
    // A server of old, which describes nothing itself: Mooring names the resource, and it lies at its origin.
    bed.mcp.challengeNamesMetadata = false;
    bed.mcp.servesMetadataAtPath = false;
    bed.mcp.authorizationServers = {bed.auth.issuer()};
    for (const char *path : {"/.well-known/oauth-authorization-server"}) {
        QJsonObject metadata{{u"issuer"_s, bed.mcp.http().origin()},
                             {u"authorization_endpoint"_s, bed.auth.endpoint("authorize").toString()},
                             {u"token_endpoint"_s, bed.auth.endpoint("token").toString()},
                             {u"registration_endpoint"_s, bed.auth.endpoint("register").toString()},
                             {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}}};
        bed.mcp.http().route(path, FakeResponse::json(metadata));
    }
    bed.auth.announcesIss = false;
    bed.auth.sendsIss = false;
    const QString typed = bed.mcp.url().toString() + u"?api_token="_s + QString::fromLatin1(addressKey);
    const Arrival arrival = travel(&bed, {.address = typed});
    QVERIFY2(arrival.connection, qPrintable(arrival.told()));
    QVERIFY(!bed.person.opened.isEmpty());
    for (const QUrl &page : std::as_const(bed.person.opened)) {
        QVERIFY(!page.toEncoded().contains(addressKey));
    }
    QVERIFY(!everythingSentTo(bed.auth.http()).contains(addressKey));
    QVERIFY(!bed.everythingOnDisk().contains(addressKey));
}

// Field: 10.3
void TestFieldCredentials::hidesAKeyInThePath()
{
    Testbed bed;
    FakeMcpServer server(u"/api/mcp/s/"_s + QString::fromLatin1(addressKey) + u"/mcp"_s);
    const Arrival arrival = travel(&bed, {.address = server.url().toString()});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    const mcp::ProbeReport report = await(arrival.connection->check({}, {}));
    QVERIFY(!everythingTold(server.url(), report).contains(QString::fromLatin1(addressKey)));
    QVERIFY(report.steps.first().url.toString().contains(u"/s/…/mcp"_s));
    QVERIFY(!http::shownUrl(arrival.connection->record().url).contains(QString::fromLatin1(addressKey)));
    // It is in the list, which only its owner can read; nowhere else.
    QCOMPARE(bed.everythingOnDisk().count(addressKey), 1);
    QVERIFY(text::addressNote(server.url()).contains(u"secret itself"_s));
}

// Field: 10.4
void TestFieldCredentials::followsAMoveThatRepeatsTheKey()
{
    Testbed bed;
    FakeMcpServer server(u"/mcp/"_s);
    server.keyParameter = "token=" + addressKey;
    server.http().route("/mcp", [&server](const FakeRequest &request) {
        FakeResponse moved = FakeResponse::empty(307);
        moved.headers.add("Location", server.url().toEncoded() + '?' + request.query());
        return moved;
    });
    const QUrl typed(server.http().origin() + u"/mcp?token="_s + QString::fromLatin1(addressKey));
    const Arrival arrival = travel(&bed, {.address = typed.toString()});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.connection->record().url, server.url());
    QVERIFY(!bed.everythingOnDisk().contains(addressKey));
    for (const FakeRequest &request : server.http().requests()) {
        QVERIFY(request.query().count("token=") <= 1);
    }
}

// Field: 10.5
void TestFieldCredentials::goesOnWithAnAddressOfBefore()
{
    Testbed bed;
    FakeMcpServer server;
    server.keyParameter = "api_key=" + addressKey;
    const auto connection = bed.added(server.url());
    const QString id = connection->id();
    await(bed.list->shutDown());
    // As 725ecbe has written it: the whole address in the list.
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    QUrl whole = server.url();
    whole.setQuery(QString::fromLatin1(server.keyParameter));
    QVERIFY(await(file.update([&](connections::Records &all) { all.connection(id)->url = whole; }, {})));
    bed.restart();
    const auto old = bed.list->byId(id);
    QVERIFY(await(old->listTools({})));
    const mcp::ProbeReport report = await(old->check({}, {}));
    QCOMPARE(mcp::verdictName(report.verdict), u"open"_s);
    QVERIFY(!everythingTold(whole, report).contains(QString::fromLatin1(addressKey)));
    QVERIFY(await(old->rename(u"New"_s, {})));
    // Where an older version beside this one finds it.
    QCOMPARE(bed.recordOnDisk(id).url, whole);
    QCOMPARE(bed.everythingOnDisk().count(addressKey), 1);
}

// Field: 10.6
void TestFieldCredentials::tellsAWrongKeyOfAnAddress()
{
    Testbed bed;
    FakeMcpServer server;
    server.keyParameter = "api_key=" + addressKey;
    const Arrival arrival =
        travel(&bed, {.address = server.url().toString() + u"?api_key=canary-wrong-0123"_s});
    QVERIFY(!arrival.gotIn());
    QCOMPARE(arrival.verdicts, QStringList{u"key-refused"_s});
    QVERIFY(arrival.error->sentence.contains(u"the key in this address"_s));
    QVERIFY(!bed.everythingOnDisk().contains("canary-wrong-0123"));
    QCOMPARE(arrival.connection->state().phase, connections::Phase::KeyRefused);
}

// Field: 10.7
void TestFieldCredentials::leavesFiltersInTheAddress()
{
    Testbed bed;
    FakeMcpServer server;
    const QString typed =
        server.url().toString() + u"?project_ref=abcdefghijklmnopqrst&readonly=true&tools=a,b"_s;
    const Arrival arrival = travel(&bed, {.address = typed});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.connection->record().url, QUrl(typed));
    QCOMPARE(bed.secrets.keys(), QStringList());
    QCOMPARE(text::addressNote(QUrl(typed)), QString());
}

QTEST_GUILESS_MAIN(TestFieldCredentials)
#include "tst_fieldcredentials.moc"
