// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "storage/secretitems.h"

#include <QDateTime>
#include <QUrl>

#include <optional>

namespace mooring::connections {

/// Tokens that are kept for one thing only: to be revoked. They carry the one address that may see them.
/// Nothing reads them as a grant.
struct PendingTokens {
    QString issuer;
    QString clientId;
    /// RFC 7009.
    QUrl endpoint;
    /// Who has named it (http::Request::namedBy).
    QUrl namedBy;
    /// Each empty if there is none, or none any more.
    base::Secret refreshToken;
    base::Secret accessToken;
    std::optional<QDateTime> accessExpiresAt;
};

/// Keeps them in the keychain, under keys of their own. Errors: Keychain, each with its case.
class PendingTokenStore final {
public:
    /// `store` outlives it.
    PendingTokenStore(storage::SecretStore &store, QString keyPrefix);

    base::Task<base::Result<std::optional<PendingTokens>>> read(QString revocationId, std::stop_token stop);
    /// Success means that they were read back. `generation` is another one with each write.
    base::Task<base::Result<void>> write(QString revocationId, qint64 generation, PendingTokens tokens);
    base::Task<base::Result<void>> remove(QString revocationId);
    /// To where a new one would go, and nowhere else; see SecretStore::bring().
    base::Task<base::Result<void>> bring(QString revocationId, std::stop_token stop);

private:
    QString keyOf(const QString &revocationId) const;

    storage::SecretStore &m_store;
    storage::SecretItems m_items;
    QString m_keyPrefix;
};

} // namespace mooring::connections
