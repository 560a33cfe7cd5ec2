// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Registrations as connections live with them: which one is used, when one is forgotten, what becomes of it.
#include "support/testbed.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Phase;
using support::await;
using support::FakeResponse;
using support::Testbed;

namespace {

connections::Records recordsOnDisk()
{
    connections::RecordsFile file{storage::Profile(), {}};
    const base::Result<connections::Records> records = file.load();
    return records ? *records : connections::Records();
}

} // namespace

class TestRegistrations final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void forgetsAStaleOneWhenAsked();
    void offersToForgetWhenTheBrowserNeverComesBack();
    void retiresWhatARemovedConnectionLeaves();
    void keepsWhatAnotherConnectionUses();
    void keepsAnAccountNameThatWasTyped();
    void movesFromAKeyToASignInAndBack();
};

void TestRegistrations::forgetsAStaleOneWhenAsked()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const QString stale = connection->registration()->clientId;
    const FakeResponse forgotten = FakeResponse::json({{u"error"_s, u"invalid_client"_s}}, 401);
    bed.auth.http().once("/token", forgotten);
    QVERIFY(!await(connection->renew({})));
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    QVERIFY(connection->state().error);
    QCOMPARE(connection->state().error->remedy, u"forgets-registration"_s);
    // The tokens are kept: a service that only had a bad day takes them again.
    QVERIFY(bed.recordOnDisk(connection->id()).hasRefreshToken);
    connections::AuthorizeOptions options;
    options.forgetRegistration = true;
    QVERIFY(await(connection->authorize(options, {})));
    QVERIFY(connection->registration()->clientId != stale);
    QTRY_COMPARE(recordsOnDisk().registrations.size(), 1);
}

void TestRegistrations::offersToForgetWhenTheBrowserNeverComesBack()
{
    Testbed bed;
    bed.deadlines.browser = std::chrono::milliseconds(300);
    bed.restart();
    bed.person.mood = support::FakePerson::Mood::Never;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> first = await(connection->authorize({}, {}));
    QVERIFY(!first);
    QCOMPARE(first.error().kind, base::ErrorKind::Timeout);
    // A registration that was just made isn't stale.
    QCOMPARE(first.error().remedy, QString());
    const base::Result<void> second = await(connection->authorize({}, {}));
    QVERIFY(!second);
    QCOMPARE(second.error().remedy, u"forgets-registration"_s);
}

void TestRegistrations::retiresWhatARemovedConnectionLeaves()
{
    Testbed bed;
    bed.auth.authMethods = {u"client_secret_post"_s};
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
    QVERIFY(await(bed.list->remove(connection->id(), false, {})));
    QTRY_COMPARE(recordsOnDisk().registrations.size(), 0);
    QTRY_COMPARE(bed.secrets.keys(), QStringList());
}

void TestRegistrations::keepsWhatAnotherConnectionUses()
{
    Testbed bed;
    const std::shared_ptr<Connection> first = bed.signedIn();
    const std::shared_ptr<Connection> second = bed.signedIn();
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
    QVERIFY(await(bed.list->remove(first->id(), false, {})));
    QVERIFY(await(second->renew({})));
    QCOMPARE(recordsOnDisk().registrations.size(), 1);
}

void TestRegistrations::keepsAnAccountNameThatWasTyped()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->setAccountLabel(u"At work \u202e"_s, {})));
    QCOMPARE(connection->record().accountLabel, u"At work"_s);
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(bed.recordOnDisk(connection->id()).accountLabel, u"At work"_s);
    QVERIFY(await(connection->setAccountLabel({}, {})));
    QCOMPARE(connection->record().accountLabel, connection->record().accountTold);
}

void TestRegistrations::movesFromAKeyToASignInAndBack()
{
    Testbed bed;
    bed.mcp.keyHeader = "X-Api-Key";
    bed.mcp.keyValue = "key-for-a-test";
    connections::NewConnection request;
    request.url = bed.mcp.url();
    request.headerName = u"X-Api-Key"_s;
    request.headerValue = base::Secret("key-for-a-test");
    const auto added = await(bed.list->add(request, {}));
    QVERIFY(added);
    const std::shared_ptr<Connection> connection = *added;
    bed.mcp.admits = nullptr;
    QVERIFY(await(connection->listTools({})));
    // The server now wants people to sign in.
    bed.mcp.keyHeader.clear();
    bed.mcp.protect(bed.auth.issuer(), [&bed](const QByteArray &token) { return bed.auth.isActive(token); });
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(connection->record().kind, connections::AuthorizationKind::OAuth);
    QVERIFY(await(connection->listTools({})));
    // And back.
    QVERIFY(await(connection->setHeaderKey(u"X-Api-Key"_s, base::Secret("key-for-a-test"), {})));
    QCOMPARE(connection->record().kind, connections::AuthorizationKind::Header);
    QCOMPARE(bed.auth.revocations(), 2);
    bed.mcp.keyHeader = "X-Api-Key";
    bed.mcp.admits = nullptr;
    QVERIFY(await(connection->listTools({})));
}

QTEST_GUILESS_MAIN(TestRegistrations)
#include "tst_registrations.moc"
