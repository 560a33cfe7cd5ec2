// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that send on to another address, nearly always because of a slash.
#include "sessionbed.h"

using namespace mooring;
using namespace mooring::sessionbed;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using support::await;
using support::FakeMcpServer;

class TestDetours : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { await(m_bed.tasks.drained()); }
    void followsASlashWithAGreeting_data();
    void followsASlashWithAGreeting();
    void followsNothingElse_data();
    void followsNothingElse();
    void sendsNoCallOn();

private:
    Bed m_bed;
};

void TestDetours::followsASlashWithAGreeting_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<bool>("stateless");
    QTest::newRow("it comes") << u"/mcp"_s << u"/mcp/"_s << true;
    QTest::newRow("it goes") << u"/mcp/"_s << u"/mcp"_s << true;
    QTest::newRow("of old") << u"/v1/mcp"_s << u"/v1/mcp/"_s << false;
}

void TestDetours::followsASlashWithAGreeting()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(bool, stateless);
    FakeMcpServer server(to);
    server.speaksStateless = stateless;
    server.http().route(from.toUtf8(), FakeResponse::redirect(to.toUtf8(), 301));
    const auto mine = m_bed.session(server.http().url(from));
    const auto result = await(mine->callTool(u"echo"_s, {{u"text"_s, u"there"_s}}, {}, {}));
    QVERIFY2(result, result ? "" : qPrintable(result.error().sentence));
    QCOMPARE(result->text(), u"there"_s);
    QCOMPARE(mine->url(), server.url());
    // Once told, it is known.
    QCOMPARE(server.http().count(from.toUtf8()), 1);
}

void TestDetours::followsNothingElse_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("said");
    const QString itself =
        u"HOST sends Mooring on to ORIGIN%1, where a message must not go by itself. If that is "
        "the address of the MCP server, use it instead."_s;
    const QString proxy = u"This address may help: ORIGIN/mcp/"_s;
    QTest::newRow("302 and a slash") << 302 << "/mcp/"_ba << itself.arg(u"/mcp/"_s);
    QTest::newRow("303 and a slash") << 303 << "/mcp/"_ba << itself.arg(u"/mcp/"_s);
    QTest::newRow("301 to another path") << 301 << "/elsewhere"_ba << itself.arg(u"/elsewhere"_s);
    QTest::newRow("301, a slash and a query") << 301 << "/mcp/?x=1"_ba << itself.arg(u"/mcp/"_s);
    QTest::newRow("307 without the port") << 307 << "http://127.0.0.1/mcp/"_ba << proxy;
    QTest::newRow("301 to another scheme") << 301 << "https://127.0.0.1/mcp/"_ba << proxy;
    QTest::newRow("307 to another host")
        << 307 << "https://login.example.com/mcp/"_ba << u"to another address"_s;
    QTest::newRow("307 to another path of another port")
        << 307 << "http://127.0.0.1/login"_ba << u"to another address"_s;
}

void TestDetours::followsNothingElse()
{
    QFETCH(int, status);
    QFETCH(QByteArray, to);
    QFETCH(QString, said);
    FakeMcpServer server(u"/mcp/"_s);
    server.http().route("/mcp", FakeResponse::redirect(to, status));
    const auto info = await(m_bed.session(server.http().url(u"/mcp"_s))->connect({}));
    QVERIFY(!info);
    QCOMPARE(info.error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(info.error().httpStatus, status);
    const QString origin = server.http().origin();
    const QString expected = said.replace(u"ORIGIN"_s, origin).replace(u"HOST"_s, QUrl(origin).authority());
    QVERIFY2(info.error().sentence.contains(expected), qPrintable(info.error().sentence));
    QCOMPARE(server.http().requests().size(), 1);
}

/// A tool may have run where a call came from.
void TestDetours::sendsNoCallOn()
{
    FakeMcpServer server;
    const auto mine = m_bed.session(server.url());
    QVERIFY(await(mine->connect({})));
    server.http().forgetRequests();
    server.http().once(server.path(), FakeResponse::redirect("/mcp/", 301));
    const auto result = await(mine->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(server.http().requests().size(), 1);
}

QTEST_GUILESS_MAIN(TestDetours)
#include "tst_detours.moc"
