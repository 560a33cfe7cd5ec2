// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ten services with habits of their own: each is signed in to, or refused with a sentence and the one setting
// that lets it in.
#include "support/quirkyservice.h"
#include "support/testbed.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::Phase;
using support::await;
using support::QuirkyService;
using support::Testbed;
using Habit = QuirkyService::Habit;

Q_DECLARE_METATYPE(QuirkyService::Habit)

namespace {

base::Task<base::Result<connections::ClientCredentials>> registerApp(QuirkyService *service,
                                                                     oauth::ClientNeeded needed)
{
    co_return service->registerApp(needed.redirectUri);
}

connections::AuthorizeOptions optionsFor(QuirkyService *service)
{
    connections::AuthorizeOptions options;
    options.askForClient = [service](oauth::ClientNeeded needed, std::stop_token) {
        return registerApp(service, std::move(needed));
    };
    return options;
}

/// Does `work`; after each refusal takes the one setting that the error offers. Returns the remedies that
/// were needed, or the sentence of the error that offered none.
template <typename Work>
QStringList withRemedies(Connection *connection, Work work)
{
    QStringList needed;
    for (int turn = 0; turn < 5; ++turn) {
        const std::optional<base::Error> error = work();
        if (!error) {
            return needed;
        }
        const oauth::SignInSettings before = connection->record().settings;
        const oauth::SignInSettings after = oauth::withRemedy(before, error->remedy);
        if (after == before || error->sentence.isEmpty()) {
            return {u"%1 [%2] %3"_s.arg(error->sentence, error->detail, error->remedy)};
        }
        needed.append(error->remedy);
        if (!await(connection->setSettings(after, {}))) {
            return {u"the settings could not be kept"_s};
        }
    }
    return {u"there is no end to it"_s};
}

} // namespace

class TestQuirks final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void getsIn_data();
    void getsIn();
    void getsARefreshTokenOutOfGoogle();
    void saysHowLongAGrantWithoutRefreshLasts();
    void takesAKeyOrATokenOfTheSameServer();
    void signsInForACallThatWantsIt();
};

void TestQuirks::getsIn_data()
{
    QTest::addColumn<Habit>("habit");
    QTest::addColumn<QStringList>("atSignIn");
    QTest::addColumn<bool>("renews");
    QTest::addColumn<QStringList>("atRefresh");
    QTest::newRow("Entra") << Habit::Entra << QStringList{u"tolerates-missing-pkce"_s, u"omits-resource"_s}
                           << true << QStringList{u"sends-scope-on-refresh"_s};
    QTest::newRow("Cognito") << Habit::Cognito << QStringList{u"tolerates-missing-pkce"_s} << true
                             << QStringList();
    QTest::newRow("Auth0") << Habit::Auth0 << QStringList() << true << QStringList();
    QTest::newRow("Okta") << Habit::Okta << QStringList() << true << QStringList();
    QTest::newRow("Slack") << Habit::Slack << QStringList() << true << QStringList();
    QTest::newRow("GitHub") << Habit::GitHub << QStringList() << false << QStringList();
    QTest::newRow("Google") << Habit::Google << QStringList() << false << QStringList();
    QTest::newRow("endpoints in the resource document")
        << Habit::EndpointsInResource << QStringList() << true << QStringList();
    QTest::newRow("key or token") << Habit::KeyOrToken << QStringList() << true << QStringList();
    QTest::newRow("lazy") << Habit::Lazy << QStringList() << true << QStringList();
}

void TestQuirks::getsIn()
{
    QFETCH(Habit, habit);
    QFETCH(QStringList, atSignIn);
    QFETCH(bool, renews);
    QFETCH(QStringList, atRefresh);
    Testbed bed;
    QuirkyService service(habit, bed.clock.function());
    const std::shared_ptr<Connection> connection = bed.added(service.mcp.url());
    await(connection->check({}, {}));
    const auto signIn = [&]() -> std::optional<base::Error> {
        const base::Result<void> done = await(connection->authorize(optionsFor(&service), {}));
        return done ? std::nullopt : std::optional(done.error());
    };
    QCOMPARE(withRemedies(connection.get(), signIn), atSignIn);
    QVERIFY(await(connection->listTools({})));
    QVERIFY(await(connection->callTool(u"echo"_s, {{u"text"_s, u"ahoy"_s}}, {}, {})));
    QCOMPARE(connection->record().hasRefreshToken, renews);
    if (renews) {
        const QByteArray before = (*await(connection->accessToken({}))).token.reveal();
        const auto renew = [&]() -> std::optional<base::Error> {
            const base::Result<connections::AccessToken> renewed = await(connection->renew({}));
            return renewed ? std::nullopt : std::optional(renewed.error());
        };
        QCOMPARE(withRemedies(connection.get(), renew), atRefresh);
        QVERIFY((*await(connection->accessToken({}))).token.reveal() != before);
        QVERIFY(await(connection->callTool(u"echo"_s, {{u"text"_s, u"ahoy"_s}}, {}, {})));
    }
    const base::Result<connections::Disconnected> left = await(connection->disconnectFromServer({}));
    QVERIFY(left);
    QVERIFY(!left->error);
    QVERIFY(!connection->record().hasSecret);
}

void TestQuirks::getsARefreshTokenOutOfGoogle()
{
    Testbed bed;
    QuirkyService google(Habit::Google, bed.clock.function());
    const std::shared_ptr<Connection> connection = bed.added(google.mcp.url());
    oauth::SignInSettings settings;
    settings.authorizationParameters = {{u"access_type"_s, u"offline"_s}};
    QVERIFY(await(connection->setSettings(settings, {})));
    QVERIFY(await(connection->authorize(optionsFor(&google), {})));
    QVERIFY(connection->record().hasRefreshToken);
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(connection->listTools({})));
}

// Proves: REF-2
void TestQuirks::saysHowLongAGrantWithoutRefreshLasts()
{
    Testbed bed;
    QuirkyService google(Habit::Google, bed.clock.function());
    const std::shared_ptr<Connection> connection = bed.added(google.mcp.url());
    QVERIFY(await(connection->authorize(optionsFor(&google), {})));
    QCOMPARE(connection->state().phase, Phase::Authorized);
    QVERIFY(connection->state().expiresAt);
    bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
    const qsizetype opened = bed.person.opened.size();
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QCOMPARE(tools.error().kind, base::ErrorKind::SignInNeeded);
    QCOMPARE(bed.person.opened.size(), opened);
}

void TestQuirks::takesAKeyOrATokenOfTheSameServer()
{
    Testbed bed;
    QuirkyService service(Habit::KeyOrToken, bed.clock.function());
    const auto tokens = service.mcp.admits;
    service.mcp.admits = [tokens](const QByteArray &bearer) { return bearer == "the key" || tokens(bearer); };
    const std::shared_ptr<Connection> connection = bed.added(service.mcp.url());
    await(connection->check({}, {}));
    QCOMPARE(connection->record().verdict, mcp::Verdict::NeedsSignIn);
    QVERIFY(await(connection->setHeaderKey(u"Authorization"_s, base::Secret("Bearer the key"), {})));
    QVERIFY(await(connection->listTools({})));
    QVERIFY(await(connection->setHeaderKey(u"Authorization"_s, base::Secret("Bearer another"), {})));
    await(connection->check({}, {}));
    QCOMPARE(connection->state().phase, Phase::KeyRefused);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->listTools({})));
}

// Proves: PRB-7
void TestQuirks::signsInForACallThatWantsIt()
{
    Testbed bed;
    QuirkyService lazy(Habit::Lazy, bed.clock.function());
    const std::shared_ptr<Connection> connection = bed.added(lazy.mcp.url());
    const mcp::ProbeReport report = await(connection->check({}, {}));
    QCOMPARE(report.verdict, mcp::ProbeReport::Verdict::Open);
    QVERIFY(report.discovery);
    QVERIFY(await(connection->listTools({})));
    const base::Result<mcp::ToolResult> refused = await(connection->callTool(u"echo"_s, {}, {}, {}));
    QCOMPARE(refused.error().kind, base::ErrorKind::SignInNeeded);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(await(connection->callTool(u"echo"_s, {}, {}, {})));
}

QTEST_GUILESS_MAIN(TestQuirks)
#include "tst_quirks.moc"
