// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plainlabel.h"

#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/statuscolors.h"

#include <QEvent>
#include <QLayout>
#include <QPainter>
#include <QResizeEvent>
#include <QStyle>
#include <QStyleOption>

#include <algorithm>
#include <cmath>

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

void PlainLabel::setTone(std::optional<text::Tone> tone)
{
    if (m_tone != tone) {
        m_tone = tone;
        applyInk();
    }
}

QSize PlainLabel::sizeHint() const
{
    const int width = wantedWidth();
    if (m_shape == Shape::SingleLine) {
        return QSize(width, fontMetrics().height());
    }
    return QSize(width, heightForWidth(width));
}

/// A layout asks for many heights, and a text with pictures in it takes long to be laid out: each picture is
/// decoded again. So the height of such a text is worked out from the lengths of its parts, with room to
/// spare for the ends of the lines.
int PlainLabel::estimatedHeight(int width) const
{
    QString letters = text();
    const qsizetype all = letters.size();
    letters.removeIf([](QChar c) { return c.isSurrogate(); });
    const auto pictures = static_cast<double>(all - letters.size()) / 2;
    const QFontMetrics metrics = fontMetrics();
    const double length = metrics.horizontalAdvance(letters) + pictures * metrics.height() * 1.4;
    const double lines = std::ceil(length * 1.15 / qMax(1, width));
    return static_cast<int>(lines) * metrics.lineSpacing();
}

QSize PlainLabel::minimumSizeHint() const
{
    const bool isLine = m_shape == Shape::SingleLine;
    return QSize(qMin(wantedWidth(), letters(this, isLine ? 4 : 12)),
                 isLine ? fontMetrics().height() : minimumHeightNow());
}

void PlainLabel::forgetMeasures() const
{
    if (m_measures.text != text() || m_measures.font != font()) {
        m_measures = {text(), font(), -1, {}};
    }
}

int PlainLabel::wantedWidth() const
{
    constexpr int widestWrapped = 60;
    forgetMeasures();
    if (m_measures.width < 0) {
        const int widest = letters(this, widestWrapped);
        const bool isLong = m_shape == Shape::Wrapped && text().size() > 2 * widestWrapped;
        m_measures.width = isLong ? widest : fontMetrics().horizontalAdvance(text()) + 2;
        if (m_shape == Shape::Wrapped) {
            m_measures.width = qMin(m_measures.width, widest);
        }
    }
    return m_measures.width;
}

int PlainLabel::heightForWidth(int width) const
{
    constexpr qsizetype mostWidths = 32;
    constexpr qsizetype fewSurrogates = 4;
    if (m_shape == Shape::SingleLine) {
        return QLabel::heightForWidth(width);
    }
    forgetMeasures();
    const auto known = m_measures.heights.constFind(width);
    if (known != m_measures.heights.cend()) {
        return *known;
    }
    if (m_measures.heights.size() >= mostWidths) {
        m_measures.heights.clear();
    }
    const qsizetype surrogates = std::ranges::count_if(text(), [](QChar c) { return c.isSurrogate(); });
    const int height = surrogates > fewSurrogates ? estimatedHeight(width) : QLabel::heightForWidth(width);
    m_measures.heights.insert(width, height);
    return height;
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
        own.setColor(QPalette::WindowText, statusColors(*m_tone, base).text);
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

void makeLabelsPlain(QWidget *parent)
{
    const QList<QLabel *> labels = parent->findChildren<QLabel *>();
    for (QLabel *label : labels) {
        label->setTextFormat(Qt::PlainText);
    }
}

} // namespace mooring::ui
