// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/clientregistration.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace mooring::connections {

/// A client registration as the records file has it; its secret, if any, is in the keychain.
struct RegistrationRecord {
    QString id;
    QString issuer;
    QString clientId;
    QString redirectUri;
    /// RFC 7592: where the registration can be deleted; empty where it can't. The token for it is in the
    /// keychain, with the secret.
    QString registrationUri;
    oauth::ClientAuthentication method = oauth::ClientAuthentication::None;
    oauth::ClientRegistration::Source source = oauth::ClientRegistration::Source::Dynamic;
    QDateTime registeredAt;
    std::optional<QDateTime> secretExpiresAt;
    bool hasSecret = false;
    qint64 generation = 0;
    /// See oauth::ClientRegistration.
    bool requiresPushedRequests = false;
    bool requiresSignedRequest = false;
    bool requiresDpop = false;
    QJsonObject unknown;

    QJsonObject toJson() const;
    static std::optional<RegistrationRecord> fromJson(const QJsonObject &json);
};

} // namespace mooring::connections
