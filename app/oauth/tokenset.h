// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "http/client.h"
#include "oauth/clientregistration.h"

#include <QDateTime>
#include <QList>
#include <QStringList>

#include <optional>

namespace mooring::oauth {

/// What a token endpoint gave us (RFC 6749 section 5.1).
struct TokenSet {
    base::Secret accessToken;
    /// Empty if none was given.
    base::Secret refreshToken;
    /// OpenID Connect's ID token as it came, only a hint for the account's name. Not kept.
    base::Secret idToken;
    /// Granted scopes; those asked for if the answer doesn't say (section 5.1).
    QStringList scopes;
    /// When the request was sent, UTC.
    QDateTime issuedAt;
    /// issuedAt + expires_in, UTC; none if the service didn't tell.
    std::optional<QDateTime> expiresAt;
    /// token_type was DPoP: it is sent under that scheme, with a proof (RFC 9449 section 7.1).
    bool isDpopBound = false;
    /// The answer had them not where RFC 6749 wants them but in a member of this name, as Slack has the
    /// access of a person. Not kept.
    QString foundIn = {};
    /// How the client was let in, where that is not the way it is registered with. Not kept.
    std::optional<ClientAuthentication> letInBy = std::nullopt;

    /// Good for another request: min(60 s, a tenth of the lifetime) before the end it is not.
    /// A token whose expiry was not told is fresh until a server refuses it.
    bool isFresh(const QDateTime &now) const;
};

/// isFresh() for callers that only have the two times.
bool isFresh(const QDateTime &issuedAt, const std::optional<QDateTime> &expiresAt, const QDateTime &now);

/// Reads the answer of a token endpoint: JSON, or a form as GitHub sends it. expires_in may be a
/// number, a fraction or a numeric text; nonsense there means "not told". token_type must be Bearer (or
/// "user" or "bot", Slack's names for that) where it is given, or DPoP if the request had a proof
/// (`wasProven`). `sent` is what must not come back in an error's sentence.
/// Errors: see tokenError(); Protocol if there is no usable access_token.
base::Result<TokenSet> readTokenSet(const http::Response &response, const QStringList &askedScopes,
                                    bool wasProven = false, const QList<base::Secret> &sent = {});

/// The members of a token endpoint's answer, for grants whose answer is no access token.
/// Errors: see tokenError(); Protocol if it is neither JSON nor a form.
base::Result<QJsonObject> readTokenAnswer(const http::Response &response,
                                          const QList<base::Secret> &sent = {});

/// The error of a token endpoint's answer (RFC 6749 section 5.2), whatever its status: services
/// answer 200 with an error, or 401 instead of 400. oauthCode is the code; behind the sentence stands what
/// the service says itself, in any of the forms that Refusal knows.
///  - invalid_grant, and its aliases invalid_refresh_token and expired_token: SignInNeeded
///  - access_denied: Denied
///  - temporarily_unavailable, server_error, slow_down, 5xx, 429: HttpStatus that is transient
///  - anything else: Protocol or HttpStatus with the service's code
/// The remedy is that of remedyFor().
base::Error tokenError(const http::Response &response, const QDateTime &now,
                       const QList<base::Secret> &sent = {});

/// invalid_client and unauthorized_client: it is the app that is refused, not the person.
bool isClientRefusal(QStringView oauthCode);

/// What lets a sign-in through that was refused with this code (see oauth::remedies): another
/// registration for isClientRefusal(), no resource for invalid_target, which Entra says as AADSTS9010010
/// in the description. Empty if nothing is known to help. For token and authorization endpoint.
QString remedyFor(const QString &oauthCode, const QString &description);

} // namespace mooring::oauth
