// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the list keeps of a server that is added, whatever the look at it said; and what it is called.
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

const QJsonObject withoutPkce{{u"code_challenge_methods_supported"_s, QJsonValue::Null}};

std::shared_ptr<connections::Connection> lookedAtAndAdded(Testbed &bed, const QUrl &url)
{
    connections::NewConnection request;
    request.url = url;
    request.report = await(bed.list->probe(url, {}, {}, {}, {}));
    return bed.added(std::move(request));
}

std::shared_ptr<connections::Connection> called(Testbed &bed, const QString &name)
{
    connections::NewConnection request;
    request.url = bed.mcp.url();
    request.name = name;
    return bed.added(std::move(request));
}

} // namespace

class TestAdding final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheReport();
    void keepsWhyItCannotGoOn_data();
    void keepsWhyItCannotGoOn();
    void forgetsTheReasonOnceItIsGone();
    void forgetsTheReasonWhenItIsUsed();
    void asksAnewAfterTheOfferIsTaken();
    void tellsOfAnOutageThatAnotherProcessMet();
    void numbersNamesThatAreTaken();
    void findsANameAsItWasTyped();
    void refusesToRenameToATakenName();
};

// What the page shows of the probe (B1).
void TestAdding::keepsTheReport()
{
    Testbed bed;
    const QString id = lookedAtAndAdded(bed, bed.mcp.url())->id();
    QVERIFY(bed.list->byId(id)->activityLog().lastProbe.has_value());
    QVERIFY(bed.list->byId(id)->activityLog().lastProbe->discovery.has_value());
    bed.restart();
    const std::optional<mcp::ProbeReport> kept = bed.list->byId(id)->activityLog().lastProbe;
    QVERIFY(kept.has_value());
    QCOMPARE(kept->verdict, Verdict::NeedsSignIn);
    QVERIFY(kept->steps.size() >= 3);
}

void TestAdding::keepsWhyItCannotGoOn_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("phase");
    QTest::addColumn<QString>("remedy");
    const auto row = [](const QString &what, Phase phase, const char16_t *remedy) {
        QTest::newRow(qPrintable(what)) << what << static_cast<int>(phase) << QString::fromUtf16(remedy);
    };
    row(u"nobody is there"_s, Phase::Unreachable, u"");
    row(u"a web page"_s, Phase::NotMcp, u"");
    row(u"no PKCE list"_s, Phase::Stopped, oauth::remedies::toleratesMissingPkce);
    row(u"foreign resource"_s, Phase::Stopped, oauth::remedies::toleratesForeignResource);
}

void TestAdding::keepsWhyItCannotGoOn()
{
    QFETCH(const QString, what);
    QFETCH(const int, phase);
    QFETCH(const QString, remedy);
    Testbed bed;
    if (what == "nobody is there"_L1) {
        bed.mcp.http().stop();
    } else if (what == "a web page"_L1) {
        bed.mcp.http().route(bed.mcp.path(), FakeResponse::html("<html>Welcome</html>"));
    } else if (what == "no PKCE list"_L1) {
        bed.auth.metadataOverrides = withoutPkce;
    } else {
        bed.mcp.resource = bed.mcp.http().origin() + u"/other"_s;
    }
    const QString id = lookedAtAndAdded(bed, bed.mcp.url())->id();
    bed.restart();
    const connections::ConnectionState state = bed.list->byId(id)->state();
    QCOMPARE(static_cast<int>(state.phase), phase);
    QVERIFY(state.error.has_value());
    QVERIFY(!state.error->sentence.isEmpty());
    QCOMPARE(state.error->remedy, remedy);
}

void TestAdding::forgetsTheReasonOnceItIsGone()
{
    Testbed bed;
    bed.mcp.http().stop();
    const auto connection = lookedAtAndAdded(bed, bed.mcp.url());
    QVERIFY(bed.recordOnDisk(connection->id()).lastError.has_value());
    bed.mcp.http().start();
    await(connection->check({}, {}));
    QVERIFY(!bed.recordOnDisk(connection->id()).lastError);
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
}

void TestAdding::forgetsTheReasonWhenItIsUsed()
{
    Testbed bed;
    bed.mcp.admits = nullptr;
    bed.mcp.http().stop();
    const auto connection = lookedAtAndAdded(bed, bed.mcp.url());
    QCOMPARE(connection->state().phase, Phase::Unreachable);
    bed.mcp.http().start();
    QVERIFY(await(connection->listTools({})));
    QCOMPARE(connection->state().phase, Phase::Open);
    bed.restart();
    QCOMPARE(bed.list->byId(connection->id())->state().phase, Phase::Open);
}

void TestAdding::asksAnewAfterTheOfferIsTaken()
{
    Testbed bed;
    bed.auth.metadataOverrides = withoutPkce;
    const auto connection = lookedAtAndAdded(bed, bed.mcp.url());
    QCOMPARE(connection->state().phase, Phase::Stopped);
    oauth::SignInSettings settings = connection->record().settings;
    settings = oauth::withRemedy(settings, connection->state().error->remedy);
    QVERIFY(await(connection->setSettings(settings, {})));
    // What stood in the way does so no longer.
    QCOMPARE(connection->state().phase, Phase::NotChecked);
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(connection->state().phase, Phase::Authorized);
}

// What `mooringctl list` shows where a window has found the server out of reach (B14).
void TestAdding::tellsOfAnOutageThatAnotherProcessMet()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    bed.clock.advance(std::chrono::minutes(1));
    bed.mcp.http().stop();
    await(bed.list->byId(id)->check({}, {}));
    bed.restart();
    QCOMPARE(bed.list->byId(id)->state().phase, Phase::Authorized);
    QCOMPARE(bed.list->byId(id)->lastKnownState().phase, Phase::Unreachable);
    QCOMPARE(bed.list->byId(id)->lastTrouble()->at, bed.clock.now());
    bed.mcp.http().start();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    bed.restart();
    QCOMPARE(bed.list->byId(id)->lastKnownState().phase, Phase::Authorized);
    // The same met in use.
    bed.mcp.http().stop();
    QVERIFY(!await(bed.list->byId(id)->listTools({})));
    bed.restart();
    QCOMPARE(bed.list->byId(id)->lastKnownState().phase, Phase::Unreachable);
}

// B21.
void TestAdding::numbersNamesThatAreTaken()
{
    Testbed bed;
    QCOMPARE(called(bed, u"Tides"_s)->record().name, u"Tides"_s);
    QCOMPARE(called(bed, u"tides"_s)->record().name, u"tides 2"_s);
    QCOMPARE(called(bed, u"Tides"_s)->record().name, u"Tides 3"_s);
    QVERIFY(bed.list->find(u"TIDES 3"_s).has_value());
    QVERIFY(bed.list->find(u"Tides"_s).has_value());
    // Nothing that could be shown is left of it.
    const QString byHost = called(bed, u"\uFE0F\u200B"_s)->record().name;
    QCOMPARE(byHost, connections::nameFromUrl(bed.mcp.url()));
}

// B21: what is never shown is not kept, and must not be in the way either.
void TestAdding::findsANameAsItWasTyped()
{
    Testbed bed;
    for (const QString &name : {u"Sea \u2693\uFE0F"_s, u"Left\u200Bright"_s, u"Two  blanks"_s}) {
        const QString id = called(bed, name)->id();
        const auto found = bed.list->find(name);
        QVERIFY2(found.has_value(), qPrintable(name));
        QCOMPARE((*found)->id(), id);
        QCOMPARE((*bed.list->find((*found)->record().name))->id(), id);
    }
}

void TestAdding::refusesToRenameToATakenName()
{
    Testbed bed;
    called(bed, u"Tides"_s);
    const auto other = called(bed, u"Ebb"_s);
    const base::Result<void> renamed = await(other->rename(u"tides"_s, {}));
    QVERIFY(!renamed);
    QCOMPARE(renamed.error().kind, base::ErrorKind::InvalidInput);
    QCOMPARE(other->record().name, u"Ebb"_s);
    QVERIFY(await(other->rename(u"EBB"_s, {})));
    QCOMPARE(other->record().name, u"EBB"_s);
}

QTEST_GUILESS_MAIN(TestAdding)
#include "tst_adding.moc"
