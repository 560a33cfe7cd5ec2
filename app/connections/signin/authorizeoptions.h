// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "base/task.h"
#include "oauth/clientregistration.h"

#include <functional>
#include <optional>

namespace mooring::connections {

/// Id and optional secret or key of a client that the person has registered at a service.
struct ClientCredentials {
    QString clientId;
    base::Secret clientSecret;
    /// PEM of the key for private_key_jwt; empty for none.
    base::Secret privateKey = {};
    /// The RFC 7518 algorithm of the key; empty: the usual one for that sort of key.
    QByteArray keyAlgorithm = {};
};

/// An assertion in place of a browser: for companies that manage access themselves, and for machines.
struct AssertionGrant {
    /// The JWT of the workload, or an ID token of the company's identity provider.
    base::Secret token;
    /// With an identity provider: its token endpoint and Mooring's client there. The ID token is first
    /// traded for an ID-JAG (MCP enterprise-managed authorization). Invalid: `token` is the assertion itself
    /// (MCP workload identity federation).
    QUrl idpTokenEndpoint = {};
    ClientCredentials idpClient = {};
};

struct AuthorizeOptions {
    /// Asks the person for a client id; the port of the redirect URI is held meanwhile. Without it,
    /// a service without dynamic registration ends the sign-in with an error.
    std::function<base::Task<base::Result<ClientCredentials>>(oauth::ClientNeeded, std::stop_token)>
        askForClient;
    /// Use this client instead of one that is known or can be registered.
    std::optional<ClientCredentials> client;
    /// Keep the tokens in memory only; revoked when the process ends.
    bool windowOnly = false;
    /// The person has agreed to sign in at another service than the one that is on record.
    bool acceptNewIssuer = false;
    /// The person knows that the page to sign in at and the service that gives the access belong together
    /// although they are on different sites.
    bool acceptForeignPage = false;
    /// The person has agreed to give these rights too (MCP step-up); what was asked for before stays.
    QStringList moreScopes = {};
    /// Let the service ask which account to use, if it can.
    bool selectAccount = false;
    /// Forget the registration used so far and get a new one: for a service that has forgotten it.
    bool forgetRegistration = false;
    /// No browser: trade this instead. Never stored; needed again for every new token.
    std::optional<AssertionGrant> assertion = std::nullopt;
};

} // namespace mooring::connections
