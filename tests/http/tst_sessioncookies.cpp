// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/sessioncookies.h"
#include "support/manualclock.h"

#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;

namespace {

http::ResponseHead answerOf(const QUrl &url, const QList<QByteArray> &cookies)
{
    http::ResponseHead head;
    head.status = 200;
    head.url = url;
    for (const QByteArray &cookie : cookies) {
        head.headers.add("Set-Cookie", cookie);
    }
    return head;
}

} // namespace

class TestSessionCookies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatWasSet_data();
    void givesBackWhatWasSet();
    void keepsTheOrderAndTheLastValue();
    void readsLinesOfOneHeader();
    void leavesOutWhatHasRunOut();
    void takesBackWhatTheServerTakesBack();
    void goesNowhereElse_data();
    void goesNowhereElse();
    void holdsItsLimits();
    void standsBehindACookieOfThePerson();

private:
    /// What goes to `to` after an answer from /v1/mcp.
    QByteArray sentTo(const QUrl &to, const QList<QByteArray> &cookies)
    {
        http::SessionCookies jar(m_server, m_clock.function());
        jar.learn(answerOf(m_server, cookies));
        http::Request request;
        request.url = to;
        jar.addTo(&request);
        return request.headers.value("Cookie");
    }

    support::ManualClock m_clock;
    const QUrl m_server{u"https://mcp.example.com/v1/mcp"_s};
};

void TestSessionCookies::givesBackWhatWasSet_data()
{
    QTest::addColumn<QByteArray>("cookie");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("bare") << "AWSALB=abc"_ba << "AWSALB=abc"_ba;
    QTest::newRow("with attributes")
        << "AWSALB=abc; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/; Secure; HttpOnly; SameSite=None"_ba
        << "AWSALB=abc"_ba;
    QTest::newRow("an equals sign in the value") << "a=b=c=="_ba << "a=b=c=="_ba;
    QTest::newRow("quotes and commas") << R"(a="b, c")"_ba << R"(a="b, c")"_ba;
    QTest::newRow("no value") << "a="_ba << "a="_ba;
    QTest::newRow("blanks") << "  a = b  ;  path = /v1 "_ba << "a=b"_ba;
    QTest::newRow("the host as domain") << "a=b; Domain=mcp.example.com"_ba << "a=b"_ba;
    QTest::newRow("a domain above it") << "a=b; Domain=.Example.com"_ba << "a=b"_ba;
    QTest::newRow("a path above it") << "a=b; Path=/v1"_ba << "a=b"_ba;
    QTest::newRow("a path that is none") << "a=b; Path=v2"_ba << "a=b"_ba;
    QTest::newRow("a date that is none") << "a=b; Expires=tomorrow"_ba << "a=b"_ba;
    QTest::newRow("an age that is none") << "a=b; Max-Age=1h"_ba << "a=b"_ba;
    QTest::newRow("an age without end") << "a=b; Max-Age=999999999999999999999"_ba << "a=b"_ba;
    QTest::newRow("nothing") << ""_ba << ""_ba;
    QTest::newRow("no name") << "=b"_ba << ""_ba;
    QTest::newRow("no pair") << "a"_ba << ""_ba;
    QTest::newRow("another host") << "a=b; Domain=example.org"_ba << ""_ba;
    QTest::newRow("a host below it") << "a=b; Domain=x.mcp.example.com"_ba << ""_ba;
    QTest::newRow("the end of its name") << "a=b; Domain=ample.com"_ba << ""_ba;
    QTest::newRow("a path beside it") << "a=b; Path=/v2"_ba << ""_ba;
    QTest::newRow("half a folder") << "a=b; Path=/v1/m"_ba << ""_ba;
    QTest::newRow("run out") << "a=b; Max-Age=0"_ba << ""_ba;
    QTest::newRow("run out before it began") << "a=b; Max-Age=-1"_ba << ""_ba;
    QTest::newRow("a date of before") << "a=b; Expires=Wed, 21 Oct 2015 07:28:00 GMT"_ba << ""_ba;
    QTest::newRow("the old form of it") << "a=b; Expires=Wed, 21-Oct-2015 07:28:00 GMT"_ba << ""_ba;
    QTest::newRow("the age counts, not the date")
        << "a=b; Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT"_ba << "a=b"_ba;
    QTest::newRow("a line break") << "a=b\r\nX-Other: c"_ba << "a=b"_ba;
    QTest::newRow("a control character") << "a=b\x01"_ba << ""_ba;
    QTest::newRow("bytes that are no text") << "a=\xff\xfe"_ba << ""_ba;
}

void TestSessionCookies::givesBackWhatWasSet()
{
    QFETCH(QByteArray, cookie);
    QFETCH(QByteArray, expected);
    QCOMPARE(sentTo(m_server, {cookie}), expected);
}

void TestSessionCookies::keepsTheOrderAndTheLastValue()
{
    QCOMPARE(sentTo(m_server, {"a=1", "b=2", "a=3", "a=4; Path=/"}), "a=3; b=2; a=4"_ba);
}

void TestSessionCookies::readsLinesOfOneHeader()
{
    QCOMPARE(sentTo(m_server, {"a=1; Path=/\nb=2; Path=/elsewhere\nc=3"}), "a=1; c=3"_ba);
}

void TestSessionCookies::leavesOutWhatHasRunOut()
{
    http::SessionCookies jar(m_server, m_clock.function());
    jar.learn(answerOf(m_server, {"short=1; Max-Age=60", "long=2"}));
    http::Request request;
    request.url = m_server;
    m_clock.advance(std::chrono::seconds(61));
    jar.addTo(&request);
    QCOMPARE(request.headers.value("Cookie"), "long=2"_ba);
}

void TestSessionCookies::takesBackWhatTheServerTakesBack()
{
    QCOMPARE(sentTo(m_server, {"a=1", "b=2", "a=; Max-Age=0"}), "b=2"_ba);
    http::SessionCookies jar(m_server, m_clock.function());
    QVERIFY(jar.isEmpty());
    jar.learn(answerOf(m_server, {"a=1"}));
    QVERIFY(!jar.isEmpty());
    jar.learn(answerOf(m_server, {"a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}));
    QVERIFY(jar.isEmpty());
}

void TestSessionCookies::goesNowhereElse_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("goes");
    QTest::newRow("the server") << u"https://mcp.example.com/v1/mcp"_s << true;
    QTest::newRow("its port in full") << u"https://mcp.example.com:443/v1/messages?x=1"_s << true;
    QTest::newRow("another port") << u"https://mcp.example.com:8443/v1/mcp"_s << false;
    QTest::newRow("without encryption") << u"http://mcp.example.com/v1/mcp"_s << false;
    QTest::newRow("the same port without encryption") << u"http://mcp.example.com:443/v1/mcp"_s << false;
    QTest::newRow("the sign-in service beside it") << u"https://auth.example.com/v1/token"_s << false;
    QTest::newRow("the host above it") << u"https://example.com/v1/mcp"_s << false;
}

void TestSessionCookies::goesNowhereElse()
{
    QFETCH(QString, url);
    QFETCH(bool, goes);
    QCOMPARE(sentTo(QUrl(url), {"a=b; Domain=example.com; Path=/"}), goes ? "a=b"_ba : ""_ba);
    // And nobody else sets one.
    http::SessionCookies jar(m_server, m_clock.function());
    jar.learn(answerOf(QUrl(url), {"a=b; Path=/"}));
    QCOMPARE(jar.isEmpty(), !goes);
    // What is for encrypted connections only isn't taken from others.
    http::SessionCookies clear(QUrl(u"http://127.0.0.1:8080/mcp"_s), m_clock.function());
    clear.learn(answerOf(QUrl(u"http://127.0.0.1:8080/mcp"_s), {"a=b; Secure", "c=d; Domain=0.0.1"}));
    QVERIFY(clear.isEmpty());
}

void TestSessionCookies::holdsItsLimits()
{
    QCOMPARE(sentTo(m_server, {"a=" + QByteArray(5000, 'x')}), ""_ba);
    QCOMPARE(sentTo(m_server, {"a=b; Path=/" + QByteArray(100'000, 'x')}), ""_ba);
    QList<QByteArray> many;
    for (int i = 0; i < 1000; ++i) {
        many.append("n" + QByteArray::number(i) + "=1");
    }
    QCOMPARE(sentTo(m_server, many).split(';').size(), 20);
    QList<QByteArray> large;
    for (int i = 0; i < 20; ++i) {
        large.append("n" + QByteArray::number(i) + "=" + QByteArray(4000, 'x'));
    }
    const QByteArray sent = sentTo(m_server, large);
    QVERIFY(sent.size() <= 8192);
    QCOMPARE(sent.split(';').size(), 2);
}

void TestSessionCookies::standsBehindACookieOfThePerson()
{
    http::SessionCookies jar(m_server, m_clock.function());
    jar.learn(answerOf(m_server, {"a=b"}));
    http::Request request;
    request.url = m_server;
    request.headers.set("Cookie", "typed=1");
    jar.addTo(&request);
    QCOMPARE(request.headers.values("Cookie"), QList<QByteArray>{"typed=1; a=b"});
}

QTEST_GUILESS_MAIN(TestSessionCookies)
#include "tst_sessioncookies.moc"
