// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/prose.h"

#include "interop/addressrules.h"
#include "interop/headerrules.h"
#include "interop/quotes.h"

#include <QRegularExpression>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumAddresses = 200;
constexpr qsizetype maximumAddress = 64 * 1024;
/// Quotes in brackets in quotes; nobody wraps an address more often.
constexpr int maximumLayers = 10;
/// "<your api key>" inside of an address.
constexpr qsizetype maximumBlank = 80;

bool isInvisible(QChar c)
{
    const char16_t u = c.unicode();
    return u == 0xfeff || u == 0xad || (u >= 0x200b && u <= 0x200f) || (u >= 0x2060 && u <= 0x2064)
           || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x180e;
}

bool isOddBlank(QChar c)
{
    const char16_t u = c.unicode();
    return u == 0xa0 || (u >= 0x2000 && u <= 0x200a) || u == 0x202f || u == 0x205f || u == 0x3000;
}

QStringView fenceOf(QStringView line)
{
    QStringView bare = line.trimmed();
    while (bare.startsWith(u'>')) {
        bare = bare.sliced(1).trimmed();
    }
    const QChar c = bare.isEmpty() ? QChar() : bare.front();
    qsizetype length = 0;
    while (length < bare.size() && bare.at(length) == c) {
        ++length;
    }
    return (c == u'`' || c == u'~') && length >= 3 ? bare.left(length) : QStringView();
}

/// What ends an address in a sentence, wherever it stands.
bool endsAddress(QChar c)
{
    return c.unicode() <= 0x20 || c == u'"' || c == u'\'' || c == u'`' || c == u'|' || c == u'^'
           || c.unicode() == 0x7f || isDoubleQuote(c) || isSingleQuote(c)
           || (c.unicode() >= 0x80 && !c.isLetterOrNumber() && c != u'\u2026');
}

QChar closerOf(QChar opener)
{
    switch (opener.unicode()) {
    case u'(':
        return u')';
    case u'[':
        return u']';
    case u'{':
        return u'}';
    case u'<':
        return u'>';
    default:
        return {};
    }
}

/// Behind the address that begins at `start`: brackets that are opened in it belong to it.
qsizetype endOfAddress(QStringView text, qsizetype start)
{
    QString open;
    qsizetype at = start;
    for (; at < text.size() && at - start < maximumAddress; ++at) {
        const QChar c = text.at(at);
        if (const QChar closer = closerOf(c); !closer.isNull()) {
            const QStringView rest = text.sliced(at, std::min(maximumBlank, text.size() - at));
            const qsizetype end = rest.indexOf(closer);
            if (end < 0 || rest.left(end).contains(u'\n')) {
                break;
            }
            if (c == u'<' || c == u'{' || c == u'[') {
                at += end;
                continue;
            }
            open += closer;
        } else if (!open.isEmpty() && c == open.back()) {
            open.chop(1);
        } else if (endsAddress(c) || c == u')' || c == u']' || c == u'}' || c == u'>') {
            break;
        }
    }
    return at;
}

bool isPunctuation(QChar c)
{
    static const QString marks = u".,;:!?*\\\u3002\uFF0C\u3001\uFF1B"_s;
    return marks.contains(c);
}

/// Three dots at the end stand for something that was left out.
QStringView withoutPunctuation(QStringView text)
{
    qsizetype end = text.size();
    while (end > 0 && isPunctuation(text.at(end - 1)) && !text.first(end).endsWith(u"...")) {
        --end;
    }
    return text.first(end);
}

bool isPicture(QStringView address)
{
    const QString path = address.left(maximumAddress).toString().section(u'?', 0, 0).toLower();
    const bool isFile = path.endsWith(".png"_L1) || path.endsWith(".svg"_L1) || path.endsWith(".gif"_L1)
                        || path.endsWith(".jpg"_L1) || path.endsWith(".jpeg"_L1) || path.endsWith(".webp"_L1)
                        || path.endsWith(".ico"_L1);
    return isFile || path.contains("img.shields.io"_L1) || path.contains("/badge"_L1);
}

/// Where the scheme of an address begins whose colon is at `colon`; -1 if there is none.
qsizetype schemeBefore(QStringView text, qsizetype colon)
{
    qsizetype start = colon;
    while (
        start > 0 && colon - start < 40
        && (text.at(start - 1).isLetterOrNumber() || text.at(start - 1) == u'-' || text.at(start - 1) == u'+')
        && text.at(start - 1).unicode() < 0x80) {
        --start;
    }
    return start < colon && text.at(start).isLetter() ? start : -1;
}

} // namespace

QString withoutInvisible(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'\r' || c == QChar::LineSeparator || c == QChar::ParagraphSeparator
            || c.unicode() == 0x85) {
            const bool isPair = c == u'\r' && i + 1 < text.size() && text.at(i + 1) == u'\n';
            clean += isPair ? QString() : QString(u'\n');
        } else if (isOddBlank(c)) {
            clean += u' ';
        } else if (!isInvisible(c)) {
            clean += c;
        }
    }
    return clean;
}

QList<TextPart> fencedParts(const QString &text)
{
    QList<TextPart> parts;
    QStringView fence;
    int number = 0;
    for (const QStringView line : QStringView(text).tokenize(u'\n')) {
        ++number;
        const QStringView here = fenceOf(line);
        const bool isEnd = !fence.isEmpty() && here.startsWith(fence);
        if (isEnd) {
            fence = {};
        } else if (fence.isEmpty() && !here.isEmpty()) {
            fence = here;
            parts.append({{}, number + 1});
        } else if (!fence.isEmpty()) {
            parts.last().text += line.toString() + u'\n';
        }
    }
    return parts;
}

QStringList quotedParts(const QString &text)
{
    const QStringList pieces = text.split(u'`');
    QStringList parts;
    for (qsizetype i = 1; i + 1 < pieces.size(); i += 2) {
        if (!pieces.at(i).contains(u'\n') && !pieces.at(i).trimmed().isEmpty()) {
            parts.append(pieces.at(i).trimmed());
        }
    }
    return parts;
}

QStringList addressesIn(const QString &text)
{
    QStringList found;
    const QStringView view(text);
    qsizetype at = 0;
    while (found.size() < maximumAddresses && (at = view.indexOf(u':', at)) >= 0) {
        const qsizetype start = schemeBefore(view, at);
        const QStringView scheme = start < 0 ? QStringView() : view.sliced(start, at - start);
        const bool isAddress = start >= 0
                               && (view.sliced(at).startsWith(u"://")
                                   || (scheme.startsWith(u"vscode") && view.sliced(at).startsWith(u":mcp/")));
        if (!isAddress) {
            ++at;
            continue;
        }
        const qsizetype end = endOfAddress(view, start);
        const QString address = withoutPunctuation(view.sliced(start, end - start)).toString();
        const bool isSource =
            start >= 2 && view.at(start - 1) == u'(' && view.at(start - 2) == u']' && isPicture(address);
        if (!isSource && !isPicture(address) && address.size() > at - start + 3) {
            found.append(address);
        }
        at = std::max(end, at + 1);
    }
    return found;
}

QStringList bareAddressesIn(const QString &text)
{
    QStringList found;
    const auto isBlank = [](QChar c) { return c.isSpace(); };
    auto start = std::find_if_not(text.begin(), text.end(), isBlank);
    while (start != text.end() && found.size() < maximumAddresses) {
        const auto end = std::find_if(start, text.end(), isBlank);
        const QString word = end - start < 500 ? withoutWrapping(QString(start, end - start)) : QString();
        const QString host = word.section(u'/', 0, 0);
        const bool isHost = host.contains(u'.') && !host.startsWith(u'.') && !host.contains(u'@')
                            && !host.contains(u'=') && !host.contains(u'(');
        if (isHost && speaksOfMcp(word) && (word.contains(u'/') || host.startsWith("mcp."_L1))) {
            found.append(word);
        }
        start = std::find_if_not(end, text.end(), isBlank);
    }
    return found;
}

QString withoutWrapping(const QString &text)
{
    QStringView bare = QStringView(text).trimmed();
    for (int layer = 0; layer < maximumLayers && !bare.isEmpty(); ++layer) {
        const qsizetype before = bare.size();
        bare = withoutPunctuation(bare).trimmed();
        if (bare.isEmpty()) {
            break;
        }
        const bool isPair =
            bare.size() >= 2
            && (isQuotePair(bare.front(), bare.back()) || closerOf(bare.front()) == bare.back());
        if (isPair || endsAddress(bare.front())) {
            bare = bare.sliced(1);
        }
        if (isPair || (!bare.isEmpty() && endsAddress(bare.back()))) {
            bare.chop(1);
        }
        bare = bare.trimmed();
        if (bare.size() == before) {
            break;
        }
    }
    return bare.toString();
}

QStringList headerLinesIn(const QString &text)
{
    QStringList found;
    for (const QStringView line : QStringView(text).tokenize(u'\n')) {
        QString bare = line.size() < 10'000 ? line.trimmed().toString() : QString();
        while (!bare.isEmpty() && (bare.startsWith(u'-') || bare.startsWith(u'*') || bare.startsWith(u'`'))) {
            bare = bare.sliced(1).trimmed();
        }
        if (bare.startsWith("header:"_L1, Qt::CaseInsensitive)) {
            bare = withoutQuotes(bare.sliced(7));
        }
        bare = bare.endsWith(u'`') ? bare.chopped(1) : bare;
        const QString name = bare.section(u':', 0, 0).trimmed();
        const bool isKnown =
            name.compare("authorization"_L1, Qt::CaseInsensitive) == 0 || name.contains(u'-');
        if (isKnown && bare.contains(u':') && isHeaderName(name) && !bare.contains("://"_L1)) {
            found.append(bare);
        }
    }
    static const QRegularExpression inLine(
        u"\\bauthorization:[ \\t]{0,9}((?:bearer|basic|token)[ \\t]{1,9}(?:<[^>\\n]{1,80}>|[^\\s\"'`<>]{1,2000}))"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (const QRegularExpressionMatch match = inLine.match(text); match.hasMatch() && found.isEmpty()) {
        found.append(u"Authorization: "_s + match.captured(1));
    }
    static const QRegularExpression pair(
        u"[\"']((?i:authorization)|[A-Za-z0-9]{1,60}(?:-[A-Za-z0-9]{1,60}){1,9})[\"']\\]?\\s{0,9}[:=]\\s{0,9}[\"'`]([^\"'`\\n]{1,2000})[\"'`]"_s);
    for (auto it = pair.globalMatch(text); it.hasNext() && found.size() < maximumAddresses;) {
        const QRegularExpressionMatch match = it.next();
        found.append(match.captured(1) + u": "_s + match.captured(2));
    }
    return found;
}

QString requestAddressIn(const QString &text)
{
    static const QRegularExpression form(
        u"^(?:GET|POST) (/\\S{0,2000}) HTTP/[0-9.]{1,3}\\n(?:[^\\n]{1,2000}\\n){0,50}?Host:\\s{0,9}(\\S{1,300})"_s,
        QRegularExpression::MultilineOption | QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text.left(8192));
    return match.hasMatch() ? match.captured(2) + match.captured(1) : QString();
}

} // namespace mooring::interop
