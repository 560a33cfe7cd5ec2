// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/account.h"

#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/jwtcheck.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;
using support::FakeResponse;

namespace {

QByteArray idTokenWith(const QByteArray &payload)
{
    return "eyJhbGciOiJub25lIn0." + support::base64Url(payload) + ".c2ln";
}

QString labelOf(const QByteArray &idToken)
{
    TokenSet tokens;
    tokens.idToken = base::Secret(idToken);
    return accountLabelOf(tokens);
}

/// Tokens of a service with a userinfo endpoint.
struct Setting {
    FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    AuthorizationServer server;
    TokenSet tokens;
    std::shared_ptr<DpopProver> dpop;

    Setting()
    {
        deadlines.discoveryStep = std::chrono::milliseconds(500);
        server.tokenEndpoint = service.endpoint("token");
        server.userinfoEndpoint = service.endpoint("userinfo");
        service.userinfo = {{u"sub"_s, u"1"_s}, {u"email"_s, u"ada@example.com"_s}};
        service.addClient("c", {}, {});
        tokens.accessToken = base::Secret(
            service.issueTokens("c", "r", "openid").value(u"access_token"_s).toString().toLatin1());
        tokens.scopes = {u"openid"_s};
    }
    base::Result<QString> run()
    {
        return support::await(fetchAccountLabel(client, deadlines, server, tokens, dpop, {}));
    }
    int requests() { return service.http().count("/userinfo"); }
};

} // namespace

class TestAccount final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void idToken_data();
    void idToken();
    void userinfo();
    void tokenStaysHome_data();
    void tokenStaysHome();
    void boundTokens();
    void trouble_data();
    void trouble();
};

void TestAccount::idToken_data()
{
    QTest::addColumn<QByteArray>("idToken");
    QTest::addColumn<QString>("label");
    const auto row = [](const char *name, const QByteArray &payload, const QString &label) {
        QTest::newRow(name) << idTokenWith(payload) << label;
    };
    row("email", R"({"name":"Ada","preferred_username":"ada","email":"ada@example.com"})",
        u"ada@example.com"_s);
    row("user name", R"({"name":"Ada","preferred_username":"ada"})", u"ada"_s);
    row("name", R"({"sub":"1","name":"Ada Lovelace","email":""})", u"Ada Lovelace"_s);
    row("nobody", R"({"sub":"1"})", {});
    row("not a text", R"({"email":7,"name":["x"]})", {});
    row("direction marks",
        "{\"name\":\"a\xe2\x80\xae"
        "b\"}",
        u"ab"_s);
    row("long", R"({"name":")" + QByteArray(500, 'x') + "\"}", QString(80, u'x') + u'\u2026');
    row("no JSON", "hello", {});
    QTest::newRow("none") << QByteArray() << QString();
    QTest::newRow("opaque") << QByteArray("abc") << QString();
    QTest::newRow("encrypted") << QByteArray("a.b.c.d.e") << QString();
    QTest::newRow("no base64") << QByteArray("a.$$$.c") << QString();
    QTest::newRow("huge") << idTokenWith(R"({"name":"a","x":")" + QByteArray(70000, 'x') + "\"}")
                          << QString();
}

void TestAccount::idToken()
{
    QFETCH(QByteArray, idToken);
    QFETCH(QString, label);
    QCOMPARE(labelOf(idToken), label);
}

void TestAccount::userinfo()
{
    Setting setting;
    const base::Result<QString> label = setting.run();
    QVERIFY(label);
    QCOMPARE(*label, u"ada@example.com"_s);
    const auto request = setting.service.http().requestsTo("/userinfo").at(0);
    QCOMPARE(request.method, "GET");
    QCOMPARE(request.headers.value("Authorization"), "Bearer " + setting.tokens.accessToken.reveal());
    setting.service.userinfo = {};
    QCOMPARE(*setting.run(), QString());
}

void TestAccount::tokenStaysHome_data()
{
    QTest::addColumn<QString>("userinfo");
    QTest::addColumn<QStringList>("scopes");
    QTest::newRow("no endpoint") << QString() << QStringList{u"openid"_s};
    QTest::newRow("another origin") << u"http://localhost:1/userinfo"_s << QStringList{u"openid"_s};
    QTest::newRow("openid not granted") << u"userinfo"_s << QStringList{u"email"_s};
}

// Proves: TOK-3
void TestAccount::tokenStaysHome()
{
    QFETCH(QString, userinfo);
    QFETCH(QStringList, scopes);
    Setting setting;
    support::FakeServer other;
    if (userinfo != "userinfo"_L1) {
        setting.server.userinfoEndpoint = userinfo.isEmpty() ? QUrl() : other.url(u"/userinfo"_s);
    }
    setting.tokens.scopes = scopes;
    const base::Result<QString> label = setting.run();
    QVERIFY(label);
    QCOMPARE(*label, QString());
    QCOMPARE(setting.requests(), 0);
    QCOMPARE(other.connections(), 0);
}

void TestAccount::boundTokens()
{
    Setting setting;
    setting.dpop = std::make_shared<DpopProver>(SigningKey::generate(), base::systemClock());
    setting.service.addClient("app", "secret", {});
    http::Request request;
    request.verb = "POST";
    request.url = setting.server.tokenEndpoint;
    request.body = "grant_type=client_credentials&scope=openid&client_id=app&client_secret=secret";
    setting.dpop->prove(&request);
    const auto answer = support::await(setting.client.send(request, {}));
    setting.tokens.accessToken =
        base::Secret(readJsonObject(*answer)->value(u"access_token"_s).toString().toLatin1());
    setting.tokens.isDpopBound = true;
    setting.service.dpopNonce = "nonce";
    const base::Result<QString> label = setting.run();
    QVERIFY(label);
    QCOMPARE(*label, u"ada@example.com"_s);
    QCOMPARE(setting.requests(), 2);
    setting.dpop.reset();
    QCOMPARE(*setting.run(), QString());
    QCOMPARE(setting.requests(), 2);
}

void TestAccount::trouble_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("401") << FakeResponse::empty(401) << ErrorKind::HttpStatus;
    QTest::newRow("503") << FakeResponse::empty(503) << ErrorKind::HttpStatus;
    QTest::newRow("a signed answer") << FakeResponse::html("a.b.c") << ErrorKind::Protocol;
    QTest::newRow("redirect") << FakeResponse::redirect("/other") << ErrorKind::RefusedByPolicy;
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout;
}

void TestAccount::trouble()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    Setting setting;
    setting.service.http().route("/userinfo", answer);
    const base::Result<QString> label = setting.run();
    QVERIFY(!label);
    QCOMPARE(base::errorName(label.error()), base::errorName(base::makeError(kind, {})));
    QCOMPARE(setting.requests(), 1);
}

QTEST_GUILESS_MAIN(TestAccount)
#include "tst_account.moc"
