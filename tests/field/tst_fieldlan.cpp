// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Servers at home and in the office that have no encryption (kind 0 of tests/field.txt).
#include "field/journey.h"
#include "text/settingsvalues.h"

#include "support/fakeinternet.h"
#include "text/addressnote.h"
#include "text/remedyoffer.h"
#include "text/settingstext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using field::Arrival;
using field::travel;
using field::Traveller;
using support::await;
using support::FakeInternet;
using support::FakeMcpServer;
using support::FakeRequest;
using support::FakeResponse;
using support::Testbed;

namespace {

const QString allow = QString::fromUtf16(oauth::remedies::allowsPlainHttp);

/// A server of this network, and names and addresses that lead to it.
struct Home {
    FakeInternet internet;
    Testbed bed;
    FakeMcpServer server;

    Home()
    {
        internet.ignore(server.http().port());
        internet.place(u"192.168.1.20"_s, server.http().port());
        internet.place(u"fd00::20"_s, server.http().port());
        internet.place(u"93.184.216.34"_s, server.http().port());
        internet.name(u"homeassistant.local"_s, {u"192.168.1.20"_s});
        internet.name(u"nas"_s, {u"192.168.1.20"_s});
        internet.name(u"nas.lan"_s, {u"fd00::20"_s});
        internet.name(u"moved.lan"_s, {u"93.184.216.34"_s});
        internet.name(u"torn.home.arpa"_s, {u"192.168.1.20"_s, u"93.184.216.34"_s});
    }
};

} // namespace

class TestFieldLan final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void entersAfterOneConfirmation_data();
    void entersAfterOneConfirmation();
    void sendsNothingBeforeThat();
    void goesNoFartherThanThisNetwork_data();
    void goesNoFartherThanThisNetwork();
    void neverSignsInWithoutEncryption();
    void takesTheConfirmationBack();
    void sendsAKeyThere();
};

// Field: 0.61-0.64
void TestFieldLan::entersAfterOneConfirmation_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("0.61 an address") << u"192.168.1.20:8123"_s;
    QTest::newRow("0.62 a name of this network") << u"homeassistant.local:8123"_s;
    QTest::newRow("0.63 a name without a dot") << u"nas"_s;
    QTest::newRow("0.64 a name of the router, IPv6") << u"nas.lan:8080"_s;
}

void TestFieldLan::entersAfterOneConfirmation()
{
    QFETCH(QString, host);
    Home home;
    const QString address = u"http://"_s + host + u"/mcp"_s;
    Arrival arrival = travel(&home.bed, {.address = address});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.verdicts, (QStringList{u"refused"_s, u"open"_s}));
    QCOMPARE(arrival.taken, QStringList{allow});
    QCOMPARE(arrival.answer, u"ahoy"_s);
    const oauth::SignInSettings settings = arrival.connection->record().settings;
    QVERIFY(settings.allowsPlainHttp);
    QCOMPARE(text::bentRules(settings).size(), 1);
    QVERIFY(text::addressNote(QUrl(address)).contains(u"without encryption"_s));
    // It is kept, and good after a restart.
    const QString id = arrival.connection->id();
    arrival = {};
    home.bed.restart();
    QVERIFY(await(home.bed.list->byId(id)->listTools({})));
}

// Field: 0.65
void TestFieldLan::sendsNothingBeforeThat()
{
    Home home;
    const Arrival arrival =
        travel(&home.bed, {.address = u"http://192.168.1.20:8123/mcp"_s, .declines = {allow}});
    QVERIFY(!arrival.gotIn());
    QCOMPARE(arrival.error->remedy, allow);
    QVERIFY(arrival.error->sentence.contains(u"192.168.1.20"_s));
    QCOMPARE(home.server.http().requests().size(), std::size_t(0));
    QCOMPARE(home.internet.attempts(), QStringList());
    // It can be kept all the same, and the offer stands where it is told.
    QVERIFY(arrival.connection);
    const mcp::ProbeReport report = await(arrival.connection->check({}, {}));
    const auto offer = text::offerAfter(report, u"here"_s);
    QVERIFY(offer);
    QCOMPARE(offer->remedy, allow);
    QVERIFY(!await(arrival.connection->listTools({})));
    QVERIFY(!await(arrival.connection->authorize({}, {})));
    QCOMPARE(home.internet.attempts(), QStringList());
}

void TestFieldLan::goesNoFartherThanThisNetwork_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isOffered");
    QTest::newRow("a name that leads to the internet") << u"http://moved.lan/mcp"_s << true;
    QTest::newRow("one of its addresses does") << u"http://torn.home.arpa/mcp"_s << true;
    QTest::newRow("a public address") << u"http://93.184.216.34/mcp"_s << false;
    QTest::newRow("a public name") << u"http://mcp.example.com/mcp"_s << false;
}

void TestFieldLan::goesNoFartherThanThisNetwork()
{
    QFETCH(QString, address);
    QFETCH(bool, isOffered);
    Home home;
    const Arrival arrival = travel(&home.bed, {.address = address});
    QVERIFY(!arrival.gotIn());
    QCOMPARE(arrival.error->kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(arrival.taken, isOffered ? QStringList{allow} : QStringList());
    QCOMPARE(home.server.http().requests().size(), std::size_t(0));
    QCOMPARE(home.internet.attempts(), QStringList());
}

void TestFieldLan::neverSignsInWithoutEncryption()
{
    // The server is its own sign-in service, as those of spring 2025 were.
    Home home;
    home.server.admits = [](const QByteArray &) { return false; };
    const QString origin = u"http://192.168.1.20:8123"_s;
    const QJsonObject metadata{{u"issuer"_s, origin},
                               {u"authorization_endpoint"_s, QString(origin + u"/authorize"_s)},
                               {u"token_endpoint"_s, QString(origin + u"/token"_s)},
                               {u"registration_endpoint"_s, QString(origin + u"/register"_s)},
                               {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}}};
    home.server.http().route("/.well-known/oauth-authorization-server", FakeResponse::json(metadata));
    home.server.authorizationServers = {origin};
    home.server.resource = origin + u"/mcp"_s;
    home.server.challengeOverride =
        "Bearer resource_metadata=\"" + origin.toUtf8() + "/.well-known/oauth-protected-resource/mcp\"";
    const Arrival arrival = travel(&home.bed, {.address = origin + u"/mcp"_s});
    QVERIFY(!arrival.gotIn());
    QVERIFY(arrival.connection);
    QVERIFY(!await(arrival.connection->authorize({}, {})));
    QVERIFY(home.bed.person.opened.isEmpty());
    for (const FakeRequest &request : home.server.http().requests()) {
        QVERIFY(request.path() != "/token" && request.path() != "/register"
                && request.path() != "/authorize");
    }
}

void TestFieldLan::takesTheConfirmationBack()
{
    Home home;
    const Arrival arrival = travel(&home.bed, {.address = u"http://192.168.1.20:8123/mcp"_s});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    oauth::SignInSettings settings = arrival.connection->record().settings;
    QVERIFY(text::setSetting(&settings, u"allows-plain-http", u"no"_s));
    QVERIFY(await(arrival.connection->setSettings(settings, {})));
    const std::size_t before = home.server.http().requests().size();
    const auto tools = await(arrival.connection->listTools({}));
    QVERIFY(!tools);
    QCOMPARE(tools.error().remedy, allow);
    QCOMPARE(home.server.http().requests().size(), before);
    // The entry is still there, also when it is read anew.
    home.bed.restart();
    QCOMPARE(home.bed.list->connections().size(), 1);
}

void TestFieldLan::sendsAKeyThere()
{
    Home home;
    home.server.keyHeader = "Authorization";
    home.server.keyValue = "Bearer canary-key";
    home.server.challengeOverride = "-";
    const Arrival arrival =
        travel(&home.bed, {.address = u"http://homeassistant.local:8123/mcp"_s,
                           .keys = {{u"Authorization"_s, base::Secret("Bearer canary-key"), true}}});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.verdicts, (QStringList{u"refused"_s, u"needs-key"_s, u"open"_s}));
    QVERIFY(!home.bed.everythingOnDisk().contains("canary-key"));
}

QTEST_GUILESS_MAIN(TestFieldLan)
#include "tst_fieldlan.moc"
