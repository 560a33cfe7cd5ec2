// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "http/steps.h"
#include "oauth/authorizationserver.h"
#include "oauth/challenge.h"
#include "oauth/protectedresource.h"

namespace mooring::oauth {

/// Everything that is known before anybody signs in.
struct Discovery {
    ProtectedResource resource;
    AuthorizationServer server;
    /// What to ask for: the challenge's scope, else what the resource lists, else nothing; to something,
    /// offline_access is added where the authorization server lists it (MCP scope selection strategy), and
    /// so are the extra scopes of the settings.
    QStringList scopes;
    /// The server wants tokens that are bound to a key (RFC 9449), and the settings allow it.
    bool wantsDpop = false;
};

/// A discovery, and what stands in its way.
struct Prospect {
    /// As discover() gives it.
    base::Result<Discovery> found;
    /// Where nothing but the remedy of `found`'s error is missing: what there would be with it. Nobody may
    /// sign in by it before a person has agreed.
    std::optional<Discovery> ahead = std::nullopt;
};

/// From the challenge to the authorization server: the challenge's metadata URL, else the well-known
/// ones; then the first authorization server that the policy allows, and of those rather one that needs no
/// remedy. What `settings` say is used in place of what the documents say. "Not there" (4xx, a web page, a
/// document that says nothing) and unusable documents lead to the next candidate; network trouble and 5xx are
/// reported as such and never mistaken for "there is no sign-in".
///
/// Without any protected-resource metadata: what else the challenge says about its authorization
/// server; then, if the challenge is Bearer or DPoP, MCP 2025-03-26 (see AuthorizationServer::Described),
/// with the server's own URL as the resource. Whoever has a 401 without a challenge and wants that
/// fallback passes a bare Bearer challenge.
///
/// Errors: NotFound (nothing says where to sign in), RefusedByPolicy (with a remedy where a setting
/// lets it through), Protocol, Network, … Each request is one Step.
base::Task<base::Result<Discovery>> discover(http::Client &client, base::Deadlines deadlines, QUrl serverUrl,
                                             QList<Challenge> challenges, SignInSettings settings,
                                             http::StepSink sink, std::stop_token stop);
/// The same with what comes behind a remedy; no request more.
base::Task<Prospect> lookAhead(http::Client &client, base::Deadlines deadlines, QUrl serverUrl,
                               QList<Challenge> challenges, SignInSettings settings, http::StepSink sink,
                               std::stop_token stop);

/// Fetches the metadata of one issuer again.
base::Task<base::Result<AuthorizationServer>>
fetchAuthorizationServer(http::Client &client, base::Deadlines deadlines, QString issuer,
                         http::UrlPolicy policy, http::StepSink sink, std::stop_token stop);

} // namespace mooring::oauth
