// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/statusmark.h"

#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/statuscolors.h"

#include <QPainter>

namespace mooring::ui {

using text::Tone;

StatusMark::StatusMark(Tone tone, std::optional<Symbol> symbol, QWidget *parent)
    : QWidget(parent)
    , m_tone(tone)
    , m_symbol(symbol)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusMark::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

QSize StatusMark::sizeHint() const
{
    const int side = ems(this, m_symbol ? 1.0 : 0.66);
    return {side, ems(this, 1.0)};
}

void StatusMark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor color = statusColors(m_tone, palette()).dot;
    if (m_symbol) {
        paintSymbol(&painter, rect(), *m_symbol, color);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const qreal side = width();
    painter.drawEllipse(QRectF(0, (height() - side) / 2, side, side));
}

} // namespace mooring::ui
