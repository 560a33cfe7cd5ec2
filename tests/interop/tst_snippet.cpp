// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/snippet.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using interop::SnippetServer;

class TstSnippet final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesServers_data();
    void takesServers();
    void refuses_data();
    void refuses();
    void tellsSnippetsFromAddresses_data();
    void tellsSnippetsFromAddresses();
    void prefersAuthorizationAmongHeaders();
    void pointsOutPlaceholders();
    void keepsProgramsApart();
    void takesNoNamelessHeader();
    void endsAtAHundredServers();
};

void TstSnippet::takesServers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &text, const QString &expected) {
        QTest::newRow(name) << text << expected;
    };
    row("mcpServers", uR"({"mcpServers":{"linear":{"url":"https://mcp.linear.app/mcp"}}})"_s,
        u"linear|https://mcp.linear.app/mcp||"_s);
    row("servers", uR"({"servers":{"a":{"type":"http","url":"https://a.example/mcp"}}})"_s,
        u"a|https://a.example/mcp||"_s);
    row("nested", uR"({"mcp":{"servers":{"a":{"url":"https://a.example/mcp"}}}})"_s,
        u"a|https://a.example/mcp||"_s);
    row("serverUrl", uR"({"mcpServers":{"a":{"serverUrl":"https://a.example/mcp"}}})"_s,
        u"a|https://a.example/mcp||"_s);
    row("httpUrl", uR"({"mcpServers":{"a":{"httpUrl":"https://a.example/mcp"}}})"_s,
        u"a|https://a.example/mcp||"_s);
    row("bare server", uR"({"url":"https://a.example/mcp"})"_s, u"|https://a.example/mcp||"_s);
    row("bare entry", uR"({"a":{"url":"https://a.example/mcp"}})"_s, u"a|https://a.example/mcp||"_s);
    row("without braces", uR"("a":{"url":"https://a.example/mcp"},)"_s, u"a|https://a.example/mcp||"_s);
    row("header", uR"({"a":{"url":"https://a.example/mcp","headers":{"X-Key":"s3cret"}}})"_s,
        u"a|https://a.example/mcp|X-Key|s3cret"_s);
    row("comments", u"// put it here\n{ /* my */ \"a\": {\"url\": \"https://a.example/mcp\", // yes\n}, }"_s,
        u"a|https://a.example/mcp||"_s);
    row("slashes in strings", uR"({"a":{"url":"https://a.example//x/*y*/","note":"a\"//b"}})"_s,
        u"a|https://a.example//x/*y*/||"_s);
    row("a bridge",
        uR"({"mcpServers":{"a":{"command":"npx","args":["-y","mcp-remote@latest","https://a.example/mcp","--header","X-Key: k"]}}})"_s,
        u"a|https://a.example/mcp|X-Key|k"_s);
    row("two", uR"({"mcpServers":{"a":{"url":"https://a.example/"},"b":{"url":"https://b.example/"}}})"_s,
        u"a|https://a.example/||\nb|https://b.example/||"_s);
}

void TstSnippet::takesServers()
{
    QFETCH(const QString, text);
    QFETCH(const QString, expected);
    QVERIFY(interop::looksLikeSnippet(text));
    const base::Result<QList<SnippetServer>> servers = interop::parseSnippet(text);
    QVERIFY2(servers.has_value(), servers ? "" : qPrintable(servers.error().sentence));
    QStringList got;
    for (const SnippetServer &server : *servers) {
        got << QStringList{server.name, server.url, server.headerName, server.headerValue}.join(u'|');
    }
    QCOMPARE(got.join(u'\n'), expected);
}

void TstSnippet::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("cut in half") << uR"({"mcpServers":{"a":{"url":"https://a.exam)"_s << u"not complete"_s;
    QTest::newRow("no server") << uR"({"theme":"dark","a":[1,2]})"_s << u"no server"_s;
    QTest::newRow("empty") << u"{}"_s << u"no server"_s;
    QTest::newRow("a program") << uR"({"mcpServers":{"fs":{"command":"npx","args":["-y","server-files"]}}})"_s
                               << u"starts a program"_s;
    QTest::newRow("huge") << QString(u"{\"a\":\""_s + QString(300'000, u'x') + u"\"}"_s) << u"too long"_s;
    QTest::newRow("deep") << QString(u"{\"a\":"_s.repeated(5000)) << u"not complete"_s;
}

void TstSnippet::refuses()
{
    QFETCH(const QString, text);
    QFETCH(const QString, part);
    const base::Result<QList<SnippetServer>> servers = interop::parseSnippet(text);
    QVERIFY(!servers.has_value());
    QCOMPARE(servers.error().kind, base::ErrorKind::InvalidInput);
    QVERIFY2(servers.error().sentence.contains(part), qPrintable(servers.error().sentence));
}

void TstSnippet::tellsSnippetsFromAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isSnippet");
    QTest::newRow("address") << u" https://a.example/mcp "_s << false;
    QTest::newRow("host") << u"a.example"_s << false;
    QTest::newRow("object") << u"  {\"a\": 1}"_s << true;
    QTest::newRow("member") << u"\"a\": {}"_s << true;
    QTest::newRow("comment") << u"// x\n{}"_s << true;
    QTest::newRow("nothing") << QString() << false;
}

void TstSnippet::tellsSnippetsFromAddresses()
{
    QFETCH(const QString, text);
    QFETCH(const bool, isSnippet);
    QCOMPARE(interop::looksLikeSnippet(text), isSnippet);
}

void TstSnippet::prefersAuthorizationAmongHeaders()
{
    const auto servers = interop::parseSnippet(
        uR"({"a":{"url":"https://a.example/","headers":{"A":"1","authorization":"Bearer x","Z":"2"}}})"_s);
    QVERIFY(servers.has_value());
    QCOMPARE(servers->first().headerName, u"authorization"_s);
    QCOMPARE(servers->first().headerValue, u"Bearer x"_s);
    QCOMPARE(servers->first().otherHeaders, QStringList({u"Z"_s, u"A"_s}));
}

// Proves: VT-08
void TstSnippet::pointsOutPlaceholders()
{
    const auto servers = interop::parseSnippet(
        uR"({"a":{"url":"https://a.example/${TEAM}","headers":{"Authorization":"Bearer ${API_KEY}"}}})"_s);
    QVERIFY(servers.has_value());
    QCOMPARE(servers->first().headerValue, u"Bearer ${API_KEY}"_s);
    QCOMPARE(servers->first().placeholders, QStringList({u"${TEAM}"_s, u"${API_KEY}"_s}));
}

void TstSnippet::keepsProgramsApart()
{
    const auto servers = interop::parseSnippet(
        uR"({"mcpServers":{"fs":{"command":"x"},"web":{"url":"https://a.example/"}}})"_s);
    QVERIFY(servers.has_value());
    QCOMPARE(servers->size(), 2);
    QVERIFY(servers->first().isProgram);
    QVERIFY(!servers->last().isProgram);
}

void TstSnippet::takesNoNamelessHeader()
{
    const auto servers =
        interop::parseSnippet(uR"({"a":{"url":"https://a.example/","headers":{"":"x","X-Key":""}}})"_s);
    QVERIFY(servers.has_value());
    QCOMPARE(servers->first().headerName, u"X-Key"_s);
    QVERIFY(servers->first().headerValue.isEmpty());
    QVERIFY(servers->first().otherHeaders.isEmpty());
}

void TstSnippet::endsAtAHundredServers()
{
    QStringList outer;
    QStringList inner;
    for (int i = 0; i < 99; ++i) {
        outer.append(u"\"a%1\":{\"url\":\"https://a.example/\"}"_s.arg(i));
        inner.append(u"\"b%1\":{\"url\":\"https://b.example/\"}"_s.arg(i));
    }
    const auto servers = interop::parseSnippet(u"{%1,\"z\":{%2}}"_s.arg(outer.join(u','), inner.join(u',')));
    QVERIFY(servers.has_value());
    QCOMPARE(servers->size(), 100);
}

QTEST_GUILESS_MAIN(TstSnippet)
#include "tst_snippet.moc"
