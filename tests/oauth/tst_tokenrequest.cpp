// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenrequest.h"

#include "support/await.h"
#include "support/fakeauthserver.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;
using support::FakeResponse;

namespace {

const QByteArray resource = "http://127.0.0.1:9/m%20c+p/x?a=b&c=/d";

/// A client with a grant at the service.
struct Setting {
    FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    RefreshRequest request;
    QByteArray accessToken;

    explicit Setting(ClientAuthentication method = ClientAuthentication::None)
    {
        service.tokenPrefix = "+/ =%25&";
        request.tokenEndpoint = service.endpoint("token");
        request.client.clientId = u"id /+"_s;
        request.client.method = method;
        if (method != ClientAuthentication::None) {
            request.client.clientSecret = base::Secret("s:e/c+r%t");
        }
        service.addClient("id /+", request.client.clientSecret.reveal(), {});
        const QJsonObject tokens = service.issueTokens("id /+", resource, "a b");
        accessToken = tokens.value(u"access_token"_s).toString().toUtf8();
        request.refreshToken = base::Secret(tokens.value(u"refresh_token"_s).toString().toUtf8());
        request.resource = QString::fromLatin1(resource);
        request.scopes = {u"kept"_s};
        // Tokens of answers are visible ASCII, or they are refused.
        service.tokenPrefix = "+/=%25&";
        deadlines.refresh = std::chrono::milliseconds(500);
        deadlines.revocation = std::chrono::milliseconds(500);
    }
    base::Result<TokenSet> refresh() { return support::await(refreshTokens(client, deadlines, request, {})); }
    base::Result<Revocation> revoke(const QByteArray &token, const QByteArray &hint)
    {
        RevocationRequest revocation;
        revocation.revocationEndpoint = service.endpoint("revoke");
        revocation.client = request.client;
        revocation.token = base::Secret(token);
        revocation.hint = hint;
        return support::await(revokeToken(client, deadlines, revocation, {}));
    }
};

} // namespace

class TestTokenRequest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refresh_data();
    void refresh();
    void withoutRotationTheTokenStays();
    void scopesStayIfNotTold();
    void neverTwice_data();
    void neverTwice();
    void errorOfTheService();
    void scopesAreSentWhereTheyAreWanted();
    void clientProvesItselfByKey();
    void refreshStaysBoundToTheKey();
    void plainPairAfterInvalidClient();
    void remedies_data();
    void remedies();
    void revoke();
    void revokeUnknown_data();
    void revokeUnknown();
    void revokeWithABody_data();
    void revokeWithABody();
    void revokeTrouble_data();
    void revokeTrouble();
};

void TestTokenRequest::refresh_data()
{
    QTest::addColumn<ClientAuthentication>("method");
    QTest::addColumn<QByteArray>("identity");
    QTest::newRow("none") << ClientAuthentication::None << QByteArray("&client_id=id%20%2F%2B");
    QTest::newRow("post") << ClientAuthentication::SecretPost
                          << QByteArray("&client_id=id%20%2F%2B&client_secret=s%3Ae%2Fc%2Br%25t");
    QTest::newRow("basic") << ClientAuthentication::SecretBasic << QByteArray();
}

// Proves: RES-1, RES-6
void TestTokenRequest::refresh()
{
    QFETCH(ClientAuthentication, method);
    QFETCH(QByteArray, identity);
    Setting setting(method);
    const QByteArray old = setting.request.refreshToken.reveal();
    const base::Result<TokenSet> tokens = setting.refresh();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QVERIFY(setting.service.isActive(tokens->accessToken.reveal()));
    QVERIFY(setting.service.isActive(tokens->refreshToken.reveal()));
    QVERIFY(tokens->refreshToken.reveal() != old);
    QCOMPARE(tokens->scopes, (QStringList{u"a"_s, u"b"_s}));
    const auto request = setting.service.http().requests().at(0);
    QCOMPARE(request.body, "grant_type=refresh_token&refresh_token=" + http::percentEncode(old)
                               + "&resource=" + http::percentEncode(resource) + identity);
    QCOMPARE(request.headers.value("Content-Type"), "application/x-www-form-urlencoded");
    const QByteArray basic = method == ClientAuthentication::SecretBasic
                                 ? "Basic " + QByteArray("id%20%2F%2B:s%3Ae%2Fc%2Br%25t").toBase64()
                                 : QByteArray();
    QCOMPARE(request.headers.value("Authorization"), basic);
    QCOMPARE(setting.service.refreshes(), 1);
}

// Proves: REF-4
void TestTokenRequest::withoutRotationTheTokenStays()
{
    Setting setting;
    setting.service.rotates = false;
    const base::Result<TokenSet> tokens = setting.refresh();
    QVERIFY(tokens);
    QVERIFY(tokens->refreshToken == setting.request.refreshToken);
}

void TestTokenRequest::scopesStayIfNotTold()
{
    Setting setting;
    setting.service.tokenOverrides.insert(u"scope"_s, QJsonValue::Null);
    QCOMPARE(setting.refresh()->scopes, QStringList{u"kept"_s});
    QCOMPARE(support::countOf(setting.service.http().requests().at(0).form(), "scope"), 0);
}

void TestTokenRequest::neverTwice_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("hang up") << FakeResponse::hangUp() << ErrorKind::Network;
    FakeResponse cut = FakeResponse::json({{u"access_token"_s, QString(200, u'a')}});
    cut.cutAfter = 150;
    QTest::newRow("cut in the body") << cut << ErrorKind::Network;
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout;
    QTest::newRow("redirect") << FakeResponse::redirect("/other", 307) << ErrorKind::RefusedByPolicy;
    FakeResponse ntlm = FakeResponse::empty(401);
    ntlm.headers.add("WWW-Authenticate", "NTLM");
    QTest::newRow("NTLM") << ntlm << ErrorKind::HttpStatus;
    QTest::newRow("503") << FakeResponse::empty(503) << ErrorKind::HttpStatus;
}

void TestTokenRequest::neverTwice()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    Setting setting;
    setting.service.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *out) { *out = answer; };
    const base::Result<TokenSet> tokens = setting.refresh();
    QVERIFY(!tokens);
    QCOMPARE(base::errorName(tokens.error()), base::errorName(base::makeError(kind, {})));
    support::giveTimeFor(std::chrono::milliseconds(50));
    QCOMPARE(setting.service.http().requests().size(), 1u);
    QCOMPARE(setting.service.reuses(), 0);
}

void TestTokenRequest::errorOfTheService()
{
    Setting setting;
    setting.service.endAllGrants();
    const base::Result<TokenSet> tokens = setting.refresh();
    QCOMPARE(tokens.error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(tokens.error().oauthCode, u"invalid_grant"_s);

    Setting stranger;
    stranger.service.forgetClients();
    const base::Error error = stranger.refresh().error();
    QCOMPARE(error.kind, ErrorKind::HttpStatus);
    QCOMPARE(error.httpStatus, 401);
    QCOMPARE(error.oauthCode, u"invalid_client"_s);
}

void TestTokenRequest::scopesAreSentWhereTheyAreWanted()
{
    Setting setting;
    setting.request.scopesToSend = {u"a"_s, u"b"_s};
    QVERIFY(setting.refresh());
    QCOMPARE(support::fieldOf(setting.service.http().requests().at(0).form(), "scope"), "a b");
}

void TestTokenRequest::clientProvesItselfByKey()
{
    Setting setting;
    setting.request.client.method = ClientAuthentication::PrivateKeyJwt;
    setting.request.client.key = SigningKey::generate();
    setting.request.client.issuer = setting.service.issuer();
    setting.service.addKeyClient("id /+", setting.request.client.key->publicJwk(), {});
    const QByteArray old = setting.request.refreshToken.reveal();
    QVERIFY(setting.refresh());
    QVERIFY(setting.revoke(old, "refresh_token"));
    QCOMPARE(setting.service.revocations(), 1);
    setting.request.client.issuer = u"https://other.example"_s;
    QCOMPARE(setting.refresh().error().oauthCode, u"invalid_client"_s);
}

void TestTokenRequest::refreshStaysBoundToTheKey()
{
    Setting setting;
    setting.request.dpop = std::make_shared<DpopProver>(SigningKey::generate(), base::systemClock());
    setting.service.addClient("app", "secret", {});
    setting.service.dpopNonce = "nonce-1";
    setting.service.trustedAssertions = {"workload"};
    http::Request request;
    request.verb = "POST";
    request.url = setting.request.tokenEndpoint;
    request.body =
        "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=workload&client_id=id%20%2F%2B";
    for (int attempt = 0; attempt < 2; ++attempt) {
        setting.request.dpop->prove(&request);
        const auto answer = support::await(setting.client.send(request, {}));
        setting.request.dpop->learn(*answer);
        setting.request.refreshToken =
            base::Secret(readJsonObject(*answer)->value(u"refresh_token"_s).toString().toUtf8());
    }
    setting.request.resource.clear();
    setting.service.dpopNonce = "nonce-2";
    setting.service.http().forgetRequests();
    const base::Result<TokenSet> tokens = setting.refresh();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QVERIFY(tokens->isDpopBound);
    QCOMPARE(setting.service.keyOf(tokens->accessToken.reveal()), setting.request.dpop->key().thumbprint());
    QCOMPARE(setting.service.http().requests().size(), 2u);
    QCOMPARE(setting.service.refreshes(), 1);
}

void TestTokenRequest::plainPairAfterInvalidClient()
{
    Setting setting(ClientAuthentication::SecretBasic);
    setting.service.wantsPlainBasic = true;
    QVERIFY(setting.refresh());
    QCOMPARE(setting.service.http().requests().size(), 2u);
    QCOMPARE(setting.service.refreshes(), 1);
    QCOMPARE(setting.service.reuses(), 0);
}

void TestTokenRequest::remedies_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("description");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("sendsResource");
    QTest::addColumn<QString>("remedy");
    const QString omits = QString::fromUtf16(oauth::remedies::omitsResource);
    QTest::newRow("target") << u"invalid_target"_s << QString() << 400 << true << omits;
    QTest::newRow("any 400") << u"invalid_request"_s << QString() << 400 << true << omits;
    QTest::newRow("no code") << QString() << QString() << 400 << true << omits;
    QTest::newRow("without resource") << u"invalid_request"_s << QString() << 400 << false << QString();
    QTest::newRow("401") << u"invalid_request"_s << QString() << 401 << true << QString();
    QTest::newRow("grant") << u"invalid_grant"_s << QString() << 400 << true << QString();
    QTest::newRow("later") << u"slow_down"_s << QString() << 400 << true << QString();
    QTest::newRow("client") << u"invalid_client"_s << QString() << 400 << true
                            << QString::fromUtf16(oauth::remedies::forgetsRegistration);
    QTest::newRow("Entra wants the scope") << u"invalid_request"_s << u"AADSTS90009: x"_s << 400 << true
                                           << QString::fromUtf16(oauth::remedies::sendsScopeOnRefresh);
}

void TestTokenRequest::remedies()
{
    QFETCH(QString, code);
    QFETCH(QString, description);
    QFETCH(int, status);
    QFETCH(bool, sendsResource);
    QFETCH(QString, remedy);
    Setting setting;
    if (!sendsResource) {
        setting.request.resource.clear();
    }
    QJsonObject body = {{u"error_description"_s, description}};
    if (!code.isEmpty()) {
        body.insert(u"error"_s, code);
    }
    setting.service.http().route("/token", FakeResponse::json(body, status));
    QCOMPARE(setting.refresh().error().remedy, remedy);
    QCOMPARE(setting.service.http().requests().size(), 1u);
}

void TestTokenRequest::revoke()
{
    for (const auto method :
         {ClientAuthentication::None, ClientAuthentication::SecretPost, ClientAuthentication::SecretBasic}) {
        Setting setting(method);
        const QByteArray refreshToken = setting.request.refreshToken.reveal();
        QVERIFY(setting.service.isActive(setting.accessToken));
        QVERIFY(setting.revoke(refreshToken, "refresh_token"));
        QVERIFY(!setting.service.isActive(refreshToken));
        QVERIFY(!setting.service.isActive(setting.accessToken));
        QVERIFY(setting.revoke(setting.accessToken, "access_token"));
        const auto form = setting.service.http().requests().at(0).form();
        QCOMPARE(support::fieldOf(form, "token"), refreshToken);
        QCOMPARE(support::fieldOf(form, "token_type_hint"), "refresh_token");
    }
}

void TestTokenRequest::revokeUnknown_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QByteArray>("hint");
    QTest::addColumn<bool>("isDone");
    QTest::newRow("unknown token") << u"invalid_token"_s << QByteArray("refresh_token") << true;
    QTest::newRow("ended grant") << u"invalid_grant"_s << QByteArray("refresh_token") << true;
    QTest::newRow("access tokens can't be revoked")
        << u"unsupported_token_type"_s << QByteArray("access_token") << true;
    QTest::newRow("refresh tokens can't be revoked")
        << u"unsupported_token_type"_s << QByteArray("refresh_token") << false;
    QTest::newRow("unknown client") << u"invalid_client"_s << QByteArray("refresh_token") << false;
}

void TestTokenRequest::revokeUnknown()
{
    QFETCH(QString, code);
    QFETCH(QByteArray, hint);
    QFETCH(bool, isDone);
    Setting setting;
    setting.service.http().once("/revoke", FakeResponse::json({{u"error"_s, code}}, 400));
    const base::Result<Revocation> revoked = setting.revoke("t", hint);
    QCOMPARE(revoked.has_value(), isDone);
    if (!isDone) {
        QCOMPARE(revoked.error().oauthCode, code);
    }
}

void TestTokenRequest::revokeWithABody_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<bool>("isDone");
    FakeResponse large = FakeResponse::empty(200);
    large.body = QByteArray(100 * 1024, 'x');
    FakeResponse packed = FakeResponse::empty(200);
    packed.headers.add("Content-Encoding", "br");
    packed.body = "x";
    FakeResponse refusal = large;
    refusal.status = 400;
    QTest::newRow("too large") << large << true;
    QTest::newRow("can't be unpacked") << packed << true;
    QTest::newRow("not JSON") << FakeResponse{.body = "done"} << true;
    QTest::newRow("a refusal that is too large") << refusal << false;
    QTest::newRow("a captive portal") << FakeResponse::html("<html>log in to this network</html>") << false;
}

void TestTokenRequest::revokeWithABody()
{
    QFETCH(FakeResponse, answer);
    QFETCH(bool, isDone);
    Setting setting;
    setting.service.http().once("/revoke", answer);
    QCOMPARE(setting.revoke("t", "refresh_token").has_value(), isDone);
}

void TestTokenRequest::revokeTrouble_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    FakeResponse busy = FakeResponse::empty(503);
    busy.headers.add("Retry-After", "60");
    QTest::newRow("503") << busy << ErrorKind::HttpStatus;
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout;
    QTest::newRow("hang up") << FakeResponse::hangUp() << ErrorKind::Network;
}

void TestTokenRequest::revokeTrouble()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    Setting setting;
    setting.service.http().once("/revoke", answer);
    const base::Result<Revocation> revoked = setting.revoke("t", "refresh_token");
    QVERIFY(!revoked);
    QCOMPARE(base::errorName(revoked.error()), base::errorName(base::makeError(kind, {})));
    QVERIFY(revoked.error().isTransient());
    QCOMPARE(revoked.error().retryAt.has_value(), kind == ErrorKind::HttpStatus);
    QCOMPARE(setting.service.http().requests().size(), 1u);
}

QTEST_GUILESS_MAIN(TestTokenRequest)
#include "tst_tokenrequest.moc"
