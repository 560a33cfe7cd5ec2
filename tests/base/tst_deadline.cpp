// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/deadline.h"

#include "support/await.h"
#include "support/standstill.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace std::chrono_literals;
using namespace mooring;
using base::Deadline;
using support::standStill;

class TestDeadline final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void passesInTime();
    void isStoppedAndStartedAnew();
    void readsWhatHasArrivedFirst_data();
    void readsWhatHasArrivedFirst();
    void sleepIsNoWait();
    void leavesAMomentAfterWaking();
    void mayBeDeletedByWhatItCalls();
};

void TestDeadline::passesInTime()
{
    int passed = 0;
    Deadline deadline([&] { ++passed; });
    QVERIFY(deadline.hasPassed()); // not started: nothing to wait for
    QElapsedTimer time;
    time.start();
    deadline.start(200ms);
    QVERIFY(!deadline.hasPassed());
    QCOMPARE_LE(deadline.left(), 200ms);
    QTRY_COMPARE(passed, 1);
    QCOMPARE_GE(time.elapsed(), 200);
    QVERIFY(deadline.hasPassed());
    support::giveTimeFor(50ms);
    QCOMPARE(passed, 1);
    deadline.start(0ms);
    QVERIFY(deadline.hasPassed());
    QCOMPARE(passed, 1); // never from inside start()
    QTRY_COMPARE(passed, 2);
}

void TestDeadline::isStoppedAndStartedAnew()
{
    int passed = 0;
    int others = 0;
    Deadline deadline([&] { ++passed; });
    deadline.start(30ms);
    deadline.stop();
    Deadline::after(60ms, [&] { ++others; });
    QTRY_COMPARE(others, 1);
    QCOMPARE(passed, 0);
    QCOMPARE_GT(deadline.left(), 0ms);
    deadline.start(30ms);
    QTRY_COMPARE(passed, 1);
}

void TestDeadline::readsWhatHasArrivedFirst_data()
{
    QTest::addColumn<std::chrono::milliseconds>("deadline");
    QTest::addColumn<std::chrono::milliseconds>("asleep");
    QTest::newRow("a long sleep") << 300ms << 1500ms;
    QTest::newRow("a short sleep, but past the deadline") << 100ms << 150ms;
    QTest::newRow("as long as the wait") << 200ms << 200ms;
}

void TestDeadline::readsWhatHasArrivedFirst()
{
    QFETCH(const std::chrono::milliseconds, deadline);
    QFETCH(const std::chrono::milliseconds, asleep);
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket socket;
    QStringList heard;
    Deadline end([&] { heard.append(QStringLiteral("deadline")); });
    connect(&socket, &QTcpSocket::readyRead, this, [&] {
        heard.append(QStringLiteral("answer"));
        end.stop();
    });
    socket.connectToHost(server.serverAddress(), server.serverPort());
    QTRY_VERIFY(server.hasPendingConnections() && socket.state() == QTcpSocket::ConnectedState);
    QTcpSocket *peer = server.nextPendingConnection();
    end.start(deadline);
    peer->write("token");
    QVERIFY(peer->flush());
    standStill(asleep);
    QTRY_VERIFY(!heard.isEmpty());
    QCOMPARE(heard, QStringList{QStringLiteral("answer")});
}

void TestDeadline::sleepIsNoWait()
{
    Deadline deadline;
    deadline.start(60s);
    standStill(3s);
    QCOMPARE_GE(deadline.left(), 59s);
    // And so when the timer has been heard.
    QCoreApplication::processEvents();
    QCOMPARE_GE(deadline.left(), 58s);
}

void TestDeadline::leavesAMomentAfterWaking()
{
    int passed = 0;
    Deadline deadline([&] { ++passed; });
    deadline.start(400ms);
    QTRY_COMPARE_LE_WITH_TIMEOUT(deadline.left(), 200ms, 5000);
    QElapsedTimer time;
    standStill(800ms);
    time.start();
    QTRY_COMPARE(passed, 1);
    // The whole time once more, as it is less than the moment.
    QCOMPARE_GE(time.elapsed(), 390);
}

void TestDeadline::mayBeDeletedByWhatItCalls()
{
    int passed = 0;
    auto deadline = std::make_unique<Deadline>();
    deadline = std::make_unique<Deadline>([&] {
        ++passed;
        deadline.reset();
    });
    deadline->start(20ms);
    QTRY_COMPARE(passed, 1);
    QVERIFY(!deadline);
}

QTEST_GUILESS_MAIN(TestDeadline)
#include "tst_deadline.moc"
