// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// In the window, while something hangs: Cancel and Close work at once, and the window goes on answering.
#include "support/measures.h"
#include "ui/adding/addserverdialog.h"
#include "ui/windowbed.h"

#include <QAbstractButton>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using support::FakeResponse;
using support::FakeServer;
using uitests::WindowBed;

namespace {

constexpr int patience = 15'000;
/// The goal is 100 ms, and the figures are printed; a machine that is busy gets some more.
#ifdef __SANITIZE_ADDRESS__
constexpr qint64 longest = 2000;
#else
constexpr qint64 longest = 500;
#endif

/// Where it hangs.
struct Place {
    FakeServer *server;
    QByteArray path;
};

Place placeOf(support::Testbed *bed, const QString &step)
{
    if (step == "server"_L1) {
        return {&bed->mcp.http(), bed->mcp.path()};
    }
    if (step == "description of the server"_L1) {
        return {&bed->mcp.http(), bed->mcp.metadataUrl().path().toLatin1()};
    }
    if (step == "description of the service"_L1) {
        return {&bed->auth.http(), "/.well-known/oauth-authorization-server"};
    }
    return {&bed->auth.http(), bed->auth.pathOf(step.toLatin1().constData())};
}

} // namespace

class TstCancelling final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsASignIn_data();
    void endsASignIn();
    void closesTheAddDialog_data();
    void closesTheAddDialog();
    void cleanupTestCase();

private:
    qint64 m_longest = 0;
    qint64 m_stall = 0;
};

void TstCancelling::endsASignIn_data()
{
    QTest::addColumn<QString>("step");
    for (const auto &step : {u"server"_s, u"description of the server"_s, u"description of the service"_s,
                             u"register"_s, u"browser"_s, u"token"_s}) {
        QTest::newRow(qPrintable(step)) << step;
    }
}

// Proves: INV-5
void TstCancelling::endsASignIn()
{
    QFETCH(const QString, step);
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::NotAuthorized, patience);
    // Past the time for which that look at the server counts.
    bed.bed.clock.advance(std::chrono::minutes(20));
    const bool isBrowser = step == "browser"_L1;
    const Place place = placeOf(&bed.bed, isBrowser ? u"authorize"_s : step);
    const int before = place.server->count(place.path);
    const auto good = place.server->routeOf(place.path);
    if (isBrowser) {
        bed.bed.person.mood = support::FakePerson::Mood::Never;
    } else {
        place.server->route(place.path, FakeResponse::silence());
    }
    support::StallMeter meter;
    bed.find<QAbstractButton>(u"stateActionButton"_s)->click();
    const auto hangs = [&] {
        return isBrowser ? connection->state().phase == Phase::WaitingForBrowser
                         : place.server->count(place.path) > before;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hangs(), patience);
    auto *cancel = bed.find<QAbstractButton>(u"cancelSignInButton"_s);
    QTRY_VERIFY(cancel && cancel->isVisible());
    support::giveTimeFor(std::chrono::milliseconds(60));
    const support::OwnTime time;
    cancel->click();
    QTRY_VERIFY_WITH_TIMEOUT(!cancel->isVisible(), 30'000);
    m_longest = std::max(m_longest, time.elapsed());
    m_stall = std::max(m_stall, meter.longestMs());
    QVERIFY2(time.elapsed() < longest, qPrintable(QString::number(time.elapsed())));
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY(!connection->state().error);
    QVERIFY(bed.window->view()->messages()->isEmpty());

    place.server->route(place.path, good);
    bed.bed.person.mood = support::FakePerson::Mood::Approve;
    auto *again = bed.find<QAbstractButton>(u"stateActionButton"_s);
    QTRY_VERIFY(again->isVisible());
    again->click();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::Authorized, patience);
    // What has been let go of must not keep the window from being closed.
    place.server->stop();
}

void TstCancelling::closesTheAddDialog_data()
{
    QTest::addColumn<QString>("step");
    for (const auto &step : {u"server"_s, u"description of the server"_s, u"description of the service"_s}) {
        QTest::newRow(qPrintable(step)) << step;
    }
}

// Proves: INV-5
void TstCancelling::closesTheAddDialog()
{
    QFETCH(const QString, step);
    WindowBed bed;
    bed.show();
    const Place place = placeOf(&bed.bed, step);
    place.server->route(place.path, FakeResponse::silence());
    const int running = bed.tasks->running();
    support::StallMeter meter;
    bed.window->openAddDialog(bed.bed.mcp.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(place.server->count(place.path) > 0, patience);
    support::giveTimeFor(std::chrono::milliseconds(60));
    const support::OwnTime time;
    QTest::keyClick(bed.find<ui::AddServerDialog>(u"addServerDialog"_s), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(
        !bed.find<ui::AddServerDialog>(u"addServerDialog"_s) && bed.tasks->running() == running, 30'000);
    m_longest = std::max(m_longest, time.elapsed());
    m_stall = std::max(m_stall, meter.longestMs());
    QVERIFY2(time.elapsed() < longest, qPrintable(QString::number(time.elapsed())));
    QVERIFY(bed.bed.list->connections().isEmpty());
}

void TstCancelling::cleanupTestCase()
{
    qInfo("figure: the longest Cancel took %lld ms, the longest stall while something hung was %lld ms",
          static_cast<long long>(m_longest), static_cast<long long>(m_stall));
}

QTEST_MAIN(TstCancelling)
#include "tst_cancelling.moc"
