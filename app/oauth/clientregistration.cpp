// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientregistration.h"

#include "base/displaytext.h"
#include "base/strictjson.h"

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

QByteArray registrationBody(const QString &redirectUri, const QStringList &scopes,
                            ClientAuthentication method)
{
    QJsonObject body = {
        {u"client_name"_s, u"Mooring"_s},
        {u"redirect_uris"_s, QJsonArray{redirectUri}},
        {u"grant_types"_s, QJsonArray{u"authorization_code"_s, u"refresh_token"_s}},
        {u"response_types"_s, QJsonArray{u"code"_s}},
        {u"application_type"_s, u"native"_s},
        {u"token_endpoint_auth_method"_s, methodName(method)},
        {u"software_id"_s, u"mooring"_s},
        {u"software_version"_s, QStringLiteral(MOORING_VERSION)},
    };
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

base::Error refused(const http::Response &response, const QDateTime &now)
{
    base::Error error = statusError(response, now);
    if (error.isTransient()) {
        return error;
    }
    error.sentence = tr("The sign-in service %1 doesn't want to register Mooring by itself.").arg(error.host);
    if (const Result<QJsonObject> body = base::parseJsonObject(response.body)) {
        error.oauthCode = base::displayText(body->value("error"_L1).toString(), 60);
        error.detail = u"%1: %2"_s.arg(error.oauthCode,
                                       base::displayText(body->value("error_description"_L1).toString()));
    }
    return error;
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
    http::Request request;
    request.verb = "POST";
    request.url = server.registrationEndpoint;
    request.headers.set("Content-Type", "application/json");
    request.body = registrationBody(redirectUri, scopes, *method);
    request.limits = {deadlines.registration, deadlines.idle, maximumBody};
    http::Step step;
    step.verb = request.verb;
    step.url = request.url;
    const Result<http::Response> response = co_await client.send(std::move(request), std::move(stop));
    Result<ClientRegistration> registration = base::failed(response ? base::Error() : response.error());
    if (response) {
        step.status = response->status;
        step.took = response->took;
        registration = response->isSuccess() ? readRegistration(*response, server, redirectUri)
                                             : base::failed(refused(*response, client.clock()()));
    }
    step.outcome = registration ? http::Step::Outcome::Done : http::Step::Outcome::Failed;
    step.learnt =
        registration ? tr("Mooring is registered at %1.").arg(hostOf(server)) : registration.error().sentence;
    step.detail = registration ? methodName(registration->method) : registration.error().detail;
    if (sink) {
        sink(step);
    }
    if (!registration) {
        co_return base::failed(registration.error());
    }
    Outcome outcome = std::move(*registration);
    co_return outcome;
}

} // namespace mooring::oauth
namespace mooring::oauth {
QString builtInClientMetadataUrl()
{
    return {};
}
bool isClientMetadataUrl(const QString &)
{
    return true;
}
} // namespace mooring::oauth
