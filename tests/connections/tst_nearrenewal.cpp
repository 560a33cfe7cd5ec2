// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Endpoints that were found once and kept since: where their names lead now is what counts.
#include "connections/connectionlist.h"
#include "storage/memorysecretstore.h"
#include "support/await.h"
#include "support/fakeinternet.h"
#include "support/manualclock.h"

#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using connections::Connection;
using support::await;

namespace {

/// https://mcp.example.com, signed in at https://login.example.net an hour too long ago.
struct Bed {
    QTemporaryDir folder;
    support::FakeInternet internet;
    support::FakeNames names;
    support::ManualClock clock;
    http::Client http{clock.function(), names.resolver()};
    storage::MemorySecretStore secrets;
    base::Deadlines deadlines;
    std::unique_ptr<connections::ConnectionList> list;
    const QString issuer = u"https://login.example.net"_s;

    explicit Bed(const oauth::SignInSettings &settings = {})
    {
        qputenv("XDG_DATA_HOME", folder.path().toLocal8Bit());
        names.answer(u"mcp.example.com"_s, {u"93.184.216.34"_s});
        writeFiles(settings);
        list =
            std::make_unique<connections::ConnectionList>(http, secrets, storage::Profile(), clock.function(),
                                                          deadlines, [](const QUrl &) { return true; });
        if (!list->load()) {
            qFatal("the list could not be loaded");
        }
    }
    ~Bed()
    {
        await(list->shutDown());
        list.reset();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    Q_DISABLE_COPY_MOVE(Bed)
    Connection &connection() const { return *list->byId(u"c1"_s); }

private:
    void writeFiles(const oauth::SignInSettings &settings)
    {
        connections::RegistrationRecord registration;
        registration.id = u"r1"_s;
        registration.issuer = issuer;
        registration.clientId = u"client"_s;
        registration.redirectUri = u"http://127.0.0.1:9/callback"_s;
        registration.registeredAt = clock.now();
        connections::ConnectionRecord record;
        record.id = u"c1"_s;
        record.name = u"Example"_s;
        record.url = QUrl(u"https://mcp.example.com/mcp"_s);
        record.kind = connections::AuthorizationKind::OAuth;
        record.issuer = issuer;
        record.authorizationServer = {{u"issuer"_s, issuer},
                                      {u"authorization_endpoint"_s, QString(issuer + u"/authorize"_s)},
                                      {u"token_endpoint"_s, QString(issuer + u"/token"_s)},
                                      {u"revocation_endpoint"_s, QString(issuer + u"/revoke"_s)}};
        record.registrationId = registration.id;
        record.resource = record.url.toString();
        record.settings = settings;
        record.hasSecret = true;
        record.hasRefreshToken = true;
        record.generation = 1;
        connections::Grant grant;
        grant.generation = 1;
        grant.tokens.accessToken = base::Secret("canary-access");
        grant.tokens.refreshToken = base::Secret("canary-refresh");
        grant.tokens.issuedAt = clock.now().addSecs(-7200);
        grant.tokens.expiresAt = clock.now().addSecs(-3600);
        grant.issuer = issuer;
        grant.resource = record.resource;
        grant.tokenEndpoint = QUrl(issuer + u"/token"_s);
        grant.clientId = registration.clientId;
        connections::RecordsFile file{storage::Profile(), deadlines};
        const auto write = [record, registration](connections::Records &records) {
            records.connections = {record};
            records.registrations = {registration};
        };
        connections::GrantStore store(secrets, storage::Profile().keychainPrefix());
        if (!storage::Profile().prepare() || !await(file.update(write, {}))
            || !await(store.writeGrant(record.id, grant, {}))) {
            qFatal("the profile could not be written");
        }
    }
};

} // namespace

class TestNearRenewal final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isNotSentNearby_data();
    void isNotSentNearby();
    void isSentWhereThePersonSaidSo_data();
    void isSentWhereThePersonSaidSo();
};

// Proves: VT-11
void TestNearRenewal::isNotSentNearby_data()
{
    QTest::addColumn<QStringList>("addresses");
    QTest::newRow("this computer") << QStringList{u"127.0.0.1"_s};
    QTest::newRow("this network") << QStringList{u"192.168.0.1"_s};
    QTest::newRow("both") << QStringList{u"93.184.216.34"_s, u"::1"_s};
}

void TestNearRenewal::isNotSentNearby()
{
    QFETCH(QStringList, addresses);
    Bed bed;
    bed.names.answer(u"login.example.net"_s, addresses);
    const base::Result<connections::AccessToken> token = await(bed.connection().accessToken({}));
    QVERIFY(!token);
    QCOMPARE(token.error().kind, ErrorKind::RefusedByPolicy);
    QVERIFY(token.error().sentence.contains("login.example.net"_L1));
    const base::Result<connections::Disconnected> left = await(bed.connection().disconnectFromServer({}));
    QVERIFY(!left || left->outcome != connections::RevocationOutcome::Revoked);
    QCOMPARE(bed.internet.attempts(), QStringList());
}

void TestNearRenewal::isSentWhereThePersonSaidSo_data()
{
    QTest::addColumn<bool>("isWholeService");
    QTest::newRow("the service") << true;
    QTest::newRow("the endpoints") << false;
}

void TestNearRenewal::isSentWhereThePersonSaidSo()
{
    QFETCH(bool, isWholeService);
    oauth::SignInSettings settings;
    if (isWholeService) {
        settings.issuer = u"https://login.example.net"_s;
    } else {
        settings.tokenEndpoint = QUrl(u"https://login.example.net/token"_s);
        settings.revocationEndpoint = QUrl(u"https://login.example.net/revoke"_s);
    }
    Bed bed(settings);
    bed.names.answer(u"login.example.net"_s, {u"10.0.0.1"_s});
    bed.internet.name(u"login.example.net"_s, {u"10.0.0.1"_s});
    const base::Result<connections::AccessToken> token = await(bed.connection().accessToken({}));
    QCOMPARE(token.error().kind, ErrorKind::Network); // allowed, and nobody is there
    QVERIFY(bed.internet.attempts().contains(u"10.0.0.1:443"_s));
    bed.internet.forgetAttempts();
    await(bed.connection().disconnectFromServer({}));
    QVERIFY(bed.internet.attempts().contains(u"10.0.0.1:443"_s));
}

QTEST_GUILESS_MAIN(TestNearRenewal)
#include "tst_nearrenewal.moc"
