// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mooring::ui {

/// What a person reads of a text that may have any length and any characters.
struct Excerpt {
    QString text;
    /// There is more: to be shown when somebody asks.
    bool isCut = false;
};

/// The beginning of `whole`, by base::displayText() and with few pictures in it. A picture (an emoji) takes
/// some hundred times as long to lay out and to draw as a letter, and nobody reads hundreds of them.
Excerpt excerptOf(QStringView whole, qsizetype limit);
/// The text of it, for places that are too small to offer the rest.
QString shownText(QStringView whole, qsizetype limit = 200);

/// The same with its line breaks and its indentation, cut by its length only: to be copied.
QString shownLines(QStringView whole, qsizetype limit);

/// A character that comes from a font of pictures, or of signs as large as those (cuneiform, hieroglyphs).
bool isPicture(char32_t character);

} // namespace mooring::ui
