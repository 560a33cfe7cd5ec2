// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The path that the browser comes back to keeps services apart that don't name themselves in their answers.
#include "oauth/callbackrequest.h"
#include "support/testbed.h"

#include <QTcpServer>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::AuthorizeOptions;
using connections::Connection;
using support::await;
using support::FakeResponse;
using support::Testbed;

namespace {

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

void makeSilent(support::FakeAuthServer *service)
{
    service->announcesIss = false;
    service->sendsIss = false;
}

QString redirectUriOf(const QUrl &authorizationUrl)
{
    return QUrlQuery(authorizationUrl).queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded);
}

QStringList pathsOf(const QList<QUrl> &opened)
{
    QStringList paths;
    for (const QUrl &url : opened) {
        paths.append(QUrl(redirectUriOf(url)).path());
    }
    return paths;
}

base::Task<base::Result<connections::ClientCredentials>> answered(connections::ClientCredentials typed)
{
    co_return typed;
}

} // namespace

class TestCallbackPaths final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void issuersHaveDifferentPaths();
    void whoNamesItselfGetsTheUsualOne();
    void silentServiceGetsItsOwn();
    void codeOfAnotherServiceIsNotTaken();
    void serviceThatRefusesThePathGetsTheUsualOne_data();
    void serviceThatRefusesThePathGetsTheUsualOne();
    void typedClientHasTheUsualOne();
    void personIsToldTheUsualOne();
};

// Proves: VT-05
void TestCallbackPaths::issuersHaveDifferentPaths()
{
    const QString path = oauth::callbackPath(u"https://login.example.com"_s);
    QCOMPARE(path, oauth::callbackPath(u"https://login.example.com"_s));
    QVERIFY(path.startsWith(oauth::callbackPath() + u'/'));
    QCOMPARE(path.size(), oauth::callbackPath().size() + 17);
    for (const QString &other : {u"https://login.example.com/"_s, u"https://LOGIN.example.com"_s,
                                 u"https://login.example.org"_s, QString()}) {
        QVERIFY2(oauth::callbackPath(other) != path, qPrintable(other));
    }
}

void TestCallbackPaths::whoNamesItselfGetsTheUsualOne()
{
    Testbed bed;
    bed.signedIn();
    QCOMPARE(pathsOf(bed.person.opened), QStringList{oauth::callbackPath()});
}

void TestCallbackPaths::silentServiceGetsItsOwn()
{
    Testbed bed;
    makeSilent(&bed.auth);
    const QString id = bed.signedIn()->id();
    bed.restart();
    // The registration is known now, and good with its own address only.
    QVERIFY(await(bed.list->byId(id)->authorize({}, {})));
    const QString own = oauth::callbackPath(bed.auth.issuer());
    QCOMPARE(pathsOf(bed.person.opened), (QStringList{own, own}));
    QCOMPARE(bed.auth.http().count("/register"), 1);
}

// Proves: VT-05
void TestCallbackPaths::codeOfAnotherServiceIsNotTaken()
{
    Testbed bed;
    makeSilent(&bed.auth);
    support::FakeAuthServer evil({}, bed.clock.function());
    support::FakeMcpServer evilServer;
    makeSilent(&evil);
    evilServer.protect(evil.issuer(), [](const QByteArray &) { return false; });
    // The same port for both, as with services to which it doesn't matter (RFC 8252 section 7.3).
    oauth::SignInSettings settings;
    settings.redirectPort = freePort();
    const std::shared_ptr<Connection> honest = bed.added(bed.mcp.url());
    QVERIFY(await(honest->setSettings(settings, {})));
    const base::Result<void> signedIn = await(honest->authorize({}, {}));
    QVERIFY2(signedIn, signedIn ? "" : qPrintable(signedIn.error().sentence));
    const QString clientId = QUrlQuery(bed.person.opened.first()).queryItemValue(u"client_id"_s);

    // It sends its people to the honest service's page, in the name of the app that they have there.
    evil.metadataOverrides.insert(u"authorization_endpoint"_s, bed.auth.endpoint("authorize").toString());
    evil.http().once("/register", FakeResponse::json({{u"client_id"_s, clientId}}, 201));
    const std::shared_ptr<Connection> lured = bed.added(evilServer.url());
    QVERIFY(await(lured->setSettings(settings, {})));
    bool hasSeenPage = false;
    const QMetaObject::Connection following =
        connect(&bed.person, &support::FakePerson::finished, lured.get(), [&] {
            hasSeenPage = support::statusOf(bed.person.lastPage) == 400;
            if (hasSeenPage) {
                lured->cancelSignIn();
            }
        });
    const base::Result<void> done = await(lured->authorize({}, {}));
    disconnect(following);
    QVERIFY(!done);
    QVERIFY(hasSeenPage);
    QCOMPARE(bed.person.opened.size(), 2);
    QCOMPARE(evil.http().count("/token"), 0);
}

void TestCallbackPaths::serviceThatRefusesThePathGetsTheUsualOne_data()
{
    QTest::addColumn<QString>("code");
    for (const char *code : {"invalid_redirect_uri", "invalid_client_metadata", "invalid_request"}) {
        QTest::newRow(code) << QString::fromLatin1(code);
    }
}

void TestCallbackPaths::serviceThatRefusesThePathGetsTheUsualOne()
{
    QFETCH(QString, code);
    Testbed bed;
    makeSilent(&bed.auth);
    bed.auth.refuseRegistration = [code](const QJsonObject &wanted) {
        const QString uri = wanted.value("redirect_uris"_L1).toArray().first().toString();
        return uri.endsWith("/callback"_L1) ? QString() : code;
    };
    bed.signedIn();
    QCOMPARE(pathsOf(bed.person.opened), QStringList{oauth::callbackPath()});
}

void TestCallbackPaths::typedClientHasTheUsualOne()
{
    Testbed bed;
    makeSilent(&bed.auth);
    const std::shared_ptr<Connection> connection = bed.signedIn();
    // Where they register an app by hand, people were told this address, or know it from before.
    oauth::SignInSettings settings;
    settings.redirectPort = freePort();
    QVERIFY(await(connection->setSettings(settings, {})));
    bed.auth.addClient("typed", {},
                       "http://127.0.0.1:" + QByteArray::number(settings.redirectPort) + "/callback");
    AuthorizeOptions options;
    options.client = connections::ClientCredentials{u"typed"_s, {}};
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QCOMPARE(pathsOf(bed.person.opened).last(), oauth::callbackPath());
}

void TestCallbackPaths::personIsToldTheUsualOne()
{
    // What is registered by hand is typed again at a later sign-in, which has no way to know of another path.
    Testbed bed;
    makeSilent(&bed.auth);
    bed.auth.http().once("/register", FakeResponse::json({{u"error"_s, u"access_denied"_s}}, 403));
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    QString told;
    AuthorizeOptions options;
    options.askForClient = [&](const oauth::ClientNeeded &needed, std::stop_token) {
        told = needed.redirectUri;
        bed.auth.addClient("by-hand", {}, told.toLatin1());
        return answered({u"by-hand"_s, {}});
    };
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QCOMPARE(QUrl(told).path(), oauth::callbackPath());
    QCOMPARE(pathsOf(bed.person.opened), QStringList{oauth::callbackPath()});
}

QTEST_GUILESS_MAIN(TestCallbackPaths)
#include "tst_callbackpaths.moc"
