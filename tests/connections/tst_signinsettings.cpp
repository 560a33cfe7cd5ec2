// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that a person may bend, each as one connection lives with it.
#include "support/testbed.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Phase;
using oauth::SignInSettings;
using support::await;
using support::FakeRequest;
using support::FakeResponse;
using support::Testbed;

namespace {

QString parameter(const QUrl &url, const char *name)
{
    return QUrlQuery(url).queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

/// Adds the server with these settings; nobody has signed in yet.
std::shared_ptr<Connection> addedWith(Testbed *bed, const SignInSettings &settings)
{
    const std::shared_ptr<Connection> connection = bed->added(bed->mcp.url());
    const base::Result<void> set = await(connection->setSettings(settings, {}));
    return set ? connection : nullptr;
}

QByteArray lastTokenField(Testbed *bed, const QByteArray &name)
{
    return support::fieldOf(bed->auth.http().requestsTo("/token").back().form(), name);
}

} // namespace

class TestSignInSettings final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void survivesTheFile();
    void namesEachRemedy_data();
    void namesEachRemedy();
    void asksForExtraPermissions();
    void forgetsExtraPermissionsThatAreNoLongerWanted();
    void omitsTheResource();
    void sendsTheScopeOnRefresh();
    void addsParametersOfTheService();
    void namesWhoIsToSignIn();
    void learnsThatTheResourceIsRefusedAtRefresh();
    void keepsTheResourceWhereThatIsNotTheTrouble();
    void acceptsANewIssuerOnlyWhenAsked();
};

void TestSignInSettings::survivesTheFile()
{
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    settings.dpop = SignInSettings::Dpop::Never;
    settings.extraScopes = {u"offline_access"_s, u"a:b"_s};
    settings.redirectHost = u"localhost"_s;
    settings.redirectPort = 8123;
    settings.sendsResource = false;
    settings.sendsScopeOnRefresh = true;
    settings.toleratesMissingPkce = true;
    settings.toleratesForeignResource = true;
    settings.issuer = u"https://login.example.com/tenant"_s;
    settings.authorizationEndpoint = QUrl(u"https://login.example.com/a?b=c"_s);
    settings.tokenEndpoint = QUrl(u"https://login.example.com/t"_s);
    settings.revocationEndpoint = QUrl(u"https://login.example.com/r"_s);
    settings.authorizationParameters = {{u"access_type"_s, u"offline"_s}, {u"access_type"_s, u"again"_s}};
    settings.loginHint = u"me@example.com"_s;
    QCOMPARE(SignInSettings::fromJson(settings.toJson()), settings);
    QVERIFY(SignInSettings().toJson().isEmpty());
    QCOMPARE(SignInSettings::fromJson({}), SignInSettings());

    Testbed bed;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(connection);
    QCOMPARE(bed.recordOnDisk(connection->id()).settings, settings);
    bed.restart();
    QCOMPARE(bed.list->byId(connection->id())->record().settings, settings);
}

void TestSignInSettings::namesEachRemedy_data()
{
    QTest::addColumn<QString>("remedy");
    QTest::addColumn<SignInSettings>("expected");
    SignInSettings settings;
    settings.toleratesMissingPkce = true;
    QTest::newRow("no PKCE list") << u"tolerates-missing-pkce"_s << settings;
    settings = {};
    settings.toleratesForeignResource = true;
    QTest::newRow("another path") << u"tolerates-foreign-resource"_s << settings;
    settings = {};
    settings.sendsResource = false;
    QTest::newRow("no resource") << u"omits-resource"_s << settings;
    settings = {};
    settings.sendsScopeOnRefresh = true;
    QTest::newRow("scope at refresh") << u"sends-scope-on-refresh"_s << settings;
    QTest::newRow("no setting") << u"enters-client"_s << SignInSettings();
}

void TestSignInSettings::namesEachRemedy()
{
    QFETCH(QString, remedy);
    QFETCH(SignInSettings, expected);
    QCOMPARE(oauth::withRemedy({}, remedy), expected);
}

void TestSignInSettings::asksForExtraPermissions()
{
    Testbed bed;
    bed.mcp.scopesSupported = {u"mcp"_s};
    SignInSettings settings;
    settings.extraScopes = {u"extra"_s, u"mcp"_s};
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    const QStringList asked = parameter(bed.person.opened.last(), "scope").split(u' ');
    QCOMPARE(asked.count(u"mcp"_s), 1);
    QCOMPARE(asked.count(u"extra"_s), 1);
}

void TestSignInSettings::forgetsExtraPermissionsThatAreNoLongerWanted()
{
    Testbed bed;
    bed.mcp.scopesSupported = {u"mcp"_s};
    SignInSettings settings;
    settings.extraScopes = {u"extra"_s};
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->setSettings({}, {})));
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(!parameter(bed.person.opened.last(), "scope").contains(u"extra"_s));
}

void TestSignInSettings::omitsTheResource()
{
    Testbed bed;
    bed.mcp.admits = [&bed](const QByteArray &token) { return bed.auth.isActive(token); };
    SignInSettings settings;
    settings.sendsResource = false;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(!QUrlQuery(bed.person.opened.last()).hasQueryItem(u"resource"_s));
    QVERIFY(await(connection->renew({})));
    for (const FakeRequest &request : bed.auth.http().requestsTo("/token")) {
        QCOMPARE(support::countOf(request.form(), "resource"), 0);
    }
    // The token is still good for this server only.
    QVERIFY(await(connection->listTools({})));
}

void TestSignInSettings::sendsTheScopeOnRefresh()
{
    Testbed bed;
    bed.mcp.scopesSupported = {u"api://thing/.default"_s};
    SignInSettings settings;
    settings.sendsScopeOnRefresh = true;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->renew({})));
    const QByteArray asked = parameter(bed.person.opened.last(), "scope").toUtf8();
    QVERIFY(asked.contains("api://thing/.default"));
    QCOMPARE(lastTokenField(&bed, "scope"), asked);
    QVERIFY(await(connection->setSettings({}, {})));
    QVERIFY(await(connection->renew({})));
    QCOMPARE(support::countOf(bed.auth.http().requestsTo("/token").back().form(), "scope"), 0);
}

void TestSignInSettings::addsParametersOfTheService()
{
    Testbed bed;
    SignInSettings settings;
    settings.authorizationParameters = {{u"access_type"_s, u"off line"_s}, {u"state"_s, u"mine"_s}};
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(parameter(bed.person.opened.last(), "access_type"), u"off line"_s);
    QCOMPARE(QUrlQuery(bed.person.opened.last()).allQueryItemValues(u"state"_s).size(), 1);
    QVERIFY(parameter(bed.person.opened.last(), "state") != u"mine"_s);
}

void TestSignInSettings::namesWhoIsToSignIn()
{
    Testbed bed;
    SignInSettings settings;
    settings.loginHint = u"me@example.com"_s;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(parameter(bed.person.opened.last(), "login_hint"), u"me@example.com"_s);
    connections::AuthorizeOptions options;
    options.selectAccount = true;
    QVERIFY(await(connection->authorize(options, {})));
    QCOMPARE(parameter(bed.person.opened.last(), "prompt"), u"select_account"_s);
    QVERIFY(!QUrlQuery(bed.person.opened.last()).hasQueryItem(u"login_hint"_s));
}

void TestSignInSettings::learnsThatTheResourceIsRefusedAtRefresh()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.auth.editTokenAnswer = [&bed](const FakeRequest &request, FakeResponse *answer) {
        const bool hasResource = support::countOf(request.form(), "resource") > 0;
        *answer = hasResource ? FakeResponse::json({{u"error"_s, u"invalid_target"_s}}, 400)
                              : FakeResponse::json(bed.auth.issueTokens(
                                    "client-1", bed.mcp.url().toString().toUtf8(), "mcp"));
    };
    const int before = bed.auth.http().count("/token");
    const auto renewed = await(connection->renew({}));
    QVERIFY2(renewed, renewed ? "" : qPrintable(renewed.error().sentence + renewed.error().detail));
    QCOMPARE(bed.auth.http().count("/token"), before + 2);
    QCOMPARE(lastTokenField(&bed, "resource"), QByteArray());
    QVERIFY(bed.recordOnDisk(connection->id()).refreshesWithoutResource);
    QVERIFY(await(connection->renew({})));
    QCOMPARE(bed.auth.http().count("/token"), before + 3);
}

void TestSignInSettings::keepsTheResourceWhereThatIsNotTheTrouble()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const FakeResponse refusal = FakeResponse::json({{u"error"_s, u"invalid_request"_s}}, 400);
    bed.auth.http().once("/token", refusal);
    bed.auth.http().once("/token", refusal);
    QVERIFY(!await(connection->renew({})));
    QVERIFY(!bed.recordOnDisk(connection->id()).refreshesWithoutResource);
    QVERIFY(bed.recordOnDisk(connection->id()).hasRefreshToken);
    QVERIFY(await(connection->renew({})));
    QCOMPARE(lastTokenField(&bed, "resource"), bed.mcp.url().toString().toUtf8());
}

// Proves: BIND-2, BIND-3, BIND-4, PRM-6, PRM-7
void TestSignInSettings::acceptsANewIssuerOnlyWhenAsked()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    support::FakeAuthServer other({}, bed.clock.function());
    bed.mcp.authorizationServers = {other.issuer()};
    bed.mcp.admits = [&other](const QByteArray &token) { return other.isActive(token); };
    bed.auth.endAllGrants();
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(!await(connection->listTools({})));
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    bed.restart();
    const std::shared_ptr<Connection> later = bed.list->byId(connection->id());
    QVERIFY(await(later->authorize({}, {})));
    QCOMPARE(later->record().issuer, other.issuer());
    QVERIFY(await(later->listTools({})));
    QCOMPARE(other.http().count("/register"), 1);
    QCOMPARE(later->registration()->issuer, other.issuer());
    const QString port = QString::number(QUrl(later->registration()->redirectUri).port());
    QVERIFY(parameter(bed.person.opened.last(), "redirect_uri").contains(port));
    // While a sign-in is there, a new service has to be agreed to.
    bed.mcp.authorizationServers = {bed.auth.issuer()};
    bed.mcp.admits = [&bed](const QByteArray &token) { return bed.auth.isActive(token); };
    bed.clock.advance(std::chrono::minutes(20));
    const base::Result<void> refused = await(later->authorize({}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(refused.error().remedy, u"accepts-new-issuer"_s);
    connections::AuthorizeOptions options;
    options.acceptNewIssuer = true;
    QVERIFY(await(later->authorize(options, {})));
    QCOMPARE(later->record().issuer, bed.auth.issuer());
    QTRY_COMPARE(other.revocations(), 2);
}

QTEST_GUILESS_MAIN(TestSignInSettings)
#include "tst_signinsettings.moc"
