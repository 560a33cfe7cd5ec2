// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/protectedresource.h"

#include "base/displaytext.h"
#include "http/urlpolicy.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::oauth", text);
}

QStringList textsOf(const QJsonValue &value)
{
    QStringList texts;
    for (const QJsonValue entry : value.toArray()) {
        if (!entry.toString().isEmpty()) {
            texts.append(entry.toString());
        }
    }
    return texts;
}

/// Same origin, and a parent in whole path segments: "/a" is a parent of "/a/b" but not of "/ab".
bool covers(const QUrl &resource, const QUrl &server)
{
    if (http::origin(resource) != http::origin(server)) {
        return false;
    }
    if (resource.hasQuery() && resource.query(QUrl::FullyEncoded) != server.query(QUrl::FullyEncoded)) {
        return false;
    }
    QString parent = resource.path(QUrl::FullyEncoded);
    while (parent.endsWith(u'/')) {
        parent.chop(1);
    }
    const QString path = server.path(QUrl::FullyEncoded);
    return path == parent || path.startsWith(parent + u'/') || parent.isEmpty();
}

} // namespace

base::Result<ProtectedResource> ProtectedResource::fromJson(const QJsonObject &json, const QUrl &serverUrl)
{
    const QString host = base::displayAuthority(serverUrl);
    const auto unusable = [&](const QString &detail) {
        return base::failed(makeError(
            ErrorKind::Protocol, tr("%1 describes its sign-in in a way that Mooring can't use.").arg(host),
            detail, host));
    };
    ProtectedResource found;
    found.resource = json.value("resource"_L1).toString();
    if (found.resource.isEmpty()) {
        return unusable(u"protected-resource metadata without a resource"_s);
    }
    const base::Result<QUrl> resource =
        http::UrlPolicy(serverUrl).check(found.resource, http::UrlUse::Metadata);
    if (!resource || !covers(*resource, serverUrl)) {
        return base::failed(
            makeError(ErrorKind::RefusedByPolicy,
                      tr("Stopped: %1 asks for a sign-in that belongs to another server (%2).")
                          .arg(host, base::displayText(found.resource)),
                      u"resource is neither the server nor a parent of it"_s, host));
    }
    found.authorizationServers = textsOf(json.value("authorization_servers"_L1));
    if (found.authorizationServers.isEmpty()) {
        return unusable(u"protected-resource metadata without an authorization server"_s);
    }
    found.scopesSupported = textsOf(json.value("scopes_supported"_L1));
    found.name = json.value("resource_name"_L1).toString();
    return found;
}

} // namespace mooring::oauth
