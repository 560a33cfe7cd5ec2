// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QStringDecoder>

#include <algorithm>
#include <cmath>

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumDepth = 32;

/// Recursive descent over RFC 8259 that only judges; the value is made by Qt afterwards, which is
/// several times faster than putting objects together member by member.
/// `m_problem` is empty as long as all is well.
class Scanner final {
public:
    explicit Scanner(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    Result<void> scan()
    {
        skipSpace();
        scanValue(0);
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
        return {};
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

    void scanValue(int depth);
    void scanObject(int depth);
    void scanArray(int depth);
    void scanLiteral(QByteArrayView text);
    void scanNumber();
    QString scanString();
    void scanEscape(QString *out);
    char16_t scanHex4();
    void appendUtf8(qsizetype from, QString *out);
    qsizetype skipDigits();

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    QString m_problem;
};

void Scanner::scanValue(int depth)
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

void Scanner::scanObject(int depth)
{
    QSet<QString> names;
    take('{');
    skipSpace();
    if (take('}')) {
        return;
    }
    while (isGood()) {
        skipSpace();
        const QString name = scanString();
        skipSpace();
        if (isGood() && !take(':')) {
            refuse(u"a colon is missing"_s);
        }
        // Which of two equal members counts is decided differently by every parser; so neither does.
        const qsizetype before = names.size();
        names.insert(name);
        if (isGood() && names.size() == before) {
            refuse(u"a member stands twice"_s);
        }
        skipSpace();
        if (isGood()) {
            scanValue(depth + 1);
        }
        skipSpace();
        if (take('}')) {
            break;
        }
        if (isGood() && !take(',')) {
            refuse(u"an object doesn't end"_s);
        }
    }
}

void Scanner::scanArray(int depth)
{
    take('[');
    skipSpace();
    if (take(']')) {
        return;
    }
    while (isGood()) {
        skipSpace();
        scanValue(depth + 1);
        skipSpace();
        if (take(']')) {
            break;
        }
        if (isGood() && !take(',')) {
            refuse(u"an array doesn't end"_s);
        }
    }
}

void Scanner::scanLiteral(QByteArrayView text)
{
    if (m_bytes.sliced(m_at).startsWith(text)) {
        m_at += text.size();
        return;
    }
    refuse(u"an unknown word"_s);
}

qsizetype Scanner::skipDigits()
{
    const qsizetype from = m_at;
    while (peek() >= '0' && peek() <= '9') {
        ++m_at;
    }
    return m_at - from;
}

void Scanner::scanNumber()
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
    const QByteArrayView run = m_bytes.sliced(from, m_at - from);
    if (std::all_of(run.begin(), run.end(), [](char c) { return static_cast<signed char>(c) >= 0; })) {
        *out += QLatin1StringView(run);
        return;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(run);
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
    const Result<void> judged = Scanner(bytes).scan();
    if (!judged) {
        return failed(judged.error());
    }
    const bool isDocument = bytes.trimmed().startsWith('{');
    // Other values go in brackets, because a document of Qt is an object or an array.
    const QByteArray text = isDocument ? QByteArray::fromRawData(bytes.data(), bytes.size())
                                       : QByteArray('[' + bytes.toByteArray() + ']');
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError) {
        return failed(makeError(ErrorKind::Protocol,
                                QCoreApplication::translate("mooring::base", "The answer is not valid JSON."),
                                u"JSON: "_s + error.errorString()));
    }
    return isDocument ? QJsonValue(document.object()) : document.array().at(0);
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
