// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/labels.h"

#include "ui/tones.h"

#include <QEvent>
#include <QLayout>
#include <QPainter>
#include <QResizeEvent>
#include <QStyle>
#include <QStyleOption>

namespace mooring::ui {

PlainLabel::PlainLabel(const QString &text, Shape shape, Ink ink, QWidget *parent)
    : QLabel(parent)
    , m_shape(shape)
    , m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(shape == Shape::Wrapped);
    setText(text);
    if (shape == Shape::Wrapped) {
        QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
        setAlignment(Qt::AlignLeading | Qt::AlignTop);
    }
    applyInk();
}

void PlainLabel::setTone(std::optional<connections::Tone> tone)
{
    if (m_tone != tone) {
        m_tone = tone;
        applyInk();
    }
}

QSize PlainLabel::sizeHint() const
{
    const QSize hint = QLabel::sizeHint();
    return m_shape == Shape::SingleLine ? QSize(fontMetrics().horizontalAdvance(text()) + 2, hint.height())
                                        : hint;
}

QSize PlainLabel::minimumSizeHint() const
{
    const QSize hint = QLabel::minimumSizeHint();
    return QSize(qMin(hint.width(), letters(this, m_shape == Shape::SingleLine ? 4 : 12)),
                 m_shape == Shape::SingleLine ? hint.height() : minimumHeightNow());
}

int PlainLabel::minimumHeightNow() const
{
    // Layouts take the height for a width as a wish only, and cut the last line where room is short.
    return m_hasWidth ? qMax(fontMetrics().height(), heightForWidth(width())) : fontMetrics().height();
}

void PlainLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    if (m_shape == Shape::Wrapped && (!m_hasWidth || event->oldSize().width() != event->size().width())) {
        m_hasWidth = true;
        updateGeometry();
    }
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    const int room = contentsRect().width();
    if (m_shape == Shape::Wrapped || fontMetrics().horizontalAdvance(text()) <= room) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    const QString cut = fontMetrics().elidedText(text(), Qt::ElideRight, room);
    style()->drawItemText(&painter, contentsRect(),
                          static_cast<int>(QStyle::visualAlignment(layoutDirection(), alignment())),
                          palette(), isEnabled(), cut, foregroundRole());
}

void PlainLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    const bool ofPerson = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
                          || event->type() == QEvent::ApplicationPaletteChange
                          || event->type() == QEvent::ApplicationFontChange
                          || event->type() == QEvent::ParentChange;
    if (ofPerson && !m_applying) {
        applyInk();
    }
}

void PlainLabel::applyInk()
{
    m_applying = true;
    const QPalette base = parentWidget() ? parentWidget()->palette() : QPalette();
    QFont font = parentWidget() ? parentWidget()->font() : QFont();
    const double size = font.pointSizeF() > 0 ? font.pointSizeF() : 10.0;
    if (m_ink == Ink::Bold || m_ink == Ink::Title || m_ink == Ink::Heading) {
        font.setBold(true);
    }
    if (m_ink == Ink::Title) {
        font.setPointSizeF(size * 1.5);
    } else if (m_ink == Ink::Heading) {
        font.setPointSizeF(size * 0.9);
    }
    setFont(font);
    QPalette own = base;
    if (m_tone) {
        own.setColor(QPalette::WindowText, toneColors(*m_tone, base).text);
    } else if (m_ink == Ink::Muted || m_ink == Ink::Heading) {
        own.setColor(QPalette::WindowText, mutedText(base));
    }
    setPalette(own);
    m_applying = false;
}

PlainLabel *singleLine(const QString &text, PlainLabel::Ink ink)
{
    return new PlainLabel(text, PlainLabel::Shape::SingleLine, ink);
}

PlainLabel *wrapped(const QString &text, PlainLabel::Ink ink)
{
    return new PlainLabel(text, PlainLabel::Shape::Wrapped, ink);
}

void clearLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

void makeLabelsPlain(QWidget *parent)
{
    const QList<QLabel *> labels = parent->findChildren<QLabel *>();
    for (QLabel *label : labels) {
        label->setTextFormat(Qt::PlainText);
    }
}

int ems(const QWidget *widget, double ems)
{
    return qRound(widget->fontMetrics().height() * ems);
}

int letters(const QWidget *widget, double characters)
{
    return qRound(widget->fontMetrics().averageCharWidth() * characters);
}

} // namespace mooring::ui
