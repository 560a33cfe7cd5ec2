// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// After a fault of each outcome code (security-reliability 6.3): what the window's list shows, another
// program that opens the same profile shows too, and so does the next start.
#include "connections/connectionlist.h"
#include "connections/faultbed.h"
#include "text/wording.h"
#include "ui/list/connectionmodel.h"
#include "ui/list/connectionmodelsync.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using support::await;
using test::Case;
using test::Column;
using test::FaultBed;

Q_DECLARE_METATYPE(mooring::test::Case)

namespace {

/// What a row of the window and the page beside it say.
QStringList shownBy(connections::ConnectionList *list, const base::Clock &clock, const QString &id)
{
    ui::ConnectionModel model(clock);
    ui::ConnectionModelSync follower(*list, model);
    follower.start();
    const QModelIndex row = model.index(model.rowOf(id));
    const text::ConnectionView view = model.views().at(row.row());
    const text::Wording wording = text::wordingOf(view.state, view.record, clock());
    return {connections::phaseName(view.state.phase),
            row.data(Qt::AccessibleTextRole).toString(),
            row.data(ui::ConnectionModel::PillRole).toString(),
            row.data(ui::ConnectionModel::SubtitleRole).toString(),
            wording.headline,
            wording.sentence,
            wording.actionText};
}

/// As another program would.
QStringList shownElsewhere(FaultBed *bed, const QString &id)
{
    connections::ConnectionList list(bed->bed.http, bed->bed.secrets, storage::Profile(),
                                     bed->bed.clock.function(), bed->bed.deadlines,
                                     bed->bed.person.openUrl());
    const base::Result<void> loaded = list.load();
    const QStringList shown = loaded ? shownBy(&list, bed->bed.clock.function(), id) : QStringList();
    await(list.shutDown());
    return shown;
}

void meet(FaultBed *bed, Column column)
{
    switch (column) {
    case Column::Prb:
        await(bed->probed().check({}, {}));
        break;
    case Column::Ref:
        bed->bed.clock.advance(std::chrono::minutes(40) - std::chrono::seconds(30));
        static_cast<void>(await(bed->connection().accessToken({})));
        break;
    case Column::Rev:
        QVERIFY(await(bed->connection().disconnectFromServer({})));
        break;
    default:
        static_cast<void>(await(bed->connection().authorize({}, {})));
    }
}

} // namespace

class TstSameState final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isShownAfterTheRestart_data();
    void isShownAfterTheRestart();
};

void TstSameState::isShownAfterTheRestart_data()
{
    QTest::addColumn<Case>("theCase");
    QTest::addColumn<bool>("isKept");
    const auto row = [](const char *code, int number, const QByteArray &fault, Column column, bool isKept) {
        QTest::newRow(code) << Case{number, fault, column, code} << isKept;
    };
    // Trouble that passes belongs to the process that has met it, and a failed try takes nothing from a
    // sign-in.
    row("ok", 17, "none", Column::Ref, true);
    row("A", 9, "invalid_grant", Column::Ref, true);
    row("D", 7, "503", Column::Ref, false);
    row("W", 8, "429, seconds", Column::Ref, false);
    row("Q", 6, "silence", Column::Ref, false);
    row("SD", 11, "307", Column::Ref, false);
    row("V", 7, "503", Column::Rev, true);
    row("B", 7, "500", Column::Tok, true);
    // Why a server could not be reached is kept with it, so that list, page and terminal say the same.
    row("R", 2, "refused", Column::Prb, true);
    row("R1", 2, "refused", Column::Reg, true);
    row("R, a network's login page", 16, "captive portal", Column::Prb, false);
    row("X", 18, "trailing bytes", Column::Prb, true);
    row("S", 11, "307", Column::Prb, false);
    row("F>X", 9, "404", Column::Asm, true);
}

// Proves: INV-8
void TstSameState::isShownAfterTheRestart()
{
    QFETCH(const Case, theCase);
    QFETCH(const bool, isKept);
    FaultBed bed(theCase);
    QVERIFY(bed.place());
    const bool isProbe = theCase.column == Column::Prb;
    const QString id = isProbe ? bed.probed().id() : bed.connection().id();
    meet(&bed, theCase.column);
    const base::Clock clock = bed.bed.clock.function();
    const QStringList before = shownBy(bed.bed.list.get(), clock, id);
    const QStringList elsewhere = shownElsewhere(&bed, id);
    QCOMPARE(elsewhere.size(), before.size());
    bed.bed.restart();
    const QStringList after = shownBy(bed.bed.list.get(), clock, id);
    QCOMPARE(after, elsewhere);
    QVERIFY2((after == before) == isKept,
             qPrintable(before.join(u" | "_s) + u" then "_s + after.join(u" | "_s)));
    // The signed-in state and the time it ends are those of the record, whatever has been met.
    const connections::ConnectionRecord stored = bed.bed.recordOnDisk(id);
    const connections::ConnectionState shown = bed.bed.list->byId(id)->state();
    QCOMPARE(shown.isSignedIn, stored.hasSecret && !stored.leaving);
    QCOMPARE(shown.phase, connections::stateOf(stored, {}, clock()).phase);
}

QTEST_GUILESS_MAIN(TstSameState)
#include "tst_samestate.moc"
