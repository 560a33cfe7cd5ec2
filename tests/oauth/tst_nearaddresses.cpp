// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// No way for a server of the internet to make us talk to this computer or this network: each spelling of such
// an address at each place where a server can name one.
#include "oauth/discovery.h"

#include "webbed.h"

#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeResponse;
using test::WebBed;

namespace {

/// Where an address stands. %1 in a spelling is the port of the canary.
enum class Place { Challenge, Resource, ServerMetadata, Redirect, Name };

void rowsOf(Place place, const char *name, const QStringList &spellings)
{
    for (const QString &spelling : spellings) {
        QTest::addRow("%s: %s", name, qPrintable(spelling)) << place << spelling;
    }
}

base::Result<Discovery> discovery(WebBed &bed, const QList<Challenge> &challenges = {})
{
    return support::await(discover(bed.client, bed.deadlines, bed.url, challenges, {}, {}, {}));
}

} // namespace

class TestNearAddresses final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theBedWorks();
    void areNeverConnectedTo_data();
    void areNeverConnectedTo();
    void typedIssuerMayBeNear();
    void companyServersMayNameEachOther();
    void refusalNamesBothHosts();
    void cleanupTestCase();

private:
    int m_rows = 0;
    qsizetype m_connections = 0;
};

void TestNearAddresses::theBedWorks()
{
    WebBed bed;
    const base::Result<Discovery> found = discovery(bed);
    QVERIFY2(found, found ? "" : qPrintable(found.error().sentence));
    QCOMPARE(found->server.tokenEndpoint, QUrl(u"https://login.example.net/token"_s));
    QCOMPARE(found->server.namerOf(found->server.tokenEndpoint), bed.url);
    QCOMPARE(bed.login.requests().at(0).headers.value("Host"), "login.example.net");
    QCOMPARE(bed.internet.attempts(),
             (QStringList{WebBed::mcpAddress + u":443"_s, WebBed::loginAddress + u":443"_s}));
}

// Proves: VT-11
void TestNearAddresses::areNeverConnectedTo_data()
{
    QTest::addColumn<Place>("place");
    QTest::addColumn<QString>("spelling");
    const QStringList spellings = {
        u"https://127.0.0.1:%1"_s,          u"http://127.1:%1"_s,
        u"https://2130706433:%1"_s,         u"https://0x7f.1:%1"_s,
        u"https://0177.0.0.1:%1"_s,         u"https://0.0.0.0:%1"_s,
        u"http://localhost.:%1"_s,          u"https://[::1]:%1"_s,
        u"https://[::ffff:127.0.0.1]:%1"_s, u"https://\uff11\uff12\uff17.0.0.1:%1"_s,
        u"https://10.0.0.1:%1"_s,           u"https://192.168.1.1:%1"_s,
        u"https://100.64.0.1:%1"_s,         u"https://169.254.169.254:%1"_s,
        u"https://[fd00::1]:%1"_s,          u"https://[fe80::1]:%1"_s};
    rowsOf(Place::Challenge, "challenge", spellings);
    rowsOf(Place::Resource, "resource metadata", spellings);
    rowsOf(Place::ServerMetadata, "server metadata", spellings);
    rowsOf(Place::Redirect, "redirect", spellings);
    rowsOf(Place::Name, "name",
           {u"127.0.0.1"_s, u"127.8.9.1"_s, u"0.0.0.0"_s, u"::1"_s, u"::"_s, u"::ffff:127.0.0.1"_s,
            u"10.0.0.1"_s, u"172.16.3.4"_s, u"192.168.1.1"_s, u"100.64.0.1"_s, u"169.254.169.254"_s,
            u"fd00::1"_s, u"fe80::1"_s, u"64:ff9b::7f00:1"_s});
}

void TestNearAddresses::areNeverConnectedTo()
{
    QFETCH(Place, place);
    QFETCH(QString, spelling);
    WebBed bed;
    const QString near = place == Place::Name ? bed.hostile : spelling.arg(bed.canary.port());
    QList<Challenge> challenges;
    QJsonObject metadata = bed.metadata();
    switch (place) {
    case Place::Challenge:
        challenges = {{"bearer", {}, {{"resource_metadata", (near + u"/prm"_s).toUtf8()}}}};
        break;
    case Place::ServerMetadata:
        for (const auto member :
             {"token_endpoint"_L1, "registration_endpoint"_L1, "revocation_endpoint"_L1}) {
            metadata.insert(member, QString(near + u"/x"_s));
        }
        bed.login.route("/.well-known/oauth-authorization-server", FakeResponse::json(metadata));
        break;
    case Place::Redirect:
        bed.mcp.route("/.well-known/oauth-protected-resource/mcp",
                      FakeResponse::redirect((near + u"/prm"_s).toUtf8()));
        break;
    case Place::Name:
        bed.names.answer(QUrl(near).host(), {spelling});
        bed.internet.name(QUrl(near).host(), {spelling});
        [[fallthrough]];
    case Place::Resource:
        bed.describeResource(near);
        break;
    }
    const base::Result<Discovery> found = discovery(bed, challenges);
    // A challenge that leads astray is not the only place to look.
    QCOMPARE(found.has_value(), place == Place::Challenge);
    if (!found) {
        QCOMPARE(found.error().kind, ErrorKind::RefusedByPolicy);
    }
    ++m_rows;
    m_connections += bed.strayAttempts().size() + bed.canary.connections();
    QCOMPARE(bed.strayAttempts(), QStringList());
    QCOMPARE(bed.canary.connections(), 0);
}

void TestNearAddresses::cleanupTestCase()
{
    std::printf("figure: %d ways to a nearer address, connections there %lld\n", m_rows,
                static_cast<long long>(m_connections));
    std::fflush(stdout);
}

void TestNearAddresses::typedIssuerMayBeNear()
{
    WebBed bed;
    // A service in the company for a server in the internet: only the person can know.
    bed.names.answer(QUrl(bed.hostile).host(), {u"10.0.0.1"_s});
    bed.internet.name(QUrl(bed.hostile).host(), {u"10.0.0.1"_s});
    const support::TlsPort tls("DNS:hostile.example.net", bed.login.port());
    bed.internet.place(u"10.0.0.1"_s, tls.port());
    QJsonObject metadata = bed.metadata();
    metadata.insert(u"issuer"_s, bed.hostile);
    metadata.insert(u"token_endpoint"_s, QString(bed.hostile + u"/token"_s));
    bed.login.route("/.well-known/oauth-authorization-server", FakeResponse::json(metadata));
    SignInSettings settings;
    settings.issuer = bed.hostile;
    const base::Result<Discovery> found =
        support::await(discover(bed.client, bed.deadlines, bed.url, {}, settings, {}, {}));
    QVERIFY2(found, found ? "" : qPrintable(found.error().sentence));
    QCOMPARE(found->server.namerOf(found->server.tokenEndpoint), QUrl(bed.hostile));
    const base::Result<AuthorizationServer> again =
        AuthorizationServer::fromRecord(found->server.toRecord(), http::UrlPolicy(bed.url), settings);
    QVERIFY(again);
    QCOMPARE(again->namerOf(again->tokenEndpoint), QUrl(bed.hostile));
    // And an endpoint that was typed was named by nobody.
    settings.tokenEndpoint = QUrl(u"https://10.7.7.7/token"_s);
    const base::Result<AuthorizationServer> typed =
        AuthorizationServer::fromRecord(found->server.toRecord(), http::UrlPolicy(bed.url), settings);
    QVERIFY(typed);
    QCOMPARE(typed->namerOf(typed->tokenEndpoint), QUrl());
    QCOMPARE(typed->namerOf(typed->authorizationEndpoint), QUrl(bed.hostile));
    QCOMPARE(settings.namerOf(settings.tokenEndpoint, bed.url), QUrl());
    QCOMPARE(settings.namerOf(QUrl(u"https://elsewhere.example/token"_s), bed.url), QUrl(bed.hostile));
}

void TestNearAddresses::companyServersMayNameEachOther()
{
    WebBed bed;
    const QUrl server(u"https://tools.corp.example/mcp"_s);
    const support::TlsPort tls("DNS:tools.corp.example,DNS:login.example.net", bed.mcp.port());
    bed.internet.name(server.host(), {u"10.1.0.1"_s});
    bed.names.answer(server.host(), {u"10.1.0.1"_s});
    bed.names.answer(QUrl(bed.hostile).host(), {u"10.1.0.2"_s});
    bed.internet.place(u"10.1.0.1"_s, tls.port());
    bed.internet.place(u"10.1.0.2"_s, tls.port());
    bed.mcp.route("/.well-known/oauth-protected-resource/mcp",
                  FakeResponse::json({{u"resource"_s, server.toString()},
                                      {u"authorization_servers"_s, QJsonArray{bed.hostile}}}));
    const base::Result<Discovery> found =
        support::await(discover(bed.client, bed.deadlines, server, {}, {}, {}, {}));
    // The certificate is another one's; but the address was allowed, and has been tried.
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Tls);
    QVERIFY(bed.internet.attempts().contains(u"10.1.0.2:443"_s));
}

void TestNearAddresses::refusalNamesBothHosts()
{
    WebBed bed;
    bed.describeResource(bed.hostile);
    bed.names.answer(QUrl(bed.hostile).host(), {u"10.0.0.1"_s});
    const base::Error error = discovery(bed).error();
    QCOMPARE(
        error.sentence,
        u"Stopped: mcp.example.com names hostile.example.net, but that leads to 10.0.0.1, which is on this "
        "network. Mooring doesn't follow servers there."_s);
}

QTEST_GUILESS_MAIN(TestNearAddresses)
#include "tst_nearaddresses.moc"
