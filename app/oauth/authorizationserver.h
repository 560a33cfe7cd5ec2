// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "http/urlpolicy.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace mooring::oauth {

/// Authorization-server metadata (RFC 8414 section 2, OpenID Connect Discovery section 3), checked.
struct AuthorizationServer {
    /// As the document says it; `iss` is compared with this text (RFC 9207 section 2.4).
    QString issuer;
    QUrl authorizationEndpoint;
    QUrl tokenEndpoint;
    /// Invalid where the service has none, like the next ones.
    QUrl registrationEndpoint;
    QUrl revocationEndpoint;
    QUrl userinfoEndpoint;
    QStringList scopesSupported;
    QStringList grantTypesSupported;
    /// Empty if the document has no such list, which means client_secret_basic (RFC 8414 section 2).
    QStringList tokenEndpointAuthMethods;
    QStringList revocationEndpointAuthMethods;
    QStringList codeChallengeMethods;
    bool issParameterSupported = false;
    bool clientIdMetadataDocumentSupported = false;

    /// `expectedIssuer` is the identifier the document was looked up for; one trailing slash of
    /// difference is forgiven (reference-clients decision 5). Every endpoint passes `policy`.
    /// Errors: RefusedByPolicy (foreign issuer, forbidden endpoint, PKCE S256 not offered),
    /// Protocol (an endpoint is missing).
    static base::Result<AuthorizationServer> fromJson(const QJsonObject &json, const QString &expectedIssuer,
                                                      const http::UrlPolicy &policy);

    /// For the records file: the members above under their RFC names. Restored by fromRecord(),
    /// which checks again: a file can be edited.
    QJsonObject toRecord() const;
    static base::Result<AuthorizationServer> fromRecord(const QJsonObject &record,
                                                        const http::UrlPolicy &policy);
};

} // namespace mooring::oauth
