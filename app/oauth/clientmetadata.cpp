// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientmetadata.h"

#include "http/urlpolicy.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;

QString builtInClientMetadataUrl()
{
    return QStringLiteral(MOORING_CLIENT_METADATA_URL);
}

QList<quint16> clientMetadataPorts()
{
    // Exact redirect URIs, because a service may compare them with their port (RFC 8252 section 7.3 is
    // not kept by all). Nobody has registered these numbers; they lie below the ports that systems give
    // out for outgoing connections (32768 and up on Linux, 49152 elsewhere) and far apart, so that a
    // reserved range takes one of them at most.
    return {17463, 19637, 21463, 25187, 28671};
}

QStringList clientMetadataRedirectUris()
{
    QStringList uris;
    const QList<quint16> ports = clientMetadataPorts();
    for (const quint16 port : ports) {
        uris.append(u"http://127.0.0.1:%1/callback"_s.arg(port));
    }
    return uris;
}

bool isClientMetadataUrl(const QString &url)
{
    const http::UrlPolicy policy(http::AddressClass::Loopback);
    const base::Result<QUrl> checked = policy.check(url, http::UrlUse::Metadata);
    if (!checked) {
        return false;
    }
    const QStringList segments = checked->path(QUrl::FullyEncoded).split(u'/', Qt::SkipEmptyParts);
    return !segments.isEmpty() && !segments.contains("."_L1) && !segments.contains(".."_L1);
}

bool fitsClientMetadata(const AuthorizationServer &server, const QString &metadataUrl,
                        const QString &redirectUri)
{
    return server.clientIdMetadataDocumentSupported && isClientMetadataUrl(metadataUrl)
           && clientMetadataRedirectUris().contains(redirectUri);
}

ClientRegistration clientFromMetadata(const AuthorizationServer &server, const QString &metadataUrl,
                                      const QString &redirectUri, const QDateTime &now)
{
    ClientRegistration client;
    client.issuer = server.issuer;
    client.clientId = metadataUrl;
    client.redirectUri = redirectUri;
    client.source = ClientRegistration::Source::MetadataDocument;
    client.registeredAt = now;
    return client;
}

} // namespace mooring::oauth
