// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole conversations, as the server sees them: what every message carries, and what a refusal leads to.
#include "sessionbed.h"

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

/// Sends a token, and another one after each challenge.
class CountingAuthorizer final : public mcp::Authorizer {
public:
    int challenges = 0;

    Task<Result<http::Request>> authorize(http::Request request, std::stop_token) override
    {
        request.headers.set("Authorization", "Bearer token-" + QByteArray::number(challenges));
        co_return request;
    }
    Task<Result<void>> onChallenge(http::Request, http::ResponseHead, QList<oauth::Challenge>,
                                   std::stop_token) override
    {
        ++challenges;
        co_return Result<void>();
    }
};

Task<mcp::ElicitationAnswer> decline(mcp::Elicitation, std::stop_token)
{
    co_return mcp::ElicitationAnswer{mcp::ElicitationAnswer::Action::Decline, {}};
}

/// The method of each message; "GET" and "DELETE"; "reply" for an answer to the server.
QStringList namesOf(const FakeServer &http)
{
    QStringList names;
    for (const FakeRequest &request : http.requests()) {
        const QString method = methodOf(request);
        names.append(request.method != "POST" ? QString::fromLatin1(request.method)
                     : method.isEmpty()       ? u"reply"_s
                                              : method);
    }
    return names;
}

/// The error of MCP 2026-07-28 for a version that the server doesn't speak.
FakeResponse unsupportedVersion(const FakeRequest &request, const QStringList &supported)
{
    const QJsonObject data{{u"supported"_s, QJsonArray::fromStringList(supported)}};
    const QJsonObject error{{u"code"_s, -32022}, {u"message"_s, u"no"_s}, {u"data"_s, data}};
    return FakeResponse::json(
        {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.json().value("id"_L1)}, {u"error"_s, error}}, 400);
}

} // namespace

class TestMessages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { await(m_bed.tasks.drained()); }
    void carryWhatServersOfTodayRead();
    void carryTheSessionAndItsVersion();
    void speakAVersionThatBothKnow_data();
    void speakAVersionThatBothKnow();
    void tellRefusalsApart_data();
    void tellRefusalsApart();

private:
    Bed m_bed;
};

// Proves: MOD-1, MOD-2, MOD-3, MOD-8, MOD-9
void TestMessages::carryWhatServersOfTodayRead()
{
    FakeMcpServer server;
    // The call is asked something in return, so that it is sent once more.
    server.answersCall = [](const QJsonObject &params) {
        const QJsonObject wantsMore{{u"resultType"_s, u"input_required"_s}, {u"requestState"_s, u"s"_s}};
        return params.contains("requestState"_L1) ? textResult(u"done"_s) : wantsMore;
    };
    const auto mine = m_bed.session(server.url());
    QVERIFY(await(mine->listTools({})));
    QVERIFY(await(mine->callTool(u"echo"_s, {}, {}, {})));
    await(mine->close());
    const QString call = u"tools/call"_s;
    QCOMPARE(namesOf(server.http()), (QStringList{u"server/discover"_s, u"tools/list"_s, call, call}));
    for (const FakeRequest &request : server.http().requests()) {
        const http::Headers &headers = request.headers;
        QCOMPARE(headers.values("Accept"), QList<QByteArray>{"application/json, text/event-stream"});
        QCOMPARE(headers.values("MCP-Protocol-Version"), QList<QByteArray>{"2026-07-28"});
        QCOMPARE(headers.values("Mcp-Method"), QList<QByteArray>{methodOf(request).toUtf8()});
        const bool isCall = methodOf(request) == call;
        QCOMPARE(headers.values("Mcp-Name"), isCall ? QList<QByteArray>{"echo"} : QList<QByteArray>());
        QVERIFY(!headers.contains("Mcp-Session-Id"));
        const QJsonObject meta = request.json().value("params"_L1)["_meta"_L1].toObject();
        QCOMPARE(meta.value("io.modelcontextprotocol/protocolVersion"_L1).toString(), u"2026-07-28"_s);
        QVERIFY(meta.value("io.modelcontextprotocol/clientCapabilities"_L1).isObject());
        const QJsonObject client = meta.value("io.modelcontextprotocol/clientInfo"_L1).toObject();
        QCOMPARE(client.value("name"_L1).toString(), u"Mooring"_s);
    }
}

// Proves: LEG-1, LEG-2, LEG-4, LEG-6, LEG-7, LEG-8
void TestMessages::carryTheSessionAndItsVersion()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.hasOwnStream = true;
    // Not the version that was asked for: the one that the server chose counts.
    const FakeServer::Handler usual = server.http().routeOf(server.path());
    server.http().route(server.path(), [usual](const FakeRequest &request) {
        FakeResponse answer = usual(request);
        answer.body.replace("2025-11-25", "2025-06-18");
        return answer;
    });
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->callTool(u"echo"_s, {}, decline, {})));
    // A call during which the server asks something, and that is given up.
    Writer listening;
    Writer answering;
    server.http().once(server.path(), openStream(&listening));
    server.http().once(server.path(), openStream(&answering));
    std::stop_source stop;
    auto call = mine->callTool(u"echo"_s, {}, decline, stop.get_token());
    QTRY_VERIFY(answering);
    listening(sseEvent({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, u"p"_s}, {u"method"_s, u"ping"_s}}));
    QTRY_COMPARE(server.replies().size(), 1);
    stop.request_stop();
    QVERIFY(!await(std::move(call)));
    QTRY_COMPARE(calls(server.http(), u"notifications/cancelled"_s).size(), 1);
    await(mine->close());
    QCOMPARE(namesOf(server.http()),
             (QStringList{u"initialize"_s, u"notifications/initialized"_s, u"GET"_s, u"tools/call"_s,
                          u"GET"_s, u"tools/call"_s, u"reply"_s, u"notifications/cancelled"_s, u"DELETE"_s}));
    for (const FakeRequest &request : server.http().requests()) {
        const bool isFirst = methodOf(request) == "initialize"_L1;
        QCOMPARE(request.headers.values("Mcp-Session-Id"),
                 isFirst ? QList<QByteArray>() : QList<QByteArray>{"session-1"});
        QCOMPARE(request.headers.values("MCP-Protocol-Version"),
                 isFirst ? QList<QByteArray>() : QList<QByteArray>{"2025-06-18"});
    }
}

void TestMessages::speakAVersionThatBothKnow_data()
{
    QTest::addColumn<QStringList>("supported");
    QTest::addColumn<QString>("version");
    QTest::addColumn<QStringList>("expected");
    const QString discover = u"server/discover"_s;
    const QStringList older{u"initialize"_s, u"notifications/initialized"_s};
    QTest::newRow("today's, among others") << QStringList{u"2031-01-01"_s, u"2026-07-28"_s} << u"2026-07-28"_s
                                           << QStringList{discover, discover};
    QTest::newRow("an older one") << QStringList{u"2031-01-01"_s, u"2025-11-25"_s} << u"2025-11-25"_s
                                  << QStringList{discover} + older;
    QTest::newRow("none") << QStringList{u"2031-01-01"_s} << QString() << QStringList{discover};
}

// Proves: MOD-10, MOD-12
void TestMessages::speakAVersionThatBothKnow()
{
    QFETCH(QStringList, supported);
    QFETCH(QString, version);
    QFETCH(QStringList, expected);
    FakeMcpServer server;
    const FakeServer::Handler usual = server.http().routeOf(server.path());
    bool isFirst = true;
    server.http().route(server.path(), [&](const FakeRequest &request) {
        return std::exchange(isFirst, false) ? unsupportedVersion(request, supported) : usual(request);
    });
    const auto info = await(m_bed.session(server.url())->connect({}));
    QCOMPARE(namesOf(server.http()), expected);
    QCOMPARE(info.has_value(), !version.isEmpty());
    if (!info) {
        QCOMPARE(info.error().kind, ErrorKind::Protocol);
        return;
    }
    QCOMPARE(info->protocolVersion, version);
    QCOMPARE(server.http().requests().back().headers.value("MCP-Protocol-Version"), version.toLatin1());
    QSet<QJsonValue> ids;
    for (const FakeRequest &request : server.http().requests()) {
        const QJsonValue id = request.json().value("id"_L1);
        QVERIFY(!ids.contains(id));
        ids.insert(id);
    }
}

void TestMessages::tellRefusalsApart_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<int>("challenges");
    QTest::newRow("401: the token is not good") << 401 << "Bearer error=\"invalid_token\""_ba << 1;
    QTest::newRow("401 without a word") << 401 << ""_ba << 1;
    QTest::newRow("403: a permission is missing")
        << 403 << "Bearer error=\"insufficient_scope\", scope=\"admin\""_ba << 1;
    QTest::newRow("403: this person may not") << 403 << "Bearer error=\"invalid_token\""_ba << 0;
    QTest::newRow("403 without a word") << 403 << ""_ba << 0;
    QTest::newRow("400: the request is wrong") << 400 << "Bearer error=\"invalid_request\""_ba << 0;
    QTest::newRow("400 without a word") << 400 << ""_ba << 0;
}

// Proves: ERR-1, ERR-2
void TestMessages::tellRefusalsApart()
{
    QFETCH(int, status);
    QFETCH(QByteArray, challenge);
    QFETCH(int, challenges);
    FakeMcpServer server;
    CountingAuthorizer authorizer;
    const auto mine = std::make_shared<mcp::Session>(m_bed.client, m_bed.deadlines, server.url(), authorizer,
                                                     m_bed.tasks, mcp::SessionOptions());
    QVERIFY(await(mine->connect({})));
    FakeResponse refusal = FakeResponse::empty(status);
    if (!challenge.isEmpty()) {
        refusal.headers.add("WWW-Authenticate", challenge);
    }
    server.http().once(server.path(), refusal);
    const auto result = await(mine->callTool(u"whoami"_s, {}, {}, {}));
    QCOMPARE(authorizer.challenges, challenges);
    QCOMPARE(calls(server.http(), u"tools/call"_s).size(), challenges + 1);
    // What another token can mend is mended; what none can is told as it came.
    QCOMPARE(result.has_value(), challenges == 1);
    if (result) {
        QCOMPARE(result->text(), u"token-1"_s);
    } else {
        QCOMPARE(result.error().kind, ErrorKind::HttpStatus);
        QCOMPARE(result.error().httpStatus, status);
    }
}

QTEST_GUILESS_MAIN(TestMessages)
#include "tst_messages.moc"
