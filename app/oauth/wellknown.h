// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QUrl>

namespace mooring::oauth {

/// Where the metadata of a protected resource may be, in order: with the path of the server
/// inserted, then at the root (RFC 9728 section 3.1). One entry for a server at the root.
QList<QUrl> protectedResourceUrls(const QUrl &serverUrl);

/// Where the metadata of an authorization server may be, in order (RFC 8414 section 3.1, OpenID
/// Connect Discovery section 4.1): for an issuer with a path, oauth-authorization-server inserted,
/// openid-configuration inserted, openid-configuration appended; for one without, the two at the
/// root. A path issuer never leads to the root.
QList<QUrl> authorizationServerUrls(const QUrl &issuer);

} // namespace mooring::oauth
