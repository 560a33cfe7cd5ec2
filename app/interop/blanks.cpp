// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/blanks.h"

#include "interop/blankscanner.h"

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumLength = 8192;

QStringList partsOf(QStringView word)
{
    return word.toString().toLower().replace(u'_', u'-').replace(u' ', u'-').split(u'-', Qt::SkipEmptyParts);
}

/// "yourdomain", "yourApiKey", but not the real "yourls".
bool isYours(const QStringList &parts)
{
    static const QStringList things = {
        u"domain"_s, u"company"_s, u"org"_s,   u"name"_s,      u"instance"_s, u"tenant"_s,   u"server"_s,
        u"team"_s,   u"site"_s,    u"host"_s,  u"workspace"_s, u"project"_s,  u"account"_s,  u"subdomain"_s,
        u"api"_s,    u"key"_s,     u"token"_s, u"secret"_s,    u"access"_s,   u"personal"_s, u"user"_s};
    const auto isOne = [](const QString &part) {
        const auto follows = [&part](const QString &thing) { return part.startsWith(u"your"_s + thing); };
        return part == "your"_L1 || std::any_of(things.cbegin(), things.cend(), follows);
    };
    return std::any_of(parts.begin(), parts.end(), isOne);
}

bool isAllX(const QString &part)
{
    return std::all_of(part.begin(), part.end(), [](QChar c) { return c == u'x'; });
}

} // namespace

PastedText readBlanks(const QString &text, const Surroundings &around, const QString &place)
{
    // No header and no address is longer, so it is refused anyway.
    return text.size() > maximumLength ? PastedText(text) : BlankScanner(text, around, place).scan();
}

/// Only x, after at most a prefix like "sk-" or "ghp_".
bool isCrossedOut(QStringView word)
{
    const QStringList parts = partsOf(word);
    const auto fits = [](const QString &part) { return part.size() <= 6 || isAllX(part); };
    return !parts.isEmpty() && parts.last().size() >= 3 && isAllX(parts.last())
           && std::all_of(parts.begin(), parts.end(), fits);
}

bool isStandIn(QStringView word)
{
    static const QStringList keyWords = {u"key"_s, u"keys"_s,   u"token"_s,    u"secret"_s,
                                         u"pat"_s, u"apikey"_s, u"password"_s, u"credential"_s};
    static const QStringList owners = {u"my"_s,   u"replace"_s, u"insert"_s, u"paste"_s,   u"enter"_s,
                                       u"some"_s, u"actual"_s,  u"dummy"_s,  u"example"_s, u"here"_s};
    static const QStringList wholes = {u"changeme"_s,  u"placeholder"_s,  u"redacted"_s,   u"apikey"_s,
                                       u"api-key"_s,   u"access-token"_s, u"replace-me"_s, u"change-me"_s,
                                       u"token"_s,     u"secret"_s,       u"key"_s,        u"password"_s,
                                       u"replaceme"_s, u"todo"_s,         u"api-token"_s,  u"secret-key"_s};
    const QStringList parts = partsOf(word);
    if (parts.isEmpty()) {
        return false;
    }
    if (isCrossedOut(word) || isYours(parts) || wholes.contains(parts.join(u'-'))) {
        return true;
    }
    const auto isKeyWord = [](const QString &part) { return keyWords.contains(part); };
    const auto isOwner = [](const QString &part) { return owners.contains(part); };
    const bool isShouted =
        std::none_of(word.begin(), word.end(), [](QChar c) { return c.isLower() || c.isDigit(); });
    return std::any_of(parts.begin(), parts.end(), isKeyWord)
           && (isShouted || std::any_of(parts.begin(), parts.end(), isOwner));
}

bool isVariable(const Blank &blank)
{
    return blank.written.startsWith(u'$') || blank.written.startsWith(u'{') || blank.written.startsWith(u'%');
}

} // namespace mooring::interop
