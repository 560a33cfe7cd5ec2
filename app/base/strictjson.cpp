// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QSet>
#include <QStringDecoder>

#include <cmath>

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumDepth = 32;

/// Recursive descent over RFC 8259. `m_problem` is empty as long as all is well.
class Scanner final {
public:
    explicit Scanner(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    Result<QJsonValue> scan()
    {
        skipSpace();
        const QJsonValue value = scanValue(0);
        skipSpace();
        if (m_problem.isEmpty() && m_at != m_bytes.size()) {
            refuse(u"bytes behind the value"_s);
        }
        if (!m_problem.isEmpty()) {
            return failed(
                makeError(ErrorKind::Protocol,
                          QCoreApplication::translate("mooring::base", "The answer is not valid JSON."),
                          u"JSON: %1 at byte %2"_s.arg(m_problem).arg(m_at)));
        }
        return value;
    }

private:
    void refuse(const QString &problem)
    {
        if (m_problem.isEmpty()) {
            m_problem = problem;
        }
    }
    bool isGood() const { return m_problem.isEmpty(); }
    char peek() const { return m_at < m_bytes.size() ? m_bytes[m_at] : '\0'; }
    bool take(char expected)
    {
        if (m_at < m_bytes.size() && m_bytes[m_at] == expected) {
            ++m_at;
            return true;
        }
        return false;
    }
    void skipSpace()
    {
        while (m_at < m_bytes.size()
               && (m_bytes[m_at] == ' ' || m_bytes[m_at] == '\t' || m_bytes[m_at] == '\n'
                   || m_bytes[m_at] == '\r')) {
            ++m_at;
        }
    }

    QJsonValue scanValue(int depth);
    QJsonValue scanObject(int depth);
    QJsonValue scanArray(int depth);
    QJsonValue scanLiteral(QByteArrayView text, const QJsonValue &value);
    QJsonValue scanNumber();
    QString scanString();
    void scanEscape(QString *out);
    char16_t scanHex4();
    void appendUtf8(qsizetype from, QString *out);
    qsizetype skipDigits();

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    QString m_problem;
};

QJsonValue Scanner::scanValue(int depth)
{
    if (depth > maximumDepth) {
        refuse(u"too deep"_s);
        return {};
    }
    switch (peek()) {
    case '{':
        return scanObject(depth);
    case '[':
        return scanArray(depth);
    case '"':
        return scanString();
    case 't':
        return scanLiteral("true", true);
    case 'f':
        return scanLiteral("false", false);
    case 'n':
        return scanLiteral("null", QJsonValue::Null);
    default:
        return scanNumber();
    }
}

QJsonValue Scanner::scanObject(int depth)
{
    QJsonObject object;
    take('{');
    skipSpace();
    if (take('}')) {
        return object;
    }
    while (isGood()) {
        skipSpace();
        const QString name = scanString();
        skipSpace();
        if (isGood() && !take(':')) {
            refuse(u"a colon is missing"_s);
        }
        // Which of two equal members counts is decided differently by every parser; so neither does.
        if (isGood() && object.contains(name)) {
            refuse(u"a member stands twice"_s);
        }
        skipSpace();
        const QJsonValue value = isGood() ? scanValue(depth + 1) : QJsonValue();
        object.insert(name, value);
        skipSpace();
        if (take('}')) {
            break;
        }
        if (isGood() && !take(',')) {
            refuse(u"an object doesn't end"_s);
        }
    }
    return object;
}

QJsonValue Scanner::scanArray(int depth)
{
    QJsonArray array;
    take('[');
    skipSpace();
    if (take(']')) {
        return array;
    }
    while (isGood()) {
        skipSpace();
        array.append(scanValue(depth + 1));
        skipSpace();
        if (take(']')) {
            break;
        }
        if (isGood() && !take(',')) {
            refuse(u"an array doesn't end"_s);
        }
    }
    return array;
}

QJsonValue Scanner::scanLiteral(QByteArrayView text, const QJsonValue &value)
{
    if (m_bytes.sliced(m_at).startsWith(text)) {
        m_at += text.size();
        return value;
    }
    refuse(u"an unknown word"_s);
    return {};
}

qsizetype Scanner::skipDigits()
{
    const qsizetype from = m_at;
    while (peek() >= '0' && peek() <= '9') {
        ++m_at;
    }
    return m_at - from;
}

QJsonValue Scanner::scanNumber()
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
        return {};
    }
    const QByteArray text = m_bytes.sliced(from, m_at - from).toByteArray();
    bool fits = false;
    if (isInteger) {
        const qint64 integer = text.toLongLong(&fits);
        if (fits) {
            return integer;
        }
    }
    const double number = text.toDouble(&fits);
    if (!fits || !std::isfinite(number)) {
        refuse(u"a number out of range"_s);
        return {};
    }
    return number;
}

QString Scanner::scanString()
{
    QString out;
    if (!take('"')) {
        refuse(u"a string is missing"_s);
        return out;
    }
    qsizetype runStart = m_at;
    while (isGood() && m_at < m_bytes.size()) {
        const char c = m_bytes[m_at];
        if (c == '"') {
            appendUtf8(runStart, &out);
            ++m_at;
            return out;
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            refuse(u"a raw control character"_s);
            return out;
        }
        ++m_at;
        if (c == '\\') {
            --m_at;
            appendUtf8(runStart, &out);
            ++m_at;
            scanEscape(&out);
            runStart = m_at;
        }
    }
    refuse(u"a string doesn't end"_s);
    return out;
}

void Scanner::appendUtf8(qsizetype from, QString *out)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(m_bytes.sliced(from, m_at - from));
    if (decoder.hasError()) {
        refuse(u"not UTF-8"_s);
    }
    *out += text;
}

void Scanner::scanEscape(QString *out)
{
    static constexpr QByteArrayView names = "\"\\/bfnrt";
    static constexpr char16_t values[] = u"\"\\/\b\f\n\r\t";
    const char c = peek();
    ++m_at;
    if (const qsizetype index = names.indexOf(c); index >= 0 && c != '\0') {
        *out += QChar(values[index]);
        return;
    }
    if (c != 'u') {
        refuse(u"an unknown escape"_s);
        return;
    }
    const char16_t unit = scanHex4();
    if (QChar::isLowSurrogate(unit)) {
        refuse(u"half a surrogate pair"_s);
        return;
    }
    *out += QChar(unit);
    if (QChar::isHighSurrogate(unit)) {
        if (!take('\\') || !take('u')) {
            refuse(u"half a surrogate pair"_s);
            return;
        }
        const char16_t second = scanHex4();
        if (!QChar::isLowSurrogate(second)) {
            refuse(u"half a surrogate pair"_s);
        }
        *out += QChar(second);
    }
}

char16_t Scanner::scanHex4()
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

} // namespace

Result<QJsonValue> parseJson(QByteArrayView bytes)
{
    return Scanner(bytes).scan();
}

Result<QJsonObject> parseJsonObject(QByteArrayView bytes)
{
    const Result<QJsonValue> value = parseJson(bytes);
    if (!value) {
        return failed(value.error());
    }
    if (!value->isObject()) {
        return failed(
            makeError(ErrorKind::Protocol,
                      QCoreApplication::translate("mooring::base", "The answer is not a JSON object."),
                      u"JSON: the root is no object"_s));
    }
    return value->toObject();
}

} // namespace mooring::base
