// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probe.h"
#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using http::Step;
using mcp::Era;
using mcp::ProbeReport;
using support::await;
using support::FakeAuthServer;
using support::FakeMcpServer;
using support::FakeRequest;
using support::FakeResponse;
using support::FakeServer;
using Verdict = ProbeReport::Verdict;

namespace {

class KeyAuthorizer final : public mcp::Authorizer {
public:
    Key key() const override { return Key::InHeader; }
    QByteArray secret;
    std::optional<base::Error> trouble;
    Task<Result<http::Request>> authorize(http::Request request, std::stop_token) override
    {
        if (trouble) {
            co_return base::failed(*trouble);
        }
        request.headers.set("X-Api-Key", secret);
        co_return request;
    }
    Task<Result<void>> onChallenge(http::Request, http::ResponseHead, QList<oauth::Challenge>,
                                   std::stop_token) override
    {
        co_return base::failed(base::makeError(ErrorKind::SignInNeeded, u"never asked by a probe"_s));
    }
};

base::Deadlines shortDeadlines()
{
    base::Deadlines deadlines;
    deadlines.probe = std::chrono::seconds(5);
    deadlines.discoveryStep = std::chrono::seconds(5);
    deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    deadlines.discovery = std::chrono::seconds(10);
    return deadlines;
}

FakeResponse rpcError(int status, int code)
{
    const QJsonObject error{{u"code"_s, code}, {u"message"_s, u"no"_s}};
    return FakeResponse::json({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, QJsonValue()}, {u"error"_s, error}},
                              status);
}

FakeResponse challenge(int status, const QByteArray &value)
{
    FakeResponse response = FakeResponse::empty(status);
    response.headers.add("WWW-Authenticate", value);
    return response;
}

/// What was asked of a server: "POST server/discover", "GET /.well-known/…".
QStringList conversation(const FakeServer &server)
{
    QStringList lines;
    for (const FakeRequest &request : server.requests()) {
        const QString method = request.json().value("method"_L1).toString();
        lines.append(QString::fromLatin1(request.method + ' ')
                     + (method.isEmpty() ? QString::fromLatin1(request.path()) : method));
    }
    return lines;
}

const QString discover = u"POST server/discover"_s;
const QString initialize = u"POST initialize"_s;
const QString atPath = u"GET /.well-known/oauth-protected-resource/mcp"_s;
const QString atRoot = u"GET /.well-known/oauth-protected-resource"_s;

} // namespace

class TestProbe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsWhoWantsASignIn_data();
    void findsWhoWantsASignIn();
    void findsWhoIsOpen_data();
    void findsWhoIsOpen();
    void looksForASignInOfAnOpenServer();
    void judgesOddAnswers_data();
    void judgesOddAnswers();
    void asksAGatewayAgain_data();
    void asksAGatewayAgain();
    void judgesTheSecondAnswer_data();
    void judgesTheSecondAnswer();
    void wantsAKeyWhereThereIsNoSignIn_data();
    void wantsAKeyWhereThereIsNoSignIn();
    void triesAKey();
    void refusesAKeyAndOffersTheSignIn();
    void triesAKeyInTheOlderWayToo();
    void findsTheOldestServers();
    void findsOldServersThatWantASignIn();
    void stopsAtAForeignEndpoint();
    void takesAnOutageForAnOutage();
    void speaksPlainly();
    void saysWhyTheKeyCantBeUsed();
    void stopsForSafety();
    void reportsAnOutageOfTheSignInService();
    void reportsAPortThatRefuses();
    void reportsAnUnknownHost();
    void reportsSilence();
    void reportsACutAnswer();
    void reportsTheTimeToComeBack();
    void refusesAnAddressWithoutEncryption();
    void followsAMove();
    void leavesNoSessionBehind();
    void canBeStopped();
    void keepsEachStep();
    void survivesTheFile();
    void readsNonsense();

private:
    ProbeReport run(const QUrl &url, mcp::Authorizer *key = nullptr)
    {
        m_heard.clear();
        const http::StepSink sink = [this](const Step &step) { m_heard.append(step); };
        ProbeReport report = await(mcp::probe(m_client, m_deadlines, url, key, {}, sink, {}));
        // The sink hears exactly what the report keeps.
        if (m_heard.size() != report.steps.size()) {
            qFatal("the sink has heard something else");
        }
        return report;
    }

    http::Client m_client;
    base::Deadlines m_deadlines;
    QList<Step> m_heard;
};

void TestProbe::init()
{
    m_deadlines = shortDeadlines();
}

void TestProbe::findsWhoWantsASignIn_data()
{
    QTest::addColumn<bool>("named");
    QTest::addColumn<bool>("metadataAtPath");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("named in the challenge") << true << true << QStringList{discover, atPath};
    QTest::newRow("not named") << false << true << QStringList{discover, atPath};
    QTest::newRow("at the root only") << false << false << QStringList{discover, atPath, atRoot};
}

// Proves: PRB-1, PRB-2, PRB-3, PRB-4, PRB-5
void TestProbe::findsWhoWantsASignIn()
{
    QFETCH(bool, named);
    QFETCH(bool, metadataAtPath);
    QFETCH(QStringList, expected);
    FakeAuthServer signIn;
    FakeMcpServer server;
    server.protect(signIn.issuer(), [](const QByteArray &) { return false; });
    server.challengeNamesMetadata = named;
    server.servesMetadataAtPath = metadataAtPath;
    server.servesMetadataAtRoot = !metadataAtPath;
    server.challengeScope = "read write";
    const ProbeReport report = run(server.url());
    QCOMPARE(report.verdict, Verdict::NeedsSignIn);
    QVERIFY(report.discovery);
    QCOMPARE(report.discovery->server.issuer, signIn.issuer());
    QVERIFY(report.discovery->scopes.contains(u"write"_s));
    QVERIFY(!report.error);
    QVERIFY(!report.server);
    QCOMPARE(report.era, Era::Unknown);
    QCOMPARE(conversation(server.http()), expected);
    QCOMPARE(signIn.http().requests().size(), 1);
    QCOMPARE(report.steps.first().learnt, u"It is an MCP server and wants you to sign in"_s);
    QCOMPARE(report.steps.first().status, 401);
    QCOMPARE(report.steps.last().learnt.left(25), u"Will ask for: read, write"_s);
}

void TestProbe::findsWhoIsOpen_data()
{
    QTest::addColumn<bool>("stateless");
    QTest::addColumn<bool>("streams");
    QTest::addColumn<QStringList>("expected");
    const QStringList lookUps{atPath, atRoot};
    for (const bool streams : {false, true}) {
        const char *how = streams ? "SSE" : "JSON";
        QTest::addRow("stateless, %s", how) << true << streams << QStringList{discover} + lookUps;
        QTest::addRow("sessions, %s", how)
            << false << streams << QStringList{discover, initialize, u"DELETE /mcp"_s} + lookUps;
    }
}

// Proves: ERA-1
void TestProbe::findsWhoIsOpen()
{
    QFETCH(bool, stateless);
    QFETCH(bool, streams);
    QFETCH(QStringList, expected);
    FakeMcpServer server;
    server.speaksStateless = stateless;
    server.answers = streams ? FakeMcpServer::Answers::EventStream : FakeMcpServer::Answers::Json;
    const ProbeReport report = run(server.url());
    QCOMPARE(report.verdict, Verdict::Open);
    QCOMPARE(report.era, stateless ? Era::Stateless : Era::Sessions);
    QVERIFY(report.server);
    QCOMPARE(report.server->name, server.serverName);
    QVERIFY(!report.error);
    QVERIFY(!report.discovery);
    QCOMPARE(conversation(server.http()), expected);
}

// Proves: PRB-7
void TestProbe::looksForASignInOfAnOpenServer()
{
    FakeAuthServer signIn;
    FakeMcpServer server;
    server.protect(signIn.issuer(), [](const QByteArray &) { return false; });
    server.openMethods = {u"server/discover"_s};
    const ProbeReport report = run(server.url());
    QCOMPARE(report.verdict, Verdict::Open);
    QVERIFY(report.discovery);
    QCOMPARE(conversation(server.http()), (QStringList{discover, atPath}));
}

void TestProbe::judgesOddAnswers_data()
{
    QTest::addColumn<FakeResponse>("response");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<int>("posts");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, const FakeResponse &response, Verdict verdict, int posts,
                        const QString &word) { QTest::newRow(name) << response << verdict << posts << word; };
    const QByteArray page = "<!doctype html><html><body>Welcome</body></html>";
    FakeResponse mute = FakeResponse::empty(200);
    FakeResponse text = FakeResponse::empty(200);
    text.body = "It works!";
    FakeResponse lie = FakeResponse::empty(200);
    lie.headers.add("Content-Type", "application/json");
    lie.body = page;
    FakeResponse half = lie;
    half.body = R"({"jsonrpc":"2.0","id":1,)";
    FakeResponse twice = lie;
    twice.body = R"({"jsonrpc":"2.0","id":1,"result":{},"result":{}})";
    FakeResponse stream = FakeResponse::empty(200);
    stream.headers.add("Content-Type", "text/event-stream");
    stream.body = "data: no JSON\n\n";
    // A page that answers everything is no server; nothing more is asked of it.
    row("a page", FakeResponse::html(page), Verdict::NotMcp, 1, u"web page"_s);
    row("a page that says it is JSON", lie, Verdict::NotMcp, 1, u"web page"_s);
    row("a page with 404", FakeResponse::html(page, 404), Verdict::NotMcp, 3, u"nothing at this address"_s);
    row("404", FakeResponse::empty(404), Verdict::NotMcp, 3, u"nothing at this address"_s);
    row("405", FakeResponse::empty(405), Verdict::NotMcp, 3, u"no MCP server"_s);
    row("400", FakeResponse::empty(400), Verdict::NotMcp, 3, u"no MCP server"_s);
    row("an empty answer", mute, Verdict::NotMcp, 2, u"no MCP server"_s);
    row("some text", text, Verdict::NotMcp, 2, u"no MCP server"_s);
    row("half a JSON", half, Verdict::NotMcp, 2, u"no MCP server"_s);
    row("a member twice", twice, Verdict::NotMcp, 2, u"no MCP server"_s);
    row("JSON that is something else", FakeResponse::json({{u"ok"_s, true}}), Verdict::NotMcp, 2,
        u"no MCP server"_s);
    row("another JSON-RPC service", rpcError(200, -32601), Verdict::NotMcp, 2, u"no MCP server"_s);
    row("a stream of nonsense", stream, Verdict::NotMcp, 1, u"can't use"_s);
    row("500", FakeResponse::empty(500), Verdict::Unreachable, 1, u"HTTP 500"_s);
    row("429", FakeResponse::empty(429), Verdict::Unreachable, 1, u"HTTP 429"_s);
    row("a detour to a sign-in page", FakeResponse::redirect("https://login.example.com/", 302),
        Verdict::Refused, 1, u"Stopped"_s);
}

// Proves: ERA-2
void TestProbe::judgesOddAnswers()
{
    QFETCH(FakeResponse, response);
    QFETCH(Verdict, verdict);
    QFETCH(int, posts);
    QFETCH(QString, word);
    FakeServer http;
    http.route("/mcp", response);
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QCOMPARE(report.verdict, verdict);
    QVERIFY(report.error);
    QVERIFY2(report.error->sentence.contains(word), qPrintable(report.error->sentence));
    QCOMPARE(http.count("/mcp"), posts);
    QCOMPARE(http.requests().size(), posts);
    // The look for the oldest kind of server counts as one step with what was asked before.
    QCOMPARE(report.steps.size(), posts);
    QCOMPARE(report.steps.last().outcome, Step::Outcome::Failed);
    QCOMPARE(report.steps.last().learnt, report.error->sentence);
    QVERIFY(!report.discovery);
}

void TestProbe::asksAGatewayAgain_data()
{
    QTest::addColumn<FakeResponse>("response");
    QTest::newRow("a page with 502") << FakeResponse::html("<p>Bad gateway</p>", 502);
    QTest::newRow("503") << FakeResponse::empty(503);
    QTest::newRow("504") << FakeResponse::empty(504);
}

void TestProbe::asksAGatewayAgain()
{
    QFETCH(FakeResponse, response);
    FakeServer http;
    http.route("/mcp", response);
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QCOMPARE(report.error->httpStatus, response.status);
    QCOMPARE(http.requests().size(), 3);
    QCOMPARE(report.steps.size(), 1);
}

void TestProbe::judgesTheSecondAnswer_data()
{
    QTest::addColumn<FakeResponse>("response");
    QTest::addColumn<Verdict>("verdict");
    const auto hello = [](const QString &version) {
        const QJsonObject result{{u"protocolVersion"_s, version}};
        return FakeResponse::json({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, 2}, {u"result"_s, result}});
    };
    QTest::newRow("oldest version") << hello(u"2025-03-26"_s) << Verdict::Open;
    QTest::newRow("unknown version") << hello(u"2031-01-01"_s) << Verdict::UnknownVersions;
    QTest::newRow("no version") << hello(QString()) << Verdict::NotMcp;
    QTest::newRow("401") << challenge(401, "Bearer") << Verdict::NeedsKey;
    QTest::newRow("500") << FakeResponse::empty(500) << Verdict::Unreachable;
    QTest::newRow("page") << FakeResponse::html("<html></html>") << Verdict::NotMcp;
}

void TestProbe::judgesTheSecondAnswer()
{
    QFETCH(FakeResponse, response);
    QFETCH(Verdict, verdict);
    FakeServer http;
    http.once("/mcp", rpcError(404, -32601));
    http.route("/mcp", response);
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QCOMPARE(report.verdict, verdict);
    QCOMPARE(http.count("/mcp"), 2);
    QCOMPARE(report.steps.first().outcome, Step::Outcome::NotThere);
}

void TestProbe::wantsAKeyWhereThereIsNoSignIn_data()
{
    QTest::addColumn<FakeResponse>("response");
    QTest::addColumn<QString>("first");
    QTest::addColumn<int>("requests");
    const QString unknown = u"The server lets in only those it knows"_s;
    const QString token = u"It is an MCP server and wants you to sign in"_s;
    QTest::newRow("401, nothing said") << FakeResponse::empty(401) << unknown << 7;
    QTest::newRow("401, Basic") << challenge(401, "Basic realm=\"x\"") << unknown << 3;
    QTest::newRow("401, Bearer") << challenge(401, "Bearer") << token << 7;
    QTest::newRow("403") << FakeResponse::empty(403) << unknown << 3;
}

void TestProbe::wantsAKeyWhereThereIsNoSignIn()
{
    QFETCH(FakeResponse, response);
    QFETCH(QString, first);
    QFETCH(int, requests);
    FakeServer http;
    http.route("/mcp", response);
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QCOMPARE(report.verdict, Verdict::NeedsKey);
    QVERIFY(report.error);
    QVERIFY2(report.error->sentence.contains("key"_L1), qPrintable(report.error->sentence));
    QCOMPARE(report.steps.first().learnt, first);
    QCOMPARE(http.conversation().size(), requests);
    QCOMPARE(http.count("/mcp"), 1);
    // Where a token was asked for, the sign-in of 2025-03-26 is left to be tried.
    QCOMPARE(report.discovery.has_value(), first.contains("sign in"_L1));
}

void TestProbe::triesAKey()
{
    FakeMcpServer server;
    server.keyHeader = "X-Api-Key";
    server.keyValue = "secret";
    KeyAuthorizer key;
    key.secret = "secret";
    for (const bool stateless : {true, false}) {
        server.speaksStateless = stateless;
        server.http().forgetRequests();
        const ProbeReport report = run(server.url(), &key);
        QCOMPARE(report.verdict, Verdict::Open);
        QCOMPARE(report.era, stateless ? Era::Stateless : Era::Sessions);
        const QStringList expected =
            stateless ? QStringList{discover} : QStringList{discover, initialize, u"DELETE /mcp"_s};
        QCOMPARE(conversation(server.http()), expected);
        QVERIFY(!QJsonDocument(report.toJson()).toJson().contains("secret"));
    }
    QCOMPARE(server.sessions(), 0);
}

// Proves: PRB-2
void TestProbe::refusesAKeyAndOffersTheSignIn()
{
    FakeAuthServer signIn;
    FakeMcpServer server;
    KeyAuthorizer key;
    key.secret = "wrong";
    server.keyHeader = "X-Api-Key";
    server.keyValue = "secret";
    const ProbeReport alone = run(server.url(), &key);
    QCOMPARE(alone.verdict, Verdict::KeyRefused);
    QVERIFY(alone.error);
    QVERIFY(!alone.discovery);
    server.authorizationServers = {signIn.issuer()};
    const ProbeReport both = run(server.url(), &key);
    QCOMPARE(both.verdict, Verdict::KeyRefused);
    QVERIFY(both.error);
    QCOMPARE(both.error->sentence, alone.error->sentence);
    QVERIFY(both.discovery);
    // The key is for the server alone.
    for (const FakeRequest &request : signIn.http().requests()) {
        QVERIFY(!request.headers.contains("X-Api-Key"));
    }
    for (const FakeRequest &request : server.http().requests()) {
        QCOMPARE(request.headers.contains("X-Api-Key"), request.method == "POST");
    }
}

// Proves: ERA-3
void TestProbe::triesAKeyInTheOlderWayToo()
{
    // A gateway that knows only the methods of yesterday refuses the one of today, whatever the key.
    FakeMcpServer server;
    server.speaksStateless = false;
    server.keyHeader = "X-Api-Key";
    server.keyValue = "secret";
    server.admits = [&server](const QByteArray &) {
        return server.http().requests().back().json().value("method"_L1) != "server/discover"_L1;
    };
    KeyAuthorizer key;
    key.secret = "secret";
    const ProbeReport good = run(server.url(), &key);
    QCOMPARE(good.verdict, Verdict::Open);
    QCOMPARE(good.era, Era::Sessions);
    server.http().forgetRequests();
    key.secret = "wrong";
    const ProbeReport bad = run(server.url(), &key);
    QCOMPARE(bad.verdict, Verdict::KeyRefused);
    QCOMPARE(server.http().count("/mcp"), 2);
}

// Proves: ERA-1
void TestProbe::findsTheOldestServers()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.speaksSessions = false;
    server.speaksHttpSse = true;
    const ProbeReport report = run(server.url());
    QCOMPARE(report.verdict, Verdict::Open);
    QCOMPARE(report.era, Era::HttpSse);
    QVERIFY(report.server);
    QCOMPARE(report.server->name, server.serverName);
    QCOMPARE(report.server->protocolVersion, u"2024-11-05"_s);
    QCOMPARE(conversation(server.http()),
             (QStringList{discover, initialize, u"GET /mcp"_s, initialize, atPath, atRoot}));
    QCOMPARE(report.steps[2].verb, "GET"_ba);
    QCOMPARE(report.steps[2].status, 200);
    QCOMPARE(ProbeReport::fromJson(report.toJson()).era, Era::HttpSse);
    // Its key goes along everywhere.
    server.keyHeader = "X-Api-Key";
    server.keyValue = "secret";
    KeyAuthorizer key;
    key.secret = "secret";
    QCOMPARE(run(server.url(), &key).verdict, Verdict::Open);
}

void TestProbe::findsOldServersThatWantASignIn()
{
    for (const bool gatesStream : {true, false}) {
        FakeAuthServer signIn;
        FakeMcpServer server;
        server.speaksStateless = false;
        server.speaksSessions = false;
        server.speaksHttpSse = true;
        server.protect(signIn.issuer(), [&](const QByteArray &) {
            const FakeRequest &last = server.http().requests().back();
            const bool isStream = last.method == "GET";
            const bool isMessage = last.path() == server.endpointPath();
            return isStream ? !gatesStream : !isMessage;
        });
        const ProbeReport report = run(server.url());
        QCOMPARE(report.verdict, Verdict::NeedsSignIn);
        QVERIFY(report.discovery);
        QCOMPARE(report.discovery->server.issuer, signIn.issuer());
    }
}

// Proves: OLD-1
void TestProbe::stopsAtAForeignEndpoint()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.speaksSessions = false;
    server.speaksHttpSse = true;
    server.endpointOverride = "https://evil.example.com/messages";
    const ProbeReport report = run(server.url());
    QCOMPARE(report.verdict, Verdict::Refused);
    QVERIFY(report.error);
    QCOMPARE(report.error->kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(report.steps.last().outcome, Step::Outcome::Failed);
}

// Proves: ERA-2
void TestProbe::takesAnOutageForAnOutage()
{
    // The server's own look at the token may fail with an error in JSON-RPC.
    FakeServer http;
    http.route("/mcp", rpcError(500, -32603));
    KeyAuthorizer key;
    key.secret = "secret";
    for (mcp::Authorizer *with :
         {static_cast<mcp::Authorizer *>(nullptr), static_cast<mcp::Authorizer *>(&key)}) {
        const ProbeReport report = run(http.url(u"/mcp"_s), with);
        QCOMPARE(report.verdict, Verdict::Unreachable);
        QVERIFY(report.error);
        QCOMPARE(report.error->httpStatus, 500);
        QVERIFY(report.error->isTransient());
        QCOMPARE(report.era, Era::Unknown);
    }
}

void TestProbe::speaksPlainly()
{
    FakeAuthServer signIn;
    FakeMcpServer server;
    server.protect(signIn.issuer(), [](const QByteArray &) { return false; });
    for (const bool canRegister : {true, false}) {
        signIn.hasRegistration = canRegister;
        signIn.hasRevocation = canRegister;
        const ProbeReport report = run(server.url());
        QStringList sentences;
        for (const Step &step : report.steps) {
            sentences.append(step.learnt);
        }
        const QString all = sentences.join(u'\n');
        // Registration is told once, and no word of it needs an explanation.
        QCOMPARE(all.count("register"_L1), 1);
        QVERIFY2(!all.contains("PKCE"_L1) && !all.contains("revocation"_L1), qPrintable(all));
        QVERIFY2(all.contains("given back"_L1) == canRegister, qPrintable(all));
    }
}

void TestProbe::saysWhyTheKeyCantBeUsed()
{
    FakeMcpServer server;
    KeyAuthorizer key;
    key.trouble = base::keychainError(base::KeychainCase::Locked, u"The keychain is locked."_s);
    const ProbeReport report = run(server.url(), &key);
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error);
    QCOMPARE(report.error->keychainCase, base::KeychainCase::Locked);
    QCOMPARE(report.steps.size(), 1);
    QVERIFY(server.http().requests().empty());
}

void TestProbe::stopsForSafety()
{
    FakeAuthServer signIn;
    FakeMcpServer server;
    server.protect(signIn.issuer(), [](const QByteArray &) { return false; });
    signIn.metadataOverrides = {{u"issuer"_s, u"https://evil.example.com"_s}};
    const ProbeReport foreign = run(server.url());
    QCOMPARE(foreign.verdict, Verdict::Refused);
    QVERIFY(foreign.error);
    QCOMPARE(foreign.error->kind, ErrorKind::RefusedByPolicy);
    QVERIFY(!foreign.discovery);
}

void TestProbe::reportsAnOutageOfTheSignInService()
{
    FakeAuthServer signIn;
    FakeMcpServer server;
    server.protect(signIn.issuer(), [](const QByteArray &) { return false; });
    signIn.http().stop();
    const ProbeReport report = run(server.url());
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error);
    QCOMPARE(report.error->kind, ErrorKind::Network);
}

void TestProbe::reportsAPortThatRefuses()
{
    FakeServer http;
    const QUrl url = http.url(u"/mcp"_s);
    http.stop();
    const ProbeReport report = run(url);
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error);
    QCOMPARE(report.error->kind, ErrorKind::Network);
    QCOMPARE(report.steps.size(), 1);
    QCOMPARE(report.steps.first().status, 0);
    QCOMPARE(report.steps.first().outcome, Step::Outcome::Failed);
}

void TestProbe::reportsAnUnknownHost()
{
    // RFC 6761: this name never resolves.
    const ProbeReport report = run(QUrl(u"https://mooring-test.invalid/mcp"_s));
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error);
    QVERIFY(report.error->kind == ErrorKind::Network || report.error->kind == ErrorKind::Timeout);
    QCOMPARE(report.error->host, u"mooring-test.invalid"_s);
}

void TestProbe::reportsSilence()
{
    m_deadlines.probe = std::chrono::milliseconds(150);
    FakeServer http;
    http.route("/mcp", FakeResponse::silence());
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error);
    QCOMPARE(report.error->kind, ErrorKind::Timeout);
    QCOMPARE(http.requests().size(), 1);
    // Bug B8: how long nothing came of it is the most telling part.
    QCOMPARE(report.steps.size(), 1);
    QVERIFY(report.steps.first().took >= m_deadlines.probe);
    // A byte now and then is no answer either.
    FakeResponse dripping = FakeResponse::json({{u"text"_s, QString(500, u'x')}});
    dripping.drip = std::chrono::milliseconds(20);
    http.route("/mcp", dripping);
    QCOMPARE(run(http.url(u"/mcp"_s)).error->kind, ErrorKind::Timeout);
}

void TestProbe::reportsACutAnswer()
{
    FakeServer http;
    http.route("/mcp", FakeResponse::hangUp());
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QCOMPARE(report.error->kind, ErrorKind::Network);
    // It may have been a moment's trouble; the report has it as one step.
    QCOMPARE(http.requests().size(), 3);
    QCOMPARE(report.steps.size(), 1);
}

void TestProbe::reportsTheTimeToComeBack()
{
    FakeServer http;
    FakeResponse busy = FakeResponse::empty(429);
    busy.headers.add("Retry-After", "120");
    http.route("/mcp", busy);
    const ProbeReport report = run(http.url(u"/mcp"_s));
    QVERIFY(report.error && report.error->retryAt);
    const qint64 seconds = QDateTime::currentDateTimeUtc().secsTo(*report.error->retryAt);
    QVERIFY2(seconds >= 100 && seconds <= 120, qPrintable(QString::number(seconds)));
}

void TestProbe::refusesAnAddressWithoutEncryption()
{
    const ProbeReport report = run(QUrl(u"http://mcp.example.com/mcp"_s));
    QCOMPARE(report.verdict, Verdict::Refused);
    QVERIFY(report.error);
    QCOMPARE(report.error->kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(report.steps.size(), 1);
    QVERIFY(report.steps.first().verb.isEmpty());
}

void TestProbe::followsAMove()
{
    FakeMcpServer server;
    server.http().route("/old", FakeResponse::redirect("/mcp", 308));
    const ProbeReport report = run(server.http().url(u"/old"_s));
    QCOMPARE(report.verdict, Verdict::Open);
    QCOMPARE(report.steps.first().url, server.url());
    QVERIFY(server.http().count("/.well-known/oauth-protected-resource/mcp") == 1);
}

void TestProbe::leavesNoSessionBehind()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    QCOMPARE(run(server.url()).verdict, Verdict::Open);
    QCOMPARE(server.sessions(), 0);
    server.usesSessionIds = false;
    server.http().forgetRequests();
    QCOMPARE(run(server.url()).verdict, Verdict::Open);
    QVERIFY(!conversation(server.http()).contains(u"DELETE /mcp"_s));
}

void TestProbe::canBeStopped()
{
    FakeServer http;
    http.route("/mcp", FakeResponse::silence());
    std::stop_source stop;
    auto task = mcp::probe(m_client, m_deadlines, http.url(u"/mcp"_s), nullptr, {}, {}, stop.get_token());
    QTRY_COMPARE(http.requests().size(), 1);
    stop.request_stop();
    const ProbeReport report = await(std::move(task), std::chrono::seconds(2));
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error);
    QCOMPARE(report.error->kind, ErrorKind::Cancelled);
}

void TestProbe::keepsEachStep()
{
    FakeAuthServer signIn;
    FakeMcpServer server;
    server.protect(signIn.issuer(), [](const QByteArray &) { return false; });
    QUrl url = server.url();
    url.setQuery(u"api_key=secret"_s);
    const ProbeReport report = run(url);
    QCOMPARE(report.verdict, Verdict::NeedsSignIn);
    // The three requests, then what they amount to.
    QCOMPARE(report.steps.size(), 5);
    QCOMPARE(report.steps[0].verb, "POST"_ba);
    QCOMPARE(report.steps[0].status, 401);
    QCOMPARE(report.steps[1].verb, "GET"_ba);
    QCOMPARE(report.steps[2].verb, "GET"_ba);
    QVERIFY(report.steps[3].verb.isEmpty());
    QVERIFY2(report.steps[3].learnt.contains("can be given back"_L1), qPrintable(report.steps[3].learnt));
    for (const Step &step : report.steps) {
        QCOMPARE(step.outcome, Step::Outcome::Done);
        QVERIFY(!step.learnt.isEmpty());
    }
    QVERIFY(!QJsonDocument(report.toJson()).toJson().contains("secret"));
}

void TestProbe::survivesTheFile()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    FakeServer busy;
    FakeResponse later = FakeResponse::empty(503);
    later.headers.add("Retry-After", "60");
    busy.route("/mcp", later);
    for (const QUrl &url : {server.url(), busy.url(u"/mcp"_s), busy.url(u"/nothing"_s)}) {
        const ProbeReport report = run(url);
        const QJsonObject json = report.toJson();
        const QByteArray text = QJsonDocument(json).toJson();
        const ProbeReport again = ProbeReport::fromJson(QJsonDocument::fromJson(text).object());
        QCOMPARE(again.toJson(), json);
        QCOMPARE(again.verdict, report.verdict);
        QCOMPARE(again.era, report.era);
        QCOMPARE(again.at, report.at);
        QCOMPARE(again.steps.size(), report.steps.size());
        QCOMPARE(again.steps.last().outcome, report.steps.last().outcome);
        QCOMPARE(again.steps.first().took, report.steps.first().took);
        QCOMPARE(again.server.has_value(), report.server.has_value());
        QCOMPARE(again.error.has_value(), report.error.has_value());
        if (report.error) {
            QCOMPARE(again.error->kind, report.error->kind);
            QCOMPARE(again.error->httpStatus, report.error->httpStatus);
            QCOMPARE(again.error->retryAt.has_value(), report.error->retryAt.has_value());
        }
    }
}

void TestProbe::readsNonsense()
{
    const ProbeReport report = ProbeReport::fromJson(
        {{u"verdict"_s, 7}, {u"steps"_s, QJsonArray{1, u"x"_s, QJsonObject()}}, {u"error"_s, u"no"_s}});
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QCOMPARE(report.era, Era::Unknown);
    QCOMPARE(report.steps.size(), 3);
    QVERIFY(!report.at.isValid());
    for (const auto verdict : {Verdict::Open, Verdict::NeedsSignIn, Verdict::NeedsKey, Verdict::KeyRefused,
                               Verdict::NotMcp, Verdict::Unreachable, Verdict::Refused,
                               Verdict::SignInUnusable, Verdict::Blocked, Verdict::UnknownVersions}) {
        ProbeReport one;
        one.verdict = verdict;
        QCOMPARE(ProbeReport::fromJson(one.toJson()).verdict, verdict);
    }
    for (const auto kind :
         {ErrorKind::Network, ErrorKind::Timeout, ErrorKind::Tls, ErrorKind::HttpStatus, ErrorKind::Protocol,
          ErrorKind::RefusedByPolicy, ErrorKind::SignInNeeded, ErrorKind::Denied, ErrorKind::MoreScopeNeeded,
          ErrorKind::Keychain, ErrorKind::Storage, ErrorKind::Cancelled, ErrorKind::InvalidInput,
          ErrorKind::NotFound}) {
        ProbeReport one;
        one.error = base::makeError(kind, u"A sentence."_s);
        QCOMPARE(ProbeReport::fromJson(one.toJson()).error->kind, kind);
    }
}

QTEST_GUILESS_MAIN(TestProbe)
#include "tst_probe.moc"
