// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/connectionrecord.h"
#include "connections/records/registrationrecord.h"
#include "connections/records/revocationrecord.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace mooring::connections {

/// The whole file.
struct Records {
    QList<ConnectionRecord> connections;
    QList<RegistrationRecord> registrations;
    QList<RevocationRecord> revocations;
    /// Where the document is that describes Mooring as a client; nothing said: the built-in one. Empty: none.
    std::optional<QString> clientMetadataUrl;
    /// The connections that have, or may have, an item for RequestSecrets in the keychain. An older version
    /// removes a connection without it.
    QStringList requestSecretsItems;
    QJsonObject unknown;
    /// Entries that this version can't use, as they stand in the file: nobody sees them, and they are
    /// written back, because a newer version or a person may still know what they mean.
    QJsonArray unusableConnections;
    QJsonArray unusableRegistrations;
    QJsonArray unusableRevocations;

    bool hasUnusable() const
    {
        return !unusableConnections.isEmpty() || !unusableRegistrations.isEmpty()
               || !unusableRevocations.isEmpty();
    }
    ConnectionRecord *connection(const QString &id);
    const ConnectionRecord *connection(const QString &id) const;
    const RegistrationRecord *registration(const QString &id) const;
    RevocationRecord *revocation(const QString &id);
};

} // namespace mooring::connections
