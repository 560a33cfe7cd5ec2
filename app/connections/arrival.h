// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace mooring::connections {

struct ConnectionRecord;
struct Grant;
struct HeaderKey;
struct FurtherArrival;

/// What the keychain is about to get for a connection. It is noted in the connection's record first: a
/// process that ends between the two leaves nothing in the keychain that nobody knows of, and loses no
/// sign-in that is complete. A leftover is settled by whoever needs the credential next.
struct Arrival {
    /// Of the keychain item.
    qint64 generation = 0;
    // What the record needs of a sign-in and the item doesn't hold; empty for a header key.
    QJsonObject authorizationServer = {};
    QString registrationId = {};
    QStringList scopesAsked = {};
    QString accountTold = {};

    QJsonObject toJson() const;
    static std::optional<Arrival> fromJson(const QJsonValue &value);
    friend bool operator==(const Arrival &, const Arrival &) = default;
};

/// The keychain holds it now, and the record says so.
void takeIn(ConnectionRecord *record, const Arrival &arrival, const Grant &grant);
void takeIn(ConnectionRecord *record, const HeaderKey &key);
void takeIn(ConnectionRecord *record, const FurtherArrival &arrival);
/// A name that the person has typed stays.
void tellAccountTo(ConnectionRecord *record, const QString &told);

} // namespace mooring::connections
