// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/actionbutton.h"

#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/statuscolors.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionButton>

namespace mooring::ui {

ActionButton::ActionButton(const QString &text, QWidget *parent)
    : QPushButton(text, parent)
{
    setAutoDefault(false);
}

void ActionButton::setPrimary(bool primary)
{
    m_primary = primary;
    updateGeometry();
    update();
}

void ActionButton::setSymbol(Symbol symbol)
{
    m_symbol = symbol;
    setIcon(ui::icon(symbol));
}

QSize ActionButton::sizeHint() const
{
    QFont bold = font();
    bold.setBold(true);
    // As wide as in bold, so that nothing moves when a button becomes the primary one.
    const int growth = QFontMetrics(bold).horizontalAdvance(text()) - fontMetrics().horizontalAdvance(text());
    return QPushButton::sizeHint() + QSize(growth + ems(this, 0.5), ems(this, 0.25));
}

void ActionButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QPushButton::keyPressEvent(event);
}

void ActionButton::paintEvent(QPaintEvent *event)
{
    if (!m_primary || !isEnabled()) {
        QPushButton::paintEvent(event);
        if (isHighContrast(palette())) {
            QPainter painter(this);
            painter.setPen(palette().color(QPalette::ButtonText));
            painter.drawRect(rect().adjusted(0, 0, -1, -1));
        }
        return;
    }
    const ButtonColors colors = accentColors(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double shade = isDown() ? 0.2 : underMouse() ? 0.1 : 0.0;
    const QRectF shape = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const qreal radius = ems(this, 0.3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colors.fill, colors.text, shade));
    painter.drawRoundedRect(shape, radius, radius);
    if (hasFocus()) {
        painter.setPen(QPen(colors.text, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(shape.adjusted(2.5, 2.5, -2.5, -2.5), radius - 1, radius - 1);
    }
    paintLabel(&painter, colors.text);
}

void ActionButton::paintLabel(QPainter *painter, const QColor &color) const
{
    QFont bold = font();
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(color);
    QRect textRect = rect();
    if (m_symbol) {
        const int side = ems(this, 0.85);
        const int gap = side / 2;
        const int width = side + gap + QFontMetrics(bold).horizontalAdvance(text());
        QRect iconRect(rect().center().x() - width / 2, rect().center().y() - side / 2 + 1, side, side);
        textRect = QRect(iconRect.right() + gap, 0, width - side, height());
        paintSymbol(painter, QStyle::visualRect(layoutDirection(), rect(), iconRect), *m_symbol, color);
        textRect = QStyle::visualRect(layoutDirection(), rect(), textRect);
    }
    const bool underline = style()->styleHint(QStyle::SH_UnderlineShortcut, nullptr, this) != 0;
    painter->drawText(textRect,
                      static_cast<int>(m_symbol ? Qt::AlignVCenter | Qt::AlignLeft : Qt::AlignCenter)
                          | (underline ? Qt::TextShowMnemonic : Qt::TextHideMnemonic),
                      text());
}

} // namespace mooring::ui
