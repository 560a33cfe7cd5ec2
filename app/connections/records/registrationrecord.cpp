// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/registrationrecord.h"

#include "connections/records/recordmembers.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

using Source = oauth::ClientRegistration::Source;

QString sourceName(Source source)
{
    switch (source) {
    case Source::Dynamic:
        return u"dynamic"_s;
    case Source::Manual:
        return u"manual"_s;
    case Source::MetadataDocument:
        return u"metadata-document"_s;
    }
    return {};
}

Source sourceFromName(const QString &name)
{
    if (name == "manual"_L1) {
        return Source::Manual;
    }
    return name == "metadata-document"_L1 ? Source::MetadataDocument : Source::Dynamic;
}

} // namespace

QJsonObject RegistrationRecord::toJson() const
{
    QJsonObject json = unknown;
    json["id"_L1] = id;
    json["issuer"_L1] = issuer;
    json["clientId"_L1] = clientId;
    json["redirectUri"_L1] = redirectUri;
    json["method"_L1] = oauth::methodName(method);
    json["source"_L1] = sourceName(source);
    putText(&json, "registrationUri"_L1, registrationUri);
    json["registeredAt"_L1] = timeValue(registeredAt);
    json["secretExpiresAt"_L1] = timeValue(secretExpiresAt);
    json["hasSecret"_L1] = hasSecret;
    json["generation"_L1] = generation;
    if (requiresDpop) {
        json["requiresDpop"_L1] = true;
    }
    if (requiresPushedRequests) {
        json["requiresPushedRequests"_L1] = true;
    }
    if (requiresSignedRequest) {
        json["requiresSignedRequest"_L1] = true;
    }
    return json;
}

std::optional<RegistrationRecord> RegistrationRecord::fromJson(const QJsonObject &source)
{
    Members json(source);
    RegistrationRecord record;
    record.clientId = json.take("clientId"_L1).toString();
    record.generation = json.take("generation"_L1).toInteger();
    record.hasSecret = json.take("hasSecret"_L1).toBool();
    record.id = json.take("id"_L1).toString();
    record.issuer = json.take("issuer"_L1).toString();
    const std::optional<oauth::ClientAuthentication> method =
        oauth::methodFromName(json.take("method"_L1).toString());
    record.redirectUri = json.take("redirectUri"_L1).toString();
    record.registeredAt = timeFrom(json.take("registeredAt"_L1));
    record.registrationUri = json.take("registrationUri"_L1).toString();
    record.requiresDpop = json.take("requiresDpop"_L1).toBool();
    record.requiresPushedRequests = json.take("requiresPushedRequests"_L1).toBool();
    record.requiresSignedRequest = json.take("requiresSignedRequest"_L1).toBool();
    record.secretExpiresAt = optionalTimeFrom(json.take("secretExpiresAt"_L1));
    record.source = sourceFromName(json.take("source"_L1).toString());
    record.unknown = json.rest();
    if (record.id.isEmpty() || record.issuer.isEmpty() || record.clientId.isEmpty() || !method) {
        return std::nullopt;
    }
    record.method = *method;
    return record;
}

} // namespace mooring::connections
