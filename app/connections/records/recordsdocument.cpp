// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/recordsdocument.h"

#include "base/strictjson.h"
#include "base/words.h"

#include <QJsonDocument>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Words;

namespace {

constexpr int schemaVersion = 1;
constexpr auto connectionsMember = "connections"_L1;
constexpr auto registrationsMember = "registrations"_L1;
constexpr auto revocationsMember = "revocations"_L1;

/// Those that can't be used come behind the others, as they were.
template <typename Record>
QJsonArray arrayOf(const QList<Record> &usable, const QJsonArray &unusable)
{
    QJsonArray entries;
    for (const Record &record : usable) {
        entries.append(record.toJson());
    }
    for (const QJsonValue entry : unusable) {
        entries.append(entry);
    }
    return entries;
}

/// What is no list can't be written back in its place, so the file is set aside as damaged.
Result<QJsonArray> takeArray(QJsonObject *json, QLatin1StringView name)
{
    const QJsonValue value = json->take(name);
    if (!value.isUndefined() && !value.isArray()) {
        return base::failed(makeError(base::ErrorKind::Protocol,
                                      Words::tr("The list of connections is damaged."),
                                      u"%1 is no array"_s.arg(name)));
    }
    return value.toArray();
}

template <typename Record>
Result<void> takeEntries(QJsonObject *json, QLatin1StringView name, QList<Record> *usable,
                         QJsonArray *unusable)
{
    const Result<QJsonArray> entries = takeArray(json, name);
    if (!entries) {
        return base::failed(entries.error());
    }
    for (const QJsonValue entry : *entries) {
        if (std::optional<Record> record = Record::fromJson(entry.toObject())) {
            usable->append(std::move(*record));
        } else {
            unusable->append(entry);
        }
    }
    return {};
}

/// Without one it is from before there were versions. What is no whole number, or too large for one, can only
/// come from a version after this one.
bool isKnown(const QJsonValue &version)
{
    return version.isUndefined()
           || (version.isDouble() && version.toInteger(-1) >= 0 && version.toInteger(-1) <= schemaVersion);
}

} // namespace

QByteArray toDocument(const Records &records)
{
    QJsonObject json = records.unknown;
    json["schemaVersion"_L1] = schemaVersion;
    json[connectionsMember] = arrayOf(records.connections, records.unusableConnections);
    json[registrationsMember] = arrayOf(records.registrations, records.unusableRegistrations);
    const QJsonArray revocations = arrayOf(records.revocations, records.unusableRevocations);
    if (!revocations.isEmpty()) {
        json[revocationsMember] = revocations;
    }
    if (!records.requestSecretsItems.isEmpty()) {
        json["furtherItems"_L1] = QJsonArray::fromStringList(records.requestSecretsItems);
    }
    if (records.clientMetadataUrl) {
        json["clientMetadataUrl"_L1] = *records.clientMetadataUrl;
    }
    return QJsonDocument(json).toJson();
}

Result<Records> recordsFrom(const QByteArray &bytes)
{
    Records records;
    const auto readConnection = [&records](const QJsonValue &entry, std::size_t count) {
        records.connections.reserve(static_cast<qsizetype>(count));
        if (std::optional<ConnectionRecord> record = ConnectionRecord::fromJson(entry.toObject())) {
            records.connections.append(std::move(*record));
        } else {
            records.unusableConnections.append(entry);
        }
    };
    Result<QJsonObject> parsed = base::parseJsonObject(bytes, connectionsMember, readConnection);
    if (!parsed) {
        return base::failed(parsed.error());
    }
    QJsonObject json = *parsed;
    if (!isKnown(json.take("schemaVersion"_L1))) {
        return base::failed(
            makeError(base::ErrorKind::Storage,
                      Words::tr("The list of connections was written by a newer Mooring. Please update."),
                      u"schemaVersion"_s));
    }
    // Its elements have gone to readConnection.
    if (const Result<QJsonArray> connections = takeArray(&json, connectionsMember); !connections) {
        return base::failed(connections.error());
    }
    const Result<void> registrations =
        takeEntries(&json, registrationsMember, &records.registrations, &records.unusableRegistrations);
    const Result<void> revocations =
        takeEntries(&json, revocationsMember, &records.revocations, &records.unusableRevocations);
    if (!registrations || !revocations) {
        return base::failed(registrations ? revocations.error() : registrations.error());
    }
    const QJsonArray requestSecretsItems = json.take("furtherItems"_L1).toArray();
    for (const QJsonValue id : requestSecretsItems) {
        records.requestSecretsItems.append(id.toString());
    }
    if (json["clientMetadataUrl"_L1].isString()) {
        records.clientMetadataUrl = json.take("clientMetadataUrl"_L1).toString();
    }
    records.unknown = json;
    return records;
}

} // namespace mooring::connections
