// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/addresssecrets.h"

#include "base/displaytext.h"

#include <QRegularExpression>

#include <algorithm>
#include <ranges>
#include <span>

namespace mooring::http {

using namespace Qt::StringLiterals;

namespace {

constexpr QChar hidden = u'…';
/// As long as an address may be, and what its host may gain in ASCII.
constexpr qsizetype shownLength = 9000;

/// "tavily_Api-Key" → "tavilyapikey".
QString plainName(const QByteArray &encoded)
{
    QString name;
    const QString decoded = QString::fromUtf8(QByteArray::fromPercentEncoding(encoded)).toLower();
    std::ranges::copy_if(decoded, std::back_inserter(name), [](QChar c) { return c.isLetterOrNumber(); });
    return name;
}

bool endsWithAny(const QString &name, std::span<const QLatin1StringView> ends)
{
    return std::ranges::any_of(ends, [&](QLatin1StringView end) { return name.endsWith(end); });
}

/// Whatever its value is, this is a secret.
bool meansSecret(const QString &name)
{
    static constexpr QLatin1StringView whole[] = {"pwd"_L1,    "bearer"_L1,      "jwt"_L1,       "sig"_L1,
                                                  "appkey"_L1, "credentials"_L1, "credential"_L1};
    static constexpr QLatin1StringView ends[] = {
        "apikey"_L1,     "token"_L1,     "secret"_L1,          "password"_L1,       "passwd"_L1,
        "accesskey"_L1,  "secretkey"_L1, "subscriptionkey"_L1, "applicationkey"_L1, "privatekey"_L1,
        "licensekey"_L1, "authkey"_L1,   "signature"_L1};
    // Where a list goes on: common in addresses, and no secret.
    static constexpr QLatin1StringView places[] = {"pagetoken"_L1, "nexttoken"_L1, "continuationtoken"_L1};
    return std::ranges::find(whole, name) != std::end(whole)
           || (endsWithAny(name, ends) && !endsWithAny(name, places));
}

/// A secret if it has the look of one: "key" is also what something is sorted by.
bool mayMeanSecret(const QString &name)
{
    static constexpr QLatin1StringView whole[] = {"auth"_L1, "authorization"_L1, "code"_L1, "k"_L1,
                                                  "pass"_L1};
    return name.endsWith("key"_L1) || std::ranges::find(whole, name) != std::end(whole);
}

bool isSwitch(const QByteArray &value)
{
    static constexpr QByteArrayView switches[] = {"",   "0",  "1",   "true", "false", "yes",
                                                  "no", "on", "off", "none", "null",  "required"};
    return std::ranges::find(switches, value.toLower()) != std::end(switches);
}

/// The beginnings that services give their keys so that they are recognized.
bool hasKeyPrefix(const QByteArray &value)
{
    static constexpr QByteArrayView prefixes[] = {
        "sk-",   "sk_",  "rk_",   "tvly-", "ghp_",  "gho_",   "ghs_", "github_pat_", "glpat-", "xoxb-",
        "xoxp-", "AIza", "ya29.", "eyJ",   "pplx-", "nvapi-", "hf_",  "lin_api_",    "ntn_",   "fc-",
        "exa_",  "phx_", "phc_",  "napi_", "dop_v", "sbp_",   "pat_", "figd_"};
    constexpr qsizetype shortest = 16;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return value.size() >= shortest && std::ranges::any_of(value, isDigit)
           && std::ranges::any_of(prefixes, [&](QByteArrayView prefix) { return value.startsWith(prefix); });
}

enum class Letter { Lower, Upper, Digit, Other };

Letter letterOf(char c)
{
    if (c >= 'a' && c <= 'z') {
        return Letter::Lower;
    }
    if (c >= 'A' && c <= 'Z') {
        return Letter::Upper;
    }
    return c >= '0' && c <= '9' ? Letter::Digit : Letter::Other;
}

/// How a value is made up, as far as that tells a word from what a machine has drawn by lot.
struct Look {
    int digits = 0;
    int letters = 0;
    /// How often a lower-case letter, an upper-case letter or a digit follows one of the others. Words,
    /// numbers and dates change seldom.
    int changes = 0;
    bool isPlain = true;
};

Look lookOf(const QByteArray &value)
{
    Look look;
    Letter before = Letter::Other;
    for (const char c : value) {
        const Letter now = letterOf(c);
        if (now == Letter::Other) {
            look.isPlain = look.isPlain && QByteArrayView("-_.~+/=").contains(c);
            continue;
        }
        look.digits += now == Letter::Digit ? 1 : 0;
        look.letters += now == Letter::Digit ? 0 : 1;
        look.changes += before != Letter::Other && before != now ? 1 : 0;
        before = now;
    }
    return look;
}

/// The id of a workspace or an organization, as a rule.
bool isUuid(const QByteArray &value)
{
    static const QRegularExpression form(u"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return form.match(QString::fromLatin1(value)).hasMatch();
}

/// Nobody has written this by hand.
bool looksRandom(const QByteArray &value)
{
    constexpr qsizetype shortest = 20;
    const Look look = lookOf(value);
    return value.size() >= shortest && look.isPlain && look.digits >= 2 && look.letters >= 4
           && look.changes * 5 >= value.size() && !isUuid(value);
}

/// Enough where the name or the place speaks of a key.
bool looksLikeKey(const QByteArray &value)
{
    constexpr qsizetype shortest = 8;
    const Look look = lookOf(value);
    return value.size() >= shortest && look.isPlain
           && ((look.digits >= 2 && look.letters >= 2) || look.changes >= 5 || isUuid(value));
}

/// The part before "="; what has none is only a value.
QByteArray nameOf(const QByteArray &item)
{
    return item.first(std::max(item.indexOf('='), qsizetype(0)));
}

bool isSecretItem(const QByteArray &item)
{
    const QString name = plainName(nameOf(item));
    const QByteArray value = QByteArray::fromPercentEncoding(item.sliced(item.indexOf('=') + 1));
    if (isSwitch(value)) {
        return false;
    }
    return meansSecret(name) || (mayMeanSecret(name) && looksLikeKey(value)) || looksRandom(value)
           || hasKeyPrefix(value);
}

bool isSecretSegment(const QByteArray &before, const QByteArray &segment)
{
    static constexpr QByteArrayView telling[] = {"s",      "k",      "key",     "keys",   "token",
                                                 "tokens", "secret", "api-key", "apikey", "auth"};
    const QByteArray value = QByteArray::fromPercentEncoding(segment);
    if (value == QString(hidden).toUtf8()) {
        // Of an address that has been cleaned already.
        return true;
    }
    const bool isTold = std::ranges::find(telling, before.toLower()) != std::end(telling);
    return looksRandom(value) || hasKeyPrefix(value) || (isTold && looksLikeKey(value));
}

QByteArrayList itemsOf(const QUrl &url)
{
    const QByteArray query = url.query(QUrl::FullyEncoded).toLatin1();
    return query.isEmpty() ? QByteArrayList() : query.split('&');
}

QByteArrayList segmentsOf(const QUrl &url)
{
    return url.path(QUrl::FullyEncoded).toLatin1().split('/');
}

QString shownItem(const QByteArray &item)
{
    if (!isSecretItem(item)) {
        return QString::fromUtf8(item);
    }
    return item.contains('=') ? QString::fromUtf8(nameOf(item)) + u'=' + hidden : QString(hidden);
}

/// Not yet fit to be shown, but without secrets.
QString pathWithoutSecrets(const QUrl &url)
{
    QStringList shown;
    QByteArray before;
    for (const QByteArray &segment : segmentsOf(url)) {
        shown.append(isSecretSegment(before, segment) ? QString(hidden) : QString::fromLatin1(segment));
        before = segment;
    }
    return shown.join(u'/');
}

QString addressWithoutSecrets(const QUrl &url)
{
    QString text = url.scheme() + u"://"_s + url.adjusted(QUrl::RemoveUserInfo).authority(QUrl::FullyEncoded)
                   + pathWithoutSecrets(url);
    if (url.hasQuery()) {
        QStringList items;
        for (const QByteArray &item : itemsOf(url)) {
            items.append(shownItem(item));
        }
        text += u'?' + items.join(u'&');
    }
    return text;
}

/// `text` with `change` made to each thing that `pattern` finds.
template <typename Change>
QString replaced(const QString &text, const QRegularExpression &pattern, Change change)
{
    QString result;
    qsizetype end = 0;
    for (const QRegularExpressionMatch &match : pattern.globalMatch(text)) {
        result += QStringView(text).sliced(end, match.capturedStart() - end);
        result += change(match.captured());
        end = match.capturedEnd();
    }
    result += QStringView(text).sliced(end);
    return result;
}

} // namespace

SplitAddress withoutSecretQuery(const QUrl &url)
{
    SplitAddress split{url, {}, {}};
    QByteArrayList kept;
    QByteArrayList secrets;
    for (const QByteArray &item : itemsOf(url)) {
        if (isSecretItem(item)) {
            secrets.append(item);
            split.names.append(QString::fromUtf8(QByteArray::fromPercentEncoding(nameOf(item))));
        } else {
            kept.append(item);
        }
    }
    if (!secrets.isEmpty()) {
        split.secretQuery = base::Secret(secrets.join('&'));
        split.url.setQuery(kept.isEmpty() ? QString() : QString::fromLatin1(kept.join('&')));
    }
    return split;
}

bool hasSecretPath(const QUrl &url)
{
    const QByteArrayList segments = segmentsOf(url);
    for (qsizetype i = 0; i < segments.size(); ++i) {
        if (isSecretSegment(i > 0 ? segments.at(i - 1) : QByteArray(), segments.at(i))) {
            return true;
        }
    }
    return false;
}

bool holdsSecret(const QUrl &url)
{
    return std::ranges::any_of(itemsOf(url), isSecretItem) || hasSecretPath(url);
}

QString shownUrl(const QUrl &url)
{
    return base::displayText(addressWithoutSecrets(url), shownLength);
}

QString shownUrl(const QString &text)
{
    const QUrl url(text, QUrl::TolerantMode);
    if (url.isValid() && !url.scheme().isEmpty() && !url.host().isEmpty()) {
        return shownUrl(url);
    }
    // Nobody knows what it is, so what would be its query is not shown at all.
    const qsizetype query = text.indexOf(u'?');
    return base::displayText(query < 0 ? text : text.first(query + 1) + hidden, shownLength);
}

QString shownPath(const QUrl &url)
{
    return base::displayText(pathWithoutSecrets(url), shownLength);
}

QString withoutSecrets(const QString &text)
{
    static const QRegularExpression address(u"https?://[^\\s\"'<>`]+"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression item(u"[\\w.%-]{1,60}=[^\\s&\"'<>`;,()]+"_s);
    const QString plain = replaced(text, address, [](const QString &found) {
        const QUrl url(found, QUrl::TolerantMode);
        return url.isValid() && hasSecretPath(url) ? addressWithoutSecrets(url) : found;
    });
    return replaced(plain, item, [](const QString &found) { return shownItem(found.toUtf8()); });
}

QUrl withoutSecrets(const QUrl &url)
{
    QUrl clean = withoutSecretQuery(url).url;
    if (hasSecretPath(clean)) {
        clean.setPath(pathWithoutSecrets(clean), QUrl::TolerantMode);
    }
    return clean;
}

} // namespace mooring::http
