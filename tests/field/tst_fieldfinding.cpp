// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finding the sign-in where it is described in another way than it should be, and saying truthfully what a
// server is.
#include "field/journey.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using field::Arrival;
using support::FakeResponse;

namespace {

const QByteArray resourceAtRoot = "/.well-known/oauth-protected-resource";
const QByteArray oauthAtRoot = "/.well-known/oauth-authorization-server";
const QByteArray openIdAtRoot = "/.well-known/openid-configuration";

FakeResponse page(const QByteArray &text, int status = 200)
{
    return FakeResponse::html("<!doctype html><html><body>" + text + "</body></html>", status);
}

/// A server and the service that signs people in for it, each as a case wants it.
struct Scene {
    support::Testbed bed;
    support::FakeAuthServer auth;
    support::FakeMcpServer mcp;
    /// Behind the address that the person has.
    QString query;
    std::function<connections::ClientCredentials(const QString &redirectUri)> registersApp;

    explicit Scene(const QString &path = u"/mcp"_s, const QString &issuerPath = {})
        : auth(issuerPath, bed.clock.function())
        , mcp(path)
    {
        mcp.protect(auth.issuer(), [this](const QByteArray &token) { return auth.isActive(token); });
    }
    QString address() const { return mcp.url().toString() + query; }
    QJsonObject resourceDocument() const
    {
        return {{u"resource"_s, mcp.url().toString()},
                {u"authorization_servers"_s, QJsonArray{auth.issuer()}}};
    }
    /// The resource's own document names the endpoints, as a member of it may be changed or (null) left out.
    void nameEndpoints(const QJsonObject &changes = {})
    {
        auth.servesRfc8414 = false;
        QJsonObject document = {
            {u"resource_identifier"_s, mcp.http().origin()},
            {u"issuer"_s, auth.issuer()},
            {u"authorization_endpoint"_s, auth.endpoint("authorize").toString()},
            {u"token_endpoint"_s, auth.endpoint("token").toString()},
            {u"registration_endpoint"_s, auth.endpoint("register").toString()},
            {u"revocation_endpoint"_s, auth.endpoint("revoke").toString()},
            {u"userinfo_endpoint"_s, auth.endpoint("userinfo").toString()},
            {u"token_endpoint_auth_methods_supported"_s, QJsonArray{u"none"_s}},
            {u"scopes_supported"_s, QJsonArray{u"mcp"_s}},
            {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}},
        };
        for (auto it = changes.begin(); it != changes.end(); ++it) {
            document.insert(it.key(), it.value());
            if (it->isNull()) {
                document.remove(it.key());
            }
        }
        mcp.http().route(resourceAtRoot, FakeResponse::json(document));
    }
    /// The page to sign in at is an identity provider's, which has a name of its own.
    void usePageElsewhere()
    {
        nameEndpoints({{u"authorization_endpoint"_s, u"https://login.provider.example/authorize"_s}});
        bed.person.leads = [this](const QUrl &url) {
            QUrl there = auth.endpoint("authorize");
            there.setQuery(url.query(QUrl::FullyEncoded));
            return there;
        };
    }
    /// From the place where it belongs to another one.
    static void move(support::FakeServer &http, const QByteArray &from, const QByteArray &to)
    {
        http.route(to, http.routeOf(from));
        http.removeRoute(from);
    }
    /// Somebody in front of the server answers everything.
    void guard(const FakeResponse &answer)
    {
        mcp.http().route(mcp.path(), answer);
        mcp.http().removeRoute(resourceAtRoot);
        mcp.http().removeRoute(resourceAtRoot + mcp.path());
        mcp.http().setFallback([answer](const support::FakeRequest &) { return answer; });
    }
    void registerByHand()
    {
        registersApp = [this](const QString &redirectUri) {
            auth.addClient("app-by-hand", {}, redirectUri.toUtf8());
            return connections::ClientCredentials{u"app-by-hand"_s, {}};
        };
    }
    Arrival travel()
    {
        field::Traveller traveller;
        traveller.address = address();
        traveller.registersApp = registersApp;
        return field::travel(&bed, traveller);
    }
    mcp::ProbeReport look() { return support::await(bed.list->probe(QUrl(address()), {}, {}, {}, {})); }
};

using Prepare = std::function<void(Scene &)>;

FakeResponse withHeader(FakeResponse answer, const QByteArray &name, const QByteArray &value)
{
    answer.headers.set(name, value);
    return answer;
}

} // namespace

Q_DECLARE_METATYPE(Prepare)

class TestFieldFinding final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void getsIn_data();
    void getsIn();
    void needsOneWord_data();
    void needsOneWord();
    void saysWhatItIs_data();
    void saysWhatItIs();
    void losesOnlyWhatIsUnusable_data();
    void losesOnlyWhatIsUnusable();
    void nothingOfTheQueryReachesTheService();
    void showsWhatComesBehindTheOneWord();
};

// Field: 0.21-0.25, 4.1-4.8, 11.5-11.7
void TestFieldFinding::getsIn_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("issuerPath");
    QTest::addColumn<Prepare>("prepare");
    const auto row = [](const char *name, const QString &path, const QString &issuerPath,
                        const Prepare &prepare) { QTest::newRow(name) << path << issuerPath << prepare; };
    const QString root = u"/"_s;
    row("0.21 endpoints in the resource's document, no issuer", root, {},
        [](Scene &s) { s.nameEndpoints({{u"issuer"_s, QJsonValue()}}); });
    row("0.22 the same with members of wrong types", root, {}, [](Scene &s) {
        s.nameEndpoints({{u"issuer"_s, 7},
                         {u"resource"_s, QJsonArray{1}},
                         {u"scopes_supported"_s, u"mcp offline_access"_s},
                         {u"userinfo_endpoint"_s, true},
                         {u"authorization_servers"_s, QJsonValue(QJsonObject())},
                         {u"dpop_bound_access_tokens_required"_s, u"no"_s}});
    });
    row("0.23 its issuer describes itself", root, {}, [](Scene &s) {
        s.nameEndpoints({{u"token_endpoint"_s, s.auth.endpoint("nothing").toString()}});
        s.auth.servesRfc8414 = true;
    });
    row("0.24 resource_identifier with a slash", root, {}, [](Scene &s) {
        s.nameEndpoints({{u"resource_identifier"_s, QString(s.mcp.http().origin() + u'/')}});
    });
    row("0.25 neither resource nor resource_identifier", root, {},
        [](Scene &s) { s.nameEndpoints({{u"resource_identifier"_s, QJsonValue()}}); });
    const QString mcpPath = u"/mcp"_s;
    row("4.1 issuer with a path, described at the root only", mcpPath, mcpPath,
        [](Scene &s) { Scene::move(s.auth.http(), oauthAtRoot + "/mcp", oauthAtRoot); });
    row("4.2 the same behind its path", mcpPath, u"/t"_s,
        [](Scene &s) { Scene::move(s.auth.http(), oauthAtRoot + "/t", "/t" + oauthAtRoot); });
    row("4.3 the same as an OpenID document at the root", mcpPath, u"/t"_s,
        [](Scene &s) { Scene::move(s.auth.http(), oauthAtRoot + "/t", openIdAtRoot); });
    row("4.4 the resource is described behind its path", mcpPath, {}, [](Scene &s) {
        s.mcp.challengeNamesMetadata = false;
        Scene::move(s.mcp.http(), resourceAtRoot + "/mcp", "/mcp" + resourceAtRoot);
    });
    row("4.5 described without the query only", mcpPath, {}, [](Scene &s) {
        s.mcp.challengeNamesMetadata = false;
        s.query = u"?tools=docs"_s;
        const support::FakeServer::Handler plain = s.mcp.http().routeOf(resourceAtRoot + "/mcp");
        s.mcp.http().route(resourceAtRoot + "/mcp", [plain](const support::FakeRequest &request) {
            return request.query().isEmpty() ? plain(request) : FakeResponse::empty(404);
        });
    });
    row("4.6 an empty object where the description should be", mcpPath, {}, [](Scene &s) {
        s.mcp.challengeNamesMetadata = false;
        s.mcp.servesMetadataAtRoot = true;
        s.mcp.http().route(resourceAtRoot + "/mcp", FakeResponse::json({}));
    });
    row("4.7 a web page for every address that isn't there", mcpPath, u"/t"_s, [](Scene &s) {
        s.mcp.challengeNamesMetadata = false;
        s.mcp.servesMetadataAtRoot = true;
        s.mcp.http().route(resourceAtRoot + "/mcp", page("Welcome"));
        Scene::move(s.auth.http(), oauthAtRoot + "/t", "/t" + openIdAtRoot);
        s.auth.http().setFallback([](const support::FakeRequest &) { return page("Welcome"); });
    });
    row("4.8 401 without a challenge, described at the server's origin", mcpPath, {}, [](Scene &s) {
        s.mcp.challengeOverride = "-";
        s.mcp.authorizationServers.clear();
        const QString origin = s.mcp.http().origin();
        s.mcp.http().route(
            oauthAtRoot,
            FakeResponse::json({{u"issuer"_s, origin},
                                {u"authorization_endpoint"_s, s.auth.endpoint("authorize").toString()},
                                {u"token_endpoint"_s, s.auth.endpoint("token").toString()},
                                {u"registration_endpoint"_s, s.auth.endpoint("register").toString()},
                                {u"revocation_endpoint"_s, s.auth.endpoint("revoke").toString()},
                                {u"token_endpoint_auth_methods_supported"_s, QJsonArray{u"none"_s}}}));
        s.auth.sendsIss = false;
    });
    const QString authorize = u"authorization_endpoint"_s;
    row("11.5 blanks in the address of the page", mcpPath, {}, [authorize](Scene &s) {
        const QString text = s.auth.endpoint("authorize").toString() + u"?scope=openid profile email"_s;
        s.auth.metadataOverrides.insert(authorize, text);
    });
    row("11.6 a line end behind an address", mcpPath, {}, [](Scene &s) {
        const QString text = s.auth.endpoint("token").toString() + u" \n"_s;
        s.auth.metadataOverrides.insert(u"token_endpoint"_s, text);
    });
    row("11.7 a text in the place of a list", mcpPath, {}, [](Scene &s) {
        QJsonObject document = s.resourceDocument();
        document.insert(u"authorization_servers"_s, s.auth.issuer());
        s.mcp.http().route(resourceAtRoot + "/mcp", FakeResponse::json(document));
        s.auth.metadataOverrides.insert(u"code_challenge_methods_supported"_s, u"S256"_s);
    });
}

void TestFieldFinding::getsIn()
{
    QFETCH(QString, path);
    QFETCH(QString, issuerPath);
    QFETCH(Prepare, prepare);
    Scene scene(path, issuerPath);
    prepare(scene);
    Arrival arrival = scene.travel();
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.taken, QStringList());
    QCOMPARE(arrival.answer, u"ahoy"_s);
    field::liveOn(&scene.bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(scene.auth.refreshes(), 1);
    QVERIFY(scene.auth.revocations() > 0);
}

// Field: 0.20, 0.27, 0.28
void TestFieldFinding::needsOneWord_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::addColumn<QString>("remedy");
    const QString page = QString::fromUtf16(oauth::remedies::acceptsForeignPage);
    const QString pkce = QString::fromUtf16(oauth::remedies::toleratesMissingPkce);
    QTest::newRow("0.20 endpoints in the resource's document, the page at a provider's")
        << Prepare([](Scene &s) { s.usePageElsewhere(); }) << page;
    QTest::newRow("0.27 endpoints in the resource's document, no PKCE list")
        << Prepare([](Scene &s) { s.nameEndpoints({{u"code_challenge_methods_supported"_s, QJsonValue()}}); })
        << pkce;
    QTest::newRow("0.28 two services, neither with a PKCE list") << Prepare([](Scene &s) {
        s.auth.metadataOverrides = {{u"code_challenge_methods_supported"_s, QJsonValue::Null}};
        s.bed.auth.metadataOverrides = s.auth.metadataOverrides;
        s.mcp.authorizationServers = {s.auth.issuer(), s.bed.auth.issuer()};
        s.mcp.servesMetadataAtRoot = true;
    }) << pkce;
}

void TestFieldFinding::needsOneWord()
{
    QFETCH(Prepare, prepare);
    QFETCH(QString, remedy);
    Scene scene(u"/"_s);
    prepare(scene);
    Arrival arrival = scene.travel();
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.taken, QStringList{remedy});
    field::liveOn(&scene.bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(scene.auth.refreshes(), 1);
    QVERIFY(scene.auth.revocations() > 0);
}

// Field: 0.26, 4.9-4.21, 11.8
void TestFieldFinding::saysWhatItIs_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QString &verdict, const QString &said,
                        const Prepare &prepare) { QTest::newRow(name) << prepare << verdict << said; };
    const QString unusable = u"sign-in-unusable"_s;
    const QString blocked = u"blocked"_s;
    const QString key = u"needs-key"_s;
    row("0.26 resource_identifier of another host", u"refused"_s, u"another server"_s, [](Scene &s) {
        s.nameEndpoints({{u"resource_identifier"_s, u"https://evil.example"_s}});
        Scene::move(s.mcp.http(), resourceAtRoot, resourceAtRoot + "/mcp");
    });
    row("4.9 the root describes another issuer", unusable, u"Only its owner can mend that"_s,
        [](Scene &s) { s.mcp.authorizationServers = {QString(s.auth.issuer() + u"/elsewhere"_s)}; });
    row("4.10 pages where the service should describe itself", unusable, u"doesn't describe itself"_s,
        [](Scene &s) {
            s.auth.servesRfc8414 = false;
            s.auth.http().setFallback([](const support::FakeRequest &) { return page("Welcome"); });
        });
    row("4.11 a firewall's page", blocked, u"probably a firewall"_s,
        [](Scene &s) { s.guard(page("Access denied", 403)); });
    row("4.12 Cloudflare wants to see a browser", blocked, u"Cloudflare guards"_s, [](Scene &s) {
        s.guard(withHeader(withHeader(page("Just a moment...", 403), "cf-mitigated", "challenge"), "Server",
                           "cloudflare"));
    });
    row("4.13 a firewall that says it is busy", blocked, u"Imperva guards"_s,
        [](Scene &s) { s.guard(page("Request unsuccessful. Incapsula incident ID: 123-456", 503)); });
    row("4.14 451", blocked, u"legal reasons"_s, [](Scene &s) { s.guard(FakeResponse::empty(451)); });
    row("4.15 an API gateway's Forbidden", blocked, u"gateway in front of"_s,
        [](Scene &s) { s.guard(FakeResponse::json({{u"message"_s, u"Forbidden"_s}}, 403)); });
    row("4.16 an API gateway that knows no such address", blocked, u"knows no server at this address"_s,
        [](Scene &s) {
            s.guard(FakeResponse::json({{u"message"_s, u"Missing Authentication Token"_s}}, 403));
        });
    row("4.17 only from a company's network", blocked, u"VPN"_s, [](Scene &s) {
        s.guard(FakeResponse::json({{u"error"_s, u"Your IP address is not on the allow list."_s}}, 403));
    });
    row("4.18 not from this country", blocked, u"country or region"_s,
        [](Scene &s) { s.guard(page("Sorry, not available in your country.", 403)); });
    row("4.19 403 that asks for an API key", key, u"wants a key"_s,
        [](Scene &s) { s.guard(FakeResponse::json({{u"error"_s, u"Missing API key"_s}}, 403)); });
    row("4.20 403 that says nothing", key, u"doesn't say why"_s,
        [](Scene &s) { s.guard(FakeResponse::empty(403)); });
    row("4.21 the service's description without its name", unusable, u"leaves out its name"_s,
        [](Scene &s) { s.auth.metadataOverrides.insert(u"issuer"_s, QJsonValue::Null); });
    row("11.8 a token endpoint inside the owner's network", u"refused"_s, u"not safe to use"_s, [](Scene &s) {
        s.auth.metadataOverrides.insert(u"token_endpoint"_s, u"http://keycloak:8080/token"_s);
    });
}

void TestFieldFinding::saysWhatItIs()
{
    QFETCH(Prepare, prepare);
    QFETCH(QString, verdict);
    QFETCH(QString, said);
    Scene scene;
    prepare(scene);
    const Arrival arrival = scene.travel();
    QCOMPARE(arrival.verdicts.value(0), verdict);
    // Whatever it is, it can be kept.
    QVERIFY(arrival.connection);
    QVERIFY(arrival.error);
    QVERIFY2(arrival.error->sentence.contains(said), qPrintable(arrival.error->sentence));
    QVERIFY2(arrival.error->sentence.contains(u"127.0.0.1"_s), qPrintable(arrival.error->sentence));
    QCOMPARE(mcp::verdictName(arrival.connection->record().verdict.value()), verdict);
    QVERIFY(scene.bed.person.opened.isEmpty());
}

// Field: 11.1-11.4
void TestFieldFinding::losesOnlyWhatIsUnusable_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("loss");
    QTest::newRow("11.1 userinfo inside the owner's network")
        << u"userinfo_endpoint"_s << QJsonValue(u"http://keycloak:8080/userinfo"_s) << u"the account"_s;
    QTest::newRow("11.2 revocation at a relative address")
        << u"revocation_endpoint"_s << QJsonValue(u"/oauth/revoke"_s) << u"until it runs out"_s;
    QTest::newRow("11.3 registration inside the owner's network")
        << u"registration_endpoint"_s << QJsonValue(u"http://10.0.0.7/register"_s) << u"by hand"_s;
    QTest::newRow("11.4 userinfo of a wrong type")
        << u"userinfo_endpoint"_s << QJsonValue(QJsonArray{1}) << u"the account"_s;
}

void TestFieldFinding::losesOnlyWhatIsUnusable()
{
    QFETCH(QString, member);
    QFETCH(QJsonValue, value);
    QFETCH(QString, loss);
    Scene scene;
    scene.auth.metadataOverrides.insert(member, value);
    scene.registerByHand();
    const mcp::ProbeReport report = scene.look();
    QVERIFY(std::ranges::any_of(report.steps, [&](const http::Step &step) {
        return step.learnt.contains(loss) && step.detail.startsWith(member);
    }));
    Arrival arrival = scene.travel();
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.verdicts, QStringList{u"needs-sign-in"_s});
    field::liveOn(&scene.bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(scene.auth.revocations() > 0, member != "revocation_endpoint"_L1);
    QCOMPARE(scene.auth.hasClient("app-by-hand"), member == "registration_endpoint"_L1);
}

/// The identifier goes into the browser's history, and what is told about a look into reports.
void TestFieldFinding::nothingOfTheQueryReachesTheService()
{
    for (const bool isEchoed : {true, false}) {
        Scene scene;
        const QString canary = u"tvly-dev-0123456789abcdefghijklmnopqrstuv"_s;
        scene.query = u"?tavilyApiKey="_s + canary;
        scene.mcp.resource = isEchoed ? scene.address() : u"https://other.example/mcp"_s + scene.query;
        const Arrival arrival = scene.travel();
        QCOMPARE(arrival.gotIn(), isEchoed);
        for (const QUrl &opened : std::as_const(scene.bed.person.opened)) {
            QVERIFY2(!opened.toString(QUrl::FullyDecoded).contains(canary), qPrintable(opened.toString()));
        }
        const mcp::ProbeReport report = scene.look();
        for (const http::Step &step : report.steps) {
            QVERIFY2(!(step.learnt + step.detail).contains(canary), qPrintable(step.learnt + step.detail));
        }
        QVERIFY(!report.error || !(report.error->sentence + report.error->detail).contains(canary));
        QCOMPARE(report.error.has_value(), !isEchoed);
    }
}

void TestFieldFinding::showsWhatComesBehindTheOneWord()
{
    Scene scene;
    scene.auth.metadataOverrides.insert(u"code_challenge_methods_supported"_s, QJsonValue::Null);
    scene.auth.hasRegistration = false;
    const mcp::ProbeReport report = scene.look();
    QCOMPARE(mcp::verdictName(report.verdict), u"refused"_s);
    QVERIFY(report.error);
    QCOMPARE(report.error->remedy, QString::fromUtf16(oauth::remedies::toleratesMissingPkce));
    // Nobody may sign in by it before the word is given.
    QVERIFY(!report.discovery);
    QVERIFY(report.ahead);
    QCOMPARE(report.ahead->server.issuer, scene.auth.issuer());
    QVERIFY(!report.ahead->server.registrationEndpoint.isValid());
    // The remedy outlives the report's file.
    QCOMPARE(mcp::ProbeReport::fromJson(report.toJson()).error->remedy, report.error->remedy);
}

QTEST_GUILESS_MAIN(TestFieldFinding)
#include "tst_fieldfinding.moc"
