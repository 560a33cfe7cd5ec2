// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace mooring::connections {

/// A write-ahead note in the record: what the keychain is about to get for the connection. A process that
/// ends between the two writes leaves nothing in the keychain that nobody knows of, and loses no sign-in that
/// is complete. GrantWriter settles a leftover.
struct PendingWrite {
    /// Of the keychain item.
    qint64 generation = 0;
    // What the record needs of a sign-in and the keychain item doesn't hold; empty for a header key.
    QJsonObject authorizationServer = {};
    QString registrationId = {};
    QStringList scopesAsked = {};
    QString accountTold = {};

    QJsonObject toJson() const;
    static std::optional<PendingWrite> fromJson(const QJsonValue &value);
    friend bool operator==(const PendingWrite &, const PendingWrite &) = default;
};

} // namespace mooring::connections
