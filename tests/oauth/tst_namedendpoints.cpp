// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Each request that carries a secret to a place that a server has named.
#include "oauth/account.h"
#include "oauth/browsersignin.h"
#include "oauth/grants.h"

#include "support/fakeperson.h"
#include "webbed.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeResponse;
using test::WebBed;

namespace {

/// The service at https://hostile.example.net, as its document was read.
AuthorizationServer serviceOf(const WebBed &bed)
{
    AuthorizationServer server;
    server.issuer = bed.hostile;
    server.namedBy = bed.url;
    server.authorizationEndpoint = QUrl(bed.hostile + u"/authorize"_s);
    server.tokenEndpoint = QUrl(bed.hostile + u"/token"_s);
    server.registrationEndpoint = QUrl(bed.hostile + u"/register"_s);
    server.revocationEndpoint = QUrl(bed.hostile + u"/revoke"_s);
    server.userinfoEndpoint = QUrl(bed.hostile + u"/userinfo"_s);
    return server;
}

ClientRegistration clientOf(const WebBed &bed)
{
    ClientRegistration client;
    client.issuer = bed.hostile;
    client.clientId = u"client"_s;
    client.clientSecret = base::Secret("canary-secret");
    client.method = ClientAuthentication::SecretPost;
    client.registrationUri = QUrl(bed.hostile + u"/register/1"_s);
    client.registrationToken = base::Secret("canary-registration");
    return client;
}

template <typename T>
std::optional<base::Error> errorOf(base::Task<base::Result<T>> task)
{
    const base::Result<T> result = support::await(std::move(task));
    return result ? std::nullopt : std::optional<base::Error>(result.error());
}

std::optional<base::Error> refresh(WebBed &bed)
{
    const AuthorizationServer server = serviceOf(bed);
    RefreshRequest request;
    request.tokenEndpoint = server.tokenEndpoint;
    request.client = clientOf(bed);
    request.refreshToken = base::Secret("canary-refresh");
    request.namedBy = SignInSettings().namerOf(server.tokenEndpoint, bed.url);
    return errorOf(refreshTokens(bed.client, bed.deadlines, request, {}));
}

std::optional<base::Error> revoke(WebBed &bed)
{
    const AuthorizationServer server = serviceOf(bed);
    RevocationRequest request;
    request.revocationEndpoint = server.revocationEndpoint;
    request.client = clientOf(bed);
    request.token = base::Secret("canary-refresh");
    request.hint = "refresh_token";
    request.namedBy = server.namerOf(server.revocationEndpoint);
    return errorOf(revokeToken(bed.client, bed.deadlines, request, {}));
}

std::optional<base::Error> signInAsApp(WebBed &bed)
{
    ClientCredentialsRequest request;
    request.server = serviceOf(bed);
    request.client = clientOf(bed);
    return errorOf(requestClientCredentials(bed.client, bed.deadlines, request, {}));
}

std::optional<base::Error> signInByAssertion(WebBed &bed)
{
    JwtBearerRequest request;
    request.server = serviceOf(bed);
    request.client = clientOf(bed);
    request.assertion = base::Secret("canary-assertion");
    return errorOf(requestJwtBearer(bed.client, bed.deadlines, request, {}));
}

std::optional<base::Error> registerClient(WebBed &bed)
{
    return errorOf(obtainClient(bed.client, bed.deadlines, serviceOf(bed), {u"http://127.0.0.1:9/callback"_s},
                                {}, {}, {}));
}

std::optional<base::Error> deleteClient(WebBed &bed)
{
    return errorOf(deleteRegistration(bed.client, bed.deadlines, clientOf(bed), bed.url, {}));
}

std::optional<base::Error> askWho(WebBed &bed)
{
    TokenSet tokens;
    tokens.accessToken = base::Secret("canary-access");
    tokens.scopes = {u"openid"_s};
    return errorOf(fetchAccountLabel(bed.client, bed.deadlines, serviceOf(bed), tokens, nullptr, {}));
}

/// A person who consents at once: the browser comes back with a code.
struct Consent {
    int opened = 0;
    QObject context;

    OpenUrl openUrl()
    {
        return [this](const QUrl &url) {
            ++opened;
            const QUrlQuery query(url);
            QUrl back(query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded));
            back.setQuery(u"code=canary-code&state="_s + query.queryItemValue(u"state"_s));
            support::plainGet(back, &context, [](const QByteArray &) { });
            return true;
        };
    }
};

std::optional<base::Error> signIn(WebBed &bed, Consent *consent)
{
    SignInRequest request;
    request.server = serviceOf(bed);
    request.client = clientOf(bed);
    request.client.method = ClientAuthentication::None;
    std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
    bed.internet.ignore(quint16(QUrl(listener->redirectUri()).port()));
    BrowserSignIn browser(std::move(listener), request, consent->openUrl(), bed.deadlines, bed.client);
    return errorOf(browser.run({}));
}

std::optional<base::Error> signInInBrowser(WebBed &bed)
{
    Consent consent;
    return signIn(bed, &consent);
}

} // namespace

using Send = std::optional<base::Error> (*)(WebBed &bed);
Q_DECLARE_METATYPE(Send)

class TestNamedEndpoints final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsSentNearby_data();
    void nothingIsSentNearby();
    void everythingIsSentToTheJudgedAddress_data() { nothingIsSentNearby_data(); }
    void everythingIsSentToTheJudgedAddress();
    void noBrowserForACodeThatMustNotBeSent();
    void codeGoesToAnotherAddressIfItWasNotSent();
};

// Proves: VT-11
void TestNamedEndpoints::nothingIsSentNearby_data()
{
    QTest::addColumn<Send>("send");
    QTest::newRow("refresh") << Send(refresh);
    QTest::newRow("revocation") << Send(revoke);
    QTest::newRow("client credentials") << Send(signInAsApp);
    QTest::newRow("assertion") << Send(signInByAssertion);
    QTest::newRow("registration") << Send(registerClient);
    QTest::newRow("deletion of a registration") << Send(deleteClient);
    QTest::newRow("userinfo") << Send(askWho);
    QTest::newRow("code exchange") << Send(signInInBrowser);
}

void TestNamedEndpoints::nothingIsSentNearby()
{
    QFETCH(Send, send);
    for (const QString &address : {u"127.0.0.1"_s, u"10.0.0.1"_s, u"::1"_s}) {
        WebBed bed;
        bed.names.answer(QUrl(bed.hostile).host(), {WebBed::loginAddress, address});
        bed.internet.name(QUrl(bed.hostile).host(), {address});
        const std::optional<base::Error> error = send(bed);
        QVERIFY(error);
        QCOMPARE(error->kind, ErrorKind::RefusedByPolicy);
        QCOMPARE(bed.internet.attempts(), QStringList());
    }
}

void TestNamedEndpoints::everythingIsSentToTheJudgedAddress()
{
    QFETCH(Send, send);
    WebBed bed;
    // The second answer is for whoever asks again behind our back.
    bed.names.answer(QUrl(bed.hostile).host(), {WebBed::loginAddress});
    bed.internet.name(QUrl(bed.hostile).host(), {u"127.0.0.1"_s});
    const support::TlsPort tls("DNS:hostile.example.net", bed.login.port());
    bed.internet.place(WebBed::loginAddress, tls.port());
    bed.login.setFallback([](const support::FakeRequest &) {
        return FakeResponse::json({{u"access_token"_s, u"a"_s},
                                   {u"token_type"_s, u"Bearer"_s},
                                   {u"client_id"_s, u"client"_s},
                                   {u"email"_s, u"a@b.example"_s}});
    });
    const std::optional<base::Error> error = send(bed);
    QVERIFY2(!error, error ? qPrintable(error->sentence + error->detail) : "");
    QCOMPARE(bed.login.requests().size(), 1U);
    QCOMPARE(bed.login.requests().at(0).headers.value("Host"), "hostile.example.net");
    QCOMPARE(bed.internet.attempts(), QStringList{WebBed::loginAddress + u":443"_s});
}

void TestNamedEndpoints::noBrowserForACodeThatMustNotBeSent()
{
    WebBed bed;
    bed.names.answer(QUrl(bed.hostile).host(), {u"10.0.0.1"_s});
    Consent consent;
    QCOMPARE(signIn(bed, &consent)->kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(consent.opened, 0);
}

void TestNamedEndpoints::codeGoesToAnotherAddressIfItWasNotSent()
{
    WebBed bed;
    // Nobody is there any more when the person is back from the browser.
    bed.names.answer(QUrl(bed.hostile).host(), {u"8.8.4.4"_s});
    bed.names.answer(QUrl(bed.hostile).host(), {WebBed::loginAddress});
    const support::TlsPort tls("DNS:hostile.example.net", bed.login.port());
    bed.internet.place(WebBed::loginAddress, tls.port());
    bed.login.route("/token",
                    FakeResponse::json({{u"access_token"_s, u"a"_s}, {u"token_type"_s, u"Bearer"_s}}));
    Consent consent;
    const std::optional<base::Error> error = signIn(bed, &consent);
    QVERIFY2(!error, error ? qPrintable(error->sentence) : "");
    QCOMPARE(bed.login.count("/token"), 1);
    QStringList attempts = bed.internet.attempts();
    attempts.removeDuplicates();
    QCOMPARE(attempts, (QStringList{u"8.8.4.4:443"_s, WebBed::loginAddress + u":443"_s}));
}

QTEST_GUILESS_MAIN(TestNamedEndpoints)
#include "tst_namedendpoints.moc"
