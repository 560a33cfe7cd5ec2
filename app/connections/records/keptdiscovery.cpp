// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/keptdiscovery.h"

#include "connections/records/recordmembers.h"
#include "http/addresssecrets.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;

namespace {

constexpr qint64 maximumAge = 600;

/// Of all that decides what a look finds.
QString fingerprint(const QUrl &server, const oauth::SignInSettings &settings)
{
    const QByteArray text = server.toEncoded(QUrl::FullyEncoded) + '\n'
                            + QJsonDocument(settings.toJson()).toJson(QJsonDocument::Compact);
    return QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
}

/// The resource as a document about itself, so that one reading checks both.
QJsonObject resourceDocument(const oauth::ProtectedResource &resource, const QString &issuer)
{
    return {{u"resource"_s, resource.resource},
            {u"authorization_servers"_s, QJsonArray{issuer}},
            {u"scopes_supported"_s, QJsonArray::fromStringList(resource.scopesSupported)},
            {u"resource_name"_s, resource.name},
            {u"dpop_bound_access_tokens_required"_s, resource.dpopRequired}};
}

/// AuthorizationServer::fromRecord() forgives a missing list of challenge methods, for grants that are there;
/// before a sign-in that is the settings' business.
bool mayBeUsed(const oauth::AuthorizationServer &server, const oauth::SignInSettings &settings)
{
    return server.codeChallengeMethods.contains("S256"_L1) || settings.toleratesMissingPkce
           || server.isLegacy();
}

} // namespace

bool isRecentLook(const QDateTime &at, const QDateTime &now)
{
    return at.isValid() && at <= now && at.secsTo(now) < maximumAge;
}

QJsonObject keepDiscovery(const oauth::Discovery &found, const QUrl &server,
                          const oauth::SignInSettings &settings, const QDateTime &at)
{
    const QUrl resource(found.resource.resource);
    if (resource.hasQuery() || http::hasSecretPath(resource)) {
        return {};
    }
    return {{u"at"_s, timeValue(at)},
            {u"for"_s, fingerprint(server, settings)},
            {u"resource"_s, resourceDocument(found.resource, found.server.issuer)},
            {u"server"_s, found.server.toRecord()},
            {u"scopes"_s, QJsonArray::fromStringList(found.scopes)},
            {u"wantsDpop"_s, found.wantsDpop}};
}

std::optional<oauth::Discovery> keptDiscovery(const QJsonObject &json, const QUrl &server,
                                              const oauth::SignInSettings &settings, const QDateTime &now)
{
    if (!isRecentLook(timeFrom(json["at"_L1]), now)
        || json["for"_L1].toString() != fingerprint(server, settings)) {
        return std::nullopt;
    }
    const Result<oauth::ProtectedResource> resource =
        oauth::ProtectedResource::fromJson(json["resource"_L1].toObject(), server, settings);
    const Result<oauth::AuthorizationServer> service = oauth::AuthorizationServer::fromRecord(
        json["server"_L1].toObject(), http::UrlPolicy(server), settings);
    if (!resource || !service || !mayBeUsed(*service, settings)) {
        return std::nullopt;
    }
    oauth::Discovery found;
    found.resource = *resource;
    found.server = *service;
    for (const QJsonValue scope : json["scopes"_L1].toArray()) {
        found.scopes.append(scope.toString());
    }
    found.wantsDpop = json["wantsDpop"_L1].toBool();
    return found;
}

} // namespace mooring::connections
