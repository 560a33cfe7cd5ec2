// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"

namespace mooring::support {

/// Habits of well-known services that the specification doesn't know, each as an MCP server and the
/// service that signs people in for it.
class QuirkyService final {
public:
    enum class Habit {
        Entra, ///< no PKCE list, refuses `resource`, wants the scope at refresh, apps by hand
        Cognito, ///< OpenID document only, no PKCE list, apps by hand with HTTP Basic
        Auth0, ///< its issuer has a slash at the end that nobody else writes
        Okta, ///< issuer with a path, described behind that path only
        Slack, ///< metadata at the root only, the origin as resource, apps by hand, 200 for errors
        GitHub, ///< apps by hand, answers in form encoding, tokens without an end
        Google, ///< a refresh token only for access_type=offline
        EndpointsInResource, ///< the resource's own document names the endpoints
        KeyOrToken, ///< takes either, and says so in one challenge
        Lazy, ///< lists for everybody, wants a token for a call
    };

    QuirkyService(Habit habit, const base::Clock &clock);

    /// What a person would do at the service's site: registers an app with this redirect address.
    connections::ClientCredentials registerApp(const QString &redirectUri);

    FakeAuthServer auth;
    FakeMcpServer mcp;

private:
    void beEntra();
    void beCognito();
    void beSlack();
    void beGitHub();
    void beGoogle();
    void nameEndpointsInResource();
    void wantAppsByHand(const QString &method);
    /// Called with each authorization request; an answer ends it.
    void watchAuthorization(std::function<std::optional<FakeResponse>(const FakeRequest &)> watch);

    /// For services that don't bind their tokens to `resource`.
    bool m_bindsTokens = true;
    QByteArray m_secret;
};

} // namespace mooring::support
