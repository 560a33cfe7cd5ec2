// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/grants.h"

#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/knownkeys.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;
using support::FakeResponse;
using support::fieldOf;

namespace {

const QString resource = u"http://127.0.0.1:9/m%20c+p/x?a=b"_s;
const QByteArray workloadJwt = "header.payload+/.signature";

SigningKey knownKey(const char *pem = support::keys::ecPkcs8Pem)
{
    return *SigningKey::fromPem(base::Secret(pem));
}

/// A service that knows one client in three ways.
struct Setting {
    FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    AuthorizationServer server;
    ClientRegistration identity;
    std::shared_ptr<DpopProver> dpop;
    QString audience = u"https://as.example"_s;

    explicit Setting(ClientAuthentication method = ClientAuthentication::SecretBasic)
    {
        deadlines.codeExchange = std::chrono::milliseconds(500);
        server.issuer = service.issuer();
        server.tokenEndpoint = service.endpoint("token");
        identity.issuer = service.issuer();
        identity.clientId = u"id /+"_s;
        identity.method = method;
        if (method == ClientAuthentication::PrivateKeyJwt) {
            identity.key = knownKey();
            service.addKeyClient("id /+", identity.key->publicJwk(), {});
        } else {
            identity.clientSecret = base::Secret(method == ClientAuthentication::None ? "" : "s:e/c+r%t");
            service.addClient("id /+", identity.clientSecret.reveal(), {});
        }
        service.trustedAssertions = {workloadJwt};
    }
    void bind(const QByteArray &nonce = {})
    {
        dpop = std::make_shared<DpopProver>(SigningKey::generate(), base::systemClock());
        service.requiresDpop = true;
        service.dpopNonce = nonce;
    }
    base::Result<TokenSet> credentials(const QStringList &scopes = {u"a"_s, u"b"_s})
    {
        return support::await(
            requestClientCredentials(client, deadlines, {server, identity, resource, scopes, dpop}, {}));
    }
    base::Result<TokenSet> bearer(const QByteArray &assertion = workloadJwt)
    {
        JwtBearerRequest request{server, identity, base::Secret(assertion), resource, {u"a"_s}, dpop};
        return support::await(requestJwtBearer(client, deadlines, request, {}));
    }
    base::Result<base::Secret> pass(const QByteArray &idToken = workloadJwt)
    {
        IdJagRequest request{server.tokenEndpoint, identity, base::Secret(idToken), audience, resource, {}};
        return support::await(requestIdJag(client, deadlines, request, {}));
    }
    std::size_t posts() { return service.http().requests().size(); }
    http::FormFields form(std::size_t index = 0) { return service.http().requests().at(index).form(); }
};

} // namespace

class TestGrants final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clientCredentials_data();
    void clientCredentials();
    void clientCredentialsNeedACredential();
    void everyAlgorithmIsTaken_data();
    void everyAlgorithmIsTaken();
    void assertionsAreUsedOnce();
    void plainPairAfterTheEncodedOne();
    void plainPairOnlyWhereItDiffers();
    void clientsStayAtTheirIssuer();
    void workloadNeedsNoClient();
    void refusedAssertionIsNotSentAgain_data();
    void refusedAssertionIsNotSentAgain();
    void fromIdTokenToAccessToken();
    void passOfAnotherKind();
    void identityProviderHasToBeSafe();
    void boundToAKey();
    void nonceIsLearntOnce();
    void nonceThatIsNoNewsIsNotAnswered();
};

void TestGrants::clientCredentials_data()
{
    QTest::addColumn<ClientAuthentication>("method");
    QTest::newRow("post") << ClientAuthentication::SecretPost;
    QTest::newRow("basic") << ClientAuthentication::SecretBasic;
    QTest::newRow("key") << ClientAuthentication::PrivateKeyJwt;
}

void TestGrants::clientCredentials()
{
    QFETCH(ClientAuthentication, method);
    Setting setting(method);
    const base::Result<TokenSet> tokens = setting.credentials();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QVERIFY(setting.service.isActive(tokens->accessToken.reveal()));
    QCOMPARE(setting.service.resourceOf(tokens->accessToken.reveal()), resource.toUtf8());
    QCOMPARE(tokens->scopes, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(fieldOf(setting.form(), "grant_type"), "client_credentials");
    QCOMPARE(fieldOf(setting.form(), "scope"), "a b");
    QCOMPARE(setting.posts(), 1u);
    QVERIFY(setting.credentials({}));
    QCOMPARE(support::countOf(setting.form(1), "scope"), 0);
}

void TestGrants::clientCredentialsNeedACredential()
{
    Setting setting(ClientAuthentication::None);
    const base::Error error = setting.credentials().error();
    QCOMPARE(error.kind, ErrorKind::InvalidInput);
    QCOMPARE(error.remedy, QString::fromUtf16(remedies::entersClient));
    QCOMPARE(setting.posts(), 0u);
}

void TestGrants::everyAlgorithmIsTaken_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::newRow("ES256") << QByteArray(support::keys::ecSec1Pem);
    QTest::newRow("ES384") << QByteArray(support::keys::p384Pem);
    QTest::newRow("RS256") << QByteArray(support::keys::rsaPem);
    QTest::newRow("EdDSA") << QByteArray(support::keys::ed25519Pem);
}

void TestGrants::everyAlgorithmIsTaken()
{
    QFETCH(QByteArray, pem);
    Setting setting(ClientAuthentication::PrivateKeyJwt);
    setting.identity.key = knownKey(pem.constData());
    setting.service.addKeyClient("id /+", SigningKey::generate().publicJwk(), {});
    QVERIFY(!setting.credentials());
    setting.service.addKeyClient("id /+", setting.identity.key->publicJwk(), {});
    QVERIFY(setting.credentials());
}

void TestGrants::assertionsAreUsedOnce()
{
    Setting setting(ClientAuthentication::PrivateKeyJwt);
    QVERIFY(setting.credentials());
    QVERIFY(setting.credentials());
    QVERIFY(fieldOf(setting.form(0), "client_assertion") != fieldOf(setting.form(1), "client_assertion"));
    QCOMPARE(fieldOf(setting.form(), "client_assertion_type"),
             "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    QCOMPARE(support::countOf(setting.form(), "client_secret"), 0);
}

void TestGrants::plainPairAfterTheEncodedOne()
{
    Setting setting;
    setting.service.wantsPlainBasic = true;
    QVERIFY(setting.credentials());
    QCOMPARE(setting.posts(), 2u);
    const auto pairOf = [&](std::size_t index) {
        const auto &request = setting.service.http().requests().at(index);
        return QByteArray::fromBase64(request.headers.value("Authorization").mid(6));
    };
    QCOMPARE(pairOf(0), "id%20%2F%2B:s%3Ae%2Fc%2Br%25t");
    QCOMPARE(pairOf(1), "id /+:s:e/c+r%t");

    setting.service.forgetClients();
    const base::Error error = setting.credentials().error();
    QCOMPARE(error.oauthCode, u"invalid_client"_s);
    QCOMPARE(error.remedy, QString::fromUtf16(remedies::forgetsRegistration));
    QCOMPARE(setting.posts(), 4u);
}

void TestGrants::plainPairOnlyWhereItDiffers()
{
    Setting setting;
    setting.identity.clientId = u"simple"_s;
    setting.identity.clientSecret = base::Secret("secret");
    QCOMPARE(setting.credentials().error().oauthCode, u"invalid_client"_s);
    QCOMPARE(setting.posts(), 1u);
}

// Proves: BIND-2
void TestGrants::clientsStayAtTheirIssuer()
{
    Setting setting(ClientAuthentication::PrivateKeyJwt);
    setting.identity.issuer = u"https://other.example"_s;
    QCOMPARE(setting.credentials().error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(setting.bearer().error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(setting.posts(), 0u);
    setting.identity.issuer.clear();
    QVERIFY(setting.credentials());
}

void TestGrants::workloadNeedsNoClient()
{
    Setting setting;
    setting.identity = ClientRegistration();
    const base::Result<TokenSet> tokens = setting.bearer();
    QVERIFY(tokens);
    QVERIFY(setting.service.isActive(tokens->accessToken.reveal()));
    const auto &request = setting.service.http().requests().at(0);
    QCOMPARE(request.form(), (http::FormFields{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                               {"assertion", workloadJwt},
                                               {"resource", resource.toUtf8()},
                                               {"scope", "a"}}));
    QVERIFY(!request.headers.contains("Authorization"));
}

void TestGrants::refusedAssertionIsNotSentAgain_data()
{
    QTest::addColumn<QString>("code");
    QTest::newRow("grant") << u"invalid_grant"_s;
    QTest::newRow("scope") << u"invalid_scope"_s;
    QTest::newRow("client") << u"unauthorized_client"_s;
}

void TestGrants::refusedAssertionIsNotSentAgain()
{
    QFETCH(QString, code);
    Setting setting;
    setting.service.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *out) {
        *out = FakeResponse::json({{u"error"_s, code}}, 400);
    };
    QCOMPARE(setting.bearer().error().oauthCode, code);
    QCOMPARE(setting.posts(), 1u);
}

void TestGrants::fromIdTokenToAccessToken()
{
    Setting setting;
    setting.audience = setting.service.issuer();
    const base::Result<base::Secret> pass = setting.pass();
    QVERIFY(pass);
    QCOMPARE(pass->reveal(), "pass for " + setting.service.issuer().toUtf8());
    QCOMPARE(setting.form(),
             (http::FormFields{{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                               {"requested_token_type", "urn:ietf:params:oauth:token-type:id-jag"},
                               {"subject_token", workloadJwt},
                               {"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"},
                               {"audience", setting.service.issuer().toUtf8()},
                               {"resource", resource.toUtf8()}}));
    setting.service.trustedAssertions.insert(pass->reveal());
    QVERIFY(setting.bearer(pass->reveal()));
    QCOMPARE(setting.pass("unknown").error().kind, ErrorKind::SignInNeeded);
}

void TestGrants::passOfAnotherKind()
{
    Setting setting;
    for (const QJsonObject &answer :
         {QJsonObject{{u"access_token"_s, u"t"_s}}, QJsonObject{{u"a"_s, 1}},
          QJsonObject{{u"access_token"_s, u"t"_s},
                      {u"issued_token_type"_s, u"urn:ietf:params:oauth:token-type:access_token"_s}}}) {
        setting.service.http().once("/token", FakeResponse::json(answer));
        QCOMPARE(setting.pass().error().kind, ErrorKind::Protocol);
    }
}

void TestGrants::identityProviderHasToBeSafe()
{
    Setting setting;
    setting.server.tokenEndpoint = QUrl(u"http://idp.example/token"_s);
    QCOMPARE(setting.pass().error().kind, ErrorKind::RefusedByPolicy);
}

void TestGrants::boundToAKey()
{
    Setting setting;
    setting.bind();
    for (const base::Result<TokenSet> &tokens : {setting.credentials(), setting.bearer()}) {
        QVERIFY(tokens);
        QVERIFY(tokens->isDpopBound);
        QCOMPARE(setting.service.keyOf(tokens->accessToken.reveal()), setting.dpop->key().thumbprint());
    }
    QCOMPARE(setting.posts(), 2u);
    setting.dpop.reset();
    QCOMPARE(setting.credentials().error().oauthCode, u"invalid_dpop_proof"_s);
}

void TestGrants::nonceIsLearntOnce()
{
    Setting setting;
    setting.bind("nonce-1");
    QVERIFY(setting.credentials());
    QCOMPARE(setting.posts(), 2u);
    QVERIFY(setting.credentials());
    QCOMPARE(setting.posts(), 3u);
    setting.service.dpopNonce = "nonce-2";
    QVERIFY(setting.bearer());
    QCOMPARE(setting.posts(), 5u);
}

void TestGrants::nonceThatIsNoNewsIsNotAnswered()
{
    Setting setting;
    setting.bind("nonce-1");
    FakeResponse refusal = support::refusal(u"use_dpop_nonce"_s);
    refusal.headers.add("DPoP-Nonce", "another");
    setting.service.http().route("/token", refusal);
    QCOMPARE(setting.credentials().error().oauthCode, u"use_dpop_nonce"_s);
    QCOMPARE(setting.posts(), 2u);
    QCOMPARE(setting.credentials().error().oauthCode, u"use_dpop_nonce"_s);
    QCOMPARE(setting.posts(), 3u);
}

QTEST_GUILESS_MAIN(TestGrants)
#include "tst_grants.moc"
