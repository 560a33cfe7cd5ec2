// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/headerrules.h"

#include "interop/quotes.h"

#include <QSet>
#include <QStringList>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumNameLength = 200;

bool isLetterOrDigit(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

/// Long, of one piece, with digits and letters: nobody writes a region or a workspace that way.
bool looksRandom(const QString &value)
{
    const bool isOnePiece = std::all_of(value.begin(), value.end(), [](QChar c) {
        return isLetterOrDigit(c) || c == u'-' || c == u'_' || c == u'=';
    });
    const auto digits = std::count_if(value.begin(), value.end(), [](QChar c) { return c.isDigit(); });
    return value.size() >= 20 && isOnePiece && digits >= 3;
}

} // namespace

bool isTechnicalHeader(const QString &name)
{
    static const QSet<QString> technical = {u"accept"_s,
                                            u"accept-charset"_s,
                                            u"accept-encoding"_s,
                                            u"accept-language"_s,
                                            u"cache-control"_s,
                                            u"connection"_s,
                                            u"content-encoding"_s,
                                            u"content-length"_s,
                                            u"content-type"_s,
                                            u"dnt"_s,
                                            u"expect"_s,
                                            u"host"_s,
                                            u"keep-alive"_s,
                                            u"last-event-id"_s,
                                            u"mcp-protocol-version"_s,
                                            u"mcp-session-id"_s,
                                            u"mcp-method"_s,
                                            u"mcp-name"_s,
                                            u"origin"_s,
                                            u"pragma"_s,
                                            u"referer"_s,
                                            u"te"_s,
                                            u"trailer"_s,
                                            u"transfer-encoding"_s,
                                            u"upgrade"_s,
                                            u"user-agent"_s,
                                            u"via"_s,
                                            u"priority"_s,
                                            u"if-none-match"_s,
                                            u"if-match"_s,
                                            u"upgrade-insecure-requests"_s};
    const QString lower = name.trimmed().toLower();
    return technical.contains(lower) || lower.startsWith("sec-"_L1);
}

bool isHeaderName(const QString &name)
{
    static const QString others = u"!#$%&'*+-.^_`|~"_s;
    return !name.isEmpty() && name.size() <= maximumNameLength
           && std::all_of(name.begin(), name.end(),
                          [](QChar c) { return isLetterOrDigit(c) || others.contains(c); });
}

bool isSecretName(const QString &name)
{
    static const QStringList words = {u"auth"_s,   u"key"_s,        u"token"_s,  u"secret"_s, u"passw"_s,
                                      u"passwd"_s, u"credential"_s, u"cookie"_s, u"bearer"_s, u"jwt"_s,
                                      u"apikey"_s, u"signature"_s,  u"pwd"_s,    u"session"_s};
    const QString lower = name.toLower();
    const auto isIn = [&lower](const QString &word) { return lower.contains(word); };
    const QStringList parts = QString(lower).replace(u'_', u'-').split(u'-');
    return std::any_of(words.cbegin(), words.cend(), isIn) || parts.contains("pat"_L1)
           || parts.contains("pass"_L1);
}

bool isSecretHeader(const QString &name, const QString &value)
{
    const bool hasScheme = value.startsWith("Bearer "_L1, Qt::CaseInsensitive)
                           || value.startsWith("Basic "_L1, Qt::CaseInsensitive);
    return isSecretName(name) || hasScheme || looksRandom(value);
}

std::optional<std::pair<QString, QString>> splitHeader(const QString &line)
{
    const QString bare = withoutQuotes(line);
    const auto isMark = [](QChar c) { return c == u':' || c == u'='; };
    const auto mark = std::find_if(bare.begin(), bare.end(), isMark);
    const qsizetype at = mark - bare.begin();
    const QString name = withoutQuotes(bare.left(at));
    if (!isHeaderName(name)) {
        return std::nullopt;
    }
    return std::pair(name, mark == bare.end() ? QString() : withoutQuotes(bare.sliced(at + 1)));
}

} // namespace mooring::interop
