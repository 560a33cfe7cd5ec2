// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mooring::interop {

/// A quote of any alphabet that stands for the straight double one: “ ” „ « » 「 」 ＂ and more.
bool isDoubleQuote(QChar c);
/// The same for the straight single one: ‘ ’ ‚ ‹ ›.
bool isSingleQuote(QChar c);
/// Whether `last` may end what `first` has begun.
bool isQuotePair(QChar first, QChar last);

/// Without the pairs of quotes (and backticks) and the blanks around a text.
QString withoutQuotes(const QString &text);

/// Straight double quotes in the place of others, but inside of text that has straight ones around it.
QString withStraightQuotes(const QString &text);

} // namespace mooring::interop
