// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pseudotranslator.h"

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

/// Of a to z.
constexpr QStringView lowerCase = u"ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑ";
constexpr QStringView upperCase = u"ȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ";

QChar accented(QChar letter)
{
    if (letter >= u'a' && letter <= u'z') {
        return lowerCase.at(letter.unicode() - u'a');
    }
    if (letter >= u'A' && letter <= u'Z') {
        return upperCase.at(letter.unicode() - u'A');
    }
    return letter;
}

/// Where a place for a value ends that begins here (%1, %L2, %n), or a tag of rich text; here if there is
/// none.
qsizetype endOfPlace(QStringView text, qsizetype at)
{
    if (text.at(at) == u'<') {
        const qsizetype end = text.indexOf(u'>', at);
        return end < 0 ? at : end + 1;
    }
    qsizetype end = at + 1;
    if (text.at(at) != u'%' || end == text.size()) {
        return at;
    }
    if (text.at(end) == u'L') {
        ++end;
    }
    if (end < text.size() && text.at(end) == u'n') {
        return end + 1;
    }
    const qsizetype digits = end;
    while (end < text.size() && end < digits + 2 && text.at(end).isDigit()) {
        ++end;
    }
    return end == digits ? at : end;
}

} // namespace

QString PseudoTranslator::translate(const char *context, const char *sourceText, const char *, int) const
{
    if (QLatin1StringView(context) != "Words"_L1) {
        return {};
    }
    const QString text = QString::fromUtf8(sourceText);
    QString pseudo = u"["_s;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = endOfPlace(text, at);
        if (end > at) {
            pseudo += QStringView(text).sliced(at, end - at);
            at = end;
        } else {
            pseudo += accented(text.at(at++));
        }
    }
    // Most languages need up to a third more room.
    return pseudo + u' ' + QString(text.size() / 3 + 1, u'·') + u']';
}

} // namespace mooring::base
