// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/clientregistration.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace mooring::oauth {

// The client ID metadata document: an address that is Mooring's client id at services that take such a thing.

/// The address of the document that describes Mooring as a client (MCP client ID metadata documents);
/// it is resources/client-metadata.json. Empty if none is hosted for this build, which is set by
/// MOORING_CLIENT_METADATA_URL when it is configured.
QString builtInClientMetadataUrl();
/// The ports of the redirect URIs in that document, in the order to try.
QList<quint16> clientMetadataPorts();
/// The redirect URIs of that document, in the same order.
QStringList clientMetadataRedirectUris();
/// True for what may be used as such an address: https (or this computer), with a path that has no
/// dot segments, and without user name and fragment.
bool isClientMetadataUrl(const QString &url);
/// Whether to sign in as that document: the server takes it, and the redirect URI is one of its.
bool fitsClientMetadata(const AuthorizationServer &server, const QString &metadataUrl,
                        const QString &redirectUri);
/// The registration that such a document stands for; nothing is sent.
ClientRegistration clientFromMetadata(const AuthorizationServer &server, const QString &metadataUrl,
                                      const QString &redirectUri, const QDateTime &now);

} // namespace mooring::oauth
