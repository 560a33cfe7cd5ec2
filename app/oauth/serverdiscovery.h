// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/authorizationserver.h"
#include "oauth/metadatafetch.h"

namespace mooring::oauth {

/// The authorization server with this identifier, by RFC 8414 and OpenID Connect Discovery. For an
/// identifier with a path the root documents are asked only when all of its own places have said that there
/// is nothing, and count only if they name that very identifier: mostly they describe somebody else.
base::Task<base::Result<Find<AuthorizationServer>>> findServer(http::Client &client, DiscoveryBudget budget,
                                                               QString issuer, http::UrlPolicy policy,
                                                               SignInSettings settings, http::StepSink sink,
                                                               std::stop_token stop);

/// MCP 2025-03-26: the origin of the MCP server is the authorization server. Its metadata, else the fixed
/// paths /authorize, /token and /register. Only for https and this computer.
base::Task<base::Result<Find<AuthorizationServer>>>
findLegacyServer(http::Client &client, DiscoveryBudget budget, QUrl serverUrl, SignInSettings settings,
                 http::StepSink sink, std::stop_token stop);

/// AuthorizationServer::read(), also where a setting that the person hasn't agreed to would let it through.
base::Result<Find<AuthorizationServer>> readServer(const QJsonObject &json, const QString &issuer,
                                                   const AuthorizationServer::Reading &reading);

/// Steps about what a person should know of a server that was found: other hosts, parts that can't be used.
void noteServer(const http::StepSink &sink, const AuthorizationServer &server);

/// The server that the settings describe in full, where they do: nobody has to be asked. `issuer` is
/// for settings without one; it may be empty.
std::optional<base::Result<AuthorizationServer>> serverOfSettings(const SignInSettings &settings,
                                                                  const QString &issuer);

/// Identifiers to try for what a challenge said about its authorization server: the text itself, and
/// for the address of an authorization endpoint the identifiers that it usually belongs to.
QStringList issuersOfHint(const QString &hint);

/// What the person typed may be anywhere where https is spoken; what its document names may not be
/// nearer than it (http::UrlPolicy).
http::UrlPolicy policyForIssuer(const SignInSettings &settings, const http::UrlPolicy &otherwise);

} // namespace mooring::oauth
