// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/countdown.h"
#include "ui/samples.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace mooring;
using std::chrono::milliseconds;

namespace {

text::ConnectionView expiringIn(milliseconds left)
{
    text::ConnectionView view;
    view.state.phase = connections::Phase::Authorized;
    view.state.expiresAt = uitests::sampleNow().addMSecs(left.count());
    return view;
}

} // namespace

class TstCountdown final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ticksAsOftenAsTextsChange_data();
    void ticksAsOftenAsTextsChange();
    void wakesOnceAMinuteForMany();
    void isSilentWhileHidden();
    void catchesUpWhenShown();
};

void TstCountdown::ticksAsOftenAsTextsChange_data()
{
    QTest::addColumn<QList<qint64>>("left");
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char *name, const QList<qint64> &left, qint64 expected) {
        QTest::newRow(name) << left << expected;
    };
    row("nothing", {}, -1);
    row("no expiry ahead", {-1000}, -1);
    row("last minute: to the second", {42'300}, 301);
    row("just before the last minute: when it begins", {60'500}, 501);
    row("minutes: to the minute", {10 * 60'000 + 20'000}, 20'001);
    row("the soonest counts", {10 * 60'000 + 20'000, 42'300}, 301);
    row("hours are no hurry", {5 * 3'600'000 + 1'800'000}, 1'800'001);
}

void TstCountdown::ticksAsOftenAsTextsChange()
{
    QFETCH(const QList<qint64>, left);
    QFETCH(const qint64, expected);
    QList<text::ConnectionView> views;
    for (const qint64 one : left) {
        views.append(expiringIn(milliseconds(one)));
    }
    const auto tick = ui::nextTick(views, uitests::sampleNow(), {});
    QCOMPARE(tick ? tick->count() : -1, expected);
}

void TstCountdown::wakesOnceAMinuteForMany()
{
    // Each of these changes its text at another second of the minute.
    QList<text::ConnectionView> views;
    for (int i = 0; i < 60; ++i) {
        views.append(expiringIn(milliseconds(3'600'000 + i * 1000)));
    }
    QDateTime now = uitests::sampleNow();
    const QDateTime end = now.addSecs(600);
    QDateTime last = now;
    int ticks = 0;
    while (now < end) {
        const auto delay = ui::nextTick(views, now, last);
        QVERIFY(delay.has_value());
        now = now.addMSecs(delay->count());
        last = now;
        ++ticks;
    }
    QVERIFY2(ticks <= 11, qPrintable(QString::number(ticks)));
}

void TstCountdown::isSilentWhileHidden()
{
    const QList<text::ConnectionView> views{expiringIn(42'300ms)};
    ui::Countdown countdown(&uitests::sampleNow,
                            [&views]() -> const QList<text::ConnectionView> & { return views; });
    QSignalSpy ticks(&countdown, &ui::Countdown::ticked);
    countdown.plan();
    QVERIFY(!countdown.planned());
    countdown.setVisible(true);
    QVERIFY(countdown.planned().has_value());
    QCOMPARE(countdown.planned()->count(), 301);
    countdown.setVisible(false);
    QVERIFY(!countdown.planned());
    countdown.plan();
    QVERIFY(!countdown.planned());
    QCOMPARE(ticks.count(), 0);
}

void TstCountdown::catchesUpWhenShown()
{
    const QList<text::ConnectionView> views{expiringIn(10min)};
    QDateTime now = uitests::sampleNow();
    ui::Countdown countdown([&now] { return now; },
                            [&views]() -> const QList<text::ConnectionView> & { return views; });
    QSignalSpy ticks(&countdown, &ui::Countdown::ticked);
    countdown.setVisible(true);
    countdown.setVisible(false);
    now = now.addSecs(3600);
    countdown.setVisible(true);
    QCOMPARE(ticks.count(), 1);
    QVERIFY2(!countdown.planned(), "what has ended does not end once more");
}

QTEST_MAIN(TstCountdown)
#include "tst_countdown.moc"
