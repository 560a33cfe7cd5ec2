// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation with raw messages: what a bridge asks of it.
#include "mcp/link.h"

#include "sessionbed.h"

using namespace mooring;
using namespace mooring::sessionbed;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using mcp::Call;
using mcp::Era;
using mcp::Link;
using mcp::Message;
using support::await;
using support::FakeMcpServer;

namespace {

/// What no value in memory keeps: a number that no double holds, escapes that nobody needs, spaces, an order.
const QByteArray oddResult = R"({"z":12345678901234567890.10 ,"a":"\u0041\/", "list":[ 1.0,{} ]})";
const QByteArray oddMembers = R"("z":12345678901234567890.10 ,"a":"\u0041\/")";

QByteArray idOf(const FakeRequest &request)
{
    return QByteArray::number(request.json().value("id"_L1).toInteger());
}

QByteArray asResult(const FakeRequest &request, const QByteArray &result)
{
    return R"({"jsonrpc":"2.0","id":)" + idOf(request) + R"(,"result":)" + result + '}';
}

FakeResponse jsonAnswer(const QByteArray &text, int status = 200)
{
    FakeResponse answer;
    answer.status = status;
    answer.headers.add("Content-Type", "application/json");
    answer.body = text;
    return answer;
}

QByteArray sseEvent(const QByteArray &text, const QByteArray &id = {})
{
    return (id.isEmpty() ? QByteArray() : "id: " + id + '\n') + "data: " + text + "\n\n";
}

QByteArray notification(const QByteArray &method, const QByteArray &params = "{}")
{
    return R"({"jsonrpc":"2.0","method":")" + method + R"(","params":)" + params + '}';
}

QByteArray request(const QByteArray &id, const QByteArray &method, const QByteArray &params = "{}")
{
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" + params + '}';
}

QList<FakeRequest> gets(FakeMcpServer &server)
{
    QList<FakeRequest> found;
    for (const FakeRequest &request : server.http().requests()) {
        if (request.method == "GET") {
            found.append(request);
        }
    }
    return found;
}

void setEra(FakeMcpServer *server, Era era)
{
    server->speaksStateless = era == Era::Stateless;
    server->speaksSessions = era == Era::Sessions;
    server->speaksHttpSse = era == Era::HttpSse;
}

/// Answers `prefix`, then what came, as the result of a request.
Task<QByteArray> replyWith(QByteArray prefix, Message asked)
{
    const QByteArray result =
        R"({"by":")" + prefix + R"(","asked":)" + asked.paramsText().toByteArray() + '}';
    co_return mcp::resultText(asked.id(), result);
}

mcp::RequestHandler handler(const QByteArray &name)
{
    return [name](Message asked, std::stop_token) { return replyWith(name, std::move(asked)); };
}

Task<Result<Link::Response>> ask(std::shared_ptr<Link> link, QString method, QByteArray params,
                                 std::stop_token stop)
{
    Call call;
    call.method = method;
    call.params = params;
    Result<Link::Response> response = co_await link->request(call, stop);
    co_return response;
}

} // namespace

class TestLink : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { await(m_bed.tasks.drained()); }
    void passesAnyMethod_data();
    void passesAnyMethod();
    void givesErrorsBackAsTheyCame();
    void leavesAClientsOwnWordsAlone();
    void saysWhoTheClientIs();
    void refusesWhatIsNotStrictJson();
    void hidesATokenThatAnErrorRepeats();
    void tellsWhatTheServerIs_data();
    void tellsWhatTheServerIs();
    void passesNotificationsAtOnce_data();
    void passesNotificationsAtOnce();
    void answersRequestsOfTheServer_data();
    void answersRequestsOfTheServer();
    void answersNothingToServersOfToday();
    void holdsTheServerBack_data();
    void holdsTheServerBack();
    void sendsNotifications_data();
    void sendsNotifications();
    void cancels_data();
    void cancels();
    void runsRequestsAtTheSameTime_data();
    void runsRequestsAtTheSameTime();
    void resumesAnAnswerWithoutADeadline();
    void listens();
    void asksForItsStreamAgainAfterTrouble();
    void resumesItsOwnStream();
    void holdsASubscription();
    void beginsAnewForAllThatWait();
    void keepsASessionBesideAnother();
    void reportsWhatIsNoResponse_data();
    void reportsWhatIsNoResponse();
    void endsWithItsSessions();
    void canBeDroppedWhileARequestRuns();

private:
    std::shared_ptr<Link> link(const FakeMcpServer &server, Era era = Era::Unknown)
    {
        mcp::LinkOptions options;
        options.era = era;
        options.onNotification = [this](const Message &message) { m_heard.append(message.text()); };
        options.onBegun = [this](const mcp::ServerInfo &info) { m_begun.append(info.protocolVersion); };
        options.onRequest = handler("link");
        return Link::make(m_bed.client, m_bed.deadlines, server.url(), m_bed.nobody, m_bed.tasks, options);
    }

    Bed m_bed;
    QByteArrayList m_heard;
    QStringList m_begun;
};

namespace {

void addEras()
{
    QTest::addColumn<Era>("era");
    QTest::newRow("2026-07-28") << Era::Stateless;
    QTest::newRow("2025-11-25") << Era::Sessions;
    QTest::newRow("2024-11-05") << Era::HttpSse;
}

} // namespace

void TestLink::init()
{
    m_heard.clear();
    m_begun.clear();
}

void TestLink::passesAnyMethod_data()
{
    addEras();
}

void TestLink::passesAnyMethod()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    QVERIFY(await(mine->open({}, {})));
    const QByteArray path = era == Era::HttpSse ? server.endpointPath() : server.path();
    const support::FakeServer::Handler usual = server.http().routeOf(path);
    server.http().route(path, [&server, usual, era](const FakeRequest &request) {
        if (methodOf(request) != "vendor/odd thing"_L1) {
            return usual(request);
        }
        const QByteArray answer = asResult(request, oddResult);
        if (era == Era::HttpSse) {
            server.write(sseEvent(answer));
            return FakeResponse::empty(202);
        }
        return jsonAnswer(answer);
    });
    const auto response = await(ask(mine, u"vendor/odd thing"_s, '{' + oddMembers + '}', {}));
    QVERIFY2(response, response ? "" : qPrintable(response.error().sentence));
    QCOMPARE(response->message.resultText().toByteArray(), oddResult);
    QCOMPARE(response->era, era);
    const QByteArray sent = calls(server.http(), u"vendor/odd thing"_s).first().body;
    QVERIFY2(sent.contains('{' + oddMembers), sent);
    // Towards the server the ids are the link's own; whoever asked has one of another kind.
    QCOMPARE(response->message.textWithId(R"("host-1")"),
             R"({"jsonrpc":"2.0","id":"host-1","result":)" + oddResult + '}');
}

void TestLink::givesErrorsBackAsTheyCame()
{
    FakeMcpServer server;
    const auto mine = link(server);
    QVERIFY(await(mine->open({}, {})));
    const QByteArray error = R"({"message":"no","code":-32002,"data":{"uri":"x","n":1.0}})";
    server.inFront = [&error](const FakeRequest &request) {
        return std::optional(
            jsonAnswer(R"({"jsonrpc":"2.0","id":)" + idOf(request) + R"(,"error":)" + error + '}', 404));
    };
    const auto response = await(ask(mine, u"resources/read"_s, R"({"uri":"file:///ä"})", {}));
    QVERIFY(response);
    QCOMPARE(response->message.kind(), Message::Kind::Error);
    QCOMPARE(response->message.error().code, -32002);
    QCOMPARE(response->httpStatus, 404);
    QCOMPARE(response->message.textWithId("9"), R"({"jsonrpc":"2.0","id":9,"error":)" + error + '}');
    const FakeRequest sent = calls(server.http(), u"resources/read"_s).first();
    QCOMPARE(sent.headers.value("Mcp-Name"), mcp::headerValue(u"file:///ä"_s));
}

void TestLink::leavesAClientsOwnWordsAlone()
{
    FakeMcpServer server;
    const auto mine = link(server);
    const QByteArray meta = R"({"progressToken":"p1","io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                            R"("io.modelcontextprotocol/clientCapabilities":{"sampling":{}},)"
                            R"("io.modelcontextprotocol/clientInfo":{"version":"1","name":"Host"}})";
    const QByteArray params = R"({"_meta":)" + meta + R"(, "name":"echo","arguments":{"text":"\u0041"}})";
    QVERIFY(await(ask(mine, u"tools/call"_s, params, {})));
    QVERIFY(calls(server.http(), u"tools/call"_s).first().body.contains(R"("params":)" + params));
    QCOMPARE(calls(server.http(), u"tools/call"_s).first().headers.value("Mcp-Name"), "echo"_ba);
    // What is missing is put in, and the version is the one that was agreed.
    const QByteArray half =
        R"({"_meta":{"progressToken":7,"io.modelcontextprotocol/protocolVersion":"2031-01-01"},"cursor":"c"})";
    QVERIFY(await(ask(mine, u"tools/list"_s, half, {})));
    const FakeRequest sent = calls(server.http(), u"tools/list"_s).first();
    const QJsonObject seen = sent.json().value("params"_L1)["_meta"_L1].toObject();
    QCOMPARE(seen.value("progressToken"_L1).toInt(), 7);
    QCOMPARE(seen.value("io.modelcontextprotocol/protocolVersion"_L1).toString(), u"2026-07-28"_s);
    QCOMPARE(seen.value("io.modelcontextprotocol/clientInfo"_L1)["name"_L1].toString(), u"Mooring"_s);
    QVERIFY(seen.contains("io.modelcontextprotocol/clientCapabilities"_L1));
    QCOMPARE(sent.json().value("params"_L1)["cursor"_L1].toString(), u"c"_s);
}

void TestLink::saysWhoTheClientIs()
{
    for (const Era era : {Era::Stateless, Era::Sessions}) {
        FakeMcpServer server;
        setEra(&server, era);
        mcp::LinkOptions options;
        options.era = era;
        options.clientInfo = {{u"name"_s, u"Host"_s}, {u"version"_s, u"9"_s}};
        const auto mine =
            Link::make(m_bed.client, m_bed.deadlines, server.url(), m_bed.nobody, m_bed.tasks, options);
        Call call;
        call.method = u"tools/list"_s;
        call.capabilities = {{u"roots"_s, QJsonObject{{u"listChanged"_s, true}}}};
        QVERIFY(await(mine->request(call, {})));
        const QString method = era == Era::Sessions ? u"initialize"_s : u"tools/list"_s;
        const QJsonObject params = calls(server.http(), method).first().json().value("params"_L1).toObject();
        const QJsonObject meta = params.value("_meta"_L1).toObject();
        const QJsonValue client = era == Era::Sessions ? params.value("clientInfo"_L1)
                                                       : meta.value("io.modelcontextprotocol/clientInfo"_L1);
        const QJsonValue told = era == Era::Sessions
                                    ? params.value("capabilities"_L1)
                                    : meta.value("io.modelcontextprotocol/clientCapabilities"_L1);
        QCOMPARE(client, QJsonValue(options.clientInfo));
        QCOMPARE(told, QJsonValue(call.capabilities));
    }
}

void TestLink::refusesWhatIsNotStrictJson()
{
    FakeMcpServer server;
    const auto mine = link(server);
    QVERIFY(await(mine->open({}, {})));
    for (const QByteArray &result : {R"({"a":1,"a":2})"_ba, R"({"a":[{"b":1,"\u0062":2}]})"_ba,
                                     R"({"a":01})"_ba, "{\"a\":\"\xff\"}"_ba, R"({"a":1}} )"_ba}) {
        server.inFront = [&result](const FakeRequest &request) {
            return std::optional(jsonAnswer(asResult(request, result)));
        };
        const auto response = await(ask(mine, u"x"_s, {}, {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Protocol);
    }
}

namespace {

class SecretAuthorizer final : public mcp::Authorizer {
public:
    Task<Result<http::Request>> authorize(http::Request request, std::stop_token) override
    {
        request.headers.set("Authorization", "Bearer s3cr3t-t0k3n");
        co_return request;
    }
    Task<Result<void>> onChallenge(http::Request, http::ResponseHead, QList<oauth::Challenge>,
                                   std::stop_token) override
    {
        co_return base::failed(base::makeError(ErrorKind::SignInNeeded, u"no"_s));
    }
};

} // namespace

void TestLink::hidesATokenThatAnErrorRepeats()
{
    SecretAuthorizer authorizer;
    FakeMcpServer server;
    const auto mine = Link::make(m_bed.client, m_bed.deadlines, server.url(), authorizer, m_bed.tasks);
    QVERIFY(await(mine->open({}, {})));
    server.inFront = [](const FakeRequest &request) {
        return std::optional(jsonAnswer(R"({"jsonrpc":"2.0","id":)" + idOf(request)
                                        + R"(,"error":{"code":-32603,"message":"s3cr3t-t0k3n?"}})"));
    };
    const auto response = await(ask(mine, u"tools/call"_s, R"({"name":"x"})", {}));
    QVERIFY(response);
    QVERIFY2(!response->message.text().contains("s3cr3t"), response->message.text());
    QCOMPARE(response->message.error().code, -32603);
}

void TestLink::tellsWhatTheServerIs_data()
{
    addEras();
}

void TestLink::tellsWhatTheServerIs()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    const auto info = await(mine->open({}, {}));
    QVERIFY(info);
    QCOMPARE(mine->protocol().era, era);
    QCOMPARE(mine->protocol().version, info->protocolVersion);
    QCOMPARE(m_begun, QStringList{info->protocolVersion});
    const QJsonObject result = QJsonDocument::fromJson(mine->serverResult()).object();
    QVERIFY(result.contains("supportedVersions"_L1) || result.contains("protocolVersion"_L1));
    // Once is enough.
    QVERIFY(await(mine->open({}, {})));
    QCOMPARE(m_begun.size(), 1);
}

void TestLink::passesNotificationsAtOnce_data()
{
    addEras();
}

void TestLink::passesNotificationsAtOnce()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    QVERIFY(await(mine->open({}, {})));
    Writer write;
    if (era == Era::HttpSse) {
        server.http().once(server.endpointPath(), FakeResponse::empty(202));
        write = [&server](const QByteArray &bytes) { server.write(bytes); };
    } else {
        server.http().once(server.path(), openStream(&write));
    }
    auto asking = ask(mine, u"tools/call"_s, R"({"name":"echo","_meta":{"progressToken":"p"}})", {});
    QTRY_VERIFY(write && calls(server.http(), u"tools/call"_s).size() == 1);
    QByteArrayList said;
    for (const char *n : {"1", "2", "3"}) {
        said.append(notification("notifications/progress",
                                 R"({"progressToken":"p","progress":)" + QByteArray(n) + ".0}"));
    }
    said.append(notification("notifications/message", R"({"level":"info","data":"\u0041"})"));
    said.append(notification("notifications/tools/list_changed"));
    said.append(notification("vendor/news", oddResult));
    for (const QByteArray &one : std::as_const(said)) {
        write(sseEvent(one));
    }
    // Before there is any response.
    QTRY_COMPARE(m_heard, said);
    const FakeRequest sent = calls(server.http(), u"tools/call"_s).first();
    QCOMPARE(sent.json().value("params"_L1)["_meta"_L1]["progressToken"_L1].toString(), u"p"_s);
    write(sseEvent(notification("notifications/progress", R"({"progressToken":"p","progress":4})"))
          + sseEvent(asResult(sent, oddResult)));
    const auto response = await(std::move(asking));
    QVERIFY(response);
    QCOMPARE(m_heard.size(), said.size() + 1);
    QCOMPARE(response->message.resultText().toByteArray(), oddResult);
}

void TestLink::answersRequestsOfTheServer_data()
{
    QTest::addColumn<Era>("era");
    QTest::newRow("2025-11-25") << Era::Sessions;
    QTest::newRow("2024-11-05") << Era::HttpSse;
}

// Proves: LEG-8
void TestLink::answersRequestsOfTheServer()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    Call call;
    call.method = u"tools/call"_s;
    call.params = R"({"name":"echo"})";
    call.capabilities = {{u"sampling"_s, QJsonObject()}};
    call.onRequest = handler("call");
    QVERIFY(await(mine->request(call, {})));
    Writer write;
    if (era == Era::HttpSse) {
        server.http().once(server.endpointPath(), FakeResponse::empty(202));
        write = [&server](const QByteArray &bytes) { server.write(bytes); };
    } else {
        server.http().once(server.path(), openStream(&write));
    }
    auto asking = mine->request(call, {});
    QTRY_VERIFY(write && calls(server.http(), u"tools/call"_s).size() == 2);
    // Ids are the server's, whatever they look like.
    write(sseEvent(request("98765432109876543210", "sampling/createMessage", R"({"n":1.0})")));
    QTRY_COMPARE(server.replyTexts().size(), 1);
    // On a stream that belongs to no call, the link answers.
    const QByteArray who = era == Era::HttpSse ? "link" : "call";
    QCOMPARE(server.replyTexts().last(), R"({"jsonrpc":"2.0","id":98765432109876543210,"result":{"by":")"
                                             + who + R"(","asked":{"n":1.0}}})");
    write(sseEvent(request(R"("p\u0041")", "ping")) + sseEvent(request("2", "roots/list"))
          + sseEvent(request("3", "elicitation/create"))
          + sseEvent(request("4", "vendor/ask", R"({"k":[]})")));
    QTRY_COMPARE(server.replyTexts().size(), 5);
    QByteArrayList replies = server.replyTexts().sliced(1);
    std::sort(replies.begin(), replies.end());
    QByteArrayList expected{R"({"jsonrpc":"2.0","id":"p\u0041","result":{}})"_ba,
                            R"({"jsonrpc":"2.0","id":4,"result":{"by":")" + who + R"(","asked":{"k":[]}}})"};
    for (const char *id : {"2", "3"}) {
        // The server has not been told of these.
        expected.append(mcp::errorText(id, mcp::rpcMethodNotFound, u"Method not found"_s));
    }
    std::sort(expected.begin(), expected.end());
    QCOMPARE(replies, expected);
    write(sseEvent(asResult(calls(server.http(), u"tools/call"_s).last(), "{}")));
    QVERIFY(await(std::move(asking)));
}

void TestLink::answersNothingToServersOfToday()
{
    FakeMcpServer server;
    const auto mine = link(server);
    Call call;
    call.method = u"tools/call"_s;
    call.params = R"({"name":"echo"})";
    call.capabilities = {{u"sampling"_s, QJsonObject()}};
    call.onRequest = handler("call");
    QVERIFY(await(mine->open({}, {})));
    Writer write;
    server.http().once(server.path(), openStream(&write));
    auto asking = mine->request(call, {});
    QTRY_VERIFY(write);
    write(sseEvent(request("1", "ping")) + sseEvent(request("2", "sampling/createMessage"))
          + sseEvent(asResult(calls(server.http(), u"tools/call"_s).last(), R"({"resultType":"strange"})")));
    const auto response = await(std::move(asking));
    QVERIFY(response);
    // What a result type means is for the reader to know.
    QCOMPARE(response->message.resultText().toByteArray(), R"({"resultType":"strange"})"_ba);
    await(m_bed.tasks.drained());
    QVERIFY(server.replyTexts().isEmpty());
    QVERIFY(gets(server).isEmpty());
}

void TestLink::holdsTheServerBack_data()
{
    addEras();
}

/// As whoever writes to a full pipe has to.
void TestLink::holdsTheServerBack()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    std::optional<base::SharedResult<bool>> pipe;
    mcp::LinkOptions options;
    options.era = era;
    options.onNotification = [this, &pipe](const Message &message) {
        m_heard.append(message.text());
        pipe.emplace();
    };
    const auto drained = [](std::optional<base::SharedResult<bool>> full,
                            std::stop_token stop) -> Task<void> {
        if (full) {
            Result<bool> ignored = co_await full->wait(stop);
        }
    };
    options.ready = [&pipe, drained](std::stop_token stop) { return drained(pipe, stop); };
    const auto mine =
        Link::make(m_bed.client, m_bed.deadlines, server.url(), m_bed.nobody, m_bed.tasks, options);
    QVERIFY(await(mine->open({}, {})));
    Writer write;
    if (era == Era::HttpSse) {
        server.http().once(server.endpointPath(), FakeResponse::empty(202));
        write = [&server](const QByteArray &bytes) { server.write(bytes); };
    } else {
        server.http().once(server.path(), openStream(&write));
    }
    auto asking = ask(mine, u"tools/call"_s, {}, {});
    QTRY_VERIFY(write && calls(server.http(), u"tools/call"_s).size() == 1);
    write(sseEvent(notification("one")));
    QTRY_COMPARE(m_heard.size(), 1);
    write(sseEvent(notification("two")));
    // A whole conversation beside it takes longer than that would.
    FakeMcpServer other;
    QVERIFY(await(ask(link(other), u"tools/list"_s, {}, {})));
    QCOMPARE(m_heard.size(), 1);
    std::exchange(pipe, std::nullopt)->set(true);
    QTRY_COMPARE(m_heard.size(), 2);
    std::exchange(pipe, std::nullopt)->set(true);
    write(sseEvent(asResult(calls(server.http(), u"tools/call"_s).first(), "{}")));
    QVERIFY(await(std::move(asking)));
}

void TestLink::sendsNotifications_data()
{
    addEras();
}

void TestLink::sendsNotifications()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    QVERIFY(await(mine->open({}, {})));
    const QByteArray path = era == Era::HttpSse ? server.endpointPath() : server.path();
    server.http().once(path, FakeResponse::empty(202));
    QVERIFY(await(mine->notify(u"notifications/roots/list_changed"_s, '{' + oddMembers + '}', {})));
    const FakeRequest sent = calls(server.http(), u"notifications/roots/list_changed"_s).first();
    QVERIFY(!sent.json().contains("id"_L1));
    QVERIFY(sent.body.contains('{' + oddMembers));
    QCOMPARE(sent.headers.value("Mcp-Session-Id"), era == Era::Sessions ? "session-1"_ba : QByteArray());
    server.http().once(path, FakeResponse::empty(400));
    const auto refused = await(mine->notify(u"notifications/nobody"_s, {}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().httpStatus, 400);
}

void TestLink::cancels_data()
{
    addEras();
}

// Proves: LEG-7
void TestLink::cancels()
{
    QFETCH(Era, era);
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    QVERIFY(await(mine->open({}, {})));
    Writer write;
    if (era == Era::HttpSse) {
        server.http().once(server.endpointPath(), FakeResponse::empty(202));
        write = [](const QByteArray &) { };
    } else {
        server.http().once(server.path(), openStream(&write));
    }
    std::stop_source stop;
    auto asking = ask(mine, u"tools/call"_s, R"({"name":"echo"})", stop.get_token());
    QTRY_VERIFY(write && calls(server.http(), u"tools/call"_s).size() == 1);
    stop.request_stop();
    const auto response = await(std::move(asking));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::Cancelled);
    const QString method = u"notifications/cancelled"_s;
    if (era == Era::Stateless) {
        await(m_bed.tasks.drained());
        QVERIFY(calls(server.http(), method).isEmpty());
    } else {
        QTRY_COMPARE(calls(server.http(), method).size(), 1);
        const QJsonValue id = calls(server.http(), u"tools/call"_s).first().json().value("id"_L1);
        QCOMPARE(calls(server.http(), method).first().json().value("params"_L1)["requestId"_L1], id);
    }
    // The conversation goes on.
    QVERIFY(await(ask(mine, u"tools/list"_s, {}, {})));
    QCOMPARE(m_begun.size(), 1);
}

void TestLink::runsRequestsAtTheSameTime_data()
{
    addEras();
}

void TestLink::runsRequestsAtTheSameTime()
{
    QFETCH(Era, era);
    constexpr int many = 20;
    FakeMcpServer server;
    setEra(&server, era);
    const auto mine = link(server, era);
    QVERIFY(await(mine->open({}, {})));
    std::vector<Writer> writers(many);
    for (Writer &writer : writers) {
        if (era == Era::HttpSse) {
            server.http().once(server.endpointPath(), FakeResponse::empty(202));
            writer = [&server](const QByteArray &bytes) { server.write(bytes); };
        } else {
            server.http().once(server.path(), openStream(&writer));
        }
    }
    std::vector<Task<Result<Link::Response>>> running;
    for (int i = 0; i < many; ++i) {
        running.push_back(ask(mine, u"vendor/x"_s, R"({"n":)" + QByteArray::number(i) + '}', {}));
    }
    const auto areOpen = [&] {
        return std::all_of(writers.begin(), writers.end(), [](auto &w) { return bool(w); })
               && calls(server.http(), u"vendor/x"_s).size() == many;
    };
    QTRY_VERIFY(areOpen());
    const auto sent = calls(server.http(), u"vendor/x"_s);
    QSet<QByteArray> ids;
    // The one that came last is answered first.
    for (int i = many - 1; i >= 0; --i) {
        const QJsonObject params = sent[i].json().value("params"_L1).toObject();
        ids.insert(idOf(sent[i]));
        writers[size_t(i)](
            sseEvent(asResult(sent[i], R"({"n":)" + QByteArray::number(params.value("n"_L1).toInt()) + '}')));
    }
    QCOMPARE(ids.size(), many);
    for (int i = 0; i < many; ++i) {
        const auto response = await(std::move(running[size_t(i)]));
        QVERIFY(response);
        QCOMPARE(response->message.result().value("n"_L1).toInt(), i);
    }
}

// Proves: LEG-2, LEG-5
void TestLink::resumesAnAnswerWithoutADeadline()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    const auto mine = link(server, Era::Sessions);
    QVERIFY(await(mine->open({}, {})));
    server.http().once(server.path(),
                       endedStream("retry: 20\n" + sseEvent(notification("notifications/progress"), "e-1")));
    server.http().once(server.path(), endedStream(sseEvent(notification("notifications/message"), "e-2")));
    Writer write;
    server.http().once(server.path(), openStream(&write));
    Call call;
    call.method = u"tools/call"_s;
    call.limits.deadline = std::chrono::milliseconds(0);
    call.limits.idle = std::chrono::milliseconds(0);
    auto asking = mine->request(call, {});
    QTRY_VERIFY(write);
    write(sseEvent(asResult(calls(server.http(), u"tools/call"_s).first(), oddResult), "e-3"));
    const auto response = await(std::move(asking));
    QVERIFY2(response, response ? "" : qPrintable(response.error().detail));
    QCOMPARE(response->message.resultText().toByteArray(), oddResult);
    QCOMPARE(m_heard.size(), 2);
    QCOMPARE(calls(server.http(), u"tools/call"_s).size(), 1);
    const auto asked = gets(server);
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked[0].headers.value("Last-Event-ID"), "e-1"_ba);
    QCOMPARE(asked[1].headers.value("Last-Event-ID"), "e-2"_ba);
}

void TestLink::listens()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    server.hasOwnStream = true;
    const auto mine = link(server, Era::Sessions);
    const auto isListening = await(mine->listen({}));
    QVERIFY(isListening);
    QVERIFY(*isListening);
    QVERIFY(mine->isListening());
    // While no request runs.
    const QByteArray changed = notification("notifications/resources/updated", R"({"uri":"x:\/y"})");
    QTRY_VERIFY(server.hasListener());
    server.write(sseEvent(changed) + sseEvent(request("1", "ping")) + sseEvent(request("2", "vendor/ask")));
    QTRY_COMPARE(m_heard, QByteArrayList{changed});
    QTRY_COMPARE(server.replyTexts().size(), 2);
    QVERIFY(server.replyTexts().join().contains(R"("by":"link")"));
    QVERIFY(await(mine->listen({})));
    QCOMPARE(gets(server).size(), 1);
    server.endStream();
    await(mine->listeningEnded({}));
    QVERIFY(!mine->isListening());
    await(mine->listeningEnded({}));
    mine->stopListening();

    // Servers that have no such stream, and those of today.
    FakeMcpServer deaf;
    setEra(&deaf, Era::Sessions);
    const auto other = link(deaf, Era::Sessions);
    QCOMPARE(await(other->listen({})).value(), false);
    QCOMPARE(await(other->listen({})).value(), false);
    QCOMPARE(gets(deaf).size(), 1);
    FakeMcpServer today;
    QCOMPARE(await(link(today)->listen({})).value(), false);
    QVERIFY(gets(today).isEmpty());
    FakeMcpServer oldest;
    setEra(&oldest, Era::HttpSse);
    QCOMPARE(await(link(oldest, Era::HttpSse)->listen({})).value(), true);
}

void TestLink::asksForItsStreamAgainAfterTrouble()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    const auto mine = link(server, Era::Sessions);
    QVERIFY(await(mine->open({}, {})));
    server.http().once(server.path(), FakeResponse::empty(503));
    const auto trouble = await(mine->listen({}));
    QVERIFY(!trouble);
    QCOMPARE(trouble.error().kind, ErrorKind::HttpStatus);
    Writer write;
    server.http().once(server.path(), openStream(&write));
    QCOMPARE(await(mine->listen({})).value(), true);
    mine->stopListening();

    // A call doesn't wait for it twice.
    FakeMcpServer slow;
    setEra(&slow, Era::Sessions);
    const auto other = link(slow, Era::Sessions);
    Call call;
    call.method = u"tools/list"_s;
    call.onRequest = handler("call");
    QVERIFY(await(other->open({}, {})));
    slow.http().once(slow.path(), FakeResponse::silence());
    QVERIFY(await(other->request(call, {})));
    QVERIFY(await(other->request(call, {})));
    QCOMPARE(gets(slow).size(), 1);
    // Who wants to listen may ask once more.
    QCOMPARE(await(other->listen({})).value(), false);
    QCOMPARE(gets(slow).size(), 2);
}

// Proves: LEG-5
void TestLink::resumesItsOwnStream()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    const auto mine = link(server, Era::Sessions);
    QVERIFY(await(mine->open({}, {})));
    const QByteArray first = notification("notifications/tools/list_changed");
    server.http().once(server.path(), endedStream(sseEvent(first, "n-1")));
    QVERIFY(await(mine->listen({})));
    await(mine->listeningEnded({}));
    QCOMPARE(m_heard, QByteArrayList{first});
    Writer write;
    server.http().once(server.path(), openStream(&write));
    QCOMPARE(await(mine->listen({})).value(), true);
    QCOMPARE(gets(server).last().headers.value("Last-Event-ID"), "n-1"_ba);
    const QByteArray second = notification("notifications/prompts/list_changed");
    QTRY_VERIFY(write);
    write(sseEvent(second, "n-2"));
    QTRY_COMPARE(m_heard, (QByteArrayList{first, second}));
    write({});
    await(mine->listeningEnded({}));
    // A server that has lost the event may still have a stream.
    server.http().once(server.path(), FakeResponse::empty(400));
    server.http().once(server.path(), openStream(&write));
    QCOMPARE(await(mine->listen({})).value(), true);
    const auto asked = gets(server);
    QCOMPARE(asked[asked.size() - 2].headers.value("Last-Event-ID"), "n-2"_ba);
    QVERIFY(!asked.last().headers.contains("Last-Event-ID"));
    mine->stopListening();
}

/// subscriptions/listen of 2026-07-28 is a request whose answer takes as long as somebody listens.
void TestLink::holdsASubscription()
{
    FakeMcpServer server;
    const auto mine = link(server);
    QVERIFY(await(mine->open({}, {})));
    Writer write;
    server.http().once(server.path(), openStream(&write));
    Call call;
    call.method = u"subscriptions/listen"_s;
    call.params = R"({"filter":{"toolsListChanged":true}})";
    call.limits.deadline = std::chrono::milliseconds(0);
    call.limits.idle = std::chrono::milliseconds(0);
    std::stop_source stop;
    auto listening = mine->request(call, stop.get_token());
    QTRY_VERIFY(write);
    const QByteArray changed = notification("notifications/tools/list_changed",
                                            R"({"_meta":{"io.modelcontextprotocol/subscriptionId":1}})");
    write(sseEvent(changed));
    QTRY_COMPARE(m_heard, QByteArrayList{changed});
    // Other requests run beside it.
    QVERIFY(await(ask(mine, u"tools/list"_s, {}, {})));
    stop.request_stop();
    const auto ended = await(std::move(listening));
    QVERIFY(!ended);
    QCOMPARE(ended.error().kind, ErrorKind::Cancelled);
}

// Proves: LEG-3
void TestLink::beginsAnewForAllThatWait()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    const auto mine = link(server, Era::Sessions);
    QVERIFY(await(mine->open({}, {})));
    server.endSessions();
    std::vector<Task<Result<Link::Response>>> running;
    for (int i = 0; i < 5; ++i) {
        running.push_back(ask(mine, u"tools/list"_s, {}, {}));
    }
    for (auto &task : running) {
        const auto response = await(std::move(task));
        QVERIFY(response);
        QCOMPARE(response->message.kind(), Message::Kind::Result);
    }
    QCOMPARE(calls(server.http(), u"initialize"_s).size(), 2);
    QCOMPARE(m_begun.size(), 2);
    // A notification that finds no session is told so, and the next request begins anew.
    server.endSessions();
    QVERIFY(!await(mine->notify(u"notifications/x"_s, {}, {})));
    QVERIFY(await(ask(mine, u"tools/list"_s, {}, {})));
    QCOMPARE(m_begun.size(), 3);
}

void TestLink::keepsASessionBesideAnother()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    const auto mine = link(server, Era::Sessions);
    const QJsonObject form{{u"form"_s, QJsonObject()}};
    const QJsonObject both{{u"form"_s, QJsonObject()}, {u"url"_s, QJsonObject()}};
    const QList<QJsonObject> wanted{{},
                                    {{u"elicitation"_s, form}},
                                    {{u"elicitation"_s, QJsonObject()}},
                                    {{u"elicitation"_s, both}},
                                    {{u"roots"_s, QJsonObject()}},
                                    {{u"elicitation"_s, form}}};
    for (const QJsonObject &capabilities : wanted) {
        Call call;
        call.method = u"tools/list"_s;
        call.capabilities = capabilities;
        QVERIFY(await(mine->request(call, {})));
    }
    const auto initialize = calls(server.http(), u"initialize"_s);
    QCOMPARE(initialize.size(), 4);
    const QJsonObject last = initialize.last().json().value("params"_L1)["capabilities"_L1].toObject();
    QCOMPARE(last, (QJsonObject{{u"elicitation"_s, both}, {u"roots"_s, QJsonObject()}}));
    QCOMPARE(server.sessions(), 4);
    await(mine->close());
    QCOMPARE(server.sessions(), 0);
}

void TestLink::reportsWhatIsNoResponse_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("out of order") << FakeResponse::empty(503) << ErrorKind::HttpStatus;
    QTest::newRow("nothing") << FakeResponse::empty(200) << ErrorKind::Protocol;
    QTest::newRow("a page") << FakeResponse::html("<html>") << ErrorKind::Protocol;
    QTest::newRow("another id") << jsonAnswer(R"({"jsonrpc":"2.0","id":4711,"result":{}})")
                                << ErrorKind::Protocol;
    QTest::newRow("lost") << endedStream(": bye\n\n") << ErrorKind::Network;
    QTest::newRow("refused") << FakeResponse::empty(401) << ErrorKind::SignInNeeded;
}

void TestLink::reportsWhatIsNoResponse()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    FakeMcpServer server;
    const auto mine = link(server);
    QVERIFY(await(mine->open({}, {})));
    server.http().once(server.path(), answer);
    const auto response = await(ask(mine, u"tools/call"_s, R"({"name":"echo"})", {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, kind);
    QCOMPARE(response.error().mayHaveArrived, kind == ErrorKind::Network);
    QCOMPARE(calls(server.http(), u"tools/call"_s).size(), 1);
}

// Proves: LEG-6
void TestLink::endsWithItsSessions()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    server.hasOwnStream = true;
    const auto mine = link(server, Era::Sessions);
    QVERIFY(await(mine->listen({})));
    await(mine->close());
    QVERIFY(!mine->isListening());
    QCOMPARE(server.sessions(), 0);
    // Closed twice, and used again.
    await(mine->close());
    QVERIFY(await(ask(mine, u"tools/list"_s, {}, {})));
    QCOMPARE(server.sessions(), 1);
    // Who has no time left doesn't wait for the server.
    server.http().once(server.path(), FakeResponse::silence());
    std::stop_source stop;
    auto closing = mine->close(stop.get_token());
    stop.request_stop();
    await(std::move(closing));

    FakeMcpServer today;
    const auto stateless = link(today);
    QVERIFY(await(stateless->open({}, {})));
    today.http().forgetRequests();
    await(stateless->close());
    QVERIFY(today.http().requests().empty());
}

void TestLink::canBeDroppedWhileARequestRuns()
{
    FakeMcpServer server;
    setEra(&server, Era::Sessions);
    auto mine = link(server, Era::Sessions);
    QVERIFY(await(mine->open({}, {})));
    Writer write;
    server.http().once(server.path(), openStream(&write));
    Call call;
    call.method = u"tools/call"_s;
    auto asking = mine->request(call, {});
    mine.reset();
    QTRY_VERIFY(write);
    write(sseEvent(notification("notifications/progress"))
          + sseEvent(asResult(calls(server.http(), u"tools/call"_s).first(), "{}")));
    QVERIFY(await(std::move(asking)));
    QCOMPARE(m_heard.size(), 1);
}

QTEST_GUILESS_MAIN(TestLink)
#include "tst_link.moc"
