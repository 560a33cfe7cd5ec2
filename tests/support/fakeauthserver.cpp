// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakeauthserver.h"

#include <QCryptographicHash>
#include <QJsonArray>

namespace mooring::support {

using namespace Qt::StringLiterals;
using mooring::http::FormFields;

FakeResponse refusal(const QString &code, int status)
{
    return FakeResponse::json({{u"error"_s, code}, {u"error_description"_s, u"made up for a test"_s}},
                              status);
}

namespace {

void apply(const QJsonObject &overrides, QJsonObject *object)
{
    for (auto it = overrides.begin(); it != overrides.end(); ++it) {
        if (it->isNull()) {
            object->remove(it.key());
        } else {
            object->insert(it.key(), *it);
        }
    }
}

QByteArray s256(const QByteArray &verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

FakeAuthServer::FakeAuthServer(const QString &issuerPath, mooring::base::Clock clock)
    : m_path(issuerPath)
    , m_clock(std::move(clock))
{
    const QByteArray path = issuerPath.toUtf8();
    const auto document = [this](bool isServed) { return isServed ? metadata() : FakeResponse::empty(404); };
    m_http.route("/.well-known/oauth-authorization-server" + path,
                 [=, this](const FakeRequest &) { return document(servesRfc8414); });
    m_http.route(path + "/.well-known/openid-configuration",
                 [=, this](const FakeRequest &) { return document(servesOpenId); });
    m_http.route(pathOf("register"), [this](const FakeRequest &request) { return registerClient(request); });
    m_http.route(pathOf("authorize"), [this](const FakeRequest &request) { return authorize(request); });
    m_http.route(pathOf("par"), [this](const FakeRequest &request) { return push(request); });
    m_http.route(pathOf("token"), [this](const FakeRequest &request) { return token(request); });
    m_http.route(pathOf("revoke"), [this](const FakeRequest &request) { return revoke(request); });
    m_http.route(pathOf("userinfo"), [this](const FakeRequest &request) { return userinfoFor(request); });
}

FakeResponse FakeAuthServer::metadata() const
{
    const QJsonArray methods = QJsonArray::fromStringList(authMethods);
    QJsonObject document = {
        {u"issuer"_s, issuer()},
        {u"authorization_endpoint"_s, endpoint("authorize").toString()},
        {u"token_endpoint"_s, endpoint("token").toString()},
        {u"response_types_supported"_s, QJsonArray{u"code"_s}},
        {u"grant_types_supported"_s, QJsonArray{u"authorization_code"_s, u"refresh_token"_s}},
        {u"code_challenge_methods_supported"_s, QJsonArray::fromStringList(challengeMethods)},
        {u"token_endpoint_auth_methods_supported"_s, methods},
        {u"scopes_supported"_s, QJsonArray::fromStringList(scopesSupported)},
        {u"authorization_response_iss_parameter_supported"_s, announcesIss},
    };
    if (hasRegistration) {
        document.insert(u"registration_endpoint"_s, endpoint("register").toString());
    }
    if (hasRevocation) {
        document.insert(u"revocation_endpoint"_s, endpoint("revoke").toString());
        document.insert(u"revocation_endpoint_auth_methods_supported"_s, methods);
    }
    if (offersPushing || requiresPushing) {
        document.insert(u"pushed_authorization_request_endpoint"_s, endpoint("par").toString());
        document.insert(u"require_pushed_authorization_requests"_s, requiresPushing);
    }
    if (requiresSignedRequest) {
        document.insert(u"require_signed_request_object"_s, true);
        document.insert(u"request_object_signing_alg_values_supported"_s, QJsonArray{u"ES256"_s});
    }
    apply(metadataOverrides, &document);
    return FakeResponse::json(document);
}

FakeResponse FakeAuthServer::authorize(const FakeRequest &request)
{
    const std::optional<FormFields> asked = requestIn(request);
    if (!asked) {
        return FakeResponse::html("<p>This request is not a pushed or signed one that counts</p>", 400);
    }
    const FormFields &query = *asked;
    const QByteArray redirectUri = fieldOf(query, "redirect_uri");
    const auto client = m_clients.constFind(fieldOf(query, "client_id"));
    if (client == m_clients.cend() || !client->redirectUris.contains(redirectUri)
        || fieldOf(query, "response_type") != "code") {
        return FakeResponse::html("<p>Unknown client or address</p>", 400);
    }
    FormFields answer = {{"state", fieldOf(query, "state")}};
    if (sendsIss) {
        answer.emplaceBack("iss", issuer().toUtf8());
    }
    if (fieldOf(request.queryFields(), "fake_decision") == "deny") {
        answer.emplaceBack("error", "access_denied");
    } else if (fieldOf(query, "code_challenge_method") != "S256") {
        answer.emplaceBack("error", "invalid_request");
    } else {
        const QByteArray code = codePrefix + "code-" + QByteArray::number(++m_serial);
        m_codes.insert(code,
                       {fieldOf(query, "client_id"), redirectUri, fieldOf(query, "code_challenge"),
                        fieldOf(query, "resource"), fieldOf(query, "scope"), fieldOf(query, "dpop_jkt")});
        answer.emplaceBack("code", code);
    }
    return FakeResponse::redirect(redirectUri + '?' + mooring::http::encodeForm(answer));
}

FakeResponse FakeAuthServer::token(const FakeRequest &request)
{
    const std::optional<QByteArray> client = clientOf(request);
    const bool isAnonymous =
        fieldOf(request.form(), "client_id").isEmpty() && !request.headers.contains("Authorization");
    const bool needsClient = !isAnonymous || fieldOf(request.form(), "assertion").isEmpty();
    FakeResponse answer = refusal(u"invalid_client"_s, 401);
    if (client || !needsClient) {
        const Proof proof = checkProof(request, endpoint("token"));
        answer = proof.refusal ? *proof.refusal : answerGrant(request, client, proof.key);
    }
    if (editTokenAnswer) {
        editTokenAnswer(request, &answer);
    }
    return answer;
}

FakeResponse FakeAuthServer::answerGrant(const FakeRequest &request, const std::optional<QByteArray> &client,
                                         const QByteArray &key)
{
    const FormFields form = request.form();
    const QByteArray type = fieldOf(form, "grant_type");
    const QByteArray id = client.value_or(QByteArray());
    if (type == "authorization_code") {
        return exchangeCode(form, id, key);
    }
    if (type == "refresh_token") {
        return refresh(form, id, key);
    }
    if (type == "client_credentials" && (!m_clients[id].secret.isEmpty() || !m_clients[id].jwk.isEmpty())) {
        m_grants.push_back({id, fieldOf(form, "resource"), fieldOf(form, "scope"), key});
        return FakeResponse::json(issue(static_cast<int>(m_grants.size()) - 1, {}));
    }
    if (type == "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return grantByAssertion(form, id, key);
    }
    return type == "urn:ietf:params:oauth:grant-type:token-exchange" ? exchangeIdToken(form)
                                                                     : refusal(u"unsupported_grant_type"_s);
}

FakeResponse FakeAuthServer::exchangeCode(const FormFields &form, const QByteArray &client,
                                          const QByteArray &key)
{
    ++m_codeExchanges;
    const auto code = m_codes.constFind(fieldOf(form, "code"));
    if (code == m_codes.cend() || code->client != client || code->redirectUri != fieldOf(form, "redirect_uri")
        || code->challenge != s256(fieldOf(form, "code_verifier"))
        || code->resource != fieldOf(form, "resource") || (!code->key.isEmpty() && code->key != key)) {
        return refusal(u"invalid_grant"_s);
    }
    m_grants.push_back({client, code->resource, code->scope, key});
    m_codes.erase(code);
    return FakeResponse::json(issue(static_cast<int>(m_grants.size()) - 1, {}));
}

FakeResponse FakeAuthServer::refresh(const FormFields &form, const QByteArray &client, const QByteArray &key)
{
    ++m_refreshes;
    const QByteArray sent = fieldOf(form, "refresh_token");
    const auto found = m_refresh.find(sent);
    if (found == m_refresh.end() || !m_grants.at(size_t(found->grant)).isAlive
        || m_grants.at(size_t(found->grant)).client != client
        || m_grants.at(size_t(found->grant)).key != key) {
        return refusal(u"invalid_grant"_s);
    }
    const int grant = found->grant;
    const QDateTime now = m_clock();
    if (found->replacedAt && found->replacedAt->msecsTo(now) >= rotationGrace.count()) {
        ++m_reuses;
        m_grants.at(size_t(grant)).isAlive = !reuseKillsFamily;
        return refusal(u"invalid_grant"_s);
    }
    if (fieldOf(form, "resource") != m_grants.at(size_t(grant)).resource) {
        return refusal(u"invalid_target"_s);
    }
    if (rotates && !found->replacedAt) {
        found->replacedAt = now;
    }
    return FakeResponse::json(issue(grant, rotates ? QByteArray() : sent));
}

QJsonObject FakeAuthServer::issue(int grant, const QByteArray &keptRefreshToken)
{
    const QByteArray access = tokenPrefix + "access-" + QByteArray::number(++m_serial);
    Access entry;
    entry.grant = grant;
    if (expiresIn.isDouble()) {
        entry.expiresAt = m_clock().addMSecs(qint64(expiresIn.toDouble() * 1000));
    }
    m_access.insert(access, entry);
    QJsonObject answer = {
        {u"access_token"_s, QString::fromLatin1(access)},
        {u"token_type"_s, m_grants.at(size_t(grant)).key.isEmpty() ? u"Bearer"_s : u"DPoP"_s},
        {u"expires_in"_s, expiresIn}};
    if (const QByteArray scope = m_grants.at(size_t(grant)).scope; !scope.isEmpty()) {
        answer.insert(u"scope"_s, QString::fromLatin1(scope));
    }
    if (givesRefreshToken && keptRefreshToken.isEmpty()) {
        const QByteArray token = tokenPrefix + "refresh-" + QByteArray::number(++m_serial);
        m_refresh.insert(token, {grant, std::nullopt});
        answer.insert(u"refresh_token"_s, QString::fromLatin1(token));
    }
    apply(tokenOverrides, &answer);
    return answer;
}

QJsonObject FakeAuthServer::issueTokens(const QByteArray &clientId, const QByteArray &resource,
                                        const QByteArray &scope)
{
    m_grants.push_back({clientId, resource, scope, {}});
    return issue(static_cast<int>(m_grants.size()) - 1, {});
}

bool FakeAuthServer::isActive(const QByteArray &token) const
{
    if (const auto refresh = m_refresh.constFind(token); refresh != m_refresh.cend()) {
        return m_grants.at(size_t(refresh->grant)).isAlive && !refresh->replacedAt;
    }
    const auto access = m_access.constFind(token);
    return access != m_access.cend() && access->isAlive && m_grants.at(size_t(access->grant)).isAlive
           && (!access->expiresAt || *access->expiresAt > m_clock());
}

std::optional<QByteArray> FakeAuthServer::scopeOf(const QByteArray &accessToken) const
{
    if (!m_access.contains(accessToken) || !isActive(accessToken)) {
        return std::nullopt;
    }
    return m_grants.at(size_t(m_access.value(accessToken).grant)).scope;
}

QByteArray FakeAuthServer::resourceOf(const QByteArray &accessToken) const
{
    return m_access.contains(accessToken) ? m_grants.at(size_t(m_access.value(accessToken).grant)).resource
                                          : QByteArray();
}

QByteArray FakeAuthServer::keyOf(const QByteArray &accessToken) const
{
    return m_access.contains(accessToken) ? m_grants.at(size_t(m_access.value(accessToken).grant)).key
                                          : QByteArray();
}

void FakeAuthServer::endAllGrants()
{
    for (Grant &grant : m_grants) {
        grant.isAlive = false;
    }
}

void FakeAuthServer::endAccessTokens()
{
    for (Access &access : m_access) {
        access.isAlive = false;
    }
}

} // namespace mooring::support
