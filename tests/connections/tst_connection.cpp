// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/logging.h"
#include "support/testbed.h"

#include <QJsonDocument>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Phase;
using support::await;
using support::Testbed;

class TestConnection final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void livesItsWholeLife();
    void needsTheMinimalRequests_data();
    void needsTheMinimalRequests();
    void refreshesOnceForAnyNumberOfCallers();
    void servesAFreshTokenWithoutAnyRequest();
    void survivesARestartSignedIn();
    void refreshesAfterARefusalAndRepeatsOnce();
    void stopsWhenANewTokenIsRefusedToo();
    void keepsTheSignInThroughTrouble_data();
    void keepsTheSignInThroughTrouble();
    void replaysALostRefreshOnce();
    void endsOnlyByTheServicesWord();
    void doesNotRefreshIntoALockedKeychain();
    void keepsRotatedTokensWhenTheKeychainForgets();
    void givesBackWhatAnotherProcessCouldNotKnow();
    void refusesAnEditedRecord();
    void stopsWhenTheServerNamesAnotherIssuer();
    void replacesTheOldGrantOnlyAfterTheNewOneIsStored();
    void signsInAboveAnItemThatIsAheadOfItsRecord();
    void saysARefusalWithoutControlCharacters();
    void signsInForThisWindowOnly();
    void asksForAClientWhereThereIsNoRegistration();
    void forgetsATypedClientThatDidNotWork();
    void usesTheClientItIsGiven();
    void saysWhichPortATypedClientNeeds();
    void registersOnceAndReusesIt();
    void takesAnotherPortWhenTheRegisteredOneIsTaken();
    void cancelsASignIn();
    void tellsADenialApart();
    void tellsWhatBecameOfTheGrant_data();
    void tellsWhatBecameOfTheGrant();
    void tellsOfAnAccessThatCantBeCalledBack();
    void finishesADisconnectThatWasInterrupted();
    void revokesWhatARefreshBringsDuringADisconnect();
    void usesAHeaderKeyAndNothingElse();
    void writesNoSecretToDisk();
    void showsTheRefreshTokenToItsServiceOnly();
    void remembersTheWayToTalk();
};

void TestConnection::livesItsWholeLife()
{
    Testbed bed;
    bed.auth.expiresIn = 120;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    QCOMPARE(connection->state().phase, Phase::NotChecked);
    await(connection->check({}, {}));
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    const base::Result<void> authorized = await(connection->authorize({}, {}));
    QVERIFY2(authorized,
             authorized ? "" : qPrintable(authorized.error().sentence + authorized.error().detail));
    QCOMPARE(connection->state().phase, Phase::Authorized);
    QCOMPARE(connection->state().expiresAt, bed.clock.now().addSecs(120));
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QVERIFY(!tools->isEmpty());

    bed.clock.advance(std::chrono::seconds(200));
    QCOMPARE(connection->state().phase, Phase::RenewsOnUse);
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
    QCOMPARE(connection->state().phase, Phase::Authorized);

    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(left->outcome, connections::RevocationOutcome::Revoked);
    QCOMPARE(bed.auth.revocations(), 2);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY(bed.secrets.keys().isEmpty());
    const base::Result<connections::AccessToken> none = await(connection->accessToken({}));
    QCOMPARE(none.error().kind, base::ErrorKind::SignInNeeded);
}

void TestConnection::needsTheMinimalRequests_data()
{
    QTest::addColumn<bool>("stateless");
    QTest::addColumn<QStringList>("atServer");
    QTest::newRow("stateless: 7 requests")
        << true
        << QStringList{u"POST /mcp"_s, u"GET /.well-known/oauth-protected-resource/mcp"_s, u"POST /mcp"_s,
                       u"POST /mcp"_s};
    QTest::newRow("sessions: 9 requests")
        << false << QStringList{u"POST /mcp"_s, u"GET /.well-known/oauth-protected-resource/mcp"_s,
                                u"POST /mcp"_s, u"POST /mcp"_s,
                                u"POST /mcp"_s, u"POST /mcp"_s};
}

void TestConnection::needsTheMinimalRequests()
{
    QFETCH(bool, stateless);
    QFETCH(QStringList, atServer);
    Testbed bed;
    bed.mcp.speaksStateless = stateless;
    bed.mcp.speaksSessions = !stateless;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    QCOMPARE(bed.mcp.http().conversation(), atServer);
    const QStringList atService = {u"GET /.well-known/oauth-authorization-server"_s, u"POST /register"_s,
                                   u"POST /token"_s};
    QStringList seen = bed.auth.http().conversation();
    // The browser's own request is the person's, not ours.
    seen.removeIf([](const QString &line) { return line.contains("/authorize"_L1); });
    QCOMPARE(seen, atService);
}

// Proves: REF-5
void TestConnection::refreshesOnceForAnyNumberOfCallers()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    std::vector<base::Task<base::Result<connections::AccessToken>>> callers;
    for (int i = 0; i < 50; ++i) {
        callers.push_back(connection->accessToken({}));
    }
    base::Secret first;
    for (auto &caller : callers) {
        const base::Result<connections::AccessToken> token = await(std::move(caller));
        QVERIFY(token);
        first = first.isEmpty() ? token->token : first;
        QCOMPARE(token->token.reveal(), first.reveal());
    }
    QCOMPARE(bed.auth.refreshes(), 1);
    QCOMPARE(bed.auth.reuses(), 0);
}

// Proves: REF-5
void TestConnection::servesAFreshTokenWithoutAnyRequest()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.auth.http().forgetRequests();
    for (int i = 0; i < 100; ++i) {
        QVERIFY(await(connection->accessToken({})));
    }
    QCOMPARE(bed.auth.http().requests().size(), 0U);
    // A minute before its end it is not fresh any more.
    bed.clock.advance(std::chrono::seconds(3600 - 61));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 0);
    bed.clock.advance(std::chrono::seconds(2));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
}

void TestConnection::survivesARestartSignedIn()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    bed.auth.http().forgetRequests();
    bed.restart();
    const std::shared_ptr<Connection> connection = bed.list->byId(id);
    QVERIFY(connection);
    QCOMPARE(connection->state().phase, Phase::Authorized);
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.http().requests().size(), 0U);
    QCOMPARE(bed.person.opened.size(), 1);
}

// Matrix: 45 REF
void TestConnection::refreshesAfterARefusalAndRepeatsOnce()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.auth.endAccessTokens();
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QCOMPARE(bed.auth.refreshes(), 1);
    // And again: the token that came of a refusal has been accepted, so it may be refused in its turn.
    bed.auth.endAccessTokens();
    QVERIFY(await(connection->listTools({})));
    QCOMPARE(bed.auth.refreshes(), 2);
}

// Matrix: 45 REF
void TestConnection::stopsWhenANewTokenIsRefusedToo()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.mcp.admits = [](const QByteArray &) { return false; };
    for (int i = 0; i < 5; ++i) {
        const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
        QVERIFY(!tools);
        QCOMPARE(tools.error().kind, base::ErrorKind::SignInNeeded);
    }
    QCOMPARE(bed.auth.refreshes(), 1);
    QCOMPARE(bed.person.opened.size(), 1);
    QVERIFY(bed.recordOnDisk(connection->id()).hasSecret);
}

void TestConnection::keepsTheSignInThroughTrouble_data()
{
    QTest::addColumn<support::FakeResponse>("answer");
    QTest::newRow("500") << support::FakeResponse::json({}, 500);
    QTest::newRow("503") << support::FakeResponse::empty(503);
    QTest::newRow("429") << support::FakeResponse::empty(429);
    QTest::newRow("a captive portal") << support::FakeResponse::html("<html>log in to this network</html>");
    QTest::newRow("temporarily_unavailable")
        << support::FakeResponse::json({{u"error"_s, u"temporarily_unavailable"_s}}, 400);
    QTest::newRow("no token in it") << support::FakeResponse::json({{u"token_type"_s, u"Bearer"_s}});
}

void TestConnection::keepsTheSignInThroughTrouble()
{
    QFETCH(support::FakeResponse, answer);
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    bed.auth.http().once("/token", answer);
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QVERIFY(!token);
    QVERIFY(token.error().kind != base::ErrorKind::SignInNeeded);
    QVERIFY(connection->state().isSignedIn);
    QVERIFY(bed.recordOnDisk(connection->id()).hasSecret);
    // At once again: nobody is asked, the same sentence is given.
    const int asked = bed.auth.http().count("/token");
    QVERIFY(!await(connection->accessToken({})));
    QCOMPARE(bed.auth.http().count("/token"), asked);
    // Later it works, without anybody signing in.
    bed.clock.advance(std::chrono::hours(1));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.person.opened.size(), 1);
    QCOMPARE(connection->state().phase, Phase::Authorized);
}

void TestConnection::replaysALostRefreshOnce()
{
    Testbed bed;
    bed.auth.rotationGrace = std::chrono::seconds(30);
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    bool lost = false;
    bed.auth.editTokenAnswer = [&lost](const support::FakeRequest &, support::FakeResponse *answer) {
        if (!lost) {
            *answer = support::FakeResponse::hangUp();
            lost = true;
        }
    };
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 2);
    QCOMPARE(bed.person.opened.size(), 1);
}

void TestConnection::endsOnlyByTheServicesWord()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    bed.auth.endAllGrants();
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().kind, base::ErrorKind::SignInNeeded);
    QCOMPARE(token.error().oauthCode, u"invalid_grant"_s);
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    QVERIFY(bed.secrets.keys().isEmpty());
    // The reason is still there after a restart, and nothing has opened a browser.
    const QString id = connection->id();
    bed.restart();
    QCOMPARE(bed.list->byId(id)->state().phase, Phase::SignInExpired);
    QCOMPARE(bed.person.opened.size(), 1);
}

// Matrix: 37 REF
void TestConnection::doesNotRefreshIntoALockedKeychain()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    bed.secrets.setLocked(true);
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().keychainCase, base::KeychainCase::Locked);
    QCOMPARE(bed.auth.refreshes(), 0);
    QCOMPARE(connection->state().phase, Phase::KeychainTrouble);
    QVERIFY(await(connection->unlockKeychain({})));
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
    QCOMPARE(connection->state().phase, Phase::Authorized);
}

void TestConnection::keepsRotatedTokensWhenTheKeychainForgets()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    // Everything looked well before the request was sent.
    bed.auth.editTokenAnswer = [&bed](const auto &...) { bed.secrets.setForgetful(true); };
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().kind, base::ErrorKind::Keychain);
    QCOMPARE(bed.auth.refreshes(), 1);
    // The tokens were not handed out, and not lost either.
    bed.secrets.setForgetful(false);
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
    QCOMPARE(bed.auth.reuses(), 0);
}

void TestConnection::givesBackWhatAnotherProcessCouldNotKnow()
{
    Testbed bed;
    bed.deadlines.keychainRetries.fill(std::chrono::milliseconds(50));
    bed.restart();
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    QByteArray issued;
    bed.auth.editTokenAnswer = [&](const support::FakeRequest &, support::FakeResponse *answer) {
        issued = QJsonDocument::fromJson(answer->body)["access_token"_L1].toString().toLatin1();
        bed.secrets.setForgetful(true);
    };
    QCOMPARE(await(connection->accessToken({})).error().kind, base::ErrorKind::Keychain);
    QVERIFY(bed.auth.isActive(issued));
    QVERIFY(bed.list->lossAtQuit());
    // Another process disconnects before the keychain could keep what is new.
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const QString id = connection->id();
    const auto depart = [id](connections::Records &records) { records.connection(id)->hasSecret = false; };
    QVERIFY(await(file.update(depart, {})));
    bed.secrets.setForgetful(false);
    QTRY_VERIFY(!bed.auth.isActive(issued));
    QTRY_VERIFY(!bed.list->lossAtQuit());
    QVERIFY(!connection->state().isSignedIn);
}

// Proves: VT-03, VT-08
// Matrix: 24 REF
void TestConnection::refusesAnEditedRecord()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    support::FakeAuthServer stranger;
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const auto edit = [&](connections::Records &records) {
        QJsonObject server = records.connections.first().authorizationServer;
        server["token_endpoint"_L1] = stranger.endpoint("token").toString();
        records.connections.first().authorizationServer = server;
    };
    QVERIFY(await(file.update(edit, {})));
    bed.clock.advance(std::chrono::hours(2));
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QCOMPARE(token.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(connection->state().phase, Phase::Stopped);
    QCOMPARE(stranger.http().requests().size(), 0U);
    QCOMPARE(bed.auth.refreshes(), 0);
}

// Proves: VT-03
// Matrix: 24 PRM
void TestConnection::stopsWhenTheServerNamesAnotherIssuer()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    support::FakeAuthServer stranger;
    bed.mcp.authorizationServers = {stranger.issuer()};
    bed.clock.advance(std::chrono::hours(2));
    const base::Result<void> again = await(connection->authorize({}, {}));
    QCOMPARE(again.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(bed.person.opened.size(), 1);
    QCOMPARE(stranger.http().count("/token"), 0);
    QCOMPARE(stranger.http().count("/register"), 0);
    // The grant that is there goes on with the service it came from.
    QVERIFY(await(connection->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
}

void TestConnection::replacesTheOldGrantOnlyAfterTheNewOneIsStored()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const base::Secret first = (*await(connection->accessToken({}))).token;
    bed.secrets.failNext(storage::MemorySecretStore::Access::Write, 5,
                         base::keychainError(base::KeychainCase::Denied, u"no"_s), 1);
    QVERIFY(!await(connection->authorize({}, {})));
    QCOMPARE(bed.person.opened.size(), 2);
    QVERIFY(bed.auth.isActive(first.reveal()));
    QCOMPARE((*await(connection->accessToken({}))).token.reveal(), first.reveal());
    bed.secrets.failNext(storage::MemorySecretStore::Access::Write, 0, {});
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY((*await(connection->accessToken({}))).token.reveal() != first.reveal());
    QTRY_VERIFY(!bed.auth.isActive(first.reveal()));
    QVERIFY(bed.auth.isActive((*await(connection->accessToken({}))).token.reveal()));
}

void TestConnection::signsInAboveAnItemThatIsAheadOfItsRecord()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
    connections::Grant ahead = **await(store.readGrant(connection->id(), {}));
    ahead.generation += 5;
    QVERIFY(await(store.writeGrant(connection->id(), ahead, {})));
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(bed.recordOnDisk(connection->id()).generation, ahead.generation + 1);
    QVERIFY(await(connection->accessToken({})));
}

void TestConnection::saysARefusalWithoutControlCharacters()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    support::FakeResponse refusal = support::FakeResponse::empty(403);
    refusal.headers.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write \xe2\x80\xae"
                                            "etirw\"");
    bed.mcp.http().once("/mcp", refusal);
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY(!tools);
    QCOMPARE(tools.error().detail, u"insufficient_scope"_s);
    QVERIFY(!tools.error().sentence.contains(QChar(0x202e)));
}

void TestConnection::signsInForThisWindowOnly()
{
    Testbed bed;
    bed.secrets.setLocked(true);
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> refused = await(connection->authorize({}, {}));
    QCOMPARE(refused.error().kind, base::ErrorKind::Keychain);
    QCOMPARE(bed.person.opened.size(), 0);
    connections::AuthorizeOptions options;
    options.windowOnly = true;
    QVERIFY(await(connection->authorize(options, {})));
    QVERIFY(connection->state().isWindowOnly);
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    QVERIFY(token);
    QVERIFY(!bed.recordOnDisk(connection->id()).hasSecret);
    QVERIFY(!bed.everythingOnDisk().contains(token->token.reveal()));
    const QString id = connection->id();
    bed.restart();
    QVERIFY(!bed.auth.isActive(token->token.reveal()));
    QVERIFY(!bed.list->byId(id)->state().isSignedIn);
}

namespace {

base::Task<base::Result<connections::ClientCredentials>> typeIn(QByteArray id, QByteArray secret)
{
    co_await base::yieldToEventLoop();
    co_return connections::ClientCredentials{QString::fromLatin1(id), base::Secret(secret)};
}

} // namespace

// Proves: REG-1
void TestConnection::asksForAClientWhereThereIsNoRegistration()
{
    Testbed bed;
    bed.auth.hasRegistration = false;
    bed.auth.authMethods = {u"client_secret_basic"_s};
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> unanswered = await(connection->authorize({}, {}));
    QCOMPARE(unanswered.error().kind, base::ErrorKind::SignInNeeded);
    QCOMPARE(bed.person.opened.size(), 0);
    connections::AuthorizeOptions options;
    QString redirectUri;
    options.askForClient = [&](oauth::ClientNeeded needed, std::stop_token) {
        redirectUri = needed.redirectUri;
        bed.auth.addClient("by-hand", "canary-secret+/=", needed.redirectUri.toLatin1());
        return typeIn("by-hand", "canary-secret+/=");
    };
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
    QVERIFY(!redirectUri.isEmpty());
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    QVERIFY(!bed.everythingOnDisk().contains("canary-secret"));
}

void TestConnection::forgetsATypedClientThatDidNotWork()
{
    Testbed bed;
    bed.auth.hasRegistration = false;
    bed.person.mood = support::FakePerson::Mood::Deny;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    int asked = 0;
    connections::AuthorizeOptions options;
    options.askForClient = [&](oauth::ClientNeeded needed, std::stop_token) {
        ++asked;
        bed.auth.addClient("by-hand", "", needed.redirectUri.toLatin1());
        return typeIn("by-hand", "");
    };
    QVERIFY(!await(connection->authorize(options, {})));
    QVERIFY(!await(connection->authorize(options, {})));
    QCOMPARE(asked, 2);
    bed.person.mood = support::FakePerson::Mood::Approve;
    QVERIFY(await(connection->authorize(options, {})));
    QCOMPARE(asked, 3);
    // This one has worked, so nobody is asked again.
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(await(connection->authorize(options, {})));
    QCOMPARE(asked, 3);
}

void TestConnection::usesTheClientItIsGiven()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const QString redirectUri =
        connections::RecordsFile(storage::Profile(), {}).load()->registrations.first().redirectUri;
    bed.auth.addClient("my-own", "", redirectUri.toLatin1());
    connections::AuthorizeOptions options;
    options.client = connections::ClientCredentials{u"my-own"_s, {}};
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
    QVERIFY(bed.person.opened.last().query().contains("client_id=my-own"_L1));
    QCOMPARE(bed.auth.http().count("/register"), 1);
}

void TestConnection::saysWhichPortATypedClientNeeds()
{
    Testbed bed;
    bed.auth.hasRegistration = false;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    QString redirectUri;
    connections::AuthorizeOptions options;
    options.askForClient = [&](oauth::ClientNeeded needed, std::stop_token) {
        redirectUri = needed.redirectUri;
        bed.auth.addClient("by-hand", "", needed.redirectUri.toLatin1());
        return typeIn("by-hand", "");
    };
    QVERIFY(await(connection->authorize(options, {})));
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::LocalHost, static_cast<quint16>(QUrl(redirectUri).port())));
    const base::Result<void> again = await(connection->authorize(options, {}));
    QCOMPARE(again.error().kind, base::ErrorKind::Network);
    QVERIFY2(again.error().sentence.contains(QString::number(QUrl(redirectUri).port())),
             qPrintable(again.error().sentence));
    // The old sign-in is as good as before.
    QVERIFY(await(connection->accessToken({})));
    QVERIFY(await(connection->listTools({})));
}

void TestConnection::registersOnceAndReusesIt()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(await(connection->authorize({}, {})));
    const std::shared_ptr<Connection> second = bed.signedIn();
    QVERIFY(second != connection);
    QCOMPARE(bed.auth.http().count("/register"), 1);
}

// Matrix: 40 AUT
void TestConnection::takesAnotherPortWhenTheRegisteredOneIsTaken()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const QString redirectUri = file.load()->registrations.first().redirectUri;
    QTcpServer squatter;
    QVERIFY(squatter.listen(QHostAddress::LocalHost, static_cast<quint16>(QUrl(redirectUri).port())));
    const base::Result<void> again = await(connection->authorize({}, {}));
    QVERIFY2(again, again ? "" : qPrintable(again.error().sentence));
    QCOMPARE(bed.auth.http().count("/register"), 2);
    QCOMPARE(file.load()->registrations.size(), 2);
}

// Matrix: 35 AUT
void TestConnection::cancelsASignIn()
{
    Testbed bed;
    bed.person.mood = support::FakePerson::Mood::Never;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    base::Task<base::Result<void>> signIn = connection->authorize({}, {});
    QTRY_COMPARE(connection->state().phase, Phase::WaitingForBrowser);
    QVERIFY(connection->signInUrl().isValid());
    connection->cancelSignIn();
    const base::Result<void> result = await(std::move(signIn));
    QCOMPARE(result.error().kind, base::ErrorKind::Cancelled);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY(!connection->state().error);
}

// Matrix: 41 CB
void TestConnection::tellsADenialApart()
{
    Testbed bed;
    bed.person.mood = support::FakePerson::Mood::Deny;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> result = await(connection->authorize({}, {}));
    QCOMPARE(result.error().kind, base::ErrorKind::Denied);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY(connection->state().error);
}

void TestConnection::tellsWhatBecameOfTheGrant_data()
{
    QTest::addColumn<bool>("hasRevocation");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("outcome");
    QTest::newRow("revoked") << true << 0 << static_cast<int>(connections::RevocationOutcome::Revoked);
    QTest::newRow("no way to be told")
        << false << 0 << static_cast<int>(connections::RevocationOutcome::NotSupported);
    QTest::newRow("out of order") << true << 503 << static_cast<int>(connections::RevocationOutcome::Pending);
}

void TestConnection::tellsWhatBecameOfTheGrant()
{
    QFETCH(bool, hasRevocation);
    QFETCH(int, status);
    QFETCH(int, outcome);
    Testbed bed;
    bed.auth.hasRevocation = hasRevocation;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    if (status) {
        bed.auth.http().route("/revoke", support::FakeResponse::empty(status));
    }
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(static_cast<int>(left->outcome), outcome);
    QVERIFY(!left->sentence.isEmpty());
    // What could not be told yet is kept, but as no grant.
    QCOMPARE(bed.secrets.keys().filter(u"connection/"_s), QStringList());
    QCOMPARE(bed.secrets.keys().size(), status ? 1 : 0);
    if (status) {
        // The access token is revoked by itself, although the refresh token could not be.
        QCOMPARE(bed.auth.http().count("/revoke"), 2);
    }
}

void TestConnection::tellsOfAnAccessThatCantBeCalledBack()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.auth.http().once("/revoke", support::FakeResponse::empty(200));
    bed.auth.http().once("/revoke",
                         support::FakeResponse::json({{u"error"_s, u"unsupported_token_type"_s}}, 400));
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(left->outcome, connections::RevocationOutcome::Revoked);
    QVERIFY2(left->sentence.contains("until"_L1), qPrintable(left->sentence));
}

// Matrix: 37 REV
void TestConnection::finishesADisconnectThatWasInterrupted()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const base::Secret token = (*await(connection->accessToken({}))).token;
    bed.secrets.setLocked(true);
    QVERIFY(!await(connection->disconnectFromServer({})));
    QVERIFY(bed.recordOnDisk(connection->id()).leaving);
    QCOMPARE((await(connection->accessToken({}))).error().kind, base::ErrorKind::SignInNeeded);
    const QString id = connection->id();
    bed.restart();
    bed.secrets.setLocked(false);
    QVERIFY(!bed.list->byId(id)->state().isSignedIn);
    bed.list->finishInterrupted();
    QTRY_VERIFY(!bed.recordOnDisk(id).leaving);
    QVERIFY(!bed.auth.isActive(token.reveal()));
    QVERIFY(bed.secrets.keys().isEmpty());
}

// Matrix: 33 REV
void TestConnection::revokesWhatARefreshBringsDuringADisconnect()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    base::Task<base::Result<connections::Disconnected>> leaving;
    bool clicked = false;
    bed.auth.editTokenAnswer = [&](const support::FakeRequest &, support::FakeResponse *answer) {
        answer->delay = std::chrono::milliseconds(200);
        if (!std::exchange(clicked, true)) {
            leaving = connection->disconnectFromServer({});
        }
    };
    QVERIFY(!await(connection->accessToken({})));
    const base::Result<connections::Disconnected> left = await(std::move(leaving));
    QVERIFY2(left, left ? "" : qPrintable(left.error().sentence));
    QCOMPARE(bed.auth.refreshes(), 1);
    QVERIFY(bed.secrets.keys().isEmpty());
    QVERIFY(bed.auth.revocations() >= 2);
}

void TestConnection::usesAHeaderKeyAndNothingElse()
{
    Testbed bed;
    support::FakeMcpServer server;
    server.keyHeader = "X-Api-Key";
    server.keyValue = "canary-key";
    const std::shared_ptr<Connection> connection = bed.addedWithKey(server);
    QCOMPARE(connection->state().phase, Phase::ApiKey);
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QVERIFY(!bed.everythingOnDisk().contains("canary-key"));
    server.keyValue = "another";
    const base::Result<QList<mcp::Tool>> refused = await(connection->listTools({}));
    QCOMPARE(refused.error().kind, base::ErrorKind::Denied);
    await(connection->check({}, {}));
    QCOMPARE(connection->state().phase, Phase::KeyRefused);
    QVERIFY(await(connection->setHeaderKey(u"X-Api-Key"_s, base::Secret("another"), {})));
    QVERIFY(await(connection->listTools({})));
}

// Proves: TOK-4, REF-1, VT-21
void TestConnection::writesNoSecretToDisk()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->accessToken({})));
    // While somebody is signed in: in the keychain, and in no file.
    connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
    const auto grant = await(store.readGrant(connection->id(), {}));
    QVERIFY(grant && *grant);
    QVERIFY((*grant)->tokens.accessToken.reveal().startsWith("canary-token-access-"));
    QVERIFY((*grant)->tokens.refreshToken.reveal().startsWith("canary-token-refresh-"));
    QVERIFY(!bed.everythingOnDisk().contains("canary"));
    QVERIFY(await(connection->disconnectFromServer({})));
    const QByteArray all = bed.everythingOnDisk();
    QVERIFY(all.contains(connection->id().toLatin1()));
    QVERIFY(!all.contains("canary"));
}

// Proves: REF-1, TOK-2, VT-03
void TestConnection::showsTheRefreshTokenToItsServiceOnly()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->listTools({})));
    bed.auth.endAccessTokens();
    QVERIFY(await(connection->listTools({})));
    QVERIFY(await(connection->disconnectFromServer({})));
    const QByteArray refreshToken = "canary-token-refresh-";
    for (const support::FakeRequest &request : bed.mcp.http().requests()) {
        QVERIFY(!request.target.contains("canary-token"));
        QVERIFY(!request.body.contains(refreshToken));
        for (const auto &[name, value] : request.headers.fields()) {
            QVERIFY2(!value.contains(refreshToken), name.constData());
        }
    }
    QStringList told;
    for (const support::FakeRequest &request : bed.auth.http().requests()) {
        QVERIFY(!request.target.contains("canary-token"));
        if (request.body.contains(refreshToken)) {
            told.append(QString::fromLatin1(request.path()));
        }
    }
    // Two refreshes, and the end.
    QCOMPARE(told, (QStringList{u"/token"_s, u"/token"_s, u"/revoke"_s}));
}

// Proves: ERA-1
void TestConnection::remembersTheWayToTalk()
{
    Testbed bed;
    bed.mcp.speaksStateless = false;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    const QString id = connection->id();
    QTRY_COMPARE(bed.recordOnDisk(id).era, mcp::Era::Sessions);
    bed.restart();
    const qsizetype before = bed.mcp.methods().size();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.mcp.methods().mid(before),
             (QStringList{u"initialize"_s, u"notifications/initialized"_s, u"tools/list"_s}));
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
