// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace mooring::connections {

struct ConnectionRecord;

/// A header that goes to the server with every request, beside a sign-in or a first key. The value of a
/// secret one is in the keychain (RequestSecrets).
struct SentHeader {
    QString name;
    /// Empty for a secret one.
    QString value = {};
    bool isSecret = false;

    friend bool operator==(const SentHeader &, const SentHeader &) = default;
};

/// The write-ahead note for the item with such values; see PendingWrite, which is for a sign-in or first key.
struct PendingRequestSecrets {
    /// Of the keychain item.
    qint64 generation = 0;
    QList<SentHeader> headers = {};
    QStringList secretQuery = {};

    QJsonObject toJson() const;
    static std::optional<PendingRequestSecrets> fromJson(const QJsonValue &value);
    /// The keychain holds the item now, and the record says so.
    void applyTo(ConnectionRecord *record) const;
    friend bool operator==(const PendingRequestSecrets &, const PendingRequestSecrets &) = default;
};

QJsonArray toJson(const QList<SentHeader> &headers);
/// Without those that may not be sent: the file may have been edited.
QList<SentHeader> sentHeadersFrom(const QJsonValue &value);

} // namespace mooring::connections
