// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples.h"
#include "ui/widgets/statuscolors.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using text::Tone;

Q_DECLARE_METATYPE(QPalette)

class TstStatusColors final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void canBeRead_data();
    void canBeRead();
    void avatarsCanBeRead();
};

void TstStatusColors::canBeRead_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << uitests::lightPalette();
    QTest::newRow("dark") << uitests::darkPalette();
    QTest::newRow("high contrast") << uitests::highContrastPalette();
    QTest::newRow("the style's own") << QPalette(QColor(0xefefef));
    QTest::newRow("grey on grey") << QPalette(QColor(0x808080), QColor(0x777777));
    QTest::newRow("solarized") << QPalette(QColor(0xeee8d5), QColor(0xfdf6e3));
}

void TstStatusColors::canBeRead()
{
    QFETCH(const QPalette, palette);
    for (const Tone tone : {Tone::Neutral, Tone::Good, Tone::Attention, Tone::Bad}) {
        const ui::StatusColors colors = ui::statusColors(tone, palette);
        QVERIFY2(ui::contrast(colors.fill, colors.text) >= 4.5,
                 qPrintable(QString::number(static_cast<int>(tone))));
        QVERIFY(ui::contrast(colors.dot, palette.color(QPalette::Window)) >= 3.0);
    }
    const ui::ButtonColors button = ui::accentColors(palette);
    QVERIFY(ui::contrast(button.fill, button.text) >= 4.5);
    QVERIFY(ui::contrast(ui::mutedText(palette), palette.color(QPalette::Window)) >= 4.5);
    QVERIFY(ui::contrast(ui::accentLine(palette), palette.color(QPalette::Window)) >= 3.0);
}

void TstStatusColors::avatarsCanBeRead()
{
    QSet<QRgb> colors;
    for (int i = 0; i < 200; ++i) {
        const QColor color = ui::avatarColor(u"Server %1"_s.arg(i));
        QVERIFY(ui::contrast(color, Qt::white) >= 4.5);
        colors.insert(color.rgb());
    }
    QCOMPARE(colors.size(), 9);
    QCOMPARE(ui::avatarColor(u"Linear"_s), ui::avatarColor(u"linear"_s));
}

QTEST_MAIN(TstStatusColors)
#include "tst_statuscolors.moc"
