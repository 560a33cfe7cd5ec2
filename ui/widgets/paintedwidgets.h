// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"
#include "ui/widgets/icons.h"

#include <QFrame>
#include <QPushButton>
#include <QTabBar>

#include <optional>

namespace mooring::ui {

// The few things that the native style has no widget for. Colours come from ui/tones.h.

void paintAvatar(QPainter *painter, const QRectF &rect, const QString &name, const QFont &font);
/// The room that a pill with this text wants.
QSize pillSize(const QString &text, const QFontMetrics &metrics);
void paintPill(QPainter *painter, const QRectF &rect, const QString &text, text::Tone tone,
               const QPalette &palette);

/// The initial of a connection's name in a colour of its own.
class Avatar final : public QWidget {
    Q_OBJECT
public:
    explicit Avatar(QWidget *parent = nullptr);
    void setName(const QString &name);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
};

/// A dot in the colour of a tone, or a symbol in it. Only ever beside words that say the same.
class ToneMark final : public QWidget {
    Q_OBJECT
public:
    explicit ToneMark(text::Tone tone = text::Tone::Neutral, std::optional<Symbol> symbol = std::nullopt,
                      QWidget *parent = nullptr);
    void setTone(text::Tone tone);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    text::Tone m_tone;
    std::optional<Symbol> m_symbol;
};

/// A quiet surface with round corners; tinted if it has a tone.
class CardFrame : public QFrame {
    Q_OBJECT
public:
    explicit CardFrame(QWidget *parent = nullptr);
    void setTone(std::optional<text::Tone> tone);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::optional<text::Tone> m_tone;
};

/// A line between things, one device pixel high.
class HairLine final : public QWidget {
    Q_OBJECT
public:
    explicit HairLine(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// A push button that can be the one that makes sense now: then it is filled with the accent.
class ActionButton final : public QPushButton {
    Q_OBJECT
public:
    explicit ActionButton(const QString &text, QWidget *parent = nullptr);
    void setPrimary(bool primary);
    bool isPrimary() const { return m_primary; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    /// Enter clicks it, as it does in dialogs: in a window Qt only lets the space bar.
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void paintLabel(QPainter *painter, const QColor &color) const;

    bool m_primary = false;
};

/// Tabs as words with a line under the open one.
class TabStrip final : public QTabBar {
    Q_OBJECT
public:
    explicit TabStrip(QWidget *parent = nullptr);

protected:
    QSize tabSizeHint(int index) const override;
    QSize minimumTabSizeHint(int index) const override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace mooring::ui
