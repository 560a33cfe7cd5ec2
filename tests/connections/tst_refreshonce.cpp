// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Eight processes with eight callers each use one connection, over a real keychain. The service
// rotates its refresh tokens without grace and ends the whole grant if one is used twice.
#include "workerpool.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QScopeGuard>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using test::SharedConnection;
using test::Worker;

namespace {

constexpr int processes = 8;
constexpr int callers = 8;
constexpr int patience = 60'000;

using Workers = std::vector<std::unique_ptr<Worker>>;

bool allDone(const Workers &workers)
{
    return std::all_of(workers.begin(), workers.end(), [](const auto &one) { return one->isDone(); });
}

bool allEnded(const Workers &workers)
{
    return std::all_of(workers.begin(), workers.end(), [](const auto &one) { return one->hasEnded(); });
}

QList<QByteArray> tokensOf(const Workers &workers)
{
    QList<QByteArray> all;
    for (const auto &worker : workers) {
        all += worker->tokens();
    }
    return all;
}

QStringList errorsOf(const Workers &workers)
{
    QStringList all;
    for (const auto &worker : workers) {
        all += worker->errors();
    }
    return all;
}

int browsersOf(const Workers &workers)
{
    int all = 0;
    for (const auto &worker : workers) {
        all += worker->browsers();
    }
    return all;
}

Workers startWorkers(const SharedConnection &shared)
{
    Workers workers;
    for (int i = 0; i < processes; ++i) {
        workers.push_back(shared.worker());
    }
    return workers;
}

void sendAll(const Workers &workers, const QByteArray &command)
{
    for (const auto &worker : workers) {
        worker->send(command);
    }
}

/// What a campaign comes to; printed whether it passes or not.
class Figures final {
public:
    Figures(const char *campaign, const SharedConnection &shared)
        : m_campaign(campaign)
        , m_shared(shared)
    {
        m_time.start();
    }
    ~Figures()
    {
        std::printf("figure: %s: %d processes x %d callers, rounds %d, answers %lld, token requests %d, "
                    "reuses %d, sign-outs %d, browser %d, %lld ms\n",
                    m_campaign, processes, callers, rounds, static_cast<long long>(answers),
                    m_shared.auth.refreshes(), m_shared.auth.reuses(), signOuts, browsers,
                    static_cast<long long>(m_time.elapsed()));
        std::fflush(stdout);
    }
    Q_DISABLE_COPY_MOVE(Figures)

    void count(const Workers &workers)
    {
        answers += tokensOf(workers).size();
        browsers += browsersOf(workers);
        const QStringList errors = errorsOf(workers);
        signOuts += static_cast<int>(errors.filter(u"sign-in-needed"_s).size());
    }

    int rounds = 0;
    qsizetype answers = 0;
    int signOuts = 0;
    int browsers = 0;

private:
    const char *m_campaign;
    const SharedConnection &m_shared;
    QElapsedTimer m_time;
};

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
    QTest::newRow("expired, started together") << false << true;
    QTest::newRow("expired, already running") << false << false;
    QTest::newRow("refused, started together") << true << true;
    QTest::newRow("refused, already running") << true << false;
}

// Proves: REF-5
void TestRefreshOnce::oneTokenRequestARound()
{
    QFETCH(const bool, isRefused);
    QFETCH(const bool, isFresh);
    SharedConnection shared;
    QVERIFY(shared.signIn());
    Figures figures(QTest::currentDataTag(), shared);
    Workers workers;
    const int wanted = test::rounds(5, 100);
    for (int round = 1; round <= wanted; ++round) {
        if (isRefused) {
            shared.auth.endAccessTokens();
        } else {
            shared.advance(std::chrono::hours(2));
        }
        shared.answersAfter = std::chrono::milliseconds(QRandomGenerator::global()->bounded(150));
        if (isFresh || workers.empty()) {
            workers = startWorkers(shared);
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
        QCOMPARE(shared.auth.reuses(), 0);
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
    const Workers workers = startWorkers(shared);
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
