// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"

#include <QTest>

#include <ctime>

using namespace Qt::StringLiterals;
using namespace mooring::base;

class TestDisplayText final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clean_data();
    void clean();
    void lengths();
    void combiningMarks();
    void floodsAreCheap();
    void hosts_data();
    void hosts();
};

void TestDisplayText::clean_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &text, const QString &shown) {
        QTest::newRow(name) << text << shown;
    };
    row("empty", QString(), QString());
    row("plain", u"Notes & files"_s, u"Notes & files"_s);
    row("markup stays text", u"<b>x</b><img src=a>"_s, u"<b>x</b><img src=a>"_s);
    row("line breaks", u"  a\r\n\tb\u2028c  "_s, u"a b c"_s);
    row("control characters", u"a\u0007\u001b[31mb\u0000c\u0085d\u007f"_s, u"a[31mbc d"_s);
    row("direction", u"a\u202Eb\u202Dc\u2066d\u2069e\u200Ef\u061Cg"_s, u"abcdefg"_s);
    row("zero width", u"a\u200Bb\u200Dc\uFEFFd\u2060e\u00ADf"_s, u"abcdef"_s);
    row("tags and selectors", u"a\U000E0041\U000E007Fb\uFE0Fc\U000E0100d"_s, u"abcd"_s);
    row("fillers", u"a\u115F\u1160\u3164\uFFA0b"_s, u"ab"_s);
    row("private use", u"a\uE000\U000F0000b"_s, u"ab"_s);
    row("half a pair", QString(u"a"_s + QChar(0xD800) + u"b"_s + QChar(0xDC00)), u"a\uFFFDb\uFFFD"_s);
    row("other scripts", u"\u05D0\u05D1 \u4F60\u597D \U0001F600"_s,
        u"\u05D0\u05D1 \u4F60\u597D \U0001F600"_s);
    row("only rubbish", u"\u202E\u0000\n\t"_s, QString());
}

// Proves: VT-10
void TestDisplayText::clean()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(displayText(text), shown);
    QCOMPARE(displayText(displayText(text)), shown);
}

void TestDisplayText::lengths()
{
    const QString exact(maximumDisplayLength, u'a');
    QCOMPARE(displayText(exact), exact);
    QCOMPARE(displayText(exact + u'b'), exact + u'…');
    QCOMPARE(displayText(u"abcdef"_s, 3), u"abc…"_s);
    QCOMPARE(displayText(u"ab cdef"_s, 3), u"ab…"_s);
    // Characters count, not code units.
    const QString emoji = u"\U0001F600"_s.repeated(10);
    QCOMPARE(displayText(emoji, 10), emoji);
    QCOMPARE(displayText(emoji, 9), u"\U0001F600"_s.repeated(9) + u'…');
}

void TestDisplayText::combiningMarks()
{
    QCOMPARE(displayText(u"a\u0301\u0302\u0303\u0304\u0305\u0306b\u0301"_s),
             u"a\u0301\u0302\u0303\u0304b\u0301"_s);
    const QString flood = u"a"_s + QString(200'000, u'\u0301');
    QVERIFY(displayText(flood).size() <= 5);
}

void TestDisplayText::floodsAreCheap()
{
    const std::clock_t before = std::clock();
    QVERIFY(displayText(QString(5'000'000, u'x')).size() <= maximumDisplayLength + 1);
    QVERIFY(displayText(QString(5'000'000, u'\u202E')).isEmpty());
    const auto milliseconds = (std::clock() - before) * 1000 / CLOCKS_PER_SEC;
    QVERIFY2(milliseconds < 500, "a long text is cut before it is looked at");
}

void TestDisplayText::hosts_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("authority");
    const auto row = [](const QString &url, const QString &host, const QString &authority) {
        QTest::newRow(qPrintable(url)) << url << host << authority;
    };
    row(u"https://h.example/x"_s, u"h.example"_s, u"h.example"_s);
    row(u"https://h.example:8443/x"_s, u"h.example"_s, u"h.example:8443"_s);
    row(u"https://\u0440\u0430ypal.com/"_s, u"xn--ypal-43d9g.com"_s, u"xn--ypal-43d9g.com"_s);
    row(u"https://b\u00FCcher.example:1/"_s, u"xn--bcher-kva.example"_s, u"xn--bcher-kva.example:1"_s);
    row(u"https://user:pw@h.example/"_s, u"h.example"_s, u"h.example"_s);
    row(u"http://[::1]:99/"_s, u"::1"_s, u"[::1]:99"_s);
    row(QString(), QString(), QString());
}

// Proves: VT-20
void TestDisplayText::hosts()
{
    QFETCH(QString, url);
    QFETCH(QString, host);
    QFETCH(QString, authority);
    QCOMPARE(displayHost(QUrl(url)), host);
    QCOMPARE(displayAuthority(QUrl(url)), authority);
}

QTEST_GUILESS_MAIN(TestDisplayText)
#include "tst_displaytext.moc"
