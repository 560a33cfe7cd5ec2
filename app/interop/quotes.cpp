// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/quotes.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

const QString &doubleQuotes()
{
    static const QString all =
        u"\u201C\u201D\u201E\u201F\u00AB\u00BB\u300C\u300D\u300E\u300F\u301D\u301E\u301F"
        u"\u2033\uFF02"_s;
    return all;
}

const QString &singleQuotes()
{
    static const QString all = u"\u2018\u2019\u201A\u201B\u2039\u203A\u2032\uFF07"_s;
    return all;
}

/// Straight quotes are ended by their like; others also by a straight one. No text goes on in the next line.
bool endsText(QChar opener, QChar c)
{
    return c == u'\n' || c == u'"' || (opener != u'"' && isQuotePair(opener, c));
}

} // namespace

bool isDoubleQuote(QChar c)
{
    return c.unicode() >= 0xab && doubleQuotes().contains(c);
}

bool isSingleQuote(QChar c)
{
    return c.unicode() >= 0x2018 && singleQuotes().contains(c);
}

bool isQuotePair(QChar first, QChar last)
{
    const bool isStraight = first == u'"' || first == u'\'' || first == u'`';
    return (isStraight && first == last) || (isDoubleQuote(first) && isDoubleQuote(last))
           || (isSingleQuote(first) && isSingleQuote(last));
}

QString withoutQuotes(const QString &text)
{
    QStringView bare = QStringView(text).trimmed();
    while (bare.size() >= 2 && isQuotePair(bare.front(), bare.back())) {
        bare = bare.sliced(1, bare.size() - 2).trimmed();
    }
    return bare.toString();
}

QString withStraightQuotes(const QString &text)
{
    QString straight;
    straight.reserve(text.size());
    QChar opener;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (!opener.isNull() && c == u'\\' && i + 1 < text.size()) {
            straight += c;
            straight += text.at(++i);
            continue;
        }
        const bool isQuote = c == u'"' || isDoubleQuote(c) || isSingleQuote(c);
        const bool isEdge = opener.isNull() ? isQuote : endsText(opener, c);
        straight += isEdge && c != u'\n' ? QChar(u'"') : c;
        if (isEdge) {
            opener = opener.isNull() ? c : QChar();
        }
    }
    return straight;
}

} // namespace mooring::interop
