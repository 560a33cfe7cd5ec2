// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/grant.h"

#include <QJsonArray>

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

QString text(const base::Secret &secret)
{
    return QString::fromUtf8(secret.reveal());
}

base::Secret secret(const QJsonValue &value)
{
    return base::Secret(value.toString().toUtf8());
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QDateTime timeFrom(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

constexpr std::pair<Grant::Source, QLatin1StringView> sources[] = {
    {Grant::Source::Browser, "browser"_L1},
    {Grant::Source::ClientCredentials, "client_credentials"_L1},
    {Grant::Source::Assertion, "assertion"_L1},
};

QString sourceName(Grant::Source source)
{
    const auto *const found =
        std::ranges::find(sources, source, [](const auto &entry) { return entry.first; });
    return found->second;
}

Grant::Source sourceFrom(const QString &name)
{
    const auto *const found =
        std::ranges::find(sources, name, [](const auto &entry) { return entry.second; });
    return found == std::end(sources) ? Grant::Source::Browser : found->first;
}

QJsonObject contentOf(const Grant &grant)
{
    QJsonObject json{{u"kind"_s, u"grant"_s},
                     {u"access_token"_s, text(grant.tokens.accessToken)},
                     {u"refresh_token"_s, text(grant.tokens.refreshToken)},
                     {u"scopes"_s, QJsonArray::fromStringList(grant.tokens.scopes)},
                     {u"issuedAt"_s, timeText(grant.tokens.issuedAt)},
                     {u"issuer"_s, grant.issuer},
                     {u"resource"_s, grant.resource},
                     {u"token_endpoint"_s, grant.tokenEndpoint.toString(QUrl::FullyEncoded)},
                     {u"client_id"_s, grant.clientId},
                     {u"source"_s, sourceName(grant.source)},
                     {u"afterRefusal"_s, grant.afterRefusal}};
    if (!grant.dpopKey.isEmpty()) {
        json["dpop_key"_L1] = text(grant.dpopKey);
        json["isDpopBound"_L1] = grant.tokens.isDpopBound;
    }
    if (grant.tokens.expiresAt) {
        json["expiresAt"_L1] = timeText(*grant.tokens.expiresAt);
    }
    return json;
}

} // namespace

storage::SecretItem Grant::toItem() const
{
    return {generation, contentOf(*this)};
}

std::optional<Grant> Grant::fromItem(const storage::SecretItem &item)
{
    const QJsonObject &json = item.content;
    if (json["kind"_L1].toString() != "grant"_L1) {
        return std::nullopt;
    }
    Grant grant;
    grant.generation = item.generation;
    grant.tokens.accessToken = secret(json["access_token"_L1]);
    grant.tokens.refreshToken = secret(json["refresh_token"_L1]);
    const QJsonArray scopes = json["scopes"_L1].toArray();
    for (const QJsonValue scope : scopes) {
        grant.tokens.scopes.append(scope.toString());
    }
    grant.tokens.issuedAt = timeFrom(json["issuedAt"_L1]);
    if (json.contains("expiresAt"_L1)) {
        grant.tokens.expiresAt = timeFrom(json["expiresAt"_L1]);
    }
    grant.issuer = json["issuer"_L1].toString();
    grant.resource = json["resource"_L1].toString();
    grant.tokenEndpoint = QUrl(json["token_endpoint"_L1].toString(), QUrl::StrictMode);
    grant.clientId = json["client_id"_L1].toString();
    grant.source = sourceFrom(json["source"_L1].toString());
    grant.dpopKey = secret(json["dpop_key"_L1]);
    grant.tokens.isDpopBound = json["isDpopBound"_L1].toBool();
    grant.afterRefusal = json["afterRefusal"_L1].toBool();
    return grant;
}

} // namespace mooring::connections
