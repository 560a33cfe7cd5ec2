// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demoauthserver.h"

#include "base/secret.h"
#include "demo/demopages.h"

#include <QCryptographicHash>
#include <QJsonArray>

namespace mooring::demo {

using namespace Qt::StringLiterals;
using http::FormFields;

namespace {

constexpr qint64 requestSeconds = 600;
constexpr qint64 codeSeconds = 60;
constexpr size_t maximumPending = 100;

QByteArray s256(const QByteArray &verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

AuthServer::AuthServer(Registration registration, const QString &stateFile, int accessTokenSeconds)
    : m_registration(registration)
    , m_grants(stateFile, accessTokenSeconds)
{
    m_http.route("/.well-known/oauth-authorization-server", [this](const Request &) { return metadata(); });
    m_http.route("/authorize", [this](const Request &request) { return authorize(request); });
    m_http.route("/token", [this](const Request &request) { return token(request); });
    m_http.route("/revoke", [this](const Request &request) { return revoke(request); });
    if (registration == Registration::Dynamic) {
        m_http.route("/register", [this](const Request &request) { return registerClient(request); });
    } else {
        m_http.route("/register-app", [this](const Request &request) { return registerByHand(request); });
    }
}

bool AuthServer::admits(const QByteArray &accessToken) const
{
    return m_grants.grantOfAccessToken(accessToken, m_resource) != nullptr;
}

Response AuthServer::metadata() const
{
    const bool byHand = m_registration == Registration::ByHand;
    const QJsonArray methods =
        byHand ? QJsonArray{u"client_secret_basic"_s, u"client_secret_post"_s} : QJsonArray{u"none"_s};
    QJsonObject document = {
        {u"issuer"_s, issuer()},
        {u"authorization_endpoint"_s, issuer() + "/authorize"_L1},
        {u"token_endpoint"_s, issuer() + "/token"_L1},
        {u"revocation_endpoint"_s, issuer() + "/revoke"_L1},
        {u"response_types_supported"_s, QJsonArray{u"code"_s}},
        {u"grant_types_supported"_s, QJsonArray{u"authorization_code"_s, u"refresh_token"_s}},
        {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}},
        {u"token_endpoint_auth_methods_supported"_s, methods},
        {u"revocation_endpoint_auth_methods_supported"_s, methods},
        {u"scopes_supported"_s, QJsonArray::fromStringList(knownScopes())},
        {u"authorization_response_iss_parameter_supported"_s, true},
    };
    if (byHand) {
        document.insert(u"service_documentation"_s, issuer() + "/register-app"_L1);
    } else {
        document.insert(u"registration_endpoint"_s, issuer() + "/register"_L1);
    }
    return Response::json(document);
}

Response AuthServer::authorize(const Request &request)
{
    forgetOldRequests();
    return request.method == "POST" ? decide(request.formFields()) : showConsent(request.queryFields());
}

Response AuthServer::showConsent(const FormFields &query)
{
    Pending pending;
    pending.clientId = textOf(query, "client_id");
    pending.redirectUri = textOf(query, "redirect_uri");
    pending.state = fieldOf(query, "state");
    pending.challenge = fieldOf(query, "code_challenge");
    pending.scopes = textOf(query, "scope").split(u' ', Qt::SkipEmptyParts);
    pending.since = QDateTime::currentDateTimeUtc();
    const Client *client = m_grants.client(pending.clientId);
    if (!client || !isRedirectAllowed(*client, pending.redirectUri)) {
        return Response::page(problemPage(u"This app is not known here"_s,
                                          u"It has not been registered, or it asks to be sent to another "
                                          "address than the registered one. Nothing was shared with it."_s),
                              400);
    }
    if (fieldOf(query, "response_type") != "code" || fieldOf(query, "code_challenge_method") != "S256"
        || pending.challenge.size() != 43) {
        return sendBack(pending, {{"error", "invalid_request"}});
    }
    if (textOf(query, "resource") != m_resource) {
        return sendBack(pending, {{"error", "invalid_target"}});
    }
    const QByteArray id = base::randomText();
    m_pending.emplace(id, pending);
    return Response::page(consentPage(id, *client, pending.redirectUri, m_resource, pending.scopes));
}

Response AuthServer::decide(const FormFields &form)
{
    const auto found = m_pending.find(fieldOf(form, "request"));
    if (found == m_pending.end()) {
        return Response::page(problemPage(u"This page is too old"_s,
                                          u"The question on it has been answered already, or it has waited "
                                          "too long. Start again in the app."_s),
                              400);
    }
    const Pending pending = found->second;
    m_pending.erase(found);
    if (fieldOf(form, "decision") != "allow") {
        return sendBack(pending, {{"error", "access_denied"}});
    }
    const QByteArray code = base::randomText();
    m_codes.emplace(code, Code{pending, {}, false});
    return sendBack(pending, {{"code", code}});
}

Response AuthServer::sendBack(const Pending &request, FormFields answer) const
{
    answer.emplaceBack("state", request.state);
    answer.emplaceBack("iss", issuer().toUtf8());
    const char separator = request.redirectUri.contains(u'?') ? '&' : '?';
    return Response::redirect(request.redirectUri.toUtf8() + separator + http::encodeForm(answer));
}

std::optional<QString> AuthServer::clientOf(const Request &request) const
{
    const FormFields form = request.formFields();
    QByteArray id = fieldOf(form, "client_id");
    QByteArray secret = fieldOf(form, "client_secret");
    const QByteArray authorization = request.headers.value("Authorization");
    if (authorization.startsWith("Basic ")) {
        // RFC 6749 section 2.3.1: both halves are form-encoded before they are joined.
        const QList<QByteArray> halves = QByteArray::fromBase64(authorization.mid(6)).split(':');
        id = QByteArray::fromPercentEncoding(halves.value(0));
        secret = QByteArray::fromPercentEncoding(halves.value(1));
    }
    const QString clientId = QString::fromUtf8(id);
    return m_grants.isAuthentic(clientId, secret) ? std::optional(clientId) : std::nullopt;
}

Response AuthServer::token(const Request &request)
{
    const FormFields form = request.formFields();
    const std::optional<QString> clientId = clientOf(request);
    if (request.method != "POST" || !clientId) {
        return Response::refusal(u"invalid_client"_s, u"The client is not known"_s, 401);
    }
    const QByteArray type = fieldOf(form, "grant_type");
    if (type == "authorization_code") {
        return exchangeCode(form, *clientId);
    }
    return type == "refresh_token" ? refresh(form, *clientId)
                                   : Response::refusal(u"unsupported_grant_type"_s, u"Not offered here"_s);
}

Response AuthServer::exchangeCode(const FormFields &form, const QString &clientId)
{
    const auto found = m_codes.find(fieldOf(form, "code"));
    if (found == m_codes.end()) {
        return Response::refusal(u"invalid_grant"_s, u"The code is not known"_s);
    }
    Code &code = found->second;
    if (code.isUsed) {
        m_grants.endGrant(code.grant);
        return Response::refusal(u"invalid_grant"_s, u"The code has been used before"_s);
    }
    code.isUsed = true;
    if (code.request.clientId != clientId || code.request.redirectUri != textOf(form, "redirect_uri")
        || code.request.challenge != s256(fieldOf(form, "code_verifier"))
        || code.request.since.secsTo(QDateTime::currentDateTimeUtc()) > requestSeconds + codeSeconds) {
        return Response::refusal(u"invalid_grant"_s, u"The code is not for this request"_s);
    }
    if (textOf(form, "resource") != m_resource) {
        return Response::refusal(u"invalid_target"_s,
                                 u"Tokens are given for the server that was asked for"_s);
    }
    code.grant = m_grants.addGrant({clientId, m_resource, code.request.scopes.join(u' ')});
    return tokenAnswer(code.grant);
}

Response AuthServer::refresh(const FormFields &form, const QString &clientId)
{
    if (textOf(form, "resource") != m_resource) {
        return Response::refusal(u"invalid_target"_s,
                                 u"Tokens are given for the server that was asked for"_s);
    }
    const std::optional<QString> grant = m_grants.useRefreshToken(fieldOf(form, "refresh_token"), clientId);
    return grant ? tokenAnswer(*grant) : Response::refusal(u"invalid_grant"_s, u"The sign-in has ended"_s);
}

Response AuthServer::tokenAnswer(const QString &grantId)
{
    const IssuedTokens tokens = m_grants.issue(grantId);
    QJsonObject answer = {{u"access_token"_s, QString::fromLatin1(tokens.accessToken)},
                          {u"token_type"_s, u"Bearer"_s},
                          {u"expires_in"_s, m_grants.accessTokenSeconds()},
                          {u"refresh_token"_s, QString::fromLatin1(tokens.refreshToken)}};
    if (const Grant *grant = m_grants.grant(grantId); !grant->scope.isEmpty()) {
        answer.insert(u"scope"_s, grant->scope);
    }
    return Response::json(answer);
}

Response AuthServer::revoke(const Request &request)
{
    const std::optional<QString> clientId = clientOf(request);
    if (request.method != "POST" || !clientId) {
        return Response::refusal(u"invalid_client"_s, u"The client is not known"_s, 401);
    }
    m_grants.revoke(fieldOf(request.formFields(), "token"), *clientId);
    return Response::empty(200);
}

void AuthServer::forgetOldRequests()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    std::erase_if(m_pending, [&](const auto &entry) {
        return entry.second.since.secsTo(now) > requestSeconds || m_pending.size() > maximumPending;
    });
    std::erase_if(m_codes, [&](const auto &entry) {
        return entry.second.request.since.secsTo(now) > 2 * requestSeconds;
    });
}

} // namespace mooring::demo
