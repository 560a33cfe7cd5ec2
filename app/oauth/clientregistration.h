// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/secret.h"
#include "base/task.h"
#include "http/client.h"
#include "http/steps.h"
#include "oauth/authorizationserver.h"

#include <QDateTime>

#include <optional>
#include <variant>

namespace mooring::oauth {

/// How we tell the authorization server who we are (RFC 6749 section 2.3, RFC 7591 section 2).
enum class ClientAuthentication { None, SecretPost, SecretBasic };

/// The RFC 7591 name of a method: "none", "client_secret_post", "client_secret_basic".
QString methodName(ClientAuthentication method);
std::optional<ClientAuthentication> methodFromName(QStringView name);

/// A client id and what belongs to it. It is good at its issuer and with its redirect URI only.
struct ClientRegistration {
    enum class Source {
        Dynamic, ///< RFC 7591
        Manual, ///< typed in by the person
    };

    QString issuer;
    QString clientId;
    /// Empty for a public client.
    base::Secret clientSecret;
    ClientAuthentication method = ClientAuthentication::None;
    QString redirectUri;
    Source source = Source::Dynamic;
    QDateTime registeredAt;
    /// client_secret_expires_at; none means never.
    std::optional<QDateTime> secretExpiresAt;

    bool isExpired(const QDateTime &now) const { return secretExpiresAt && *secretExpiresAt <= now; }
};

/// There is no way to get a client id but to ask the person, who must register this address at the
/// service. Whoever asks keeps the listener, so that the port stays ours.
struct ClientNeeded {
    QString issuer;
    QString redirectUri;
};

/// The method to use: what the server lists wins over what we have (RFC 8414 section 2).
/// `registered` is the method that the registration answer named, if any.
/// Errors: Protocol, if the server lists no method that we can do.
base::Result<ClientAuthentication> chooseMethod(const AuthorizationServer &server, bool hasSecret,
                                                std::optional<ClientAuthentication> registered);

/// Dynamic registration (RFC 7591) of exactly `redirectUri`, as a native application that wants
/// refresh tokens; ClientNeeded if the service offers none. The answer is checked before any
/// browser opens. The POST is never sent twice. Errors: Protocol, HttpStatus (with the service's
/// own error code in oauthCode), Network, …
base::Task<base::Result<std::variant<ClientRegistration, ClientNeeded>>>
obtainClient(http::Client &client, base::Deadlines deadlines, AuthorizationServer server, QString redirectUri,
             QStringList scopes, http::StepSink sink, std::stop_token stop);

} // namespace mooring::oauth
