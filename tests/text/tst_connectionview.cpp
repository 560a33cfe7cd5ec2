// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/testbed.h"
#include "text/connectionview.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using support::await;
using support::Testbed;
using text::lastKnownViewOf;
using text::viewOf;

class TstConnectionView final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsHowMooringIsKnownThere();
    void tellsWhatAnotherProcessHasMet();
};

void TstConnectionView::tellsHowMooringIsKnownThere()
{
    Testbed bed;
    const auto connection = bed.signedIn();
    const text::ConnectionView view = lastKnownViewOf(*connection);
    QCOMPARE(view.record, connection->record());
    QCOMPARE(view.state.phase, Phase::Authorized);
    QVERIFY(view.registration && !view.registration->clientId.isEmpty());
    QVERIFY(!view.noticedAt);
    // A list doesn't look for it.
    QVERIFY(!viewOf(*connection).registration);
}

void TstConnectionView::tellsWhatAnotherProcessHasMet()
{
    Testbed bed;
    const QString id = bed.signedIn()->id();
    bed.clock.advance(std::chrono::minutes(1));
    bed.mcp.http().stop();
    await(bed.list->byId(id)->check({}, {}));
    const QDateTime then = bed.clock.now();
    bed.restart();
    bed.clock.advance(std::chrono::minutes(5));
    const auto connection = bed.list->byId(id);
    QCOMPARE(viewOf(*connection).state.phase, Phase::Authorized);
    const text::ConnectionView view = lastKnownViewOf(*connection);
    QCOMPARE(view.state.phase, Phase::Unreachable);
    QCOMPARE(view.noticedAt, std::optional(then));
}

QTEST_GUILESS_MAIN(TstConnectionView)
#include "tst_connectionview.moc"
