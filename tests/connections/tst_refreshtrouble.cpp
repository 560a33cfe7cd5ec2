// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes renew what they share on a bad day: everything at once, after a night's sleep, with a
// slow keychain, with lost answers. The service rotates its refresh tokens without grace, unless said
// otherwise.
#include "campaign.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using support::await;
using test::allDone;
using test::callers;
using test::errorsOf;
using test::Figures;
using test::processes;
using test::sendAll;
using test::SharedConnection;
using test::tokensOf;
using test::Workers;

namespace {

constexpr int patience = 60'000;

QByteArray times(int number)
{
    return QByteArray::number(number);
}

/// All of them ask, knowing the time; then there is an answer for each.
bool askAll(const Workers &workers, const SharedConnection &shared, const QByteArray &question)
{
    for (const auto &worker : workers) {
        worker->forget();
        worker->send(shared.clockCommand());
        worker->send(question);
    }
    return test::until([&] { return allDone(workers); });
}

} // namespace

class TestRefreshTrouble final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void renewsFiftyAtOnce();
    void renewsOnceAfterSleep();
    void waitsForASlowKeychain();
    void sendsALostRefreshOnceMore();
    void saysThatItWasInterrupted();
    void saysSoAfterAnOutageToo();
};

// Proves: REF-5
void TestRefreshTrouble::renewsFiftyAtOnce()
{
    constexpr int connections = 50;
    SharedConnection shared;
    QVERIFY(shared.signInTo(connections));
    for (const int count : {1, 4}) {
        const int before = shared.auth.refreshes();
        const Workers workers = test::startWorkers(&shared, count);
        Figures figures(times(connections) + " connections at once, " + times(count) + " processes", shared);
        figures.rounds = test::rounds(1, 20);
        for (int round = 1; round <= figures.rounds; ++round) {
            shared.advance(std::chrono::hours(2));
            QVERIFY2(askAll(workers, shared, "all 2"), "not all callers have got an answer");
            figures.count(workers);
            QCOMPARE(errorsOf(workers).join(u'\n'), QString());
            QCOMPARE(shared.auth.refreshes() - before, connections * round);
            QHash<QByteArray, int> tokens;
            for (const QByteArray &token : tokensOf(workers)) {
                ++tokens[token];
                QVERIFY(shared.works(token));
            }
            QCOMPARE(tokens.size(), connections);
            QCOMPARE(tokens.values(), QList<int>(connections, 2 * count));
        }
        QCOMPARE(shared.invalidGrants(), 0);
        QCOMPARE(figures.browsers, 0);
    }
}

// Proves: REF-5
void TestRefreshTrouble::renewsOnceAfterSleep()
{
    SharedConnection shared;
    QVERIFY(shared.signIn());
    const Workers workers = test::startWorkers(&shared);
    Figures figures("eight hours of sleep, in use all the time", shared);
    sendAll(workers, "keep-using " + times(callers));
    const int wanted = test::rounds(5, 200);
    for (int round = 1; round <= wanted; ++round) {
        shared.advance(std::chrono::hours(8));
        sendAll(workers, shared.clockCommand());
        const auto hasWokenUp = [&](const auto &worker) {
            return shared.auth.refreshes() == round && worker->tokens().contains(shared.lastIssued());
        };
        const auto haveAll = [&] { return std::ranges::all_of(workers, hasWokenUp); };
        QVERIFY2(test::until(haveAll), "not all processes use the new token");
        figures.rounds = round;
        figures.count(workers);
        QCOMPARE(errorsOf(workers).join(u'\n'), QString());
        for (const auto &worker : workers) {
            worker->forget();
        }
    }
    sendAll(workers, "enough");
    QTRY_VERIFY2_WITH_TIMEOUT(allDone(workers), "not all callers have got an answer", patience);
    QCOMPARE(errorsOf(workers).join(u'\n'), QString());
    QCOMPARE(shared.auth.refreshes(), wanted);
    QCOMPARE(shared.invalidGrants(), 0);
    QCOMPARE(figures.browsers, 0);
}

// Proves: REF-5
void TestRefreshTrouble::waitsForASlowKeychain()
{
    SharedConnection shared;
    QVERIFY(shared.signIn());
    const Workers workers = test::startWorkers(&shared);
    Figures figures("keychain writes half a second late", shared);
    sendAll(workers, "slow 500");
    figures.rounds = test::rounds(3, 100);
    for (int round = 1; round <= figures.rounds; ++round) {
        shared.advance(std::chrono::hours(2));
        QVERIFY2(askAll(workers, shared, "token " + times(callers)), "not all callers have got an answer");
        figures.count(workers);
        QCOMPARE(errorsOf(workers).join(u'\n'), QString());
        QCOMPARE(tokensOf(workers), QList<QByteArray>(processes * callers, shared.lastIssued()));
        QCOMPARE(shared.auth.refreshes(), round);
    }
    QCOMPARE(shared.invalidGrants(), 0);
    QCOMPARE(figures.browsers, 0);
}

/// The service has done its work, and its answer never arrives. It honours the old token for a while.
void TestRefreshTrouble::sendsALostRefreshOnceMore()
{
    SharedConnection shared;
    shared.auth.rotationGrace = std::chrono::seconds(30);
    QVERIFY(shared.signIn());
    const Workers workers = test::startWorkers(&shared);
    Figures figures("a lost answer, 30 s of grace", shared);
    figures.rounds = test::rounds(2, 50);
    for (int round = 1; round <= figures.rounds; ++round) {
        shared.advance(std::chrono::hours(2));
        shared.answersToLose = 1;
        QVERIFY2(askAll(workers, shared, "token " + times(callers)), "not all callers have got an answer");
        figures.count(workers);
        QCOMPARE(errorsOf(workers).join(u'\n'), QString());
        QCOMPARE(tokensOf(workers), QList<QByteArray>(processes * callers, shared.lastIssued()));
        QCOMPARE(shared.auth.refreshes(), 2 * round);
    }
    QCOMPARE(shared.invalidGrants(), 0);
    QCOMPARE(figures.browsers, 0);
}

/// The same without grace: this sign-in is lost, and whoever asks is told why.
void TestRefreshTrouble::saysThatItWasInterrupted()
{
    SharedConnection shared;
    QVERIFY(shared.signIn());
    const Workers workers = test::startWorkers(&shared);
    Figures figures("a lost answer, no grace", shared);
    figures.rounds = test::rounds(1, 20);
    for (int round = 1; round <= figures.rounds; ++round) {
        shared.advance(std::chrono::hours(2));
        shared.answersToLose = 1;
        QVERIFY2(askAll(workers, shared, "token " + times(callers)), "not all callers have got an answer");
        figures.count(workers);
        QCOMPARE(tokensOf(workers), QList<QByteArray>());
        const QString sentence = u"was interrupted while it was renewed. Authorize again."_s;
        QCOMPARE(errorsOf(workers).filter(sentence).size(), processes * callers);
        // The one whose answer was lost, and one more: nobody else tries.
        QCOMPARE(shared.auth.refreshes(), 2 * round);
        const connections::ConnectionRecord record = shared.record();
        QVERIFY(!record.hasSecret && record.lastError && record.lastError->error.sentence.contains(sentence));
        const std::unique_ptr<test::OpenProfile> profile = shared.open();
        QVERIFY(await(profile->list.byId(record.id)->authorize({}, {})));
    }
    QCOMPARE(shared.invalidGrants(), figures.rounds);
    QCOMPARE(figures.browsers, 0);
}

/// Both answers are lost. Nothing is known then, so nothing is thrown away; what comes out later has this
/// cause.
void TestRefreshTrouble::saysSoAfterAnOutageToo()
{
    SharedConnection shared;
    QVERIFY(shared.signIn());
    Workers workers = test::startWorkers(&shared, 1);
    shared.advance(std::chrono::hours(2));
    shared.answersToLose = 2;
    QVERIFY(askAll(workers, shared, "token 1"));
    QCOMPARE(errorsOf(workers).size(), 1);
    QCOMPARE(errorsOf(workers).filter(u"sign-in-needed"_s), QStringList());
    QVERIFY(shared.record().hasSecret && shared.record().renewingSince);
    // In another process, which has the record only.
    workers = test::startWorkers(&shared, 1);
    shared.advance(std::chrono::minutes(5));
    QVERIFY(askAll(workers, shared, "token 1"));
    QCOMPARE(errorsOf(workers).filter(u"was interrupted while it was renewed"_s).size(), 1);
    QCOMPARE(shared.auth.refreshes(), 3);
    QVERIFY(!shared.record().hasSecret);
}

QTEST_GUILESS_MAIN(TestRefreshTrouble)
#include "tst_refreshtrouble.moc"
