// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/sentheaders.h"

#include "connections/records/connectionrecord.h"
#include "connections/records/typedheaders.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;

QJsonArray toJson(const QList<SentHeader> &headers)
{
    QJsonArray array;
    for (const SentHeader &header : headers) {
        QJsonObject json{{u"name"_s, header.name}};
        if (header.isSecret) {
            json.insert(u"secret"_s, true);
        } else {
            json.insert(u"value"_s, header.value);
        }
        array.append(json);
    }
    return array;
}

QList<SentHeader> sentHeadersFrom(const QJsonValue &value)
{
    QList<SentHeader> headers;
    const QJsonArray array = value.toArray();
    for (const QJsonValue entry : array) {
        const SentHeader header{entry["name"_L1].toString(), entry["value"_L1].toString(),
                                entry["secret"_L1].toBool()};
        const bool fits = header.isSecret ? checkHeaderName(header.name).has_value()
                                          : checkHeader(header.name, header.value.toUtf8()).has_value();
        if (fits && headers.size() < maximumHeaders) {
            headers.append(header);
        }
    }
    return headers;
}

QJsonObject PendingRequestSecrets::toJson() const
{
    QJsonObject json{{u"generation"_s, generation}};
    if (!headers.isEmpty()) {
        json.insert(u"headers"_s, connections::toJson(headers));
    }
    if (!secretQuery.isEmpty()) {
        json.insert(u"secretQuery"_s, QJsonArray::fromStringList(secretQuery));
    }
    return json;
}

std::optional<PendingRequestSecrets> PendingRequestSecrets::fromJson(const QJsonValue &value)
{
    if (!value.isObject()) {
        return std::nullopt;
    }
    PendingRequestSecrets pending;
    pending.generation = value["generation"_L1].toInteger();
    pending.headers = sentHeadersFrom(value["headers"_L1]);
    const QJsonArray names = value["secretQuery"_L1].toArray();
    for (const QJsonValue name : names) {
        pending.secretQuery.append(name.toString());
    }
    return pending;
}

void PendingRequestSecrets::applyTo(ConnectionRecord *record) const
{
    record->headers = headers;
    record->secretQuery = secretQuery;
    record->requestSecretsGeneration = generation;
    record->pendingRequestSecrets.reset();
}

} // namespace mooring::connections
