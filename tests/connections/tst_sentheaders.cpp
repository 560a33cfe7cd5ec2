// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Headers beside a sign-in or a key: what is kept where, what an older version beside this one leaves of it,
// and what a process that ended too early does.
#include "connections/grants/grantstore.h"
#include "connections/grants/requestsecrets.h"
#include "support/testbed.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::AuthorizationKind;
using connections::Connection;
using connections::ConnectionRecord;
using connections::GrantStore;
using connections::PendingRequestSecrets;
using connections::Records;
using connections::RequestSecrets;
using connections::SentHeader;
using connections::TypedHeader;
using support::await;
using support::Testbed;
using Access = storage::MemorySecretStore::Access;

namespace {

TypedHeader secret(const QString &name, const QByteArray &value)
{
    return {name, base::Secret(value), true};
}

QStringList names(const QList<TypedHeader> &headers)
{
    QStringList all;
    for (const TypedHeader &header : headers) {
        all.append(header.name);
    }
    return all;
}

/// Changes the file behind everybody's back.
void edit(const connections::RecordsChange &change)
{
    connections::RecordsFile file{storage::Profile(), {}};
    if (!await(file.update(change, {}))) {
        qFatal("the file could not be changed");
    }
}

} // namespace

class TestSentHeaders final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void areWrittenAndRead();
    void refusesWhatCantBeSent();
    void keepTheItemOfOldForTheFirst();
    void surviveAnOlderVersionsRenewal();
    void endWithAnOlderVersionsDisconnect();
    void areSweptAfterAnOlderVersionsRemoval();
    void settleAnInterruptedWrite_data();
    void settleAnInterruptedWrite();
    void tellWhatTheKeychainHasLost();
    void goNowhereElse();
    void endWithTheKeyTheyBelongTo();
    void addNothingIfTheKeychainRefuses();
};

void TestSentHeaders::areWrittenAndRead()
{
    ConnectionRecord record;
    record.id = u"a"_s;
    record.url = QUrl(u"https://h.example/mcp"_s);
    record.kind = AuthorizationKind::OAuth;
    record.headers = {{u"X-Workspace"_s, u"blue"_s, false}, {u"X-Key"_s, {}, true}};
    record.secretQuery = {u"api_key"_s};
    record.requestSecretsGeneration = 7;
    record.pendingRequestSecrets = PendingRequestSecrets{8, {{u"X-Other"_s, {}, true}}, {u"token"_s}};
    const auto again = ConnectionRecord::fromJson(record.toJson());
    QVERIFY(again);
    QCOMPARE(*again == record, true);
    QVERIFY(again->unknown.isEmpty());
    QVERIFY(record.hasRequestSecrets());
    QCOMPARE(record.secretHeaders(), QStringList{u"X-Key"_s});
    // Nothing of it where there is nothing of it: an older version's file stays as it is.
    ConnectionRecord empty;
    empty.id = record.id;
    empty.url = record.url;
    const QJsonObject plain = empty.toJson();
    for (const char *member : {"headers", "secretQuery", "furtherGeneration", "furtherArriving"}) {
        QVERIFY(record.toJson().contains(QLatin1StringView(member)));
        QVERIFY(!plain.contains(QLatin1StringView(member)));
    }
    // Somebody has edited the file.
    QJsonObject edited = record.toJson();
    edited["headers"_L1] = QJsonArray{QJsonObject{{u"name"_s, u"Host"_s}, {u"value"_s, u"x"_s}},
                                      QJsonObject{{u"name"_s, u"X-A"_s}, {u"value"_s, u"a\r\nX-B: c"_s}},
                                      QJsonObject{{u"name"_s, u"X-C"_s}, {u"value"_s, u"c"_s}}, 5};
    QCOMPARE(ConnectionRecord::fromJson(edited)->headers, (QList<SentHeader>{{u"X-C"_s, u"c"_s, false}}));
}

void TestSentHeaders::refusesWhatCantBeSent()
{
    const auto fits = [](const QList<TypedHeader> &headers) {
        return connections::checkHeaders(headers).has_value();
    };
    QVERIFY(fits({secret(u"X-Key"_s, "a"), secret(u"X-Other"_s, "b")}));
    QVERIFY(!fits({secret(u"X-Key"_s, "a"), secret(u"x-key"_s, "b")}));
    QVERIFY(!fits({secret(u"X-Key"_s, "a\r\nX-Evil: b")}));
    QVERIFY(!fits({secret(u"X-Key"_s, QByteArray(8193, 'a'))}));
    QVERIFY(!fits({secret(u"X-Key"_s, "\xc3\xa9")}));
    QVERIFY(!fits({secret(u"Mcp-Anything"_s, "a")}));
    QList<TypedHeader> many;
    for (int i = 0; i < connections::maximumHeaders; ++i) {
        many.append(secret(u"X-%1"_s.arg(i), "a"));
    }
    QVERIFY(fits(many));
    many.append(secret(u"X-Last"_s, "a"));
    QVERIFY(!fits(many));
}

void TestSentHeaders::keepTheItemOfOldForTheFirst()
{
    Testbed bed;
    const auto connection = bed.added(QUrl(u"https://h.example/mcp"_s));
    QVERIFY(await(connection->setHeaders({secret(u"X-First"_s, "one"),
                                          secret(u"X-Second"_s, "two"),
                                          {u"X-Plain"_s, base::Secret("three"), false}},
                                         {})));
    GrantStore grants(bed.secrets, storage::Profile().keychainPrefix());
    const auto key = await(grants.readHeaderKey(connection->id(), {}));
    QVERIFY(key && *key);
    QCOMPARE((*key)->headerName, u"X-First"_s);
    QCOMPARE((*key)->value.reveal(), "one"_ba);
    const ConnectionRecord record = bed.recordOnDisk(connection->id());
    QCOMPARE(record.kind, AuthorizationKind::Header);
    QCOMPARE(record.headerName, u"X-First"_s);
    QCOMPARE(record.headers,
             (QList<SentHeader>{{u"X-Second"_s, {}, true}, {u"X-Plain"_s, u"three"_s, false}}));
    QCOMPARE(bed.secrets.keys().size(), 2);
    QVERIFY(!bed.everythingOnDisk().contains("\"two\""));
    // The short form changes the one that it names, or the first.
    QVERIFY(await(connection->setHeaderKey(u"x-second"_s, base::Secret("new"), {})));
    QCOMPARE(names(connection->headers()), (QStringList{u"X-First"_s, u"x-second"_s, u"X-Plain"_s}));
    QVERIFY(await(connection->setHeaderKey(u"X-Other"_s, base::Secret("other"), {})));
    QCOMPARE(names(connection->headers()), (QStringList{u"X-Other"_s, u"x-second"_s, u"X-Plain"_s}));
    // Without a secret one there is no key any more.
    QVERIFY(await(connection->setHeaders({{u"X-Plain"_s, base::Secret("four"), false}}, {})));
    QCOMPARE(connection->record().kind, AuthorizationKind::None);
    QCOMPARE(bed.secrets.keys(), QStringList());
    QVERIFY(await(connection->setHeaders({}, {})));
    QCOMPARE(connection->headers().size(), 0);
}

void TestSentHeaders::surviveAnOlderVersionsRenewal()
{
    Testbed bed;
    const auto connection = bed.signedIn();
    QVERIFY(await(connection->setHeaders({secret(u"X-Gateway-Key"_s, "gate")}, {})));
    // It knows the members of a grant and no others, and writes all of the item anew.
    GrantStore grants(bed.secrets, storage::Profile().keychainPrefix());
    const auto grant = await(grants.readGrant(connection->id(), {}));
    QVERIFY(grant && *grant);
    connections::Grant renewed = **grant;
    renewed.generation += 1;
    QVERIFY(await(grants.writeGrant(connection->id(), renewed, {})));
    edit([id = connection->id(), renewed](Records &all) {
        // Unknown members survive there.
        ConnectionRecord *mine = all.connection(id);
        mine->generation = renewed.generation;
    });
    bed.mcp.otherHeaders = {{"X-Gateway-Key", "gate"}};
    QVERIFY(await(connection->listTools({})));
}

void TestSentHeaders::endWithAnOlderVersionsDisconnect()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    const auto connection = bed.added(bed.mcp.url());
    const QString id = connection->id();
    QVERIFY(await(connection->setHeaders({secret(u"X-A"_s, "one"), secret(u"X-B"_s, "two")}, {})));
    GrantStore grants(bed.secrets, storage::Profile().keychainPrefix());
    QVERIFY(await(grants.remove(id, {})));
    edit([id](Records &all) {
        ConnectionRecord *mine = all.connection(id);
        mine->kind = AuthorizationKind::None;
        mine->hasSecret = false;
        mine->generation += 1;
    });
    QVERIFY(await(connection->listTools({})));
    QVERIFY(bed.mcp.http().requests().back().headers.value("X-B").isEmpty());
    // What it didn't know of goes when the program is started the next time.
    bed.restart();
    bed.list->finishInterrupted();
    QTRY_COMPARE(bed.secrets.keys(), QStringList());
}

void TestSentHeaders::areSweptAfterAnOlderVersionsRemoval()
{
    Testbed bed;
    const auto connection = bed.signedIn();
    const QString id = connection->id();
    QVERIFY(await(connection->setHeaders({secret(u"X-A"_s, "one")}, {})));
    GrantStore grants(bed.secrets, storage::Profile().keychainPrefix());
    QVERIFY(await(grants.remove(id, {})));
    edit([](Records &all) { all.connections.clear(); });
    QVERIFY(bed.secrets.keys().join(u' ').contains(id));
    bed.restart();
    bed.list->finishInterrupted();
    QTRY_VERIFY(!bed.secrets.keys().join(u' ').contains(id));
    connections::RecordsFile file{storage::Profile(), {}};
    QTRY_COMPARE(file.load()->requestSecretsItems, QStringList());
}

void TestSentHeaders::settleAnInterruptedWrite_data()
{
    QTest::addColumn<bool>("hasArrived");
    QTest::newRow("before the keychain") << false;
    QTest::newRow("behind the keychain") << true;
}

void TestSentHeaders::settleAnInterruptedWrite()
{
    QFETCH(bool, hasArrived);
    Testbed bed;
    bed.mcp.admits = nullptr;
    const auto connection = bed.added(bed.mcp.url());
    const QString id = connection->id();
    QVERIFY(await(connection->setHeaders({secret(u"X-A"_s, "one"), secret(u"X-B"_s, "two")}, {})));
    const PendingRequestSecrets arrival{
        connection->record().requestSecretsGeneration + 1, {{u"X-B"_s, {}, true}, {u"X-C"_s, {}, true}}, {}};
    edit([id, arrival](Records &all) { all.connection(id)->pendingRequestSecrets = arrival; });
    if (hasArrived) {
        RequestSecrets secrets;
        secrets.generation = arrival.generation;
        secrets.origin = http::origin(bed.mcp.url());
        secrets.headers = {{u"x-b"_s, base::Secret("new")}, {u"x-c"_s, base::Secret("three")}};
        GrantStore grants(bed.secrets, storage::Profile().keychainPrefix());
        QVERIFY(await(grants.writeRequestSecrets(id, secrets, {})));
    }
    bed.restart();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    const support::FakeRequest last = bed.mcp.http().requests().back();
    QCOMPARE(last.headers.value("X-A"), "one"_ba);
    QCOMPARE(last.headers.value("X-B"), hasArrived ? "new"_ba : "two"_ba);
    QCOMPARE(last.headers.value("X-C"), hasArrived ? "three"_ba : QByteArray());
    QVERIFY(!bed.recordOnDisk(id).pendingRequestSecrets);
}

void TestSentHeaders::tellWhatTheKeychainHasLost()
{
    Testbed bed;
    const auto connection = bed.signedIn();
    QVERIFY(await(connection->setHeaders({secret(u"X-A"_s, "one")}, {})));
    GrantStore grants(bed.secrets, storage::Profile().keychainPrefix());
    QVERIFY(await(grants.writeRequestSecrets(connection->id(), RequestSecrets(), {})));
    bed.restart();
    const auto again = bed.list->connections().first();
    const auto tools = await(again->listTools({}));
    QVERIFY(!tools);
    QCOMPARE(tools.error().kind, base::ErrorKind::SignInNeeded);
    QVERIFY(tools.error().sentence.contains(u"keychain"_s));
    // The sign-in itself is as good as before.
    QVERIFY(await(again->setHeaders({}, {})));
    QVERIFY(await(again->listTools({})));
}

void TestSentHeaders::goNowhereElse()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    const auto connection = bed.added(bed.mcp.url());
    const QString id = connection->id();
    QVERIFY(await(connection->setHeaders({secret(u"X-A"_s, "one"), secret(u"X-B"_s, "two")}, {})));
    support::FakeMcpServer other;
    // Whoever edits the list sends the keys nowhere.
    edit([&](Records &all) { all.connection(id)->url = other.url(); });
    bed.restart();
    const auto tools = await(bed.list->byId(id)->listTools({}));
    QVERIFY(!tools);
    QCOMPARE(tools.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(other.http().requests().size(), std::size_t(0));
}

void TestSentHeaders::endWithTheKeyTheyBelongTo()
{
    Testbed bed;
    const auto connection = bed.added(bed.mcp.url());
    QVERIFY(await(connection->setHeaders(
        {secret(u"X-A"_s, "one"), secret(u"X-B"_s, "two"), {u"X-Plain"_s, base::Secret("three"), false}},
        {})));
    // A sign-in takes the place of a key, and of what goes with it.
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(names(connection->headers()), QStringList{u"X-Plain"_s});
    QVERIFY(!bed.secrets.keys().join(u' ').contains(u"further"_s));
    QVERIFY(await(connection->listTools({})));
    QCOMPARE(bed.mcp.http().requests().back().headers.value("X-Plain"), "three"_ba);
}

void TestSentHeaders::addNothingIfTheKeychainRefuses()
{
    for (int written = 0; written < 2; ++written) {
        Testbed bed;
        bed.secrets.failNext(Access::Write, 1, base::keychainError(base::KeychainCase::Denied, u"No."_s, {}),
                             written);
        connections::NewConnection request;
        request.url = QUrl(bed.mcp.url().toString() + u"?api_key=canary-query-key"_s);
        request.headers = {secret(u"X-A"_s, "one")};
        const auto added = await(bed.list->add(request, {}));
        QVERIFY(!added);
        QCOMPARE(added.error().kind, base::ErrorKind::Keychain);
        QVERIFY(bed.list->connections().isEmpty());
        QCOMPARE(bed.secrets.keys(), QStringList());
        QVERIFY(!bed.everythingOnDisk().contains("canary-query-key"));
    }
}

QTEST_GUILESS_MAIN(TestSentHeaders)
#include "tst_sentheaders.moc"
