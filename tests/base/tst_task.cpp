// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/task.h"

#include "support/await.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::base;

namespace {

Task<int> waitFor(OneShot<int> shot, QStringList *log)
{
    log->append(u"waits"_s);
    const int value = co_await shot;
    log->append(u"got %1"_s.arg(value));
    co_return value;
}

Task<void> note(SharedResult<QString> shared, std::stop_token stop, QStringList *log)
{
    const Result<QString> value = co_await shared.wait(std::move(stop));
    log->append(value ? *value : errorName(value.error()));
}

Task<void> sleepAndCount(std::chrono::milliseconds duration, std::stop_token stop, int *ended, int *stopped)
{
    const bool slept = co_await sleepFor(duration, std::move(stop));
    ++*(slept ? ended : stopped);
}

} // namespace

class TestTask final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneShotBeforeAndAfter();
    void oneShotFirstValueWins();
    void oneShotResumesFromTheEventLoop();
    void oneShotMayLoseItsResolver();
    void sharedResult();
    void sharedResultStopsWaitingOnly();
    void sleep();
    void sleepIsStopped();
    void scopeCancelsAndDrains();
    void scopeWithNothingIsDrained();
};

void TestTask::oneShotBeforeAndAfter()
{
    QStringList log;
    const OneShot<int> before;
    before.resolve(1);
    QVERIFY(before.isResolved());
    QCOMPARE(support::await(waitFor(before, &log)), 1);
    const OneShot<int> after;
    QTimer::singleShot(0, this, [after] { after.resolve(2); });
    QCOMPARE(support::await(waitFor(after, &log)), 2);
    QCOMPARE(log, (QStringList{u"waits"_s, u"got 1"_s, u"waits"_s, u"got 2"_s}));
}

void TestTask::oneShotFirstValueWins()
{
    QStringList log;
    const OneShot<int> shot;
    const Task<int> task = waitFor(shot, &log);
    shot.resolve(1);
    shot.resolve(2);
    QTRY_COMPARE(log.last(), u"got 1"_s);
    shot.resolve(3);
    QCoreApplication::processEvents();
    QCOMPARE(log.size(), 2);
}

void TestTask::oneShotResumesFromTheEventLoop()
{
    QStringList log;
    const OneShot<int> shot;
    const Task<int> task = waitFor(shot, &log);
    shot.resolve(1);
    log.append(u"resolved"_s);
    QTRY_COMPARE(log, (QStringList{u"waits"_s, u"resolved"_s, u"got 1"_s}));
}

void TestTask::oneShotMayLoseItsResolver()
{
    QStringList log;
    auto shot = std::make_unique<OneShot<int>>();
    const Task<int> task = waitFor(*shot, &log);
    shot->resolve(7);
    shot.reset();
    QTRY_COMPARE(log.last(), u"got 7"_s);
}

void TestTask::sharedResult()
{
    QStringList log;
    SharedResult<QString> shared;
    const Task<void> first = note(shared, {}, &log);
    const Task<void> second = note(shared, {}, &log);
    QVERIFY(!shared.isSet());
    shared.set(u"value"_s);
    shared.set(u"other"_s);
    QVERIFY(shared.isSet());
    QVERIFY(log.isEmpty());
    QTRY_COMPARE(log.size(), 2);
    const Task<void> late = note(shared, {}, &log);
    QCOMPARE(log.size(), 2);
    QTRY_COMPARE(log, (QStringList{u"value"_s, u"value"_s, u"value"_s}));

    SharedResult<QString> failing;
    failing.set(failed(makeError(ErrorKind::Network, {})));
    support::await(note(failing, {}, &log));
    QCOMPARE(log.last(), u"network"_s);
}

void TestTask::sharedResultStopsWaitingOnly()
{
    QStringList log;
    std::stop_source stop;
    SharedResult<QString> shared;
    const Task<void> impatient = note(shared, stop.get_token(), &log);
    const Task<void> patient = note(shared, {}, &log);
    stop.request_stop();
    QTRY_COMPARE(log, QStringList{u"cancelled"_s});
    shared.set(u"value"_s);
    QTRY_COMPARE(log, (QStringList{u"cancelled"_s, u"value"_s}));
}

void TestTask::sleep()
{
    QElapsedTimer timer;
    timer.start();
    QVERIFY(support::await(sleepFor(std::chrono::milliseconds(40), {})));
    QVERIFY(timer.elapsed() >= 35);
    QVERIFY(support::await(sleepFor(std::chrono::milliseconds(0), {})));
}

void TestTask::sleepIsStopped()
{
    std::stop_source stop;
    QElapsedTimer timer;
    timer.start();
    QTimer::singleShot(10, this, [&] { stop.request_stop(); });
    QVERIFY(!support::await(sleepFor(std::chrono::hours(1), stop.get_token())));
    QVERIFY(!support::await(sleepFor(std::chrono::hours(1), stop.get_token())));
    QVERIFY(timer.elapsed() < 5000);
}

void TestTask::scopeCancelsAndDrains()
{
    int ended = 0;
    int stopped = 0;
    {
        TaskScope scope;
        scope.run(sleepAndCount(std::chrono::milliseconds(5), scope.token(), &ended, &stopped));
        scope.run(sleepAndCount(std::chrono::hours(1), scope.token(), &ended, &stopped));
        scope.run(sleepAndCount(std::chrono::hours(1), scope.token(), &ended, &stopped));
        QCOMPARE(scope.running(), 3);
        QTRY_COMPARE(ended, 1);
        QCOMPARE(scope.running(), 2);
        scope.cancel();
        support::await(scope.drained());
        QCOMPARE(scope.running(), 0);
    }
    QCOMPARE(ended, 1);
    QCOMPARE(stopped, 2);
}

void TestTask::scopeWithNothingIsDrained()
{
    TaskScope scope;
    support::await(scope.drained());
    int ended = 0;
    scope.run(sleepAndCount(std::chrono::milliseconds(0), scope.token(), &ended, &ended));
    support::await(scope.drained());
    QCOMPARE(ended, 1);
    support::await(scope.drained());
}

QTEST_GUILESS_MAIN(TestTask)
#include "tst_task.moc"
