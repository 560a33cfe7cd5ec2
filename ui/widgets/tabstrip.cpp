// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tabstrip.h"

#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/statuscolors.h"

#include <QPainter>
#include <QStyle>

namespace mooring::ui {

TabStrip::TabStrip(QWidget *parent)
    : QTabBar(parent)
{
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(true);
    setElideMode(Qt::ElideNone);
}

QSize TabStrip::tabSizeHint(int index) const
{
    QFont bold = font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    const int width = metrics.size(Qt::TextShowMnemonic, tabText(index)).width();
    return {width + qRound(metrics.height() * 1.4), qRound(metrics.height() * 2.1)};
}

QSize TabStrip::minimumTabSizeHint(int index) const
{
    return tabSizeHint(index);
}

void TabStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int thickness = qMax(2, ems(this, 0.14));
    painter.fillRect(QRect(0, height() - 1, width(), 1), hairline(palette()));
    for (int index = 0; index < count(); ++index) {
        const bool isCurrent = index == currentIndex();
        const QRect tab = tabRect(index);
        QFont face = font();
        face.setBold(isCurrent);
        painter.setFont(face);
        painter.setPen(isCurrent ? palette().color(QPalette::WindowText) : mutedText(palette()));
        const bool underline = style()->styleHint(QStyle::SH_UnderlineShortcut, nullptr, this) != 0;
        painter.drawText(tab, Qt::AlignCenter | (underline ? Qt::TextShowMnemonic : Qt::TextHideMnemonic),
                         tabText(index));
        if (isCurrent) {
            const QRect line(tab.left() + 2, height() - thickness, tab.width() - 4, thickness);
            painter.fillRect(line, accentLine(palette()));
            if (hasFocus()) {
                painter.setPen(QPen(accentLine(palette()), 1, Qt::DotLine));
                painter.drawRect(tab.adjusted(3, 4, -4, -thickness - 3));
            }
        }
    }
}

} // namespace mooring::ui
