// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A look at a server: what it says about the server, and what only about the network in between.
#include "support/testbed.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using support::await;
using support::FakeResponse;
using support::Testbed;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

FakeResponse loginPage(const support::FakeRequest &)
{
    return FakeResponse::html("<html><title>Welcome to the hotel</title></html>");
}

} // namespace

class TestConnectionCheck final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void loginPageOfANetworkIsNoVerdict();
    void pageAtANewAddressIsNoServer();
    void momentaryTroubleIsNotShown();
};

void TestConnectionCheck::loginPageOfANetworkIsNoVerdict()
{
    Testbed bed;
    const auto connection = bed.signedIn();
    const std::optional<Verdict> verdict = connection->record().verdict;
    bed.clock.advance(std::chrono::minutes(20));
    const support::FakeServer::Handler server = bed.mcp.http().routeOf(bed.mcp.path());
    bed.mcp.http().route(bed.mcp.path(), loginPage);
    const mcp::ProbeReport report = await(connection->check({}, {}));
    QCOMPARE(report.verdict, Verdict::Unreachable);
    QVERIFY(report.error->isTransient());
    QVERIFY(report.error->sentence.contains(u"log in"_s));
    QCOMPARE(connection->record().verdict, verdict);
    QCOMPARE(bed.recordOnDisk(connection->id()).verdict, verdict);
    QVERIFY(connection->state().phase != Phase::NotMcp);
    bed.mcp.http().route(bed.mcp.path(), server);
    QCOMPARE(await(connection->check({}, {})).verdict, Verdict::NeedsSignIn);
    QVERIFY(await(connection->accessToken({})));
}

void TestConnectionCheck::pageAtANewAddressIsNoServer()
{
    Testbed bed;
    bed.mcp.http().route(bed.mcp.path(), loginPage);
    const auto connection = bed.added(bed.mcp.url());
    const mcp::ProbeReport report = await(connection->check({}, {}));
    QCOMPARE(report.verdict, Verdict::NotMcp);
    QVERIFY(report.error->sentence.contains(u"web page"_s));
}

void TestConnectionCheck::momentaryTroubleIsNotShown()
{
    Testbed bed;
    const auto connection = bed.added(bed.mcp.url());
    bed.mcp.http().once(bed.mcp.path(), FakeResponse::empty(503));
    bed.auth.http().once("/.well-known/oauth-authorization-server", FakeResponse::hangUp());
    QCOMPARE(await(connection->check({}, {})).verdict, Verdict::NeedsSignIn);
    QVERIFY(!connection->state().error);
}

QTEST_GUILESS_MAIN(TestConnectionCheck)
#include "tst_connectioncheck.moc"
