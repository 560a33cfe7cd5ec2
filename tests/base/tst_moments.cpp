// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/moments.h"

#include <QLocale>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring::base;

class TstMoments final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysDurationsLikeAPerson_data();
    void saysDurationsLikeAPerson();
    void saysMomentsByTheirDay_data();
    void saysMomentsByTheirDay();
};

namespace {

/// A day of the person's own time zone.
const QDateTime now(QDate(2026, 9, 21), QTime(15, 0));

} // namespace

void TstMoments::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
}

void TstMoments::saysDurationsLikeAPerson_data()
{
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("past") << qint64(-1) << QString();
    QTest::newRow("now") << qint64(0) << QString();
    QTest::newRow("an instant") << qint64(1) << u"1 s"_s;
    QTest::newRow("a minute") << qint64(60'000) << u"60 s"_s;
    QTest::newRow("a bit more") << qint64(60'001) << u"2 min"_s;
    QTest::newRow("54 min") << qint64(54 * 60'000) << u"54 min"_s;
    QTest::newRow("two hours") << qint64(7'200'000) << u"120 min"_s;
    QTest::newRow("three hours") << qint64(3 * 3'600'000) << u"3 h"_s;
    QTest::newRow("a week") << qint64(7) * 86'400'000 << u"7 days"_s;
}

void TstMoments::saysDurationsLikeAPerson()
{
    QFETCH(qint64, milliseconds);
    QTEST(durationText(now, now.addMSecs(milliseconds)), "text");
}

void TstMoments::saysMomentsByTheirDay_data()
{
    QTest::addColumn<QDateTime>("moment");
    QTest::addColumn<QString>("brief");
    QTest::addColumn<QString>("dayAndTime");
    QTest::addColumn<QString>("when");
    QTest::addColumn<QString>("shortWhen");
    QTest::newRow("today") << QDateTime(QDate(2026, 9, 21), QTime(15, 40)) << u"15:40"_s << u"15:40"_s
                           << u"today 15:40"_s << u"15:40"_s;
    QTest::newRow("tomorrow") << QDateTime(QDate(2026, 9, 22), QTime(9, 5)) << u"22/09/2026 09:05"_s
                              << u"tomorrow 09:05"_s << u"tomorrow 09:05"_s << u"tomorrow 09:05"_s;
    QTest::newRow("yesterday") << QDateTime(QDate(2026, 9, 20), QTime(9, 5)) << u"20/09/2026 09:05"_s
                               << u"20/09/2026 09:05"_s << u"yesterday 09:05"_s << u"yesterday 09:05"_s;
    QTest::newRow("another day") << QDateTime(QDate(2026, 12, 3), QTime(9, 5)) << u"03/12/2026 09:05"_s
                                 << u"03/12/2026 09:05"_s << u"3 Dec 2026, 09:05"_s << u"3 Dec 2026, 09:05"_s;
}

void TstMoments::saysMomentsByTheirDay()
{
    QFETCH(const QDateTime, moment);
    // Handed in as another zone's, as records have it.
    QTEST(momentText(moment.toUTC(), now.toUTC()), "brief");
    QTEST(dayAndTimeText(moment.toUTC(), now.toUTC()), "dayAndTime");
    QTEST(whenText(moment.toUTC(), now.toUTC()), "when");
    QTEST(shortWhenText(moment.toUTC(), now.toUTC()), "shortWhen");
}

QTEST_APPLESS_MAIN(TstMoments)
#include "tst_moments.moc"
