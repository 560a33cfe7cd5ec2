// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which questions are asked to find out what a server speaks, in which order, by a link and by a probe.
#include "mcp/handshake.h"

#include "support/await.h"

#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using mcp::Era;
using mcp::Handshake;
using mcp::Refusals;
using support::await;
using Fit = mcp::InitializeResult::Fit;
using Turn = mcp::HandshakeTransport::Turn;

namespace {

/// Answers each question by a table, and writes down what was asked.
class ScriptedTransport final : public mcp::HandshakeTransport {
public:
    struct Line {
        int status = 200;
        QByteArray body = {};
    };
    /// By question: "discover", "initialize VERSION"; "initialize" stands for those that aren't there.
    QHash<QString, Line> lines;
    /// "401" to whoever is not settled (Refusals::Settle) at "discover" and "initialize".
    bool letsInTheSettled = false;
    bool mayBeTheMethod = true;
    QStringList asked;
    QList<Turn> turns;
    QByteArray sessionId = "s-1";
    QStringList notified;

    QUrl url() const override { return QUrl(u"https://mcp.example.com/mcp"_s); }
    http::Client &client() override { return m_client; }
    Task<Result<mcp::Answer>> send(mcp::NegotiatedProtocol protocol, mcp::Call call, Refusals refusals,
                                   std::stop_token) override
    {
        if (call.isNotification) {
            notified.append(call.method + u' ' + protocol.version);
            co_return mcp::Answer();
        }
        const bool isSettled = refusals == Refusals::Settle;
        const QString question =
            call.method == "initialize"_L1 ? u"initialize "_s + protocol.offered : u"discover"_s;
        asked.append(isSettled ? question + u'!' : question);
        Line line =
            lines.contains(question) ? lines.value(question) : lines.value(question.section(u' ', 0, 0));
        if (letsInTheSettled && !isSettled) {
            line = {401, {}};
        }
        mcp::Answer answer;
        answer.head.status = line.status;
        answer.head.url = url();
        if (!line.body.isEmpty()) {
            answer.message = mcp::Message::read(R"({"jsonrpc":"2.0","id":1,)" + line.body + '}').value();
        }
        if (protocol.era == Era::Sessions && line.status == 200) {
            answer.head.headers.add("Mcp-Session-Id", sessionId);
        }
        co_return answer;
    }
    Task<Result<mcp::ServerStream::Opening>> openStream(mcp::NegotiatedProtocol, std::chrono::milliseconds,
                                                        std::stop_token) override
    {
        asked.append(u"GET"_s);
        mcp::ServerStream::Opening opening;
        opening.head.status = lines.value(u"GET"_s, {405, {}}).status;
        co_return opening;
    }
    bool mayRefuseOnlyTheMethod(const mcp::Answer &) const override { return mayBeTheMethod; }
    void onTurn(Turn turn, const mcp::Answer &, const QString &, const QString &) override
    {
        turns.append(turn);
    }

private:
    http::Client m_client;
};

using Line = ScriptedTransport::Line;
using Lines = QHash<QString, Line>;

const Line today{200, R"("result":{"supportedVersions":["2026-07-28"]})"};
const Line noMethod{404, R"("error":{"code":-32601,"message":"Method not found"})"};
const Line nothing{404, {}};
const Line refusal{401, {}};

Line session(const QByteArray &version = "2025-11-25")
{
    return {200, R"("result":{"protocolVersion":")" + version + R"(","serverInfo":{"name":"S"}})"};
}

Handshake::Options asLink(Era known = Era::Unknown, const QString &offered = {})
{
    Handshake::Options options;
    options.known = known;
    options.offered = offered;
    options.settlesRefusals = true;
    return options;
}

} // namespace

class TestHandshake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksTheSameQuestions_data();
    void asksTheSameQuestions();
    void beginsWithWhatIsKnown_data();
    void beginsWithWhatIsKnown();
    void settlesRefusalsOnlyForALink_data();
    void settlesRefusalsOnlyForALink();
    void tellsWhatComesNext();
    void completesAnAgreement();
};

void TestHandshake::asksTheSameQuestions_data()
{
    QTest::addColumn<Lines>("lines");
    QTest::addColumn<QStringList>("asked");
    QTest::addColumn<Fit>("fit");
    QTest::addColumn<Era>("era");
    const auto row = [](const char *name, const Lines &lines, const QStringList &asked, Fit fit, Era era) {
        QTest::newRow(name) << lines << asked << fit << era;
    };
    const QString d = u"discover"_s;
    const QString newest = u"initialize 2025-11-25"_s;
    row("2026-07-28", {{d, today}}, {d}, Fit::Agreed, Era::Stateless);
    row("sessions", {{d, noMethod}, {newest, session()}}, {d, newest}, Fit::Agreed, Era::Sessions);
    row("an older version", {{d, noMethod}, {newest, session("2025-03-26")}}, {d, newest}, Fit::Agreed,
        Era::Sessions);
    row("a version that discover names",
        {{d, {400, R"("error":{"code":-32022,"data":{"supported":["2025-06-18"]}})"}},
         {u"initialize 2025-06-18"_s, session("2025-06-18")}},
        {d, u"initialize 2025-06-18"_s}, Fit::Agreed, Era::Sessions);
    row("a version that initialize names",
        {{d, noMethod},
         {newest, {400, R"("error":{"code":-32602,"message":"protocol version? use 2025-03-26"})"}},
         {u"initialize 2025-03-26"_s, session("2025-03-26")}},
        {d, newest, u"initialize 2025-03-26"_s}, Fit::Agreed, Era::Sessions);
    row("asked once more", {{d, {400, R"("error":{"code":-32022,"data":{"supported":["2026-07-28"]}})"}}},
        {d, d}, Fit::AskAgain, Era::Stateless);
    row("tomorrow's version", {{d, {200, R"("result":{"supportedVersions":["2031-01-01"]})"}}}, {d},
        Fit::UnknownVersions, Era::Stateless);
    row("out of order", {{d, {503, {}}}}, {d}, Fit::Outage, Era::Stateless);
    row("out of order later", {{d, nothing}, {newest, {503, {}}}}, {d, newest}, Fit::Outage, Era::Sessions);
    row("nothing there", {{d, nothing}, {newest, nothing}}, {d, newest, u"GET"_s}, Fit::OtherEra,
        Era::HttpSse);
    row("has spoken of versions",
        {{d, {400, R"("error":{"code":-32000,"message":"protocol version 2031-01-01 please"})"}},
         {u"initialize"_s, nothing}},
        {d, newest}, Fit::OtherEra, Era::Sessions);
    row("only newer servers say this", {{d, nothing}, {newest, {400, R"("error":{"code":-32021})"}}},
        {d, newest}, Fit::OtherEra, Era::Sessions);
}

// Proves: ERA-1, ERA-2
void TestHandshake::asksTheSameQuestions()
{
    QFETCH(Lines, lines);
    QFETCH(QStringList, asked);
    QFETCH(Fit, fit);
    QFETCH(Era, era);
    for (const Handshake::Options &options : {asLink(), Handshake::Options()}) {
        ScriptedTransport transport;
        transport.lines = lines;
        Handshake handshake(transport, options);
        const auto outcome = await(handshake.run({}));
        QVERIFY(outcome);
        QStringList questions = transport.asked;
        questions.replaceInStrings(u"!"_s, QString());
        QCOMPARE(questions, asked);
        QCOMPARE(outcome->result.fit, fit);
        QCOMPARE(outcome->protocol.era, era);
        QCOMPARE(outcome->isAgreed(), fit == Fit::Agreed);
        QCOMPARE(outcome->hasNoStream, era == Era::HttpSse);
        QVERIFY(!outcome->isRefused);
        if (outcome->isAgreed()) {
            QCOMPARE(outcome->protocol.version, outcome->result.server.protocolVersion);
            QCOMPARE(outcome->protocol.sessionId, era == Era::Sessions ? "s-1"_ba : QByteArray());
        }
    }
}

void TestHandshake::beginsWithWhatIsKnown_data()
{
    QTest::addColumn<Era>("known");
    QTest::addColumn<QString>("offered");
    QTest::addColumn<QStringList>("asked");
    const QString d = u"discover!"_s;
    const QString newest = u"initialize 2025-11-25!"_s;
    QTest::newRow("2026-07-28") << Era::Stateless << u""_s << QStringList{d, newest, u"GET"_s};
    QTest::newRow("sessions") << Era::Sessions << u""_s << QStringList{newest, d, u"GET"_s};
    QTest::newRow("a version") << Era::Sessions << u"2025-03-26"_s
                               << QStringList{u"initialize 2025-03-26!"_s, d, u"GET"_s};
    QTest::newRow("no version") << Era::Sessions << u"2031-01-01"_s << QStringList{newest, d, u"GET"_s};
    QTest::newRow("2024-11-05") << Era::HttpSse << u""_s << QStringList{u"GET"_s, d, newest};
}

void TestHandshake::beginsWithWhatIsKnown()
{
    QFETCH(Era, known);
    QFETCH(QString, offered);
    QFETCH(QStringList, asked);
    ScriptedTransport transport;
    transport.lines = {{u"discover"_s, nothing}, {u"initialize"_s, nothing}};
    Handshake handshake(transport, asLink(known, offered));
    QVERIFY(await(handshake.run({})));
    QCOMPARE(transport.asked, asked);
}

void TestHandshake::settlesRefusalsOnlyForALink_data()
{
    QTest::addColumn<Lines>("lines");
    QTest::addColumn<bool>("isLink");
    QTest::addColumn<bool>("mayBeTheMethod");
    QTest::addColumn<QStringList>("asked");
    QTest::addColumn<bool>("isRefused");
    const QString d = u"discover"_s;
    const QString i = u"initialize 2025-11-25"_s;
    const Lines all{{d, refusal}, {u"initialize"_s, refusal}};
    const Lines onlyTheMethod{{d, refusal}, {u"initialize"_s, session()}};
    QTest::newRow("link, only the method") << onlyTheMethod << true << true << QStringList{d, i} << false;
    QTest::newRow("probe with a key, only the method")
        << onlyTheMethod << false << true << QStringList{d, i} << false;
    QTest::newRow("probe without a key") << onlyTheMethod << false << false << QStringList{d} << true;
    // The transport of a link gives no refusal back that it has settled.
    QTest::newRow("link, everything")
        << Lines{{d, today}} << true << true << QStringList{d, i, d + u'!'} << false;
    QTest::newRow("probe with a key, everything") << all << false << true << QStringList{d, i} << true;
    QTest::newRow("probe, initialize")
        << Lines{{d, noMethod}, {u"initialize"_s, refusal}} << false << false << QStringList{d, i} << true;
    QTest::newRow("probe, the stream") << Lines{{d, nothing}, {i, nothing}, {u"GET"_s, refusal}} << false
                                       << false << QStringList{d, i, u"GET"_s} << true;
}

// Proves: ERA-1
void TestHandshake::settlesRefusalsOnlyForALink()
{
    QFETCH(Lines, lines);
    QFETCH(bool, isLink);
    QFETCH(bool, mayBeTheMethod);
    QFETCH(QStringList, asked);
    QFETCH(bool, isRefused);
    ScriptedTransport transport;
    transport.lines = lines;
    transport.mayBeTheMethod = mayBeTheMethod;
    transport.letsInTheSettled = isLink && lines.size() == 1;
    Handshake handshake(transport, isLink ? asLink() : Handshake::Options());
    const auto outcome = await(handshake.run({}));
    QVERIFY(outcome);
    QCOMPARE(transport.asked, asked);
    QCOMPARE(outcome->isRefused, isRefused);
    QCOMPARE(outcome->isAgreed(), !isRefused);
    QCOMPARE(outcome->answer.head.status, isRefused ? 401 : 200);
}

void TestHandshake::tellsWhatComesNext()
{
    ScriptedTransport transport;
    transport.lines = {
        {u"discover"_s, {400, R"("error":{"code":-32022,"data":{"supported":["2026-07-28"]}})"}}};
    Handshake again(transport, {});
    QVERIFY(await(again.run({})));
    QCOMPARE(transport.turns, QList<Turn>{Turn::SameVersion});
    transport.turns.clear();
    transport.lines = {{u"discover"_s, noMethod},
                       {u"initialize"_s, {400, R"("error":{"code":-32602,"message":"Invalid params"})"}}};
    Handshake older(transport, {});
    QVERIFY(await(older.run({})));
    QCOMPARE(transport.turns, (QList<Turn>{Turn::Initialize, Turn::OlderVersion, Turn::OlderVersion,
                                           Turn::OlderVersion, Turn::HttpSse}));
}

// Proves: LEG-1
void TestHandshake::completesAnAgreement()
{
    ScriptedTransport transport;
    transport.lines = {{u"discover"_s, noMethod}, {u"initialize"_s, session("2025-06-18")}};
    Handshake handshake(transport, asLink());
    const auto outcome = await(handshake.run({}));
    QVERIFY(outcome);
    QVERIFY(transport.notified.isEmpty());
    QVERIFY(await(handshake.complete(outcome->protocol, {})));
    QCOMPARE(transport.notified, QStringList{u"notifications/initialized 2025-06-18"_s});
    for (const QByteArray &id : {"a b"_ba, "a\x7f"_ba, "\xc3\xa4"_ba, QByteArray(4097, 'x')}) {
        mcp::NegotiatedProtocol strange = outcome->protocol;
        strange.sessionId = id;
        const auto completed = await(handshake.complete(strange, {}));
        QVERIFY(!completed);
        QCOMPARE(completed.error().kind, ErrorKind::Protocol);
    }
    QCOMPARE(transport.notified.size(), 1);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = await(handshake.complete(outcome->protocol, stop.get_token()));
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestHandshake)
#include "tst_handshake.moc"
