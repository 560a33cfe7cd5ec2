// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the fault matrix that no table can make: clocks, addresses, disks, two processes, people.
#include "support/measures.h"
#include "support/testbed.h"

#include <QJsonDocument>
#include <QScopeGuard>
#include <QTcpServer>
#include <QUrlQuery>

#include <csignal>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using connections::Connection;
using connections::Phase;
using support::await;
using support::FakePerson;
using support::FakeResponse;
using support::Testbed;
using Held = std::shared_ptr<Connection>;

namespace {

/// No process can fill a disk safely; a limit on the size of files fails in the same places, for root too.
class FullDisk final {
public:
    FullDisk()
        : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit none = m_before;
        none.rlim_cur = 0;
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    Q_DISABLE_COPY_MOVE(FullDisk)

private:
    rlimit m_before = {};
    void (*m_handler)(int);
};

/// Another process with the same profile and the same keychain.
std::unique_ptr<connections::ConnectionList> otherProcess(Testbed *bed)
{
    auto list = std::make_unique<connections::ConnectionList>(bed->http, bed->secrets, storage::Profile(),
                                                              bed->clock.function(), bed->deadlines,
                                                              bed->person.openUrl());
    if (!list->load()) {
        qFatal("the other process can't read the list");
    }
    return list;
}

void editRecord(Testbed *bed, const connections::RecordsChange &change)
{
    connections::RecordsFile file{storage::Profile(), bed->deadlines};
    QVERIFY(await(file.update(change, {})));
}

} // namespace

class TestFaultsByHand final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void livesThroughClockJumps_data();
    void livesThroughClockJumps();
    void livesOnOneKindOfAddress_data();
    void livesOnOneKindOfAddress();
    void sharesEverythingWithAnotherProcess();
    void signsInInTwoProcessesAtOnce();
    void leavesWhileAnotherProcessUsesIt();
    void looksWithAFullDisk();
    void startsNoSignInThatCannotBeWrittenDown();
    void renewsWithAFullDisk();
    void saysThatChangesAreNotSaved();
    void goesOnDisconnectingWhenTheDiskIsFreed();
    void cancelsAtEachStep_data();
    void cancelsAtEachStep();
    void givesBackWhatComesAfterCancelling();
    void goesOnWhenNobodyWaits();
    void tellsNoStrangerAboutAGrant();
    void refreshesNothingForAnotherResource();
    void keepsHostileText();
    void takesAnyExpiry_data();
    void takesAnyExpiry();
    void readsAnErrorInA200();
    void saysWhatABrowserComesBackWith_data();
    void saysWhatABrowserComesBackWith();
};

void TestFaultsByHand::livesThroughClockJumps_data()
{
    QTest::addColumn<int>("hours");
    QTest::newRow("ahead") << 8;
    QTest::newRow("back") << -8;
    QTest::newRow("another day") << 48;
}

/// The clock jumps between any two steps, and in the middle of those that wait.
// Matrix: 30 PRB, 30 PRM, 30 ASM, 30 REG, 30 AUT, 30 CB, 30 TOK, 30 REF, 30 REV
void TestFaultsByHand::livesThroughClockJumps()
{
    QFETCH(int, hours);
    const auto jump = std::chrono::hours(hours);
    Testbed bed;
    bool jumpsAtToken = true;
    bed.auth.editTokenAnswer = [&](const auto &...) {
        if (jumpsAtToken) {
            bed.clock.advance(jump);
        }
    };
    const Held connection = bed.added(bed.mcp.url());
    QCOMPARE(await(connection->check({}, {})).verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
    bed.clock.advance(jump);
    bed.person.thinksFor = std::chrono::milliseconds(200);
    base::Task<base::Result<void>> signIn = connection->authorize({}, {});
    QTRY_COMPARE(connection->state().phase, Phase::WaitingForBrowser);
    bed.clock.advance(jump);
    QVERIFY(await(std::move(signIn)));
    jumpsAtToken = false;
    // Whatever the clock says of the token, it is used, or renewed once, and never a new sign-in.
    QVERIFY(await(connection->listTools({})));
    bed.clock.advance(jump);
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QVERIFY(bed.auth.refreshes() <= 3);
    QCOMPARE(bed.person.opened.size(), 1);
    bed.clock.advance(jump);
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QCOMPARE(left->outcome, connections::RevocationOutcome::Revoked);
}

void TestFaultsByHand::livesOnOneKindOfAddress_data()
{
    QTest::addColumn<QHostAddress>("address");
    QTest::newRow("IPv4 only") << QHostAddress(QHostAddress::LocalHost);
    QTest::newRow("IPv6 only") << QHostAddress(QHostAddress::LocalHostIPv6);
}

// Matrix: 31 PRB, 31 PRM, 31 ASM, 31 REG, 31 AUT, 31 CB, 31 TOK, 31 REF, 31 REV
void TestFaultsByHand::livesOnOneKindOfAddress()
{
    QFETCH(QHostAddress, address);
    Testbed bed;
    bed.mcp.http().moveTo(address);
    bed.auth.http().moveTo(address);
    bed.mcp.authorizationServers = {bed.auth.issuer()};
    const Held connection = bed.signedIn();
    QVERIFY(connection->record().issuer.contains(address.toString()));
    QVERIFY(await(connection->listTools({})));
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->listTools({})));
    QCOMPARE(bed.auth.refreshes(), 1);
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QCOMPARE(left->outcome, connections::RevocationOutcome::Revoked);
}

// Matrix: 33 PRB, 33 CFG, 33 KEY
void TestFaultsByHand::sharesEverythingWithAnotherProcess()
{
    Testbed bed;
    const auto other = otherProcess(&bed);
    const QString id = bed.signedIn()->id();
    QTRY_VERIFY(other->byId(id) && other->byId(id)->record().hasSecret);
    const Held mine = bed.list->byId(id);
    const Held theirs = other->byId(id);
    base::Task<mcp::ProbeReport> first = mine->check({}, {});
    base::Task<mcp::ProbeReport> second = theirs->check({}, {});
    QCOMPARE(await(std::move(first)).verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
    QCOMPARE(await(std::move(second)).verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
    base::Task<base::Result<void>> naming = mine->rename(u"Mine"_s, {});
    base::Task<base::Result<void>> labelling = theirs->setAccountLabel(u"theirs"_s, {});
    QVERIFY(await(std::move(naming)));
    QVERIFY(await(std::move(labelling)));
    QCOMPARE(bed.recordOnDisk(id).name, u"Mine"_s);
    QCOMPARE(bed.recordOnDisk(id).accountLabel, u"theirs"_s);
    bed.clock.advance(std::chrono::hours(2));
    base::Task<base::Result<connections::AccessToken>> one = mine->accessToken({});
    base::Task<base::Result<connections::AccessToken>> two = theirs->accessToken({});
    const base::Result<connections::AccessToken> a = await(std::move(one));
    const base::Result<connections::AccessToken> b = await(std::move(two));
    QCOMPARE(a->token.reveal(), b->token.reveal());
    QCOMPARE(bed.auth.refreshes(), 1);
    await(other->shutDown());
}

/// The last that is stored wins, and what the other got is given back.
// Matrix: 33 PRM, 33 ASM, 33 REG, 33 AUT, 33 CB, 33 TOK
void TestFaultsByHand::signsInInTwoProcessesAtOnce()
{
    Testbed bed;
    const QString id = bed.added(bed.mcp.url())->id();
    const auto other = otherProcess(&bed);
    QList<QByteArray> issued;
    bed.auth.editTokenAnswer = [&issued](const support::FakeRequest &, FakeResponse *answer) {
        issued << QJsonDocument::fromJson(answer->body).object()["refresh_token"_L1].toString().toUtf8();
    };
    base::Task<base::Result<void>> one = bed.list->byId(id)->authorize({}, {});
    base::Task<base::Result<void>> two = other->byId(id)->authorize({}, {});
    const base::Result<void> first = await(std::move(one));
    const base::Result<void> second = await(std::move(two));
    QVERIFY2(first, first ? "" : qPrintable(first.error().sentence));
    QVERIFY2(second, second ? "" : qPrintable(second.error().sentence));
    QCOMPARE(issued.size(), 2);
    QTRY_COMPARE(
        std::ranges::count_if(issued, [&](const QByteArray &token) { return bed.auth.isActive(token); }), 1);
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(bed.list->byId(id)->accessToken({})));
    QVERIFY(await(other->byId(id)->accessToken({})));
    QCOMPARE(bed.auth.reuses(), 0);
    await(other->shutDown());
}

// Matrix: 33 REV
void TestFaultsByHand::leavesWhileAnotherProcessUsesIt()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    const auto other = otherProcess(&bed);
    bed.clock.advance(std::chrono::hours(2));
    base::Task<base::Result<connections::Disconnected>> leaving;
    QByteArray renewed;
    bed.auth.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *answer) {
        answer->delay = std::chrono::milliseconds(200);
        renewed = QJsonDocument::fromJson(answer->body).object()["refresh_token"_L1].toString().toUtf8();
        leaving = bed.list->byId(id)->disconnectFromServer({});
    };
    QVERIFY(!await(other->byId(id)->accessToken({})));
    QVERIFY(await(std::move(leaving)));
    QVERIFY(!renewed.isEmpty());
    QVERIFY(!bed.auth.isActive(renewed));
    QVERIFY(bed.secrets.keys().isEmpty());
    await(other->shutDown());
}

// Matrix: 36 PRB, 36 PRM, 36 ASM
void TestFaultsByHand::looksWithAFullDisk()
{
    Testbed bed;
    const Held connection = bed.added(bed.mcp.url());
    const FullDisk full;
    const mcp::ProbeReport report = await(connection->check({}, {}));
    QCOMPARE(report.verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
    QVERIFY(report.discovery);
    // What couldn't be written down is said.
    QCOMPARE(connection->state().error->kind, ErrorKind::Storage);
}

// Matrix: 36 REG, 36 AUT, 36 CB, 36 TOK
void TestFaultsByHand::startsNoSignInThatCannotBeWrittenDown()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    Held connection = bed.list->byId(id);
    const base::Secret before = (*await(connection->accessToken({}))).token;
    {
        const FullDisk full;
        connections::AuthorizeOptions options;
        options.forgetRegistration = true;
        const base::Result<void> done = await(connection->authorize(options, {}));
        QCOMPARE(done.error().kind, ErrorKind::Storage);
        QCOMPARE(bed.person.opened.size(), 1);
        // With a registration at hand it is the sign-in that can't be written down: it is given back.
        const base::Result<void> again = await(connection->authorize({}, {}));
        QCOMPARE(again.error().kind, ErrorKind::Storage);
        QCOMPARE(bed.person.opened.size(), 2);
    }
    // The sign-in before is as good as ever.
    bed.restart();
    connection = bed.list->byId(id);
    QCOMPARE((*await(connection->accessToken({}))).token.reveal(), before.reveal());
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->accessToken({})));
    QTRY_VERIFY(!bed.auth.isActive(before.reveal()));
}

/// The keychain is another place than the list.
// Matrix: 36 REF, 36 KEY
void TestFaultsByHand::renewsWithAFullDisk()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    bed.clock.advance(std::chrono::hours(2));
    {
        const FullDisk full;
        QVERIFY(await(bed.list->byId(id)->accessToken({})));
        QVERIFY(await(bed.list->byId(id)->listTools({})));
    }
    bed.restart();
    QVERIFY(await(bed.list->byId(id)->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
    // A keychain that can't write any more is asked before the service is.
    bed.clock.advance(std::chrono::hours(2));
    bed.secrets.failNext(storage::MemorySecretStore::Access::Write, 3,
                         base::keychainError(base::KeychainCase::Failed, u"no room"_s));
    QCOMPARE(await(bed.list->byId(id)->accessToken({})).error().kind, ErrorKind::Keychain);
    QCOMPARE(bed.auth.refreshes(), 1);
}

// Matrix: 36 CFG
void TestFaultsByHand::saysThatChangesAreNotSaved()
{
    Testbed bed;
    const Held connection = bed.signedIn();
    const connections::ConnectionRecord before = bed.recordOnDisk(connection->id());
    {
        const FullDisk full;
        const base::Result<void> renamed = await(connection->rename(u"New"_s, {}));
        QCOMPARE(renamed.error().kind, ErrorKind::Storage);
        connections::NewConnection request;
        request.url = QUrl(u"https://example.com/mcp"_s);
        QCOMPARE(await(bed.list->add(std::move(request), {})).error().kind, ErrorKind::Storage);
    }
    QVERIFY(bed.recordOnDisk(connection->id()) == before);
    QVERIFY(await(connection->rename(u"New"_s, {})));
    QCOMPARE(bed.recordOnDisk(connection->id()).name, u"New"_s);
}

// Matrix: 36 REV
void TestFaultsByHand::goesOnDisconnectingWhenTheDiskIsFreed()
{
    Testbed bed;
    const Held connection = bed.signedIn();
    const base::Secret token = (*await(connection->accessToken({}))).token;
    {
        const FullDisk full;
        QCOMPARE(await(connection->disconnectFromServer({})).error().kind, ErrorKind::Storage);
    }
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(!bed.auth.isActive(token.reveal()));
    QVERIFY(bed.secrets.keys().isEmpty());
    QVERIFY(!bed.recordOnDisk(connection->id()).hasSecret);
}

void TestFaultsByHand::cancelsAtEachStep_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isServer");
    QTest::newRow("the server") << QByteArray("/mcp") << true;
    QTest::newRow("its metadata") << QByteArray("/.well-known/oauth-protected-resource/mcp") << true;
    QTest::newRow("the service's metadata") << QByteArray("/.well-known/oauth-authorization-server") << false;
    QTest::newRow("the registration") << QByteArray("/register") << false;
}

// Matrix: 35 PRB, 35 PRM, 35 ASM, 35 REG
void TestFaultsByHand::cancelsAtEachStep()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, isServer);
    Testbed bed;
    const Held connection = bed.added(bed.mcp.url());
    support::FakeServer &server = isServer ? bed.mcp.http() : bed.auth.http();
    server.route(path, FakeResponse::silence());
    base::Task<base::Result<void>> signIn = connection->authorize({}, {});
    QTRY_VERIFY(server.count(path) > 0);
    connection->cancelSignIn();
    const support::OwnTime time;
    QCOMPARE(await(std::move(signIn)).error().kind, ErrorKind::Cancelled);
    QVERIFY2(time.elapsed() <= 100, qPrintable(QString::number(time.elapsed())));
    QVERIFY(!connection->state().error);
    QCOMPARE(bed.person.opened.size(), 0);
}

// Matrix: 35 TOK, 35 CB
void TestFaultsByHand::givesBackWhatComesAfterCancelling()
{
    Testbed bed;
    const Held connection = bed.added(bed.mcp.url());
    bool isCancelled = false;
    bed.auth.editTokenAnswer = [&](const support::FakeRequest &, FakeResponse *answer) {
        answer->delay = std::chrono::milliseconds(200);
        isCancelled = true;
        connection->cancelSignIn();
    };
    QCOMPARE(await(connection->authorize({}, {})).error().kind, ErrorKind::Cancelled);
    QVERIFY(isCancelled);
    QCOMPARE(bed.auth.codeExchanges(), 1);
    // Whoever has cancelled doesn't wait for it.
    QTRY_COMPARE(bed.auth.revocations(), 2);
    QVERIFY(!connection->state().isSignedIn);
    QVERIFY(!connection->state().error);
}

// Matrix: 35 REF, 35 REV
void TestFaultsByHand::goesOnWhenNobodyWaits()
{
    Testbed bed;
    const Held connection = bed.signedIn();
    bed.clock.advance(std::chrono::hours(2));
    std::stop_source gone;
    base::Task<base::Result<connections::AccessToken>> using_ = connection->accessToken(gone.get_token());
    gone.request_stop();
    QCOMPARE(await(std::move(using_)).error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(connection->state().phase, Phase::Authorized);
    QCOMPARE(bed.auth.refreshes(), 1);
    std::stop_source left;
    base::Task<base::Result<connections::Disconnected>> leaving =
        connection->disconnectFromServer(left.get_token());
    left.request_stop();
    QCOMPARE(await(std::move(leaving)).error().kind, ErrorKind::Cancelled);
    QTRY_VERIFY(!bed.recordOnDisk(connection->id()).hasSecret);
    QCOMPARE(bed.auth.revocations(), 2);
}

/// A list that names another service than the grant is from.
// Proves: INV-3
// Matrix: 24 REV, 24 REF
void TestFaultsByHand::tellsNoStrangerAboutAGrant()
{
    Testbed bed;
    const Held connection = bed.signedIn();
    support::FakeAuthServer stranger;
    editRecord(&bed, [&stranger](connections::Records &records) {
        connections::ConnectionRecord &record = records.connections.first();
        record.issuer = stranger.issuer();
        record.authorizationServer["issuer"_L1] = stranger.issuer();
        record.authorizationServer["revocation_endpoint"_L1] = stranger.endpoint("revoke").toString();
        record.authorizationServer["token_endpoint"_L1] = stranger.endpoint("token").toString();
    });
    bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(await(connection->accessToken({})).error().kind, ErrorKind::RefusedByPolicy);
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QCOMPARE(left->outcome, connections::RevocationOutcome::NotSupported);
    QVERIFY(bed.secrets.keys().isEmpty());
    QCOMPARE(stranger.http().requests().size(), 0U);
}

// Matrix: 25 REF
void TestFaultsByHand::refreshesNothingForAnotherResource()
{
    Testbed bed;
    const Held connection = bed.signedIn();
    editRecord(&bed, [](connections::Records &records) {
        records.connections.first().resource = u"https://elsewhere.example/mcp"_s;
    });
    QVERIFY(await(connection->accessToken({})));
    bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(await(connection->accessToken({})).error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(connection->state().phase, Phase::Stopped);
    QCOMPARE(bed.auth.refreshes(), 0);
    QVERIFY(bed.recordOnDisk(connection->id()).hasSecret);
}

// Matrix: 22 AUT, 22 KEY, 22 CFG
void TestFaultsByHand::keepsHostileText()
{
    Testbed bed;
    const QString hostile = u"<img src=/etc/passwd>\u202Egpj.exe\u0001\u001B[31m"_s + QString(2000, u'\u0301')
                            + u"🙂"_s.repeated(500);
    bed.auth.tokenOverrides = {{u"scope"_s, QString(u"mcp "_s + hostile)}};
    bed.auth.metadataOverrides = {{u"service_documentation"_s, hostile},
                                  {u"scopes_supported"_s, QJsonArray{hostile, u"mcp"_s}}};
    bed.mcp.serverName = hostile;
    const QString id = bed.signedIn()->id();
    for (const QUrl &opened : std::as_const(bed.person.opened)) {
        for (const char byte : opened.toEncoded()) {
            QVERIFY(byte > 0x20 && byte < 0x7f && byte != '<' && byte != '"' && byte != '`');
        }
    }
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QVERIFY(await(bed.list->byId(id)->setAccountLabel(hostile, {})));
    const connections::ConnectionRecord before = bed.list->byId(id)->record();
    bed.restart();
    QVERIFY(bed.list->byId(id)->record() == before);
    QVERIFY(await(bed.list->byId(id)->accessToken({})));
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(bed.list->byId(id)->accessToken({})));
    QCOMPARE(bed.auth.refreshes(), 1);
}

void TestFaultsByHand::takesAnyExpiry_data()
{
    QTest::addColumn<QJsonValue>("expiresIn");
    QTest::newRow("absent") << QJsonValue(QJsonValue::Null);
    QTest::newRow("0") << QJsonValue(0);
    QTest::newRow("negative") << QJsonValue(-5);
    QTest::newRow("string") << QJsonValue(u"3600"_s);
    QTest::newRow("nonsense") << QJsonValue(u"soon"_s);
    QTest::newRow("huge") << QJsonValue(1e12);
}

// Matrix: 43 TOK, 43 REF
void TestFaultsByHand::takesAnyExpiry()
{
    QFETCH(QJsonValue, expiresIn);
    Testbed bed;
    bed.auth.tokenOverrides = {{u"expires_in"_s, expiresIn}};
    const Held connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.auth.endAccessTokens();
    // Used until it is refused, then renewed, and the answer of that is as odd.
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence));
    QVERIFY(bed.auth.refreshes() >= 1);
    QCOMPARE(bed.person.opened.size(), 1);
}

// Matrix: 44 TOK, 44 REF
void TestFaultsByHand::readsAnErrorInA200()
{
    Testbed bed;
    const Held connection = bed.added(bed.mcp.url());
    const auto error = [](const QString &code) {
        return FakeResponse::json({{u"ok"_s, false}, {u"error"_s, code}}, 200);
    };
    bed.auth.http().once("/token", error(u"bad_code"_s));
    QVERIFY(!await(connection->authorize({}, {})));
    QVERIFY(!connection->state().isSignedIn);
    QCOMPARE(bed.auth.http().count("/token"), 1);
    QVERIFY(await(connection->authorize({}, {})));
    bed.clock.advance(std::chrono::hours(2));
    bed.auth.http().once("/token", error(u"temporarily_unavailable"_s));
    QVERIFY(await(connection->accessToken({})).error().kind != ErrorKind::SignInNeeded);
    QVERIFY(bed.recordOnDisk(connection->id()).hasSecret);
    bed.clock.advance(std::chrono::hours(2));
    bed.auth.http().once("/token", error(u"invalid_grant"_s));
    QCOMPARE(await(connection->accessToken({})).error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
}

void TestFaultsByHand::saysWhatABrowserComesBackWith_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("access_denied") << QByteArray("error=access_denied") << ErrorKind::Denied;
    QTest::newRow("server_error") << QByteArray("error=server_error&error_description=<b>%E2%80%AEx%01")
                                  << ErrorKind::Protocol;
    QTest::newRow("invalid_scope") << QByteArray("error=invalid_scope") << ErrorKind::Protocol;
}

// Matrix: 41 CB, 42 CB, 22 CB
void TestFaultsByHand::saysWhatABrowserComesBackWith()
{
    QFETCH(QByteArray, parameters);
    QFETCH(ErrorKind, kind);
    Testbed bed;
    bed.person.mood = FakePerson::Mood::StopBeforeCallback;
    bed.auth.announcesIss = false;
    const Held connection = bed.added(bed.mcp.url());
    base::Task<base::Result<void>> signIn = connection->authorize({}, {});
    QTRY_VERIFY(bed.person.callbackAddress.isValid());
    QUrl answer = bed.person.callbackAddress;
    const QString state = QUrlQuery(answer).queryItemValue(u"state"_s, QUrl::FullyEncoded);
    answer.setQuery(QString::fromLatin1(parameters) + u"&state="_s + state);
    QByteArray page;
    support::plainGet(answer, this, [&page](const QByteArray &got) { page = got; });
    const base::Result<void> done = await(std::move(signIn));
    QCOMPARE(done.error().kind, kind);
    QVERIFY(!done.error().sentence.contains(u'\u202E') && !done.error().sentence.contains(u'\u0001'));
    QTRY_VERIFY(!page.isEmpty());
    QVERIFY(!page.contains("<b>"));
    QVERIFY(!connection->state().isSignedIn);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QCOMPARE(bed.auth.codeExchanges(), 0);
    bed.person.mood = FakePerson::Mood::Approve;
    QVERIFY(await(connection->authorize({}, {})));
}

QTEST_GUILESS_MAIN(TestFaultsByHand)
#include "tst_faultsbyhand.moc"
