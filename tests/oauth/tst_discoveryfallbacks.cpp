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
using support::FakeAuthServer;
using support::FakeMcpServer;
using support::FakeResponse;
using Described = AuthorizationServer::Described;

namespace {

const QByteArray prmAtPath = "/.well-known/oauth-protected-resource/mcp";
const QByteArray oauthAtRoot = "/.well-known/oauth-authorization-server";
const QByteArray openIdAtRoot = "/.well-known/openid-configuration";
const QString challengeMethods = u"code_challenge_methods_supported"_s;

/// Servers that say less than they should, or something else, and what the person set against it.
struct Setting {
    FakeMcpServer mcp;
    FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    SignInSettings settings;
    QList<http::Step> steps;
    QList<Challenge> challenges = {{"bearer", {}, {}}};

    explicit Setting(const QString &issuerPath = {})
        : service(issuerPath)
    {
        mcp.protect(service.issuer(), [](const QByteArray &) { return false; });
        deadlines.discoveryStep = std::chrono::milliseconds(1500);
        deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    }
    base::Result<Discovery> run()
    {
        return support::await(discover(client, deadlines, mcp.url(), challenges, settings,
                                       [this](const http::Step &step) { steps.append(step); }, {}));
    }
    /// No protected-resource metadata.
    void makeOld() { mcp.authorizationServers.clear(); }
    /// Serves metadata at the MCP server's own origin.
    void serveAtOrigin(const QByteArray &path, const QJsonObject &changes = {})
    {
        const QString origin = mcp.http().origin();
        QJsonObject document = {{u"issuer"_s, origin},
                                {u"authorization_endpoint"_s, origin + u"/oauth/authorize"_s},
                                {u"token_endpoint"_s, origin + u"/oauth/token"_s},
                                {challengeMethods, QJsonArray{u"S256"_s}}};
        for (auto it = changes.begin(); it != changes.end(); ++it) {
            document.insert(it.key(), it.value());
            if (it->isNull()) {
                document.remove(it.key());
            }
        }
        mcp.http().route(path, FakeResponse::json(document));
    }
    /// Serves a protected-resource document with these members beside `resource`.
    void serveResource(QJsonObject members)
    {
        members.insert(u"resource"_s, mcp.url().toString());
        mcp.http().route(prmAtPath, FakeResponse::json(members));
    }
    bool hasStep(const QString &detail) const
    {
        return std::ranges::any_of(steps, [&](const http::Step &step) { return step.detail == detail; });
    }
};

} // namespace

class TestDiscoveryFallbacks final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void missingPkceListIsTheirWord();
    void listWithoutS256IsNeverTolerated();
    void anotherPathIsTolerated();
    void anotherOriginIsNeverTolerated();
    void endpointsInTheResourceDocument();
    void endpointsInTheResourceDocumentAreChecked_data();
    void endpointsInTheResourceDocumentAreChecked();
    void oldServerWithMetadata_data();
    void oldServerWithMetadata();
    void oldServerWithoutPkceList();
    void oldServerWithoutAnything();
    void oldServerNeedsABearerChallenge();
    void troubleIsNotOldAge_data();
    void troubleIsNotOldAge();
    void hints_data();
    void hints();
    void hintsThatMustNotBeFollowed_data();
    void hintsThatMustNotBeFollowed();
    void hintThatLeadsNowhereIsForgotten();
    void typedIssuer();
    void typedIssuerWithoutAnyDescription();
    void typedEndpointsReplaceThoseOfTheDocument();
    void typedEndpointsAreEnough();
    void extraScopes();
    void dpop_data();
    void dpop();
};

// Proves: PKCE-4, PKCE-5
void TestDiscoveryFallbacks::missingPkceListIsTheirWord()
{
    for (const bool isOpenId : {false, true}) {
        Setting setting;
        setting.service.servesRfc8414 = !isOpenId;
        setting.service.servesOpenId = isOpenId;
        setting.service.metadataOverrides.insert(challengeMethods, QJsonValue::Null);
        const base::Error error = setting.run().error();
        QCOMPARE(error.kind, ErrorKind::RefusedByPolicy);
        QCOMPARE(error.remedy, QString::fromUtf16(remedies::toleratesMissingPkce));
        setting.settings = withRemedy(setting.settings, error.remedy);
        const base::Result<Discovery> found = setting.run();
        QVERIFY(found);
        QVERIFY(found->server.codeChallengeMethods.isEmpty());
        QVERIFY(!found->server.isLegacy());
    }
}

// Proves: PKCE-6
void TestDiscoveryFallbacks::listWithoutS256IsNeverTolerated()
{
    for (const QStringList &methods : {QStringList{u"plain"_s}, QStringList()}) {
        Setting setting;
        setting.settings.toleratesMissingPkce = true;
        setting.service.challengeMethods = methods;
        const base::Error error = setting.run().error();
        QCOMPARE(error.kind, ErrorKind::RefusedByPolicy);
        QCOMPARE(error.remedy, QString());
    }
}

void TestDiscoveryFallbacks::anotherPathIsTolerated()
{
    Setting setting;
    setting.mcp.resource = setting.mcp.http().origin() + u"/api"_s;
    const base::Error error = setting.run().error();
    QCOMPARE(error.kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(error.remedy, QString::fromUtf16(remedies::toleratesForeignResource));
    setting.settings = withRemedy(setting.settings, error.remedy);
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->resource.resource, setting.mcp.resource);
}

// Proves: PRM-8, VT-04
void TestDiscoveryFallbacks::anotherOriginIsNeverTolerated()
{
    Setting setting;
    setting.settings.toleratesForeignResource = true;
    setting.mcp.resource = u"https://evil.example.com/mcp"_s;
    const base::Error error = setting.run().error();
    QCOMPARE(error.kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(error.remedy, QString());
    QCOMPARE(setting.service.http().connections(), 0);
}

void TestDiscoveryFallbacks::endpointsInTheResourceDocument()
{
    Setting setting;
    const QJsonObject members = {
        {u"authorization_endpoint"_s, setting.service.endpoint("authorize").toString()},
        {u"token_endpoint"_s, setting.service.endpoint("token").toString()},
        {u"scopes_supported"_s, QJsonArray{u"a"_s}},
        {challengeMethods, QJsonArray{u"S256"_s}}};
    setting.serveResource(members);
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.described, Described::ByResource);
    QVERIFY(!found->server.isLegacy());
    QCOMPARE(found->server.issuer, setting.service.http().origin());
    QCOMPARE(found->server.tokenEndpoint, setting.service.endpoint("token"));
    QCOMPARE(found->scopes, QStringList{u"a"_s});
    QVERIFY(found->server.scopesSupported.isEmpty());
    QCOMPARE(setting.service.http().connections(), 0);

    QJsonObject named = members;
    named.insert(u"issuer"_s, setting.service.issuer() + u"/t"_s);
    setting.serveResource(named);
    QCOMPARE(setting.run()->server.issuer, setting.service.issuer() + u"/t"_s);
}

void TestDiscoveryFallbacks::endpointsInTheResourceDocumentAreChecked_data()
{
    QTest::addColumn<QJsonObject>("changes");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("remedy");
    const QString none;
    QTest::newRow("no PKCE list") << QJsonObject{{challengeMethods, QJsonValue()}}
                                  << ErrorKind::RefusedByPolicy
                                  << QString::fromUtf16(remedies::toleratesMissingPkce);
    QTest::newRow("no S256") << QJsonObject{{challengeMethods, QJsonArray{u"plain"_s}}}
                             << ErrorKind::RefusedByPolicy << none;
    QTest::newRow("script") << QJsonObject{{u"authorization_endpoint"_s, u"javascript:x"_s}}
                            << ErrorKind::RefusedByPolicy << none;
    QTest::newRow("http") << QJsonObject{{u"token_endpoint"_s, u"http://evil.example/token"_s}}
                          << ErrorKind::RefusedByPolicy << none;
    QTest::newRow("half") << QJsonObject{{u"token_endpoint"_s, QJsonValue()}} << ErrorKind::Protocol << none;
}

void TestDiscoveryFallbacks::endpointsInTheResourceDocumentAreChecked()
{
    QFETCH(QJsonObject, changes);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, remedy);
    Setting setting;
    QJsonObject members = {{u"authorization_endpoint"_s, u"https://login.example/authorize"_s},
                           {u"token_endpoint"_s, u"https://login.example/token"_s},
                           {challengeMethods, QJsonArray{u"S256"_s}}};
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        members.insert(it.key(), it.value());
    }
    setting.serveResource(members);
    const base::Error error = setting.run().error();
    QCOMPARE(base::errorName(error), base::errorName(base::makeError(kind, {})));
    QCOMPARE(error.remedy, remedy);
}

void TestDiscoveryFallbacks::oldServerWithMetadata_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("RFC 8414") << oauthAtRoot;
    QTest::newRow("OpenID") << openIdAtRoot;
}

// Proves: BC-1, BC-3, RES-2, RES-5
void TestDiscoveryFallbacks::oldServerWithMetadata()
{
    QFETCH(QByteArray, path);
    Setting setting;
    setting.makeOld();
    setting.serveAtOrigin(path);
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.described, Described::AtServerOrigin);
    QVERIFY(found->server.isLegacy());
    QCOMPARE(found->server.issuer, setting.mcp.http().origin());
    QCOMPARE(found->server.tokenEndpoint, setting.mcp.http().url(u"/oauth/token"_s));
    QCOMPARE(found->resource.resource, setting.mcp.url().toString());
    QVERIFY(!found->resource.foundAt.isValid());
    // Nothing below the server's path is asked: it was the root that counted then.
    QCOMPARE(setting.mcp.http().count("/.well-known/oauth-authorization-server/mcp"), 0);
    QVERIFY(setting.hasStep(u"MCP 2025-03-26"_s));
    const auto again =
        AuthorizationServer::fromRecord(found->server.toRecord(), http::UrlPolicy(setting.mcp.url()));
    QVERIFY(again);
    QCOMPARE(again->described, Described::AtServerOrigin);
}

// Proves: BC-4
void TestDiscoveryFallbacks::oldServerWithoutPkceList()
{
    Setting setting;
    setting.makeOld();
    setting.serveAtOrigin(oauthAtRoot, {{challengeMethods, QJsonValue()}});
    QVERIFY(setting.run());
    QVERIFY(setting.hasStep(u"no code_challenge_methods_supported"_s));

    setting.serveAtOrigin(oauthAtRoot, {{challengeMethods, QJsonArray{u"plain"_s}}});
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
    setting.serveAtOrigin(oauthAtRoot, {{u"issuer"_s, u"https://evil.example"_s}});
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
}

// Proves: BC-2, BC-4
void TestDiscoveryFallbacks::oldServerWithoutAnything()
{
    Setting setting;
    setting.makeOld();
    setting.challenges = {{"bearer", {}, {{"scope", "a"}}}};
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    const QString origin = setting.mcp.http().origin();
    QCOMPARE(found->server.described, Described::ByFixedPaths);
    QCOMPARE(found->server.issuer, origin);
    QCOMPARE(found->server.authorizationEndpoint, QUrl(origin + u"/authorize"_s));
    QCOMPARE(found->server.tokenEndpoint, QUrl(origin + u"/token"_s));
    QCOMPARE(found->server.registrationEndpoint, QUrl(origin + u"/register"_s));
    QVERIFY(!found->server.revocationEndpoint.isValid());
    QCOMPARE(found->scopes, QStringList{u"a"_s});
    const auto again =
        AuthorizationServer::fromRecord(found->server.toRecord(), http::UrlPolicy(setting.mcp.url()));
    QVERIFY(again);
    QVERIFY(again->isLegacy());
    QCOMPARE(again->toRecord(), found->server.toRecord());
}

void TestDiscoveryFallbacks::oldServerNeedsABearerChallenge()
{
    Setting setting;
    setting.makeOld();
    setting.serveAtOrigin(oauthAtRoot);
    for (const QList<Challenge> &challenges : {QList<Challenge>(), QList<Challenge>{{"basic", {}, {}}}}) {
        setting.challenges = challenges;
        QCOMPARE(setting.run().error().kind, ErrorKind::NotFound);
    }
    QCOMPARE(setting.mcp.http().count(oauthAtRoot), 0);
}

void TestDiscoveryFallbacks::troubleIsNotOldAge_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    for (const QByteArray &path : {prmAtPath, oauthAtRoot, openIdAtRoot}) {
        QTest::addRow("503 at %s", path.constData())
            << path << FakeResponse::empty(503) << ErrorKind::HttpStatus;
        QTest::addRow("silence at %s", path.constData())
            << path << FakeResponse::silence() << ErrorKind::Timeout;
        QTest::addRow("hang up at %s", path.constData())
            << path << FakeResponse::hangUp() << ErrorKind::Network;
        QTest::addRow("nonsense at %s", path.constData())
            << path << FakeResponse::html("{\"issuer\":") << ErrorKind::Protocol;
    }
}

void TestDiscoveryFallbacks::troubleIsNotOldAge()
{
    QFETCH(QByteArray, path);
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    Setting setting;
    setting.makeOld();
    setting.deadlines.discoveryStep = std::chrono::milliseconds(300);
    setting.mcp.http().route(path, answer);
    const base::Error error = setting.run().error();
    QCOMPARE(base::errorName(error), base::errorName(base::makeError(kind, {})));
}

void TestDiscoveryFallbacks::hints_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("issuerPath");
    QTest::addColumn<QString>("hint");
    QTest::newRow("issuer") << QByteArray("authorization_server") << QString() << QString();
    QTest::newRow("UMA") << QByteArray("as_uri") << u"/t"_s << u"/t"_s;
    QTest::newRow("authorization endpoint")
        << QByteArray("authorization_uri") << QString() << u"/authorize"_s;
    QTest::newRow("below oauth") << QByteArray("authorization_uri") << u"/t"_s << u"/t/oauth/authorize"_s;
    QTest::newRow("Entra v1") << QByteArray("authorization_uri") << u"/tenant"_s
                              << u"/tenant/oauth2/authorize"_s;
    QTest::newRow("Entra v2") << QByteArray("authorization_uri") << u"/tenant/v2.0"_s
                              << u"/tenant/oauth2/v2.0/authorize"_s;
}

// Proves: PRB-6
void TestDiscoveryFallbacks::hints()
{
    QFETCH(QByteArray, name);
    QFETCH(QString, issuerPath);
    QFETCH(QString, hint);
    Setting setting(issuerPath);
    setting.makeOld();
    const QByteArray value = (setting.service.http().origin() + hint).toUtf8();
    setting.challenges = {{"bearer", {}, {{name, value}}}};
    const base::Result<Discovery> found = setting.run();
    QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
    QCOMPARE(found->server.issuer, setting.service.issuer());
    QCOMPARE(found->server.described, Described::ByMetadata);
    QCOMPARE(found->resource.resource, setting.mcp.url().toString());
    QCOMPARE(setting.mcp.http().count(prmAtPath), 1);
}

void TestDiscoveryFallbacks::hintsThatMustNotBeFollowed_data()
{
    QTest::addColumn<QByteArray>("hint");
    for (const char *hint :
         {"file:///etc/passwd", "http://10.0.0.1/", "javascript:x", "https://a@b.example/", "no address"}) {
        QTest::newRow(hint) << QByteArray(hint);
    }
}

// Proves: VT-01
void TestDiscoveryFallbacks::hintsThatMustNotBeFollowed()
{
    QFETCH(QByteArray, hint);
    Setting setting;
    setting.makeOld();
    setting.challenges = {{"bearer", {}, {{"authorization_uri", hint}}}};
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
}

void TestDiscoveryFallbacks::hintThatLeadsNowhereIsForgotten()
{
    Setting setting;
    setting.makeOld();
    support::FakeServer empty;
    setting.challenges = {{"bearer", {}, {{"authorization_uri", empty.origin().toUtf8()}}}};
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.described, Described::ByFixedPaths);
    empty.stop();
    QCOMPARE(setting.run().error().kind, ErrorKind::Network);
}

void TestDiscoveryFallbacks::typedIssuer()
{
    Setting setting;
    support::FakeServer unused;
    setting.mcp.authorizationServers = {unused.origin()};
    setting.mcp.scopesSupported = {u"a"_s};
    setting.service.scopesSupported.clear();
    setting.settings.issuer = setting.service.issuer();
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.issuer, setting.service.issuer());
    QCOMPARE(found->scopes, QStringList{u"a"_s});
    QVERIFY(found->resource.foundAt.isValid());
    QCOMPARE(unused.connections(), 0);
    setting.serveResource({});
    QVERIFY(setting.run());
}

void TestDiscoveryFallbacks::typedIssuerWithoutAnyDescription()
{
    Setting setting;
    setting.makeOld();
    setting.challenges.clear();
    setting.settings.issuer = setting.service.issuer();
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.issuer, setting.service.issuer());
    QCOMPARE(found->resource.resource, setting.mcp.url().toString());
    setting.settings.issuer = u"ftp://x"_s;
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
}

void TestDiscoveryFallbacks::typedEndpointsReplaceThoseOfTheDocument()
{
    Setting setting;
    setting.settings.tokenEndpoint = QUrl(u"https://token.example/t"_s);
    setting.settings.revocationEndpoint = QUrl(u"https://token.example/r"_s);
    setting.service.metadataOverrides.insert(u"token_endpoint"_s, QJsonValue::Null);
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->server.tokenEndpoint, setting.settings.tokenEndpoint);
    QCOMPARE(found->server.revocationEndpoint, setting.settings.revocationEndpoint);
    QCOMPARE(found->server.authorizationEndpoint, setting.service.endpoint("authorize"));
    setting.settings.tokenEndpoint = QUrl(u"http://token.example/t"_s);
    QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
}

void TestDiscoveryFallbacks::typedEndpointsAreEnough()
{
    for (const bool isOld : {false, true}) {
        Setting setting;
        if (isOld) {
            setting.makeOld();
            setting.challenges.clear();
        }
        setting.settings.authorizationEndpoint = setting.service.endpoint("authorize");
        setting.settings.tokenEndpoint = setting.service.endpoint("token");
        const base::Result<Discovery> found = setting.run();
        QVERIFY(found);
        QCOMPARE(found->server.tokenEndpoint, setting.service.endpoint("token"));
        QCOMPARE(found->server.issuer, setting.service.issuer());
        QVERIFY(!found->server.registrationEndpoint.isValid());
        QCOMPARE(setting.service.http().connections(), 0);
        setting.settings.issuer = u"https://login.example"_s;
        QCOMPARE(setting.run()->server.issuer, u"https://login.example"_s);
        setting.settings.tokenEndpoint = QUrl(u"http://evil.example/token"_s);
        QCOMPARE(setting.run().error().kind, ErrorKind::RefusedByPolicy);
    }
}

void TestDiscoveryFallbacks::extraScopes()
{
    Setting setting;
    setting.settings.extraScopes = {u"openid"_s, u"email"_s};
    setting.service.scopesSupported = {u"offline_access"_s};
    QCOMPARE(setting.run()->scopes, (QStringList{u"openid"_s, u"email"_s, u"offline_access"_s}));
    setting.challenges = {{"bearer", {}, {{"scope", "a email"}}}};
    setting.service.scopesSupported.clear();
    QCOMPARE(setting.run()->scopes, (QStringList{u"a"_s, u"email"_s, u"openid"_s}));
}

void TestDiscoveryFallbacks::dpop_data()
{
    using Dpop = SignInSettings::Dpop;
    QTest::addColumn<QString>("schemes");
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QString>("algorithms");
    QTest::addColumn<Dpop>("choice");
    QTest::addColumn<bool>("expected");
    const auto wanted = Dpop::WhereWanted;
    QTest::newRow("nobody") << u"bearer"_s << false << u"ES256"_s << wanted << false;
    QTest::newRow("challenge") << u"dpop"_s << false << QString() << wanted << true;
    QTest::newRow("both, can") << u"bearer dpop"_s << false << u"RS256 ES256"_s << wanted << true;
    QTest::newRow("both, can't") << u"bearer dpop"_s << false << QString() << wanted << false;
    QTest::newRow("document") << u"bearer"_s << true << QString() << wanted << true;
    QTest::newRow("always") << u"bearer"_s << false << QString() << Dpop::Always << true;
    QTest::newRow("never") << u"dpop"_s << true << u"ES256"_s << Dpop::Never << false;
}

void TestDiscoveryFallbacks::dpop()
{
    QFETCH(QString, schemes);
    QFETCH(bool, isRequired);
    QFETCH(QString, algorithms);
    QFETCH(SignInSettings::Dpop, choice);
    QFETCH(bool, expected);
    Setting setting;
    setting.challenges.clear();
    for (const QString &scheme : schemes.split(u' ')) {
        setting.challenges.append({scheme.toLatin1(), {}, {}});
    }
    setting.settings.dpop = choice;
    setting.serveResource({{u"authorization_servers"_s, QJsonArray{setting.service.issuer()}},
                           {u"dpop_bound_access_tokens_required"_s, isRequired}});
    setting.service.metadataOverrides.insert(
        u"dpop_signing_alg_values_supported"_s,
        QJsonArray::fromStringList(algorithms.split(u' ', Qt::SkipEmptyParts)));
    const base::Result<Discovery> found = setting.run();
    QVERIFY(found);
    QCOMPARE(found->wantsDpop, expected);
    QCOMPARE(found->resource.dpopRequired, isRequired);
}

QTEST_GUILESS_MAIN(TestDiscoveryFallbacks)
#include "tst_discoveryfallbacks.moc"
