// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainview.h"

#include "ui/controls.h"
#include "ui/samples.h"
#include "ui/widgets/fieldframes.h"
#include "ui/widgets/statuscolors.h"

#include <QAbstractButton>
#include <QApplication>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using ui::MainView;

namespace {

struct View {
    explicit View(QSize size = QSize(1100, 720), bool isDemo = false)
        : model(&uitests::sampleNow)
        , view(model, &uitests::sampleNow, isDemo)
    {
        model.reset(uitests::sampleViews());
        view.resize(size);
        view.show();
    }

    QLineEdit *search() { return view.findChild<QLineEdit *>(u"searchField"_s); }
    QListView *list() { return view.findChild<QListView *>(u"connectionListView"_s); }
    QStringList found()
    {
        QStringList names;
        for (int row = 0; row < list()->model()->rowCount(); ++row) {
            names.append(list()->model()->index(row, 0).data().toString());
        }
        return names;
    }

    ui::ConnectionModel model;
    MainView view;
};

} // namespace

class TstMainView final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void searchesWhatIsSeen();
    void selectsTheFirstMatchByEnter();
    void clearsTheSearchByEscape();
    void findsStatesByTheirWords();
    void keepsTheDemoServersAtHand();
    void speaksWhatItsButtonSays();
    void framesItsFieldsInTheDark();
};

/// Bug B9.
void TstMainView::searchesWhatIsSeen()
{
    View narrow(QSize(480, 720));
    narrow.view.select(narrow.model.views().first().record.id);
    narrow.view.setDetails(uitests::samples().first().details);
    narrow.view.showPage();
    QVERIFY(narrow.view.isNarrow());
    QVERIFY(!narrow.list()->isVisible());
    narrow.view.focusSearch();
    QVERIFY2(narrow.list()->isVisible(), "a hidden list can't be searched");
    narrow.view.showPage();
    QTest::keyClicks(narrow.search(), u"s"_s);
    QVERIFY(narrow.list()->isVisible());
}

/// Bug B10.
void TstMainView::selectsTheFirstMatchByEnter()
{
    View view;
    QCOMPARE(view.view.currentId(), QString());
    QTest::keyClicks(view.search(), u"sentry"_s);
    QTest::keyClick(view.search(), Qt::Key_Return);
    QCOMPARE(view.found(), QStringList{u"Sentry"_s});
    QCOMPARE(view.list()->currentIndex().data().toString(), u"Sentry"_s);
    QTest::keyClicks(view.search(), u"nothing of the sort"_s);
    QTest::keyClick(view.search(), Qt::Key_Return);
}

void TstMainView::clearsTheSearchByEscape()
{
    View view;
    QVERIFY(QTest::qWaitForWindowActive(&view.view));
    view.view.focusSearch();
    QTest::keyClicks(view.search(), u"sentry"_s);
    QCOMPARE(view.found().size(), 1);
    QTest::keyClick(view.search(), Qt::Key_Escape);
    QCOMPARE(view.search()->text(), QString());
    QCOMPARE(view.found().size(), view.model.rowCount());
}

void TstMainView::findsStatesByTheirWords()
{
    View view;
    view.search()->setText(u"expired"_s);
    QCOMPARE(view.found(), QStringList{u"Wiki"_s});
    view.search()->setText(u"not authorized"_s);
    QVERIFY(view.found().contains(u"Calendar"_s));
    QVERIFY(!view.found().contains(u"Linear"_s));
    view.search()->setText(u"Authorized"_s);
    QVERIFY(view.found().contains(u"Linear"_s));
}

/// Bug B5, the demo's part: the card was gone after the first server.
void TstMainView::keepsTheDemoServersAtHand()
{
    View view(QSize(1100, 720), true);
    auto *card = view.view.findChild<ui::DemoHint *>(u"demoHintCard"_s);
    QVERIFY(card && card->isVisible());
    const auto offered = [card] {
        int count = 0;
        const auto buttons = card->findChildren<QAbstractButton *>(u"demoServerButton"_s);
        for (const QAbstractButton *button : buttons) {
            count += button->isVisible() ? 1 : 0;
        }
        return count;
    };
    // One of the samples is a demo server.
    QCOMPARE(offered(), 3);
    QList<text::ConnectionView> views = view.model.views();
    int number = 0;
    for (const ui::DemoServer &server : ui::demoServers()) {
        text::ConnectionView one = views.first();
        one.record.id = QString::number(++number);
        one.record.url = QUrl(server.address);
        QVERIFY(card->isVisible() || number == 4);
        view.model.put(one);
    }
    QVERIFY2(!card->isVisible(), "all of them are in the list");
    view.model.take(u"1"_s);
    view.model.take(u"2"_s);
    QVERIFY(card->isVisible());
    card->findChild<QAbstractButton *>(u"closeDemoHintButton"_s)->click();
    view.model.take(u"3"_s);
    QVERIFY2(!card->isVisible(), "somebody has closed it");
}

/// Bug B20.
void TstMainView::speaksWhatItsButtonSays()
{
    View view;
    QCOMPARE(uitests::accessibleNameOf(view.view.findChild<QWidget *>(u"addButton"_s)), u"Add server"_s);
}

/// Bug B19.
void TstMainView::framesItsFieldsInTheDark()
{
    const QPalette before = QApplication::palette();
    const ui::FieldFrames frames(qApp);
    for (const QPalette &palette : {uitests::darkPalette(), uitests::highContrastPalette()}) {
        QApplication::setPalette(palette);
        View view;
        view.list()->setFocus();
        const QImage image = view.search()->grab().toImage();
        const QColor field = image.pixelColor(image.width() / 2, image.height() / 4);
        double best = 1;
        for (int x = 0; x < 3; ++x) {
            best = std::max(best, ui::contrast(image.pixelColor(x, image.height() / 2), field));
        }
        QVERIFY2(best > 1.8, qPrintable(QString::number(best)));
    }
    QApplication::setPalette(before);
}

QTEST_MAIN(TstMainView)
#include "tst_mainview.moc"
