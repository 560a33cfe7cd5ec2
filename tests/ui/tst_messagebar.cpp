// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/messagebar.h"

#include "ui/controls.h"

#include <QAbstractButton>
#include <QPlainTextEdit>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using text::Tone;
using ui::Message;
using ui::MessageBar;

class TstMessageBar final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsOneMessageOnly();
    void takesTheTroubleBackThatIsOver();
    void namesItsDetails();
    void showsALongTextInFull();
};

/// Bug B2: what had been replaced came back when a newer message was closed.
void TstMessageBar::showsOneMessageOnly()
{
    MessageBar bar;
    bar.show({Tone::Good, u"The access was renewed."_s});
    bar.show({Tone::Attention, u"Disconnected."_s});
    auto *text = bar.findChild<QLabel *>(u"messageLabel"_s);
    QCOMPARE(text->text(), u"Disconnected."_s);
    bar.findChild<QAbstractButton *>(u"messageCloseButton"_s)->click();
    QVERIFY(bar.isEmpty());
    QVERIFY(!bar.isVisible());
}

/// Bug B3, the banner's part.
void TstMessageBar::takesTheTroubleBackThatIsOver()
{
    MessageBar bar;
    Message message{Tone::Attention, u"example.com can't be reached."_s};
    message.about = u"one"_s;
    bar.show(message);
    bar.withdraw(u"another"_s);
    QVERIFY(!bar.isEmpty());
    bar.withdraw(u"one"_s);
    QVERIFY(bar.isEmpty());
    message.about.clear();
    bar.show(message);
    bar.withdraw({});
    QVERIFY2(!bar.isEmpty(), "this one is nobody's trouble");
}

/// Bug B20.
void TstMessageBar::namesItsDetails()
{
    MessageBar bar;
    bar.show({Tone::Attention, u"example.com can't be reached."_s, u"network error 1"_s});
    auto *more = bar.findChild<QAbstractButton *>(u"messageDetailsButton"_s);
    QCOMPARE(uitests::accessibleNameOf(more), u"Details of this message"_s);
    more->click();
    const QList<QLabel *> labels = bar.findChildren<QLabel *>();
    const auto detail = std::ranges::find_if(
        labels, [](const QLabel *label) { return label->text() == u"network error 1"_s; });
    QVERIFY(detail != labels.end());
    QCOMPARE(uitests::accessibleNameOf(*detail), u"Details: network error 1"_s);
}

void TstMessageBar::showsALongTextInFull()
{
    MessageBar bar;
    const QString whole = u"word "_s.repeated(4000) + u"end"_s;
    bar.show({Tone::Bad, whole});
    QVERIFY(bar.findChild<QLabel *>(u"messageLabel"_s)->text().size() < 600);
    auto *all = bar.findChild<QAbstractButton *>(u"showAllButton"_s);
    QVERIFY(all && !all->isHidden());
    all->click();
    auto *view = bar.findChild<QPlainTextEdit *>(u"fullTextView"_s);
    QVERIFY(view);
    QTRY_VERIFY(view->toPlainText().endsWith(u"end"_s));
    bar.show({Tone::Bad, u"short"_s});
    QVERIFY(all->isHidden());
}

QTEST_MAIN(TstMessageBar)
#include "tst_messagebar.moc"
