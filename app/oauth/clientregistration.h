// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/secret.h"
#include "base/task.h"
#include "http/client.h"
#include "http/steps.h"
#include "oauth/authorizationserver.h"
#include "oauth/signingkey.h"

#include <QDateTime>

#include <optional>
#include <variant>

namespace mooring::oauth {

/// How we tell the authorization server who we are (RFC 6749 section 2.3, RFC 7591 section 2).
enum class ClientAuthentication { None, SecretPost, SecretBasic, PrivateKeyJwt };

/// The RFC 7591 name of a method: "none", "client_secret_post", "client_secret_basic", "private_key_jwt".
QString methodName(ClientAuthentication method);
std::optional<ClientAuthentication> methodFromName(QStringView name);

/// A client id and what belongs to it. It is good at its issuer and with its redirect URI only.
struct ClientRegistration {
    enum class Source {
        Dynamic, ///< RFC 7591
        Manual, ///< typed in by the person
        MetadataDocument, ///< the client id is the address of a document about Mooring (CIMD)
    };

    QString issuer;
    QString clientId;
    /// Empty for a public client. With the method None it is one that was given although none was asked for:
    /// used only if the service turns out to want it.
    base::Secret clientSecret;
    /// For private_key_jwt.
    std::optional<SigningKey> key = std::nullopt;
    ClientAuthentication method = ClientAuthentication::None;
    QString redirectUri;
    Source source = Source::Dynamic;
    QDateTime registeredAt;
    /// client_secret_expires_at; none means never.
    std::optional<QDateTime> secretExpiresAt;
    /// RFC 7592: where and with what a dynamic registration can be deleted; empty where it can't.
    QUrl registrationUri = {};
    base::Secret registrationToken = {};
    /// RFC 9126 section 6, RFC 9101 section 10.5 and RFC 9449 section 5.2, where the service has said so of
    /// this client.
    bool requiresPushedRequests = false;
    bool requiresSignedRequest = false;
    bool requiresDpop = false;

    bool isExpired(const QDateTime &now) const { return secretExpiresAt && *secretExpiresAt <= now; }
};

/// There is no way to get a client id but to ask the person, who must register this address at the
/// service. Whoever asks keeps the listener, so that the port stays ours.
struct ClientNeeded {
    QString issuer;
    QString redirectUri;
    /// Why the service didn't register Mooring by itself; none where it registers no apps at all.
    std::optional<base::Error> refusal = std::nullopt;
    /// Where the service explains itself to those who write apps; invalid for none.
    QUrl documentation = {};
};

/// The method to use: what the server lists wins over what we have (RFC 8414 section 2).
/// `registered` is the method that the registration answer named, if any. A key is used before a
/// secret, where the server takes keys of its algorithm.
/// Errors: Protocol, if the server lists no method that we can do.
base::Result<ClientAuthentication> chooseMethod(const AuthorizationServer &server, bool hasSecret,
                                                std::optional<ClientAuthentication> registered,
                                                const std::optional<SigningKey> &key = std::nullopt);

/// Dynamic registration (RFC 7591) of one redirect URI, as a native application that wants refresh tokens;
/// ClientNeeded if the service offers none. `redirectUris` are in the order to try, with the one that a
/// person would register by hand at the end; ClientRegistration::redirectUri is the one that was taken. The
/// answer is checked before any browser opens. A refusal is answered with less (RegistrationTries), which MCP
/// 2026-07-28 allows; otherwise the POST is never sent twice. Errors: Protocol, HttpStatus (with the
/// service's own error code in oauthCode, its own words in the sentence, and the remedy entersClient),
/// Network, …
base::Task<base::Result<std::variant<ClientRegistration, ClientNeeded>>>
obtainClient(http::Client &client, base::Deadlines deadlines, AuthorizationServer server,
             QStringList redirectUris, QStringList scopes, http::StepSink sink, std::stop_token stop);

/// Deletes a dynamic registration at the service (RFC 7592 section 2.3). Success also if it is gone
/// already, or if the registration has no address for that. `namedBy` is the typed server that led to the
/// service (http::Request). Errors: HttpStatus, Network, …
base::Task<base::Result<void>> deleteRegistration(http::Client &client, base::Deadlines deadlines,
                                                  ClientRegistration registration, QUrl namedBy,
                                                  std::stop_token stop);

} // namespace mooring::oauth
