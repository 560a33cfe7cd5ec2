// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/stepup.h"
#include "support/testbed.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using connections::StepUp;
using support::await;
using support::FakeResponse;
using support::Testbed;
using Verdict = StepUp::Verdict;

namespace {

FakeResponse wantsScope(const QByteArray &scope, int status = 403)
{
    FakeResponse refusal = FakeResponse::empty(status);
    refusal.headers.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
    return refusal;
}

QStringList scopesOf(const QUrl &authorizationUrl)
{
    return QUrlQuery(authorizationUrl)
        .queryItemValue(u"scope"_s, QUrl::FullyDecoded)
        .split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class TestStepUp final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksForWhatIsMissing();
    void takesNotNowForAnAnswer();
    void neverAsksForWhatWasGivenAlready();
    void stopsAfterThreeWithinAnHour();
    void keepsWhatWasAskedBefore();
    void saysThatTheAccountMayNotBeAllowed();
    void doesNotOpenABrowserByItself();
    void takesA403WithoutScopesForADenial();
    void asksForTheScopeOfTheRefusedCall();
};

// Proves: STEP-1, STEP-2
void TestStepUp::asksForWhatIsMissing()
{
    StepUp stepUp;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QCOMPARE(stepUp.judge({u"read"_s, u"write"_s}, {u"read"_s}, now), Verdict::Ask);
}

// Proves: SCP-5
void TestStepUp::takesNotNowForAnAnswer()
{
    StepUp stepUp;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QCOMPARE(stepUp.judge({u"write"_s}, {}, now), Verdict::Ask);
    stepUp.dismiss({u"write"_s}, now);
    QCOMPARE(stepUp.judge({u"write"_s}, {}, now.addSecs(3599)), Verdict::Dismissed);
    QCOMPARE(stepUp.judge({u"admin"_s}, {}, now.addSecs(3599)), Verdict::Ask);
    QCOMPARE(stepUp.judge({u"write"_s}, {}, now.addSecs(3600)), Verdict::Ask);
}

// Proves: STEP-4
void TestStepUp::neverAsksForWhatWasGivenAlready()
{
    StepUp stepUp;
    QCOMPARE(stepUp.judge({u"write"_s}, {u"read"_s, u"write"_s}, QDateTime::currentDateTimeUtc()),
             Verdict::GivenAlready);
}

// Proves: STEP-4, STEP-5
void TestStepUp::stopsAfterThreeWithinAnHour()
{
    StepUp stepUp;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(stepUp.judge({u"scope%1"_s.arg(i)}, {}, now.addSecs(i)), Verdict::Ask);
        stepUp.agreed(now.addSecs(i));
    }
    QCOMPARE(stepUp.judge({u"scope4"_s}, {}, now.addSecs(10)), Verdict::TooOften);
    QCOMPARE(stepUp.judge({u"scope4"_s}, {}, now.addSecs(3600)), Verdict::Ask);
}

// Proves: STEP-3, SCP-3
void TestStepUp::keepsWhatWasAskedBefore()
{
    Testbed bed;
    bed.mcp.scopesSupported = {u"mcp"_s};
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.mcp.http().once("/mcp", wantsScope("write"));
    const base::Result<mcp::ToolResult> refused = await(connection->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, base::ErrorKind::MoreScopeNeeded);
    QCOMPARE(refused.error().scopes, QStringList{u"write"_s});
    QCOMPARE(connection->wantedScopes(), QStringList{u"write"_s});
    // Another process shows the question, and so does this one after a restart.
    QTRY_COMPARE(bed.recordOnDisk(connection->id()).scopesWanted, QStringList{u"write"_s});
    connections::AuthorizeOptions options;
    options.moreScopes = connection->wantedScopes();
    QVERIFY(await(connection->authorize(options, {})));
    const QStringList asked = scopesOf(bed.person.opened.last());
    QVERIFY(asked.contains(u"mcp"_s));
    QVERIFY(asked.contains(u"write"_s));
    QCOMPARE(connection->record().scopesAsked, asked);
    QVERIFY(connection->wantedScopes().isEmpty());
    QVERIFY(await(connection->callTool(u"echo"_s, {}, {}, {})));
    // And the next sign-in keeps it.
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(scopesOf(bed.person.opened.last()).contains(u"write"_s));
}

// Proves: STEP-4
void TestStepUp::saysThatTheAccountMayNotBeAllowed()
{
    Testbed bed;
    bed.mcp.scopesSupported = {u"mcp"_s};
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.mcp.http().once("/mcp", wantsScope("mcp"));
    const base::Result<mcp::ToolResult> refused = await(connection->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, base::ErrorKind::Denied);
    QVERIFY(connection->wantedScopes().isEmpty());
    QCOMPARE(connection->state().phase, connections::Phase::Authorized);
}

void TestStepUp::doesNotOpenABrowserByItself()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    const qsizetype opened = bed.person.opened.size();
    bed.mcp.http().once("/mcp", wantsScope("write"));
    QVERIFY(!await(connection->callTool(u"echo"_s, {}, {}, {})));
    QCOMPARE(bed.person.opened.size(), opened);
    connection->dismissWantedScopes();
    QVERIFY(connection->wantedScopes().isEmpty());
    bed.mcp.http().once("/mcp", wantsScope("write"));
    const base::Result<mcp::ToolResult> again = await(connection->callTool(u"echo"_s, {}, {}, {}));
    QCOMPARE(again.error().kind, base::ErrorKind::MoreScopeNeeded);
    QVERIFY(connection->wantedScopes().isEmpty());
}

// Proves: ERR-2
void TestStepUp::takesA403WithoutScopesForADenial()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(await(connection->listTools({})));
    bed.mcp.http().once("/mcp", FakeResponse::empty(403));
    const base::Result<mcp::ToolResult> refused = await(connection->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!refused);
    QVERIFY(refused.error().kind != base::ErrorKind::MoreScopeNeeded);
    QVERIFY(connection->wantedScopes().isEmpty());
    QCOMPARE(connection->state().phase, connections::Phase::Authorized);
}

// Proves: PRB-4, PRB-5, PRB-7
void TestStepUp::asksForTheScopeOfTheRefusedCall()
{
    Testbed bed;
    bed.mcp.scopesSupported = {u"everything"_s};
    bed.mcp.openMethods = {u"server/discover"_s, u"initialize"_s, u"notifications/initialized"_s,
                           u"tools/list"_s};
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    await(connection->check({}, {}));
    QCOMPARE(connection->state().phase, connections::Phase::Open);
    QVERIFY(await(connection->listTools({})));
    bed.mcp.challengeScope = "echo:call";
    const base::Result<mcp::ToolResult> refused = await(connection->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, base::ErrorKind::SignInNeeded);
    QVERIFY(await(connection->authorize({}, {})));
    const QStringList asked = scopesOf(bed.person.opened.last());
    QVERIFY(asked.contains(u"echo:call"_s));
    QVERIFY(!asked.contains(u"everything"_s));
    QVERIFY(await(connection->callTool(u"echo"_s, {}, {}, {})));
}

QTEST_GUILESS_MAIN(TestStepUp)
#include "tst_stepup.moc"
