// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/session.h"
#include "support/await.h"
#include "support/fakemcpserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace mooring;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using mcp::Era;
using support::await;
using support::FakeMcpServer;
using support::FakeRequest;
using support::FakeResponse;
using support::FakeServer;

namespace {

/// Sends `token` and does as it is told when the server refuses.
class ScriptedAuthorizer final : public mcp::Authorizer {
public:
    QByteArray token = "old";
    /// What a challenge leads to: a new token, or the end.
    std::optional<QByteArray> renewed;
    std::optional<base::Error> refusal;
    int challenges = 0;
    int accepted = 0;
    QByteArray lastSent;

    Task<Result<http::Request>> authorize(http::Request request, std::stop_token) override
    {
        request.headers.set("Authorization", "Bearer " + token);
        co_return request;
    }
    Task<Result<void>> onChallenge(http::Request sent, http::ResponseHead, QList<oauth::Challenge>,
                                   std::stop_token) override
    {
        ++challenges;
        lastSent = sent.headers.value("Authorization");
        if (refusal) {
            co_return base::failed(*refusal);
        }
        token = renewed.value_or(token);
        co_return Result<void>();
    }
    void onAccepted(const http::Request &, const http::ResponseHead &) override { ++accepted; }
};

base::Deadlines shortDeadlines()
{
    base::Deadlines deadlines;
    deadlines.probe = std::chrono::seconds(5);
    deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    deadlines.mcpRequest = std::chrono::seconds(5);
    deadlines.idle = std::chrono::seconds(5);
    return deadlines;
}

QJsonObject response(const FakeRequest &request, const QJsonObject &result)
{
    return {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.json().value("id"_L1)}, {u"result"_s, result}};
}

QByteArray sseEvent(const QJsonObject &message)
{
    return "data: " + QJsonDocument(message).toJson(QJsonDocument::Compact) + "\n\n";
}

QString methodOf(const FakeRequest &request)
{
    return request.json().value("method"_L1).toString();
}

QJsonObject discovered()
{
    return {{u"supportedVersions"_s, QJsonArray{u"2026-07-28"_s}}, {u"resultType"_s, u"complete"_s}};
}

} // namespace

class TestSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void worksWithBothErasAndKindsOfAnswers_data();
    void worksWithBothErasAndKindsOfAnswers();
    void triesTheKnownEraFirst();
    void detectsAnewWhenTheKnownEraIsWrong();
    void agreesOnceForManyCallers();
    void callerThatStopsDoesNotStopTheOthers();
    void renewsOnceInTheMiddleOfUse();
    void stopsWhenARenewedTokenIsRefused();
    void countsNoNonceAsARefusal();
    void endsWithTheAuthorizersError();
    void asksTheOlderWayWhenAGatewayRefusesTheNewOne();
    void asksForMoreScope();
    void reportsAPlain403();
    void beginsASessionAnewOnce();
    void doesNotBeginForEver();
    void endsItsSession();
    void readsAllPages();
    void refusesAListWithoutEnd();
    void followsEveryCursorAndNoneForEver_data();
    void followsEveryCursorAndNoneForEver();
    void tellsAFailingToolFromAnError();
    void tellsAnUnknownTool();
    void tellsWrongArgumentsFromAnUnknownTool();
    void remembersWhereTheServerMoved();
    void doesNotFollowToAnotherOrigin();
    void neverSendsACallTwice();
    void reportsAStreamThatEndsEarly();
    void answersTheServersOwnRequests();
    void takesAnAnswerAmongOtherEvents();
    void refusesAskingBackAndUnknownResults_data();
    void refusesAskingBackAndUnknownResults();
    void retriesTheVersionOnce();
    void saysWhenThereIsNoServer();
    void reportsAnOutageAsSuch();
    void endsInTime();
    void canBeDroppedWhileACallRuns();
    void sendsNamesThatNeedEncoding();

private:
    std::shared_ptr<mcp::Session> session(const QUrl &url, Era era = Era::Unknown)
    {
        return std::make_shared<mcp::Session>(m_client, m_deadlines, url, *m_authorizer, m_tasks,
                                              mcp::SessionOptions{era, {}});
    }

    http::Client m_client;
    base::TaskScope m_tasks;
    base::Deadlines m_deadlines = shortDeadlines();
    mcp::NoAuthorizer m_nobody;
    mcp::Authorizer *m_authorizer = &m_nobody;

private Q_SLOTS:
    void init()
    {
        m_authorizer = &m_nobody;
        m_deadlines = shortDeadlines();
    }
    void cleanup() { await(m_tasks.drained()); }
};

void TestSession::worksWithBothErasAndKindsOfAnswers_data()
{
    QTest::addColumn<bool>("stateless");
    QTest::addColumn<bool>("sessions");
    QTest::addColumn<bool>("usesIds");
    QTest::addColumn<bool>("streams");
    QTest::addColumn<QStringList>("methods");
    const QStringList today{u"server/discover"_s, u"tools/list"_s, u"tools/call"_s};
    // The first server/discover is what such a server refuses.
    const QStringList yesterday{u"server/discover"_s, u"initialize"_s, u"notifications/initialized"_s,
                                u"tools/list"_s, u"tools/call"_s};
    for (const bool streams : {false, true}) {
        const char *how = streams ? "SSE" : "JSON";
        QTest::addRow("stateless, %s", how) << true << false << true << streams << today;
        QTest::addRow("both, %s", how) << true << true << true << streams << today;
        QTest::addRow("sessions, %s", how) << false << true << true << streams << yesterday;
        QTest::addRow("sessions without ids, %s", how) << false << true << false << streams << yesterday;
    }
}

// Proves: MOD-1, LEG-1
void TestSession::worksWithBothErasAndKindsOfAnswers()
{
    QFETCH(bool, stateless);
    QFETCH(bool, sessions);
    QFETCH(bool, usesIds);
    QFETCH(bool, streams);
    QFETCH(QStringList, methods);
    FakeMcpServer server;
    server.speaksStateless = stateless;
    server.speaksSessions = sessions;
    server.usesSessionIds = usesIds;
    server.answers = streams ? FakeMcpServer::Answers::EventStream : FakeMcpServer::Answers::Json;
    const auto mine = session(server.url());
    const auto info = await(mine->connect({}));
    QVERIFY2(info, info ? "" : qPrintable(info.error().sentence));
    QCOMPARE(info->name, server.serverName);
    QCOMPARE(info->version, u"1.0"_s);
    QCOMPARE(info->era, stateless ? Era::Stateless : Era::Sessions);
    QCOMPARE(info->protocolVersion, stateless ? u"2026-07-28"_s : u"2025-11-25"_s);
    const auto tools = await(mine->listTools({}));
    QVERIFY(tools);
    QCOMPARE(tools->size(), 3);
    QCOMPARE(tools->first().name, u"echo"_s);
    QVERIFY(tools->first().inputSchema.contains("properties"_L1));
    const QString text = u"Grüße – 世界 \"quoted\""_s;
    const auto result = await(mine->callTool(u"echo"_s, {{u"text"_s, text}}, {}, {}));
    QVERIFY(result);
    QVERIFY(!result->isError);
    QCOMPARE(result->text(), text);
    QCOMPARE(server.methods(), methods);
}

// Proves: ERA-1, LEG-1
void TestSession::triesTheKnownEraFirst()
{
    FakeMcpServer server;
    const auto mine = session(server.url(), Era::Sessions);
    QVERIFY(await(mine->connect({})));
    QCOMPARE(server.methods(), (QStringList{u"initialize"_s, u"notifications/initialized"_s}));
}

// Proves: ERA-1
void TestSession::detectsAnewWhenTheKnownEraIsWrong()
{
    FakeMcpServer server;
    server.speaksSessions = false;
    const auto mine = session(server.url(), Era::Sessions);
    const auto info = await(mine->connect({}));
    QVERIFY(info);
    QCOMPARE(info->era, Era::Stateless);
    QCOMPARE(server.methods(), (QStringList{u"initialize"_s, u"server/discover"_s}));
}

void TestSession::agreesOnceForManyCallers()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = session(server.url());
    auto first = mine->listTools({});
    auto second = mine->listTools({});
    auto third = mine->connect({});
    QVERIFY(await(std::move(first)));
    QVERIFY(await(std::move(second)));
    QVERIFY(await(std::move(third)));
    QCOMPARE(server.methods().count(u"initialize"_s), 1);
    QCOMPARE(server.methods().count(u"tools/list"_s), 2);
}

void TestSession::callerThatStopsDoesNotStopTheOthers()
{
    FakeMcpServer server;
    server.http().once(server.path(), FakeResponse::silence());
    const auto mine = session(server.url());
    std::stop_source stop;
    auto first = mine->connect(stop.get_token());
    auto second = mine->connect({});
    QTRY_COMPARE(server.http().count(server.path()), 1);
    stop.request_stop();
    const auto stopped = await(std::move(first));
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    QVERIFY(await(std::move(second)));
}

// Proves: PRB-2, TOK-1, MOD-12
void TestSession::renewsOnceInTheMiddleOfUse()
{
    FakeMcpServer server;
    QByteArray good = "old";
    server.admits = [&good](const QByteArray &token) { return token == good; };
    ScriptedAuthorizer authorizer;
    m_authorizer = &authorizer;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    QCOMPARE(authorizer.accepted, 1);
    good = "new";
    authorizer.renewed = "new";
    server.http().forgetRequests();
    const auto result = await(mine->callTool(u"whoami"_s, {}, {}, {}));
    QVERIFY(result);
    QCOMPARE(result->text(), u"new"_s);
    QCOMPARE(authorizer.challenges, 1);
    QCOMPARE(authorizer.lastSent, "Bearer old"_ba);
    const auto sent = server.http().requestsTo(server.path());
    QCOMPARE(sent.size(), 2);
    QVERIFY(sent[0].json().value("id"_L1) != sent[1].json().value("id"_L1));
    QCOMPARE(sent[0].json().value("params"_L1), sent[1].json().value("params"_L1));
}

// Proves: STEP-4
void TestSession::stopsWhenARenewedTokenIsRefused()
{
    FakeMcpServer server;
    QByteArray good = "old";
    server.admits = [&good](const QByteArray &token) { return token == good; };
    ScriptedAuthorizer authorizer;
    authorizer.renewed = "new";
    m_authorizer = &authorizer;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    good = "something else";
    server.http().forgetRequests();
    const auto result = await(mine->callTool(u"whoami"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(authorizer.challenges, 2);
    QCOMPARE(server.http().count(server.path()), 2);
}

void TestSession::countsNoNonceAsARefusal()
{
    FakeMcpServer server;
    ScriptedAuthorizer authorizer;
    authorizer.renewed = "new";
    m_authorizer = &authorizer;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    FakeResponse nonce = FakeResponse::empty(401);
    nonce.headers.add("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
    FakeResponse expired = FakeResponse::empty(401);
    expired.headers.add("WWW-Authenticate", "DPoP error=\"invalid_token\"");
    server.http().once(server.path(), nonce);
    server.http().once(server.path(), expired);
    QVERIFY(await(mine->callTool(u"whoami"_s, {}, {}, {})));
    QCOMPARE(authorizer.challenges, 2);
    // But nonces without end lead nowhere.
    for (int i = 0; i < 10; ++i) {
        server.http().once(server.path(), nonce);
    }
    QVERIFY(!await(mine->callTool(u"whoami"_s, {}, {}, {})));
    QCOMPARE(authorizer.challenges, 5);
}

void TestSession::endsWithTheAuthorizersError()
{
    FakeMcpServer server;
    server.admits = [](const QByteArray &) { return false; };
    ScriptedAuthorizer authorizer;
    authorizer.refusal = base::makeError(ErrorKind::Network, u"The service can't be reached."_s);
    m_authorizer = &authorizer;
    const auto result = await(session(server.url())->listTools({}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Network);
    QCOMPARE(result.error().sentence, u"The service can't be reached."_s);
    // The newest way, the older one to tell whether it is the token, and the newest again.
    QCOMPARE(server.refusals(), 3);
}

// Proves: ERA-3
void TestSession::asksTheOlderWayWhenAGatewayRefusesTheNewOne()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    int refused = 0;
    // The gateway lets the methods pass that it knows.
    server.admits = [&](const QByteArray &) {
        const bool unknown = methodOf(server.http().requests().back()) == "server/discover"_L1;
        refused += unknown ? 1 : 0;
        return !unknown;
    };
    ScriptedAuthorizer authorizer;
    m_authorizer = &authorizer;
    const auto info = await(session(server.url())->connect({}));
    QVERIFY2(info, info ? "" : qPrintable(info.error().sentence));
    QCOMPARE(info->era, Era::Sessions);
    // Nothing was renewed for that.
    QCOMPARE(refused, 1);
    QCOMPARE(authorizer.challenges, 0);

    // And when the token is really dead, that is the end of it.
    server.admits = [](const QByteArray &) { return false; };
    authorizer.challenges = 0;
    server.http().forgetRequests();
    const auto dead = await(session(server.url())->connect({}));
    QVERIFY(!dead);
    QCOMPARE(dead.error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(server.http().count(server.path()), 4);
    QCOMPARE(authorizer.challenges, 2);
}

// Proves: STEP-1, STEP-2
void TestSession::asksForMoreScope()
{
    FakeMcpServer server;
    ScriptedAuthorizer authorizer;
    authorizer.renewed = "wider";
    m_authorizer = &authorizer;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    FakeResponse refusal = FakeResponse::empty(403);
    refusal.headers.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"admin\"");
    server.http().once(server.path(), refusal);
    const auto result = await(mine->callTool(u"whoami"_s, {}, {}, {}));
    QVERIFY(result);
    QCOMPARE(result->text(), u"wider"_s);
    QCOMPARE(authorizer.challenges, 1);
}

void TestSession::reportsAPlain403()
{
    FakeMcpServer server;
    ScriptedAuthorizer authorizer;
    m_authorizer = &authorizer;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().once(server.path(), FakeResponse::empty(403));
    const auto result = await(mine->callTool(u"whoami"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::HttpStatus);
    QCOMPARE(result.error().httpStatus, 403);
    QVERIFY2(result.error().sentence.contains("refuses this request"_L1),
             qPrintable(result.error().sentence));
    QCOMPARE(authorizer.challenges, 0);
}

// Proves: LEG-3
void TestSession::beginsASessionAnewOnce()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = session(server.url());
    QVERIFY(await(mine->listTools({})));
    server.endSessions();
    const auto result = await(mine->callTool(u"echo"_s, {{u"text"_s, u"again"_s}}, {}, {}));
    QVERIFY(result);
    QCOMPARE(result->text(), u"again"_s);
    QCOMPARE(server.methods().count(u"initialize"_s), 2);
    QCOMPARE(server.methods().count(u"tools/call"_s), 2);
}

// Proves: LEG-3
void TestSession::doesNotBeginForEver()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = session(server.url(), Era::Sessions);
    QVERIFY(await(mine->connect({})));
    // A server that forgets each session at once.
    server.admits = [&server](const QByteArray &) {
        if (methodOf(server.http().requests().back()) == "tools/list"_L1) {
            server.endSessions();
        }
        return true;
    };
    const auto result = await(mine->listTools({}));
    QVERIFY(!result);
    QCOMPARE(server.methods().count(u"tools/list"_s), 2);
    QCOMPARE(server.methods().count(u"initialize"_s), 2);
}

// Proves: LEG-6
void TestSession::endsItsSession()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    QCOMPARE(server.sessions(), 1);
    await(mine->close());
    QCOMPARE(server.sessions(), 0);
    server.http().forgetRequests();
    await(mine->close());
    QVERIFY(server.http().requests().empty());
}

void TestSession::readsAllPages()
{
    FakeServer http;
    QStringList cursors;
    http.route("/mcp", [&](const FakeRequest &request) {
        if (methodOf(request) == "server/discover"_L1) {
            return FakeResponse::json(response(request, discovered()));
        }
        const QString cursor = request.json().value("params"_L1)["cursor"_L1].toString();
        cursors.append(cursor);
        const int page = cursor.toInt();
        QJsonObject result{
            {u"tools"_s, QJsonArray{QJsonObject{{u"name"_s, u"tool-%1"_s.arg(page)},
                                                {u"annotations"_s, QJsonObject{{u"title"_s, u"T"_s}}}},
                                    QJsonObject{{u"description"_s, u"has no name"_s}}, u"nonsense"_s}}};
        if (page < 3) {
            result.insert(u"nextCursor"_s, QString::number(page + 1));
        }
        return FakeResponse::json(response(request, result));
    });
    const auto tools = await(session(http.url(u"/mcp"_s))->listTools({}));
    QVERIFY(tools);
    QStringList names;
    for (const mcp::Tool &tool : *tools) {
        names.append(tool.name);
        QCOMPARE(tool.title, u"T"_s);
    }
    QCOMPARE(names, (QStringList{u"tool-0"_s, u"tool-1"_s, u"tool-2"_s, u"tool-3"_s}));
    QCOMPARE(cursors, (QStringList{QString(), u"1"_s, u"2"_s, u"3"_s}));
}

void TestSession::refusesAListWithoutEnd()
{
    FakeServer http;
    int served = 0;
    QJsonArray tools;
    for (int i = 0; i < 4000; ++i) {
        tools.append(QJsonObject{{u"name"_s, u"t"_s}});
    }
    http.route("/mcp", [&](const FakeRequest &request) {
        if (methodOf(request) == "server/discover"_L1) {
            return FakeResponse::json(response(request, discovered()));
        }
        const QString next = QString::number(++served);
        return FakeResponse::json(response(request, {{u"tools"_s, tools}, {u"nextCursor"_s, next}}));
    });
    const auto list = await(session(http.url(u"/mcp"_s))->listTools({}));
    QVERIFY(!list);
    QCOMPARE(list.error().kind, ErrorKind::Protocol);
    QCOMPARE(served, 3);
}

void TestSession::followsEveryCursorAndNoneForEver_data()
{
    QTest::addColumn<bool>("stateless");
    QTest::addColumn<QJsonArray>("cursors");
    QTest::addColumn<QJsonArray>("asked");
    QTest::addColumn<QString>("note");
    const auto row = [](const char *name, bool stateless, const QJsonArray &cursors, const QJsonArray &asked,
                        const QString &note = {}) {
        QTest::newRow(name) << stateless << cursors << asked << note;
    };
    const QJsonValue none(QJsonValue::Null);
    const QString repeats = u"repeats the same page"_s;
    row("an empty one, today", true, {u""_s, none}, {u""_s});
    row("an empty one, of old", false, {u""_s, none}, {});
    row("null", true, {none}, {});
    row("a number", true, {7, none}, {7});
    row("a number, of old", false, {0, u"b"_s, none}, {0, u"b"_s});
    row("it stands still", true, {u"a"_s, u"a"_s, none}, {u"a"_s}, repeats);
    row("it stands still at nothing", true, {u""_s, u""_s, none}, {u""_s}, repeats);
    row("it comes back", false, {u"a"_s, u"b"_s, u"a"_s, none}, {u"a"_s, u"b"_s}, repeats);
    row("an object", true, {QJsonObject{{u"page"_s, 2}}, none}, {}, u"names the next page"_s);
    row("yes", false, {true, none}, {}, u"names the next page"_s);
}

void TestSession::followsEveryCursorAndNoneForEver()
{
    QFETCH(bool, stateless);
    QFETCH(QJsonArray, cursors);
    QFETCH(QJsonArray, asked);
    QFETCH(QString, note);
    FakeMcpServer server;
    server.speaksStateless = stateless;
    server.listsTools = [&cursors](const QJsonObject &) {
        const QJsonValue next = cursors.takeAt(0);
        const QJsonObject tool{{u"name"_s, u"tool-%1"_s.arg(cursors.size())}};
        return QJsonObject{{u"tools"_s, QJsonArray{tool}}, {u"nextCursor"_s, next}};
    };
    const auto mine = session(server.url());
    const auto tools = await(mine->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QJsonArray sent;
    for (const FakeRequest &request : server.http().requestsTo(server.path())) {
        const QJsonObject params = request.json().value("params"_L1).toObject();
        if (methodOf(request) == "tools/list"_L1 && params.contains("cursor"_L1)) {
            sent.append(params.value("cursor"_L1));
        }
    }
    QCOMPARE(sent, asked);
    QCOMPARE(tools->size(), asked.size() + 1);
    QCOMPARE(mine->listNote().isEmpty(), note.isEmpty());
    QVERIFY2(mine->listNote().contains(note), qPrintable(mine->listNote()));
}

void TestSession::tellsAFailingToolFromAnError()
{
    FakeMcpServer server;
    const auto result = await(session(server.url())->callTool(u"fail"_s, {}, {}, {}));
    QVERIFY(result);
    QVERIFY(result->isError);
    QCOMPARE(result->text(), u"It failed"_s);
}

void TestSession::tellsAnUnknownTool()
{
    for (const bool stateless : {true, false}) {
        FakeMcpServer server;
        server.speaksStateless = stateless;
        const auto result = await(session(server.url())->callTool(u"nonsense"_s, {}, {}, {}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::NotFound);
        QVERIFY(result.error().sentence.contains("nonsense"_L1));
    }
}

void TestSession::tellsWrongArgumentsFromAnUnknownTool()
{
    FakeMcpServer server;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().once(
        server.path(),
        FakeResponse::json(
            QJsonDocument::fromJson(
                R"({"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"text is missing"}})")
                .object(),
            400));
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
    QVERIFY2(result.error().sentence.contains("text is missing"_L1), qPrintable(result.error().sentence));
}

void TestSession::remembersWhereTheServerMoved()
{
    for (const int status : {307, 308}) {
        FakeMcpServer server(u"/new"_s);
        server.http().route("/old", FakeResponse::redirect("/new", status));
        const auto mine = session(server.http().url(u"/old"_s));
        QCOMPARE(mine->url(), server.http().url(u"/old"_s));
        QVERIFY(await(mine->listTools({})));
        QCOMPARE(mine->url(), server.url());
        QCOMPARE(server.http().count("/old"), 1);
        QCOMPARE(server.methods(), (QStringList{u"server/discover"_s, u"tools/list"_s}));
    }
}

// Proves: VT-06
void TestSession::doesNotFollowToAnotherOrigin()
{
    FakeMcpServer other;
    FakeServer http;
    http.route("/mcp", FakeResponse::redirect(other.url().toEncoded(), 308));
    ScriptedAuthorizer authorizer;
    m_authorizer = &authorizer;
    const auto mine = session(http.url(u"/mcp"_s));
    const auto result = await(mine->connect({}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::RefusedByPolicy);
    QVERIFY(other.http().requests().empty());
    QCOMPARE(mine->url(), http.url(u"/mcp"_s));
}

// Proves: MOD-12
void TestSession::neverSendsACallTwice()
{
    for (const qsizetype cutAfter : {0, 30, 200}) {
        FakeMcpServer server;
        const auto mine = session(server.url());
        QVERIFY(await(mine->connect({})));
        server.http().forgetRequests();
        FakeResponse cut = FakeResponse::json({{u"text"_s, QString(400, u'x')}});
        cut.cutAfter = cutAfter;
        server.http().once(server.path(), cutAfter == 0 ? FakeResponse::hangUp() : cut);
        const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Network);
        QCOMPARE(server.http().count(server.path()), 1);
    }
}

void TestSession::reportsAStreamThatEndsEarly()
{
    FakeMcpServer server;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().forgetRequests();
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.pieces.push_back({.bytes = "id: 1\ndata:\n\n: still here\n\n"});
    server.http().once(server.path(), stream);
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Network);
    QCOMPARE(server.http().count(server.path()), 1);
}

// Proves: LEG-8, LEG-2
void TestSession::answersTheServersOwnRequests()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().forgetRequests();
    QList<QJsonObject> replies;
    QList<QByteArray> sessionIds;
    server.http().route(server.path(), [&](const FakeRequest &request) {
        if (!methodOf(request).isEmpty()) {
            FakeResponse stream;
            stream.headers.add("Content-Type", "text/event-stream");
            const auto ask = [](const QString &id, const QString &method) {
                return sseEvent({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}});
            };
            stream.pieces.push_back({.bytes = ask(u"p"_s, u"ping"_s)});
            stream.pieces.push_back({.bytes = ask(u"r"_s, u"roots/list"_s)});
            stream.pieces.push_back({.bytes = sseEvent(response(request, {{u"content"_s, QJsonArray()}}))});
            return stream;
        }
        replies.append(request.json());
        sessionIds.append(request.headers.value("Mcp-Session-Id"));
        return FakeResponse::empty(202);
    });
    QVERIFY(await(mine->callTool(u"echo"_s, {}, {}, {})));
    QTRY_COMPARE(replies.size(), 2);
    std::sort(replies.begin(), replies.end(), [](const QJsonObject &one, const QJsonObject &other) {
        return one.value("id"_L1).toString() < other.value("id"_L1).toString();
    });
    QCOMPARE(replies[0].value("id"_L1).toString(), u"p"_s);
    QCOMPARE(replies[0].value("result"_L1), QJsonValue(QJsonObject()));
    QCOMPARE(replies[1].value("id"_L1).toString(), u"r"_s);
    QCOMPARE(replies[1].value("error"_L1)["code"_L1].toInt(), -32601);
    QCOMPARE(sessionIds, (QList<QByteArray>{"session-1", "session-1"}));
}

// Proves: MOD-14
void TestSession::takesAnAnswerAmongOtherEvents()
{
    FakeMcpServer server;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().forgetRequests();
    server.http().route(server.path(), [&](const FakeRequest &request) {
        FakeResponse stream;
        stream.headers.add("Content-Type", "text/event-stream; charset=utf-8");
        QJsonObject other = response(request, {{u"content"_s, u"of somebody else"_s}});
        other.insert(u"id"_s, 999999);
        stream.body = "event: other\ndata: no JSON\n\n" + sseEvent(other)
                      + sseEvent({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, u"x"_s}, {u"method"_s, u"ping"_s}})
                      + sseEvent({{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"notifications/progress"_s}});
        stream.pieces.push_back({.bytes = sseEvent(response(request, {{u"mine"_s, true}}))});
        stream.staysOpen = true;
        return stream;
    });
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY2(result, result ? "" : qPrintable(result.error().detail));
    QVERIFY(result->result.value("mine"_L1).toBool());
    // A server of today must not be sent responses, whatever it asks.
    await(m_tasks.drained());
    QCOMPARE(server.http().count(server.path()), 1);
}

void TestSession::refusesAskingBackAndUnknownResults_data()
{
    QTest::addColumn<QString>("type");
    QTest::newRow("asks back") << u"input_required"_s;
    QTest::newRow("unknown") << u"something_new"_s;
}

// Proves: MOD-11
void TestSession::refusesAskingBackAndUnknownResults()
{
    QFETCH(QString, type);
    FakeMcpServer server;
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().route(server.path(), [&](const FakeRequest &request) {
        return FakeResponse::json(response(request, {{u"resultType"_s, type}}));
    });
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
    QVERIFY(result.error().detail.contains(type));
}

// Proves: MOD-10
void TestSession::retriesTheVersionOnce()
{
    FakeServer http;
    int asked = 0;
    bool gives = true;
    http.route("/mcp", [&](const FakeRequest &request) {
        if (++asked == 1 || !gives) {
            const QJsonObject data{{u"supported"_s, QJsonArray{u"2026-07-28"_s}}};
            const QJsonObject error{{u"code"_s, -32022}, {u"message"_s, u"no"_s}, {u"data"_s, data}};
            const QJsonValue id = request.json().value("id"_L1);
            return FakeResponse::json({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"error"_s, error}}, 400);
        }
        return FakeResponse::json(response(request, discovered()));
    });
    QVERIFY(await(session(http.url(u"/mcp"_s))->connect({})));
    QCOMPARE(asked, 2);
    gives = false;
    asked = 0;
    const auto result = await(session(http.url(u"/mcp"_s))->connect({}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
    QCOMPARE(asked, 2);
}

void TestSession::saysWhenThereIsNoServer()
{
    FakeServer http;
    const auto nothing = await(session(http.url(u"/mcp"_s))->connect({}));
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().kind, ErrorKind::Protocol);
    QCOMPARE(nothing.error().httpStatus, 404);
    QCOMPARE(http.requests().size(), 3);
    QCOMPARE(http.requests().back().method, "GET"_ba);
    http.forgetRequests();
    http.route("/mcp", FakeResponse::html("<!doctype html><title>Hello</title>"));
    const auto page = await(session(http.url(u"/mcp"_s))->connect({}));
    QVERIFY(!page);
    QCOMPARE(page.error().kind, ErrorKind::Protocol);
    QVERIFY(page.error().sentence.contains("web page"_L1));
    QCOMPARE(http.requests().size(), 1);
}

// Proves: ERA-2
void TestSession::reportsAnOutageAsSuch()
{
    for (const int status : {429, 500, 503}) {
        FakeServer http;
        http.route("/mcp", FakeResponse::empty(status));
        const auto result = await(session(http.url(u"/mcp"_s), Era::Sessions)->listTools({}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::HttpStatus);
        QCOMPARE(result.error().httpStatus, status);
        QVERIFY(result.error().isTransient());
        QCOMPARE(http.requests().size(), 1);
    }
}

void TestSession::endsInTime()
{
    FakeMcpServer server;
    m_deadlines.mcpRequest = std::chrono::milliseconds(200);
    const auto mine = session(server.url());
    QVERIFY(await(mine->connect({})));
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    for (int i = 0; i < 1000; ++i) {
        stream.pieces.push_back({std::chrono::milliseconds(20), ": still here\n\n"});
    }
    server.http().once(server.path(), stream);
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}), std::chrono::seconds(10));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Timeout);
}

void TestSession::canBeDroppedWhileACallRuns()
{
    FakeMcpServer server;
    auto mine = session(server.url());
    auto call = mine->callTool(u"echo"_s, {{u"text"_s, u"still there"_s}}, {}, {});
    mine.reset();
    const auto result = await(std::move(call));
    QVERIFY(result);
    QCOMPARE(result->text(), u"still there"_s);
}

// Proves: MOD-3, MOD-4
void TestSession::sendsNamesThatNeedEncoding()
{
    FakeMcpServer server;
    const auto mine = session(server.url());
    QVERIFY(!await(mine->callTool(u" wetter\nfür"_s, {}, {}, {})));
    const auto sent = server.http().requestsTo(server.path());
    QVERIFY(sent.size() >= 2);
    QCOMPARE(sent[1].headers.value("Mcp-Method"), "tools/call"_ba);
    QCOMPARE(sent[1].headers.value("Mcp-Name"), "=?base64?IHdldHRlcgpmw7xy?="_ba);
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
