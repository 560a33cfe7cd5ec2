// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/authorizationserver.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/site.h"
#include "oauth/metadatamembers.h"

#include <QJsonArray>

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

struct Endpoint {
    QLatin1StringView name;
    QUrl AuthorizationServer::*member;
    http::UrlUse use;
    bool isRequired;
    /// What a person may have typed in its place.
    QUrl SignInSettings::*typed = nullptr;
};

constexpr Endpoint endpoints[] = {
    {"authorization_endpoint"_L1, &AuthorizationServer::authorizationEndpoint, http::UrlUse::Browser, true,
     &SignInSettings::authorizationEndpoint},
    {"token_endpoint"_L1, &AuthorizationServer::tokenEndpoint, http::UrlUse::Endpoint, true,
     &SignInSettings::tokenEndpoint},
    {"registration_endpoint"_L1, &AuthorizationServer::registrationEndpoint, http::UrlUse::Endpoint, false},
    {"revocation_endpoint"_L1, &AuthorizationServer::revocationEndpoint, http::UrlUse::Endpoint, false,
     &SignInSettings::revocationEndpoint},
    {"userinfo_endpoint"_L1, &AuthorizationServer::userinfoEndpoint, http::UrlUse::Endpoint, false},
};

struct List {
    QLatin1StringView name;
    QStringList AuthorizationServer::*member;
};

constexpr auto challengeMethods = "code_challenge_methods_supported"_L1;
/// Of a record only.
constexpr auto describedMember = "mooring_described"_L1;
constexpr QLatin1StringView describedNames[] = {"metadata"_L1, "origin"_L1, "paths"_L1, "resource"_L1};

constexpr List lists[] = {
    {"scopes_supported"_L1, &AuthorizationServer::scopesSupported},
    {"grant_types_supported"_L1, &AuthorizationServer::grantTypesSupported},
    {"token_endpoint_auth_methods_supported"_L1, &AuthorizationServer::tokenEndpointAuthMethods},
    {"revocation_endpoint_auth_methods_supported"_L1, &AuthorizationServer::revocationEndpointAuthMethods},
    {challengeMethods, &AuthorizationServer::codeChallengeMethods},
    {"token_endpoint_auth_signing_alg_values_supported"_L1,
     &AuthorizationServer::tokenEndpointSigningAlgorithms},
    {"dpop_signing_alg_values_supported"_L1, &AuthorizationServer::dpopSigningAlgorithms},
    {"authorization_grant_profiles_supported"_L1, &AuthorizationServer::grantProfiles},
    {"request_object_signing_alg_values_supported"_L1, &AuthorizationServer::requestSigningAlgorithms},
};

constexpr auto documentation = "service_documentation"_L1;
constexpr auto issFlag = "authorization_response_iss_parameter_supported"_L1;
constexpr auto pushedRequestMember = "pushed_authorization_request_endpoint"_L1;
constexpr auto pushedRequestFlag = "require_pushed_authorization_requests"_L1;
constexpr auto signedRequestFlag = "require_signed_request_object"_L1;
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

/// Which part of the name is another one: a proxy that isn't set up right shows there.
QString foreignSentence(const QString &host, const QString &told, const QString &expected)
{
    const QUrl itsUrl(told);
    const QUrl wanted(expected);
    const bool isSameHost = itsUrl.isValid() && itsUrl.host() == wanted.host();
    if (isSameHost && itsUrl.scheme() != wanted.scheme()) {
        return Words::tr(
                   "Stopped: the sign-in service at %1 gives its address with %2:// in place of %3://. Its "
                   "proxy isn't set up right; only its owner can mend that.")
            .arg(host, base::displayText(itsUrl.scheme(), 20), wanted.scheme());
    }
    return Words::tr(
               "Stopped: the sign-in service at %1 says that it is another one (%2). Only its owner can mend "
               "that.")
        .arg(host, http::shownUrl(told));
}

/// Some places answer with a document about something else, or with an empty one.
bool describesNobody(const QJsonObject &json)
{
    return std::ranges::none_of(endpoints, [&json](const Endpoint &endpoint) {
        return endpoint.isRequired && !isUnset(json.value(endpoint.name));
    });
}

base::Result<void> checkIssuer(const QJsonObject &json, const QString &told, const QString &expected)
{
    if (isSameIssuer(told, expected)) {
        return {};
    }
    const QString host = base::displayAuthority(QUrl(expected));
    if (told.isEmpty() && describesNobody(json)) {
        return base::failed(makeError(ErrorKind::NotFound,
                                      Words::tr("%1 describes no sign-in there.").arg(host),
                                      u"neither an issuer nor endpoints"_s, host));
    }
    if (told.isEmpty()) {
        return base::failed(
            makeError(ErrorKind::Protocol,
                      Words::tr("The sign-in service %1 leaves out its name, so Mooring can't tell "
                                "that the description is its "
                                "own. Only its owner can mend that.")
                          .arg(host),
                      u"no issuer"_s, host));
    }
    return base::failed(makeError(ErrorKind::RefusedByPolicy, foreignSentence(host, told, expected),
                                  u"issuer differs from the identifier that was looked up"_s, host));
}

base::Error forbidden(const Endpoint &endpoint, const QString &host, const QString &detail)
{
    return makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: the sign-in service %1 names an address that is not safe to use.").arg(host),
        u"%1: %2"_s.arg(endpoint.name, detail), host);
}

base::Error missing(const Endpoint &endpoint, const QString &host)
{
    return makeError(
        ErrorKind::Protocol,
        Words::tr("The sign-in service %1 leaves out a part of its description that Mooring needs.")
            .arg(host),
        u"no %1"_s.arg(endpoint.name), host);
}

/// Who signs in as an app of its own sees no page (RFC 6749 section 4.4).
bool isNeeded(const Endpoint &endpoint, const SignInSettings &settings)
{
    const bool isPage = endpoint.member == &AuthorizationServer::authorizationEndpoint;
    return endpoint.isRequired && !(isPage && settings.way == SignInSettings::Way::ClientCredentials);
}

base::Result<void> takeEndpoint(const Endpoint &endpoint, const QJsonValue &told,
                                const AuthorizationServer::Reading &reading, const QString &host,
                                AuthorizationServer *server)
{
    const QUrl typed = endpoint.typed ? reading.settings.*endpoint.typed : QUrl();
    const QString text = typed.isValid() ? typed.toString(QUrl::FullyEncoded) : addressIn(told);
    const bool isOptional = !typed.isValid() && !isNeeded(endpoint, reading.settings);
    if (text.isEmpty() && !isOptional) {
        return base::failed(missing(endpoint, host));
    }
    if (text.isEmpty()) {
        if (!isUnset(told)) {
            server->omissions.append({endpoint.name, u"no text"_s});
        }
        return {};
    }
    // A person may have a service nearer than the server; nobody else can know of it.
    const http::UrlPolicy policy = typed.isValid() ? http::UrlPolicy(typed) : reading.policy;
    const base::Result<QUrl> url = policy.check(text, endpoint.use);
    if (!url && isOptional) {
        server->omissions.append({endpoint.name, url.error().detail});
        return {};
    }
    if (!url) {
        return base::failed(forbidden(endpoint, host, url.error().detail));
    }
    server->*endpoint.member = *url;
    if (typed.isValid()) {
        server->typedEndpoints.append(*url);
    }
    return {};
}

base::Result<void> takeEndpoints(const QJsonObject &json, const AuthorizationServer::Reading &reading,
                                 const QString &host, AuthorizationServer *server)
{
    for (const Endpoint &endpoint : endpoints) {
        const base::Result<void> taken =
            takeEndpoint(endpoint, json.value(endpoint.name), reading, host, server);
        if (!taken) {
            return taken;
        }
    }
    return {};
}

void takeLists(const QJsonObject &json, AuthorizationServer *server)
{
    for (const List &list : lists) {
        server->*list.member = textsIn(json.value(list.name));
    }
}

/// RFC 9126 section 5. The whole sign-in and the client's secret go there, so it is a part of the service
/// itself: of the site of its issuer, of its token endpoint or of its page. Elsewhere, what is only offered
/// is left out.
base::Result<void> takePushing(const QJsonObject &json, const AuthorizationServer::Reading &reading,
                               const QString &host, AuthorizationServer *server)
{
    server->requiresPushedRequests = json.value(pushedRequestFlag).toBool();
    const QString text = json.value(pushedRequestMember).toString();
    const base::Result<QUrl> url = reading.policy.check(text, http::UrlUse::Endpoint);
    const bool isOwn =
        url
        && (http::isSameSite(*url, QUrl(server->issuer)) || http::isSameSite(*url, server->tokenEndpoint)
            || http::isSameSite(*url, server->authorizationEndpoint));
    if (isOwn) {
        server->pushedRequestEndpoint = *url;
        return {};
    }
    if (!server->requiresPushedRequests) {
        return {};
    }
    if (text.isEmpty()) {
        return base::failed(
            makeError(ErrorKind::Protocol,
                      Words::tr("The sign-in service %1 wants sign-ins to be pushed to it and doesn't "
                                "say where. Only its owner can mend that.")
                          .arg(host),
                      u"no %1"_s.arg(pushedRequestMember), host));
    }
    const QString detail = url ? u"another site: "_s + base::displayAuthority(*url) : url.error().detail;
    return base::failed(makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: the sign-in service %1 names an address that is not safe to use.").arg(host),
        u"%1: %2"_s.arg(pushedRequestMember, detail), host));
}

/// MCP 2025-11-25 and newer: a service that doesn't say that it checks S256 is not used, because one that
/// ignores the challenge looks the same as one that checks it.
base::Result<void> checkPkce(const QJsonObject &json, const AuthorizationServer &server,
                             bool toleratesMissing, const QString &host)
{
    const QJsonValue list = json.value(challengeMethods);
    const bool isMissing = !list.isArray() && server.codeChallengeMethods.isEmpty();
    if (server.codeChallengeMethods.contains("S256"_L1) || (isMissing && toleratesMissing)) {
        return {};
    }
    base::Error error = makeError(
        ErrorKind::RefusedByPolicy,
        isMissing
            ? Words::tr("Stopped: the sign-in service %1 doesn't say that it protects sign-ins against theft "
                        "(PKCE). If you trust it, you can go on without its word.")
                  .arg(host)
            : Words::tr("Stopped: the sign-in service %1 doesn't offer the protection against stolen "
                        "sign-ins that Mooring insists on.")
                  .arg(host),
        isMissing ? u"no code_challenge_methods_supported"_s
                  : u"code_challenge_methods_supported has no S256"_s,
        host);
    if (isMissing) {
        error.remedy = QString::fromUtf16(remedies::toleratesMissingPkce);
    }
    return base::failed(error);
}

} // namespace

base::Result<AuthorizationServer>
AuthorizationServer::read(const QJsonObject &json, const QString &expectedIssuer, const Reading &reading)
{
    const QString host = base::displayAuthority(QUrl(expectedIssuer));
    AuthorizationServer server;
    server.described = reading.described;
    server.namedBy = reading.policy.typed();
    server.issuer = addressIn(json.value("issuer"_L1));
    if (const base::Result<void> checked = checkIssuer(json, server.issuer, expectedIssuer); !checked) {
        return base::failed(checked.error());
    }
    takeLists(json, &server);
    const bool usesCodes = reading.settings.way == SignInSettings::Way::Browser;
    const bool toleratesMissing =
        reading.settings.toleratesMissingPkce || reading.described == Described::AtServerOrigin;
    const base::Result<void> checked =
        usesCodes ? checkPkce(json, server, toleratesMissing, host) : base::Result<void>();
    if (!checked) {
        return base::failed(checked.error());
    }
    if (const base::Result<void> taken = takeEndpoints(json, reading, host, &server); !taken) {
        return base::failed(taken.error());
    }
    if (const base::Result<void> taken = takePushing(json, reading, host, &server); !taken) {
        return base::failed(taken.error());
    }
    server.requiresSignedRequest = json.value(signedRequestFlag).toBool();
    // Nobody needs it to sign in: one that can't be opened is none.
    server.serviceDocumentation =
        reading.policy.check(json.value(documentation).toString(), http::UrlUse::Browser).value_or(QUrl());
    server.issParameterSupported = json.value(issFlag).toBool();
    server.clientIdMetadataDocumentSupported = json.value(metadataDocumentFlag).toBool();
    return server;
}

base::Result<AuthorizationServer> AuthorizationServer::fromJson(const QJsonObject &json,
                                                                const QString &expectedIssuer,
                                                                const http::UrlPolicy &policy,
                                                                const SignInSettings &settings)
{
    return read(json, expectedIssuer, {policy, settings, Described::ByMetadata});
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
    if (serviceDocumentation.isValid()) {
        record.insert(documentation, serviceDocumentation.toString(QUrl::FullyEncoded));
    }
    record.insert(issFlag, issParameterSupported);
    record.insert(metadataDocumentFlag, clientIdMetadataDocumentSupported);
    // Members that were not known once: a record without them stays as it is.
    if (pushedRequestEndpoint.isValid()) {
        record.insert(pushedRequestMember, pushedRequestEndpoint.toString(QUrl::FullyEncoded));
    }
    if (requiresPushedRequests) {
        record.insert(pushedRequestFlag, true);
    }
    if (requiresSignedRequest) {
        record.insert(signedRequestFlag, true);
    }
    if (described != Described::ByMetadata) {
        record.insert(describedMember, describedNames[static_cast<std::size_t>(described)]);
    }
    return record;
}

base::Result<AuthorizationServer> AuthorizationServer::fromRecord(const QJsonObject &record,
                                                                  const http::UrlPolicy &policy,
                                                                  const SignInSettings &settings)
{
    const QString issuer = record.value("issuer"_L1).toString();
    // The issuer may be one that the person typed; then it may be nearer than the server.
    const http::UrlPolicy itsPolicy =
        settings.issuer.isEmpty() ? policy : http::UrlPolicy(QUrl(settings.issuer));
    if (const base::Result<QUrl> url = itsPolicy.check(issuer, http::UrlUse::Metadata); !url) {
        return base::failed(url.error());
    }
    SignInSettings lenient = settings;
    lenient.toleratesMissingPkce = true;
    if (!record.contains("authorization_endpoint"_L1)) {
        lenient.way = SignInSettings::Way::ClientCredentials;
    }
    return read(record, issuer, {itsPolicy, lenient, describedIn(record)});
}

AuthorizationServer::Described AuthorizationServer::describedIn(const QJsonObject &record)
{
    const auto found = std::ranges::find(describedNames, record.value(describedMember).toString());
    return found == std::end(describedNames) ? Described::ByMetadata
                                             : static_cast<Described>(found - std::begin(describedNames));
}

bool AuthorizationServer::hasForeignPage() const
{
    return !http::isSameSite(authorizationEndpoint, tokenEndpoint)
           && !http::isSameSite(authorizationEndpoint, QUrl(issuer));
}

} // namespace mooring::oauth
