// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A process that is killed, or that ends, in the middle of a refresh: the sign-in outlives it. The
// keychain is a real one, and the service lets an old refresh token work for 30 seconds more.
#include "workerpool.h"

#include <QElapsedTimer>
#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using test::SharedConnection;
using test::Worker;

namespace {

constexpr int patience = 30'000;

} // namespace

class TestKilledRefresh final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void losesNothingWhenKilled_data();
    void losesNothingWhenKilled();
    void finishesTheRefreshWhenItQuits();
};

void TestKilledRefresh::losesNothingWhenKilled_data()
{
    QTest::addColumn<QByteArray>("checkpoint");
    QTest::addColumn<bool>("peerWaits");
    QTest::addColumn<int>("refreshes"); // in the end
    const struct {
        const char *where;
        const char *checkpoint;
        int refreshes;
    } places[] = {{"before the request", "K15", 1},
                  {"while the answer is on its way", "", 2},
                  {"before the new token is stored", "K17", 2},
                  {"before the record is written", "K19", 1}};
    for (const auto &place : places) {
        QTest::addRow("%s", place.where) << QByteArray(place.checkpoint) << false << place.refreshes;
        QTest::addRow("%s, another process waits", place.where)
            << QByteArray(place.checkpoint) << true << place.refreshes;
    }
}

// Matrix: 34 KEY, 34 REF
void TestKilledRefresh::losesNothingWhenKilled()
{
    QFETCH(const QByteArray, checkpoint);
    QFETCH(const bool, peerWaits);
    QFETCH(const int, refreshes);
    SharedConnection shared;
    shared.auth.rotationGrace = std::chrono::seconds(30);
    QVERIFY(shared.signIn());
    shared.advance(std::chrono::hours(2));

    const std::unique_ptr<Worker> victim = shared.worker(checkpoint);
    shared.answersAfter = checkpoint.isEmpty() ? std::chrono::seconds(20) : std::chrono::seconds(0);
    victim->send("token 1");
    if (checkpoint.isEmpty()) {
        QTRY_COMPARE_WITH_TIMEOUT(shared.auth.refreshes(), 1, patience);
    } else {
        QTRY_VERIFY_WITH_TIMEOUT(victim->isStopped(), patience);
    }
    shared.answersAfter = std::chrono::seconds(0);
    QVERIFY(shared.record().renewingSince);
    std::unique_ptr<Worker> next;
    if (peerWaits) {
        next = shared.worker();
        next->send("token 8");
        QTRY_VERIFY_WITH_TIMEOUT(next->isReady(), patience);
        QVERIFY(!next->isDone());
    }
    victim->kill();
    QCOMPARE(victim->tokens(), QList<QByteArray>());

    if (!next) {
        next = shared.worker();
        next->send("token 8");
    }
    QTRY_VERIFY_WITH_TIMEOUT(next->isDone(), patience);
    QCOMPARE(next->errors().join(u'\n'), QString());
    QCOMPARE(next->tokens(), QList<QByteArray>(8, shared.lastIssued()));
    QVERIFY(shared.works(shared.lastIssued()));
    QCOMPARE(shared.auth.refreshes(), refreshes);
    QVERIFY(!shared.record().renewingSince);
    QVERIFY(!shared.record().lastError);
    QVERIFY(shared.record().expiresAt > shared.now());

    // What was kept is the newest of all: it still works when the grace is over.
    next->forget();
    shared.advance(std::chrono::hours(2));
    next->send(shared.clockCommand());
    next->send("use 1");
    QTRY_VERIFY_WITH_TIMEOUT(next->isDone(), patience);
    QCOMPARE(next->errors().join(u'\n'), QString());
    QCOMPARE(next->tokens(), QList<QByteArray>{shared.lastIssued()});
    QCOMPARE(shared.auth.refreshes(), refreshes + 1);
    QCOMPARE(shared.auth.reuses(), 0);
    QCOMPARE(shared.auth.codeExchanges(), 1);
    QCOMPARE(victim->browsers() + next->browsers(), 0);
}

// Matrix: 35 REF
void TestKilledRefresh::finishesTheRefreshWhenItQuits()
{
    SharedConnection shared;
    QVERIFY(shared.signIn());
    shared.advance(std::chrono::hours(2));
    shared.answersAfter = std::chrono::seconds(1);
    const std::unique_ptr<Worker> quitting = shared.worker();
    quitting->send("token 1");
    QTRY_COMPARE_WITH_TIMEOUT(shared.auth.refreshes(), 1, patience);
    QElapsedTimer time;
    time.start();
    quitting->send("quit");
    QTRY_VERIFY_WITH_TIMEOUT(quitting->hasEnded(), patience);
    QCOMPARE(quitting->exitCode(), 0);
    std::printf("figure: quitting in the middle of a refresh took %lld ms, of which the service %d\n",
                static_cast<long long>(time.elapsed()), 1000);
    std::fflush(stdout);
    QVERIFY(!shared.record().renewingSince);

    // No grace here: had the answer been lost, the sign-in would be.
    const std::unique_ptr<Worker> next = shared.worker();
    next->send("use 1");
    QTRY_VERIFY_WITH_TIMEOUT(next->isDone(), patience);
    QCOMPARE(next->errors().join(u'\n'), QString());
    QCOMPARE(next->tokens(), QList<QByteArray>{shared.lastIssued()});
    QCOMPARE(shared.auth.refreshes(), 1);
    QCOMPARE(shared.auth.reuses(), 0);
    QCOMPARE(quitting->browsers() + next->browsers(), 0);
}

QTEST_GUILESS_MAIN(TestKilledRefresh)
#include "tst_killedrefresh.moc"
