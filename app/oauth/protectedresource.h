// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "oauth/signinsettings.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace mooring::oauth {

/// Protected-resource metadata (RFC 9728 section 2): who signs people in for this server.
struct ProtectedResource {
    /// Byte for byte as the document says it; this very text is the `resource` of RFC 8707.
    QString resource;
    QStringList authorizationServers;
    /// The authorization server's own metadata, where the document carries its endpoints instead of naming
    /// it; always with an issuer. Empty otherwise.
    QJsonObject server;
    /// The document names that issuer, so that there may be metadata of its own.
    bool namesIssuer = false;
    QStringList scopesSupported;
    /// resource_name as it came; show it through base::displayText() only.
    QString name;
    /// dpop_bound_access_tokens_required (RFC 9728 section 2).
    bool dpopRequired = false;
    /// Where the document was found; invalid if the resource is only assumed to be the server itself.
    QUrl foundAt;
    /// The document doesn't say what it is about, so it is taken for the server it was found at.
    bool isAssumed = false;

    /// The server itself, where nothing says more (RFC 8707 section 2, as MCP writes it): no fragment, no
    /// slash for an empty path, and no query, which may be a filter or a key and would be shown in the
    /// browser.
    static ProtectedResource ofServer(const QUrl &serverUrl);

    /// A document without a `resource` counts for the server if it was found at the server's own origin;
    /// some write `resource_identifier`.
    /// Errors: NotFound (it names no authorization server, nor do the settings), Protocol (no resource),
    /// RefusedByPolicy (the resource is not a parent path of `serverUrl`,
    /// RFC 9728 section 3.3; the remedy toleratesForeignResource lets another path through, nothing another
    /// origin).
    static base::Result<ProtectedResource> fromJson(const QJsonObject &json, const QUrl &serverUrl,
                                                    const SignInSettings &settings = {},
                                                    const QUrl &foundAt = {});
};

} // namespace mooring::oauth
