// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"

#include <QList>

namespace mooring::base {

namespace {

constexpr int maximumMarksPerBase = 4;
constexpr char16_t ellipsis = u'…';

bool isInvisibleOrDirectional(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Other_Control || category == QChar::Other_Format
        || category == QChar::Other_Surrogate || category == QChar::Other_PrivateUse
        || category == QChar::Other_NotAssigned) {
        return true;
    }
    // Tag characters and variation selectors hide text inside text.
    return (c >= 0xE0000 && c <= 0xE0FFF) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x115F || c == 0x1160
           || c == 0x3164 || c == 0xFFA0;
}

bool isSpace(char32_t c)
{
    return c == U'\n' || c == U'\r' || c == U'\t' || QChar::isSpace(c);
}

} // namespace

QString displayText(QStringView untrusted, qsizetype limit)
{
    QString text;
    int marks = 0;
    qsizetype allMarks = 0;
    qsizetype shown = 0;
    // A long text is cut before it is looked at: the rest would never be shown.
    const QList<uint> characters = untrusted.left(limit * 8).toUcs4();
    for (char32_t c : characters) {
        if (isSpace(c)) {
            if (text.isEmpty() || text.endsWith(u' ')) {
                continue;
            }
            c = U' ';
        } else if (isInvisibleOrDirectional(c)) {
            continue;
        }
        if (QChar::isMark(c)) {
            // A whole text of full piles takes long to draw, and no language needs it.
            if (++marks > maximumMarksPerBase || ++allMarks > limit) {
                continue;
            }
        } else {
            marks = 0;
            if (++shown > limit) {
                return text.trimmed() + QChar(ellipsis);
            }
        }
        text += QStringView(QChar::fromUcs4(c));
    }
    return text.trimmed();
}

QString displayHost(const QUrl &url)
{
    const QByteArray ascii = QUrl::toAce(url.host(QUrl::FullyDecoded));
    return displayText(ascii.isEmpty() ? url.host(QUrl::FullyEncoded) : QString::fromLatin1(ascii));
}

QString displayAuthority(const QUrl &url)
{
    QString host = displayHost(url);
    if (host.contains(u':')) {
        host = u'[' + host + u']';
    }
    return url.port() < 0 ? host : host + u':' + QString::number(url.port());
}

} // namespace mooring::base
