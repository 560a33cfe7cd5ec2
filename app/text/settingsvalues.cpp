// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/settingsvalues.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/urlpolicy.h"

#include <QUrlQuery>

#include <algorithm>

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::Result;
using base::Words;
using oauth::SignInSettings;

namespace {

constexpr qsizetype maximumText = 1000;

Result<void> mistake(const QString &sentence)
{
    return base::failed(base::makeError(base::ErrorKind::InvalidInput, sentence));
}

QString yesOrNo(bool value)
{
    return value ? u"yes"_s : u"no"_s;
}

Result<void> setSwitch(bool *target, bool normal, const QString &value)
{
    const QString word = value.toLower();
    if (word.isEmpty()) {
        *target = normal;
    } else if (word == "yes"_L1 || word == "true"_L1 || word == "on"_L1) {
        *target = true;
    } else if (word == "no"_L1 || word == "false"_L1 || word == "off"_L1) {
        *target = false;
    } else {
        return mistake(Words::tr("This is either yes or no."));
    }
    return {};
}

Result<void> setWay(SignInSettings *settings, const QString &value)
{
    if (value.isEmpty() || value == "browser"_L1) {
        settings->way = SignInSettings::Way::Browser;
    } else if (value == "client-credentials"_L1) {
        settings->way = SignInSettings::Way::ClientCredentials;
    } else {
        return mistake(Words::tr("The way of signing in is either browser or client-credentials."));
    }
    return {};
}

Result<void> setDpop(SignInSettings *settings, const QString &value)
{
    if (value.isEmpty() || value == "where-wanted"_L1) {
        settings->dpop = SignInSettings::Dpop::WhereWanted;
    } else if (value == "always"_L1) {
        settings->dpop = SignInSettings::Dpop::Always;
    } else if (value == "never"_L1) {
        settings->dpop = SignInSettings::Dpop::Never;
    } else {
        return mistake(Words::tr("This is either where-wanted, always or never."));
    }
    return {};
}

Result<void> setScopes(SignInSettings *settings, const QString &value)
{
    const QStringList scopes = value.split(u' ', Qt::SkipEmptyParts);
    // RFC 6749 section 3.3: scope-token.
    const auto fits = [](QChar c) { return c > u' ' && c < u'\x7f' && c != u'"' && c != u'\\'; };
    for (const QString &scope : scopes) {
        if (!std::all_of(scope.begin(), scope.end(), fits)) {
            return mistake(
                Words::tr("“%1” can't be the name of a permission. Names are plain letters and signs, "
                          "with a space between two of them.")
                    .arg(base::displayText(scope, 60)));
        }
    }
    settings->extraScopes = scopes;
    return {};
}

Result<void> setRedirectHost(SignInSettings *settings, const QString &value)
{
    const QString host = value == "::1"_L1 ? u"[::1]"_s : value.toLower();
    if (!QStringList{QString(), u"127.0.0.1"_s, u"localhost"_s, u"[::1]"_s}.contains(host)) {
        return mistake(
            Words::tr("The browser has to come back to this computer: 127.0.0.1, localhost or [::1]."));
    }
    settings->redirectHost = host;
    return {};
}

Result<void> setRedirectPort(SignInSettings *settings, const QString &value)
{
    bool isNumber = true;
    const int port = value.isEmpty() ? 0 : value.toInt(&isNumber);
    if (!isNumber || port < 0 || port > 65535) {
        return mistake(Words::tr("A port is a number from 1 to 65535."));
    }
    settings->redirectPort = static_cast<quint16>(port);
    return {};
}

Result<void> setAddress(QUrl *target, const QString &value)
{
    if (value.isEmpty()) {
        *target = QUrl();
        return {};
    }
    const Result<QUrl> url = http::UrlPolicy::parseTyped(value);
    if (!url) {
        return base::failed(url.error());
    }
    *target = *url;
    return {};
}

Result<void> setIssuer(SignInSettings *settings, const QString &value)
{
    QUrl url;
    if (const Result<void> read = setAddress(&url, value); !read) {
        return read;
    }
    // RFC 8414 section 2.
    if (url.hasQuery()) {
        return mistake(Words::tr("The address of a sign-in service has no question mark in it."));
    }
    // It is compared letter by letter, so it stays as it was typed.
    settings->issuer = value.isEmpty() || value.contains("://"_L1) ? value : url.toString(QUrl::FullyEncoded);
    return {};
}

Result<void> setParameters(SignInSettings *settings, const QString &value)
{
    // Those that make the sign-in safe, or that have a setting of their own.
    static const QStringList own = {u"response_type"_s, u"client_id"_s,      u"redirect_uri"_s,
                                    u"state"_s,         u"code_challenge"_s, u"code_challenge_method"_s,
                                    u"resource"_s,      u"scope"_s};
    QList<std::pair<QString, QString>> parameters;
    const QStringList pairs = value.split(u'&', Qt::SkipEmptyParts);
    for (const QString &pair : pairs) {
        const QString name = QUrl::fromPercentEncoding(pair.section(u'=', 0, 0).toUtf8());
        if (name.isEmpty() || !pair.contains(u'=')) {
            return mistake(Words::tr("Write each as name=value, with & between two of them."));
        }
        if (own.contains(name)) {
            return mistake(Words::tr("Mooring sets %1 itself.").arg(name));
        }
        parameters.append({name, QUrl::fromPercentEncoding(pair.section(u'=', 1).toUtf8())});
    }
    settings->authorizationParameters = parameters;
    return {};
}

Result<void> setLoginHint(SignInSettings *settings, const QString &value)
{
    if (base::displayText(value, maximumText) != value) {
        return mistake(Words::tr("There are characters in this that can't be part of a name."));
    }
    settings->loginHint = value;
    return {};
}

QString parametersText(const SignInSettings &settings)
{
    QStringList pairs;
    for (const auto &[name, value] : settings.authorizationParameters) {
        pairs.append(QString::fromLatin1(QUrl::toPercentEncoding(name)) + u'='
                     + QString::fromLatin1(QUrl::toPercentEncoding(value)));
    }
    return pairs.join(u'&');
}

struct Entry {
    QLatin1StringView name;
    QString (*read)(const SignInSettings &);
    Result<void> (*write)(SignInSettings *, const QString &);
};

/// One line per setting; the order doesn't matter.
const QList<Entry> &entries()
{
    using S = SignInSettings;
    static const QList<Entry> all = {
        {"way"_L1,
         [](const S &s) { return s.way == S::Way::Browser ? u"browser"_s : u"client-credentials"_s; },
         &setWay},
        {"dpop"_L1,
         [](const S &s) {
             return s.dpop == S::Dpop::WhereWanted ? u"where-wanted"_s
                    : s.dpop == S::Dpop::Always    ? u"always"_s
                                                   : u"never"_s;
         },
         &setDpop},
        {"extra-scopes"_L1, [](const S &s) { return s.extraScopes.join(u' '); }, &setScopes},
        {"login-hint"_L1, [](const S &s) { return s.loginHint; }, &setLoginHint},
        {"redirect-host"_L1, [](const S &s) { return s.redirectHost; }, &setRedirectHost},
        {"redirect-port"_L1,
         [](const S &s) { return s.redirectPort == 0 ? QString() : QString::number(s.redirectPort); },
         &setRedirectPort},
        {"sends-resource"_L1, [](const S &s) { return yesOrNo(s.sendsResource); },
         [](S *s, const QString &v) { return setSwitch(&s->sendsResource, true, v); }},
        {"sends-scope-on-refresh"_L1, [](const S &s) { return yesOrNo(s.sendsScopeOnRefresh); },
         [](S *s, const QString &v) { return setSwitch(&s->sendsScopeOnRefresh, false, v); }},
        {"tolerates-missing-pkce"_L1, [](const S &s) { return yesOrNo(s.toleratesMissingPkce); },
         [](S *s, const QString &v) { return setSwitch(&s->toleratesMissingPkce, false, v); }},
        {"allows-plain-http"_L1, [](const S &s) { return yesOrNo(s.allowsPlainHttp); },
         [](S *s, const QString &v) { return setSwitch(&s->allowsPlainHttp, false, v); }},
        {"tolerates-foreign-resource"_L1, [](const S &s) { return yesOrNo(s.toleratesForeignResource); },
         [](S *s, const QString &v) { return setSwitch(&s->toleratesForeignResource, false, v); }},
        {"issuer"_L1, [](const S &s) { return s.issuer; }, &setIssuer},
        {"authorization-endpoint"_L1,
         [](const S &s) { return s.authorizationEndpoint.toString(QUrl::FullyEncoded); },
         [](S *s, const QString &v) { return setAddress(&s->authorizationEndpoint, v); }},
        {"token-endpoint"_L1, [](const S &s) { return s.tokenEndpoint.toString(QUrl::FullyEncoded); },
         [](S *s, const QString &v) { return setAddress(&s->tokenEndpoint, v); }},
        {"revocation-endpoint"_L1,
         [](const S &s) { return s.revocationEndpoint.toString(QUrl::FullyEncoded); },
         [](S *s, const QString &v) { return setAddress(&s->revocationEndpoint, v); }},
        {"authorization-parameters"_L1, &parametersText, &setParameters},
    };
    return all;
}

const Entry *entryOf(QStringView name)
{
    const QList<Entry> &all = entries();
    const auto found =
        std::find_if(all.begin(), all.end(), [name](const Entry &entry) { return entry.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

QString settingValue(const SignInSettings &settings, QStringView name)
{
    const Entry *entry = entryOf(name);
    return entry ? entry->read(settings) : QString();
}

Result<void> setSetting(SignInSettings *settings, QStringView name, const QString &value)
{
    const Entry *entry = entryOf(name);
    if (!entry) {
        return base::failed(
            base::makeError(base::ErrorKind::NotFound,
                            Words::tr("There is no setting “%1”.").arg(base::displayText(name, 60))));
    }
    if (value.size() > maximumText) {
        return mistake(Words::tr("That is too long."));
    }
    return entry->write(settings, value.trimmed());
}

} // namespace mooring::text
