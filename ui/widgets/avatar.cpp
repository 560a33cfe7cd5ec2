// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/avatar.h"

#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/statuscolors.h"

#include <QPainter>

namespace mooring::ui {

namespace {

QString initialOf(const QString &name)
{
    for (const QChar c : name) {
        if (c.isLetterOrNumber()) {
            return QString(c).toUpper();
        }
    }
    return QStringLiteral("?");
}

} // namespace

void paintAvatar(QPainter *painter, const QRectF &rect, const QString &name, const QFont &font)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(avatarColor(name));
    painter->drawRoundedRect(rect, rect.width() * 0.22, rect.width() * 0.22);
    QFont bold = font;
    bold.setBold(true);
    bold.setPixelSize(qMax(8, qRound(rect.height() * 0.42)));
    painter->setFont(bold);
    painter->setPen(Qt::white);
    painter->drawText(rect, Qt::AlignCenter, initialOf(name));
    painter->restore();
}

Avatar::Avatar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Avatar::setName(const QString &name)
{
    m_name = name;
    update();
}

QSize Avatar::sizeHint() const
{
    const int side = ems(this, 3);
    return {side, side};
}

void Avatar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintAvatar(&painter, rect(), m_name, font());
}

} // namespace mooring::ui
