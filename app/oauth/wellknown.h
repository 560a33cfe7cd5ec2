// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QUrl>

namespace mooring::oauth {

/// Where the metadata of a protected resource may be, in order: with the path of the server
/// inserted, then at the root (RFC 9728 section 3.1). One entry for a server at the root. A query goes along,
/// but often it is a filter that the identifier doesn't have, so the place without it follows.
QList<QUrl> protectedResourceUrls(const QUrl &serverUrl);
/// Where else it is found in the field: behind the server's path. Empty for a server at the root.
QList<QUrl> customaryResourceUrls(const QUrl &serverUrl);

/// Where the metadata of an authorization server may be, in order (RFC 8414 section 3.1, OpenID
/// Connect Discovery section 4.1): for an issuer with a path, oauth-authorization-server inserted,
/// openid-configuration inserted, openid-configuration appended; for one without, the two at the
/// root. A path issuer never leads to the root.
QList<QUrl> authorizationServerUrls(const QUrl &issuer);
/// Where else that of an issuer with a path is found in the field: oauth-authorization-server appended, and
/// the two at the root, which describe somebody else unless they say otherwise. Empty for an issuer without
/// one.
QList<QUrl> customaryServerUrls(const QUrl &issuer);

} // namespace mooring::oauth
