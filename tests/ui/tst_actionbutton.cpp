// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/actionbutton.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring::ui;

class TstActionButton final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsItsOwnSymbol();
    void staysAsWideWhenItBecomesPrimary();
};

namespace {

QImage pictureOf(Symbol symbol)
{
    ActionButton button(u"Go"_s);
    button.setSymbol(symbol);
    button.setPrimary(true);
    button.resize(button.sizeHint());
    return button.grab().toImage();
}

} // namespace

// It used to paint the symbol for adding, whatever it was given.
void TstActionButton::showsItsOwnSymbol()
{
    QVERIFY(pictureOf(Symbol::Add) == pictureOf(Symbol::Add));
    QVERIFY(pictureOf(Symbol::Add) != pictureOf(Symbol::Warning));
}

void TstActionButton::staysAsWideWhenItBecomesPrimary()
{
    ActionButton button(u"Authorize"_s);
    const QSize before = button.sizeHint();
    button.setPrimary(true);
    QCOMPARE(button.sizeHint(), before);
}

QTEST_MAIN(TstActionButton)
#include "tst_actionbutton.moc"
