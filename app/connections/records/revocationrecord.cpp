// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/revocationrecord.h"

#include "connections/records/recordmembers.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;

QJsonObject RevocationRecord::toJson() const
{
    QJsonObject json = unknown;
    json["id"_L1] = id;
    json["connection"_L1] = connectionId;
    json["name"_L1] = name;
    json["issuer"_L1] = issuer;
    json["endpoint"_L1] = endpoint.toString(QUrl::FullyEncoded);
    json["registration"_L1] = registrationId;
    if (refreshEnded) {
        json["refreshEnded"_L1] = true;
    }
    json["since"_L1] = timeValue(since);
    json["until"_L1] = timeValue(until);
    json["nextTry"_L1] = timeValue(nextTry);
    if (askedToWait) {
        json["askedToWait"_L1] = true;
    }
    json["attempts"_L1] = attempts;
    return json;
}

std::optional<RevocationRecord> RevocationRecord::fromJson(const QJsonObject &source)
{
    Members json(source);
    RevocationRecord record;
    record.askedToWait = json.take("askedToWait"_L1).toBool();
    record.attempts = json.take("attempts"_L1).toInt();
    record.connectionId = json.take("connection"_L1).toString();
    record.endpoint = QUrl(json.take("endpoint"_L1).toString(), QUrl::StrictMode);
    record.id = json.take("id"_L1).toString();
    record.issuer = json.take("issuer"_L1).toString();
    record.name = json.take("name"_L1).toString();
    record.nextTry = timeFrom(json.take("nextTry"_L1));
    record.refreshEnded = json.take("refreshEnded"_L1).toBool();
    record.registrationId = json.take("registration"_L1).toString();
    record.since = timeFrom(json.take("since"_L1));
    record.until = timeFrom(json.take("until"_L1));
    record.unknown = json.rest();
    const bool hasTimes = record.since.isValid() && record.until.isValid() && record.nextTry.isValid();
    if (record.id.isEmpty() || record.issuer.isEmpty() || !record.endpoint.isValid() || !hasTimes) {
        return std::nullopt;
    }
    return record;
}

} // namespace mooring::connections
