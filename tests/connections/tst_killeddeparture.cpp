// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A process that is killed in the middle of disconnecting: the next one finishes it, and until then nobody
// uses the sign-in. The keychain is a real one.
#include "workerpool.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using support::await;
using test::SharedConnection;
using test::Worker;

namespace {

constexpr int patience = 30'000;

connections::Records recordsOnDisk()
{
    connections::RecordsFile file{storage::Profile(), {}};
    const base::Result<connections::Records> records = file.load();
    return records ? *records : connections::Records();
}

} // namespace

class TestKilledDeparture final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isFinishedByTheNextProcess_data();
    void isFinishedByTheNextProcess();

private:
    static bool hasGrant(const QString &connectionId);
    static bool hasSealed(const QString &revocationId);
};

bool TestKilledDeparture::hasGrant(const QString &connectionId)
{
    storage::KeychainStore keychain{base::Deadlines()};
    connections::GrantStore store(keychain, storage::Profile().keychainPrefix());
    const auto grant = await(store.readGrant(connectionId, {}));
    await(keychain.drained());
    return !grant || *grant;
}

bool TestKilledDeparture::hasSealed(const QString &revocationId)
{
    storage::KeychainStore keychain{base::Deadlines()};
    connections::PendingTokenStore store(keychain, storage::Profile().keychainPrefix());
    const auto sealed = await(store.read(revocationId, {}));
    await(keychain.drained());
    return !sealed || *sealed;
}

void TestKilledDeparture::isFinishedByTheNextProcess_data()
{
    QTest::addColumn<QByteArray>("checkpoint");
    QTest::addColumn<bool>("serviceAnswers");
    for (const QByteArray &checkpoint : {"K21"_ba, "K22"_ba, "K23"_ba}) {
        QTest::addRow("%s", checkpoint.constData()) << checkpoint << true;
        QTest::addRow("%s, service away", checkpoint.constData()) << checkpoint << false;
    }
}

// Proves: D-06, K21, K22, K23
void TestKilledDeparture::isFinishedByTheNextProcess()
{
    QFETCH(const QByteArray, checkpoint);
    QFETCH(const bool, serviceAnswers);
    SharedConnection shared;
    QVERIFY(shared.signIn());
    const QByteArray token = shared.lastIssued();
    const support::FakeServer::Handler good = shared.auth.http().routeOf("/revoke");
    if (!serviceAnswers) {
        shared.auth.http().route("/revoke", support::FakeResponse::empty(503));
    }
    const std::unique_ptr<Worker> victim = shared.worker(checkpoint);
    victim->send("disconnect");
    QTRY_VERIFY_WITH_TIMEOUT(victim->isStopped(), patience);
    victim->kill();
    QVERIFY(shared.record().leaving);

    const std::unique_ptr<Worker> next = shared.worker();
    next->send("token 1");
    QTRY_VERIFY_WITH_TIMEOUT(next->isDone(), patience);
    QVERIFY2(next->errors().value(0).contains(u"sign-in-needed"_s), qPrintable(next->errors().value(0)));
    next->send("finish");
    QTRY_VERIFY_WITH_TIMEOUT(!shared.record().leaving, patience);
    QVERIFY(!shared.record().hasSecret);
    QVERIFY(!hasGrant(shared.record().id));
    if (!serviceAnswers) {
        QVERIFY(shared.works(token));
        QCOMPARE(recordsOnDisk().revocations.size(), 1);
        const QString id = recordsOnDisk().revocations.first().id;
        QVERIFY(hasSealed(id));
        shared.auth.http().route("/revoke", good);
        next->send("finish");
        QTRY_VERIFY_WITH_TIMEOUT(recordsOnDisk().revocations.isEmpty(), patience);
        QVERIFY(!hasSealed(id));
    }
    QVERIFY(!shared.works(token));
    QVERIFY(recordsOnDisk().revocations.isEmpty());
    QCOMPARE(victim->browsers() + next->browsers(), 0);
}

QTEST_GUILESS_MAIN(TestKilledDeparture)
#include "tst_killeddeparture.moc"
