// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/challenge.h"

#include <cctype>
#include <optional>

namespace mooring::oauth {

namespace {

bool isTokenCharacter(char c)
{
    static constexpr QByteArrayView others = "!#$%&'*+-.^_`|~";
    return std::isalnum(static_cast<unsigned char>(c)) || others.contains(c);
}

bool isToken68Character(char c)
{
    static constexpr QByteArrayView others = "-._~+/";
    return std::isalnum(static_cast<unsigned char>(c)) || others.contains(c);
}

/// Walks over one field. Which of scheme, token68 and parameter a word is shows only behind it.
class Reader final {
public:
    explicit Reader(QByteArrayView field)
        : m_field(field)
    {
    }

    QList<Challenge> read()
    {
        while (readNext()) { }
        return m_challenges;
    }

private:
    bool isAtEnd() const { return m_at >= m_field.size(); }
    char peek() const { return isAtEnd() ? '\0' : m_field[m_at]; }
    void skipSpace()
    {
        while (peek() == ' ' || peek() == '\t') {
            ++m_at;
        }
    }
    /// Empty list elements are allowed (RFC 9110 section 5.6.1).
    void skipSeparators()
    {
        while (peek() == ' ' || peek() == '\t' || peek() == ',') {
            ++m_at;
        }
    }
    template <typename Predicate>
    QByteArray readWhile(Predicate belongs)
    {
        const qsizetype from = m_at;
        while (!isAtEnd() && belongs(peek())) {
            ++m_at;
        }
        return m_field.sliced(from, m_at - from).toByteArray();
    }

    bool readNext();
    void readToken68();
    std::optional<QByteArray> readValue();
    std::optional<QByteArray> readQuoted();

    QByteArrayView m_field;
    qsizetype m_at = 0;
    QList<Challenge> m_challenges;
};

bool Reader::readNext()
{
    skipSeparators();
    const QByteArray word = readWhile(isTokenCharacter);
    if (word.isEmpty()) {
        return false;
    }
    const qsizetype behindWord = m_at;
    skipSpace();
    if (peek() != '=') {
        m_challenges.append({word.toLower(), {}, {}});
        if (m_at > behindWord) {
            readToken68();
        }
        return true;
    }
    ++m_at;
    skipSpace();
    const std::optional<QByteArray> value = readValue();
    if (!value || m_challenges.isEmpty()) {
        return false;
    }
    auto &parameters = m_challenges.last().parameters;
    if (const QByteArray name = word.toLower(); !parameters.contains(name)) {
        parameters.insert(name, *value);
    }
    return true;
}

void Reader::readToken68()
{
    const qsizetype from = m_at;
    QByteArray token = readWhile(isToken68Character);
    if (!token.isEmpty()) {
        token += readWhile([](char c) { return c == '='; });
        skipSpace();
        if (isAtEnd() || peek() == ',') {
            m_challenges.last().token68 = token;
            return;
        }
    }
    m_at = from;
}

std::optional<QByteArray> Reader::readValue()
{
    if (peek() == '"') {
        return readQuoted();
    }
    // Servers leave the quotes off around URLs too, although a token has no ':' and no '/'.
    return readWhile([](char c) { return c > ' ' && c < '\x7f' && c != ',' && c != '"'; });
}

std::optional<QByteArray> Reader::readQuoted()
{
    QByteArray value;
    for (++m_at; !isAtEnd(); ++m_at) {
        if (peek() == '"') {
            ++m_at;
            return value;
        }
        if (peek() == '\\') {
            ++m_at;
            if (isAtEnd()) {
                break;
            }
        }
        value += peek();
    }
    return std::nullopt;
}

} // namespace

QList<Challenge> parseChallenges(const QList<QByteArray> &fields)
{
    QList<Challenge> challenges;
    for (const QByteArray &field : fields) {
        challenges += Reader(field).read();
    }
    return challenges;
}

ChallengeInfo summarize(const QList<Challenge> &challenges)
{
    ChallengeInfo info;
    const auto take = [](const Challenge &challenge, const QByteArray &name, QString *text) {
        if (text->isEmpty()) {
            *text = QString::fromUtf8(challenge.parameters.value(name));
        }
    };
    for (const Challenge &challenge : challenges) {
        if (!info.schemes.contains(challenge.scheme)) {
            info.schemes.append(challenge.scheme);
        }
        take(challenge, "resource_metadata", &info.resourceMetadata);
        for (const char *name : {"authorization_uri", "authorization_server", "as_uri", "issuer"}) {
            const QString hint = QString::fromUtf8(challenge.parameters.value(name));
            if (!hint.isEmpty() && !info.serverHints.contains(hint)) {
                info.serverHints.append(hint);
            }
        }
        if (challenge.scheme == "bearer" || challenge.scheme == "dpop") {
            take(challenge, "scope", &info.scope);
            take(challenge, "error", &info.error);
            take(challenge, "error_description", &info.errorDescription);
        }
    }
    return info;
}

bool asksForToken(const ChallengeInfo &info)
{
    return !info.resourceMetadata.isEmpty() || info.schemes.contains("bearer")
           || info.schemes.contains("dpop");
}

} // namespace mooring::oauth
