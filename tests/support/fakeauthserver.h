// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "support/fakeserver.h"

#include <QJsonValue>
#include <QSet>

namespace mooring::support {

/// The answer of RFC 6749 section 5.2.
FakeResponse refusal(const QString &code, int status = 400);

/// An authorization server in memory: RFC 8414 metadata, RFC 7591 registration, an authorization
/// endpoint that asks nobody, a token endpoint with PKCE, rotation and reuse detection, RFC 7009
/// revocation. Everything public may be changed at any time; it counts from the next request on.
///
/// The authorization endpoint says yes, unless the URL has a parameter `fake_decision=deny`, which
/// FakePerson adds in that mood.
class FakeAuthServer final : public QObject {
    Q_OBJECT
public:
    // The metadata document. Everything is served under "<issuerPath>".
    bool hasRegistration = true;
    bool hasRevocation = true;
    bool announcesIss = true;
    bool sendsIss = true;
    bool servesRfc8414 = true;
    bool servesOpenId = false;
    QStringList challengeMethods = {QStringLiteral("S256")};
    QStringList authMethods = {QStringLiteral("none")};
    QStringList scopesSupported = {QStringLiteral("mcp"), QStringLiteral("offline_access")};
    /// Members that replace or add to the document; null removes one.
    QJsonObject metadataOverrides;

    // Tokens.
    QJsonValue expiresIn = 3600;
    bool givesRefreshToken = true;
    /// Each refresh gives a new refresh token and ends the old one.
    bool rotates = true;
    /// For this long after its rotation an old refresh token still works.
    std::chrono::milliseconds rotationGrace{0};
    /// Using an old refresh token after that ends the whole grant (RFC 9700 section 4.14.2).
    bool reuseKillsFamily = true;
    /// Members that replace or add to a successful token answer; null removes one.
    QJsonObject tokenOverrides;
    /// Put in front of each code and refresh token, to see that they survive the wire.
    QByteArray codePrefix;
    QByteArray tokenPrefix;
    /// Tokens are bound to the key of the proof that comes with the request (RFC 9449); without one they
    /// are plain, unless `requiresDpop`.
    bool requiresDpop = false;
    /// The nonce that proofs must have; empty for none.
    QByteArray dpopNonce;
    /// Doesn't decode id and secret of HTTP Basic (against RFC 6749 section 2.3.1).
    bool wantsPlainBasic = false;
    /// JWTs that are taken for a grant of their own: at the JWT bearer grant, with no client needed
    /// (RFC 7523 section 2.1), and at a token exchange, which makes an ID-JAG of them (RFC 8693).
    QSet<QByteArray> trustedAssertions;
    /// Registrations can be deleted (RFC 7592).
    bool managesRegistrations = false;
    /// Refuses a registration: the error code for this request, or nothing.
    std::function<QString(const QJsonObject &)> refuseRegistration;
    /// The whole answer to a registration that is refused or wrong in another way; nothing lets it pass.
    std::function<std::optional<FakeResponse>(const QJsonObject &)> answerRegistration;
    /// Gives a secret to those who want none, and insists on it afterwards.
    bool givesUnwantedSecrets = false;
    /// Pushed authorization requests (RFC 9126): offered in the metadata, or the only way in. Each reference
    /// counts once, and for that many seconds.
    bool offersPushing = false;
    bool requiresPushing = false;
    int pushLifetime = 60;
    /// Takes no request that isn't a signed object (RFC 9101).
    bool requiresSignedRequest = false;
    /// The answer of the userinfo endpoint, for living access tokens.
    QJsonObject userinfo;
    /// The last word on the answer of the token endpoint, after it has been worked out and its
    /// effect is done: an answer can be lost, delayed, replaced.
    std::function<void(const FakeRequest &, FakeResponse *)> editTokenAnswer;

    explicit FakeAuthServer(const QString &issuerPath = {},
                            mooring::base::Clock clock = mooring::base::systemClock());

    FakeServer &http() { return m_http; }
    QString issuer() const { return m_http.origin() + m_path; }
    QUrl endpoint(const char *name) const { return QUrl(issuer() + QLatin1Char('/') + QLatin1String(name)); }
    /// Paths for http().once() and count(): "authorize", "token", "register", "revoke".
    QByteArray pathOf(const char *name) const { return m_path.toUtf8() + '/' + name; }

    /// A client that was registered by hand; empty secret for a public one.
    void addClient(const QByteArray &id, const QByteArray &secret, const QByteArray &redirectUri);
    /// The same for private_key_jwt: the public key of the client.
    void addKeyClient(const QByteArray &id, const QJsonObject &jwk, const QByteArray &redirectUri);
    bool hasClient(const QByteArray &id) const { return m_clients.contains(id); }
    void forgetClients() { m_clients.clear(); }
    /// Tokens as a finished sign-in would have given them, without one.
    QJsonObject issueTokens(const QByteArray &clientId, const QByteArray &resource, const QByteArray &scope);

    /// RFC 7662 in a call: alive, not expired, not revoked. Access and refresh tokens.
    bool isActive(const QByteArray &token) const;
    /// The scope of a living access token; nothing if it is not.
    std::optional<QByteArray> scopeOf(const QByteArray &accessToken) const;
    QByteArray resourceOf(const QByteArray &accessToken) const;
    /// The thumbprint of the key that an access token is bound to; empty for none.
    QByteArray keyOf(const QByteArray &accessToken) const;
    /// As if the person had ended the sign-in at the service.
    void endAllGrants();
    /// Access tokens stop working, refresh tokens go on.
    void endAccessTokens();

    int refreshes() const { return m_refreshes; }
    int codeExchanges() const { return m_codeExchanges; }
    int reuses() const { return m_reuses; }
    int revocations() const { return m_revocations; }
    /// How often somebody came with a reference that doesn't count (any more).
    int stalePushes() const { return m_stalePushes; }

private:
    struct Client {
        QByteArray secret;
        QList<QByteArray> redirectUris;
        QJsonObject jwk = {};
    };
    struct Code {
        QByteArray client, redirectUri, challenge, resource, scope, key;
    };
    struct Pushed {
        mooring::http::FormFields fields;
        QDateTime until;
    };
    struct Grant {
        QByteArray client, resource, scope;
        /// Thumbprint; empty for bearer tokens.
        QByteArray key = {};
        bool isAlive = true;
    };
    /// What a proof came to: an answer that refuses it, or the thumbprint of its key (empty without one).
    struct Proof {
        std::optional<FakeResponse> refusal;
        QByteArray key;
    };
    struct Access {
        int grant = 0;
        std::optional<QDateTime> expiresAt;
        bool isAlive = true;
    };
    struct Refresh {
        int grant = 0;
        std::optional<QDateTime> replacedAt;
    };

    FakeResponse metadata() const;
    FakeResponse registerClient(const FakeRequest &request);
    FakeResponse authorize(const FakeRequest &request);
    FakeResponse push(const FakeRequest &request);
    /// The request itself: what the address says, what was pushed for it, what is signed; nothing if there is
    /// none that counts.
    std::optional<mooring::http::FormFields> requestIn(const FakeRequest &request);
    std::optional<mooring::http::FormFields> signedFields(const mooring::http::FormFields &fields);
    FakeResponse deleteClient(const FakeRequest &request, const QByteArray &id);
    FakeResponse token(const FakeRequest &request);
    FakeResponse answerGrant(const FakeRequest &request, const std::optional<QByteArray> &client,
                             const QByteArray &key);
    FakeResponse exchangeCode(const mooring::http::FormFields &form, const QByteArray &client,
                              const QByteArray &key);
    FakeResponse refresh(const mooring::http::FormFields &form, const QByteArray &client,
                         const QByteArray &key);
    FakeResponse grantByAssertion(const mooring::http::FormFields &form, const QByteArray &client,
                                  const QByteArray &key);
    FakeResponse exchangeIdToken(const mooring::http::FormFields &form) const;
    FakeResponse revoke(const FakeRequest &request);
    FakeResponse userinfoFor(const FakeRequest &request);
    Proof checkProof(const FakeRequest &request, const QUrl &target);
    /// The client that authenticated itself, or nothing.
    std::optional<QByteArray> clientOf(const FakeRequest &request);
    std::optional<QByteArray> clientByAssertion(const QByteArray &id, const QByteArray &assertion);
    /// Every `jti` counts once.
    bool isFirstUse(const QJsonObject &claims);
    QJsonObject issue(int grant, const QByteArray &keptRefreshToken);

    FakeServer m_http;
    QString m_path;
    mooring::base::Clock m_clock;
    QHash<QByteArray, Client> m_clients;
    QHash<QByteArray, Code> m_codes;
    QHash<QByteArray, Pushed> m_pushed;
    std::vector<Grant> m_grants;
    QHash<QByteArray, Access> m_access;
    QHash<QByteArray, Refresh> m_refresh;
    QSet<QString> m_seen;
    int m_serial = 0;
    int m_refreshes = 0;
    int m_codeExchanges = 0;
    int m_reuses = 0;
    int m_revocations = 0;
    int m_stalePushes = 0;
};

} // namespace mooring::support
