// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/signinsettings.h"

#include <QJsonArray>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using Way = SignInSettings::Way;
using Dpop = SignInSettings::Dpop;

namespace {

struct Switch {
    QLatin1StringView name;
    bool SignInSettings::*member;
};

constexpr Switch switches[] = {
    {"sendsResource"_L1, &SignInSettings::sendsResource},
    {"sendsScopeOnRefresh"_L1, &SignInSettings::sendsScopeOnRefresh},
    {"toleratesMissingPkce"_L1, &SignInSettings::toleratesMissingPkce},
    {"toleratesForeignResource"_L1, &SignInSettings::toleratesForeignResource},
    {"allowsPlainHttp"_L1, &SignInSettings::allowsPlainHttp},
};

struct Text {
    QLatin1StringView name;
    QString SignInSettings::*member;
};

constexpr Text texts[] = {
    {"redirectHost"_L1, &SignInSettings::redirectHost},
    {"issuer"_L1, &SignInSettings::issuer},
    {"loginHint"_L1, &SignInSettings::loginHint},
};

struct Address {
    QLatin1StringView name;
    QUrl SignInSettings::*member;
};

constexpr Address addresses[] = {
    {"authorizationEndpoint"_L1, &SignInSettings::authorizationEndpoint},
    {"tokenEndpoint"_L1, &SignInSettings::tokenEndpoint},
    {"revocationEndpoint"_L1, &SignInSettings::revocationEndpoint},
};

constexpr auto clientCredentials = "clientCredentials"_L1;
constexpr auto always = "always"_L1;
constexpr auto never = "never"_L1;

} // namespace

QUrl SignInSettings::namerOf(const QUrl &endpoint, const QUrl &serverUrl) const
{
    for (const auto &[name, member] : addresses) {
        if (this->*member == endpoint && endpoint.isValid()) {
            return {};
        }
    }
    return issuer.isEmpty() ? serverUrl : QUrl(issuer);
}

QJsonObject SignInSettings::toJson() const
{
    const SignInSettings plain;
    QJsonObject json;
    if (way == Way::ClientCredentials) {
        json["way"_L1] = clientCredentials;
    }
    if (dpop != Dpop::WhereWanted) {
        json["dpop"_L1] = dpop == Dpop::Always ? always : never;
    }
    if (!extraScopes.isEmpty()) {
        json["extraScopes"_L1] = QJsonArray::fromStringList(extraScopes);
    }
    if (redirectPort != 0) {
        json["redirectPort"_L1] = redirectPort;
    }
    for (const auto &[name, member] : switches) {
        if (this->*member != plain.*member) {
            json[name] = this->*member;
        }
    }
    for (const auto &[name, member] : texts) {
        if (!(this->*member).isEmpty()) {
            json[name] = this->*member;
        }
    }
    for (const auto &[name, member] : addresses) {
        if ((this->*member).isValid()) {
            json[name] = (this->*member).toString(QUrl::FullyEncoded);
        }
    }
    QJsonArray parameters;
    for (const auto &[name, value] : authorizationParameters) {
        parameters.append(QJsonArray{name, value});
    }
    if (!parameters.isEmpty()) {
        json["authorizationParameters"_L1] = parameters;
    }
    return json;
}

SignInSettings SignInSettings::fromJson(const QJsonObject &json)
{
    SignInSettings settings;
    if (json["way"_L1].toString() == clientCredentials) {
        settings.way = Way::ClientCredentials;
    }
    const QString dpopText = json["dpop"_L1].toString();
    if (dpopText == always || dpopText == never) {
        settings.dpop = dpopText == always ? Dpop::Always : Dpop::Never;
    }
    for (const QJsonValue scope : json["extraScopes"_L1].toArray()) {
        settings.extraScopes.append(scope.toString());
    }
    settings.redirectPort = static_cast<quint16>(qBound(0, json["redirectPort"_L1].toInt(), 65535));
    for (const auto &[name, member] : switches) {
        settings.*member = json[name].toBool(settings.*member);
    }
    for (const auto &[name, member] : texts) {
        settings.*member = json[name].toString();
    }
    for (const auto &[name, member] : addresses) {
        settings.*member = QUrl(json[name].toString(), QUrl::StrictMode);
    }
    for (const QJsonValue pair : json["authorizationParameters"_L1].toArray()) {
        settings.authorizationParameters.append({pair[0].toString(), pair[1].toString()});
    }
    return settings;
}

SignInSettings withRemedy(SignInSettings settings, QStringView remedy)
{
    if (remedy == QStringView(remedies::toleratesMissingPkce)) {
        settings.toleratesMissingPkce = true;
    } else if (remedy == QStringView(remedies::toleratesForeignResource)) {
        settings.toleratesForeignResource = true;
    } else if (remedy == QStringView(remedies::allowsPlainHttp)) {
        settings.allowsPlainHttp = true;
    } else if (remedy == QStringView(remedies::omitsResource)) {
        settings.sendsResource = false;
    } else if (remedy == QStringView(remedies::sendsScopeOnRefresh)) {
        settings.sendsScopeOnRefresh = true;
    }
    return settings;
}

} // namespace mooring::oauth
