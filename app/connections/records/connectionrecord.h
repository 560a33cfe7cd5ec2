// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/pendingwrite.h"
#include "connections/records/recordederror.h"
#include "connections/records/sentheaders.h"
#include "mcp/protocol.h"
#include "mcp/verdict.h"
#include "oauth/signinsettings.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <optional>

namespace mooring::connections {

/// How requests to a server are authorized.
enum class AuthorizationKind {
    None, ///< not needed, or not known yet
    OAuth,
    Header, ///< a header with a key that the person typed
};

/// One connection as the records file has it: everything but secrets.
struct ConnectionRecord {
    QString id;
    QString name;
    QUrl url;
    AuthorizationKind kind = AuthorizationKind::None;
    /// Of a header key; its value is in the keychain.
    QString headerName;
    /// Further ones, beside the sign-in or the key.
    QList<SentHeader> headers;
    /// The names of the parameters of the server's address that are secrets: in the keychain, not in `url`.
    QStringList secretQuery;
    /// Of the keychain item with what is secret of these (RequestSecrets).
    qint64 requestSecretsGeneration = 0;
    /// Set while such an item is being written; a leftover tells that this was interrupted.
    std::optional<PendingRequestSecrets> pendingRequestSecrets;
    /// Which account this is: as the service told, or as the person typed.
    QString accountLabel;
    /// What the service told (ID token, userinfo); kept while another text is shown.
    QString accountTold;
    mcp::Era era = mcp::Era::Unknown;
    /// mcp::ServerInfo::offered of last time.
    QString offeredVersion;
    /// Of the last probe; none before the first.
    std::optional<mcp::Verdict> verdict;

    // The sign-in.
    QString issuer;
    /// oauth::AuthorizationServer::toRecord() of it.
    QJsonObject authorizationServer;
    QString registrationId;
    QString resource;
    oauth::SignInSettings settings;
    /// A fact learnt about the service: it refuses `resource` at refresh, though not at sign-in.
    bool refreshesWithoutResource = false;
    QStringList scopesAsked;
    QStringList scopesGranted;
    /// The keychain holds something for this connection: a grant or a header key.
    bool hasSecret = false;
    /// Renewed without a person: there is a refresh token, or Mooring signs in as itself.
    bool hasRefreshToken = false;
    /// The tokens are bound to a key (RFC 9449), which is kept with them.
    bool isDpopBound = false;
    /// What a server has asked for in the middle of somebody's work and this sign-in doesn't allow; until
    /// the person has decided.
    QStringList scopesWanted;
    /// SecretStore::identity() of the keychain that holds it.
    QString keptIn;
    /// Generation of the keychain item; grows with every write. A token in memory is good only for
    /// the generation it was read with.
    qint64 generation = 0;
    /// The generation whose token, got because its predecessor was refused, the server has accepted.
    qint64 acceptedGeneration = 0;
    /// The generation whose token, got because the server spoke of its predecessor, has got the same answer:
    /// so the answer is about something else, and nothing is renewed for it again.
    qint64 vainGeneration = 0;
    /// The generation whose refresh token the service won't take any more, so it says; nobody asks with it
    /// again, and it is kept until there is another one. lastError says why.
    qint64 endedGeneration = 0;
    /// The generation whose renewal was refused once for reasons that leave the token in doubt.
    qint64 doubtedGeneration = 0;
    QDateTime issuedAt;
    std::optional<QDateTime> expiresAt;
    QDateTime authorizedAt;
    /// Set while a refresh is on its way; a leftover tells that one was interrupted.
    std::optional<QDateTime> renewingSince;
    /// Set while a new sign-in or a key is being stored; a leftover tells that this was interrupted.
    std::optional<PendingWrite> pendingWrite;
    /// The person has clicked Disconnect: nothing may use the grant any more, even if revoking and
    /// deleting it is not finished.
    bool leaving = false;
    std::optional<RecordedError> lastError;
    QDateTime addedAt;
    /// Members that this version doesn't know; kept as they are.
    QJsonObject unknown;

    /// The headers whose values are secrets and are sent. Without a sign-in or a key there is none: then an
    /// older version, which knows nothing of them, has disconnected.
    QStringList secretHeaders() const;
    /// What the service tells about the account; a name that the person has typed stays.
    void setAccountTold(const QString &told);
    /// The keychain holds anything for it.
    bool hasKeychainItems() const { return hasSecret || hasRequestSecrets(); }
    /// The keychain holds something that goes to the server beside the grant or the key.
    bool hasRequestSecrets() const { return !secretQuery.isEmpty() || !secretHeaders().isEmpty(); }

    QJsonObject toJson() const;
    /// Nothing if it is no connection: without id or with a URL that the policy refuses.
    static std::optional<ConnectionRecord> fromJson(const QJsonObject &json);
    friend bool operator==(const ConnectionRecord &, const ConnectionRecord &) = default;
};

} // namespace mooring::connections
