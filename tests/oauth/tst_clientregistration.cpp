// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientregistration.h"

#include "support/await.h"
#include "support/fakeauthserver.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;
using support::FakeResponse;
using Outcome = base::Result<std::variant<ClientRegistration, ClientNeeded>>;

namespace {

const QString redirectUri = u"http://127.0.0.1:53124/callback"_s;

struct Setting {
    FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    AuthorizationServer server;
    QList<http::Step> steps;

    Setting()
    {
        server.issuer = service.issuer();
        server.registrationEndpoint = service.endpoint("register");
        server.tokenEndpointAuthMethods = {u"none"_s};
        deadlines.registration = std::chrono::milliseconds(500);
    }
    Outcome run(const QStringList &scopes = {}, const QStringList &redirectUris = {redirectUri})
    {
        return support::await(obtainClient(client, deadlines, server, redirectUris, scopes,
                                           [this](const http::Step &step) { steps.append(step); }, {}));
    }
    QJsonObject sent() { return service.http().requestsTo("/register").at(0).json(); }
};

} // namespace

class TestClientRegistration final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsSent();
    void methodThatIsAskedFor_data();
    void methodThatIsAskedFor();
    void withoutRegistration();
    void answers_data();
    void answers();
    void secretExpiry();
    void refusals_data();
    void refusals();
    void applicationTypeIsGivenUpOnce_data();
    void applicationTypeIsGivenUpOnce();
    void oneMemberIsLeftOut_data();
    void oneMemberIsLeftOut();
    void whatHelpedIsKept();
    void everythingIsLeftOutAtLast();
    void aBusyServiceIsNotAskedOn();
    void requirementsOfTheClientAreKept();
    void refusalSaysWhatToDo();
    void canBeDeletedAgain();
    void addressForDeletingStaysAtTheService();
    void chooseMethodWithKey_data();
    void chooseMethodWithKey();
    void chooseMethod_data();
    void chooseMethod();
    void names();
};

// Proves: REG-8, REG-14, RED-2
void TestClientRegistration::whatIsSent()
{
    Setting setting;
    const Outcome outcome = setting.run({u"a"_s, u"b"_s});
    QVERIFY(outcome);
    const auto client = std::get<ClientRegistration>(*outcome);
    QCOMPARE(client.clientId, u"client-1"_s);
    QCOMPARE(client.issuer, setting.service.issuer());
    QCOMPARE(client.redirectUri, redirectUri);
    QCOMPARE(client.method, ClientAuthentication::None);
    QVERIFY(client.clientSecret.isEmpty());
    QVERIFY(client.registeredAt.isValid());
    QVERIFY(!client.secretExpiresAt);
    const QJsonObject expected = {
        {u"client_name"_s, u"Mooring"_s},
        {u"redirect_uris"_s, QJsonArray{redirectUri}},
        {u"grant_types"_s, QJsonArray{u"authorization_code"_s, u"refresh_token"_s}},
        {u"response_types"_s, QJsonArray{u"code"_s}},
        {u"application_type"_s, u"native"_s},
        {u"token_endpoint_auth_method"_s, u"none"_s},
        {u"scope"_s, u"a b"_s},
        {u"software_id"_s, u"mooring"_s},
        {u"software_version"_s, QStringLiteral(MOORING_VERSION)},
    };
    QCOMPARE(setting.sent(), expected);
    const auto request = setting.service.http().requests().at(0);
    QCOMPARE(request.method, "POST");
    QCOMPARE(request.headers.value("Content-Type"), "application/json");
    QCOMPARE(setting.steps.size(), 1);
    QCOMPARE(setting.steps.at(0).outcome, http::Step::Outcome::Done);

    Setting bare;
    QVERIFY(bare.run());
    QVERIFY(!bare.sent().contains(u"scope"_s));
}

void TestClientRegistration::methodThatIsAskedFor_data()
{
    QTest::addColumn<QStringList>("listed");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<bool>("hasSecret");
    const QString none = u"none"_s;
    const QString post = u"client_secret_post"_s;
    const QString basic = u"client_secret_basic"_s;
    QTest::newRow("all") << QStringList{basic, post, none} << none << false;
    QTest::newRow("post and basic") << QStringList{basic, post} << post << true;
    QTest::newRow("basic") << QStringList{u"private_key_jwt"_s, basic} << basic << true;
    QTest::newRow("no list") << QStringList() << basic << true;
}

void TestClientRegistration::methodThatIsAskedFor()
{
    QFETCH(QStringList, listed);
    QFETCH(QString, asked);
    QFETCH(bool, hasSecret);
    Setting setting;
    setting.server.tokenEndpointAuthMethods = listed;
    const Outcome outcome = setting.run();
    QVERIFY(outcome);
    QCOMPARE(setting.sent().value(u"token_endpoint_auth_method"_s).toString(), asked);
    const auto client = std::get<ClientRegistration>(*outcome);
    QCOMPARE(methodName(client.method), asked);
    QCOMPARE(!client.clientSecret.isEmpty(), hasSecret);
}

void TestClientRegistration::withoutRegistration()
{
    Setting setting;
    setting.server.registrationEndpoint = QUrl();
    const Outcome outcome = setting.run();
    QVERIFY(outcome);
    const auto needed = std::get<ClientNeeded>(*outcome);
    QCOMPARE(needed.issuer, setting.service.issuer());
    QCOMPARE(needed.redirectUri, redirectUri);
    QCOMPARE(setting.service.http().connections(), 0);
}

void TestClientRegistration::answers_data()
{
    QTest::addColumn<QStringList>("listed");
    QTest::addColumn<QJsonObject>("answer");
    QTest::addColumn<QString>("method");
    const QStringList none = {u"none"_s};
    const QStringList all = {u"none"_s, u"client_secret_post"_s, u"client_secret_basic"_s};
    const QJsonObject id = {{u"client_id"_s, u"c"_s}};
    const auto with = [](QJsonObject object, const QString &name, const QJsonValue &value) {
        object.insert(name, value);
        return object;
    };
    const QJsonObject secret = with(id, u"client_secret"_s, u"s"_s);
    const QString method = u"token_endpoint_auth_method"_s;
    QTest::newRow("id alone") << none << id << u"none"_s;
    QTest::newRow("a secret that nobody wants") << none << secret << u"none"_s;
    QTest::newRow("basic named") << all << with(secret, method, u"client_secret_basic"_s)
                                 << u"client_secret_basic"_s;
    QTest::newRow("secret but the list has only none")
        << none << with(secret, method, u"client_secret_basic"_s) << u"none"_s;
    QTest::newRow("our address among others")
        << none << with(id, u"redirect_uris"_s, QJsonArray{u"http://localhost/x"_s, redirectUri})
        << u"none"_s;
    QTest::newRow("no id") << none << QJsonObject{{u"client_secret"_s, u"s"_s}} << QString();
    QTest::newRow("id is a number") << none << QJsonObject{{u"client_id"_s, qint64(4294967296)}} << u"none"_s;
    QTest::newRow("id is half a number") << none << QJsonObject{{u"client_id"_s, 1.5}} << QString();
    QTest::newRow("another address") << none
                                     << with(id, u"redirect_uris"_s,
                                             QJsonArray{u"http://127.0.0.1/callback"_s})
                                     << QString();
    QTest::newRow("method that can't be done") << none << with(id, method, u"private_key_jwt"_s) << QString();
    QTest::newRow("secret method without a secret")
        << all << with(id, method, u"client_secret_post"_s) << QString();
}

void TestClientRegistration::answers()
{
    QFETCH(QStringList, listed);
    QFETCH(QJsonObject, answer);
    QFETCH(QString, method);
    Setting setting;
    setting.server.tokenEndpointAuthMethods = listed;
    setting.service.http().once("/register", FakeResponse::json(answer, 201));
    const Outcome outcome = setting.run();
    QCOMPARE(outcome.has_value(), !method.isEmpty());
    if (outcome) {
        const auto client = std::get<ClientRegistration>(*outcome);
        QCOMPARE(methodName(client.method), method);
        // One that nobody has asked for is kept for the case that it is wanted after all.
        QCOMPARE(client.clientSecret.isEmpty(), !answer.contains("client_secret"_L1));
        const bool isNumber = answer.value("client_id"_L1).isDouble();
        QCOMPARE(client.clientId, isNumber ? u"4294967296"_s : u"c"_s);
        QCOMPARE(client.redirectUri, redirectUri);
    } else {
        QCOMPARE(outcome.error().kind, ErrorKind::Protocol);
        QVERIFY(outcome.error().sentence.contains(u"127.0.0.1"_s));
        QCOMPARE(setting.steps.at(0).outcome, http::Step::Outcome::Failed);
    }
}

void TestClientRegistration::secretExpiry()
{
    Setting setting;
    setting.server.tokenEndpointAuthMethods = {u"client_secret_post"_s};
    const auto run = [&](const QJsonValue &end) {
        setting.service.http().once("/register", FakeResponse::json({{u"client_id"_s, u"c"_s},
                                                                     {u"client_secret"_s, u"s"_s},
                                                                     {u"client_secret_expires_at"_s, end}}));
        return std::get<ClientRegistration>(*setting.run());
    };
    QVERIFY(!run(0).secretExpiresAt);
    QVERIFY(!run(u"soon"_s).secretExpiresAt);
    const ClientRegistration ends = run(2000000000);
    QCOMPARE(ends.secretExpiresAt->toSecsSinceEpoch(), 2000000000);
    QVERIFY(!ends.isExpired(QDateTime::fromSecsSinceEpoch(1999999999)));
    QVERIFY(ends.isExpired(QDateTime::fromSecsSinceEpoch(2000000000)));
}

void TestClientRegistration::refusals_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    QTest::newRow("software statement wanted")
        << FakeResponse::json({{u"error"_s, u"invalid_software_statement"_s}}, 400) << ErrorKind::HttpStatus
        << u"invalid_software_statement"_s;
    QTest::newRow("not on the list") << FakeResponse::html("<p>no", 403) << ErrorKind::HttpStatus
                                     << QString();
    QTest::newRow("500") << FakeResponse::empty(500) << ErrorKind::HttpStatus << QString();
    QTest::newRow("HTML") << FakeResponse::html("<p>no") << ErrorKind::Protocol << QString();
    QTest::newRow("redirect") << FakeResponse::redirect("/other", 308) << ErrorKind::RefusedByPolicy
                              << QString();
    QTest::newRow("hang up") << FakeResponse::hangUp() << ErrorKind::Network << QString();
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout << QString();
    FakeResponse large = FakeResponse::json({{u"client_id"_s, QString(70000, u'x')}}, 201);
    QTest::newRow("too large") << large << ErrorKind::Protocol << QString();
}

void TestClientRegistration::refusals()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    Setting setting;
    setting.service.http().route("/register", answer);
    const Outcome outcome = setting.run();
    QVERIFY(!outcome);
    QCOMPARE(base::errorName(outcome.error()), base::errorName(base::makeError(kind, {})));
    QCOMPARE(outcome.error().oauthCode, code);
    QCOMPARE(setting.service.http().requests().size(), 1u);
    QCOMPARE(setting.steps.size(), 1);
    QCOMPARE(setting.steps.at(0).learnt, outcome.error().sentence);
}

void TestClientRegistration::applicationTypeIsGivenUpOnce_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QJsonValue>("second");
    QTest::newRow("redirect URI") << u"invalid_redirect_uri"_s << QJsonValue(u"web"_s);
    QTest::newRow("metadata") << u"invalid_client_metadata"_s << QJsonValue(QJsonValue::Undefined);
}

// Proves: REG-9, REG-10, REG-11, REG-13
void TestClientRegistration::applicationTypeIsGivenUpOnce()
{
    QFETCH(QString, code);
    QFETCH(QJsonValue, second);
    Setting setting;
    setting.service.refuseRegistration = [&](const QJsonObject &body) {
        return body.value("application_type"_L1) == "native"_L1 ? code : QString();
    };
    const Outcome outcome = setting.run();
    QVERIFY(outcome);
    const auto requests = setting.service.http().requestsTo("/register");
    QCOMPARE(requests.size(), 2u);
    QCOMPARE(requests.at(0).json().value("application_type"_L1), QJsonValue(u"native"_s));
    QJsonObject expected = requests.at(0).json();
    expected.remove(u"application_type"_s);
    if (!second.isUndefined()) {
        expected.insert(u"application_type"_s, second);
    }
    QCOMPARE(requests.at(1).json(), expected);
    QCOMPARE(setting.steps.size(), 2);
    QCOMPARE(setting.steps.at(0).outcome, http::Step::Outcome::Failed);
    QCOMPARE(setting.steps.at(1).outcome, http::Step::Outcome::Done);
}

void TestClientRegistration::oneMemberIsLeftOut_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QJsonObject>("refusal");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("tries");
    const auto words = [](const QString &code, const QString &description) {
        return QJsonObject{{u"error"_s, code}, {u"error_description"_s, description}};
    };
    const QString metadata = u"invalid_client_metadata"_s;
    const QString scope = u"scope"_s;
    const QString method = u"token_endpoint_auth_method"_s;
    const QString none = u"none"_s;
    const QString grants = u"grant_types"_s;
    const QString refresh = u"refresh_token"_s;
    QTest::newRow("scope, named") << scope << QString()
                                  << words(metadata, u"Requested scopes are not valid"_s) << 400 << 2;
    QTest::newRow("scope, by code") << scope << QString() << words(u"invalid_scope"_s, {}) << 400 << 2;
    QTest::newRow("scope, other form")
        << scope << QString() << QJsonObject{{u"detail"_s, u"Invalid scope"_s}} << 400 << 2;
    QTest::newRow("scope, forbidden") << scope << QString() << words(u"invalid_scope"_s, {}) << 403 << 2;
    QTest::newRow("scope, without a word") << scope << QString() << QJsonObject() << 400 << 3;
    QTest::newRow("public clients, named")
        << method << none << words(metadata, u"auth method none not allowed"_s) << 400 << 2;
    QTest::newRow("refresh, named") << grants << refresh << words(metadata, u"grant_types not supported"_s)
                                    << 400 << 2;
    QTest::newRow("refresh, without a word") << grants << refresh << words(metadata, {}) << 422 << 4;
}

void TestClientRegistration::oneMemberIsLeftOut()
{
    QFETCH(QString, member);
    QFETCH(QString, value);
    QFETCH(QJsonObject, refusal);
    QFETCH(int, status);
    QFETCH(int, tries);
    Setting setting;
    setting.server.tokenEndpointAuthMethods = {u"none"_s, u"client_secret_basic"_s};
    setting.service.answerRegistration = [&](const QJsonObject &body) -> std::optional<FakeResponse> {
        const QJsonValue sent = body.value(member);
        const bool isRefused = value.isEmpty()  ? !sent.isUndefined()
                               : sent.isArray() ? sent.toArray().contains(value)
                                                : sent.toString() == value;
        return isRefused ? std::optional(FakeResponse::json(refusal, status)) : std::nullopt;
    };
    const Outcome outcome = setting.run({u"mcp"_s});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().sentence));
    const auto requests = setting.service.http().requestsTo("/register");
    QCOMPARE(int(requests.size()), tries);
    // Nothing else is missing.
    const QJsonObject first = requests.front().json();
    const QJsonObject last = requests.back().json();
    for (const QString &key : first.keys()) {
        QCOMPARE(last.value(key) == first.value(key), key != member);
    }
    const auto client = std::get<ClientRegistration>(*outcome);
    QCOMPARE(client.method == ClientAuthentication::None, member != "token_endpoint_auth_method"_L1);
}

void TestClientRegistration::whatHelpedIsKept()
{
    Setting setting;
    const QString usual = u"http://127.0.0.1:53124/callback"_s;
    const QString own = usual + u"/own"_s;
    setting.service.answerRegistration = [&](const QJsonObject &body) -> std::optional<FakeResponse> {
        const auto refuse = [](const QString &code, const QString &words) {
            return FakeResponse::json({{u"error"_s, code}, {u"message"_s, words}}, 400);
        };
        if (body.contains("scope"_L1)) {
            return refuse(u"invalid_client_metadata"_s, u"unknown scope"_s);
        }
        if (body.value("redirect_uris"_L1).toArray().first() != usual) {
            return refuse(u"invalid_client_metadata"_s, u"redirect address"_s);
        }
        return std::nullopt;
    };
    const Outcome outcome = setting.run({u"mcp"_s}, {own, usual});
    QVERIFY(outcome);
    QCOMPARE(std::get<ClientRegistration>(*outcome).redirectUri, usual);
    QCOMPARE(setting.service.http().requestsTo("/register").size(), 3u);
}

void TestClientRegistration::everythingIsLeftOutAtLast()
{
    Setting setting;
    setting.service.refuseRegistration = [](const QJsonObject &body) {
        return body.contains("scope"_L1) || body.contains("application_type"_L1) ? u"invalid_request"_s
                                                                                 : QString();
    };
    const Outcome outcome = setting.run({u"mcp"_s});
    QVERIFY(outcome);
    QCOMPARE(setting.service.http().requestsTo("/register").size(), 5u);
}

/// What was wrong before is what has to be said.
void TestClientRegistration::aBusyServiceIsNotAskedOn()
{
    Setting setting;
    int asked = 0;
    setting.service.answerRegistration = [&](const QJsonObject &) -> std::optional<FakeResponse> {
        return ++asked == 1 ? FakeResponse::json({{u"error"_s, u"invalid_client_metadata"_s}}, 400)
                            : FakeResponse::empty(429);
    };
    const base::Error error = setting.run({u"mcp"_s}).error();
    QCOMPARE(asked, 2);
    QCOMPARE(error.oauthCode, u"invalid_client_metadata"_s);
    QCOMPARE(error.remedy, QString::fromUtf16(remedies::entersClient));
}

void TestClientRegistration::requirementsOfTheClientAreKept()
{
    Setting setting;
    setting.service.http().once("/register",
                                FakeResponse::json({{u"client_id"_s, u"c"_s},
                                                    {u"require_pushed_authorization_requests"_s, true},
                                                    {u"dpop_bound_access_tokens"_s, true},
                                                    {u"require_signed_request_object"_s, true}}));
    const auto client = std::get<ClientRegistration>(*setting.run());
    QVERIFY(client.requiresPushedRequests);
    QVERIFY(client.requiresSignedRequest);
    QVERIFY(client.requiresDpop);
}

// Proves: REG-12
void TestClientRegistration::refusalSaysWhatToDo()
{
    for (const auto &code : {u"invalid_redirect_uri"_s, u"invalid_client_metadata"_s, u"access_denied"_s}) {
        Setting setting;
        setting.service.refuseRegistration = [&](const QJsonObject &) { return code; };
        const base::Error error = setting.run().error();
        // One for each thing that can be left out, and one without all of them.
        const std::size_t tries = code == "access_denied"_L1 ? 1 : code == "invalid_redirect_uri"_L1 ? 3 : 4;
        QCOMPARE(setting.service.http().requests().size(), tries);
        QVERIFY2(error.sentence.endsWith(u"says: “made up for a test”"_s), qPrintable(error.sentence));
        QCOMPARE(error.oauthCode, code);
        QCOMPARE(error.remedy, QString::fromUtf16(remedies::entersClient));
        QVERIFY(error.sentence.contains(QUrl(setting.service.issuer()).authority()));
        QCOMPARE(error.sentence.contains(redirectUri), code == "invalid_redirect_uri"_L1);
    }
}

void TestClientRegistration::canBeDeletedAgain()
{
    Setting setting;
    setting.service.managesRegistrations = true;
    const auto client = std::get<ClientRegistration>(*setting.run());
    QCOMPARE(client.registrationUri, setting.service.endpoint("register/client-1"));
    QCOMPARE(client.registrationToken.reveal(), "manages client-1");
    const auto remove = [&](const ClientRegistration &itself) {
        return support::await(deleteRegistration(setting.client, setting.deadlines, itself, {}, {}));
    };
    QVERIFY(setting.service.hasClient("client-1"));
    QVERIFY(remove(client));
    QVERIFY(!setting.service.hasClient("client-1"));
    const auto sent = setting.service.http().requestsTo("/register/client-1").at(0);
    QCOMPARE(sent.method, "DELETE");
    QCOMPARE(sent.headers.value("Authorization"), "Bearer manages client-1");
    // RFC 7592 section 2.3: 401 says that there is no such client any more.
    QVERIFY(remove(client));

    setting.service.http().once("/register/client-1", FakeResponse::empty(503));
    QVERIFY(remove(client).error().isTransient());
    setting.service.http().once("/register/client-1", FakeResponse::empty(405));
    QCOMPARE(remove(client).error().kind, ErrorKind::HttpStatus);
    setting.service.http().forgetRequests();
    QVERIFY(remove(ClientRegistration()));
    ClientRegistration edited = client;
    edited.registrationUri = QUrl(u"http://evil.example/"_s);
    QCOMPARE(remove(edited).error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(setting.service.http().requests().size(), 0u);
}

void TestClientRegistration::addressForDeletingStaysAtTheService()
{
    Setting setting;
    for (const QString &uri : {u"https://evil.example/x"_s, u"javascript:x"_s, u"http://127.0.0.1:1/x"_s}) {
        setting.service.http().once("/register",
                                    FakeResponse::json({{u"client_id"_s, u"c"_s},
                                                        {u"registration_client_uri"_s, uri},
                                                        {u"registration_access_token"_s, u"t"_s}}));
        const auto client = std::get<ClientRegistration>(*setting.run());
        QVERIFY(client.registrationUri.isEmpty());
        QVERIFY(client.registrationToken.isEmpty());
    }
}

void TestClientRegistration::chooseMethodWithKey_data()
{
    QTest::addColumn<QString>("listed");
    QTest::addColumn<QString>("algorithms");
    QTest::addColumn<bool>("hasSecret");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *listed, const char *algorithms, bool hasSecret, const char *expected) {
        QTest::addRow("%s, %s, %s", listed, algorithms, hasSecret ? "secret" : "no secret")
            << QString::fromLatin1(listed) << QString::fromLatin1(algorithms) << hasSecret
            << QString::fromLatin1(expected);
    };
    row("private_key_jwt", "", false, "private_key_jwt");
    row("client_secret_basic private_key_jwt", "RS256 ES256", true, "private_key_jwt");
    row("", "", false, "private_key_jwt");
    row("private_key_jwt", "RS256 PS256", false, "");
    row("client_secret_basic private_key_jwt", "RS256", true, "client_secret_basic");
    row("client_secret_basic", "", true, "client_secret_basic");
    row("client_secret_basic none", "", false, "");
}

// Proves: REG-6
void TestClientRegistration::chooseMethodWithKey()
{
    QFETCH(QString, listed);
    QFETCH(QString, algorithms);
    QFETCH(bool, hasSecret);
    QFETCH(QString, expected);
    AuthorizationServer server;
    server.issuer = u"https://as.example"_s;
    server.tokenEndpointAuthMethods = listed.split(u' ', Qt::SkipEmptyParts);
    server.tokenEndpointSigningAlgorithms = algorithms.split(u' ', Qt::SkipEmptyParts);
    const auto method = oauth::chooseMethod(server, hasSecret, std::nullopt, SigningKey::generate());
    QCOMPARE(method ? methodName(*method) : QString(), expected);
    if (!method) {
        QCOMPARE(method.error().kind, ErrorKind::Protocol);
        QVERIFY(!method.error().detail.isEmpty());
    }
}

void TestClientRegistration::chooseMethod_data()
{
    QTest::addColumn<QString>("listed");
    QTest::addColumn<bool>("hasSecret");
    QTest::addColumn<QString>("registered");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *listed, bool hasSecret, const char *registered, const char *expected) {
        QTest::addRow("%s, %s, %s", listed, hasSecret ? "secret" : "public", registered)
            << QString::fromLatin1(listed) << hasSecret << QString::fromLatin1(registered)
            << QString::fromLatin1(expected);
    };
    row("none", true, "client_secret_basic", "none");
    row("none", false, "", "none");
    row("client_secret_basic", true, "", "client_secret_basic");
    row("client_secret_basic client_secret_post", true, "", "client_secret_post");
    row("client_secret_basic client_secret_post", true, "client_secret_basic", "client_secret_basic");
    row("client_secret_basic client_secret_post", false, "", "none");
    row("client_secret_post none", true, "none", "none");
    row("", true, "", "client_secret_basic");
    row("", true, "client_secret_post", "client_secret_post");
    row("", false, "", "none");
    row("private_key_jwt", true, "", "");
    row("private_key_jwt tls_client_auth", false, "", "");
}

void TestClientRegistration::chooseMethod()
{
    QFETCH(QString, listed);
    QFETCH(bool, hasSecret);
    QFETCH(QString, registered);
    QFETCH(QString, expected);
    AuthorizationServer server;
    server.issuer = u"https://as.example"_s;
    server.tokenEndpointAuthMethods = listed.split(u' ', Qt::SkipEmptyParts);
    const auto method = oauth::chooseMethod(server, hasSecret, methodFromName(registered));
    QCOMPARE(method ? methodName(*method) : QString(), expected);
    if (!method) {
        QCOMPARE(method.error().kind, ErrorKind::Protocol);
        QVERIFY(method.error().sentence.contains(u"as.example"_s));
    }
}

void TestClientRegistration::names()
{
    for (const auto method : {ClientAuthentication::None, ClientAuthentication::SecretPost,
                              ClientAuthentication::SecretBasic, ClientAuthentication::PrivateKeyJwt}) {
        QCOMPARE(*methodFromName(methodName(method)), method);
    }
    QVERIFY(!methodFromName(u"None"));
    QVERIFY(!methodFromName(u""));
}

QTEST_GUILESS_MAIN(TestClientRegistration)
#include "tst_clientregistration.moc"
