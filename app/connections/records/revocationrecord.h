// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <QUrl>

#include <optional>

namespace mooring::connections {

/// A sign-in that has ended here and that its service could not be told of yet, as the records file has it.
/// Its tokens are in the keychain, see PendingTokens. It outlives its connection.
struct RevocationRecord {
    /// For how long a service is tried.
    static constexpr qint64 secondsOfTrying = 24 * 3600;

    /// The sealed item has it in its key.
    QString id;
    QString connectionId;
    /// Of the connection when it was disconnected; nothing but a text to show.
    QString name;
    QString issuer;
    /// RFC 7009: where the service is told. The sealed item has it too, and both must agree.
    QUrl endpoint;
    QString registrationId;
    /// The refresh token has been revoked; the access token is left.
    bool refreshEnded = false;
    QDateTime since;
    /// After this it is given up.
    QDateTime until;
    QDateTime nextTry;
    /// The service has named that time itself, so nothing makes it earlier.
    bool askedToWait = false;
    int attempts = 0;
    /// Members that this version doesn't know; kept as they are.
    QJsonObject unknown;

    QJsonObject toJson() const;
    /// Nothing if it can't be used: without an id, a service or the times.
    static std::optional<RevocationRecord> fromJson(const QJsonObject &json);
    friend bool operator==(const RevocationRecord &, const RevocationRecord &) = default;
};

} // namespace mooring::connections
