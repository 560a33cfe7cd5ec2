// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A process that ended between the keychain and the record: what is in the keychain counts.
#include "support/testbed.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::ConnectionRecord;
using connections::Phase;
using support::await;
using support::Testbed;

namespace {

void rewrite(const QString &id, const connections::RecordChange &change)
{
    connections::RecordsFile file{storage::Profile(), base::Deadlines()};
    const connections::RecordsChange changeOne = [&](connections::Records &records) {
        change(*records.connection(id));
    };
    QVERIFY(await(file.update(changeOne, {})));
}

/// A connection as a new process finds it if the one before ended just before it wrote the sign-in down.
std::shared_ptr<Connection> interruptedSignIn(Testbed *bed)
{
    const ConnectionRecord signedIn = bed->signedIn()->record();
    rewrite(signedIn.id, [signedIn](ConnectionRecord &record) {
        ConnectionRecord before;
        before.id = signedIn.id;
        before.name = signedIn.name;
        before.url = signedIn.url;
        before.kind = signedIn.kind;
        before.verdict = signedIn.verdict;
        before.pendingWrite =
            connections::PendingWrite{signedIn.generation, signedIn.authorizationServer,
                                      signedIn.registrationId, signedIn.scopesAsked, u"a@example.com"_s};
        record = before;
    });
    bed->restart();
    return bed->list->byId(signedIn.id);
}

} // namespace

class TestArrival final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isFoundAtTheStart();
    void isFoundByTheFirstCaller();
    void isGivenBackByADisconnect();
    void isReplacedByANewSignIn();
    void isForgottenIfNothingCame();
    void leavesALockedKeychainAlone();
    void findsAKey();
    void leavesNoEntryWithoutItsKey();
};

void TestArrival::isFoundAtTheStart()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = interruptedSignIn(&bed);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    bed.list->finishInterrupted();
    QTRY_COMPARE(connection->state().phase, Phase::Authorized);
    const ConnectionRecord record = bed.recordOnDisk(connection->id());
    QVERIFY(record.hasSecret && record.hasRefreshToken && !record.pendingWrite);
    QCOMPARE(record.accountLabel, u"a@example.com"_s);
    QVERIFY(await(connection->listTools({})));
    // What the record needs for that is there too.
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
    QCOMPARE(bed.auth.codeExchanges(), 1);
}

void TestArrival::isFoundByTheFirstCaller()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = interruptedSignIn(&bed);
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QVERIFY(bed.recordOnDisk(connection->id()).hasSecret);
    QCOMPARE(bed.person.opened.size(), 1);
}

void TestArrival::isGivenBackByADisconnect()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = interruptedSignIn(&bed);
    const base::Result<connections::Disconnected> removed =
        await(bed.list->remove(connection->id(), false, {}));
    QVERIFY(removed);
    QCOMPARE(removed->outcome, connections::RevocationOutcome::Revoked);
    QVERIFY(bed.auth.revocations() >= 1);
    QVERIFY(bed.secrets.keys().isEmpty());
}

void TestArrival::isReplacedByANewSignIn()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = interruptedSignIn(&bed);
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(bed.auth.codeExchanges(), 2);
    QTRY_VERIFY(bed.auth.revocations() >= 1);
    QCOMPARE(bed.secrets.keys().size(), 1);
    QVERIFY(await(connection->listTools({})));
    QVERIFY(!bed.recordOnDisk(connection->id()).pendingWrite);
}

void TestArrival::isForgottenIfNothingCame()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const ConnectionRecord before = connection->record();
    rewrite(connection->id(), [](ConnectionRecord &record) {
        record.pendingWrite = connections::PendingWrite{record.generation + 1, {}, u"another"_s, {}, {}};
    });
    bed.restart();
    const std::shared_ptr<Connection> again = bed.list->byId(before.id);
    bed.list->finishInterrupted();
    QTRY_VERIFY(!bed.recordOnDisk(before.id).pendingWrite);
    QVERIFY(again->record() == before);
    QVERIFY(await(again->listTools({})));
}

void TestArrival::leavesALockedKeychainAlone()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = interruptedSignIn(&bed);
    bed.secrets.setLocked(true);
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QVERIFY(!token);
    QCOMPARE(token.error().kind, base::ErrorKind::Keychain);
    QVERIFY(bed.recordOnDisk(connection->id()).pendingWrite);
    bed.secrets.setLocked(false);
    QVERIFY(await(connection->accessToken({})));
}

void TestArrival::findsAKey()
{
    Testbed bed;
    support::FakeMcpServer server;
    server.keyHeader = "X-Api-Key";
    server.keyValue = "canary-key";
    const std::shared_ptr<Connection> connection = bed.added(server.url());
    QVERIFY(await(connection->setHeaderKey(u"X-Api-Key"_s, base::Secret("canary-key"), {})));
    const qint64 generation = connection->record().generation;
    rewrite(connection->id(), [generation](ConnectionRecord &record) {
        record.kind = connections::AuthorizationKind::None;
        record.headerName.clear();
        record.hasSecret = false;
        record.generation = generation - 1;
        record.pendingWrite = connections::PendingWrite{.generation = generation};
    });
    bed.restart();
    const std::shared_ptr<Connection> again = bed.list->byId(connection->id());
    QVERIFY(await(again->listTools({})));
    QCOMPARE(again->state().phase, Phase::ApiKey);
}

void TestArrival::leavesNoEntryWithoutItsKey()
{
    Testbed bed;
    bed.secrets.failNext(storage::MemorySecretStore::Access::Write, 1,
                         base::keychainError(base::KeychainCase::Denied, u"No."_s, {}));
    connections::NewConnection request;
    request.url = bed.mcp.url();
    request.headers = {{u"X-Api-Key"_s, base::Secret("canary-key")}};
    const base::Result<std::shared_ptr<Connection>> added = await(bed.list->add(request, {}));
    QVERIFY(!added);
    QCOMPARE(added.error().kind, base::ErrorKind::Keychain);
    QVERIFY(bed.list->connections().isEmpty());
    QVERIFY(bed.secrets.keys().isEmpty());
}

QTEST_GUILESS_MAIN(TestArrival)
#include "tst_arrival.moc"
