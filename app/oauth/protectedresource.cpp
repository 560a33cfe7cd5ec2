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

/// A parent in whole path segments: "/a" is a parent of "/a/b" but not of "/ab".
bool covers(const QUrl &resource, const QUrl &server)
{
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

base::Result<void> checkResource(const QString &resource, const QUrl &serverUrl, bool toleratesOtherPath)
{
    const base::Result<QUrl> url = http::UrlPolicy(serverUrl).check(resource, http::UrlUse::Metadata);
    const bool isSameOrigin = url && http::origin(*url) == http::origin(serverUrl);
    if (isSameOrigin && (toleratesOtherPath || covers(*url, serverUrl))) {
        return {};
    }
    const QString host = base::displayAuthority(serverUrl);
    base::Error error = makeError(ErrorKind::RefusedByPolicy,
                                  tr("Stopped: %1 asks for a sign-in that belongs to another server (%2).")
                                      .arg(host, base::displayText(resource)),
                                  u"resource is neither the server nor a parent of it"_s, host);
    if (isSameOrigin) {
        error.remedy = QString::fromUtf16(remedies::toleratesForeignResource);
    }
    return base::failed(error);
}

/// Some servers put what belongs into the authorization server's document into their own.
QJsonObject serverIn(const QJsonObject &json)
{
    const QString endpoint = json.value("authorization_endpoint"_L1).toString();
    if (endpoint.isEmpty() || json.value("token_endpoint"_L1).toString().isEmpty()) {
        return {};
    }
    QJsonObject server = json;
    // They list the resource's scopes there, not those of the authorization server.
    server.remove("scopes_supported"_L1);
    if (server.value("issuer"_L1).toString().isEmpty()) {
        const QUrl origin =
            QUrl(endpoint).adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
        server.insert(u"issuer"_s, origin.toString(QUrl::FullyEncoded));
    }
    return server;
}

} // namespace

base::Result<ProtectedResource> ProtectedResource::fromJson(const QJsonObject &json, const QUrl &serverUrl,
                                                            const SignInSettings &settings)
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
    const base::Result<void> checked =
        checkResource(found.resource, serverUrl, settings.toleratesForeignResource);
    if (!checked) {
        return base::failed(checked.error());
    }
    found.authorizationServers = textsOf(json.value("authorization_servers"_L1));
    if (found.authorizationServers.isEmpty()) {
        found.server = serverIn(json);
    }
    const bool isTyped = !settings.issuer.isEmpty()
                         || (settings.authorizationEndpoint.isValid() && settings.tokenEndpoint.isValid());
    if (found.authorizationServers.isEmpty() && found.server.isEmpty() && !isTyped) {
        return unusable(u"protected-resource metadata without an authorization server"_s);
    }
    found.scopesSupported = textsOf(json.value("scopes_supported"_L1));
    found.name = json.value("resource_name"_L1).toString();
    found.dpopRequired = json.value("dpop_bound_access_tokens_required"_L1).toBool();
    return found;
}

} // namespace mooring::oauth
