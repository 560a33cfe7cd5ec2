// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/protectedresource.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"
#include "oauth/metadatamembers.h"

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

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

/// What a person can tell the owner: which part of the address is another one.
QString mismatchSentence(const QString &host, const QString &resource, const QUrl &serverUrl)
{
    const QUrl named(resource, QUrl::StrictMode);
    const bool isSameHost = named.isValid() && !named.host().isEmpty() && named.host() == serverUrl.host();
    if (isSameHost && named.scheme() != serverUrl.scheme()) {
        return Words::tr(
                   "Stopped: %1 calls itself %2:// in the description of its sign-in, but was reached with "
                   "%3://. Its proxy isn't set up right; only its owner can mend that.")
            .arg(host, base::displayText(named.scheme(), 20), serverUrl.scheme());
    }
    if (isSameHost && http::origin(named) != http::origin(serverUrl)) {
        return Words::tr(
                   "Stopped: %1 names another port (%2) in the description of its sign-in. Its proxy isn't "
                   "set "
                   "up right; only its owner can mend that.")
            .arg(host, base::displayAuthority(named));
    }
    if (isSameHost) {
        return Words::tr("Stopped: %1 describes the sign-in of another address there (%2).")
            .arg(host, http::shownUrl(resource));
    }
    return Words::tr(
               "Stopped: %1 asks for a sign-in that belongs to another server (%2). If that is another name "
               "of "
               "it, its owner has to put the right one into the description.")
        .arg(host, http::shownUrl(resource));
}

base::Result<void> checkResource(const QString &resource, const QUrl &serverUrl, bool toleratesOtherPath)
{
    const base::Result<QUrl> url = http::UrlPolicy(serverUrl).check(resource, http::UrlUse::Metadata);
    const bool isSameOrigin = url && http::origin(*url) == http::origin(serverUrl);
    const auto isCovered = [&] {
        return covers(http::withoutSecretQuery(*url).url, http::withoutSecretQuery(serverUrl).url);
    };
    if (isSameOrigin && (toleratesOtherPath || isCovered())) {
        return {};
    }
    const QString host = base::displayAuthority(serverUrl);
    base::Error error =
        makeError(ErrorKind::RefusedByPolicy, mismatchSentence(host, resource, serverUrl),
                  u"resource is neither the server nor a parent of it: "_s + http::shownUrl(resource), host);
    if (isSameOrigin) {
        error.remedy = QString::fromUtf16(remedies::toleratesForeignResource);
    }
    return base::failed(error);
}

/// As some servers write it; then as the RFC does.
QString resourceIn(const QJsonObject &json)
{
    const QString resource = addressIn(json.value("resource"_L1));
    return resource.isEmpty() ? addressIn(json.value("resource_identifier"_L1)) : resource;
}

/// The identifier goes into the address of a page that the browser keeps in its history.
QString withoutKey(const QString &resource)
{
    const QUrl url(resource, QUrl::StrictMode);
    if (!http::holdsSecret(url)) {
        return resource;
    }
    QUrl safe = http::withoutSecretQuery(url).url;
    if (http::hasSecretPath(safe)) {
        safe = safe.adjusted(QUrl::RemovePath | QUrl::RemoveQuery);
    }
    return safe.toString(QUrl::FullyEncoded);
}

/// Servers that answer everything answer with something else, or with nothing.
bool saysNothing(const QJsonObject &json)
{
    constexpr QLatin1StringView members[] = {"resource"_L1, "resource_identifier"_L1,
                                             "authorization_servers"_L1, "authorization_endpoint"_L1,
                                             "token_endpoint"_L1};
    return std::ranges::all_of(members, [&](QLatin1StringView name) { return isUnset(json.value(name)); });
}

/// Some servers put what belongs into the authorization server's document into their own.
void takeServer(const QJsonObject &json, const QUrl &serverUrl, ProtectedResource *found)
{
    const QString tokens = addressIn(json.value("token_endpoint"_L1));
    if (addressIn(json.value("authorization_endpoint"_L1)).isEmpty() || tokens.isEmpty()) {
        return;
    }
    found->server = json;
    // They list the resource's scopes there, not those of the authorization server.
    found->server.remove("scopes_supported"_L1);
    QString issuer = addressIn(json.value("issuer"_L1));
    found->namesIssuer = http::UrlPolicy(serverUrl).check(issuer, http::UrlUse::Metadata).has_value();
    if (!found->namesIssuer) {
        // Whoever gets the code, so that a page of somebody else's shows as one.
        const QUrl origin =
            QUrl(tokens).adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
        issuer = origin.toString(QUrl::FullyEncoded);
    }
    found->server.insert(u"issuer"_s, issuer);
}

base::Error unusable(const QString &host, const QString &detail)
{
    return makeError(
        ErrorKind::Protocol,
        Words::tr("%1 describes its sign-in in a way that Mooring can't use. Only its owner can mend that.")
            .arg(host),
        detail, host);
}

base::Error nobodyNamed(const QJsonObject &json, const QString &host)
{
    if (!isUnset(json.value("authorization_endpoint"_L1)) || !isUnset(json.value("token_endpoint"_L1))) {
        return unusable(host, u"one of authorization_endpoint and token_endpoint, without the other"_s);
    }
    return makeError(ErrorKind::NotFound,
                     Words::tr("%1 describes itself, but names no sign-in service.").arg(host),
                     u"protected-resource metadata without an authorization server"_s, host);
}

/// Which resource the document is about.
base::Result<void> takeResource(const QJsonObject &json, const QUrl &serverUrl,
                                const SignInSettings &settings, ProtectedResource *found)
{
    found->resource = resourceIn(json);
    if (!found->resource.isEmpty()) {
        const base::Result<void> checked =
            checkResource(found->resource, serverUrl, settings.toleratesForeignResource);
        found->resource = withoutKey(found->resource);
        return checked;
    }
    if (!found->foundAt.isValid() || http::origin(found->foundAt) != http::origin(serverUrl)) {
        return base::failed(
            unusable(base::displayAuthority(serverUrl), u"protected-resource metadata without a resource"_s));
    }
    found->resource = ProtectedResource::ofServer(serverUrl).resource;
    found->isAssumed = true;
    return {};
}

} // namespace

ProtectedResource ProtectedResource::ofServer(const QUrl &serverUrl)
{
    QUrl canonical = serverUrl.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment | QUrl::RemoveQuery);
    if (canonical.path() == "/"_L1) {
        canonical.setPath({});
    }
    ProtectedResource resource;
    resource.resource = withoutKey(canonical.toString(QUrl::FullyEncoded));
    return resource;
}

base::Result<ProtectedResource> ProtectedResource::fromJson(const QJsonObject &json, const QUrl &serverUrl,
                                                            const SignInSettings &settings,
                                                            const QUrl &foundAt)
{
    const QString host = base::displayAuthority(serverUrl);
    if (saysNothing(json)) {
        return base::failed(makeError(ErrorKind::NotFound,
                                      Words::tr("%1 describes no sign-in there.").arg(host),
                                      u"neither a resource nor a sign-in service"_s, host));
    }
    ProtectedResource found;
    found.foundAt = foundAt;
    if (const base::Result<void> taken = takeResource(json, serverUrl, settings, &found); !taken) {
        return base::failed(taken.error());
    }
    found.authorizationServers = textsIn(json.value("authorization_servers"_L1));
    if (found.authorizationServers.isEmpty()) {
        takeServer(json, serverUrl, &found);
    }
    const bool isTyped = !settings.issuer.isEmpty()
                         || (settings.authorizationEndpoint.isValid() && settings.tokenEndpoint.isValid());
    if (found.authorizationServers.isEmpty() && found.server.isEmpty() && !isTyped) {
        return base::failed(nobodyNamed(json, host));
    }
    found.scopesSupported = textsIn(json.value("scopes_supported"_L1));
    found.name = json.value("resource_name"_L1).toString();
    found.dpopRequired = json.value("dpop_bound_access_tokens_required"_L1).toBool();
    return found;
}

} // namespace mooring::oauth
