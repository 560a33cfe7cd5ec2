// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/authorizationserver.h"

#include "base/displaytext.h"

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

struct Endpoint {
    QLatin1StringView name;
    QUrl AuthorizationServer::*member;
    http::UrlUse use;
    bool isRequired;
};

constexpr Endpoint endpoints[] = {
    {"authorization_endpoint"_L1, &AuthorizationServer::authorizationEndpoint, http::UrlUse::Browser, true},
    {"token_endpoint"_L1, &AuthorizationServer::tokenEndpoint, http::UrlUse::Endpoint, true},
    {"registration_endpoint"_L1, &AuthorizationServer::registrationEndpoint, http::UrlUse::Endpoint, false},
    {"revocation_endpoint"_L1, &AuthorizationServer::revocationEndpoint, http::UrlUse::Endpoint, false},
    {"userinfo_endpoint"_L1, &AuthorizationServer::userinfoEndpoint, http::UrlUse::Endpoint, false},
};

struct List {
    QLatin1StringView name;
    QStringList AuthorizationServer::*member;
};

constexpr List lists[] = {
    {"scopes_supported"_L1, &AuthorizationServer::scopesSupported},
    {"grant_types_supported"_L1, &AuthorizationServer::grantTypesSupported},
    {"token_endpoint_auth_methods_supported"_L1, &AuthorizationServer::tokenEndpointAuthMethods},
    {"revocation_endpoint_auth_methods_supported"_L1, &AuthorizationServer::revocationEndpointAuthMethods},
    {"code_challenge_methods_supported"_L1, &AuthorizationServer::codeChallengeMethods},
    {"token_endpoint_auth_signing_alg_values_supported"_L1,
     &AuthorizationServer::tokenEndpointSigningAlgorithms},
    {"dpop_signing_alg_values_supported"_L1, &AuthorizationServer::dpopSigningAlgorithms},
    {"authorization_grant_profiles_supported"_L1, &AuthorizationServer::grantProfiles},
};

constexpr auto issFlag = "authorization_response_iss_parameter_supported"_L1;
constexpr auto metadataDocumentFlag = "client_id_metadata_document_supported"_L1;

QStringView withoutSlash(QStringView text)
{
    return text.endsWith(u'/') ? text.chopped(1) : text;
}

/// RFC 8414 section 3.3 wants identity; a slash more or less at the end is forgiven, because
/// well-known services can't agree with themselves about it.
bool isSameIssuer(const QString &told, const QString &expected)
{
    return !told.isEmpty() && withoutSlash(told) == withoutSlash(expected);
}

base::Result<void> takeEndpoints(const QJsonObject &json, const http::UrlPolicy &policy, const QString &host,
                                 AuthorizationServer *server)
{
    for (const Endpoint &endpoint : endpoints) {
        const QString text = json.value(endpoint.name).toString();
        if (text.isEmpty() && !endpoint.isRequired) {
            continue;
        }
        if (text.isEmpty()) {
            return base::failed(makeError(ErrorKind::Protocol,
                                          tr("The sign-in service %1 leaves out a part of its description "
                                             "that Mooring needs.")
                                              .arg(host),
                                          u"no %1"_s.arg(endpoint.name), host));
        }
        const base::Result<QUrl> url = policy.check(text, endpoint.use);
        if (!url) {
            return base::failed(makeError(
                ErrorKind::RefusedByPolicy,
                tr("Stopped: the sign-in service %1 names an address that is not safe to use.").arg(host),
                u"%1: %2"_s.arg(endpoint.name, url.error().detail), host));
        }
        server->*endpoint.member = *url;
    }
    return {};
}

} // namespace

base::Result<AuthorizationServer> AuthorizationServer::fromJson(const QJsonObject &json,
                                                                const QString &expectedIssuer,
                                                                const http::UrlPolicy &policy,
                                                                const SignInSettings &)
{
    const QString host = base::displayAuthority(QUrl(expectedIssuer));
    AuthorizationServer server;
    server.issuer = json.value("issuer"_L1).toString();
    if (!isSameIssuer(server.issuer, expectedIssuer)) {
        return base::failed(
            makeError(ErrorKind::RefusedByPolicy,
                      tr("Stopped: the sign-in service at %1 says that it is another one (%2).")
                          .arg(host, base::displayText(server.issuer)),
                      u"issuer differs from the identifier that was looked up"_s, host));
    }
    for (const List &list : lists) {
        for (const QJsonValue entry : json.value(list.name).toArray()) {
            if (entry.isString()) {
                (server.*list.member).append(entry.toString());
            }
        }
    }
    if (!server.codeChallengeMethods.contains("S256"_L1)) {
        return base::failed(
            makeError(ErrorKind::RefusedByPolicy,
                      tr("Stopped: the sign-in service %1 doesn't offer the protection against stolen "
                         "sign-ins that Mooring insists on.")
                          .arg(host),
                      u"code_challenge_methods_supported has no S256"_s, host));
    }
    if (const base::Result<void> taken = takeEndpoints(json, policy, host, &server); !taken) {
        return base::failed(taken.error());
    }
    server.issParameterSupported = json.value(issFlag).toBool();
    server.clientIdMetadataDocumentSupported = json.value(metadataDocumentFlag).toBool();
    return server;
}

QJsonObject AuthorizationServer::toRecord() const
{
    QJsonObject record = {{u"issuer"_s, issuer}};
    for (const Endpoint &endpoint : endpoints) {
        if (const QUrl &url = this->*endpoint.member; url.isValid()) {
            record.insert(endpoint.name, url.toString(QUrl::FullyEncoded));
        }
    }
    for (const List &list : lists) {
        // A list that was not there means something else than an empty one.
        if (const QStringList &texts = this->*list.member; !texts.isEmpty()) {
            record.insert(list.name, QJsonArray::fromStringList(texts));
        }
    }
    record.insert(issFlag, issParameterSupported);
    record.insert(metadataDocumentFlag, clientIdMetadataDocumentSupported);
    return record;
}

base::Result<AuthorizationServer> AuthorizationServer::fromRecord(const QJsonObject &record,
                                                                  const http::UrlPolicy &policy,
                                                                  const SignInSettings &settings)
{
    const QString issuer = record.value("issuer"_L1).toString();
    if (const base::Result<QUrl> url = policy.check(issuer, http::UrlUse::Metadata); !url) {
        return base::failed(url.error());
    }
    return fromJson(record, issuer, policy, settings);
}

} // namespace mooring::oauth
