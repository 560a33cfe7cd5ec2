// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "storage/secretitems.h"

#include <QByteArray>

namespace mooring::connections {

/// What the keychain holds for a registration; each may be empty.
struct ClientSecrets {
    base::Secret clientSecret;
    /// PEM, for private_key_jwt, and its RFC 7518 algorithm.
    base::Secret privateKey;
    QByteArray keyAlgorithm;
    /// registration_access_token (RFC 7592).
    base::Secret registrationToken;

    bool isEmpty() const
    {
        return clientSecret.isEmpty() && privateKey.isEmpty() && registrationToken.isEmpty();
    }

    storage::SecretItem toItem() const;
    static ClientSecrets fromItem(const storage::SecretItem &item);
};

} // namespace mooring::connections
