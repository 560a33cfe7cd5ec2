// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cardframe.h"

#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/statuscolors.h"

#include <QPainter>

namespace mooring::ui {

using text::Tone;

CardFrame::CardFrame(QWidget *parent)
    : QFrame(parent)
{
}

void CardFrame::setTone(std::optional<Tone> tone)
{
    m_tone = tone;
    update();
}

void CardFrame::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool tinted = m_tone && !isHighContrast(palette());
    painter.setPen(tinted ? QPen(Qt::NoPen) : QPen(hairline(palette())));
    painter.setBrush(tinted ? statusColors(*m_tone, palette()).fill : cardFill(palette()));
    const qreal radius = ems(this, 0.5);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

} // namespace mooring::ui
