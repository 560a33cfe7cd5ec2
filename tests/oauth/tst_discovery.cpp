// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/discovery.h"

#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using http::Step;
using support::FakeAuthServer;
using support::FakeMcpServer;
using support::FakeResponse;

namespace {

const QByteArray prmAtRoot = "/.well-known/oauth-protected-resource";
const QByteArray prmAtPath = "/.well-known/oauth-protected-resource/mcp";
const QByteArray oauthAtRoot = "/.well-known/oauth-authorization-server";

/// An MCP server that trusts one authorization server, and what is found out about the two.
struct Setting {
    FakeMcpServer mcp;
    FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    QList<Step> steps;

    explicit Setting(const QString &issuerPath = {})
        : service(issuerPath)
    {
        mcp.protect(service.issuer(), [](const QByteArray &) { return false; });
        deadlines.discoveryStep = std::chrono::milliseconds(1500);
        deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    }
    QList<Challenge> challenge(const QString &url) const
    {
        return {{"bearer", {}, {{"resource_metadata", url.toUtf8()}}}};
    }
    base::Result<Discovery> run(const QList<Challenge> &challenges = {})
    {
        return support::await(discover(client, deadlines, mcp.url(), challenges, {},
                                       [this](const Step &step) { steps.append(step); }, {}));
    }
    base::Result<Discovery> runWithPointer() { return run(challenge(mcp.metadataUrl().toString())); }
    QList<Step::Outcome> outcomes() const
    {
        QList<Step::Outcome> all;
        for (const Step &step : steps) {
            all.append(step.outcome);
        }
        return all;
    }
};

constexpr auto done = Step::Outcome::Done;
constexpr auto notThere = Step::Outcome::NotThere;
constexpr auto bad = Step::Outcome::Failed;

} // namespace

class TestDiscovery final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNormalServerTakesTwoRequests();
    void withoutAPointer();
    void rootOnly();
    void pointerThatLeadsNowhere_data();
    void pointerThatLeadsNowhere();
    void forbiddenPointerIsNotAsked();
    void nothingAnywhere();
    void pathIssuerInItsThreeForms();
    void rootIssuerWithOpenIdOnly();
    void foreignResourceStops();
    void foreignIssuerStops();
    void hostsThatDifferAreNamed_data();
    void hostsThatDifferAreNamed();
    void withoutPkceStops();
    void secondAuthorizationServer();
    void firstServiceDownIsAnOutage();
    void trouble_data();
    void trouble();
    void redirects();
    void unusableDocumentIsTheMostTelling();
    void wholeDeadline();
    void cancelled();
    void scopes_data();
    void scopes();
    void fetchAgain();
};

// Proves: PRB-3, PRM-1, ASM-1, ASM-3, ASM-4
void TestDiscovery::aNormalServerTakesTwoRequests()
{
    Setting setting;
    const base::Result<Discovery> found = setting.runWithPointer();
    QVERIFY(found);
    QCOMPARE(setting.mcp.http().conversation(), QStringList{u"GET "_s + QString::fromLatin1(prmAtPath)});
    QCOMPARE(setting.service.http().conversation(),
             QStringList{u"GET "_s + QString::fromLatin1(oauthAtRoot)});
    QCOMPARE(found->resource.resource, setting.mcp.url().toString());
    QCOMPARE(found->resource.foundAt, setting.mcp.metadataUrl());
    QCOMPARE(found->server.issuer, setting.service.issuer());
    QCOMPARE(setting.outcomes(), (QList{done, done}));
    const auto &headers = setting.mcp.http().requests().at(0).headers;
    QCOMPARE(headers.value("MCP-Protocol-Version"), "2026-07-28");
    QCOMPARE(headers.value("Accept"), "application/json");
    QVERIFY(!headers.contains("Authorization"));
    const Step step = setting.steps.at(0);
    QCOMPARE(step.verb, "GET");
    QCOMPARE(step.url, setting.mcp.metadataUrl());
    QCOMPARE(step.status, 200);
    QCOMPARE(step.learnt, u"Sign-in service: "_s + QUrl(setting.service.issuer()).authority());
}

// Proves: PRM-2, PRM-3
void TestDiscovery::withoutAPointer()
{
    Setting setting;
    QVERIFY(setting.run());
    QCOMPARE(setting.mcp.http().count(prmAtPath), 1);
    QCOMPARE(setting.mcp.http().count(prmAtRoot), 0);
}

// Proves: PRM-3
void TestDiscovery::rootOnly()
{
    Setting setting;
    setting.mcp.servesMetadataAtPath = false;
    setting.mcp.servesMetadataAtRoot = true;
    setting.mcp.resource = setting.mcp.http().origin();
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->resource.resource, setting.mcp.http().origin());
    QCOMPARE(setting.outcomes(), (QList{notThere, done, done}));
}

void TestDiscovery::pointerThatLeadsNowhere_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("404") << FakeResponse::empty(404);
    QTest::newRow("401") << FakeResponse::empty(401);
    QTest::newRow("HTML") << FakeResponse::html("<p>hello");
    QTest::newRow("no member") << FakeResponse::json({{u"a"_s, 1}});
    QTest::newRow("500") << FakeResponse::empty(500);
}

void TestDiscovery::pointerThatLeadsNowhere()
{
    QFETCH(FakeResponse, answer);
    Setting setting;
    setting.mcp.http().route("/elsewhere", answer);
    QVERIFY(setting.run(setting.challenge(setting.mcp.http().origin() + u"/elsewhere"_s)));
    QCOMPARE(setting.mcp.http().count("/elsewhere"), 1);
    QCOMPARE(setting.mcp.http().count(prmAtPath), 1);
}

// Proves: RED-6, SSRF-2, SSRF-3, SSRF-6, VT-11
void TestDiscovery::forbiddenPointerIsNotAsked()
{
    Setting setting;
    support::FakeServer canary;
    for (const QString &url : {u"file:///etc/passwd"_s, u"http://10.0.0.1/x"_s,
                               u"http://user@127.0.0.1:%1/"_s.arg(canary.port())}) {
        setting.steps.clear();
        QVERIFY(setting.run(setting.challenge(url)));
        QCOMPARE(setting.outcomes(), (QList{bad, done, done}));
    }
    QCOMPARE(canary.connections(), 0);

    setting.mcp.authorizationServers.clear();
    const base::Result<Discovery> found = setting.run(setting.challenge(u"javascript:x"_s));
    QCOMPARE(found.error().kind, ErrorKind::RefusedByPolicy);
}

// Proves: PRM-9
void TestDiscovery::nothingAnywhere()
{
    Setting setting;
    setting.mcp.authorizationServers.clear();
    const base::Result<Discovery> found = setting.run({{"basic", {}, {}}});
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::NotFound);
    QCOMPARE(found.error().host, setting.mcp.url().authority());
    QCOMPARE(setting.outcomes(), (QList{notThere, notThere}));
    QCOMPARE(setting.service.http().connections(), 0);
}

// Proves: ASM-2, ASM-5
void TestDiscovery::pathIssuerInItsThreeForms()
{
    Setting setting(u"/tenant"_s);
    QVERIFY(setting.run());
    QCOMPARE(setting.service.http().conversation(),
             QStringList{u"GET /.well-known/oauth-authorization-server/tenant"_s});
    setting.service.servesRfc8414 = false;
    setting.service.servesOpenId = true;
    setting.service.http().forgetRequests();
    QVERIFY(setting.run());
    QCOMPARE(setting.service.http().conversation(),
             (QStringList{u"GET /.well-known/oauth-authorization-server/tenant"_s,
                          u"GET /.well-known/openid-configuration/tenant"_s,
                          u"GET /tenant/.well-known/openid-configuration"_s}));
}

// Proves: ASM-1, ASM-3
void TestDiscovery::rootIssuerWithOpenIdOnly()
{
    Setting setting;
    setting.service.servesRfc8414 = false;
    setting.service.servesOpenId = true;
    QVERIFY(setting.run());
    QCOMPARE(setting.outcomes(), (QList{done, notThere, done}));
}

// Proves: PRM-8, VT-04
// Matrix: 25 PRM
void TestDiscovery::foreignResourceStops()
{
    Setting setting;
    setting.mcp.servesMetadataAtRoot = true;
    for (const QString &resource : {u"https://honest.example/mcp"_s, u"http://127.0.0.1:1/mcp"_s}) {
        setting.mcp.resource = resource;
        const base::Result<Discovery> found = setting.run();
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::RefusedByPolicy);
        QCOMPARE(found.error().remedy, QString());
    }
    QCOMPARE(setting.mcp.http().count(prmAtRoot), 0);
    // The description of another part of the same server leads to the next place, and to an offer.
    QCOMPARE(setting.service.http().connections(), 0);
    setting.mcp.resource = setting.mcp.http().origin() + u"/mcpx"_s;
    QVERIFY(!setting.run());
    QCOMPARE(setting.mcp.http().count(prmAtRoot), 1);
}

// Proves: ASM-6, ASM-7
// Matrix: 24 ASM
void TestDiscovery::foreignIssuerStops()
{
    Setting setting;
    setting.service.servesOpenId = true;
    setting.service.metadataOverrides.insert(u"issuer"_s, u"https://evil.example"_s);
    const base::Result<Discovery> found = setting.run();
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::RefusedByPolicy);
    QVERIFY(found.error().sentence.contains(u"evil.example"_s));
    QCOMPARE(setting.service.http().conversation(),
             (QStringList{u"GET /.well-known/oauth-authorization-server"_s,
                          u"GET /.well-known/openid-configuration"_s}));
}

void TestDiscovery::hostsThatDifferAreNamed_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<bool>("isNamed");
    QTest::newRow("one host") << QString() << false;
    QTest::newRow("tokens come from elsewhere") << u"token_endpoint"_s << true;
    QTest::newRow("the page is elsewhere") << u"authorization_endpoint"_s << true;
}

// Proves: VT-05
void TestDiscovery::hostsThatDifferAreNamed()
{
    QFETCH(QString, member);
    QFETCH(bool, isNamed);
    Setting setting;
    if (!member.isEmpty()) {
        const QString elsewhere = u"http://localhost:%1/x"_s.arg(QUrl(setting.service.issuer()).port());
        setting.service.metadataOverrides.insert(member, elsewhere);
    }
    QVERIFY(setting.runWithPointer());
    const bool says = setting.steps.last().learnt.contains(u"localhost"_s)
                      && setting.steps.last().learnt.contains(u"127.0.0.1"_s);
    QCOMPARE(says, isNamed);
    QCOMPARE(setting.steps.size(), isNamed ? 3 : 2);
}

// Proves: PKCE-3, PKCE-4
// Matrix: 29 ASM
void TestDiscovery::withoutPkceStops()
{
    Setting setting;
    setting.service.metadataOverrides.insert(u"code_challenge_methods_supported"_s, QJsonValue::Null);
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
    // Neither document has the list.
    QCOMPARE(setting.service.http().requests().size(), 2u);
}

// Proves: PRM-5
void TestDiscovery::secondAuthorizationServer()
{
    Setting setting;
    support::FakeServer empty;
    setting.mcp.authorizationServers = {u"http://192.168.1.1"_s, empty.origin(), setting.service.issuer()};
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.issuer, setting.service.issuer());
    QCOMPARE(setting.outcomes(), (QList{done, bad, notThere, notThere, done}));
}

void TestDiscovery::firstServiceDownIsAnOutage()
{
    Setting setting;
    support::FakeServer down;
    down.stop();
    setting.mcp.authorizationServers = {down.origin(), setting.service.issuer()};
    const base::Result<Discovery> found = setting.run();
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Network);
    QVERIFY(found.error().isTransient());
    QCOMPARE(setting.service.http().connections(), 0);
}

void TestDiscovery::trouble_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("requests");
    QTest::newRow("503") << FakeResponse::empty(503) << ErrorKind::HttpStatus << 2;
    QTest::newRow("429") << FakeResponse::empty(429) << ErrorKind::HttpStatus << 2;
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout << 1;
    QTest::newRow("hang up") << FakeResponse::hangUp() << ErrorKind::Network << 1;
    FakeResponse cut = FakeResponse::html(QByteArray(500, 'x'));
    cut.cutAfter = 200;
    QTest::newRow("cut in the middle") << cut << ErrorKind::Network << 1;
}

void TestDiscovery::trouble()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    QFETCH(int, requests);
    for (const bool atService : {false, true}) {
        Setting setting;
        setting.deadlines.discoveryStep = std::chrono::milliseconds(300);
        support::FakeServer &http = atService ? setting.service.http() : setting.mcp.http();
        for (const QByteArray &path :
             {prmAtPath, prmAtRoot, oauthAtRoot, QByteArray("/.well-known/openid-configuration")}) {
            http.route(path, answer);
        }
        const base::Result<Discovery> found = setting.run();
        QVERIFY(!found);
        QCOMPARE(base::errorName(found.error()), base::errorName(base::makeError(kind, {})));
        QVERIFY(found.error().isTransient());
        QVERIFY(found.error().sentence.contains(u"127.0.0.1"_s));
        // QNAM may try a GET again on a connection that closed without a byte.
        QVERIFY(setting.steps.size() == requests + (atService ? 1 : 0));
        QCOMPARE(setting.steps.last().outcome, bad);
    }
}

// Proves: SSRF-4
void TestDiscovery::redirects()
{
    Setting setting;
    support::FakeServer other;
    const support::FakeServer::Handler document = [&](const support::FakeRequest &) {
        return FakeResponse::json({{u"resource"_s, setting.mcp.url().toString()},
                                   {u"authorization_servers"_s, QJsonArray{setting.service.issuer()}}});
    };
    setting.mcp.http().route("/moved", document);
    setting.mcp.http().route(prmAtPath, FakeResponse::redirect("/moved", 301));
    QVERIFY(setting.run());

    other.route("/moved", document);
    setting.mcp.http().route(prmAtPath, FakeResponse::redirect(other.origin().toLatin1() + "/moved"));
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(other.connections(), 0);

    setting.mcp.http().route(prmAtPath, FakeResponse::redirect(prmAtPath));
    setting.mcp.http().route(prmAtRoot, FakeResponse::empty(404));
    QCOMPARE(setting.run().error().kind, ErrorKind::Protocol);
}

void TestDiscovery::unusableDocumentIsTheMostTelling()
{
    Setting twice;
    FakeResponse duplicate = FakeResponse::empty(200);
    duplicate.body = R"({"resource":"a","resource":"b","authorization_servers":["https://a.example"]})";
    twice.mcp.http().route(prmAtPath, duplicate);
    QCOMPARE(twice.run().error().kind, ErrorKind::Protocol);
}

void TestDiscovery::wholeDeadline()
{
    Setting setting;
    setting.deadlines.discovery = std::chrono::milliseconds(250);
    FakeResponse slow = FakeResponse::empty(404);
    slow.delay = std::chrono::milliseconds(180);
    setting.mcp.http().route(prmAtPath, slow);
    setting.mcp.http().route(prmAtRoot, slow);
    // Without it, both would have been heard, and nothing found.
    const base::Result<Discovery> found = setting.run();
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Timeout);
}

// Matrix: 35 PRM, 35 ASM
void TestDiscovery::cancelled()
{
    Setting setting;
    setting.mcp.http().route(prmAtPath, FakeResponse::silence());
    std::stop_source stop;
    QTimer::singleShot(30, &setting.mcp, [&] { stop.request_stop(); });
    const base::Result<Discovery> found = support::await(
        discover(setting.client, setting.deadlines, setting.mcp.url(), {}, {}, {}, stop.get_token()));
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Cancelled);
}

void TestDiscovery::scopes_data()
{
    QTest::addColumn<QByteArray>("challenged");
    QTest::addColumn<QStringList>("resource");
    QTest::addColumn<QStringList>("service");
    QTest::addColumn<QStringList>("expected");
    const QStringList some = {u"a"_s, u"b"_s};
    const QStringList offline = {u"x"_s, u"offline_access"_s};
    QTest::newRow("challenge wins") << QByteArray("c  d") << some << QStringList()
                                    << QStringList{u"c"_s, u"d"_s};
    QTest::newRow("resource") << QByteArray() << some << QStringList() << some;
    QTest::newRow("nothing") << QByteArray() << QStringList() << QStringList{u"x"_s} << QStringList();
    QTest::newRow("offline access") << QByteArray("c") << some << offline
                                    << QStringList{u"c"_s, u"offline_access"_s};
    QTest::newRow("offline access alone is not asked for")
        << QByteArray() << QStringList() << offline << QStringList();
    QTest::newRow("offline access not listed")
        << QByteArray("c") << some << QStringList{u"x"_s} << QStringList{u"c"_s};
    QTest::newRow("not what the service lists")
        << QByteArray() << QStringList() << QStringList{u"x"_s, u"y"_s} << QStringList();
    QTest::newRow("offline access once")
        << QByteArray("offline_access c") << some << offline << QStringList{u"offline_access"_s, u"c"_s};
}

// Proves: PRB-4, PRB-5, SCP-1, SCP-2, SCP-4
void TestDiscovery::scopes()
{
    QFETCH(QByteArray, challenged);
    QFETCH(QStringList, resource);
    QFETCH(QStringList, service);
    QFETCH(QStringList, expected);
    Setting setting;
    setting.mcp.scopesSupported = resource;
    setting.service.scopesSupported = service;
    const base::Result<Discovery> found = setting.run({{"bearer", {}, {{"scope", challenged}}}});
    QVERIFY(found);
    QCOMPARE(found->scopes, expected);
}

void TestDiscovery::fetchAgain()
{
    Setting setting;
    const http::UrlPolicy policy(setting.mcp.url());
    const auto fetch = [&](const QString &issuer) {
        return support::await(
            fetchAuthorizationServer(setting.client, setting.deadlines, issuer, policy, {}, {}));
    };
    QCOMPARE(fetch(setting.service.issuer())->tokenEndpoint, setting.service.endpoint("token"));
    QVERIFY(fetch(setting.service.issuer() + u'/'));
    QCOMPARE(fetch(u"ftp://x"_s).error().kind, ErrorKind::RefusedByPolicy);
    setting.service.servesRfc8414 = false;
    const auto absent = fetch(setting.service.issuer());
    QCOMPARE(absent.error().kind, ErrorKind::HttpStatus);
    QVERIFY(!absent.error().isTransient());
}

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_discovery.moc"
