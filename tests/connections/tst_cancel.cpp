// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever hangs on its way through the network, at whatever step: who cancels hears of it at once, nothing
// is lost, and the next try works.
#include "faultbed.h"
#include "stoppedwork.h"

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using support::await;
using test::Case;
using test::Column;
using test::FaultBed;
using test::StoppedWork;
using test::workOf;

Q_DECLARE_METATYPE(mooring::test::Case)

class TestCancel final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsAtOnce_data();
    void endsAtOnce();
    void cleanupTestCase() { StoppedWork::printLongest(); }
};

void TestCancel::endsAtOnce_data()
{
    QTest::addColumn<Case>("theCase");
    static constexpr const char *steps[] = {"PRB", "PRM", "ASM", "REG", "TOK", "REF", "REV"};
    for (const auto column :
         {Column::Prb, Column::Prm, Column::Asm, Column::Reg, Column::Tok, Column::Ref, Column::Rev}) {
        const QByteArray step = steps[static_cast<std::size_t>(column)];
        for (const char *place : {"connect timeout", "silent TLS"}) {
            QTest::newRow((step + ", " + place).constData()) << Case{1, place, column, {}};
        }
        for (const support::AnswerFault &fault : support::hangingFaults()) {
            QTest::newRow((step + ", " + fault.name).constData()) << Case{fault.row, fault.name, column, {}};
        }
    }
}

// Proves: INV-5
void TestCancel::endsAtOnce()
{
    QFETCH(const Case, theCase);
    FaultBed bed(theCase, FaultBed::Patience::AsInLife);
    QVERIFY(bed.place());
    if (theCase.column == Column::Ref) {
        bed.bed.clock.advance(std::chrono::hours(1));
    }
    StoppedWork work;
    const bool isProbe = theCase.column == Column::Prb;
    const auto connection = (isProbe ? bed.probed() : bed.connection()).shared_from_this();
    work.run(workOf(theCase.column, connection, work.token()));
    if (bed.isReachable()) {
        QTRY_VERIFY_WITH_TIMEOUT(bed.sent() > 0, 10'000);
    }
    support::giveTimeFor(std::chrono::milliseconds(120));
    work.cancel();
    // Nothing is shown of it, and nothing waits any more.
    const Phase phase = connection->state().phase;
    QVERIFY(phase != Phase::WaitingForBrowser && phase != Phase::Checking);
    const bool hasLeft = theCase.column == Column::Rev;
    QVERIFY(hasLeft || !connection->state().error);
    bed.cutOff();
    bed.lift();
    if (isProbe) {
        QCOMPARE(await(bed.connection().check({}, {})).verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
    } else {
        if (theCase.column == Column::Ref) {
            // It has gone on, and may have come to nothing when it was cut off.
            static_cast<void>(await(bed.connection().accessToken({})));
        }
        // Past the time for which a look at the server counts, or a refresh waits.
        bed.bed.clock.advance(std::chrono::hours(1));
        const auto again = await(workOf(theCase.column, bed.connection().shared_from_this(), {}));
        QVERIFY2(!again, again ? qPrintable(again->sentence) : "");
    }
    const bool opensBrowser = !isProbe && !hasLeft && theCase.column != Column::Ref;
    const QString broken =
        bed.brokenInvariant(!hasLeft, 1 + (opensBrowser ? 1 : 0) + (theCase.column == Column::Tok ? 1 : 0));
    QVERIFY2(broken.isEmpty(), qPrintable(broken));
}

QTEST_GUILESS_MAIN(TestCancel)
#include "tst_cancel.moc"
