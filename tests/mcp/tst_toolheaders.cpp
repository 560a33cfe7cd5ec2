// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/toolheaders.h"
#include "sessionbed.h"

using namespace mooring;
using namespace mooring::sessionbed;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using mcp::ToolHeaders;
using support::await;
using support::FakeServer;

namespace {

QJsonObject object(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

/// An object schema with these properties.
QJsonObject schema(const QByteArray &properties)
{
    return object(R"({"type":"object","properties":{)" + properties + "}}");
}

FakeResponse mismatch(const FakeRequest &request)
{
    const QJsonObject error{{u"code"_s, -32020}, {u"message"_s, u"Mcp-Param-Region is missing"_s}};
    return FakeResponse::json(
        {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.json().value("id"_L1)}, {u"error"_s, error}}, 400);
}

/// A server of today whose tools are what `tools` says at the time.
void serve(FakeServer *http, const QJsonArray *tools, const QByteArray *wanted)
{
    http->route("/mcp", [tools, wanted](const FakeRequest &request) {
        const QJsonValue id = request.json().value("id"_L1);
        if (methodOf(request) == "server/discover"_L1) {
            return FakeResponse::json(response(id, {{u"supportedVersions"_s, QJsonArray{u"2026-07-28"_s}}}));
        }
        if (methodOf(request) == "tools/list"_L1) {
            return FakeResponse::json(response(id, {{u"tools"_s, *tools}}));
        }
        const bool isComplete = wanted->isEmpty() || request.headers.value("Mcp-Param-Region") == *wanted;
        return isComplete ? FakeResponse::json(response(id, textResult(u"done"_s))) : mismatch(request);
    });
}

QJsonObject tool(const QString &name, const QJsonObject &inputSchema)
{
    return {{u"name"_s, name}, {u"inputSchema"_s, inputSchema}};
}

} // namespace

class TestToolHeaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { await(m_bed.tasks.drained()); }
    void judgesAnnotations_data();
    void judgesAnnotations();
    void writesValues_data();
    void writesValues();
    void readsNestedValues();
    void leavesOutFaultyTools();
    void sendsThemWithTheCall();
    void looksAgainWhenTheServerMissesThem();
    void doesNotRepeatForNothing();
    void keepsSchemasAsTheyAre();

private:
    Bed m_bed;
};

void TestToolHeaders::judgesAnnotations_data()
{
    QTest::addColumn<QJsonObject>("input");
    QTest::addColumn<bool>("isValid");
    const auto row = [](const char *name, const QJsonObject &input, bool isValid) {
        QTest::newRow(name) << input << isValid;
    };
    row("none", schema(R"("a":{"type":"string"})"), true);
    row("string", schema(R"("a":{"type":"string","x-mcp-header":"Region"})"), true);
    row("integer", schema(R"("a":{"type":"integer","x-mcp-header":"N"})"), true);
    row("boolean", schema(R"("a":{"type":"boolean","x-mcp-header":"B"})"), true);
    row("string or null", schema(R"("a":{"type":["string","null"],"x-mcp-header":"S"})"), true);
    row("every letter of a token", schema(R"("a":{"type":"string","x-mcp-header":"aZ09!#$%&'*+-.^_`|~"})"),
        true);
    row("nested", schema(R"("a":{"type":"object","properties":{"b":{"type":"string","x-mcp-header":"B"}}})"),
        true);
    row("a property of that name", schema(R"("x-mcp-header":{"type":"string"})"), true);
    row("data of that name", schema(R"("a":{"type":"object","default":{"x-mcp-header":""}})"), true);
    row("number", schema(R"("a":{"type":"number","x-mcp-header":"N"})"), false);
    row("object", schema(R"("a":{"type":"object","x-mcp-header":"O"})"), false);
    row("array", schema(R"("a":{"type":"array","x-mcp-header":"A"})"), false);
    row("null", schema(R"("a":{"type":"null","x-mcp-header":"N"})"), false);
    row("no type", schema(R"("a":{"x-mcp-header":"N"})"), false);
    row("string or integer", schema(R"("a":{"type":["string","integer"],"x-mcp-header":"N"})"), false);
    row("empty", schema(R"("a":{"type":"string","x-mcp-header":""})"), false);
    row("no text", schema(R"("a":{"type":"string","x-mcp-header":7})"), false);
    row("space", schema(R"("a":{"type":"string","x-mcp-header":"My Region"})"), false);
    row("colon", schema(R"("a":{"type":"string","x-mcp-header":"Region:Primary"})"), false);
    row("not ASCII", schema(R"("a":{"type":"string","x-mcp-header":"Région"})"), false);
    row("line break", schema(R"("a":{"type":"string","x-mcp-header":"A\r\nB"})"), false);
    row("twice",
        schema(R"("a":{"type":"string","x-mcp-header":"R"},"b":{"type":"string","x-mcp-header":"r"})"),
        false);
    row("at the root", object(R"({"type":"object","x-mcp-header":"R"})"), false);
    row("in items", schema(R"("a":{"type":"array","items":{"type":"string","x-mcp-header":"R"}})"), false);
    row("in oneOf", schema(R"("a":{"oneOf":[{"type":"string","x-mcp-header":"R"}]})"), false);
    row("in then", object(R"({"then":{"properties":{"a":{"type":"string","x-mcp-header":"R"}}}})"), false);
    row("in $defs", object(R"({"$defs":{"a":{"type":"string","x-mcp-header":"R"}}})"), false);
    row("in patternProperties", object(R"({"patternProperties":{"a":{"type":"string","x-mcp-header":"R"}}})"),
        false);
}

// Proves: MOD-6
void TestToolHeaders::judgesAnnotations()
{
    QFETCH(QJsonObject, input);
    QFETCH(bool, isValid);
    const auto headers = ToolHeaders::fromSchema(input);
    QCOMPARE(headers.has_value(), isValid);
    QVERIFY(isValid || headers.error().detail.contains("x-mcp-header"_L1));
}

void TestToolHeaders::writesValues_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("isSent");
    const auto row = [](const char *name, const QByteArray &value, const QByteArray &expected,
                        bool isSent = true) { QTest::newRow(name) << value << expected << isSent; };
    row("text", R"("us-west1")", "us-west1");
    row("empty text", R"("")", "");
    row("inner spaces", R"("us west 1")", "us west 1");
    row("spaces at the edges", R"(" padded ")", "=?base64?IHBhZGRlZCA=?=");
    row("not ASCII", R"("Hello, 世界")", "=?base64?SGVsbG8sIOS4lueVjA==?=");
    row("line break", R"("line1\nline2")", "=?base64?bGluZTEKbGluZTI=?=");
    row("tab", R"("\tindented")", "=?base64?CWluZGVudGVk?=");
    row("the sentinel", R"("=?base64?literal?=")", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
    row("integer", "42", "42");
    row("negative", "-7", "-7");
    row("an integer with a point", "42.0", "42");
    row("the largest", "9007199254740991", "9007199254740991");
    row("true", "true", "true");
    row("false", "false", "false");
    row("too large", "9007199254740993", "", false);
    row("a fraction", "1.5", "", false);
    row("null", "null", "", false);
    row("an object", "{}", "", false);
}

// Proves: MOD-4, MOD-5
void TestToolHeaders::writesValues()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, expected);
    QFETCH(bool, isSent);
    const auto headers = ToolHeaders::fromSchema(schema(R"("a":{"type":"string","x-mcp-header":"Value"})"));
    QVERIFY(headers);
    const http::Headers sent = headers->forArguments(object(R"({"a":)" + value + R"(,"other":"x"})"));
    QCOMPARE(sent.fields().size(), isSent ? 1 : 0);
    QVERIFY(!isSent || sent.fields().first() == http::Headers::Field("Mcp-Param-Value", expected));
    QVERIFY(headers->forArguments({}).fields().isEmpty());
}

void TestToolHeaders::readsNestedValues()
{
    const auto headers = ToolHeaders::fromSchema(
        schema(R"("a":{"type":"object","properties":{"b":{"type":"string","x-mcp-header":"B"}}})"));
    QVERIFY(headers);
    QCOMPARE(headers->forArguments(object(R"({"a":{"b":"deep"}})")).value("Mcp-Param-B"), "deep"_ba);
    QVERIFY(headers->forArguments(object(R"({"b":"shallow"})")).fields().isEmpty());
}

// Proves: MOD-6
void TestToolHeaders::leavesOutFaultyTools()
{
    const QJsonArray tools{tool(u"good"_s, schema(R"("a":{"type":"string","x-mcp-header":"Region"})")),
                           tool(u"bad"_s, schema(R"("a":{"type":"number","x-mcp-header":"Region"})"))};
    FakeServer http;
    const QByteArray wanted;
    serve(&http, &tools, &wanted);
    const auto mine = m_bed.session(http.url(u"/mcp"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"offers the tool bad with x-mcp-header"_s));
    const auto listed = await(mine->listTools({}));
    QVERIFY(listed);
    QCOMPARE(listed->size(), 1);
    QCOMPARE(listed->first().name, u"good"_s);
    http.forgetRequests();
    const auto result = await(mine->callTool(u"bad"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
    QVERIFY(http.requests().empty());
    // The rule is of today; what older servers write there is their own business.
    support::FakeMcpServer old;
    old.speaksStateless = false;
    QCOMPARE(await(m_bed.session(old.url())->listTools({}))->size(), 3);
}

// Proves: MOD-5
void TestToolHeaders::sendsThemWithTheCall()
{
    const QJsonArray tools{
        tool(u"t"_s, schema(R"("a":{"type":"string","x-mcp-header":"Region"},"b":{"type":"string"})"))};
    FakeServer http;
    const QByteArray wanted = "north";
    serve(&http, &tools, &wanted);
    const auto mine = m_bed.session(http.url(u"/mcp"_s));
    QVERIFY(await(mine->listTools({})));
    const auto result = await(mine->callTool(u"t"_s, {{u"a"_s, u"north"_s}, {u"b"_s, u"x"_s}}, {}, {}));
    QVERIFY(result);
    const auto sent = calls(http, u"tools/call"_s);
    QCOMPARE(sent.size(), 1);
    QCOMPARE(sent[0].headers.values("Mcp-Param-Region"), QList<QByteArray>{"north"});
    QVERIFY(!sent[0].headers.contains("Mcp-Param-b"));
    QCOMPARE(sent[0].json().value("params"_L1)["arguments"_L1]["a"_L1].toString(), u"north"_s);
}

// Proves: MOD-7, MOD-12
void TestToolHeaders::looksAgainWhenTheServerMissesThem()
{
    const QJsonArray tools{tool(u"t"_s, schema(R"("a":{"type":"string","x-mcp-header":"Region"})"))};
    FakeServer http;
    const QByteArray wanted = "north";
    serve(&http, &tools, &wanted);
    const auto result =
        await(m_bed.session(http.url(u"/mcp"_s))->callTool(u"t"_s, {{u"a"_s, u"north"_s}}, {}, {}));
    QVERIFY2(result, result ? "" : qPrintable(result.error().sentence));
    QCOMPARE(result->text(), u"done"_s);
    const auto sent = calls(http, u"tools/call"_s);
    QCOMPARE(sent.size(), 2);
    QVERIFY(!sent[0].headers.contains("Mcp-Param-Region"));
    QVERIFY(sent[0].json().value("id"_L1) != sent[1].json().value("id"_L1));
    QCOMPARE(calls(http, u"tools/list"_s).size(), 1);
}

// Proves: MOD-7
void TestToolHeaders::doesNotRepeatForNothing()
{
    const QJsonArray tools{tool(u"t"_s, schema(R"("a":{"type":"string"})"))};
    FakeServer http;
    const QByteArray wanted = "north";
    serve(&http, &tools, &wanted);
    const auto result =
        await(m_bed.session(http.url(u"/mcp"_s))->callTool(u"t"_s, {{u"a"_s, u"north"_s}}, {}, {}));
    QVERIFY(!result);
    QVERIFY(result.error().detail.contains("-32020"_L1));
    QCOMPARE(calls(http, u"tools/call"_s).size(), 1);
    QCOMPARE(calls(http, u"tools/list"_s).size(), 1);
}

void TestToolHeaders::keepsSchemasAsTheyAre()
{
    FakeServer elsewhere;
    const QJsonObject input = object(
        R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"a":{"$anchor":"x"}},
            "properties":{"a":{"$ref":")"
        + elsewhere.origin().toLatin1()
        + R"(/schema.json"},"n":{"type":"integer","maximum":9007199254740993}},
            "unevaluatedProperties":false,"dependentRequired":{"a":["b"]}})");
    const QJsonArray tools{tool(u"t"_s, input)};
    FakeServer http;
    const QByteArray wanted;
    serve(&http, &tools, &wanted);
    const auto listed = await(m_bed.session(http.url(u"/mcp"_s))->listTools({}));
    QVERIFY(listed);
    QCOMPARE(listed->first().inputSchema, input);
    // Nobody fetches what a schema refers to.
    QVERIFY(elsewhere.requests().empty());
}

QTEST_GUILESS_MAIN(TestToolHeaders)
#include "tst_toolheaders.moc"
