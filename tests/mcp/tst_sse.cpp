// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/sse.h"

#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;
using mcp::SseEvent;
using mcp::SseParser;
using Events = QList<SseEvent>;

namespace {

constexpr qint64 largest = 1000;

} // namespace

class TestSse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEvents_data();
    void readsEvents();
    void remembersIdAndRetry();
    void ignoresARetryThatIsNoNumber();
    void countsOnlyWholeEvents();
    void tellsWhatIsUnfinished();
    void refusesALineOverTheCap();
    void takesAnEventAtTheCap();
    void refusesAnEventOverTheCap();
    void staysBroken();
};

void TestSse::readsEvents_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Events>("expected");
    const auto row = [](const char *name, const QByteArray &bytes, const Events &expected) {
        QTest::newRow(name) << bytes << expected;
    };
    const SseEvent one{"message", "one", {}};
    row("LF", "data: one\n\n", {one});
    row("CRLF", "data: one\r\n\r\n", {one});
    row("CR", "data: one\r\r", {one});
    row("mixed line ends", "data: one\r\n\rdata: one\n\r\n", {one, one});
    row("without the space", "data:one\n\n", {one});
    row("only one space goes", "data:  one\n\n", {{"message", " one", {}}});
    row("byte order mark",
        "\xEF\xBB\xBF"
        "data: one\n\n",
        {one});
    row("byte order mark later",
        "\n\xEF\xBB\xBF"
        "data: one\n\ndata: one\n\n",
        {one});
    row("comments", ": hello\n\n:\n: data: x\ndata: one\n\n", {one});
    row("several data lines", "data: a\ndata:\ndata: b\n\n", {{"message", "a\n\nb", {}}});
    row("type", "event: ping\ndata: one\n\ndata: one\n\n", {{"ping", "one", {}}, one});
    row("a type without data is nothing", "event: ping\n\ndata: one\n\n", {one});
    row("empty data is an event", "id: 7\ndata:\n\n", {{"message", "", "7"}});
    row("a field without a colon", "data\n\n", {{"message", "", {}}});
    row("the id stays", "id: 7\ndata: a\n\ndata: b\n\n", {{"message", "a", "7"}, {"message", "b", "7"}});
    row("an empty id ends it", "id: 7\ndata: a\n\nid\ndata: b\n\n",
        {{"message", "a", "7"}, {"message", "b", {}}});
    row("an id with a zero byte counts not", QByteArray("id: 7\0\ndata: a\n\n", 16), {{"message", "a", {}}});
    row("unknown fields", "DATA: no\nnonsense: x\n data: no\ndata: one\n\n", {one});
    row("colons in the value", "data: {\"a\":\"b: c\"}\n\n", {{"message", "{\"a\":\"b: c\"}", {}}});
    row("cut off", "data: one\n\ndata: two\n", {one});
    row("nothing", "", {});
    row("UTF-8", "data: \xC3\xA4\xE2\x82\xAC\n\n", {{"message", "\xC3\xA4\xE2\x82\xAC", {}}});
}

void TestSse::readsEvents()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Events, expected);
    // In two pieces at every position, which includes the whole at once.
    for (qsizetype split = 0; split <= bytes.size(); ++split) {
        SseParser parser(largest);
        auto first = parser.feed(QByteArrayView(bytes).first(split));
        auto second = parser.feed(QByteArrayView(bytes).sliced(split));
        QVERIFY(first && second);
        QVERIFY2(*first + *second == expected, qPrintable(u"split at %1"_s.arg(split)));
    }
    SseParser parser(largest);
    Events byteByByte;
    for (const char byte : std::as_const(bytes)) {
        auto some = parser.feed(QByteArrayView(&byte, 1));
        QVERIFY(some);
        byteByByte += *some;
    }
    QVERIFY(byteByByte == expected);
}

void TestSse::remembersIdAndRetry()
{
    SseParser parser(largest);
    QVERIFY(!parser.retry());
    QVERIFY(parser.feed("id: abc\nretry: 1500\n\n"));
    QCOMPARE(parser.lastEventId(), "abc"_ba);
    QCOMPARE(parser.retry(), std::chrono::milliseconds(1500));
}

void TestSse::ignoresARetryThatIsNoNumber()
{
    for (const char *line : {"retry: -1\n", "retry: 1.5\n", "retry:\n", "retry: 99999999999999999999\n"}) {
        SseParser parser(largest);
        QVERIFY(parser.feed(line));
        QVERIFY2(!parser.retry(), line);
    }
}

void TestSse::countsOnlyWholeEvents()
{
    // What the end of the stream cuts off has not been received, so the server must send it again.
    SseParser parser(largest);
    QVERIFY(parser.feed("id: 1\ndata: one\n\nid: 2\ndata: tw"));
    QCOMPARE(parser.lastEventId(), "1"_ba);
    QVERIFY(parser.feed("o\n\n"));
    QCOMPARE(parser.lastEventId(), "2"_ba);
}

void TestSse::tellsWhatIsUnfinished()
{
    SseParser parser(largest);
    QVERIFY(!parser.hasBegun());
    QVERIFY(!parser.unfinished());
    QVERIFY(parser.feed("data: one\n\n: remark\n"));
    QVERIFY(!parser.hasBegun());
    QVERIFY(parser.feed("data: two"));
    QVERIFY(parser.hasBegun());
    QCOMPARE(parser.unfinished()->data, "two"_ba);
    QVERIFY(parser.feed("\r"));
    QCOMPARE(parser.unfinished()->data, "two"_ba);
    QVERIFY(parser.feed("\nevent: x\ndata: three"));
    QCOMPARE(parser.unfinished()->data, "two\nthree"_ba);
    QCOMPARE(parser.unfinished()->type, "x"_ba);
    // Looking changes nothing.
    const auto events = parser.feed("\n\n");
    QVERIFY(events);
    QCOMPARE(events->size(), 1);
    QCOMPARE(events->first().data, "two\nthree"_ba);
    QVERIFY(!parser.hasBegun());
}

void TestSse::refusesALineOverTheCap()
{
    SseParser parser(largest);
    // Up to here it might be an event at the cap, with its field name.
    QVERIFY(parser.feed(QByteArray(largest + 64, 'a')));
    const auto over = parser.feed("a");
    QVERIFY(!over);
    QCOMPARE(over.error().kind, base::ErrorKind::Protocol);
}

void TestSse::takesAnEventAtTheCap()
{
    SseParser parser(largest);
    const QByteArray value(largest, 'a');
    const auto events = parser.feed("data: " + value + "\n\n");
    QVERIFY(events);
    QCOMPARE(events->size(), 1);
    QCOMPARE(events->first().data.size(), value.size());
}

void TestSse::refusesAnEventOverTheCap()
{
    SseParser parser(largest);
    const QByteArray line = "data:" + QByteArray(249, 'a') + '\n';
    for (int i = 0; i < 4; ++i) {
        QVERIFY(parser.feed(line));
    }
    QVERIFY(!parser.feed("data:a\n"));
}

void TestSse::staysBroken()
{
    SseParser parser(largest);
    QVERIFY(!parser.feed(QByteArray(largest + 65, 'a')));
    QVERIFY(!parser.feed("\n\ndata: one\n\n"));
}

QTEST_GUILESS_MAIN(TestSse)
#include "tst_sse.moc"
