// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/excerpt.h"

#include "base/displaytext.h"

#include <QStringList>

#include <algorithm>

namespace mooring::ui {

namespace {

/// Of any text, however short or long it is to be.
constexpr qsizetype fewestPictures = 4;
constexpr qsizetype mostPictures = 6;
constexpr qsizetype charactersToAPicture = 50;

/// Where the picture that is one too many begins; the length if there is none.
qsizetype endOfPictures(QStringView text, qsizetype allowed)
{
    qsizetype seen = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const bool isPair = text.at(at).isHighSurrogate() && at + 1 < text.size();
        const char32_t character =
            isPair ? QChar::surrogateToUcs4(text.at(at), text.at(at + 1)) : char32_t(text.at(at).unicode());
        if (isPicture(character) && ++seen > allowed) {
            return at;
        }
        at += isPair ? 1 : 0;
    }
    return text.size();
}

} // namespace

bool isPicture(char32_t character)
{
    return (character >= 0x1F000 && character <= 0x1FBFF) || (character >= 0x12000 && character <= 0x1BFFF)
           || (character >= 0x2600 && character <= 0x27BF) || (character >= 0x2B00 && character <= 0x2BFF)
           || (character >= 0x2300 && character <= 0x23FF);
}

Excerpt excerptOf(QStringView whole, qsizetype limit)
{
    Excerpt excerpt{base::displayText(whole, limit)};
    // Whoever cut it marks that by the dots.
    excerpt.isCut = excerpt.text.endsWith(u'…') && !whole.trimmed().endsWith(u'…');
    const qsizetype end =
        endOfPictures(excerpt.text, std::clamp(limit / charactersToAPicture, fewestPictures, mostPictures));
    if (end < excerpt.text.size()) {
        excerpt.text = excerpt.text.first(end).trimmed() + u'…';
        excerpt.isCut = true;
    }
    return excerpt;
}

QString shownText(QStringView whole, qsizetype limit)
{
    return excerptOf(whole, limit).text;
}

QString shownLines(QStringView whole, qsizetype limit)
{
    constexpr qsizetype widestIndent = 80;
    QStringList lines;
    const auto all = whole.left(limit).split(u'\n');
    for (const QStringView line : all) {
        qsizetype indent = 0;
        while (indent < std::min(line.size(), widestIndent) && line.at(indent) == u' ') {
            ++indent;
        }
        lines.append(QString(indent, u' ') + base::displayText(line.sliced(indent), limit));
    }
    return lines.join(u'\n');
}

} // namespace mooring::ui
