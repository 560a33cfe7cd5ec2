// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/browsersignin.h"

#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakeperson.h"

#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;
using support::FakePerson;
using support::FakeResponse;
using support::FakeServer;
using support::fieldOf;

namespace {

const QString offline = u"offline_access"_s;

/// A sign-in with keys, and with what a person has to say.
struct Setting {
    FakeAuthServer service;
    FakePerson person;
    SignInRequest request;
    base::Deadlines deadlines;
    http::Client client;

    Setting()
    {
        deadlines.browser = std::chrono::seconds(20);
        deadlines.codeExchange = std::chrono::seconds(5);
        request.client.clientId = u"client /+1"_s;
        request.resource = u"http://127.0.0.1:9/mcp"_s;
        request.scopes = {u"mcp"_s};
        request.server.scopesSupported = {u"mcp"_s, offline};
    }
    void bind() { request.dpop = std::make_shared<DpopProver>(SigningKey::generate(), base::systemClock()); }
    void useSecret()
    {
        request.client.method = ClientAuthentication::SecretBasic;
        request.client.clientSecret = base::Secret("s:e/c+r%t");
    }
    base::Result<TokenSet> run()
    {
        std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
        request.server.issuer = service.issuer();
        request.client.issuer = service.issuer();
        request.server.authorizationEndpoint = service.endpoint("authorize");
        request.server.tokenEndpoint = service.endpoint("token");
        const QByteArray id = request.client.clientId.toUtf8();
        const QByteArray uri = listener->redirectUri().toUtf8();
        if (request.client.key) {
            service.addKeyClient(id, request.client.key->publicJwk(), uri);
        } else {
            service.addClient(id, request.client.clientSecret.reveal(), uri);
        }
        BrowserSignIn signIn(std::move(listener), request, person.openUrl(), deadlines, client);
        return support::await(signIn.run({}));
    }
    int posts() { return service.http().count("/token"); }
    http::FormFields query() { return service.http().requestsTo("/authorize").at(0).queryFields(); }
    http::FormFields form(std::size_t index) { return service.http().requestsTo("/token").at(index).form(); }
};

} // namespace

class TestSignInProofs final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clientProvesItselfByKey();
    void tokensAreBoundToTheKey();
    void nonceIsAnswered_data();
    void nonceIsAnswered();
    void nonceIsAnsweredOnce();
    void plainPairIsTriedForACode();
    void busyServiceIsAskedOnceMore_data();
    void busyServiceIsAskedOnceMore();
    void codeThatWasNotSentIsSentAgain();
    void otherRefusalsEndTheCode_data();
    void otherRefusalsEndTheCode();
    void boundTokenWithoutAProofIsRefused();
    void serviceThatIgnoresTheProof();
    void prompt_data();
    void prompt();
    void parametersOfThePerson();
    void parametersThatAreOurs();
    void noResource();
    void serviceNearerThanTheServer();
    void remedies_data();
    void remedies();
};

// Proves: REG-6
void TestSignInProofs::clientProvesItselfByKey()
{
    Setting setting;
    setting.request.client.key = SigningKey::generate();
    setting.request.client.method = ClientAuthentication::PrivateKeyJwt;
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QCOMPARE(setting.posts(), 1);
    QCOMPARE(support::countOf(setting.form(0), "client_assertion"), 1);
    QCOMPARE(support::countOf(setting.form(0), "client_secret"), 0);
    QCOMPARE(support::countOf(setting.query(), "client_assertion"), 0);
}

void TestSignInProofs::tokensAreBoundToTheKey()
{
    Setting setting;
    setting.bind();
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(tokens);
    QVERIFY(tokens->isDpopBound);
    const QByteArray thumbprint = setting.request.dpop->key().thumbprint();
    QCOMPARE(fieldOf(setting.query(), "dpop_jkt"), thumbprint);
    QCOMPARE(setting.service.keyOf(tokens->accessToken.reveal()), thumbprint);
    QCOMPARE(setting.posts(), 1);
}

void TestSignInProofs::nonceIsAnswered_data()
{
    QTest::addColumn<int>("identity");
    QTest::newRow("public") << 0;
    QTest::newRow("secret") << 1;
    QTest::newRow("key") << 2;
}

void TestSignInProofs::nonceIsAnswered()
{
    QFETCH(int, identity);
    Setting setting;
    setting.service.codePrefix = "a/b+c=d&e%2Ff~";
    setting.service.dpopNonce = "nonce-1";
    setting.bind();
    if (identity == 1) {
        setting.useSecret();
    } else if (identity == 2) {
        setting.request.client.key = SigningKey::generate();
        setting.request.client.method = ClientAuthentication::PrivateKeyJwt;
    }
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QVERIFY(tokens->isDpopBound);
    QCOMPARE(setting.posts(), 2);
    for (const char *name :
         {"grant_type", "code", "code_verifier", "redirect_uri", "resource", "client_id"}) {
        QCOMPARE(fieldOf(setting.form(1), name), fieldOf(setting.form(0), name));
        QCOMPARE(support::countOf(setting.form(1), name), support::countOf(setting.form(0), name));
    }
    QCOMPARE(setting.form(1).size(), setting.form(0).size());
}

void TestSignInProofs::nonceIsAnsweredOnce()
{
    Setting setting;
    setting.bind();
    int serial = 0;
    setting.service.http().route("/token", [&](const support::FakeRequest &) {
        FakeResponse again = support::refusal(u"use_dpop_nonce"_s);
        again.headers.add("DPoP-Nonce", "nonce-" + QByteArray::number(++serial));
        return again;
    });
    QCOMPARE(setting.run().error().oauthCode, u"use_dpop_nonce"_s);
    QCOMPARE(setting.posts(), 2);
}

void TestSignInProofs::plainPairIsTriedForACode()
{
    Setting setting;
    setting.useSecret();
    setting.service.wantsPlainBasic = true;
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QCOMPARE(setting.posts(), 2);
    QCOMPARE(setting.service.codeExchanges(), 1);
}

void TestSignInProofs::busyServiceIsAskedOnceMore_data()
{
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::addColumn<int>("refusals");
    QTest::addColumn<int>("posts");
    QTest::newRow("soon") << QByteArray("1") << 1 << 2;
    QTest::newRow("soon, and again") << QByteArray("1") << 2 << 2;
    QTest::newRow("too late for a code") << QByteArray("31") << 1 << 1;
    QTest::newRow("no time named") << QByteArray() << 1 << 1;
}

// 429 says that the code was not looked at; anything else may have used it up.
void TestSignInProofs::busyServiceIsAskedOnceMore()
{
    QFETCH(const QByteArray, retryAfter);
    QFETCH(const int, refusals);
    QFETCH(const int, posts);
    Setting setting;
    FakeResponse busy = FakeResponse::empty(429);
    if (!retryAfter.isEmpty()) {
        busy.headers.add("Retry-After", retryAfter);
    }
    for (int i = 0; i < refusals; ++i) {
        setting.service.http().once("/token", busy);
    }
    const base::Result<TokenSet> tokens = setting.run();
    QCOMPARE(setting.posts(), posts);
    QCOMPARE(tokens.has_value(), posts > refusals);
    QCOMPARE(setting.service.codeExchanges(), posts > refusals ? 1 : 0);
    if (!tokens) {
        QCOMPARE(tokens.error().httpStatus, 429);
    }
}

void TestSignInProofs::codeThatWasNotSentIsSentAgain()
{
    Setting setting;
    setting.deadlines.retryPauses.fill(std::chrono::milliseconds(300));
    // The service is gone for a moment, just when the browser comes back.
    setting.person.mood = FakePerson::Mood::StopBeforeCallback;
    FakeServer *service = &setting.service.http();
    QObject::connect(&setting.person, &FakePerson::finished, service, [&setting, service] {
        service->stop();
        support::plainGet(setting.person.callbackAddress, service, [](const QByteArray &) { });
        QTimer::singleShot(std::chrono::milliseconds(150), service, [service] { service->start(); });
    });
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().sentence));
    QCOMPARE(setting.posts(), 1);
    QCOMPARE(setting.person.opened.size(), 1);
}

void TestSignInProofs::otherRefusalsEndTheCode_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("grant") << support::refusal(u"invalid_grant"_s);
    QTest::newRow("request") << support::refusal(u"invalid_request"_s);
    QTest::newRow("401 without a code") << FakeResponse::empty(401);
    QTest::newRow("trouble") << support::refusal(u"invalid_client"_s, 500);
    QTest::newRow("hang up") << FakeResponse::hangUp();
    QTest::newRow("nonce without one") << support::refusal(u"use_dpop_nonce"_s);
}

void TestSignInProofs::otherRefusalsEndTheCode()
{
    QFETCH(FakeResponse, answer);
    Setting setting;
    setting.useSecret();
    setting.bind();
    setting.service.http().route("/token", answer);
    QVERIFY(!setting.run());
    support::giveTimeFor(std::chrono::milliseconds(50));
    QCOMPARE(setting.posts(), 1);
}

void TestSignInProofs::boundTokenWithoutAProofIsRefused()
{
    Setting setting;
    setting.service.tokenOverrides.insert(u"token_type"_s, u"DPoP"_s);
    QCOMPARE(setting.run().error().kind, ErrorKind::Protocol);
}

void TestSignInProofs::serviceThatIgnoresTheProof()
{
    Setting setting;
    setting.bind();
    setting.service.tokenOverrides.insert(u"token_type"_s, u"Bearer"_s);
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(tokens);
    QVERIFY(!tokens->isDpopBound);
}

void TestSignInProofs::prompt_data()
{
    using Pairs = QList<std::pair<QString, QString>>;
    QTest::addColumn<QStringList>("scopes");
    QTest::addColumn<bool>("isListed");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<Pairs>("parameters");
    QTest::addColumn<QByteArray>("sent");
    const QStringList with = {u"mcp"_s, offline};
    QTest::newRow("offline access") << with << true << QString() << Pairs() << QByteArray("consent");
    QTest::newRow("not listed") << with << false << QString() << Pairs() << QByteArray();
    QTest::newRow("not asked for") << QStringList{u"mcp"_s} << true << QString() << Pairs() << QByteArray();
    QTest::newRow("somebody else") << with << true << u"select_account"_s << Pairs()
                                   << QByteArray("select_account");
    QTest::newRow("the person says") << with << true << QString() << Pairs{{u"prompt"_s, u"login"_s}}
                                     << QByteArray("login");
    QTest::newRow("the person says none")
        << with << true << QString() << Pairs{{u"prompt"_s, QString()}} << QByteArray();
}

void TestSignInProofs::prompt()
{
    using Pairs = QList<std::pair<QString, QString>>;
    QFETCH(QStringList, scopes);
    QFETCH(bool, isListed);
    QFETCH(QString, asked);
    QFETCH(Pairs, parameters);
    QFETCH(QByteArray, sent);
    Setting setting;
    setting.request.scopes = scopes;
    if (!isListed) {
        setting.request.server.scopesSupported = {u"mcp"_s};
    }
    setting.request.prompt = asked;
    setting.request.parameters = parameters;
    QVERIFY(setting.run());
    QCOMPARE(fieldOf(setting.query(), "prompt"), sent);
    QCOMPARE(support::countOf(setting.query(), "prompt"), sent.isEmpty() ? 0 : 1);
}

void TestSignInProofs::parametersOfThePerson()
{
    Setting setting;
    setting.request.loginHint = u"ada+x@example.com"_s;
    setting.request.parameters = {{u"access_type"_s, u"offline"_s},
                                  {u"a b"_s, u"c&d=é%2B"_s},
                                  {u"access_type"_s, u"online"_s},
                                  {u""_s, u"x"_s}};
    QVERIFY(setting.run());
    const http::FormFields query = setting.query();
    QCOMPARE(fieldOf(query, "login_hint"), "ada+x@example.com");
    QCOMPARE(fieldOf(query, "access_type"), "offline");
    QCOMPARE(support::countOf(query, "access_type"), 1);
    QCOMPARE(fieldOf(query, "a b"), "c&d=\xc3\xa9%2B");
    QCOMPARE(support::countOf(setting.form(0), "access_type"), 0);
}

// Proves: PKCE-1, PKCE-2
void TestSignInProofs::parametersThatAreOurs()
{
    Setting setting;
    for (const char *name :
         {"client_id", "redirect_uri", "state", "response_type", "scope", "resource", "code_challenge",
          "code_challenge_method", "request", "request_uri", "response_mode", "client_secret"}) {
        setting.request.parameters.append({QString::fromLatin1(name), u"evil"_s});
    }
    QVERIFY(setting.run());
    const http::FormFields query = setting.query();
    for (const auto &[name, value] : query) {
        QVERIFY2(value != "evil", name.constData());
        QCOMPARE(support::countOf(query, name), 1);
    }
    QCOMPARE(query.size(), 8);
}

void TestSignInProofs::noResource()
{
    Setting setting;
    setting.request.resource.clear();
    QVERIFY(setting.run());
    QCOMPARE(support::countOf(setting.query(), "resource"), 0);
    QCOMPARE(support::countOf(setting.form(0), "resource"), 0);
}

// The issuer may be one that a person typed: a public server, a sign-in service in the house.
void TestSignInProofs::serviceNearerThanTheServer()
{
    for (const auto &resource : {u"https://mcp.example.com/mcp"_s, QString()}) {
        Setting setting;
        setting.request.resource = resource;
        QVERIFY(setting.run());
    }
}

void TestSignInProofs::remedies_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("description");
    QTest::addColumn<bool>("sendsResource");
    QTest::addColumn<QString>("remedy");
    const QString omits = QString::fromUtf16(oauth::remedies::omitsResource);
    const QString forgets = QString::fromUtf16(oauth::remedies::forgetsRegistration);
    const QString entra = u"AADSTS9010010: The resource parameter doesn't match the scopes."_s;
    QTest::newRow("target") << u"invalid_target"_s << QString() << true << omits;
    QTest::newRow("target, none sent") << u"invalid_target"_s << QString() << false << QString();
    QTest::newRow("Entra") << u"invalid_request"_s << entra << true << omits;
    QTest::newRow("Entra by scope") << u"invalid_scope"_s << entra << true << omits;
    QTest::newRow("another number") << u"invalid_request"_s << u"AADSTS90100100: x"_s << true << QString();
    QTest::newRow("scope") << u"invalid_scope"_s << QString() << true << QString();
    QTest::newRow("client") << u"unauthorized_client"_s << QString() << true << forgets;
}

void TestSignInProofs::remedies()
{
    QFETCH(QString, code);
    QFETCH(QString, description);
    QFETCH(bool, sendsResource);
    QFETCH(QString, remedy);
    const QJsonObject refusal = {{u"error"_s, code}, {u"error_description"_s, description}};
    for (const bool isAtAuthorization : {true, false}) {
        Setting setting;
        if (!sendsResource) {
            setting.request.resource.clear();
        }
        if (isAtAuthorization) {
            setting.service.http().route("/authorize", [&](const support::FakeRequest &request) {
                const http::FormFields answer = {{"state", fieldOf(request.queryFields(), "state")},
                                                 {"error", code.toUtf8()},
                                                 {"error_description", description.toUtf8()}};
                return FakeResponse::redirect(fieldOf(request.queryFields(), "redirect_uri") + '?'
                                              + http::encodeForm(answer));
            });
        } else {
            setting.service.http().route("/token", FakeResponse::json(refusal, 400));
        }
        const base::Error error = setting.run().error();
        QCOMPARE(error.oauthCode, code);
        QCOMPARE(error.remedy, remedy);
    }
}

QTEST_GUILESS_MAIN(TestSignInProofs)
#include "tst_signinproofs.moc"
