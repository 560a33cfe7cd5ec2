// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/jsonscanner.h"
#include "base/words.h"

#include <QVarLengthArray>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumDepth = 32;

} // namespace

Result<void> JsonScanner::scan()
{
    skipSpace();
    scanValue(0);
    skipSpace();
    if (m_problem.isEmpty() && m_at != m_bytes.size()) {
        refuse(u"bytes behind the value"_s);
    }
    if (!m_problem.isEmpty()) {
        return failed(makeError(ErrorKind::Protocol, Words::tr("The answer is not valid JSON."),
                                u"JSON: %1 at byte %2"_s.arg(m_problem).arg(m_at)));
    }
    return {};
}

void JsonScanner::scanValue(int depth)
{
    if (depth > maximumDepth) {
        refuse(u"too deep"_s);
        return;
    }
    switch (peek()) {
    case '{':
        scanObject(depth);
        return;
    case '[':
        scanArray(depth);
        return;
    case '"':
        scanString();
        return;
    case 't':
        scanLiteral("true");
        return;
    case 'f':
        scanLiteral("false");
        return;
    case 'n':
        scanLiteral("null");
        return;
    default:
        scanNumber();
    }
}

void JsonScanner::scanObject(int depth)
{
    QVarLengthArray<QByteArray, 32> names;
    take('{');
    skipSpace();
    if (take('}')) {
        return;
    }
    while (isGood()) {
        skipSpace();
        names.push_back(scanString());
        // Qt drops the mark, so such a name would be a second one of what stands behind it.
        if (names.back().startsWith("\xEF\xBB\xBF")) {
            refuse(u"a name with a byte order mark"_s);
        }
        skipSpace();
        if (isGood() && !take(':')) {
            refuse(u"a colon is missing"_s);
        }
        skipSpace();
        if (isGood()) {
            scanMember(depth, names.back());
        }
        skipSpace();
        if (take('}')) {
            break;
        }
        if (isGood() && !take(',')) {
            refuse(u"an object doesn't end"_s);
        }
    }
    // Which of two equal members counts is decided differently by every parser; so neither does. They are
    // sorted, by length first, because a set would cost more than all the rest of the scan.
    std::sort(names.begin(), names.end(), [](const QByteArray &a, const QByteArray &b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
        refuse(u"a member stands twice"_s);
    }
}

void JsonScanner::scanMember(int depth, const QByteArray &name)
{
    const qsizetype from = m_at;
    m_isInList = depth == 0 && !m_listName.isEmpty() && name == m_listName && peek() == '[';
    const bool isList = m_isInList;
    scanValue(depth + 1);
    if (isList) {
        m_list = m_bytes.sliced(from, m_at - from);
    }
}

void JsonScanner::scanArray(int depth)
{
    const bool isList = std::exchange(m_isInList, false);
    take('[');
    skipSpace();
    if (take(']')) {
        return;
    }
    while (isGood()) {
        skipSpace();
        const qsizetype from = m_at;
        scanValue(depth + 1);
        if (isList) {
            m_elements.push_back(m_bytes.sliced(from, m_at - from));
        }
        skipSpace();
        if (take(']')) {
            break;
        }
        if (isGood() && !take(',')) {
            refuse(u"an array doesn't end"_s);
        }
    }
}

void JsonScanner::scanLiteral(QByteArrayView text)
{
    if (m_bytes.sliced(m_at).startsWith(text)) {
        m_at += text.size();
        return;
    }
    refuse(u"an unknown word"_s);
}

qsizetype JsonScanner::skipDigits()
{
    const qsizetype from = m_at;
    while (peek() >= '0' && peek() <= '9') {
        ++m_at;
    }
    return m_at - from;
}

void JsonScanner::scanNumber()
{
    const qsizetype from = m_at;
    take('-');
    const bool leadingZero = peek() == '0';
    const qsizetype digits = skipDigits();
    bool isInteger = true;
    bool isWellFormed = digits > 0 && !(leadingZero && digits > 1);
    if (take('.')) {
        isInteger = false;
        isWellFormed = skipDigits() > 0 && isWellFormed;
    }
    if (peek() == 'e' || peek() == 'E') {
        ++m_at;
        isInteger = false;
        if (!take('+')) {
            take('-');
        }
        isWellFormed = skipDigits() > 0 && isWellFormed;
    }
    if (!isWellFormed) {
        refuse(u"not a value"_s);
        return;
    }
    if (isInteger && m_at - from <= 18) {
        return;
    }
    bool fits = false;
    const double number = m_bytes.sliced(from, m_at - from).toDouble(&fits);
    if (!fits || !std::isfinite(number)) {
        refuse(u"a number out of range"_s);
    }
}

QByteArray JsonScanner::scanString()
{
    if (!take('"')) {
        refuse(u"a string is missing"_s);
        return {};
    }
    const QByteArrayView start = scanRun();
    if (take('"')) {
        return QByteArray::fromRawData(start.data(), start.size());
    }
    QByteArray out = start.toByteArray();
    while (isGood() && take('\\')) {
        out += scanEscape().toUtf8();
        out += scanRun();
    }
    if (isGood() && !take('"')) {
        refuse(u"a string doesn't end"_s);
    }
    return out;
}

QByteArrayView JsonScanner::scanRun()
{
    const qsizetype from = m_at;
    char allBits = 0;
    for (; m_at < m_bytes.size(); ++m_at) {
        const char c = m_bytes[m_at];
        if (c == '"' || c == '\\') {
            break;
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            refuse(u"a raw control character"_s);
            break;
        }
        allBits |= c;
    }
    const QByteArrayView run = m_bytes.sliced(from, m_at - from);
    const bool isAscii = static_cast<unsigned char>(allBits) < 0x80;
    if (!isAscii && !run.isValidUtf8()) {
        refuse(u"not UTF-8"_s);
    }
    return run;
}

QString JsonScanner::scanEscape()
{
    static constexpr QByteArrayView names = "\"\\/bfnrt";
    static constexpr char16_t values[] = u"\"\\/\b\f\n\r\t";
    if (m_at == m_bytes.size()) {
        refuse(u"a string doesn't end"_s);
        return {};
    }
    const char c = m_bytes[m_at++];
    if (const qsizetype index = names.indexOf(c); index >= 0 && c != '\0') {
        return QChar(values[index]);
    }
    if (c != 'u') {
        refuse(u"an unknown escape"_s);
        return {};
    }
    QString out;
    const char16_t unit = scanHex4();
    if (QChar::isLowSurrogate(unit)) {
        refuse(u"half a surrogate pair"_s);
        return {};
    }
    out += QChar(unit);
    if (QChar::isHighSurrogate(unit)) {
        if (!take('\\') || !take('u')) {
            refuse(u"half a surrogate pair"_s);
            return {};
        }
        const char16_t second = scanHex4();
        if (!QChar::isLowSurrogate(second)) {
            refuse(u"half a surrogate pair"_s);
        }
        out += QChar(second);
    }
    return out;
}

char16_t JsonScanner::scanHex4()
{
    if (m_bytes.size() - m_at < 4) {
        refuse(u"an unknown escape"_s);
        return 0;
    }
    bool isHex = true;
    for (const char c : m_bytes.sliced(m_at, 4)) {
        isHex = isHex && std::isxdigit(static_cast<unsigned char>(c));
    }
    const ushort unit = m_bytes.sliced(m_at, 4).toByteArray().toUShort(nullptr, 16);
    if (!isHex) {
        refuse(u"an unknown escape"_s);
        return 0;
    }
    m_at += 4;
    return unit;
}

} // namespace mooring::base
