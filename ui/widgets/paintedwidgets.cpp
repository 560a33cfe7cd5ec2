// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/paintedwidgets.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/tones.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QStyleOptionButton>

namespace mooring::ui {

using text::Tone;

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

QSize pillSize(const QString &text, const QFontMetrics &metrics)
{
    return {metrics.horizontalAdvance(text) + metrics.height(), qRound(metrics.height() * 1.35)};
}

void paintPill(QPainter *painter, const QRectF &rect, const QString &text, Tone tone, const QPalette &palette)
{
    const ToneColors colors = toneColors(tone, palette);
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

ToneMark::ToneMark(Tone tone, std::optional<Symbol> symbol, QWidget *parent)
    : QWidget(parent)
    , m_tone(tone)
    , m_symbol(symbol)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ToneMark::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

QSize ToneMark::sizeHint() const
{
    const int side = ems(this, m_symbol ? 1.0 : 0.66);
    return {side, ems(this, 1.0)};
}

void ToneMark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor color = toneColors(m_tone, palette()).dot;
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
    painter.setBrush(tinted ? toneColors(*m_tone, palette()).fill : cardFill(palette()));
    const qreal radius = ems(this, 0.5);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

HairLine::HairLine(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(1);
}

void HairLine::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), hairline(palette()));
}

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
    if (!icon().isNull()) {
        const int side = ems(this, 0.85);
        const int gap = side / 2;
        const int width = side + gap + QFontMetrics(bold).horizontalAdvance(text());
        QRect iconRect(rect().center().x() - width / 2, rect().center().y() - side / 2 + 1, side, side);
        textRect = QRect(iconRect.right() + gap, 0, width - side, height());
        paintSymbol(painter, QStyle::visualRect(layoutDirection(), rect(), iconRect), Symbol::Add, color);
        textRect = QStyle::visualRect(layoutDirection(), rect(), textRect);
    }
    const bool underline = style()->styleHint(QStyle::SH_UnderlineShortcut, nullptr, this) != 0;
    painter->drawText(textRect,
                      static_cast<int>(icon().isNull() ? Qt::AlignCenter : Qt::AlignVCenter | Qt::AlignLeft)
                          | (underline ? Qt::TextShowMnemonic : Qt::TextHideMnemonic),
                      text());
}

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
