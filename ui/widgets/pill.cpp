// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/pill.h"

#include "ui/widgets/statuscolors.h"

#include <QPainter>

namespace mooring::ui {

QSize pillSize(const QString &text, const QFontMetrics &metrics)
{
    return {metrics.horizontalAdvance(text) + metrics.height(), qRound(metrics.height() * 1.35)};
}

void paintPill(QPainter *painter, const QRectF &rect, const QString &text, text::Tone tone,
               const QPalette &palette)
{
    const StatusColors colors = statusColors(tone, palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(isHighContrast(palette) ? QPen(colors.text) : QPen(Qt::NoPen));
    painter->setBrush(colors.fill);
    painter->drawRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    painter->setPen(colors.text);
    const int room = qRound(rect.width() - rect.height() * 0.6);
    painter->drawText(rect, Qt::AlignCenter, painter->fontMetrics().elidedText(text, Qt::ElideRight, room));
    painter->restore();
}

} // namespace mooring::ui
