// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/connectiondelegate.h"

#include "ui/list/connectionmodel.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/statuscolors.h"

#include <QApplication>
#include <QPainter>

namespace mooring::ui {

namespace {

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

QFont small(QFont font)
{
    font.setPointSizeF(font.pointSizeF() > 0 ? font.pointSizeF() * 0.9 : 9.0);
    return font;
}

void paintGround(QPainter *painter, const QStyleOptionViewItem &option, const QRect &row)
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    const int radius = option.fontMetrics.height() / 2;
    painter->setRenderHint(QPainter::Antialiasing);
    if (selected || hovered) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(selected ? selectedRow(option.palette)
                                   : mixed(option.palette.color(QPalette::Base),
                                           option.palette.color(QPalette::Text), 0.05));
        painter->drawRoundedRect(row, radius, radius);
    }
    if (option.state.testFlag(QStyle::State_HasFocus)
        && option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        painter->setPen(QPen(accentLine(option.palette), 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), radius, radius);
    }
}

/// Name over host, both cut to `room`.
void paintWords(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                const QRect &room)
{
    const QString name = index.data(Qt::DisplayRole).toString();
    const bool inverted = option.state.testFlag(QStyle::State_Selected) && isHighContrast(option.palette);
    const QColor ink = option.palette.color(inverted ? QPalette::HighlightedText : QPalette::Text);
    const QFont nameFont = bold(option.font);
    const QFont hostFont = small(option.font);
    const int nameHeight = QFontMetrics(nameFont).height();
    const int hostHeight = QFontMetrics(hostFont).height();
    const int top = room.center().y() - (nameHeight + hostHeight) / 2;
    const auto line = [&](const QFont &font, const QColor &color, int y, int height, const QString &text) {
        painter->setFont(font);
        painter->setPen(color);
        painter->drawText(
            QStyle::visualRect(option.direction, option.rect, QRect(room.left(), y, room.width(), height)),
            static_cast<int>(Qt::AlignVCenter | QStyle::visualAlignment(option.direction, Qt::AlignLeft)),
            QFontMetrics(font).elidedText(text, Qt::ElideRight, room.width()));
    };
    line(nameFont, ink, top, nameHeight, name);
    const QColor ground = option.state.testFlag(QStyle::State_Selected)
                              ? selectedRow(option.palette)
                              : option.palette.color(QPalette::Base);
    line(hostFont, inverted ? ink : readable(mixed(ink, ground, 0.4), ground), top + nameHeight, hostHeight,
         index.data(ConnectionModel::SubtitleRole).toString());
}

} // namespace

ConnectionDelegate::ConnectionDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void ConnectionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                               const QModelIndex &index) const
{
    const int em = option.fontMetrics.height();
    const auto place = [&option](const QRect &logical) {
        return QStyle::visualRect(option.direction, option.rect, logical);
    };
    painter->save();
    const QRect row = option.rect.adjusted(em / 3, em / 8, -em / 3, -em / 8);
    paintGround(painter, option, row);

    const QString name = index.data(Qt::DisplayRole).toString();
    const int side = qRound(em * 2.25);
    const QRect avatar(row.left() + em / 2, row.center().y() - side / 2 + 1, side, side);
    paintAvatar(painter, place(avatar), name, option.font);

    const QString pill = index.data(ConnectionModel::PillRole).toString();
    const QFont pillFont = bold(small(option.font));
    QSize size = pillSize(pill, QFontMetrics(pillFont));
    size.setWidth(qMin(size.width(), row.width() / 2));
    const QRect pillRect(row.right() - em / 2 - size.width(), row.center().y() - size.height() / 2 + 1,
                         size.width(), size.height());
    painter->setFont(pillFont);
    paintPill(painter, place(pillRect), pill,
              static_cast<text::Tone>(index.data(ConnectionModel::ToneRole).toInt()), option.palette);

    if (index.data(ConnectionModel::AsksRole).toBool()) {
        const double radius = em * 0.22;
        painter->setPen(Qt::NoPen);
        painter->setBrush(statusColors(text::Tone::Attention, option.palette).text);
        const QRect dot = place(QRect(pillRect.right() - em / 3, pillRect.top() - em / 8, em / 2, em / 2));
        painter->drawEllipse(QRectF(dot).center(), radius, radius);
    }

    const int left = avatar.right() + qRound(em * 0.65);
    paintWords(painter, option, index, QRect(left, row.top(), pillRect.left() - em / 2 - left, row.height()));
    painter->restore();
}

QSize ConnectionDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int em = option.fontMetrics.height();
    return {em * 12, qRound(em * 3.5)};
}

} // namespace mooring::ui
