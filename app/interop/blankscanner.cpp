// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/blankscanner.h"

#include "interop/headerrules.h"

#include <QRegularExpression>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

/// The name of a blank is short; looking no further keeps all this linear.
constexpr qsizetype maximumName = 100;
constexpr qsizetype maximumBlanks = 20;
/// What variables are put in stops growing here; no header and no address is longer.
constexpr qsizetype maximumFilled = 8192;

bool isWordCharacter(QChar c)
{
    return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'_' || c == u'-');
}

bool isVariableName(QStringView name)
{
    const auto fits = [](QChar c) { return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'_'); };
    return !name.isEmpty() && !name.front().isDigit() && std::all_of(name.begin(), name.end(), fits);
}

bool isShouted(QStringView name)
{
    return name.size() >= 2 && isVariableName(name)
           && std::none_of(name.begin(), name.end(), [](QChar c) { return c.isLower(); });
}

} // namespace

PastedText BlankScanner::scan()
{
    while (m_at < m_text.size()) {
        const QChar c = m_text.at(m_at);
        const bool isFull = m_result.blanks().size() >= maximumBlanks;
        const bool isTaken =
            !isFull
            && ((c == u'$' && takeDollar()) || (c == u'{' && takeBrace())
                || ((c == u'<' || c == u'[') && takeMarks()) || (c == u'%' && takePercent()) || takeDots());
        if (!isTaken && (isFull || !takeWord())) {
            m_result.append(QString(c));
            ++m_at;
        }
    }
    return m_result;
}

QStringView BlankScanner::between(QStringView opener, QStringView closer) const
{
    const QStringView rest = QStringView(m_text).sliced(m_at, std::min(maximumName, m_text.size() - m_at));
    if (!rest.startsWith(opener)) {
        return {};
    }
    const qsizetype end = rest.indexOf(closer, opener.size());
    return end < 0 ? QStringView() : rest.sliced(opener.size(), end - opener.size());
}

QStringView BlankScanner::nameAt(qsizetype at) const
{
    qsizetype end = at;
    while (end < m_text.size() && end - at < maximumName && m_text.at(end).unicode() < 0x80
           && (m_text.at(end).isLetterOrNumber() || m_text.at(end) == u'_')) {
        ++end;
    }
    return QStringView(m_text).sliced(at, end - at);
}

/// ${{ secrets.X }}, ${X}, $(command), $env:X, $X.
bool BlankScanner::takeDollar()
{
    if (const QStringView inner = between(u"${{", u"}}"); !inner.isEmpty()) {
        takeVariable(inner.trimmed().toString(), inner.size() + 5);
        return true;
    }
    if (const QStringView inner = between(u"${", u"}"); !inner.isEmpty()) {
        takeVariable(inner.trimmed().toString(), inner.size() + 3);
        return true;
    }
    if (const QStringView inner = between(u"$(", u")"); !inner.isEmpty()) {
        takeBlank({inner.trimmed().toString(), {}}, inner.size() + 3);
        return true;
    }
    if (between(u"$", u":") == u"env") {
        const QStringView name = nameAt(m_at + 5);
        if (!name.isEmpty()) {
            takeVariable(name.toString(), name.size() + 5);
            return true;
        }
    }
    const QStringView name = nameAt(m_at + 1);
    if (isShouted(name)) {
        takeVariable(name.toString(), name.size() + 1);
        return true;
    }
    return false;
}

/// {{x}}, {env:X}, {x}.
bool BlankScanner::takeBrace()
{
    if (const QStringView inner = between(u"{{", u"}}"); !inner.isEmpty()) {
        takeVariable(inner.trimmed().toString(), inner.size() + 4);
        return true;
    }
    const QStringView inner = between(u"{", u"}");
    const QString name = inner.trimmed().toString();
    const bool isReference = name.startsWith("env:"_L1) || name.startsWith("file:"_L1);
    const bool isName = std::all_of(name.begin(), name.end(), isWordCharacter);
    if (name.isEmpty() || (!isReference && !isName)) {
        return false;
    }
    takeVariable(name, inner.size() + 2);
    return true;
}

/// <your key> and [YOUR_KEY].
bool BlankScanner::takeMarks()
{
    const bool isAngle = m_text.at(m_at) == u'<';
    const QStringView inner = isAngle ? between(u"<", u">") : between(u"[", u"]");
    const bool isInside = !inner.isEmpty() && (inner.front().isLetter() || inner.front() == u'_')
                          && !inner.contains(u'<') && !inner.contains(u'"') && !inner.contains(u'\n');
    if (!isInside || (!isAngle && !isStandIn(inner))) {
        return false;
    }
    takeBlank({inner.trimmed().toString(), {}}, inner.size() + 2);
    return true;
}

/// %API_KEY% of cmd.exe; in an address that would be an encoded character.
bool BlankScanner::takePercent()
{
    const QStringView inner = between(u"%", u"%");
    if (isUrl() || !isShouted(inner)) {
        return false;
    }
    takeVariable(inner.toString(), inner.size() + 2);
    return true;
}

/// How long the dots, stars or bullets are that begin here and stand for what is not shown; 0 for none.
qsizetype BlankScanner::dotsAt(qsizetype at) const
{
    static const QString marks = u"*.\u2026\u2022"_s;
    if (at >= m_text.size() || !marks.contains(m_text.at(at))) {
        return 0;
    }
    const QChar c = m_text.at(at);
    qsizetype end = at;
    while (end < m_text.size() && end - at <= maximumName && m_text.at(end) == c) {
        ++end;
    }
    const bool isEnough = c == u'\u2026' || end - at >= 3;
    return isEnough && end - at <= maximumName ? end - at : 0;
}

bool BlankScanner::takeDots()
{
    const qsizetype length = dotsAt(m_at);
    if (length > 0) {
        takeBlank({placeHere(), {}}, length);
    }
    return length > 0;
}

bool BlankScanner::takeWord()
{
    qsizetype end = m_at;
    while (end < m_text.size() && isWordCharacter(m_text.at(end))) {
        ++end;
    }
    if (end == m_at) {
        return false;
    }
    const QStringView word = QStringView(m_text).sliced(m_at, end - m_at);
    const qsizetype dots = dotsAt(end);
    if (word.size() + dots <= maximumName && (dots > 0 || isStandInHere(word))) {
        const bool isNamed = dots == 0 && !isCrossedOut(word);
        takeBlank({isNamed ? word.toString() : placeHere(), {}}, word.size() + dots);
    } else {
        m_result.append(word.toString());
        m_at = end;
    }
    return true;
}

/// A word is judged by its neighbours too: the name of a query item is none, and "key" alone is one only as
/// the whole of a value.
bool BlankScanner::isStandInHere(QStringView word) const
{
    const qsizetype end = m_at + word.size();
    const QChar before = m_at > 0 ? m_text.at(m_at - 1) : QChar(u' ');
    const QChar after = end < m_text.size() ? m_text.at(end) : QChar(u' ');
    if (after == u'=' || after == u':' || !isStandIn(word)) {
        return false;
    }
    const bool isWhole = (before == u' ' || before == u'=') && (after == u' ' || after == u'&');
    const bool isInHost = isUrl() && m_text.left(m_at).count(u'/') < 3 && !m_text.left(m_at).contains(u'?');
    return word.contains(u"your", Qt::CaseInsensitive) || (!isInHost && (isWhole || isShouted(word)));
}

/// The header that the text is in, or, in an address, the query item.
QString BlankScanner::placeHere() const
{
    static const QRegularExpression item(u"[?&]([A-Za-z0-9_.-]{1,60})=[^&]{0,40}$"_s);
    const QRegularExpressionMatch match = item.match(m_text.left(m_at).right(maximumName));
    return match.hasMatch() ? match.captured(1) : m_place;
}

/// `content` is "X", "env:X", "X:-default", "input:id".
void BlankScanner::takeVariable(const QString &content, qsizetype length)
{
    static const QRegularExpression form(
        u"^(?:(env|file|input|secrets|vars|user_config|inputs)[:.]\\s*)?([^:]+)(?::[-=]?(.*))?$"_s);
    const QRegularExpressionMatch match = form.match(content);
    const QString name = match.hasMatch() ? match.captured(2) : content;
    Blank blank = m_around.inputs.value(name, Blank{name, {}});
    const QString known = m_around.variables.value(name);
    // A variable that stands for itself, or for another blank, is one.
    const bool isFilled =
        !known.isEmpty() && !known.contains(name) && m_result.text().size() + known.size() <= maximumFilled;
    if (isFilled) {
        const PastedText inner = readBlanks(known, {}, name);
        if (inner.isComplete()) {
            m_result.append(known);
            m_at += length;
            return;
        }
        m_result.append(inner.before());
        blank.name = name;
    }
    if (blank.suggestion.isEmpty()) {
        blank.suggestion = match.captured(3);
    }
    takeBlank(blank, length);
}

void BlankScanner::takeBlank(Blank blank, qsizetype length)
{
    blank.written = m_text.sliced(m_at, length);
    if (blank.name.isEmpty()) {
        blank.name = m_place;
    }
    if (!m_around.inputs.contains(blank.name)) {
        blank.isSecret = isSecretName(blank.name) || isSecretName(placeHere());
    }
    m_result.append(blank);
    m_at += length;
}

} // namespace mooring::interop
