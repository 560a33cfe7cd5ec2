// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/connectiondelegate.h"
#include "ui/list/connectionmodel.h"
#include "ui/samples.h"

#include <QAbstractItemModelTester>
#include <QListView>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using ui::ConnectionModel;

class TstConnectionModel final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void obeysTheRulesOfModels();
    void speaksTheStateInWords();
    void findsByNameHostAndAccount();
    void showsEveryPhase();
    void asksTheReaderWhenTimeHasPassed();
};

void TstConnectionModel::obeysTheRulesOfModels()
{
    ConnectionModel model(&uitests::sampleNow);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QList<text::ConnectionView> views = uitests::sampleViews();
    for (const text::ConnectionView &view : views) {
        model.put(view);
    }
    QCOMPARE(model.rowCount(), static_cast<int>(views.size()));
    text::ConnectionView renamed = views.at(2);
    renamed.record.name = u"Another name"_s;
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.put(renamed);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(model.index(2).data().toString(), u"Another name"_s);
    model.take(views.first().record.id);
    QCOMPARE(model.rowOf(views.first().record.id), -1);
    QCOMPARE(model.rowCount(), static_cast<int>(views.size()) - 1);
    model.take(u"nobody"_s);
    model.reset(views);
    model.reset({});
    QCOMPARE(model.rowCount(), 0);
}

void TstConnectionModel::speaksTheStateInWords()
{
    ConnectionModel model(&uitests::sampleNow);
    model.reset(uitests::sampleViews());
    QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(),
             u"Linear, mcp.linear.app · work, Authorized, 55 minute(s) left"_s);
    QCOMPARE(model.index(0).data(ConnectionModel::SubtitleRole).toString(), u"work · mcp.linear.app"_s);
    QCOMPARE(model.index(0).data(ConnectionModel::IdRole).toString(), u"linear"_s);
}

void TstConnectionModel::findsByNameHostAndAccount()
{
    ConnectionModel model(&uitests::sampleNow);
    model.reset(uitests::sampleViews());
    QSortFilterProxyModel filter;
    filter.setSourceModel(&model);
    filter.setFilterRole(ConnectionModel::SearchRole);
    filter.setFilterCaseSensitivity(Qt::CaseInsensitive);
    // There are two accounts at this server.
    for (const auto &[wanted, count] : {std::pair(u"lINEAR"_s, 2), std::pair(u"mcp.linear"_s, 2),
                                        std::pair(u"work"_s, 1), std::pair(u"sam@home"_s, 1)}) {
        filter.setFilterFixedString(wanted);
        QCOMPARE(filter.rowCount(), count);
    }
    filter.setFilterFixedString(u"nothing like it"_s);
    QCOMPARE(filter.rowCount(), 0);
}

void TstConnectionModel::showsEveryPhase()
{
    ConnectionModel model(&uitests::sampleNow);
    model.reset(uitests::sampleViews());
    QSet<QString> pills;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString pill = model.index(row).data(ConnectionModel::PillRole).toString();
        QVERIFY2(!pill.isEmpty(), qPrintable(model.index(row).data().toString()));
        pills.insert(pill);
    }
    QVERIFY(pills.size() >= 14);
    QListView view;
    view.setModel(&model);
    view.setItemDelegate(new ui::ConnectionDelegate(&view));
    view.resize(400, 2000);
    QVERIFY(!view.grab().isNull());
}

void TstConnectionModel::asksTheReaderWhenTimeHasPassed()
{
    QDateTime now = uitests::sampleNow();
    ConnectionModel model([&now] { return now; });
    model.reset({uitests::sampleViews().first()});
    model.setReader([&now](const QString &id) {
        text::ConnectionView view = uitests::sampleViews().first();
        view.record.id = id;
        view.state.phase = connections::Phase::RenewsOnUse;
        return view;
    });
    QSignalSpy ticks(&model, &ConnectionModel::ticked);
    QCOMPARE(model.index(0).data(ConnectionModel::PillRole).toString(), u"55 min"_s);
    now = now.addSecs(7200);
    model.countdown().catchUp();
    QCOMPARE(ticks.count(), 1);
    QCOMPARE(model.index(0).data(ConnectionModel::PillRole).toString(), u"renews on use"_s);
}

QTEST_MAIN(TstConnectionModel)
#include "tst_connectionmodel.moc"
