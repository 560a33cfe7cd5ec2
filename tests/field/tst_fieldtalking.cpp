// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Servers as they talk: versions that are refused, tokens that end without a 401, members that are null,
// sessions that are forgotten, lists without an end. Each goes the way of a person first.
#include "field/journey.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using field::Arrival;
using support::await;
using support::FakeMcpServer;
using support::FakeRequest;
using support::FakeResponse;
using support::FakeServer;
using support::Testbed;

using Refusal = std::function<FakeResponse(const FakeRequest &request, const QString &asked)>;
using TokenRefusal = std::function<FakeResponse(const FakeRequest &request)>;
/// Makes another answer of a good one.
using Twist = std::function<FakeResponse(const FakeRequest &request, FakeResponse usual)>;
Q_DECLARE_METATYPE(Refusal)
Q_DECLARE_METATYPE(TokenRefusal)
Q_DECLARE_METATYPE(Twist)

namespace {

QString methodOf(const FakeRequest &request)
{
    return request.json().value("method"_L1).toString();
}

int countOf(const FakeServer &http, const QString &method)
{
    int count = 0;
    for (const FakeRequest &request : http.requests()) {
        count += methodOf(request) == method ? 1 : 0;
    }
    return count;
}

FakeResponse textAnswer(int status, const QByteArray &text, const QByteArray &type = "text/plain")
{
    FakeResponse answer = FakeResponse::empty(status);
    answer.headers.add("Content-Type", type);
    answer.body = text;
    return answer;
}

FakeResponse rpcError(const FakeRequest &request, int status, const QByteArray &error)
{
    QJsonObject answer{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.json().value("id"_L1)}};
    answer.insert(u"error"_s, QJsonDocument::fromJson(error).object());
    return FakeResponse::json(answer, status);
}

FakeResponse streamOf(const QByteArray &text)
{
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.headers.add("Connection", "close");
    stream.body = text;
    stream.closes = true;
    return stream;
}

/// Lets everybody in.
void open(FakeMcpServer *server)
{
    server->admits = {};
    server->authorizationServers.clear();
}

/// Puts `twist` behind all that a server answers a JSON-RPC request with.
void twistAnswers(FakeMcpServer *server, const Twist &twist)
{
    const FakeServer::Handler usual = server->http().routeOf(server->path());
    server->http().route(server->path(), [usual, twist](const FakeRequest &request) {
        FakeResponse answer = usual(request);
        const bool isAnswer = request.json().contains("id"_L1) && answer.status == 200;
        if (!isAnswer) {
            return answer;
        }
        FakeResponse twisted = twist(request, answer);
        if (const QByteArray session = answer.headers.value("Mcp-Session-Id"); !session.isEmpty()) {
            twisted.headers.set("Mcp-Session-Id", session);
        }
        return twisted;
    });
}

Arrival goTo(Testbed *bed, const QUrl &url)
{
    return field::travel(bed, {.address = url.toString()});
}

} // namespace

#define GETS_IN(arrival)                                                                                     \
    QVERIFY2((arrival).gotIn(), qPrintable((arrival).told()));                                               \
    QCOMPARE((arrival).answer, u"ahoy"_s)

class TestFieldTalking : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepsDown_data();
    void stepsDown();
    void remembersTheVersion();
    void namesUnknownVersions_data();
    void namesUnknownVersions();
    void renewsWithoutA401_data();
    void renewsWithoutA401();
    void stopsWhenRenewingIsNoHelp();
    void renewsForNothingElse_data();
    void renewsForNothingElse();
    void readsWhatIsMeant_data();
    void readsWhatIsMeant();
    void saysWhoseNumberIsWrong();
    void beginsAForgottenSessionAnew_data();
    void beginsAForgottenSessionAnew();
    void keepsTheCookiesOfASession_data();
    void keepsTheCookiesOfASession();
    void endsWhatALookHasBegun();
    void showsNobodyTheCookies();
    void goesOnWithoutAReceipt_data();
    void goesOnWithoutAReceipt();
    void readsAListToItsEnd_data();
    void readsAListToItsEnd();
};

// Field: 2.1-2.7
void TestFieldTalking::stepsDown_data()
{
    QTest::addColumn<Refusal>("refusal");
    QTest::addColumn<QStringList>("speaks");
    QTest::addColumn<int>("mostOffers");
    const auto row = [](const char *name, const QStringList &speaks, int mostOffers, const Refusal &refusal) {
        QTest::newRow(name) << refusal << speaks << mostOffers;
    };
    row("2.1 words that list versions", {u"2025-06-18"_s, u"2025-03-26"_s}, 1,
        [](const FakeRequest &, const QString &asked) {
            return textAnswer(400, "Bad Request: Unsupported protocol version: " + asked.toUtf8()
                                       + " (supported versions: 2025-06-18, 2025-03-26)");
        });
    row("2.2 an error with data.expected", {u"2025-06-18"_s}, 1,
        [](const FakeRequest &request, const QString &) {
            return rpcError(
                request, 200,
                R"({"code":-32602,"message":"Unsupported protocol version","data":{"expected":"2025-06-18"}})");
        });
    row("2.3 an error with data.supported", {u"2024-11-05"_s}, 1,
        [](const FakeRequest &request, const QString &asked) {
            return rpcError(
                request, 200,
                R"({"code":-32602,"message":"Unsupported protocol version","data":{"supported":["2024-11-05"],"requested":")"
                    + asked.toUtf8() + R"("}})");
        });
    row("2.4 words without a list", {u"2025-03-26"_s}, 3, [](const FakeRequest &, const QString &) {
        return textAnswer(400, "Unsupported MCP-Protocol-Version");
    });
    row("2.5 JSON of another kind", {u"2025-03-26"_s}, 1, [](const FakeRequest &, const QString &asked) {
        return FakeResponse::json({{u"error"_s, u"unsupported_protocol_version"_s},
                                   {u"got"_s, asked},
                                   {u"versions"_s, QJsonArray{u"2025-03-26"_s}}},
                                  422);
    });
    row("2.6 an answer in an older version", {u"2024-11-05"_s}, 4,
        [](const FakeRequest &request, const QString &) {
            const QJsonObject result{{u"protocolVersion"_s, u"2024-10-07"_s},
                                     {u"capabilities"_s, QJsonObject()}};
            return FakeResponse::json(
                {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.json().value("id"_L1)}, {u"result"_s, result}});
        });
    row("2.7 an error that says nothing", {u"2025-06-18"_s}, 2,
        [](const FakeRequest &request, const QString &) {
            return rpcError(request, 400, R"({"code":-32600,"message":"Invalid Request"})");
        });
}

void TestFieldTalking::stepsDown()
{
    QFETCH(Refusal, refusal);
    QFETCH(QStringList, speaks);
    QFETCH(int, mostOffers);
    for (const bool isOpen : {true, false}) {
        Testbed bed;
        if (isOpen) {
            open(&bed.mcp);
        }
        bed.mcp.speaksStateless = false;
        bed.mcp.sessionVersions = speaks;
        bed.mcp.refusesVersion = refusal;
        const Arrival arrival = goTo(&bed, bed.mcp.url());
        GETS_IN(arrival);
        QCOMPARE(arrival.verdicts, QStringList{isOpen ? u"open"_s : u"needs-sign-in"_s});
        QCOMPARE(arrival.connection->serverInfo()->protocolVersion, speaks.first());
        // What the look at an open server has found, the use of it knows.
        const int offers = countOf(bed.mcp.http(), u"initialize"_s);
        QVERIFY2(offers <= mostOffers + (isOpen ? 1 : 0), qPrintable(QString::number(offers)));
    }
}

// Field: 2.8
void TestFieldTalking::remembersTheVersion()
{
    Testbed bed;
    bed.mcp.speaksStateless = false;
    bed.mcp.sessionVersions = {u"2025-03-26"_s};
    bed.mcp.refusesVersion = [](const FakeRequest &, const QString &) {
        return textAnswer(400, "Unsupported protocol version");
    };
    Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    const QString id = arrival.connection->id();
    QCOMPARE(bed.recordOnDisk(id).offeredVersion, u"2025-03-26"_s);
    // The next process asks for the right one at once.
    arrival.connection.reset();
    bed.restart();
    bed.mcp.http().forgetRequests();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.mcp.http().count(bed.mcp.path()), 3);
    QCOMPARE(countOf(bed.mcp.http(), u"initialize"_s), 1);
    // And finds the way back when the server has moved on.
    bed.restart();
    bed.mcp.sessionVersions = {u"2025-11-25"_s};
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.recordOnDisk(id).offeredVersion, QString());
}

// Field: 2.9-2.11
void TestFieldTalking::namesUnknownVersions_data()
{
    QTest::addColumn<Refusal>("refusal");
    QTest::addColumn<QString>("word");
    QTest::newRow("2.9 words") << Refusal([](const FakeRequest &, const QString &) {
        return textAnswer(400, "Unsupported protocol version (supported versions: 2031-01-01, 2032-02-02)");
    }) << u"2031-01-01, 2032-02-02"_s;
    QTest::newRow("2.10 an error of today") << Refusal([](const FakeRequest &request, const QString &) {
        return rpcError(request, 400,
                        R"({"code":-32022,"message":"no","data":{"supported":["2031-01-01"]}})");
    }) << u"2031-01-01"_s;
    QTest::newRow("2.11 no list") << Refusal([](const FakeRequest &, const QString &) {
        return textAnswer(400, "Unsupported protocol version");
    }) << u"refuses every version"_s;
}

void TestFieldTalking::namesUnknownVersions()
{
    QFETCH(Refusal, refusal);
    QFETCH(QString, word);
    Testbed bed;
    open(&bed.mcp);
    bed.mcp.speaksStateless = false;
    bed.mcp.sessionVersions = {u"2031-01-01"_s};
    bed.mcp.refusesVersion = refusal;
    const Arrival arrival = goTo(&bed, bed.mcp.url());
    QVERIFY(arrival.connection);
    QVERIFY(!arrival.gotIn());
    QCOMPARE(arrival.verdicts, QStringList{u"unknown-versions"_s});
    QCOMPARE(arrival.connection->state().phase, connections::Phase::UnknownVersions);
    QVERIFY2(arrival.error->sentence.contains(word), qPrintable(arrival.error->sentence));
    QVERIFY2(arrival.error->sentence.contains("is an MCP server"_L1), qPrintable(arrival.error->sentence));
}

// Field: 7.1-7.8
void TestFieldTalking::renewsWithoutA401_data()
{
    QTest::addColumn<TokenRefusal>("refusal");
    const auto row = [](const char *name, const TokenRefusal &refusal) { QTest::newRow(name) << refusal; };
    row("7.1 400 invalid_client",
        [](const FakeRequest &) { return FakeResponse::json({{u"error"_s, u"invalid_client"_s}}, 400); });
    row("7.2 400 invalid_token", [](const FakeRequest &) {
        return FakeResponse::json({{u"error"_s, u"invalid_token"_s}, {u"error_description"_s, u"x"_s}}, 400);
    });
    row("7.3 500 jwt expired", [](const FakeRequest &) { return textAnswer(500, "Error: jwt expired"); });
    row("7.4 200 and a JSON-RPC error", [](const FakeRequest &request) {
        return rpcError(request, 200, R"({"code":-32001,"message":"Unauthorized"})");
    });
    row("7.5 a detour to a sign-in page",
        [](const FakeRequest &) { return FakeResponse::redirect("https://login.example.com/?next=mcp"); });
    row("7.6 a sign-in page",
        [](const FakeRequest &) { return FakeResponse::html("<!doctype html><form>Sign in</form>"); });
    row("7.7 403 that speaks of the token",
        [](const FakeRequest &) { return textAnswer(403, R"({"message":"The access token expired"})"); });
    row("7.8 400 and a challenge", [](const FakeRequest &) {
        FakeResponse answer = FakeResponse::empty(400);
        answer.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        return answer;
    });
}

void TestFieldTalking::renewsWithoutA401()
{
    QFETCH(TokenRefusal, refusal);
    for (const bool stateless : {true, false}) {
        Testbed bed;
        bed.mcp.speaksStateless = stateless;
        bed.mcp.refusesToken = refusal;
        Arrival arrival = goTo(&bed, bed.mcp.url());
        GETS_IN(arrival);
        QCOMPARE(bed.auth.refreshes(), 0);
        // In the middle of use: a call, which must run once.
        bed.auth.endAccessTokens();
        bed.mcp.http().forgetRequests();
        const auto called = await(arrival.connection->callTool(u"echo"_s, {{u"text"_s, u"again"_s}}, {}, {}));
        QVERIFY2(called, called ? "" : qPrintable(called.error().sentence));
        QCOMPARE(called->text(), u"again"_s);
        QCOMPARE(bed.auth.refreshes(), 1);
        QCOMPARE(countOf(bed.mcp.http(), u"tools/call"_s), 2);
        // And in the next process.
        const QString id = arrival.connection->id();
        arrival.connection.reset();
        bed.restart();
        bed.auth.endAccessTokens();
        const auto tools = await(bed.list->byId(id)->listTools({}));
        QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
        QCOMPARE(bed.auth.refreshes(), 2);
        QCOMPARE(bed.list->byId(id)->state().phase, connections::Phase::Authorized);
    }
}

// Field: 7.9
void TestFieldTalking::stopsWhenRenewingIsNoHelp()
{
    Testbed bed;
    Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    // Whatever it means by that, it isn't the token.
    bed.mcp.inFront = [](const FakeRequest &request) {
        const QString token = QString::fromUtf8(request.headers.value("Authorization").mid(7));
        return FakeResponse::json(
            {{u"error"_s, u"invalid_token"_s}, {u"token"_s, token}, {u"why"_s, u"no licence"_s}}, 400);
    };
    const auto first = await(arrival.connection->listTools({}));
    QVERIFY(!first);
    QCOMPARE(first.error().kind, ErrorKind::SignInNeeded);
    QVERIFY2(first.error().sentence.contains("no licence"_L1), qPrintable(first.error().sentence));
    QCOMPARE(bed.auth.refreshes(), 1);
    const QString id = arrival.connection->id();
    for (int process = 0; process < 2; ++process) {
        const auto again = await(bed.list->byId(id)->listTools({}));
        QVERIFY(!again);
        QVERIFY2(!again.error().sentence.contains("no MCP server"_L1), qPrintable(again.error().sentence));
        QCOMPARE(bed.auth.refreshes(), 1);
        arrival.connection.reset();
        bed.restart();
    }
    // The server repeats the token, Mooring doesn't.
    QVERIFY2(!first.error().sentence.contains("canary-token"_L1), qPrintable(first.error().sentence));
    QVERIFY(!bed.everythingOnDisk().contains("canary-token"));
    // When the server has come to its senses, all is as before.
    bed.mcp.inFront = {};
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.auth.refreshes(), 1);
}

// Field: 7.10-7.12
void TestFieldTalking::renewsForNothingElse_data()
{
    QTest::addColumn<TokenRefusal>("trouble");
    QTest::newRow("7.10 an outage") << TokenRefusal(
        [](const FakeRequest &) { return textAnswer(500, "Oops"); });
    QTest::newRow("7.11 a tool's own trouble") << TokenRefusal([](const FakeRequest &request) {
        return rpcError(request, 200,
                        R"({"code":-32603,"message":"The token for the calendar has expired"})");
    });
    QTest::newRow("7.12 a page where the server was") << TokenRefusal(
        [](const FakeRequest &) { return FakeResponse::html("<html>Not found</html>", 404); });
}

void TestFieldTalking::renewsForNothingElse()
{
    QFETCH(TokenRefusal, trouble);
    Testbed bed;
    Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    bed.mcp.inFront = trouble;
    bed.mcp.http().forgetRequests();
    const auto called = await(arrival.connection->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!called);
    QCOMPARE(bed.auth.refreshes(), 0);
    QCOMPARE(countOf(bed.mcp.http(), u"tools/call"_s), 1);
    // Nobody who has answered is told to be no MCP server.
    const auto report = await(arrival.connection->check({}, {}));
    QVERIFY(report.verdict != mcp::ProbeReport::Verdict::NotMcp);
    QVERIFY(arrival.connection->state().phase != connections::Phase::NotMcp);
}

// Field: 8.1-8.9
void TestFieldTalking::readsWhatIsMeant_data()
{
    QTest::addColumn<Twist>("twist");
    const auto row = [](const char *name, const Twist &twist) { QTest::newRow(name) << twist; };
    const auto withNulls = [](QJsonObject answer) {
        answer.insert(u"error"_s, QJsonValue::Null);
        return QJsonDocument(answer).toJson(QJsonDocument::Compact);
    };
    const auto objectOf = [](const FakeResponse &usual) {
        return QJsonDocument::fromJson(usual.body).object();
    };
    row("8.1 error null beside a result", [=](const FakeRequest &, const FakeResponse &usual) {
        return textAnswer(200, withNulls(objectOf(usual)), "application/json");
    });
    row("8.2 the same in an array", [=](const FakeRequest &, const FakeResponse &usual) {
        return textAnswer(200, '[' + withNulls(objectOf(usual)) + ']', "application/json");
    });
    row("8.3 a last line without a blank line, and the end",
        [](const FakeRequest &, const FakeResponse &usual) { return streamOf("data: " + usual.body); });
    row("8.4 the same without an end", [](const FakeRequest &, const FakeResponse &usual) {
        FakeResponse stream = streamOf({});
        stream.closes = false;
        stream.pieces.push_back({.bytes = "event: message\ndata: " + usual.body + "\n"});
        stream.staysOpen = true;
        return stream;
    });
    row("8.5 foreign events between", [](const FakeRequest &, const FakeResponse &usual) {
        return streamOf(
            "data: hello\n\ndata: {\"type\":\"heartbeat\"}\n\nevent: ping\ndata: 1\n\n:\n\ndata: "
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":null}\n\ndata: "
            + usual.body + "\n\n");
    });
    row("8.6 a batch in a stream", [=](const FakeRequest &, const FakeResponse &usual) {
        return streamOf("data: [{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"},\"x\","
                        + withNulls(objectOf(usual)) + "]\n\n");
    });
    row("8.7 nulls inside the result", [=](const FakeRequest &, const FakeResponse &usual) {
        QJsonObject answer = objectOf(usual);
        QJsonObject result = answer.value("result"_L1).toObject();
        for (const QString &name :
             {u"nextCursor"_s, u"inputRequests"_s, u"requestState"_s, u"instructions"_s}) {
            result.insert(name, QJsonValue::Null);
        }
        answer.insert(u"result"_s, result);
        answer.insert(u"method"_s, QJsonValue::Null);
        answer.insert(u"params"_s, QJsonValue::Null);
        return FakeResponse::json(answer);
    });
    row("8.8 an event in two lines, cut off behind it", [](const FakeRequest &, const FakeResponse &usual) {
        QByteArray body = usual.body;
        FakeResponse stream = streamOf("data: " + body.replace(",\"", "\ndata: ,\"") + "\r\n");
        stream.headers.add("Content-Length", "100000");
        return stream;
    });
    row("8.9 the number as a text", [=](const FakeRequest &request, const FakeResponse &usual) {
        QJsonObject answer = objectOf(usual);
        answer.insert(u"id"_s, QString::number(request.json().value("id"_L1).toInteger()));
        return FakeResponse::json(answer);
    });
}

void TestFieldTalking::readsWhatIsMeant()
{
    QFETCH(Twist, twist);
    for (const bool stateless : {true, false}) {
        Testbed bed;
        bed.mcp.speaksStateless = stateless;
        bed.deadlines.probe = std::chrono::seconds(20);
        twistAnswers(&bed.mcp, twist);
        GETS_IN(goTo(&bed, bed.mcp.url()));
    }
    // The look of somebody who needs no sign-in reads the same.
    Testbed bed;
    open(&bed.mcp);
    twistAnswers(&bed.mcp, twist);
    const Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    QCOMPARE(arrival.verdicts, QStringList{u"open"_s});
}

// Field: 8.10
void TestFieldTalking::saysWhoseNumberIsWrong()
{
    Testbed bed;
    open(&bed.mcp);
    twistAnswers(&bed.mcp, [](const FakeRequest &, const FakeResponse &usual) {
        QJsonObject answer = QJsonDocument::fromJson(usual.body).object();
        answer.insert(u"id"_s, 0);
        return FakeResponse::json(answer);
    });
    const Arrival arrival = goTo(&bed, bed.mcp.url());
    QVERIFY(!arrival.gotIn());
    QVERIFY2(arrival.error->sentence.contains("never to what it was asked"_L1),
             qPrintable(arrival.error->sentence));
}

// Field: 9.1-9.7
void TestFieldTalking::beginsAForgottenSessionAnew_data()
{
    QTest::addColumn<TokenRefusal>("refusal");
    const auto row = [](const char *name, const TokenRefusal &refusal) { QTest::newRow(name) << refusal; };
    row("9.1 400 in plain text",
        [](const FakeRequest &) { return textAnswer(400, "Bad Request: No valid session ID provided"); });
    row("9.2 400 with an id of its own", [](const FakeRequest &) {
        return textAnswer(
            400,
            R"({"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: No valid session ID provided"}})",
            "application/json");
    });
    row("9.3 400 without an id", [](const FakeRequest &) {
        return textAnswer(
            400, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Server not initialized"}})",
            "application/json");
    });
    row("9.4 400 about a wrong parameter", [](const FakeRequest &request) {
        return rpcError(request, 400, R"({"code":-32602,"message":"Invalid session ID"})");
    });
    row("9.5 404 and a page",
        [](const FakeRequest &) { return FakeResponse::html("<p>Not found</p>", 404); });
    row("9.6 404 and an error", [](const FakeRequest &request) {
        return rpcError(request, 404, R"({"code":-32001,"message":"Session not found"})");
    });
    row("9.7 400 and nothing", [](const FakeRequest &) { return FakeResponse::empty(400); });
}

void TestFieldTalking::beginsAForgottenSessionAnew()
{
    QFETCH(TokenRefusal, refusal);
    Testbed bed;
    bed.mcp.speaksStateless = false;
    const Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    const QByteArray old = bed.mcp.http().requests().back().headers.value("Mcp-Session-Id");
    QVERIFY(!old.isEmpty());
    bed.mcp.inFront = [old, refusal](const FakeRequest &request) {
        const bool isOld = request.headers.value("Mcp-Session-Id") == old;
        return isOld ? std::optional(refusal(request)) : std::nullopt;
    };
    bed.mcp.http().forgetRequests();
    const auto called = await(arrival.connection->callTool(u"echo"_s, {{u"text"_s, u"again"_s}}, {}, {}));
    QVERIFY2(called, called ? "" : qPrintable(called.error().sentence));
    QCOMPARE(called->text(), u"again"_s);
    QCOMPARE(countOf(bed.mcp.http(), u"tools/call"_s), 2);
    QCOMPARE(countOf(bed.mcp.http(), u"initialize"_s), 1);
    QCOMPARE(bed.auth.refreshes(), 0);
}

// Field: 9.8-9.10
void TestFieldTalking::keepsTheCookiesOfASession_data()
{
    QTest::addColumn<QByteArray>("cookie");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("isOldest");
    QTest::newRow("9.8 a load balancer's")
        << "AWSALB=one; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/"_ba << "AWSALB=one"_ba << false;
    QTest::newRow("9.9 two, one of them for others")
        << "route=two; HttpOnly\nother=x; Domain=example.org"_ba << "route=two"_ba << false;
    QTest::newRow("9.10 a server of the oldest kind")
        << "sticky=three; Max-Age=600"_ba << "sticky=three"_ba << true;
}

void TestFieldTalking::keepsTheCookiesOfASession()
{
    QFETCH(QByteArray, cookie);
    QFETCH(QByteArray, expected);
    QFETCH(bool, isOldest);
    Testbed bed;
    bed.mcp.speaksStateless = false;
    bed.mcp.speaksSessions = !isOldest;
    bed.mcp.speaksHttpSse = isOldest;
    // Only the machine that has begun a session knows it, and the cookie leads there.
    const QList<QByteArray> paths{bed.mcp.path(), bed.mcp.endpointPath()};
    for (const QByteArray &path : paths) {
        const FakeServer::Handler usual = bed.mcp.http().routeOf(path);
        bed.mcp.http().route(path, [=](const FakeRequest &request) {
            const bool begins = methodOf(request) == "initialize"_L1
                                || methodOf(request) == "server/discover"_L1 || request.method == "GET";
            if (request.headers.value("Cookie") != expected && (!begins || path == "/messages")) {
                return FakeResponse::empty(404);
            }
            FakeResponse answer = usual(request);
            const QList<QByteArray> lines = cookie.split('\n');
            for (const QByteArray &line : lines) {
                answer.headers.add("Set-Cookie", line);
            }
            return answer;
        });
    }
    const Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    // One by each way of asking at most.
    QVERIFY(countOf(bed.mcp.http(), u"initialize"_s) <= (isOldest ? 2 : 1));
    for (const FakeRequest &request : bed.auth.http().requests()) {
        QVERIFY(!request.headers.contains("Cookie"));
    }
}

// Field: 9.15
void TestFieldTalking::endsWhatALookHasBegun()
{
    Testbed bed;
    open(&bed.mcp);
    bed.mcp.speaksStateless = false;
    bed.mcp.inFront = [](const FakeRequest &request) {
        const bool begins = request.method == "POST" && request.headers.value("Mcp-Session-Id").isEmpty();
        const bool isLost = !begins && request.headers.value("Cookie") != "machine=1";
        return isLost ? std::optional(FakeResponse::empty(404)) : std::nullopt;
    };
    const FakeServer::Handler usual = bed.mcp.http().routeOf(bed.mcp.path());
    bed.mcp.http().route(bed.mcp.path(), [usual](const FakeRequest &request) {
        FakeResponse answer = usual(request);
        answer.headers.add("Set-Cookie", "machine=1");
        return answer;
    });
    const mcp::ProbeReport report = await(bed.list->probe(bed.mcp.url(), {}, {}, {}, {}));
    QCOMPARE(report.verdict, mcp::ProbeReport::Verdict::Open);
    QVERIFY(bed.mcp.methods().contains(u"DELETE"_s));
    QCOMPARE(bed.mcp.sessions(), 0);
}

// Field: 9.11
void TestFieldTalking::showsNobodyTheCookies()
{
    Testbed bed;
    open(&bed.mcp);
    bed.mcp.speaksStateless = false;
    const QByteArray secret = "canary-cookie";
    const FakeServer::Handler usual = bed.mcp.http().routeOf(bed.mcp.path());
    bed.mcp.http().route(bed.mcp.path(), [=](const FakeRequest &request) {
        FakeResponse answer = usual(request);
        answer.headers.add("Set-Cookie", "session=" + secret + "; Path=/");
        return answer;
    });
    Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    QCOMPARE(bed.mcp.http().requests().back().headers.value("Cookie"), "session=" + secret);
    const QString id = arrival.connection->id();
    const auto report = await(arrival.connection->check({}, {}));
    QVERIFY(!QJsonDocument(report.toJson()).toJson().contains(secret));
    // Another connection to the same server has none of it, nor has the next process.
    bed.mcp.http().forgetRequests();
    const std::shared_ptr<connections::Connection> second = bed.added(bed.mcp.url());
    QVERIFY(await(second->listTools({})));
    QVERIFY(!bed.mcp.http().requests().front().headers.contains("Cookie"));
    QVERIFY(!bed.everythingOnDisk().contains(secret));
    arrival.connection.reset();
    bed.restart();
    bed.mcp.http().forgetRequests();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QVERIFY(!bed.mcp.http().requests().front().headers.contains("Cookie"));
}

// Field: 9.12-9.14
void TestFieldTalking::goesOnWithoutAReceipt_data()
{
    QTest::addColumn<FakeResponse>("receipt");
    QTest::newRow("9.12 the server hangs up") << FakeResponse::hangUp();
    QTest::newRow("9.13 it says nothing") << FakeResponse::silence();
    QTest::newRow("9.14 it has trouble") << FakeResponse::empty(500);
}

void TestFieldTalking::goesOnWithoutAReceipt()
{
    QFETCH(FakeResponse, receipt);
    Testbed bed;
    bed.mcp.speaksStateless = false;
    bed.mcp.inFront = [receipt](const FakeRequest &request) {
        const bool isIt = methodOf(request) == "notifications/initialized"_L1;
        return isIt ? std::optional(receipt) : std::nullopt;
    };
    GETS_IN(goTo(&bed, bed.mcp.url()));
}

// Field: 12.1-12.7
void TestFieldTalking::readsAListToItsEnd_data()
{
    QTest::addColumn<bool>("stateless");
    QTest::addColumn<QJsonArray>("cursors");
    QTest::addColumn<int>("pages");
    QTest::addColumn<QString>("note");
    const QJsonValue none(QJsonValue::Null);
    const QString repeats = u"The list may be incomplete: %1 repeats the same page."_s;
    QTest::newRow("12.1 an empty cursor, today") << true << QJsonArray{u""_s, none} << 2 << QString();
    QTest::newRow("12.2 an empty cursor, of old") << false << QJsonArray{u""_s, none} << 1 << QString();
    QTest::newRow("12.3 it stands still") << false << QJsonArray{u"a"_s, u"a"_s, none} << 2 << repeats;
    QTest::newRow("12.4 a number") << true << QJsonArray{1, 2, none} << 3 << QString();
    QTest::newRow("12.5 a circle") << true << QJsonArray{u"a"_s, u"b"_s, u"a"_s, none} << 3 << repeats;
    QTest::newRow("12.6 an empty one that stands still")
        << true << QJsonArray{u""_s, u""_s, none} << 2 << repeats;
    QTest::newRow("12.7 neither text nor number")
        << false << QJsonArray{QJsonObject{{u"page"_s, 2}}, none} << 1
        << u"The list may be incomplete: %1 names the next page in a way that Mooring can't use."_s;
}

void TestFieldTalking::readsAListToItsEnd()
{
    QFETCH(bool, stateless);
    QFETCH(QJsonArray, cursors);
    QFETCH(int, pages);
    QFETCH(QString, note);
    Testbed bed;
    bed.mcp.speaksStateless = stateless;
    int served = 0;
    bed.mcp.listsTools = [&](const QJsonObject &) {
        const QJsonObject tool{{u"name"_s, served == 0 ? u"echo"_s : u"tool-%1"_s.arg(served)}};
        const QJsonValue next = cursors.at(served++);
        return QJsonObject{{u"tools"_s, QJsonArray{tool}}, {u"nextCursor"_s, next}};
    };
    const Arrival arrival = goTo(&bed, bed.mcp.url());
    GETS_IN(arrival);
    QCOMPARE(served, pages);
    QCOMPARE(arrival.tools.size(), pages);
    const QString host = bed.mcp.url().authority();
    QCOMPARE(arrival.connection->toolsNote(), note.isEmpty() ? note : note.arg(host));
}

QTEST_GUILESS_MAIN(TestFieldTalking)
#include "tst_fieldtalking.moc"
