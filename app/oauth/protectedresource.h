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
    QStringList scopesSupported;
    /// resource_name as it came; show it through base::displayText() only.
    QString name;
    /// dpop_bound_access_tokens_required (RFC 9728 section 2).
    bool dpopRequired = false;
    /// Where the document was found; invalid if the resource is only assumed to be the server itself.
    QUrl foundAt;

    /// Errors: Protocol (no authorization server where the settings name none, no or a wrong resource
    /// member), RefusedByPolicy (the resource is not a parent path of `serverUrl`, RFC 9728 section 3.3;
    /// the remedy toleratesForeignResource lets another path through, nothing another origin).
    static base::Result<ProtectedResource> fromJson(const QJsonObject &json, const QUrl &serverUrl,
                                                    const SignInSettings &settings = {});
};

} // namespace mooring::oauth
