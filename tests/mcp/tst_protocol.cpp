// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/initializeresult.h"
#include "mcp/jsonrpc.h"
#include "mcp/negotiatedprotocol.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;
using Fit = mcp::InitializeResult::Fit;
using Kind = mcp::Message::Kind;

namespace {

QJsonObject object(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

mcp::Answer answer(int status, const QByteArray &message, bool isPage = false)
{
    mcp::Answer result;
    result.head.status = status;
    result.head.url = QUrl(u"https://mcp.example.com/mcp"_s);
    result.isPage = isPage;
    if (!message.isEmpty()) {
        result.message = mcp::Message::read(message).value();
    }
    return result;
}

} // namespace

class TestProtocol : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesEras();
    void joinsTheTextsOfAResult();
    void encodesHeaderValues_data();
    void encodesHeaderValues();
    void buildsAStatelessRequest();
    void buildsASessionRequest();
    void buildsInitializeWithoutAVersionHeader();
    void readsMessages_data();
    void readsMessages();
    void readsBatches();
    void knowsItsAnswers();
    void keepsTheBytes();
    void hidesASecret();
    void writesMessages();
    void readsDiscovery_data();
    void readsDiscovery();
    void readsRefusalsOfAVersion_data();
    void readsRefusalsOfAVersion();
    void readsInitialize_data();
    void readsInitialize();
    void takesTheServersNameFromBothPlaces();
};

void TestProtocol::namesEras()
{
    for (const mcp::Era era :
         {mcp::Era::Unknown, mcp::Era::Stateless, mcp::Era::Sessions, mcp::Era::HttpSse}) {
        QCOMPARE(mcp::eraFromName(mcp::eraName(era)), era);
    }
    QCOMPARE(mcp::eraName(mcp::Era::Stateless), u"stateless"_s);
    QCOMPARE(mcp::eraName(mcp::Era::Sessions), u"sessions"_s);
    QCOMPARE(mcp::eraFromName(u"nonsense"), mcp::Era::Unknown);
}

void TestProtocol::joinsTheTextsOfAResult()
{
    mcp::ToolResult result;
    result.result = object(R"({"content":[{"type":"text","text":"one"},{"type":"image","data":"AA"},
                              {"type":"text","text":"two"}]})");
    QCOMPARE(result.text(), u"one\ntwo"_s);
    QCOMPARE(mcp::ToolResult().text(), QString());
}

void TestProtocol::encodesHeaderValues_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("expected");
    // The examples of MCP 2026-07-28, Streamable HTTP, "Value Encoding", and the edges.
    QTest::newRow("plain") << u"us-west1"_s << "us-west1"_ba;
    QTest::newRow("inner space") << u"a b"_s << "a b"_ba;
    QTest::newRow("not ASCII") << u"Hello, 世界"_s << "=?base64?SGVsbG8sIOS4lueVjA==?="_ba;
    QTest::newRow("edges") << u" padded "_s << "=?base64?IHBhZGRlZCA=?="_ba;
    QTest::newRow("line break") << u"line1\nline2"_s << "=?base64?bGluZTEKbGluZTI=?="_ba;
    QTest::newRow("tab") << u"a\tb"_s << "=?base64?YQli?="_ba;
    QTest::newRow("sentinel") << u"=?base64?literal?="_s << "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="_ba;
    QTest::newRow("half a sentinel") << u"=?base64?literal"_s << "=?base64?literal"_ba;
    QTest::newRow("delete") << u"\x7f"_s << "=?base64?fw==?="_ba;
}

// Proves: MOD-4
void TestProtocol::encodesHeaderValues()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, expected);
    QCOMPARE(mcp::headerValue(text), expected);
}

// Proves: MOD-1, MOD-2, MOD-3, MOD-8, MOD-9
void TestProtocol::buildsAStatelessRequest()
{
    mcp::NegotiatedProtocol protocol;
    protocol.era = mcp::Era::Stateless;
    protocol.version = u"2026-07-28"_s;
    // What belongs to the other era must not leak into this one.
    protocol.sessionId = "abc";
    mcp::Call call;
    call.method = u"tools/call"_s;
    const QString name = u"wetter_für"_s;
    call.params = mcp::jsonOf({{u"name"_s, name}});
    const http::Request request = protocol.post(call, QUrl(u"https://a.example/mcp"_s), 7);
    QCOMPARE(request.verb, "POST"_ba);
    QCOMPARE(request.redirects, http::Redirects::FollowSamePost);
    QCOMPARE(request.headers.value("Content-Type"), "application/json"_ba);
    QCOMPARE(request.headers.value("Accept"), "application/json, text/event-stream"_ba);
    QCOMPARE(request.headers.value("MCP-Protocol-Version"), "2026-07-28"_ba);
    QCOMPARE(request.headers.value("Mcp-Method"), "tools/call"_ba);
    QCOMPARE(request.headers.value("Mcp-Name"), "=?base64?d2V0dGVyX2bDvHI=?="_ba);
    QVERIFY(!request.headers.contains("Mcp-Session-Id"));
    const QJsonObject body = object(request.body);
    QCOMPARE(body.value("jsonrpc"_L1).toString(), u"2.0"_s);
    QCOMPARE(body.value("id"_L1).toInteger(), 7);
    QCOMPARE(body.value("method"_L1).toString(), u"tools/call"_s);
    const QJsonObject params = body.value("params"_L1).toObject();
    QCOMPARE(params.value("name"_L1).toString(), name);
    const QJsonObject meta = params.value("_meta"_L1).toObject();
    QCOMPARE(meta.value("io.modelcontextprotocol/protocolVersion"_L1).toString(), u"2026-07-28"_s);
    QCOMPARE(meta.value("io.modelcontextprotocol/clientCapabilities"_L1), QJsonValue(QJsonObject()));
    const QJsonObject client = meta.value("io.modelcontextprotocol/clientInfo"_L1).toObject();
    QCOMPARE(client.value("name"_L1).toString(), u"Mooring"_s);
    QVERIFY(!client.value("version"_L1).toString().isEmpty());
}

// Proves: LEG-2, LEG-4
void TestProtocol::buildsASessionRequest()
{
    mcp::NegotiatedProtocol protocol;
    protocol.era = mcp::Era::Sessions;
    protocol.version = u"2025-06-18"_s;
    protocol.sessionId = "abc";
    mcp::Call call;
    call.method = u"tools/list"_s;
    const http::Request request = protocol.post(call, QUrl(u"https://a.example/mcp"_s), 1);
    QCOMPARE(request.headers.value("MCP-Protocol-Version"), "2025-06-18"_ba);
    QCOMPARE(request.headers.value("Mcp-Session-Id"), "abc"_ba);
    QVERIFY(!request.headers.contains("Mcp-Method"));
    QVERIFY(!object(request.body).value("params"_L1).toObject().contains("_meta"_L1));
}

void TestProtocol::buildsInitializeWithoutAVersionHeader()
{
    mcp::NegotiatedProtocol protocol;
    protocol.era = mcp::Era::Sessions;
    const http::Request request = protocol.post(protocol.initialize({}), QUrl(u"https://a.example/mcp"_s), 1);
    QVERIFY(!request.headers.contains("MCP-Protocol-Version"));
    QVERIFY(!request.headers.contains("Mcp-Session-Id"));
    const QJsonObject params = object(request.body).value("params"_L1).toObject();
    QCOMPARE(params.value("protocolVersion"_L1).toString(), u"2025-11-25"_s);
    QCOMPARE(params.value("capabilities"_L1), QJsonValue(QJsonObject()));
}

void TestProtocol::readsMessages_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<std::optional<Kind>>("kind");
    const auto row = [](const char *name, const QByteArray &text, std::optional<Kind> kind) {
        QTest::newRow(name) << text << kind;
    };
    row("result", R"({"jsonrpc":"2.0","id":1,"result":{}})", Kind::Result);
    row("error", R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}})", Kind::Error);
    row("error about nothing", R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700}})", Kind::Error);
    row("error without id", R"({"jsonrpc":"2.0","error":{"code":-32700}})", Kind::Error);
    row("request", R"({"jsonrpc":"2.0","id":"a","method":"ping"})", Kind::Request);
    row("notification", R"({"jsonrpc":"2.0","method":"notifications/progress"})", Kind::Notification);
    row("another version", R"({"jsonrpc":"1.0","id":1,"result":{}})", {});
    row("no version", R"({"id":1,"result":{}})", {});
    row("both", R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1}})", {});
    row("an error that is null", R"({"jsonrpc":"2.0","id":1,"result":{},"error":null})", Kind::Result);
    row("a result that is null", R"({"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1}})", Kind::Error);
    row("a method that is null", R"({"jsonrpc":"2.0","id":1,"method":null,"result":{}})", Kind::Result);
    row("params that are null", R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})", Kind::Request);
    row("both null", R"({"jsonrpc":"2.0","id":1,"result":null,"error":null})", {});
    row("a result with a null id", R"({"jsonrpc":"2.0","id":null,"result":{}})", {});
    row("neither", R"({"jsonrpc":"2.0","id":1})", {});
    row("a result without id", R"({"jsonrpc":"2.0","result":{}})", {});
    row("a result that is a text", R"({"jsonrpc":"2.0","id":1,"result":"ok"})", {});
    row("an error without code", R"({"jsonrpc":"2.0","id":1,"error":"no"})", {});
    row("a request with a null id", R"({"jsonrpc":"2.0","id":null,"method":"ping"})", {});
    row("nothing", "{}", {});
}

void TestProtocol::readsMessages()
{
    QFETCH(QByteArray, text);
    QFETCH(std::optional<Kind>, kind);
    const auto message = mcp::Message::read(text);
    QCOMPARE(message.has_value(), kind.has_value());
    if (message) {
        QCOMPARE(message->kind(), *kind);
        QCOMPARE(message->text(), text);
    } else {
        QCOMPARE(message.error().kind, base::ErrorKind::Protocol);
    }
}

void TestProtocol::readsBatches()
{
    const auto idsIn = [](const QByteArray &text) {
        QStringList ids;
        const QList<mcp::Message> messages = mcp::readMessages(text);
        for (const mcp::Message &message : messages) {
            ids.append(QString::fromUtf8(message.id()));
        }
        return ids;
    };
    const QByteArray one = R"({"jsonrpc":"2.0","id":1,"result":{},"error":null})";
    const QByteArray two = R"({"jsonrpc":"2.0","id":2,"error":{"code":1},"result":null})";
    QCOMPARE(idsIn(one), QStringList{u"1"_s});
    QCOMPARE(idsIn('[' + one + ',' + two + ']'), (QStringList{u"1"_s, u"2"_s}));
    QCOMPARE(idsIn("[null, 7, \"x\", {\"type\":\"heartbeat\"}, [" + one + "], " + two + ']'),
             QStringList{u"2"_s});
    for (const char *nothing : {"", "[]", "null", "hello", "{", "[{]"}) {
        QCOMPARE(idsIn(nothing), QStringList());
    }
}

void TestProtocol::knowsItsAnswers()
{
    const auto answers = [](const QByteArray &text) { return mcp::Message::read(text)->answers(5); };
    QVERIFY(answers(R"({"jsonrpc":"2.0","id":5,"result":{}})"));
    QVERIFY(answers(R"({"jsonrpc":"2.0","id":"5","result":{}})"));
    QVERIFY(answers(R"({"jsonrpc":"2.0","id":null,"error":{"code":1}})"));
    QVERIFY(!answers(R"({"jsonrpc":"2.0","id":6,"result":{}})"));
    QVERIFY(answers(R"({"jsonrpc":"2.0","id":5.0,"result":{}})"));
    QVERIFY(answers(R"({"jsonrpc":"2.0","id":"\u0035","result":{}})"));
    QVERIFY(!answers(R"({"jsonrpc":"2.0","id":5.5,"result":{}})"));
    QVERIFY(!answers(R"({"jsonrpc":"2.0","id":"5.0","result":{}})"));
    QVERIFY(!answers(R"({"jsonrpc":"2.0","id":5,"method":"ping"})"));
}

/// Numbers that no double holds, escapes, members that nobody knows: all of it as it came.
void TestProtocol::keepsTheBytes()
{
    const QByteArray result = R"({"big":12345678901234567890, "x":"\u0041\/" , "y":1.10})";
    const QByteArray text = R"({ "extra":[1], "id" : 7, "jsonrpc":"2.0","result": )" + result + " }";
    const mcp::Message message = mcp::Message::read(text).value();
    QCOMPARE(message.text(), text);
    QCOMPARE(message.resultText().toByteArray(), result);
    QCOMPARE(message.result().value("x"_L1).toString(), u"A/"_s);
    QCOMPARE(message.textWithId(R"("mine")"), QByteArray(text).replace(" 7,", R"( "mine",)"));
    QVERIFY(message.paramsText().isEmpty());
    const QByteArray call =
        R"({"jsonrpc":"2.0","method":"a\/b","id":98765432109876543210,"params":{"b":1,"a":2}})";
    const mcp::Message request = mcp::Message::read(call).value();
    QCOMPARE(request.id(), "98765432109876543210"_ba);
    QCOMPARE(request.method(), u"a/b"_s);
    QCOMPARE(request.paramsText().toByteArray(), R"({"b":1,"a":2})"_ba);
    QCOMPARE(mcp::resultText(request.id(), "{}"),
             R"({"jsonrpc":"2.0","id":98765432109876543210,"result":{}})"_ba);
    // Two members of one name are decided differently by everybody, so nobody gets to see them.
    QVERIFY(!mcp::Message::read(R"({"jsonrpc":"2.0","id":1,"id":2,"result":{}})"));
    QVERIFY(!mcp::Message::read(R"({"jsonrpc":"2.0","id":1,"result":{"a":{"b":1,"\u0062":2}}})"));
}

void TestProtocol::hidesASecret()
{
    mcp::Message message =
        mcp::Message::read(
            R"({"jsonrpc":"2.0","id":"x","error":{"code":-1,"message":"bad s3cret!","data":"s3cret!"}})")
            .value();
    message.hide(u"s3cret!"_s);
    QCOMPARE(message.error().message, u"bad ***"_s);
    QVERIFY(!message.text().contains("s3cret!"));
    const mcp::Message again = mcp::Message::read(message.text()).value();
    QCOMPARE(again.id(), R"("x")"_ba);
    QCOMPARE(again.error().code, -1);
    QVERIFY(again.error().data.isUndefined());
}

void TestProtocol::writesMessages()
{
    QCOMPARE(mcp::requestText(5, u"tools/list"_s, {}),
             R"({"jsonrpc":"2.0","id":5,"method":"tools/list","params":{}})"_ba);
    QCOMPARE(mcp::requestText(5, u"a\"b"_s, R"({"x": 1.0})"),
             R"({"jsonrpc":"2.0","id":5,"method":"a\"b","params":{"x": 1.0}})"_ba);
    QCOMPARE(mcp::notificationText(u"n"_s, {}), R"({"jsonrpc":"2.0","method":"n"})"_ba);
    QCOMPARE(mcp::notificationText(u"n"_s, "{}"), R"({"jsonrpc":"2.0","method":"n","params":{}})"_ba);
    QCOMPARE(mcp::errorText(R"("7")", -32601, u"no"_s),
             R"({"jsonrpc":"2.0","id":"7","error":{"code":-32601,"message":"no"}})"_ba);
}

void TestProtocol::readsDiscovery_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<Fit>("fit");
    const auto row = [](const char *name, int status, const QByteArray &member, Fit fit) {
        const QByteArray text =
            member.isEmpty() ? QByteArray() : R"({"jsonrpc":"2.0","id":1,)" + member + '}';
        QTest::newRow(name) << status << text << fit;
    };
    row("today", 200, R"("result":{"supportedVersions":["2025-11-25","2026-07-28"]})", Fit::Agreed);
    row("yesterday only", 200, R"("result":{"supportedVersions":["2025-11-25"]})", Fit::OtherEra);
    row("tomorrow only", 200, R"("result":{"supportedVersions":["2031-01-01"]})", Fit::UnknownVersions);
    row("no versions", 200, R"("result":{})", Fit::OtherEra);
    row("refused, offers today", 400, R"("error":{"code":-32022,"data":{"supported":["2026-07-28"]}})",
        Fit::AskAgain);
    row("refused, offers yesterday", 400, R"("error":{"code":-32022,"data":{"supported":["2025-06-18"]}})",
        Fit::OtherEra);
    row("refused, offers tomorrow", 400, R"("error":{"code":-32022,"data":{"supported":["2031-01-01"]}})",
        Fit::UnknownVersions);
    row("refused, offers nothing", 400, R"("error":{"code":-32022})", Fit::OtherEra);
    row("unknown method", 404, R"("error":{"code":-32601})", Fit::OtherEra);
    row("error with 200", 200, R"("error":{"code":-32600})", Fit::OtherEra);
    row("error with 500", 500, R"("error":{"code":-32603})", Fit::OtherEra);
    row("400", 400, "", Fit::OtherEra);
    row("405", 405, "", Fit::OtherEra);
    row("429", 429, "", Fit::Outage);
    row("500", 500, "", Fit::Outage);
    row("503", 503, "", Fit::Outage);
    row("empty 202", 202, "", Fit::OtherEra);
}

// Proves: ERA-1, ERA-2, MOD-10
void TestProtocol::readsDiscovery()
{
    QFETCH(int, status);
    QFETCH(QByteArray, message);
    QFETCH(Fit, fit);
    QCOMPARE(mcp::readDiscovery(answer(status, message)).fit, fit);
    if (message.isEmpty() && status == 202) {
        QCOMPARE(mcp::readDiscovery(answer(status, message, true)).fit, Fit::NoServer);
    }
}

void TestProtocol::readsRefusalsOfAVersion_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<QByteArray>("words");
    QTest::addColumn<Fit>("fit");
    QTest::addColumn<QStringList>("versions");
    QTest::addColumn<bool>("isAboutVersions");
    const auto row = [](const char *name, int status, const QByteArray &error, const QByteArray &words,
                        Fit fit, const QStringList &versions, bool isAboutVersions) {
        QTest::newRow(name) << status << error << words << fit << versions << isAboutVersions;
    };
    const QStringList older{u"2025-06-18"_s};
    row("words", 400, "", "Unsupported protocol version 2025-11-25, use 2025-06-18", Fit::StepDown, older,
        true);
    row("words with 500", 500, "", "unknown protocol version", Fit::StepDown, {}, true);
    row("words about something else", 400, "", "Bad Request", Fit::StepDown, {}, false);
    row("nothing", 400, "", "", Fit::OtherEra, {}, false);
    row("something else", 404, "", "not here", Fit::OtherEra, {}, false);
    row("an outage", 503, "", "down for maintenance", Fit::Outage, {}, false);
    row("data.expected", 200, R"("code":-32602,"message":"no","data":{"protocolVersion":"2025-06-18"})", "",
        Fit::StepDown, older, true);
    row("an array as data", 200, R"("code":-32000,"message":"protocol version?","data":["2025-06-18"])", "",
        Fit::StepDown, older, true);
    row("wrong parameters", 200, R"("code":-32602,"message":"Invalid params")", "", Fit::StepDown, {}, false);
    row("no such method", 200, R"("code":-32601,"message":"Method not found")", "", Fit::OtherEra, {}, false);
    row("trouble inside", 500, R"("code":-32603,"message":"Internal error")", "", Fit::Outage, {}, false);
}

// Proves: MOD-10
void TestProtocol::readsRefusalsOfAVersion()
{
    QFETCH(int, status);
    QFETCH(QByteArray, error);
    QFETCH(QByteArray, words);
    QFETCH(Fit, fit);
    QFETCH(QStringList, versions);
    QFETCH(bool, isAboutVersions);
    mcp::Answer refusal = answer(
        status, error.isEmpty() ? QByteArray() : R"({"jsonrpc":"2.0","id":1,"error":{)" + error + "}}");
    refusal.words = words;
    const mcp::InitializeResult reading = mcp::readInitialize(refusal, u"2025-11-25"_s);
    QCOMPARE(reading.fit, fit);
    QCOMPARE(reading.versions, versions);
    QCOMPARE(reading.isAboutVersions, isAboutVersions);
    refusal.isPage = true;
    QVERIFY(!mcp::readInitialize(refusal, u"2025-11-25"_s).isAboutVersions);
}

void TestProtocol::readsInitialize_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<Fit>("fit");
    QTest::newRow("2025-11-25") << 200 << "2025-11-25"_ba << Fit::Agreed;
    QTest::newRow("2025-06-18") << 200 << "2025-06-18"_ba << Fit::Agreed;
    QTest::newRow("2025-03-26") << 200 << "2025-03-26"_ba << Fit::Agreed;
    QTest::newRow("2024-11-05") << 200 << "2024-11-05"_ba << Fit::Agreed;
    QTest::newRow("unknown") << 200 << "2031-01-01"_ba << Fit::UnknownVersions;
    QTest::newRow("none") << 200 << ""_ba << Fit::OtherEra;
}

void TestProtocol::readsInitialize()
{
    QFETCH(int, status);
    QFETCH(QByteArray, version);
    QFETCH(Fit, fit);
    const mcp::InitializeResult reading = mcp::readInitialize(
        answer(status, R"({"jsonrpc":"2.0","id":1,"result":{"protocolVersion":")" + version + R"("}})"),
        u"2025-11-25"_s);
    QCOMPARE(reading.fit, fit);
    if (fit == Fit::Agreed) {
        QCOMPARE(reading.server.protocolVersion, QString::fromLatin1(version));
        QCOMPARE(reading.server.era, mcp::Era::Sessions);
    }
}

void TestProtocol::takesTheServersNameFromBothPlaces()
{
    const QByteArray start = R"({"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"],)";
    const QByteArray info = R"({"name":"Here","version":"3"})";
    for (const QByteArray &rest : {R"("_meta":{"io.modelcontextprotocol/serverInfo":)" + info + "}}}",
                                   R"("serverInfo":)" + info + "}}"}) {
        const mcp::ServerInfo server = mcp::readDiscovery(answer(200, start + rest)).server;
        QCOMPARE(server.name, u"Here"_s);
        QCOMPARE(server.version, u"3"_s);
        QCOMPARE(server.protocolVersion, u"2026-07-28"_s);
    }
}

QTEST_GUILESS_MAIN(TestProtocol)
#include "tst_protocol.moc"
