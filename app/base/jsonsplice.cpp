// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/jsonsplice.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cstring>

namespace mooring::base {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Goes through well-formed JSON without judging it. It never leaves the text, whatever that is.
class Walker final {
public:
    explicit Walker(QByteArrayView text)
        : m_text(text)
    {
    }

    qsizetype at() const { return m_at; }
    bool isAtEnd() const { return m_at >= m_text.size(); }
    char peek() const { return isAtEnd() ? '\0' : m_text[m_at]; }
    void skipSpace()
    {
        while (!isAtEnd() && isSpace(m_text[m_at])) {
            ++m_at;
        }
    }
    bool take(char expected)
    {
        skipSpace();
        const bool isIt = peek() == expected;
        m_at += isIt && !isAtEnd() ? 1 : 0;
        return isIt;
    }
    /// The value that begins here, and what follows it is next.
    QByteArrayView takeValue()
    {
        skipSpace();
        const qsizetype from = m_at;
        if (peek() == '"') {
            skipString();
        } else if (peek() == '{' || peek() == '[') {
            skipContainer();
        } else {
            skipWord();
        }
        return m_text.sliced(from, m_at - from);
    }

private:
    void skipString()
    {
        ++m_at;
        while (!isAtEnd()) {
            const void *found = std::memchr(m_text.data() + m_at, '"', size_t(m_text.size() - m_at));
            if (!found) {
                m_at = m_text.size();
                return;
            }
            const qsizetype quote = static_cast<const char *>(found) - m_text.data();
            qsizetype slashes = 0;
            while (quote - slashes > m_at && m_text[quote - slashes - 1] == '\\') {
                ++slashes;
            }
            m_at = quote + 1;
            if (slashes % 2 == 0) {
                return;
            }
        }
    }
    void skipContainer()
    {
        int depth = 0;
        while (!isAtEnd()) {
            switch (m_text[m_at]) {
            case '"':
                skipString();
                continue;
            case '{':
            case '[':
                ++depth;
                break;
            case '}':
            case ']':
                --depth;
                break;
            default:
                break;
            }
            ++m_at;
            if (depth == 0) {
                return;
            }
        }
    }
    /// A number, or true, false, null.
    void skipWord()
    {
        while (!isAtEnd() && !isSpace(peek()) && peek() != ',' && peek() != '}' && peek() != ']') {
            ++m_at;
        }
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
};

/// Nearly all names have nothing escaped in them.
QByteArray nameOf(QByteArrayView string)
{
    const bool isPlain = string.size() >= 2 && !string.contains('\\');
    return isPlain ? string.sliced(1, string.size() - 2).toByteArray() : textOfJson(string).toUtf8();
}

} // namespace

std::optional<JsonSplice> JsonSplice::of(QByteArrayView object)
{
    Walker walker(object);
    if (!walker.take('{')) {
        return std::nullopt;
    }
    JsonSplice splice(object);
    walker.skipSpace();
    while (walker.peek() == '"') {
        Member member;
        member.from = walker.at();
        member.name = nameOf(walker.takeValue());
        if (!walker.take(':')) {
            break;
        }
        walker.skipSpace();
        member.valueFrom = walker.at();
        walker.takeValue();
        member.to = walker.at();
        splice.m_members.push_back(member);
        walker.take(',');
        walker.skipSpace();
    }
    return splice;
}

const JsonSplice::Member *JsonSplice::find(QByteArrayView name) const
{
    const auto isIt = [name](const Member &member) { return member.name == name; };
    const auto found = std::find_if(m_members.begin(), m_members.end(), isIt);
    return found == m_members.end() ? nullptr : &*found;
}

QByteArrayView JsonSplice::value(QByteArrayView name) const
{
    const Member *member = find(name);
    return member ? m_text.sliced(member->valueFrom, member->to - member->valueFrom) : QByteArrayView();
}

QByteArray JsonSplice::with(QByteArrayView name, QByteArrayView value) const
{
    QByteArray text;
    text.reserve(m_text.size() + name.size() + value.size() + 4);
    if (const Member *member = find(name)) {
        text.append(m_text.first(member->valueFrom));
        text.append(value);
        text.append(m_text.sliced(member->to));
        return text;
    }
    const qsizetype end = m_text.lastIndexOf('}');
    text.append(m_text.first(std::max<qsizetype>(end, 0)));
    text.append(m_members.isEmpty() ? "\"" : ",\"");
    text.append(name);
    text.append("\":");
    text.append(value);
    text.append('}');
    return text;
}

QByteArray JsonSplice::without(QByteArrayView name) const
{
    const Member *member = find(name);
    if (!member) {
        return m_text.toByteArray();
    }
    // With the comma behind it if it is the first, else with the one in front of it.
    const bool isFirst = member == m_members.cbegin();
    const bool isLast = member == m_members.cend() - 1;
    const qsizetype from = isFirst ? member->from : (member - 1)->to;
    const qsizetype to = isFirst && !isLast ? (member + 1)->from : member->to;
    return m_text.first(from).toByteArray() + m_text.sliced(to).toByteArray();
}

QList<QByteArrayView> jsonElements(QByteArrayView array)
{
    QList<QByteArrayView> elements;
    Walker walker(array);
    if (!walker.take('[')) {
        return elements;
    }
    walker.skipSpace();
    while (!walker.isAtEnd() && walker.peek() != ']') {
        const QByteArrayView element = walker.takeValue();
        if (element.isEmpty()) {
            break;
        }
        elements.append(element);
        walker.take(',');
        walker.skipSpace();
    }
    return elements;
}

QString textOfJson(QByteArrayView string)
{
    if (string.size() < 2 || !string.startsWith('"')) {
        return {};
    }
    if (!string.contains('\\')) {
        const QString text = QString::fromUtf8(string.sliced(1, string.size() - 2));
        return text.isNull() ? QStringLiteral("") : text;
    }
    const QByteArray array = '[' + string.toByteArray() + ']';
    return QJsonDocument::fromJson(array).array().at(0).toString();
}

QByteArray jsonOfText(const QString &text)
{
    const QByteArray array = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return array.sliced(1, array.size() - 2);
}

} // namespace mooring::base
