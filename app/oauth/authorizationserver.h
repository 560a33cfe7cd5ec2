// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "http/urlpolicy.h"
#include "oauth/signinsettings.h"

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
    /// A page for developers, service_documentation; invalid where none is named that may be opened.
    QUrl serviceDocumentation;
    QStringList scopesSupported;
    QStringList grantTypesSupported;
    /// Empty if the document has no such list, which means client_secret_basic (RFC 8414 section 2).
    QStringList tokenEndpointAuthMethods;
    QStringList revocationEndpointAuthMethods;
    QStringList codeChallengeMethods;
    /// `alg` values that the token endpoint takes in client assertions (RFC 8414 section 2).
    QStringList tokenEndpointSigningAlgorithms;
    /// RFC 9449 section 5.1; empty where it doesn't know DPoP.
    QStringList dpopSigningAlgorithms;
    /// authorization_grant_profiles_supported, of the MCP extension enterprise-managed-authorization.
    QStringList grantProfiles;
    /// What Request::namedBy is for its endpoints, but for those that a person typed; see namerOf().
    QUrl namedBy;
    QList<QUrl> typedEndpoints;
    /// An optional member that can't be used: what it offers is not to be had here.
    struct Omission {
        QString member;
        QString detail;
    };
    /// For a report; of no record.
    QList<Omission> omissions;
    bool issParameterSupported = false;
    bool clientIdMetadataDocumentSupported = false;
    /// RFC 9126: where the sign-in's request is pushed to before the browser opens. Invalid where that isn't
    /// possible, or is only offered at an address that can't be used.
    QUrl pushedRequestEndpoint;
    bool requiresPushedRequests = false;
    /// RFC 9101 section 10.5, and what the request may be signed with; empty if the document doesn't say.
    bool requiresSignedRequest = false;
    QStringList requestSigningAlgorithms;

    /// Where all this is from.
    enum class Described {
        ByMetadata, ///< found through protected-resource metadata
        AtServerOrigin, ///< MCP 2025-03-26: metadata at the MCP server's own origin
        ByFixedPaths, ///< MCP 2025-03-26: no metadata anywhere; /authorize, /token, /register are a guess
        ByResource, ///< the protected-resource document carries the endpoints itself
    };
    Described described = Described::ByMetadata;
    /// Of what toRecord() has made.
    static Described describedIn(const QJsonObject &record);
    /// The page to sign in at belongs neither to the issuer nor to whoever gets the code: so would a page
    /// that people trust in front of a token endpoint that they don't (mix-up, RFC 9700 section 4.4).
    bool hasForeignPage() const;
    /// To be labelled "legacy".
    bool isLegacy() const
    {
        return described == Described::AtServerOrigin || described == Described::ByFixedPaths;
    }

    /// Who has named one of the endpoints above, for http::Request: the typed server, or nobody but the
    /// person.
    QUrl namerOf(const QUrl &endpoint) const { return typedEndpoints.contains(endpoint) ? QUrl() : namedBy; }

    /// How a document is to be taken.
    struct Reading {
        http::UrlPolicy policy;
        SignInSettings settings;
        Described described;
    };

    /// `expectedIssuer` is the identifier the document was looked up for; one trailing slash of
    /// difference is forgiven (reference-clients decision 5). Every endpoint passes the policy; those of
    /// the settings take the place of the document's. An optional one that doesn't pass is left out; the page
    /// to sign in at is optional where nobody signs in there. A document without a list of challenge methods
    /// is refused unless the settings tolerate it, or it is of a time when none was asked for
    /// (AtServerOrigin); one whose list lacks S256 is refused always.
    /// Errors: RefusedByPolicy (foreign issuer, forbidden endpoint, PKCE S256 not offered; with the remedy
    /// toleratesMissingPkce where only the list is missing), Protocol (an endpoint is missing), NotFound (it
    /// describes no sign-in service at all).
    static base::Result<AuthorizationServer> read(const QJsonObject &json, const QString &expectedIssuer,
                                                  const Reading &reading);
    /// read(), found ByMetadata.
    static base::Result<AuthorizationServer> fromJson(const QJsonObject &json, const QString &expectedIssuer,
                                                      const http::UrlPolicy &policy,
                                                      const SignInSettings &settings = {});

    /// For the records file: the members above under their RFC names. Restored by fromRecord(),
    /// which checks again: a file can be edited. That the list of challenge methods is missing was decided
    /// when the document was read; what was got then must still be possible to give back.
    QJsonObject toRecord() const;
    static base::Result<AuthorizationServer>
    fromRecord(const QJsonObject &record, const http::UrlPolicy &policy, const SignInSettings &settings = {});
};

} // namespace mooring::oauth
