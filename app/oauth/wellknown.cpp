// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/wellknown.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

/// The path as it stands in the URL, without slashes at its end; empty for the root.
QString pathOf(const QUrl &url)
{
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/')) {
        path.chop(1);
    }
    return path;
}

QUrl withPath(const QUrl &base, const QString &path)
{
    QUrl url =
        base.adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
    url.setPath(path, QUrl::TolerantMode);
    return url;
}

} // namespace

QList<QUrl> protectedResourceUrls(const QUrl &serverUrl)
{
    const QString wellKnown = u"/.well-known/oauth-protected-resource"_s;
    const QString path = pathOf(serverUrl);
    QList<QUrl> urls;
    if (!path.isEmpty() || serverUrl.hasQuery()) {
        // A query belongs to the identifier, so it goes along (RFC 9728 section 3.1).
        QUrl url = withPath(serverUrl, wellKnown + path);
        url.setQuery(serverUrl.query(QUrl::FullyEncoded));
        urls.append(url);
    }
    urls.append(withPath(serverUrl, wellKnown));
    return urls;
}

QList<QUrl> authorizationServerUrls(const QUrl &issuer)
{
    const QString oauth = u"/.well-known/oauth-authorization-server"_s;
    const QString openId = u"/.well-known/openid-configuration"_s;
    const QString path = pathOf(issuer);
    if (path.isEmpty()) {
        return {withPath(issuer, oauth), withPath(issuer, openId)};
    }
    return {withPath(issuer, oauth + path), withPath(issuer, openId + path), withPath(issuer, path + openId)};
}

} // namespace mooring::oauth
