// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/connectionrecord.h"

#include "connections/records/recordmembers.h"
#include "http/urlpolicy.h"

#include <QJsonArray>

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

void putRequestSecrets(QJsonObject *json, const ConnectionRecord &record)
{
    if (!record.headers.isEmpty()) {
        json->insert("headers"_L1, toJson(record.headers));
    }
    if (!record.secretQuery.isEmpty()) {
        json->insert("secretQuery"_L1, QJsonArray::fromStringList(record.secretQuery));
    }
    if (record.requestSecretsGeneration != 0) {
        json->insert("furtherGeneration"_L1, record.requestSecretsGeneration);
    }
    if (record.pendingRequestSecrets) {
        json->insert("furtherArriving"_L1, record.pendingRequestSecrets->toJson());
    }
}

/// What is at the other end, and as what the person knows it.
void putServer(QJsonObject *json, const ConnectionRecord &record)
{
    (*json)["id"_L1] = record.id;
    (*json)["name"_L1] = record.name;
    (*json)["url"_L1] = record.url.toString(QUrl::FullyEncoded);
    (*json)["authorization"_L1] = kindName(record.kind);
    putText(json, "headerName"_L1, record.headerName);
    putRequestSecrets(json, record);
    putText(json, "accountLabel"_L1, record.accountLabel);
    putText(json, "accountTold"_L1, record.accountTold);
    putText(json, "era"_L1, mcp::eraName(record.era));
    if (record.verdict) {
        (*json)["verdict"_L1] = mcp::verdictName(*record.verdict);
    }
    putText(json, "offeredVersion"_L1, record.offeredVersion);
}

/// How one signs in there.
void putSignIn(QJsonObject *json, const ConnectionRecord &record)
{
    putText(json, "issuer"_L1, record.issuer);
    if (!record.authorizationServer.isEmpty()) {
        (*json)["authorizationServer"_L1] = record.authorizationServer;
    }
    putText(json, "registration"_L1, record.registrationId);
    putText(json, "resource"_L1, record.resource);
    if (const QJsonObject bent = record.settings.toJson(); !bent.isEmpty()) {
        (*json)["settings"_L1] = bent;
    }
    (*json)["refreshesWithoutResource"_L1] =
        record.refreshesWithoutResource ? QJsonValue(true) : QJsonValue(QJsonValue::Undefined);
    (*json)["scopesAsked"_L1] = QJsonArray::fromStringList(record.scopesAsked);
    (*json)["scopesGranted"_L1] = QJsonArray::fromStringList(record.scopesGranted);
    if (!record.scopesWanted.isEmpty()) {
        (*json)["scopesWanted"_L1] = QJsonArray::fromStringList(record.scopesWanted);
    }
}

/// What the keychain holds for it, and what has become of that.
void putGrant(QJsonObject *json, const ConnectionRecord &record)
{
    (*json)["hasSecret"_L1] = record.hasSecret;
    (*json)["hasRefreshToken"_L1] = record.hasRefreshToken;
    if (record.isDpopBound) {
        (*json)["isDpopBound"_L1] = true;
    }
    putText(json, "keptIn"_L1, record.keptIn);
    (*json)["generation"_L1] = record.generation;
    (*json)["acceptedGeneration"_L1] = record.acceptedGeneration;
    if (record.vainGeneration > 0) {
        (*json)["vainGeneration"_L1] = record.vainGeneration;
    }
    if (record.endedGeneration != 0) {
        (*json)["endedGeneration"_L1] = record.endedGeneration;
    }
    if (record.doubtedGeneration != 0) {
        (*json)["doubtedGeneration"_L1] = record.doubtedGeneration;
    }
    (*json)["issuedAt"_L1] = timeValue(record.issuedAt);
    (*json)["expiresAt"_L1] = timeValue(record.expiresAt);
    (*json)["authorizedAt"_L1] = timeValue(record.authorizedAt);
    (*json)["renewingSince"_L1] = timeValue(record.renewingSince);
    if (record.pendingWrite) {
        (*json)["arriving"_L1] = record.pendingWrite->toJson();
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

void ConnectionRecord::setAccountTold(const QString &told)
{
    if (accountLabel.isEmpty() || accountLabel == accountTold) {
        accountLabel = told;
    }
    accountTold = told;
}

QJsonObject ConnectionRecord::toJson() const
{
    QJsonObject json = unknown;
    putServer(&json, *this);
    putSignIn(&json, *this);
    putGrant(&json, *this);
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
    record.pendingWrite = PendingWrite::fromJson(json.take("arriving"_L1));
    record.kind = kindFromName(json.take("authorization"_L1).toString());
    record.authorizationServer = json.take("authorizationServer"_L1).toObject();
    record.authorizedAt = timeFrom(json.take("authorizedAt"_L1));
    record.doubtedGeneration = json.take("doubtedGeneration"_L1).toInteger();
    record.endedGeneration = json.take("endedGeneration"_L1).toInteger();
    record.era = mcp::eraFromName(json.take("era"_L1).toString());
    record.expiresAt = optionalTimeFrom(json.take("expiresAt"_L1));
    record.pendingRequestSecrets = PendingRequestSecrets::fromJson(json.take("furtherArriving"_L1));
    record.requestSecretsGeneration = json.take("furtherGeneration"_L1).toInteger();
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
    record.verdict = mcp::verdictFromName(json.take("verdict"_L1).toString());
    record.unknown = json.rest();
    if (record.id.isEmpty() || !url) {
        return std::nullopt;
    }
    record.url = *url;
    return record;
}

} // namespace mooring::connections
