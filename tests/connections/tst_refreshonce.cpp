// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Eight processes with eight callers each use one connection, over a real keychain. The service
// rotates its refresh tokens without grace and ends the whole grant if one is used twice.
#include "campaign.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QScopeGuard>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using test::allDone;
using test::allEnded;
using test::errorsOf;
using test::Figures;
using test::sendAll;
using test::SharedConnection;
using test::tokensOf;
using test::Worker;
using test::Workers;

namespace {

using test::callers;
using test::processes;
constexpr int patience = 60'000;

} // namespace

class TestRefreshOnce final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneTokenRequestARound_data();
    void oneTokenRequestARound();
    void oneTokenRequestALifetime();
    void oneCallerAfterTheOther();
};

void TestRefreshOnce::oneTokenRequestARound_data()
{
    QTest::addColumn<bool>("isRefused");
    QTest::addColumn<bool>("isFresh");
    QTest::addColumn<int>("fully");
    // To start eight processes takes far longer than what they do.
    QTest::newRow("expired, started together") << false << true << 100;
    QTest::newRow("expired, already running") << false << false << 1000;
    QTest::newRow("refused, started together") << true << true << 100;
    QTest::newRow("refused, already running") << true << false << 1000;
}

// Proves: REF-5
// Matrix: 33 KEY, 33 REF
void TestRefreshOnce::oneTokenRequestARound()
{
    QFETCH(const bool, isRefused);
    QFETCH(const bool, isFresh);
    QFETCH(const int, fully);
    SharedConnection shared;
    QVERIFY(shared.signIn());
    Figures figures(QTest::currentDataTag(), shared);
    Workers workers;
    const int wanted = test::rounds(5, fully);
    for (int round = 1; round <= wanted; ++round) {
        if (isRefused) {
            shared.auth.endAccessTokens();
        } else {
            shared.advance(std::chrono::hours(2));
        }
        shared.answersAfter = std::chrono::milliseconds(QRandomGenerator::global()->bounded(150));
        if (isFresh || workers.empty()) {
            workers = test::startWorkers(&shared);
        }
        for (const auto &worker : workers) {
            worker->forget();
            worker->send(shared.clockCommand());
            worker->send((isRefused ? "use " : "token ") + QByteArray::number(callers));
        }
        QTRY_VERIFY2_WITH_TIMEOUT(allDone(workers), "not all callers have got an answer", patience);
        figures.rounds = round;
        figures.count(workers);
        QCOMPARE(errorsOf(workers).join(u'\n'), QString());
        QCOMPARE(tokensOf(workers), QList<QByteArray>(processes * callers, shared.lastIssued()));
        QVERIFY(shared.works(shared.lastIssued()));
        QCOMPARE(shared.auth.refreshes(), round);
        QCOMPARE(shared.invalidGrants(), 0);
        QVERIFY(shared.record().hasSecret);
        QVERIFY(!shared.record().lastError);
        if (isFresh || round == wanted) {
            sendAll(workers, "quit");
            QTRY_VERIFY2_WITH_TIMEOUT(allEnded(workers), "not all processes have ended", patience);
            for (const auto &worker : workers) {
                QCOMPARE(worker->exitCode(), 0);
            }
        }
    }
    QCOMPARE(figures.browsers, 0);
    QCOMPARE(shared.auth.codeExchanges(), 1);
}

/// Tokens of two seconds, used all the time by all.
// Proves: REF-5
void TestRefreshOnce::oneTokenRequestALifetime()
{
    SharedConnection shared;
    shared.auth.expiresIn = 2;
    QVERIFY(shared.signIn());
    Figures figures("2-second tokens, in use all the time", shared);
    const Workers workers = test::startWorkers(&shared);
    sendAll(workers, "keep-using " + QByteArray::number(callers));
    const int wanted = test::rounds(5, 100);
    QTRY_VERIFY2_WITH_TIMEOUT(shared.auth.refreshes() >= wanted, "the tokens are not renewed",
                              wanted * 10'000);
    sendAll(workers, "enough");
    QTRY_VERIFY2_WITH_TIMEOUT(allDone(workers), "not all callers have got an answer", patience);
    figures.rounds = wanted;
    figures.count(workers);
    QCOMPARE(errorsOf(workers).join(u'\n'), QString());
    QVERIFY(figures.answers >= processes * callers);
    QCOMPARE(shared.auth.reuses(), 0);
    QCOMPARE(figures.browsers, 0);
    QVERIFY(shared.record().hasSecret);
    // A second request within a lifetime would follow the first at once, or soon.
    const QList<QDateTime> &times = shared.tokenRequestTimes();
    for (qsizetype i = 1; i < times.size(); ++i) {
        const qint64 gap = times.at(i - 1).msecsTo(times.at(i));
        QVERIFY2(gap > 1000, qPrintable(u"token requests %1 ms apart"_s.arg(gap)));
    }
    sendAll(workers, "quit");
    QTRY_VERIFY2_WITH_TIMEOUT(allEnded(workers), "not all processes have ended", patience);
}

/// Short-lived processes, like those of a script: each finds the last one's token refused, and ends
/// as soon as it has its answer. What the last one knew must have been written down by then.
void TestRefreshOnce::oneCallerAfterTheOther()
{
    SharedConnection shared;
    QVERIFY(shared.signIn());
    const int wanted = test::rounds(5, 100);
    for (int round = 1; round <= wanted; ++round) {
        shared.auth.endAccessTokens();
        const std::unique_ptr<Worker> worker = shared.worker();
        worker->send("use 1");
        QTRY_VERIFY_WITH_TIMEOUT(worker->isDone(), patience);
        worker->send("quit");
        QTRY_VERIFY_WITH_TIMEOUT(worker->hasEnded(), patience);
        QCOMPARE(worker->errors().join(u'\n'), QString());
        QCOMPARE(worker->tokens(), QList<QByteArray>{shared.lastIssued()});
        QCOMPARE(shared.auth.refreshes(), round);
    }
    QCOMPARE(shared.auth.reuses(), 0);
}

QTEST_GUILESS_MAIN(TestRefreshOnce)
#include "tst_refreshonce.moc"
