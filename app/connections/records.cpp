// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records.h"

#include "connections/recordmembers.h"
#include "http/urlpolicy.h"

#include <QJsonArray>

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

QString kindName(AuthorizationKind kind)
{
    switch (kind) {
    case AuthorizationKind::None:
        return u"none"_s;
    case AuthorizationKind::OAuth:
        return u"oauth"_s;
    case AuthorizationKind::Header:
        return u"header"_s;
    }
    return {};
}

AuthorizationKind kindFromName(const QString &name)
{
    if (name == "oauth"_L1) {
        return AuthorizationKind::OAuth;
    }
    return name == "header"_L1 ? AuthorizationKind::Header : AuthorizationKind::None;
}

QStringList stringsFrom(const QJsonValue &value)
{
    QStringList strings;
    const QJsonArray array = value.toArray();
    for (const QJsonValue entry : array) {
        strings.append(entry.toString());
    }
    return strings;
}

void putFurther(QJsonObject *json, const ConnectionRecord &record)
{
    if (!record.headers.isEmpty()) {
        json->insert("headers"_L1, toJson(record.headers));
    }
    if (!record.secretQuery.isEmpty()) {
        json->insert("secretQuery"_L1, QJsonArray::fromStringList(record.secretQuery));
    }
    if (record.furtherGeneration != 0) {
        json->insert("furtherGeneration"_L1, record.furtherGeneration);
    }
    if (record.furtherArriving) {
        json->insert("furtherArriving"_L1, record.furtherArriving->toJson());
    }
}

} // namespace

QStringList ConnectionRecord::secretHeaders() const
{
    QStringList names;
    for (const SentHeader &header : headers) {
        if (header.isSecret && kind != AuthorizationKind::None) {
            names.append(header.name);
        }
    }
    return names;
}

QJsonObject ConnectionRecord::toJson() const
{
    QJsonObject json = unknown;
    json["id"_L1] = id;
    json["name"_L1] = name;
    json["url"_L1] = url.toString(QUrl::FullyEncoded);
    json["authorization"_L1] = kindName(kind);
    putText(&json, "headerName"_L1, headerName);
    putFurther(&json, *this);
    putText(&json, "accountLabel"_L1, accountLabel);
    putText(&json, "accountTold"_L1, accountTold);
    putText(&json, "era"_L1, mcp::eraName(era));
    putText(&json, "verdict"_L1, verdict);
    putText(&json, "issuer"_L1, issuer);
    if (!authorizationServer.isEmpty()) {
        json["authorizationServer"_L1] = authorizationServer;
    }
    putText(&json, "registration"_L1, registrationId);
    putText(&json, "resource"_L1, resource);
    if (const QJsonObject bent = settings.toJson(); !bent.isEmpty()) {
        json["settings"_L1] = bent;
    }
    json["refreshesWithoutResource"_L1] =
        refreshesWithoutResource ? QJsonValue(true) : QJsonValue(QJsonValue::Undefined);
    json["scopesAsked"_L1] = QJsonArray::fromStringList(scopesAsked);
    json["scopesGranted"_L1] = QJsonArray::fromStringList(scopesGranted);
    json["hasSecret"_L1] = hasSecret;
    json["hasRefreshToken"_L1] = hasRefreshToken;
    if (isDpopBound) {
        json["isDpopBound"_L1] = true;
    }
    if (!scopesWanted.isEmpty()) {
        json["scopesWanted"_L1] = QJsonArray::fromStringList(scopesWanted);
    }
    putText(&json, "keptIn"_L1, keptIn);
    json["generation"_L1] = generation;
    json["acceptedGeneration"_L1] = acceptedGeneration;
    if (vainGeneration > 0) {
        json["vainGeneration"_L1] = vainGeneration;
    }
    putText(&json, "offeredVersion"_L1, offeredVersion);
    if (endedGeneration != 0) {
        json["endedGeneration"_L1] = endedGeneration;
    }
    if (doubtedGeneration != 0) {
        json["doubtedGeneration"_L1] = doubtedGeneration;
    }
    json["issuedAt"_L1] = timeValue(issuedAt);
    json["expiresAt"_L1] = timeValue(expiresAt);
    json["authorizedAt"_L1] = timeValue(authorizedAt);
    json["renewingSince"_L1] = timeValue(renewingSince);
    if (arriving) {
        json["arriving"_L1] = arriving->toJson();
    }
    json["leaving"_L1] = leaving ? QJsonValue(true) : QJsonValue(QJsonValue::Undefined);
    json["lastError"_L1] = lastError ? lastError->toJson() : QJsonValue(QJsonValue::Undefined);
    json["addedAt"_L1] = timeValue(addedAt);
    return json;
}

std::optional<ConnectionRecord> ConnectionRecord::fromJson(const QJsonObject &source)
{
    Members json(source);
    ConnectionRecord record;
    record.acceptedGeneration = json.take("acceptedGeneration"_L1).toInteger();
    record.accountLabel = json.take("accountLabel"_L1).toString();
    record.accountTold = json.take("accountTold"_L1).toString();
    record.addedAt = timeFrom(json.take("addedAt"_L1));
    record.arriving = Arrival::fromJson(json.take("arriving"_L1));
    record.kind = kindFromName(json.take("authorization"_L1).toString());
    record.authorizationServer = json.take("authorizationServer"_L1).toObject();
    record.authorizedAt = timeFrom(json.take("authorizedAt"_L1));
    record.doubtedGeneration = json.take("doubtedGeneration"_L1).toInteger();
    record.endedGeneration = json.take("endedGeneration"_L1).toInteger();
    record.era = mcp::eraFromName(json.take("era"_L1).toString());
    record.expiresAt = optionalTimeFrom(json.take("expiresAt"_L1));
    record.furtherArriving = FurtherArrival::fromJson(json.take("furtherArriving"_L1));
    record.furtherGeneration = json.take("furtherGeneration"_L1).toInteger();
    record.generation = json.take("generation"_L1).toInteger();
    record.hasRefreshToken = json.take("hasRefreshToken"_L1).toBool();
    record.hasSecret = json.take("hasSecret"_L1).toBool();
    record.headerName = json.take("headerName"_L1).toString();
    record.headers = sentHeadersFrom(json.take("headers"_L1));
    record.id = json.take("id"_L1).toString();
    record.isDpopBound = json.take("isDpopBound"_L1).toBool();
    record.issuedAt = timeFrom(json.take("issuedAt"_L1));
    record.issuer = json.take("issuer"_L1).toString();
    record.keptIn = json.take("keptIn"_L1).toString();
    record.lastError = RecordedError::fromJson(json.take("lastError"_L1));
    record.leaving = json.take("leaving"_L1).toBool();
    record.name = json.take("name"_L1).toString();
    record.offeredVersion = json.take("offeredVersion"_L1).toString();
    record.refreshesWithoutResource = json.take("refreshesWithoutResource"_L1).toBool();
    record.registrationId = json.take("registration"_L1).toString();
    record.renewingSince = optionalTimeFrom(json.take("renewingSince"_L1));
    record.resource = json.take("resource"_L1).toString();
    record.scopesAsked = stringsFrom(json.take("scopesAsked"_L1));
    record.scopesGranted = stringsFrom(json.take("scopesGranted"_L1));
    record.scopesWanted = stringsFrom(json.take("scopesWanted"_L1));
    record.secretQuery = stringsFrom(json.take("secretQuery"_L1));
    if (const QJsonValue settings = json.take("settings"_L1); settings.isObject()) {
        record.settings = oauth::SignInSettings::fromJson(settings.toObject());
    }
    // Whether it may be used is asked when it is: what is taken back in the settings must not hide the entry.
    const base::Result<QUrl> url =
        http::UrlPolicy::parseTyped(json.take("url"_L1).toString(), http::PlainHttp::ThisNetwork);
    record.vainGeneration = json.take("vainGeneration"_L1).toInteger();
    record.verdict = json.take("verdict"_L1).toString();
    record.unknown = json.rest();
    if (record.id.isEmpty() || !url) {
        return std::nullopt;
    }
    record.url = *url;
    return record;
}

ConnectionRecord *Records::connection(const QString &id)
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&id](const ConnectionRecord &record) { return record.id == id; });
    return found == connections.end() ? nullptr : &*found;
}

const ConnectionRecord *Records::connection(const QString &id) const
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&id](const ConnectionRecord &record) { return record.id == id; });
    return found == connections.end() ? nullptr : &*found;
}

const RegistrationRecord *Records::registration(const QString &id) const
{
    const auto found = std::find_if(registrations.begin(), registrations.end(),
                                    [&id](const RegistrationRecord &record) { return record.id == id; });
    return found == registrations.end() ? nullptr : &*found;
}

RevocationRecord *Records::revocation(const QString &id)
{
    const auto found = std::ranges::find(revocations, id, &RevocationRecord::id);
    return found == revocations.end() ? nullptr : &*found;
}

} // namespace mooring::connections
