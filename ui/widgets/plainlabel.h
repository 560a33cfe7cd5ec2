// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"

#include <QHash>
#include <QLabel>

namespace mooring::ui {

/// A label for any text, also from a server: always plain text, never markup. A single line is cut
/// with "…" where room is short, a wrapped one grows in height; neither ever forces the window wide.
class PlainLabel final : public QLabel {
    Q_OBJECT
public:
    enum class Shape { SingleLine, Wrapped };
    enum class Ink { Normal, Muted, Bold, Title, Heading };

    explicit PlainLabel(const QString &text = {}, Shape shape = Shape::SingleLine, Ink ink = Ink::Normal,
                        QWidget *parent = nullptr);

    /// Colours it by a tone instead, or again by its ink.
    void setTone(std::optional<text::Tone> tone);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void applyInk();
    int minimumHeightNow() const;
    /// How wide it would like to be.
    int wantedWidth() const;
    void forgetMeasures() const;
    int estimatedHeight(int width) const;

    /// What measuring the text has brought, and for which text and font: layouts ask for the same again and
    /// again, and a text with pictures in it takes long to measure.
    struct Measures {
        QString text;
        QFont font;
        int width = -1;
        QHash<int, int> heights;
    };
    mutable Measures m_measures;

    Shape m_shape;
    Ink m_ink;
    std::optional<text::Tone> m_tone;
    bool m_applying = false;
    /// A layout has given it a width, so that the height it needs is known.
    bool m_hasWidth = false;
};

PlainLabel *singleLine(const QString &text, PlainLabel::Ink ink = PlainLabel::Ink::Normal);
PlainLabel *wrapped(const QString &text, PlainLabel::Ink ink = PlainLabel::Ink::Normal);
/// For labels that Qt's own dialogs made.
void makeLabelsPlain(QWidget *parent);

} // namespace mooring::ui
