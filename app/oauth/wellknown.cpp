// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/wellknown.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

constexpr auto protectedResource = "/.well-known/oauth-protected-resource"_L1;
constexpr auto oauth = "/.well-known/oauth-authorization-server"_L1;
constexpr auto openId = "/.well-known/openid-configuration"_L1;

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
    const QString path = pathOf(serverUrl);
    QList<QUrl> urls;
    if (serverUrl.hasQuery()) {
        // A query belongs to the identifier, so it goes along (RFC 9728 section 3.1).
        QUrl url = withPath(serverUrl, protectedResource + path);
        url.setQuery(serverUrl.query(QUrl::FullyEncoded));
        urls.append(url);
    }
    if (!path.isEmpty()) {
        urls.append(withPath(serverUrl, protectedResource + path));
    }
    urls.append(withPath(serverUrl, protectedResource));
    return urls;
}

QList<QUrl> customaryResourceUrls(const QUrl &serverUrl)
{
    const QString path = pathOf(serverUrl);
    return path.isEmpty() ? QList<QUrl>() : QList<QUrl>{withPath(serverUrl, path + protectedResource)};
}

QList<QUrl> authorizationServerUrls(const QUrl &issuer)
{
    const QString path = pathOf(issuer);
    if (path.isEmpty()) {
        return {withPath(issuer, oauth), withPath(issuer, openId)};
    }
    return {withPath(issuer, oauth + path), withPath(issuer, openId + path), withPath(issuer, path + openId)};
}

QList<QUrl> customaryServerUrls(const QUrl &issuer)
{
    const QString path = pathOf(issuer);
    if (path.isEmpty()) {
        return {};
    }
    return {withPath(issuer, path + oauth), withPath(issuer, oauth), withPath(issuer, openId)};
}

} // namespace mooring::oauth
