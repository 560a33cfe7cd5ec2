// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace mooring::demo {

struct Client {
    QString name;
    /// SHA-256 of the secret; empty for a public client.
    QByteArray secretHash;
    QStringList redirectUris;
};

/// What one click on Allow has given.
struct Grant {
    QString clientId;
    QString resource;
    QString scope;
    bool isAlive = true;
};

struct IssuedTokens {
    QByteArray accessToken;
    QByteArray refreshToken;
};

/// Clients, grants and tokens of a demo authorization server. Only hashes of secrets are kept. With
/// a state file, clients and grants outlive the program, so that the demo can be stopped for a night.
class Grants final {
public:
    /// `stateFile` may be empty.
    Grants(const QString &stateFile, int accessTokenSeconds);

    /// The new client's id and, if asked for, secret.
    std::pair<QString, QByteArray> addClient(const QString &name, const QStringList &redirectUris,
                                             bool withSecret);
    const Client *client(const QString &id) const;
    /// True for the right secret, or none for a public client.
    bool isAuthentic(const QString &clientId, const QByteArray &secret) const;

    int accessTokenSeconds() const { return m_accessTokenSeconds; }
    QString addGrant(const Grant &grant);
    const Grant *grant(const QString &id) const;
    void endGrant(const QString &id);
    IssuedTokens issue(const QString &grantId);

    /// The grant that a refresh token is good for; uses the token up. A token that is used a second
    /// time has been stolen or lost, so it ends its grant (RFC 9700 section 4.14.2).
    std::optional<QString> useRefreshToken(const QByteArray &token, const QString &clientId);
    /// A living grant for `resource`, if the access token is good for it.
    const Grant *grantOfAccessToken(const QByteArray &token, const QString &resource) const;
    /// RFC 7009: a refresh token takes its whole grant along.
    void revoke(const QByteArray &token, const QString &clientId);

private:
    struct Access {
        QString grant;
        QDateTime expiresAt;
    };
    struct Refresh {
        QString grant;
        bool isUsed = false;
    };
    void load();
    void save() const;

    QString m_stateFile;
    int m_accessTokenSeconds;
    QHash<QString, Client> m_clients;
    QHash<QString, Grant> m_grants;
    QHash<QByteArray, Access> m_access;
    QHash<QByteArray, Refresh> m_refresh;
};

} // namespace mooring::demo
