// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientregistration.h"

#include "base/displaytext.h"
#include "base/strictjson.h"
#include "base/words.h"
#include "http/retries.h"
#include "oauth/refusal.h"
#include "oauth/registrationtries.h"

#include <QElapsedTimer>
#include <QJsonArray>

#include <cmath>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

namespace {

constexpr qint64 maximumBody = 64 * 1024;

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

base::Error unusable(const AuthorizationServer &server, const QString &detail)
{
    return makeError(ErrorKind::Protocol,
                     Words::tr("The sign-in service %1 registered Mooring in a way that Mooring can't use.")
                         .arg(hostOf(server)),
                     detail, hostOf(server));
}

base::Error refused(const http::Response &response, const Refusal &said, const QString &redirectUri,
                    const QDateTime &now)
{
    base::Error error = statusError(response, now);
    if (error.isTransient()) {
        return said.added(std::move(error));
    }
    error.oauthCode = said.code();
    error.detail = u"HTTP %1, error %2"_s.arg(response.status).arg(said.code());
    if (error.oauthCode == "invalid_redirect_uri"_L1) {
        error.sentence =
            Words::tr("The sign-in service %1 doesn't accept the address that the browser must come back "
                      "to (%2).")
                .arg(error.host, redirectUri);
    } else {
        error.sentence =
            Words::tr("The sign-in service %1 didn't register Mooring by itself.").arg(error.host);
    }
    error.remedy = QString::fromUtf16(remedies::entersClient);
    return said.added(std::move(error));
}

/// Some services count their clients.
QString idOf(const QJsonValue &value)
{
    constexpr double mostExact = 9007199254740992;
    const double number = value.toDouble();
    const bool isNumber =
        value.isDouble() && number >= 0 && number < mostExact && number == std::floor(number);
    return isNumber ? QString::number(static_cast<qint64>(number)) : value.toString();
}

/// What is wrong with an answer of the registration endpoint (RFC 7591 section 3.2.1); empty if
/// nothing is.
QString problemWith(const QJsonObject &body, const QString &redirectUri)
{
    if (idOf(body.value("client_id"_L1)).isEmpty()) {
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
    client.clientId = idOf(body->value("client_id"_L1));
    client.redirectUri = redirectUri;
    client.registeredAt = response.sentAt;
    client.method = *method;
    client.clientSecret = secret;
    client.requiresPushedRequests = body->value("require_pushed_authorization_requests"_L1).toBool();
    client.requiresDpop = body->value("dpop_bound_access_tokens"_L1).toBool();
    client.requiresSignedRequest = body->value("require_signed_request_object"_L1).toBool();
    takeManagement(*body, server, &client);
    if (client.method == ClientAuthentication::None) {
        return client;
    }
    // Zero means never, and so does what can't be meant (RFC 7591 section 3.2.1).
    const double end = body->value("client_secret_expires_at"_L1).toDouble();
    if (end > 0 && end < 1e11) {
        client.secretExpiresAt = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(end), Qt::UTC);
    }
    return client;
}

/// One try: what came of it, and what the service says if it refused.
struct Outcome {
    Result<ClientRegistration> registration;
    Refusal said;
};

http::Request requestFor(const AuthorizationServer &server, const Application &application,
                         const base::Deadlines &deadlines)
{
    http::Request request;
    request.verb = "POST";
    request.url = server.registrationEndpoint;
    request.namedBy = server.namerOf(request.url);
    request.headers.set("Content-Type", "application/json");
    request.body = application.toJson();
    request.limits = {deadlines.registration, deadlines.idle, maximumBody};
    return request;
}

void tell(const http::StepSink &sink, http::Step step, const Outcome &outcome, const QString &host)
{
    const Result<ClientRegistration> &registration = outcome.registration;
    step.outcome = registration ? http::Step::Outcome::Done : http::Step::Outcome::Failed;
    step.learnt =
        registration ? Words::tr("Mooring is registered at %1.").arg(host) : registration.error().sentence;
    step.detail = registration ? methodName(registration->method) : registration.error().detail;
    if (sink) {
        sink(step);
    }
}

base::Task<Outcome> registerOnce(http::Client &client, base::Deadlines deadlines, AuthorizationServer server,
                                 Application application, QString usualRedirectUri, http::StepSink sink,
                                 std::stop_token stop)
{
    http::Request request = requestFor(server, application, deadlines);
    http::Step step;
    step.verb = request.verb;
    step.url = request.url;
    const http::Retries retries(http::Retries::Of::UnsentOnly, deadlines);
    QElapsedTimer timer;
    timer.start();
    const Result<http::Response> response =
        co_await http::sendPatiently(client, std::move(request), retries, std::move(stop));
    step.took = std::chrono::milliseconds(timer.elapsed());
    Outcome outcome{base::failed(response ? base::Error() : response.error()), {}};
    if (response) {
        step.status = response->status;
        outcome.said = Refusal::of(*response);
        outcome.registration =
            response->isSuccess()
                ? readRegistration(*response, server, application.redirectUri)
                : base::failed(refused(*response, outcome.said, usualRedirectUri, client.clock()()));
    }
    tell(sink, step, outcome, hostOf(server));
    co_return outcome;
}

} // namespace

base::Task<Result<std::variant<ClientRegistration, ClientNeeded>>>
obtainClient(http::Client &client, base::Deadlines deadlines, AuthorizationServer server,
             QStringList redirectUris, QStringList scopes, http::StepSink sink, std::stop_token stop)
{
    using Obtained = std::variant<ClientRegistration, ClientNeeded>;
    const QString usual = redirectUris.last();
    if (!server.registrationEndpoint.isValid()) {
        Obtained needed = ClientNeeded{server.issuer, usual};
        co_return needed;
    }
    const Result<ClientAuthentication> method = methodToRegister(server);
    if (!method) {
        co_return base::failed(method.error());
    }
    RegistrationTries tries(server, {usual, scopes, *method}, redirectUris);
    while (true) {
        Outcome outcome =
            co_await registerOnce(client, deadlines, server, tries.application(), usual, sink, stop);
        if (outcome.registration) {
            Obtained obtained = std::move(*outcome.registration);
            co_return obtained;
        }
        const bool isRefusal = outcome.registration.error().httpStatus >= 400;
        const bool goesOn = isRefusal && tries.goOn(outcome.registration.error(), outcome.said);
        if (!goesOn) {
            co_return base::failed(isRefusal ? tries.reason() : outcome.registration.error());
        }
    }
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
