// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/urlpolicy.h"
#include "sessionbed.h"

#include <QElapsedTimer>

using namespace mooring;
using namespace mooring::sessionbed;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using mcp::Era;
using support::await;
using support::FakeMcpServer;
using support::FakeServer;

namespace {

constexpr int manyStreams = 64;

/// Sends a token with everything.
class TokenAuthorizer final : public mcp::Authorizer {
public:
    QList<QUrl> urls;

    Task<Result<http::Request>> authorize(http::Request request, std::stop_token) override
    {
        urls.append(request.url);
        request.headers.set("Authorization", "Bearer token");
        co_return request;
    }
    Task<Result<void>> onChallenge(http::Request, http::ResponseHead, QList<oauth::Challenge>,
                                   std::stop_token) override
    {
        co_return base::failed(base::makeError(ErrorKind::SignInNeeded, u"no"_s));
    }
};

/// The JSON-RPC id of the newest tools/call.
QJsonValue lastCallId(const FakeServer &http)
{
    return calls(http, u"tools/call"_s).last().json().value("id"_L1);
}

QList<FakeRequest> gets(const FakeServer &http)
{
    QList<FakeRequest> found;
    for (const FakeRequest &request : http.requests()) {
        if (request.method == "GET") {
            found.append(request);
        }
    }
    return found;
}

} // namespace

class TestStreams : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { await(m_bed.tasks.drained()); }
    void resumesAnAnswer();
    void resumesBehindTheNewestEvent();
    void givesUpResuming_data();
    void givesUpResuming();
    void resumesOnlyWithSessionsAndEvents();
    void asksForALostListOnceMore();
    void tellsOldServersThatACallIsOver();
    void tellsServersOfTodayByHangingUp();
    void speaksTheOldestWay();
    void findsTheOldestWayLast();
    void keepsMessagesOnTheOrigin_data();
    void keepsMessagesOnTheOrigin();
    void opensTheOldestStreamAnew();
    void reportsAnOldStreamThatEnds();
    void answersQuestionsOfOldServers();
    void sendsTheTokenWithEverything();
    void carriesLargeResults_data();
    void carriesLargeResults();
    void holdsManyStreamsAtOnce();

private:
    /// A session with a server of yesterday.
    std::shared_ptr<mcp::Session> begun(FakeMcpServer *server)
    {
        server->speaksStateless = false;
        auto session = m_bed.session(server->url(), Era::Sessions);
        if (!await(session->connect({}))) {
            qFatal("no session");
        }
        server->http().forgetRequests();
        return session;
    }

    Bed m_bed;
};

void TestStreams::init()
{
    m_bed.deadlines = shortDeadlines();
}

// Proves: LEG-2, LEG-4, LEG-5
void TestStreams::resumesAnAnswer()
{
    FakeMcpServer server;
    const auto mine = begun(&server);
    Writer write;
    server.http().once(server.path(), endedStream("id: e-1\nretry: 150\ndata:\n\n"));
    server.http().once(server.path(), openStream(&write));
    QElapsedTimer timer;
    timer.start();
    auto call = mine->callTool(u"echo"_s, {}, {}, {});
    QTRY_VERIFY(write);
    QVERIFY2(timer.elapsed() >= 150, qPrintable(QString::number(timer.elapsed())));
    write(sseEvent(response(lastCallId(server.http()), textResult(u"the rest"_s)), "e-2"));
    const auto result = await(std::move(call));
    QVERIFY2(result, result ? "" : qPrintable(result.error().detail));
    QCOMPARE(result->text(), u"the rest"_s);
    QCOMPARE(calls(server.http(), u"tools/call"_s).size(), 1);
    const auto listened = gets(server.http());
    QCOMPARE(listened.size(), 1);
    QCOMPARE(listened[0].headers.value("Last-Event-ID"), "e-1"_ba);
    QCOMPARE(listened[0].headers.value("Accept"), "text/event-stream"_ba);
    QCOMPARE(listened[0].headers.value("Mcp-Session-Id"), "session-1"_ba);
    QCOMPARE(listened[0].headers.value("MCP-Protocol-Version"), "2025-11-25"_ba);
}

// Proves: LEG-5
void TestStreams::resumesBehindTheNewestEvent()
{
    FakeMcpServer server;
    const auto mine = begun(&server);
    const QJsonObject progress{{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"notifications/progress"_s}};
    // The last event is cut off, so it has to come once more.
    server.http().once(server.path(),
                       endedStream("retry: 20\n" + sseEvent(progress, "1") + "id: 2\ndata: {"));
    for (const char *id : {"2", "3", "4", "5"}) {
        server.http().once(server.path(), endedStream(sseEvent(progress, id)));
    }
    Writer write;
    server.http().once(server.path(), openStream(&write));
    auto call = mine->callTool(u"echo"_s, {}, {}, {});
    QTRY_VERIFY(write);
    write(sseEvent(response(lastCallId(server.http()), textResult(u"done"_s))));
    QVERIFY(await(std::move(call)));
    QList<QByteArray> ids;
    for (const FakeRequest &request : gets(server.http())) {
        ids.append(request.headers.value("Last-Event-ID"));
    }
    QCOMPARE(ids, (QList<QByteArray>{"1", "2", "3", "4", "5"}));
}

void TestStreams::givesUpResuming_data()
{
    QTest::addColumn<FakeResponse>("response");
    QTest::addColumn<int>("attempts");
    QTest::newRow("not offered") << FakeResponse::empty(405) << 1;
    QTest::newRow("unknown") << FakeResponse::empty(404) << 1;
    QTest::newRow("out of order") << FakeResponse::empty(503) << 3;
    QTest::newRow("ends without news") << endedStream(": nothing\n\n") << 3;
}

void TestStreams::givesUpResuming()
{
    QFETCH(FakeResponse, response);
    QFETCH(int, attempts);
    FakeMcpServer server;
    const auto mine = begun(&server);
    server.http().once(server.path(), endedStream("id: 1\nretry: 20\ndata:\n\n"));
    for (int i = 0; i < 10; ++i) {
        server.http().once(server.path(), response);
    }
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Network);
    QVERIFY(result.error().mayHaveArrived);
    QCOMPARE(gets(server.http()).size(), attempts);
    QCOMPARE(calls(server.http(), u"tools/call"_s).size(), 1);
}

void TestStreams::resumesOnlyWithSessionsAndEvents()
{
    FakeMcpServer today;
    const auto stateless = m_bed.session(today.url());
    QVERIFY(await(stateless->connect({})));
    today.http().once(today.path(), endedStream("id: 1\nretry: 1\ndata:\n\n"));
    FakeMcpServer old;
    const auto session = begun(&old);
    old.http().once(old.path(), endedStream(": no event\n\n"));
    for (const auto &mine : {stateless, session}) {
        const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Network);
        QVERIFY(result.error().mayHaveArrived);
    }
    QVERIFY(gets(today.http()).isEmpty());
    QVERIFY(gets(old.http()).isEmpty());
}

// Proves: MOD-12
void TestStreams::asksForALostListOnceMore()
{
    FakeMcpServer server;
    const auto mine = m_bed.session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().once(server.path(), endedStream(": cut\n\n"));
    const auto tools = await(mine->listTools({}));
    QVERIFY(tools);
    QCOMPARE(tools->size(), 3);
    const auto sent = calls(server.http(), u"tools/list"_s);
    QCOMPARE(sent.size(), 2);
    QVERIFY(sent[0].json().value("id"_L1) != sent[1].json().value("id"_L1));
    server.http().once(server.path(), endedStream(": cut\n\n"));
    server.http().once(server.path(), endedStream(": cut again\n\n"));
    QVERIFY(!await(mine->listTools({})));
    QCOMPARE(calls(server.http(), u"tools/list"_s).size(), 4);
}

// Proves: LEG-7
void TestStreams::tellsOldServersThatACallIsOver()
{
    FakeMcpServer server;
    const auto mine = begun(&server);
    Writer write;
    server.http().once(server.path(), openStream(&write));
    std::stop_source stop;
    auto call = mine->callTool(u"echo"_s, {}, {}, stop.get_token());
    QTRY_VERIFY(write);
    stop.request_stop();
    const auto result = await(std::move(call));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(calls(server.http(), u"notifications/cancelled"_s).size(), 1);
    const FakeRequest told = calls(server.http(), u"notifications/cancelled"_s).first();
    QCOMPARE(told.json().value("params"_L1)["requestId"_L1], lastCallId(server.http()));
    QVERIFY(!told.json().contains("id"_L1));
    QCOMPARE(told.headers.value("Mcp-Session-Id"), "session-1"_ba);
}

void TestStreams::tellsServersOfTodayByHangingUp()
{
    FakeMcpServer server;
    const auto mine = m_bed.session(server.url());
    QVERIFY(await(mine->connect({})));
    Writer write;
    server.http().once(server.path(), openStream(&write));
    std::stop_source stop;
    auto call = mine->callTool(u"echo"_s, {}, {}, stop.get_token());
    QTRY_VERIFY(write);
    server.http().forgetRequests();
    stop.request_stop();
    QVERIFY(!await(std::move(call)));
    await(m_bed.tasks.drained());
    QVERIFY(server.http().requests().empty());
}

// Proves: ERA-1
void TestStreams::speaksTheOldestWay()
{
    for (const Era known : {Era::Unknown, Era::HttpSse}) {
        FakeMcpServer server;
        server.speaksStateless = false;
        server.speaksSessions = false;
        server.speaksHttpSse = true;
        const auto mine = m_bed.session(server.url(), known);
        const auto info = await(mine->connect({}));
        QVERIFY2(info, info ? "" : qPrintable(info.error().sentence));
        QCOMPARE(info->era, Era::HttpSse);
        QCOMPARE(info->protocolVersion, u"2024-11-05"_s);
        QCOMPARE(info->name, server.serverName);
        const auto tools = await(mine->listTools({}));
        QVERIFY(tools);
        QCOMPARE(tools->size(), 3);
        const auto result = await(mine->callTool(u"echo"_s, {{u"text"_s, u"grüße"_s}}, {}, {}));
        QVERIFY(result);
        QCOMPARE(result->text(), u"grüße"_s);
        // Without detection if it is known, and on one stream.
        QCOMPARE(server.http().count(server.path()), known == Era::HttpSse ? 1 : 3);
        QCOMPARE(gets(server.http()).size(), 1);
        QCOMPARE(server.http().requestsTo(server.endpointPath())[0].query(), "session=1"_ba);
        await(mine->close());
    }
}

// Proves: ERA-1, ERA-2
void TestStreams::findsTheOldestWayLast()
{
    // A server that has moved on since last time is found again.
    FakeMcpServer server;
    const auto mine = m_bed.session(server.url(), Era::HttpSse);
    const auto info = await(mine->connect({}));
    QVERIFY(info);
    QCOMPARE(info->era, Era::Stateless);
    QCOMPARE(server.methods(), (QStringList{u"GET"_s, u"server/discover"_s}));

    // Trouble that passes, and errors that only newer servers give, are no reason to look for old ones.
    for (const int status : {500, 503, 401}) {
        FakeServer http;
        http.route("/mcp", FakeResponse::empty(status));
        QVERIFY(!await(m_bed.session(http.url(u"/mcp"_s))->connect({})));
        QVERIFY(gets(http).isEmpty());
    }
    FakeServer newer;
    newer.route("/mcp", [](const FakeRequest &request) {
        const QJsonObject error{{u"code"_s, -32021}, {u"message"_s, u"no"_s}};
        const QJsonValue id = request.json().value("id"_L1);
        return FakeResponse::json({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"error"_s, error}}, 400);
    });
    QVERIFY(!await(m_bed.session(newer.url(u"/mcp"_s))->connect({})));
    QVERIFY(gets(newer).isEmpty());
}

void TestStreams::keepsMessagesOnTheOrigin_data()
{
    QTest::addColumn<QByteArray>("endpoint");
    QTest::newRow("another host") << "https://evil.example.com/messages"_ba;
    QTest::newRow("another port") << "http://127.0.0.1:1/messages"_ba;
    QTest::newRow("no scheme") << "//evil.example.com/messages"_ba;
    QTest::newRow("with a user") << "http://me@127.0.0.1/messages"_ba;
    QTest::newRow("another scheme") << "ftp://127.0.0.1/messages"_ba;
}

// Proves: OLD-1
void TestStreams::keepsMessagesOnTheOrigin()
{
    QFETCH(QByteArray, endpoint);
    FakeMcpServer server;
    server.speaksStateless = false;
    server.speaksSessions = false;
    server.speaksHttpSse = true;
    server.endpointOverride = endpoint;
    const auto info = await(m_bed.session(server.url())->connect({}));
    QVERIFY(!info);
    QCOMPARE(info.error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(server.http().count(server.endpointPath()), 0);
    // The same address in full is fine.
    server.endpointOverride = server.http().url(QString::fromLatin1(server.endpointPath())).toEncoded();
    const auto mine = m_bed.session(server.url());
    QVERIFY(await(mine->connect({})));
}

void TestStreams::opensTheOldestStreamAnew()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.speaksSessions = false;
    server.speaksHttpSse = true;
    const auto mine = m_bed.session(server.url(), Era::HttpSse);
    QVERIFY(await(mine->listTools({})));
    server.endStream();
    QTRY_COMPARE(m_bed.tasks.running(), 0);
    QVERIFY(await(mine->listTools({})));
    QCOMPARE(server.methods().count(u"initialize"_s), 2);
}

void TestStreams::reportsAnOldStreamThatEnds()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.speaksSessions = false;
    server.speaksHttpSse = true;
    const auto mine = m_bed.session(server.url(), Era::HttpSse);
    QVERIFY(await(mine->connect({})));
    server.http().once(server.endpointPath(), FakeResponse::empty(202));
    server.http().forgetRequests();
    auto call = mine->callTool(u"echo"_s, {}, {}, {});
    QTRY_COMPARE(server.http().requests().size(), 1);
    server.endStream();
    const auto result = await(std::move(call));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Network);
    QVERIFY(result.error().mayHaveArrived);
    // And one that stays silent.
    QVERIFY(await(mine->connect({})));
    m_bed.deadlines.mcpRequest = std::chrono::milliseconds(200);
    const auto impatient = m_bed.session(server.url(), Era::HttpSse);
    QVERIFY(await(impatient->connect({})));
    server.http().once(server.endpointPath(), FakeResponse::empty(202));
    const auto late = await(impatient->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!late);
    QCOMPARE(late.error().kind, ErrorKind::Timeout);
}

// Proves: LEG-8
void TestStreams::answersQuestionsOfOldServers()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.speaksSessions = false;
    server.speaksHttpSse = true;
    const auto mine = m_bed.session(server.url(), Era::HttpSse);
    QVERIFY(await(mine->connect({})));
    server.say({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, u"p"_s}, {u"method"_s, u"ping"_s}});
    QTRY_COMPARE(server.replies().size(), 1);
    QCOMPARE(server.replies()[0].value("id"_L1).toString(), u"p"_s);
    QCOMPARE(server.replies()[0].value("result"_L1), QJsonValue(QJsonObject()));
}

// Proves: TOK-1, TOK-2
void TestStreams::sendsTheTokenWithEverything()
{
    for (const Era era : {Era::Stateless, Era::Sessions, Era::HttpSse}) {
        TokenAuthorizer authorizer;
        FakeMcpServer server;
        server.speaksStateless = era == Era::Stateless;
        server.speaksSessions = era == Era::Sessions;
        server.speaksHttpSse = era == Era::HttpSse;
        server.hasOwnStream = true;
        const auto mine =
            std::make_shared<mcp::Session>(m_bed.client, m_bed.deadlines, server.url(), authorizer,
                                           m_bed.tasks, mcp::SessionOptions{era, {}});
        const mcp::AskPerson ask = [](mcp::Elicitation, std::stop_token) -> Task<mcp::ElicitationAnswer> {
            co_return mcp::ElicitationAnswer();
        };
        QVERIFY(await(mine->callTool(u"echo"_s, {}, ask, {})));
        await(mine->close());
        QVERIFY(server.http().requests().size() >= 2);
        for (const FakeRequest &request : server.http().requests()) {
            QCOMPARE(request.headers.values("Authorization"), QList<QByteArray>{"Bearer token"});
            QVERIFY(!request.target.contains("token"));
        }
        // Whatever address a message goes to, the token is the one for the server.
        QCOMPARE(authorizer.urls, QList<QUrl>(authorizer.urls.size(), server.url()));
    }
}

void TestStreams::carriesLargeResults_data()
{
    QTest::addColumn<bool>("streams");
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("fits");
    constexpr qsizetype mebibyte = 1024 * 1024;
    QTest::newRow("8 MiB in one line of a stream") << true << 8 * mebibyte << true;
    QTest::newRow("8 MiB of JSON") << false << 8 * mebibyte << true;
    QTest::newRow("over the limit, a stream") << true << 65 * mebibyte << false;
    QTest::newRow("over the limit, JSON") << false << 65 * mebibyte << false;
}

void TestStreams::carriesLargeResults()
{
    QFETCH(bool, streams);
    QFETCH(qsizetype, size);
    QFETCH(bool, fits);
    FakeMcpServer server;
    server.answers = streams ? FakeMcpServer::Answers::EventStream : FakeMcpServer::Answers::Json;
    const QString picture(size, u'A');
    server.answersCall = [&picture](const QJsonObject &) {
        const QJsonObject part{
            {u"type"_s, u"image"_s}, {u"mimeType"_s, u"image/png"_s}, {u"data"_s, picture}};
        return QJsonObject{{u"content"_s, QJsonArray{part}}};
    };
    m_bed.deadlines.mcpRequest = std::chrono::seconds(60);
    const auto result = await(m_bed.session(server.url())->callTool(u"echo"_s, {}, {}, {}));
    QCOMPARE(result.has_value(), fits);
    if (fits) {
        QVERIFY(result->result.value("content"_L1)[0]["data"_L1].toString() == picture);
    } else {
        QCOMPARE(result.error().kind, ErrorKind::Protocol);
    }
}

void TestStreams::holdsManyStreamsAtOnce()
{
    FakeMcpServer server;
    const auto mine = m_bed.session(server.url());
    QVERIFY(await(mine->connect({})));
    std::vector<Writer> writers(manyStreams);
    std::vector<Task<Result<mcp::ToolResult>>> running;
    for (Writer &writer : writers) {
        server.http().once(server.path(), openStream(&writer));
    }
    server.http().forgetRequests();
    for (int i = 0; i < manyStreams; ++i) {
        running.push_back(mine->callTool(u"echo"_s, {{u"text"_s, QString::number(i)}}, {}, {}));
    }
    // Nothing ends before all of them are there.
    const auto open = [&writers] {
        return std::count_if(writers.begin(), writers.end(), [](auto &w) { return bool(w); });
    };
    QTRY_COMPARE(open(), manyStreams);
    const auto sent = calls(server.http(), u"tools/call"_s);
    QCOMPARE(sent.size(), manyStreams);
    // Each makes progress, and the one that came last may end first.
    const QJsonObject progress{{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"notifications/progress"_s}};
    for (const Writer &writer : writers) {
        writer(sseEvent(progress));
    }
    for (int i = manyStreams - 1; i >= 0; --i) {
        const QJsonObject request = sent[i].json();
        const QString text = request.value("params"_L1)["arguments"_L1]["text"_L1].toString();
        writers[static_cast<size_t>(i)](sseEvent(response(request.value("id"_L1), textResult(text))));
    }
    for (int i = 0; i < manyStreams; ++i) {
        const auto result = await(std::move(running[static_cast<size_t>(i)]));
        QVERIFY(result);
        QCOMPARE(result->text(), QString::number(i));
    }
}

QTEST_GUILESS_MAIN(TestStreams)
#include "tst_streams.moc"
