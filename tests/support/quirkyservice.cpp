// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/quirkyservice.h"

#include <QJsonDocument>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

QString pathOfIssuer(QuirkyService::Habit habit)
{
    switch (habit) {
    case QuirkyService::Habit::Entra:
        return u"/tenant/v2.0"_s;
    case QuirkyService::Habit::Cognito:
        return u"/eu-west-1_pool"_s;
    case QuirkyService::Habit::Okta:
        return u"/oauth2/default"_s;
    default:
        return {};
    }
}

FakeResponse oauthError(const QString &code, const QString &description, int status = 400)
{
    return FakeResponse::json({{u"error"_s, code}, {u"error_description"_s, description}}, status);
}

FakeResponse sentBack(const FakeRequest &request, const QString &code, const QString &description)
{
    const http::FormFields query = request.queryFields();
    const http::FormFields answer = {{"state", fieldOf(query, "state")},
                                     {"error", code.toUtf8()},
                                     {"error_description", description.toUtf8()}};
    return FakeResponse::redirect(fieldOf(query, "redirect_uri") + '?' + http::encodeForm(answer));
}

QJsonObject objectOf(const FakeResponse &response)
{
    return QJsonDocument::fromJson(response.body).object();
}

FakeResponse asForm(const FakeResponse &json, int status)
{
    http::FormFields fields;
    const QJsonObject object = objectOf(json);
    for (auto it = object.begin(); it != object.end(); ++it) {
        fields.append({it.key().toUtf8(), it->toVariant().toString().toUtf8()});
    }
    FakeResponse response = FakeResponse::empty(status);
    response.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    response.body = http::encodeForm(fields);
    return response;
}

} // namespace

QuirkyService::QuirkyService(Habit habit, const base::Clock &clock)
    : auth(pathOfIssuer(habit), clock)
{
    auth.rotates = false;
    mcp.protect(auth.issuer(), [this](const QByteArray &token) {
        const QByteArray resource = auth.resourceOf(token);
        const bool isForUs = mcp.url().toString().toUtf8().startsWith(resource) && !resource.isEmpty();
        return auth.isActive(token) && (isForUs || !m_bindsTokens);
    });
    switch (habit) {
    case Habit::Entra:
        beEntra();
        break;
    case Habit::Cognito:
        beCognito();
        break;
    case Habit::Auth0:
        auth.metadataOverrides = {{u"issuer"_s, auth.issuer() + u'/'}};
        auth.announcesIss = false;
        auth.sendsIss = false;
        break;
    case Habit::Okta:
        auth.servesRfc8414 = false;
        auth.servesOpenId = true;
        auth.rotates = true;
        break;
    case Habit::Slack:
        beSlack();
        break;
    case Habit::GitHub:
        beGitHub();
        break;
    case Habit::Google:
        beGoogle();
        break;
    case Habit::EndpointsInResource:
        nameEndpointsInResource();
        break;
    case Habit::KeyOrToken:
        mcp.challengeOverride =
            "ApiKey realm=\"keys\", Bearer resource_metadata=\"" + mcp.metadataUrl().toEncoded() + '"';
        break;
    case Habit::Lazy:
        mcp.openMethods = {u"server/discover"_s, u"initialize"_s, u"notifications/initialized"_s,
                           u"tools/list"_s};
        break;
    }
}

connections::ClientCredentials QuirkyService::registerApp(const QString &redirectUri)
{
    auth.addClient("app-by-hand", m_secret, redirectUri.toUtf8());
    return {u"app-by-hand"_s, base::Secret(m_secret)};
}

void QuirkyService::wantAppsByHand(const QString &method)
{
    auth.hasRegistration = false;
    auth.authMethods = {method};
    if (method != "none"_L1) {
        m_secret = "secret+of/the app";
    }
}

void QuirkyService::watchAuthorization(std::function<std::optional<FakeResponse>(const FakeRequest &)> watch)
{
    const FakeServer::Handler plain = auth.http().routeOf(auth.pathOf("authorize"));
    auth.http().route(auth.pathOf("authorize"), [plain, watch](const FakeRequest &request) {
        const std::optional<FakeResponse> early = watch(request);
        return early ? *early : plain(request);
    });
}

void QuirkyService::beEntra()
{
    wantAppsByHand(u"none"_s);
    auth.servesRfc8414 = false;
    auth.servesOpenId = true;
    auth.hasRevocation = false;
    auth.metadataOverrides = {{u"code_challenge_methods_supported"_s, QJsonValue::Null}};
    auth.announcesIss = false;
    auth.sendsIss = false;
    mcp.scopesSupported = {u"api://harbour/.default"_s};
    m_bindsTokens = false;
    watchAuthorization([](const FakeRequest &request) -> std::optional<FakeResponse> {
        if (fieldOf(request.queryFields(), "resource").isEmpty()) {
            return std::nullopt;
        }
        return sentBack(request, u"invalid_target"_s,
                        u"AADSTS9010010: The resource parameter doesn't match with the requested scopes."_s);
    });
    auth.editTokenAnswer = [](const FakeRequest &request, FakeResponse *answer) {
        const bool isRefresh = fieldOf(request.form(), "grant_type") == "refresh_token";
        if (isRefresh && fieldOf(request.form(), "scope") != "api://harbour/.default offline_access") {
            *answer = oauthError(u"invalid_request"_s,
                                 u"AADSTS90009: The application is requesting a token for itself."_s);
        }
    };
}

void QuirkyService::beCognito()
{
    wantAppsByHand(u"client_secret_basic"_s);
    auth.servesRfc8414 = false;
    auth.servesOpenId = true;
    auth.metadataOverrides = {{u"code_challenge_methods_supported"_s, QJsonValue::Null},
                              {u"scopes_supported"_s, QJsonArray{u"openid"_s, u"email"_s}}};
    auth.announcesIss = false;
    auth.sendsIss = false;
}

void QuirkyService::beSlack()
{
    wantAppsByHand(u"client_secret_post"_s);
    mcp.servesMetadataAtPath = false;
    mcp.servesMetadataAtRoot = true;
    mcp.challengeNamesMetadata = false;
    mcp.resource = mcp.http().origin();
    auth.editTokenAnswer = [](const FakeRequest &, FakeResponse *answer) {
        QJsonObject object = objectOf(*answer);
        object.insert(u"ok"_s, answer->status == 200);
        *answer = FakeResponse::json(object, 200);
    };
}

void QuirkyService::beGitHub()
{
    wantAppsByHand(u"client_secret_post"_s);
    auth.hasRevocation = false;
    auth.givesRefreshToken = false;
    auth.expiresIn = QJsonValue::Undefined;
    auth.tokenOverrides = {{u"expires_in"_s, QJsonValue::Null}};
    auth.announcesIss = false;
    auth.sendsIss = false;
    auth.editTokenAnswer = [](const FakeRequest &, FakeResponse *answer) { *answer = asForm(*answer, 200); };
}

void QuirkyService::beGoogle()
{
    wantAppsByHand(u"client_secret_post"_s);
    auth.metadataOverrides = {{u"issuer"_s, auth.issuer() + u'/'}};
    auth.announcesIss = false;
    auth.sendsIss = false;
    auth.givesRefreshToken = false;
    watchAuthorization([this](const FakeRequest &request) -> std::optional<FakeResponse> {
        auth.givesRefreshToken = fieldOf(request.queryFields(), "access_type") == "offline";
        return std::nullopt;
    });
}

void QuirkyService::nameEndpointsInResource()
{
    auth.servesRfc8414 = false;
    const QJsonObject document = {
        {u"resource"_s, mcp.url().toString()},
        {u"issuer"_s, auth.issuer()},
        {u"authorization_endpoint"_s, auth.endpoint("authorize").toString()},
        {u"token_endpoint"_s, auth.endpoint("token").toString()},
        {u"registration_endpoint"_s, auth.endpoint("register").toString()},
        {u"revocation_endpoint"_s, auth.endpoint("revoke").toString()},
        {u"token_endpoint_auth_methods_supported"_s, QJsonArray{u"none"_s}},
        {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}},
    };
    mcp.http().route("/.well-known/oauth-protected-resource/mcp", FakeResponse::json(document));
}

} // namespace mooring::support
