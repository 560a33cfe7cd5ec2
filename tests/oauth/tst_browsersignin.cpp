// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/browsersignin.h"

#include "http/urlpolicy.h"
#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakeperson.h"

#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;
using support::FakePerson;
using support::FakeResponse;
using Mood = support::FakePerson::Mood;

namespace {

// Every reserved character that a careless encoder doubles, drops or turns into a space.
const QString resource = u"http://127.0.0.1:9/m%20c+p/x?a=b&c=/d"_s;

/// One service, one person, one sign-in with a client that is registered there.
struct Setting {
    FakeAuthServer service;
    FakePerson person;
    SignInRequest request;
    base::Deadlines deadlines;
    http::Client client;
    std::unique_ptr<BrowserSignIn> signIn;
    std::stop_source stop;

    explicit Setting(ClientAuthentication method = ClientAuthentication::None)
    {
        deadlines.browser = std::chrono::seconds(20);
        deadlines.codeExchange = std::chrono::seconds(5);
        request.client.clientId = u"client /+1"_s;
        request.client.method = method;
        if (method != ClientAuthentication::None) {
            request.client.clientSecret = base::Secret("s:e/c+r%t");
        }
        request.resource = resource;
        request.scopes = {u"mcp"_s, u"files:read"_s};
    }
    void prepare()
    {
        std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
        service.addClient(request.client.clientId.toUtf8(), request.client.clientSecret.reveal(),
                          listener->redirectUri().toUtf8());
        request.server.issuer = service.issuer();
        request.server.issParameterSupported = service.announcesIss;
        if (!request.server.authorizationEndpoint.isValid()) {
            request.server.authorizationEndpoint = service.endpoint("authorize");
        }
        request.server.tokenEndpoint = service.endpoint("token");
        signIn = std::make_unique<BrowserSignIn>(std::move(listener), request, person.openUrl(), deadlines,
                                                 client);
    }
    base::Result<TokenSet> run()
    {
        if (!signIn) {
            prepare();
        }
        return support::await(signIn->run(stop.get_token()));
    }
    int tokenRequests() { return service.http().count("/token"); }
    http::FormFields tokenForm() { return service.http().requestsTo("/token").at(0).form(); }
};

bool portIsOpen(const QString &redirectUri)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, quint16(QUrl(redirectUri).port()));
    return socket.waitForConnected(2000);
}

QByteArray onlyField(const http::FormFields &fields, const QByteArray &name)
{
    return support::countOf(fields, name) == 1 ? support::fieldOf(fields, name) : "not exactly once";
}

} // namespace

class TestBrowserSignIn final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void approve();
    void eachParameterStandsOnceInTheAuthorizationUrl();
    void queryOfTheAuthorizationEndpointIsKept();
    void clientAuthentication_data();
    void clientAuthentication();
    void codesWithReservedCharactersArrive();
    void answersOfTheBrowser_data();
    void answersOfTheBrowser();
    void wrongStateIsNoise();
    void comingBackTwiceTradesOnce();
    void nobodyComesBack();
    void cancel();
    void stopAfterTheCodeWasSentStillGivesTokens();
    void noBrowserButALink();
    void pastedAddress();
    void tokenEndpointTrouble_data();
    void tokenEndpointTrouble();
    void hostileAuthorizationEndpoints_data();
    void hostileAuthorizationEndpoints();
    void shellCharactersStayEncoded();
    void secretsAreFresh();
};

void TestBrowserSignIn::approve()
{
    Setting setting;
    setting.prepare();
    QSignalSpy waiting(setting.signIn.get(), &BrowserSignIn::waiting);
    QSignalSpy exchanging(setting.signIn.get(), &BrowserSignIn::exchanging);
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    QVERIFY(setting.service.isActive(tokens->accessToken.reveal()));
    QVERIFY(setting.service.isActive(tokens->refreshToken.reveal()));
    QCOMPARE(tokens->scopes, setting.request.scopes);
    QCOMPARE(tokens->issuedAt.secsTo(*tokens->expiresAt), 3600);
    QCOMPARE(setting.tokenRequests(), 1);
    QCOMPARE(waiting.count(), 1);
    QCOMPARE(waiting.at(0).at(0).toBool(), true);
    QCOMPARE(exchanging.count(), 1);
    QTRY_COMPARE(setting.person.callbackStatuses, QList<int>{200});
    QVERIFY(setting.person.lastPage.contains("Mooring"));
    QVERIFY(!portIsOpen(setting.signIn->redirectUri()));
}

// Proves: RES-1, RES-3, RES-4, RES-6, PKCE-1, PKCE-2, RED-2
void TestBrowserSignIn::eachParameterStandsOnceInTheAuthorizationUrl()
{
    Setting setting(ClientAuthentication::SecretPost);
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(tokens);
    const auto request = setting.service.http().requestsTo("/authorize").at(0);
    const http::FormFields query = request.queryFields();
    std::set<QByteArray> names;
    for (const auto &[name, value] : query) {
        QVERIFY2(names.insert(name).second, name.constData());
    }
    QCOMPARE(names, (std::set<QByteArray>{"response_type", "client_id", "redirect_uri", "state", "scope",
                                          "resource", "code_challenge", "code_challenge_method"}));
    QCOMPARE(onlyField(query, "resource"), resource.toUtf8());
    QCOMPARE(onlyField(query, "client_id"), "client /+1");
    QCOMPARE(onlyField(query, "redirect_uri"), setting.signIn->redirectUri().toUtf8());
    QCOMPARE(onlyField(query, "scope"), "mcp files:read");
    QCOMPARE(onlyField(query, "code_challenge_method"), "S256");
    QCOMPARE(onlyField(query, "code_challenge").size(), 43);
    QCOMPARE(onlyField(query, "state").size(), 43);
    // Encoded once: the percent sign of the resource, and nothing else, shows up as %25.
    QCOMPARE(request.target.count("%25"), 1);
    QVERIFY(request.target.contains(http::percentEncode(resource.toUtf8())));
    QVERIFY(!request.target.contains("secret"));
}

void TestBrowserSignIn::queryOfTheAuthorizationEndpointIsKept()
{
    Setting setting;
    setting.request.server.authorizationEndpoint =
        QUrl(setting.service.endpoint("authorize").toString() + u"?tenant=a%2Bb&p=1&client_id=evil"_s);
    QVERIFY(setting.run());
    const http::FormFields query = setting.service.http().requestsTo("/authorize").at(0).queryFields();
    QCOMPARE(onlyField(query, "tenant"), "a+b");
    QCOMPARE(onlyField(query, "p"), "1");
    QCOMPARE(onlyField(query, "client_id"), "client /+1");
}

void TestBrowserSignIn::clientAuthentication_data()
{
    QTest::addColumn<ClientAuthentication>("method");
    QTest::addColumn<QByteArray>("clientId");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("basic");
    QTest::newRow("none") << ClientAuthentication::None << QByteArray("client /+1") << QByteArray()
                          << QByteArray();
    QTest::newRow("post") << ClientAuthentication::SecretPost << QByteArray("client /+1")
                          << QByteArray("s:e/c+r%t") << QByteArray();
    QTest::newRow("basic") << ClientAuthentication::SecretBasic << QByteArray() << QByteArray()
                           << QByteArray("client%20%2F%2B1:s%3Ae%2Fc%2Br%25t");
}

// Proves: RES-1, RES-6, REG-7
void TestBrowserSignIn::clientAuthentication()
{
    QFETCH(ClientAuthentication, method);
    QFETCH(QByteArray, clientId);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, basic);
    Setting setting(method);
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().detail));
    const auto request = setting.service.http().requestsTo("/token").at(0);
    const http::FormFields form = request.form();
    std::set<QByteArray> names;
    for (const auto &[name, value] : form) {
        QVERIFY2(names.insert(name).second, name.constData());
    }
    std::set<QByteArray> expected = {"grant_type", "code", "code_verifier", "redirect_uri", "resource"};
    if (!clientId.isEmpty()) {
        expected.insert("client_id");
    }
    if (!secret.isEmpty()) {
        expected.insert("client_secret");
    }
    QCOMPARE(names, expected);
    QCOMPARE(support::fieldOf(form, "client_id"), clientId);
    QCOMPARE(support::fieldOf(form, "client_secret"), secret);
    QCOMPARE(support::fieldOf(form, "resource"), resource.toUtf8());
    QCOMPARE(support::fieldOf(form, "grant_type"), "authorization_code");
    QCOMPARE(request.headers.values("Authorization").size(), basic.isEmpty() ? 0 : 1);
    QCOMPARE(QByteArray::fromBase64(request.headers.value("Authorization").mid(6)), basic);
    QCOMPARE(request.headers.value("Accept"), "application/json");
    QCOMPARE(setting.tokenRequests(), 1);
}

void TestBrowserSignIn::codesWithReservedCharactersArrive()
{
    for (const QByteArray &prefix :
         {QByteArray("a/b+c=d&e%2Ff~"), QByteArray("100% "), QByteArray("%25+%2B")}) {
        Setting setting;
        setting.service.codePrefix = prefix;
        setting.service.tokenPrefix = "+/=";
        const base::Result<TokenSet> tokens = setting.run();
        QVERIFY2(tokens, prefix.constData());
        QVERIFY(onlyField(setting.tokenForm(), "code").startsWith(prefix));
        QVERIFY(setting.service.isActive(tokens->accessToken.reveal()));
    }
}

void TestBrowserSignIn::answersOfTheBrowser_data()
{
    // RFC 9207 section 2.4, and what else a person can come back with.
    QTest::addColumn<Mood>("mood");
    QTest::addColumn<bool>("isAnnounced");
    QTest::addColumn<bool>("isGood");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("iss announced and right") << Mood::Approve << true << true << ErrorKind::Denied;
    QTest::newRow("iss not announced but right") << Mood::Approve << false << true << ErrorKind::Denied;
    QTest::newRow("iss announced and missing") << Mood::NoIss << true << false << ErrorKind::RefusedByPolicy;
    QTest::newRow("iss not announced, missing") << Mood::NoIss << false << true << ErrorKind::Denied;
    QTest::newRow("iss announced, foreign")
        << Mood::ForeignIss << true << false << ErrorKind::RefusedByPolicy;
    QTest::newRow("iss not announced, foreign")
        << Mood::ForeignIss << false << false << ErrorKind::RefusedByPolicy;
    QTest::newRow("denied") << Mood::Deny << true << false << ErrorKind::Denied;
}

// Proves: ISS-1, ISS-2, ISS-4, VT-05
// Matrix: 24 CB, 24 TOK, 27 CB, 41 CB
void TestBrowserSignIn::answersOfTheBrowser()
{
    QFETCH(Mood, mood);
    QFETCH(bool, isAnnounced);
    QFETCH(bool, isGood);
    QFETCH(ErrorKind, kind);
    Setting setting;
    setting.person.mood = mood;
    setting.service.announcesIss = isAnnounced;
    const base::Result<TokenSet> tokens = setting.run();
    QCOMPARE(tokens.has_value(), isGood);
    QCOMPARE(setting.tokenRequests(), isGood ? 1 : 0);
    QTRY_COMPARE(setting.person.callbackStatuses, QList<int>{200});
    if (!isGood) {
        QCOMPARE(tokens.error().kind, kind);
        QVERIFY(tokens.error().sentence.contains(u"127.0.0.1"_s));
        QVERIFY(!portIsOpen(setting.signIn->redirectUri()));
    }
}

// Proves: STA-1, VT-14, VT-15
// Matrix: 26 CB, 33 CB
void TestBrowserSignIn::wrongStateIsNoise()
{
    Setting setting;
    setting.person.mood = Mood::WrongState;
    setting.prepare();
    base::Result<TokenSet> tokens = base::failed(base::Error());
    QObject::connect(&setting.person, &FakePerson::finished, &setting.person, [&] {
        if (setting.person.callbackStatuses.size() == 1) {
            // The forged answer was turned away; the real one still counts.
            setting.person.mood = Mood::Approve;
            setting.signIn->openAgain();
        }
    });
    tokens = setting.run();
    QVERIFY(tokens);
    QTRY_COMPARE(setting.person.callbackStatuses, (QList<int>{400, 200}));
    QCOMPARE(setting.tokenRequests(), 1);
}

// Matrix: 39 CB
void TestBrowserSignIn::comingBackTwiceTradesOnce()
{
    Setting setting;
    setting.person.mood = Mood::Twice;
    QVERIFY(setting.run());
    QTRY_COMPARE(setting.person.callbackStatuses, (QList<int>{200, 0}));
    QCOMPARE(setting.tokenRequests(), 1);
}

// Matrix: 38 AUT
void TestBrowserSignIn::nobodyComesBack()
{
    Setting setting;
    setting.person.mood = Mood::Never;
    setting.deadlines.browser = std::chrono::milliseconds(80);
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().kind, ErrorKind::Timeout);
    QCOMPARE(tokens.error().host, QUrl(setting.service.issuer()).authority());
    QVERIFY(!portIsOpen(setting.signIn->redirectUri()));
    QVERIFY(!setting.signIn->openAgain());
}

// Matrix: 35 AUT
void TestBrowserSignIn::cancel()
{
    Setting setting;
    setting.person.mood = Mood::Never;
    setting.prepare();
    QObject::connect(setting.signIn.get(), &BrowserSignIn::waiting, setting.signIn.get(),
                     [&] { setting.stop.request_stop(); });
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().kind, ErrorKind::Cancelled);
    QVERIFY(!portIsOpen(setting.signIn->redirectUri()));

    Setting stopped;
    stopped.stop.request_stop();
    QCOMPARE(stopped.run().error().kind, ErrorKind::Cancelled);
    QVERIFY(stopped.person.opened.isEmpty());
}

// Matrix: 35 TOK
void TestBrowserSignIn::stopAfterTheCodeWasSentStillGivesTokens()
{
    Setting setting;
    setting.prepare();
    setting.service.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *answer) {
        setting.stop.request_stop();
        answer->delay = std::chrono::milliseconds(50);
    };
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(tokens);
    QVERIFY(setting.service.isActive(tokens->accessToken.reveal()));
}

// Matrix: 38 AUT
void TestBrowserSignIn::noBrowserButALink()
{
    Setting setting;
    setting.person.hasBrowser = false;
    setting.prepare();
    QSignalSpy waiting(setting.signIn.get(), &BrowserSignIn::waiting);
    QObject::connect(setting.signIn.get(), &BrowserSignIn::waiting, setting.signIn.get(), [&](bool opened) {
        QVERIFY(!opened);
        // The person copies the link into a browser of their own.
        setting.person.hasBrowser = true;
        setting.person.openUrl()(setting.signIn->authorizationUrl());
    });
    QVERIFY(setting.run());
    QCOMPARE(waiting.count(), 1);
}

void TestBrowserSignIn::pastedAddress()
{
    Setting setting;
    setting.person.mood = Mood::StopBeforeCallback;
    setting.prepare();
    QObject::connect(&setting.person, &FakePerson::finished, &setting.person, [&] {
        const QString address = setting.person.callbackAddress.toString(QUrl::FullyEncoded);
        for (const QString &wrong :
             {u"https://example.com/callback?code=1"_s, setting.signIn->redirectUri(),
              address.section(u'&', 1), QString(address).replace(u"state="_s, u"state=x"_s)}) {
            const base::Result<void> refused = setting.signIn->pasteAddress(wrong);
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, ErrorKind::InvalidInput);
        }
        QVERIFY(setting.signIn->pasteAddress(u"  "_s + address + u"#fragment \n"_s));
    });
    QVERIFY(setting.run());
    QCOMPARE(setting.tokenRequests(), 1);
}

void TestBrowserSignIn::tokenEndpointTrouble_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    const auto error = [](const QString &code, int status) {
        return FakeResponse::json({{u"error"_s, code}}, status);
    };
    QTest::newRow("400 invalid_grant")
        << error(u"invalid_grant"_s, 400) << ErrorKind::SignInNeeded << u"invalid_grant"_s;
    QTest::newRow("400 invalid_request")
        << error(u"invalid_request"_s, 400) << ErrorKind::HttpStatus << u"invalid_request"_s;
    FakeResponse basic = error(u"invalid_client"_s, 401);
    basic.headers.add("WWW-Authenticate", "Basic realm=\"x\"");
    QTest::newRow("401 with a Basic challenge") << basic << ErrorKind::HttpStatus << u"invalid_client"_s;
    FakeResponse ntlm = error(u"invalid_client"_s, 401);
    ntlm.headers.add("WWW-Authenticate", "NTLM");
    QTest::newRow("401 with an NTLM challenge") << ntlm << ErrorKind::HttpStatus << u"invalid_client"_s;
    QTest::newRow("200 with an error") << error(u"bad_code"_s, 200) << ErrorKind::Protocol << u"bad_code"_s;
    QTest::newRow("500") << FakeResponse::empty(500) << ErrorKind::HttpStatus << QString();
    QTest::newRow("HTML") << FakeResponse::html("<!doctype html><p>Log in") << ErrorKind::Protocol
                          << QString();
    QTest::newRow("redirect") << FakeResponse::redirect("/elsewhere", 307) << ErrorKind::RefusedByPolicy
                              << QString();
    QTest::newRow("closes without a byte") << FakeResponse::hangUp() << ErrorKind::Network << QString();
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout << QString();
    FakeResponse drip = FakeResponse::json({{u"access_token"_s, u"a"_s}});
    drip.drip = std::chrono::milliseconds(40);
    QTest::newRow("drip") << drip << ErrorKind::Timeout << QString();
    FakeResponse large = FakeResponse::html(QByteArray(200 * 1024, 'x'));
    QTest::newRow("too large") << large << ErrorKind::Protocol << QString();
}

// Matrix: 44 TOK
void TestBrowserSignIn::tokenEndpointTrouble()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    Setting setting;
    setting.deadlines.codeExchange = std::chrono::milliseconds(400);
    setting.service.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *out) { *out = answer; };
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(!tokens);
    QCOMPARE(base::errorName(tokens.error()), base::errorName(base::makeError(kind, {})));
    QCOMPARE(tokens.error().oauthCode, code);
    QVERIFY(tokens.error().sentence.contains(u"127.0.0.1"_s));
    QCOMPARE(setting.tokenRequests(), 1);
    QCOMPARE(setting.service.http().count("/elsewhere"), 0);
}

void TestBrowserSignIn::hostileAuthorizationEndpoints_data()
{
    QTest::addColumn<QString>("url");
    const char *const urls[] = {"file:///etc/passwd",
                                "javascript:alert(1)",
                                "JaVaScRiPt:alert(1)",
                                "data:text/html,x",
                                "vbscript:x",
                                "smb://host/share",
                                "ms-msdt:x",
                                "http://example.com/authorize",
                                "https://user@example.com/authorize",
                                "https://example.com/a#b"};
    for (const char *url : urls) {
        QTest::newRow(url) << QString::fromLatin1(url);
    }
}

// Proves: RED-4, RED-6, VT-01, VT-02
// Matrix: 23 AUT
void TestBrowserSignIn::hostileAuthorizationEndpoints()
{
    QFETCH(QString, url);
    Setting setting;
    setting.request.server.authorizationEndpoint = QUrl(url);
    const base::Result<TokenSet> tokens = setting.run();
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().kind, ErrorKind::RefusedByPolicy);
    QVERIFY(setting.person.opened.isEmpty());
    QVERIFY(setting.signIn->authorizationUrl().isEmpty());
}

// Proves: RED-5, VT-01
// Matrix: 22 AUT
void TestBrowserSignIn::shellCharactersStayEncoded()
{
    Setting setting;
    setting.request.server.authorizationEndpoint =
        QUrl(setting.service.endpoint("authorize").toString() + u"?x=$(touch%20/tmp/p)`id`\"%3B|&y='"_s);
    setting.request.scopes = {u"$(id)"_s, u"`id`;|\"'<>"_s};
    QVERIFY(setting.run());
    QCOMPARE(setting.person.opened.size(), 1);
    const QByteArray opened = setting.person.opened.at(0).toEncoded();
    for (const char c : QByteArrayView("`\"<> |;\\\n")) {
        QVERIFY2(!opened.contains(c), opened.constData());
    }
    const http::FormFields query = setting.service.http().requestsTo("/authorize").at(0).queryFields();
    QCOMPARE(onlyField(query, "scope"), "$(id) `id`;|\"'<>");
    QCOMPARE(onlyField(query, "x"), "$(touch /tmp/p)`id`\";|");
}

void TestBrowserSignIn::secretsAreFresh()
{
    std::set<QByteArray> seen;
    for (int i = 0; i < 3; ++i) {
        Setting setting;
        QVERIFY(setting.run());
        const http::FormFields query = setting.service.http().requestsTo("/authorize").at(0).queryFields();
        QVERIFY(seen.insert(onlyField(query, "state")).second);
        QVERIFY(seen.insert(onlyField(query, "code_challenge")).second);
        QVERIFY(seen.insert(onlyField(setting.tokenForm(), "code_verifier")).second);
        QVERIFY(!setting.person.opened.at(0).toEncoded().contains(
            onlyField(setting.tokenForm(), "code_verifier")));
    }
}

QTEST_GUILESS_MAIN(TestBrowserSignIn)
#include "tst_browsersignin.moc"
