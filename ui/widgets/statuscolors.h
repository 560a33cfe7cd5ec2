// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"

#include <QColor>
#include <QPalette>

namespace mooring::ui {

// Every colour of the window comes from the person's palette or is worked out against it, so that
// light, dark and high-contrast palettes work, also when they change while the window is open.

struct StatusColors {
    QColor fill; ///< behind `text`; the two have a contrast of at least 4.5
    QColor text;
    QColor dot; ///< on the window's own background
};

struct ButtonColors {
    QColor fill;
    QColor text;
};

/// The contrast ratio of WCAG 2.1: 1 to 21.
double contrast(const QColor &a, const QColor &b);
/// `amount` 0 is all `a`, 1 is all `b`.
QColor mixed(const QColor &a, const QColor &b, double amount);
/// `color` made darker or lighter until it can be read on `background`.
QColor readable(const QColor &color, const QColor &background, double ratio = 4.5);

bool isDark(const QPalette &palette);
/// A palette of pure black and white: tints would be lost on whoever chose it.
bool isHighContrast(const QPalette &palette);

StatusColors statusColors(text::Tone tone, const QPalette &palette);
/// The one button that makes sense now.
ButtonColors accentColors(const QPalette &palette);
/// For a line under the tab that is open, or around what has the focus.
QColor accentLine(const QPalette &palette);
/// Secondary text: quieter, still 4.5 to 1.
QColor mutedText(const QPalette &palette);
QColor hairline(const QPalette &palette);
/// A surface that stands out a little from the window: cards.
QColor cardFill(const QPalette &palette);
QColor selectedRow(const QPalette &palette);
/// Always the same one for the same name; white text can be read on it.
QColor avatarColor(const QString &name);

} // namespace mooring::ui
