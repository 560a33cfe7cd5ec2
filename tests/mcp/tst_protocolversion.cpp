// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/protocolversion.h"

#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;

class TestProtocolVersion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsThem_data();
    void findsThem();
    void knowsWhatIsAboutThem_data();
    void knowsWhatIsAboutThem();
    void stepsDown_data();
    void stepsDown();
    void isNotSlowWithLongTexts();
};

void TestProtocolVersion::findsThem_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("versions");
    QTest::newRow("a list") << u"(supported versions: 2025-06-18, 2025-03-26)"_s
                            << QStringList{u"2025-06-18"_s, u"2025-03-26"_s};
    QTest::newRow("JSON") << uR"([{"supported":["2024-11-05"],"requested":"2025-11-25"}])"_s
                          << QStringList{u"2025-11-25"_s, u"2024-11-05"_s};
    QTest::newRow("each once") << u"2025-06-18 or 2025-06-18."_s << QStringList{u"2025-06-18"_s};
    QTest::newRow("brackets") << u"['2025-06-18']"_s << QStringList{u"2025-06-18"_s};
    QTest::newRow("a time") << u"2025-06-18T10:00:00Z"_s << QStringList();
    QTest::newRow("a time with a blank") << u"2025-06-18 10:00:00"_s << QStringList();
    QTest::newRow("part of a number") << u"id 12025-06-18 x2025-06-18 2025-06-180"_s << QStringList();
    QTest::newRow("no date") << u"2025-99-18 and 1.2.3"_s << QStringList();
    QTest::newRow("nothing") << QString() << QStringList();
}

void TestProtocolVersion::findsThem()
{
    QFETCH(QString, text);
    QFETCH(QStringList, versions);
    QStringList found = mcp::versionsIn(text);
    found.sort();
    versions.sort();
    QCOMPARE(found, versions);
}

void TestProtocolVersion::knowsWhatIsAboutThem_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isAbout");
    QTest::newRow("plain words") << u"Unsupported protocol version"_s << true;
    QTest::newRow("a member") << uR"({"error":"bad protocolVersion"})"_s << true;
    QTest::newRow("only a version") << u"This version is too new, use 2025-06-18"_s << true;
    QTest::newRow("another version") << uR"({"kind":"Status","apiVersion":"v1"})"_s << false;
    QTest::newRow("another protocol") << u"HTTP protocol error"_s << false;
    QTest::newRow("a date") << u"Down until 2026-12-01"_s << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestProtocolVersion::knowsWhatIsAboutThem()
{
    QFETCH(QString, text);
    QFETCH(bool, isAbout);
    QCOMPARE(mcp::speaksOfVersions(text), isAbout);
}

void TestProtocolVersion::stepsDown_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QStringList>("named");
    QTest::addColumn<QStringList>("offered");
    const QString newest = u"2025-11-25"_s;
    const QStringList all{newest, u"2025-06-18"_s, u"2025-03-26"_s, u"2024-11-05"_s};
    QTest::newRow("nothing named") << newest << QStringList() << all;
    QTest::newRow("only what was asked for") << newest << QStringList{newest} << all;
    QTest::newRow("one named") << newest << QStringList{u"2025-03-26"_s}
                               << QStringList{newest, u"2025-03-26"_s, u"2025-06-18"_s, u"2024-11-05"_s};
    QTest::newRow("the newest of several")
        << newest << QStringList{u"2024-11-05"_s, u"2025-06-18"_s, u"2031-01-01"_s}
        << QStringList{newest, u"2025-06-18"_s, u"2024-11-05"_s};
    QTest::newRow("none that is known") << newest << QStringList{u"2031-01-01"_s} << QStringList{newest};
    QTest::newRow("an older one that isn't known") << newest << QStringList{u"2024-10-07"_s} << all;
    QTest::newRow("remembered, not good any more")
        << u"2025-03-26"_s << QStringList()
        << QStringList{u"2025-03-26"_s, newest, u"2025-06-18"_s, u"2024-11-05"_s};
}

void TestProtocolVersion::stepsDown()
{
    QFETCH(QString, first);
    QFETCH(QStringList, named);
    QFETCH(QStringList, offered);
    mcp::VersionSteps steps(first);
    QStringList seen{steps.current()};
    while (steps.stepDown(named)) {
        seen.append(steps.current());
        QVERIFY(seen.size() <= 4);
    }
    QCOMPARE(seen, offered);
}

void TestProtocolVersion::isNotSlowWithLongTexts()
{
    // Versions without end are cut.
    QString text;
    for (int year = 2000; year < 2100; ++year) {
        text += u"%1-01-01 "_s.arg(year);
    }
    QCOMPARE(mcp::versionsIn(text).size(), 30);
}

QTEST_GUILESS_MAIN(TestProtocolVersion)
#include "tst_protocolversion.moc"
