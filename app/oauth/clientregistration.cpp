// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientregistration.h"

#include "base/displaytext.h"
#include "base/strictjson.h"
#include "http/retries.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;

namespace {

constexpr qint64 maximumBody = 64 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::oauth", text);
}

QString hostOf(const AuthorizationServer &server)
{
    return base::displayAuthority(QUrl(server.issuer));
}

/// What to ask for at registration: no secret where that is possible. A server without a list means
/// client_secret_basic by it (RFC 8414 section 2).
Result<ClientAuthentication> methodToRegister(const AuthorizationServer &server)
{
    if (server.tokenEndpointAuthMethods.contains(methodName(ClientAuthentication::None))) {
        return ClientAuthentication::None;
    }
    return chooseMethod(server, true, std::nullopt);
}

/// `applicationType` may be empty.
QByteArray registrationBody(const QString &redirectUri, const QStringList &scopes,
                            ClientAuthentication method, const QString &applicationType)
{
    QJsonObject body = {
        {u"client_name"_s, u"Mooring"_s},
        {u"redirect_uris"_s, QJsonArray{redirectUri}},
        {u"grant_types"_s, QJsonArray{u"authorization_code"_s, u"refresh_token"_s}},
        {u"response_types"_s, QJsonArray{u"code"_s}},
        {u"token_endpoint_auth_method"_s, methodName(method)},
        {u"software_id"_s, u"mooring"_s},
        {u"software_version"_s, QStringLiteral(MOORING_VERSION)},
    };
    if (!applicationType.isEmpty()) {
        body.insert(u"application_type"_s, applicationType);
    }
    if (!scopes.isEmpty()) {
        body.insert(u"scope"_s, scopes.join(u' '));
    }
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

base::Error unusable(const AuthorizationServer &server, const QString &detail)
{
    return makeError(
        ErrorKind::Protocol,
        tr("The sign-in service %1 registered Mooring in a way that Mooring can't use.").arg(hostOf(server)),
        detail, hostOf(server));
}

base::Error refused(const http::Response &response, const QString &redirectUri, const QDateTime &now)
{
    base::Error error = statusError(response, now);
    if (error.isTransient()) {
        return error;
    }
    if (const Result<QJsonObject> body = base::parseJsonObject(response.body)) {
        error.oauthCode = base::displayText(body->value("error"_L1).toString(), 60);
        error.detail = u"%1: %2"_s.arg(error.oauthCode,
                                       base::displayText(body->value("error_description"_L1).toString()));
    }
    if (error.oauthCode == "invalid_redirect_uri"_L1) {
        error.sentence =
            tr("The sign-in service %1 doesn't accept the address that the browser must come back "
               "to (%2). Create an app there by hand and enter its client ID.")
                .arg(error.host, redirectUri);
    } else {
        error.sentence =
            tr("The sign-in service %1 doesn't want to register Mooring by itself. Create an app "
               "there by hand and enter its client ID.")
                .arg(error.host);
    }
    error.remedy = QString::fromUtf16(remedies::entersClient);
    return error;
}

/// What to call the kind of app at a second try, where the refusal may be about that; nothing otherwise.
/// Services with rules for the redirect URIs of "native" apps can have others for "web"; those that don't
/// know the member may refuse it.
std::optional<QString> otherApplicationType(const base::Error &error)
{
    if (error.httpStatus != 400 && error.httpStatus != 422) {
        return std::nullopt;
    }
    if (error.oauthCode == "invalid_redirect_uri"_L1) {
        return u"web"_s;
    }
    return error.oauthCode == "invalid_client_metadata"_L1 ? std::optional<QString>(QString()) : std::nullopt;
}

/// What is wrong with an answer of the registration endpoint (RFC 7591 section 3.2.1); empty if
/// nothing is.
QString problemWith(const QJsonObject &body, const QString &redirectUri)
{
    if (body.value("client_id"_L1).toString().isEmpty()) {
        return u"no client_id"_s;
    }
    const QJsonArray uris = body.value("redirect_uris"_L1).toArray();
    if (!uris.isEmpty() && !uris.contains(redirectUri)) {
        return u"another redirect URI than the one asked for"_s;
    }
    const QString named = body.value("token_endpoint_auth_method"_L1).toString();
    if (named.isEmpty()) {
        return {};
    }
    const std::optional<ClientAuthentication> method = methodFromName(named);
    if (!method || *method == ClientAuthentication::PrivateKeyJwt) {
        return u"a method that Mooring can't do: "_s + base::displayText(named, 60);
    }
    const bool hasSecret = !body.value("client_secret"_L1).toString().isEmpty();
    return *method != ClientAuthentication::None && !hasSecret ? u"a method with a secret, but no secret"_s
                                                               : QString();
}

/// RFC 7592 section 3. The token that goes with the address is for the registration endpoint's
/// own service, so an address elsewhere is not used.
void takeManagement(const QJsonObject &body, const AuthorizationServer &server, ClientRegistration *client)
{
    const http::UrlPolicy policy(server.registrationEndpoint);
    const Result<QUrl> url =
        policy.check(body.value("registration_client_uri"_L1).toString(), http::UrlUse::Endpoint);
    const QByteArray token = body.value("registration_access_token"_L1).toString().toUtf8();
    if (url && !token.isEmpty() && http::origin(*url) == http::origin(server.registrationEndpoint)) {
        client->registrationUri = *url;
        client->registrationToken = base::Secret(token);
    }
}

/// Checked in full before any browser opens.
Result<ClientRegistration> readRegistration(const http::Response &response, const AuthorizationServer &server,
                                            const QString &redirectUri)
{
    const Result<QJsonObject> body = readJsonObject(response);
    if (!body) {
        return base::failed(body.error());
    }
    if (const QString problem = problemWith(*body, redirectUri); !problem.isEmpty()) {
        return base::failed(unusable(server, problem));
    }
    const base::Secret secret(body->value("client_secret"_L1).toString().toUtf8());
    const Result<ClientAuthentication> method = chooseMethod(
        server, !secret.isEmpty(), methodFromName(body->value("token_endpoint_auth_method"_L1).toString()));
    if (!method) {
        return base::failed(method.error());
    }
    ClientRegistration client;
    client.issuer = server.issuer;
    client.clientId = body->value("client_id"_L1).toString();
    client.redirectUri = redirectUri;
    client.registeredAt = response.sentAt;
    client.method = *method;
    takeManagement(*body, server, &client);
    if (client.method == ClientAuthentication::None) {
        return client;
    }
    client.clientSecret = secret;
    // Zero means never, and so does what can't be meant (RFC 7591 section 3.2.1).
    const double end = body->value("client_secret_expires_at"_L1).toDouble();
    if (end > 0 && end < 1e11) {
        client.secretExpiresAt = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(end), Qt::UTC);
    }
    return client;
}

/// What is the same in both tries of a registration.
struct Application {
    AuthorizationServer server;
    QString redirectUri;
    QStringList scopes;
    ClientAuthentication method;
};

base::Task<Result<ClientRegistration>> registerOnce(http::Client &client, base::Deadlines deadlines,
                                                    Application application, QString applicationType,
                                                    http::StepSink sink, std::stop_token stop)
{
    http::Request request;
    request.verb = "POST";
    request.url = application.server.registrationEndpoint;
    request.namedBy = application.server.namerOf(request.url);
    request.headers.set("Content-Type", "application/json");
    request.body =
        registrationBody(application.redirectUri, application.scopes, application.method, applicationType);
    request.limits = {deadlines.registration, deadlines.idle, maximumBody};
    http::Step step;
    step.verb = request.verb;
    step.url = request.url;
    const http::Retries retries(http::Retries::Of::UnsentOnly, deadlines);
    const Result<http::Response> response =
        co_await http::sendPatiently(client, std::move(request), retries, std::move(stop));
    Result<ClientRegistration> registration = base::failed(response ? base::Error() : response.error());
    if (response) {
        step.status = response->status;
        step.took = response->took;
        registration = response->isSuccess()
                           ? readRegistration(*response, application.server, application.redirectUri)
                           : base::failed(refused(*response, application.redirectUri, client.clock()()));
    }
    step.outcome = registration ? http::Step::Outcome::Done : http::Step::Outcome::Failed;
    step.learnt = registration ? tr("Mooring is registered at %1.").arg(hostOf(application.server))
                               : registration.error().sentence;
    step.detail = registration ? methodName(registration->method) : registration.error().detail;
    if (sink) {
        sink(step);
    }
    co_return registration;
}

} // namespace

base::Task<Result<std::variant<ClientRegistration, ClientNeeded>>>
obtainClient(http::Client &client, base::Deadlines deadlines, AuthorizationServer server, QString redirectUri,
             QStringList scopes, http::StepSink sink, std::stop_token stop)
{
    using Outcome = std::variant<ClientRegistration, ClientNeeded>;
    if (!server.registrationEndpoint.isValid()) {
        Outcome needed = ClientNeeded{server.issuer, redirectUri};
        co_return needed;
    }
    const Result<ClientAuthentication> method = methodToRegister(server);
    if (!method) {
        co_return base::failed(method.error());
    }
    const Application application{server, redirectUri, scopes, *method};
    Result<ClientRegistration> registration =
        co_await registerOnce(client, deadlines, application, u"native"_s, sink, stop);
    if (!registration) {
        if (const std::optional<QString> other = otherApplicationType(registration.error())) {
            registration = co_await registerOnce(client, deadlines, application, *other, sink, stop);
        }
    }
    if (!registration) {
        co_return base::failed(registration.error());
    }
    Outcome outcome = std::move(*registration);
    co_return outcome;
}

base::Task<Result<void>> deleteRegistration(http::Client &client, base::Deadlines deadlines,
                                            ClientRegistration registration, QUrl namedBy,
                                            std::stop_token stop)
{
    if (registration.registrationUri.isEmpty() || registration.registrationToken.isEmpty()) {
        co_return Result<void>();
    }
    // It was kept in a file since, and a file can be edited.
    const http::UrlPolicy policy(http::AddressClass::Loopback);
    const Result<QUrl> url =
        policy.check(registration.registrationUri.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint);
    if (!url) {
        co_return base::failed(url.error());
    }
    http::Request request;
    request.verb = "DELETE";
    request.url = *url;
    request.namedBy = namedBy;
    request.headers.set("Authorization", "Bearer " + registration.registrationToken.reveal());
    request.limits = {deadlines.registration, deadlines.idle, maximumBody};
    const Result<http::Response> response = co_await client.send(std::move(request), std::move(stop));
    if (!response) {
        co_return base::failed(response.error());
    }
    // RFC 7592 section 2.3: 401 is the answer for a client that does not exist any more.
    const bool isGone = response->status == 401 || response->status == 404 || response->status == 410;
    if (response->isSuccess() || isGone) {
        co_return Result<void>();
    }
    co_return base::failed(statusError(*response, client.clock()()));
}

} // namespace mooring::oauth
