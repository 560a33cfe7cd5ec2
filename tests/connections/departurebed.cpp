// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "departurebed.h"

namespace mooring::test {

using namespace Qt::StringLiterals;
using connections::GrantStore;
using connections::Records;
using connections::RevocationRecord;
using support::await;
using Access = storage::MemorySecretStore::Access;

namespace {

Records recordsOnDisk()
{
    connections::RecordsFile file{storage::Profile(), {}};
    const base::Result<Records> records = file.load();
    return records ? *records : Records();
}

} // namespace

DepartureBed::DepartureBed(const std::function<void(DepartureBed *)> &prepare)
{
    if (prepare) {
        prepare(this);
    }
    m_good = auth.http().routeOf("/revoke");
    id = signedIn()->id();
    GrantStore store(secrets, storage::Profile().keychainPrefix());
    const auto grant = await(store.readGrant(id, {}));
    if (!grant || !*grant) {
        qFatal("there is no grant");
    }
    accessToken = (*grant)->tokens.accessToken.reveal();
    refreshToken = (*grant)->tokens.refreshToken.reveal();
    listen();
}

void DepartureBed::listen()
{
    QObject::connect(&list->revocations(), &connections::PendingRevocations::ended, list.get(),
                     [this](const RevocationRecord &, connections::RevocationEnd how) { ends.append(how); });
}

base::Result<connections::Disconnected> DepartureBed::disconnect() const
{
    return await(connection()->disconnectFromServer({}));
}

void DepartureBed::tellDue() const
{
    list->revocations().tellDue();
    await(list->revocations().settled(std::chrono::seconds(20)));
}

void DepartureBed::tellNow() const
{
    list->revocations().tellNow();
    await(list->revocations().settled(std::chrono::seconds(20)));
}

void DepartureBed::letServiceAnswer()
{
    m_before = auth.http().requestsTo("/revoke").size();
    auth.http().route("/revoke", m_good);
}

QByteArrayList DepartureBed::fields(const QByteArray &name)
{
    QByteArrayList values;
    const std::vector<support::FakeRequest> requests = auth.http().requestsTo("/revoke");
    for (std::size_t i = m_before; i < requests.size(); ++i) {
        values.append(support::fieldOf(requests[i].form(), name));
    }
    return values;
}

QList<RevocationRecord> DepartureBed::entries() const
{
    return recordsOnDisk().revocations;
}

void DepartureBed::checkSealed()
{
    const QList<RevocationRecord> all = entries();
    QCOMPARE(all.size(), 1);
    QCOMPARE(all.first().connectionId, id);
    QCOMPARE(list->revocations().all(), all);
    const QString prefix = storage::Profile().keychainPrefix();
    QCOMPARE(secrets.keys(), QStringList{prefix + u"revocation/"_s + all.first().id});
    connections::PendingTokenStore store(secrets, prefix);
    const auto sealed = await(store.read(all.first().id, {}));
    QVERIFY(sealed && *sealed);
    QCOMPARE((*sealed)->refreshToken.reveal(), refreshToken);
    QCOMPARE((*sealed)->accessToken.reveal(), accessToken);
    GrantStore grants(secrets, prefix);
    for (const QString &key : {id, all.first().id}) {
        const auto grant = await(grants.readGrant(key, {}));
        QVERIFY(grant && !*grant);
    }
    const connections::ConnectionRecord record = recordOnDisk(id);
    QVERIFY(!record.hasSecret && !record.hasRefreshToken && !record.leaving);
    QVERIFY(connection()->pendingRevocation());
    const base::Result<connections::AccessToken> none = await(connection()->accessToken({}));
    QVERIFY(!none);
    QCOMPARE(none.error().kind, base::ErrorKind::SignInNeeded);
    QVERIFY(!everythingOnDisk().contains("canary-token"));
}

void DepartureBed::checkOver(connections::RevocationEnd how) const
{
    QCOMPARE(ends, QList{how});
    QCOMPARE(isAlive(), how != connections::RevocationEnd::Told);
    QVERIFY(entries().isEmpty());
    QVERIFY(list->revocations().all().isEmpty());
    QCOMPARE(secrets.keys(), QStringList());
    QVERIFY(!connection()->pendingRevocation());
    const QString expected = connections::endText(how, host());
    QCOMPARE(connection()->activityLog().activity.first().text, expected);
}

void DepartureBed::leaveAt(const QString &point, bool serviceAnswers)
{
    if (!serviceAnswers) {
        auth.http().route("/revoke", support::FakeResponse::empty(500));
    }
    const base::Error killed =
        base::keychainError(base::KeychainCase::Failed, u"The test has ended the process here."_s);
    // The first read is that of the grant.
    if (point == "announced"_L1) {
        secrets.failNext(Access::Read, 1, killed);
    } else if (point == "entered"_L1) {
        secrets.failNext(Access::Write, 1, killed);
    } else if (point == "told"_L1 || point == "sealed"_L1) {
        secrets.failNext(Access::Remove, 1, killed);
    }
    static_cast<void>(disconnect());
    if (point == "deleted"_L1) {
        // The record of before comes back: its change was the last thing to be written.
        connections::RecordsFile file{storage::Profile(), {}};
        const QString mine = id;
        const auto undo = [mine](Records &records) {
            records.connection(mine)->leaving = true;
            records.connection(mine)->hasSecret = true;
            records.connection(mine)->hasRefreshToken = true;
        };
        QVERIFY(await(file.update(undo, {})));
    }
    QVERIFY(recordOnDisk(id).leaving);
}

} // namespace mooring::test
