// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakeauthserver.h"
#include "support/jwtcheck.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

// Who is there: clients, their registration and authentication, and proofs of keys.

namespace mooring::support {

using namespace Qt::StringLiterals;
using mooring::http::FormFields;

void FakeAuthServer::addClient(const QByteArray &id, const QByteArray &secret, const QByteArray &redirectUri)
{
    m_clients.insert(id, {secret, {redirectUri}});
}

void FakeAuthServer::addKeyClient(const QByteArray &id, const QJsonObject &jwk, const QByteArray &redirectUri)
{
    m_clients.insert(id, {{}, {redirectUri}, jwk});
}

FakeResponse FakeAuthServer::registerClient(const FakeRequest &request)
{
    QJsonObject answer = request.json();
    const QString method = answer.value("token_endpoint_auth_method"_L1).toString();
    Client client;
    for (const QJsonValue uri : answer.value("redirect_uris"_L1).toArray()) {
        client.redirectUris.append(uri.toString().toUtf8());
    }
    if (answerRegistration) {
        if (const std::optional<FakeResponse> whole = answerRegistration(answer)) {
            return *whole;
        }
    }
    if (!hasRegistration || client.redirectUris.isEmpty()) {
        return refusal(u"invalid_redirect_uri"_s);
    }
    if (const QString code = refuseRegistration ? refuseRegistration(answer) : QString(); !code.isEmpty()) {
        return refusal(code);
    }
    const QByteArray id = "client-" + QByteArray::number(++m_serial);
    answer.insert(u"client_id"_s, QString::fromLatin1(id));
    if (method != "none"_L1 || givesUnwantedSecrets) {
        client.secret = "secret/+ of " + id;
        answer.insert(u"client_secret"_s, QString::fromLatin1(client.secret));
        answer.insert(u"client_secret_expires_at"_s, 0);
    }
    if (managesRegistrations) {
        const QByteArray path = pathOf("register") + '/' + id;
        answer.insert(u"registration_client_uri"_s, m_http.origin() + QString::fromLatin1(path));
        answer.insert(u"registration_access_token"_s, u"manages "_s + QString::fromLatin1(id));
        m_http.route(path, [this, id](const FakeRequest &itself) { return deleteClient(itself, id); });
    }
    m_clients.insert(id, client);
    return FakeResponse::json(answer, 201);
}

/// RFC 9126 section 2.
FakeResponse FakeAuthServer::push(const FakeRequest &request)
{
    if (!offersPushing && !requiresPushing) {
        return FakeResponse::empty(404);
    }
    const std::optional<QByteArray> client = clientOf(request);
    if (!client) {
        return refusal(u"invalid_client"_s, 401);
    }
    FormFields fields = request.form();
    if (countOf(fields, "request_uri") > 0) {
        return refusal(u"invalid_request"_s);
    }
    if (const Proof proof = checkProof(request, endpoint("par")); proof.refusal) {
        return *proof.refusal;
    } else if (requiresDpop && fieldOf(fields, "request").isEmpty()
               && proof.key != fieldOf(fields, "dpop_jkt")) {
        return refusal(u"invalid_dpop_proof"_s);
    }
    if (countOf(fields, "client_id") == 0) {
        fields.emplaceBack("client_id", *client);
    }
    const QByteArray reference = "urn:example:pushed:" + QByteArray::number(++m_serial);
    m_pushed.insert(reference, {fields, m_clock().addSecs(pushLifetime)});
    return FakeResponse::json(
        {{u"request_uri"_s, QString::fromLatin1(reference)}, {u"expires_in"_s, pushLifetime}}, 201);
}

std::optional<FormFields> FakeAuthServer::requestIn(const FakeRequest &request)
{
    FormFields fields = request.queryFields();
    const QByteArray reference = fieldOf(fields, "request_uri");
    if (!reference.isEmpty()) {
        const Pushed pushed = m_pushed.take(reference);
        if (pushed.fields.isEmpty() || pushed.until <= m_clock()
            || fieldOf(pushed.fields, "client_id") != fieldOf(fields, "client_id")) {
            ++m_stalePushes;
            return std::nullopt;
        }
        fields = pushed.fields;
    } else if (requiresPushing) {
        return std::nullopt;
    }
    return countOf(fields, "request") > 0 || requiresSignedRequest ? signedFields(fields)
                                                                   : std::optional(fields);
}

/// RFC 9101 section 6: what stands beside the object doesn't count.
std::optional<FormFields> FakeAuthServer::signedFields(const FormFields &fields)
{
    const QByteArray id = fieldOf(fields, "client_id");
    const std::optional<CheckedJwt> jwt = checkJwt(fieldOf(fields, "request"), m_clients.value(id).jwk);
    const bool isGood = jwt && jwt->claims.value("aud"_L1).toString() == issuer()
                        && jwt->claims.value("iss"_L1).toString().toUtf8() == id
                        && jwt->claims.value("exp"_L1).toInteger() > m_clock().toSecsSinceEpoch();
    if (!isGood) {
        return std::nullopt;
    }
    FormFields signedOnes;
    for (auto it = jwt->claims.begin(); it != jwt->claims.end(); ++it) {
        signedOnes.emplaceBack(it.key().toUtf8(), it->toString().toUtf8());
    }
    return signedOnes;
}

FakeResponse FakeAuthServer::deleteClient(const FakeRequest &request, const QByteArray &id)
{
    if (request.method != "DELETE") {
        return FakeResponse::empty(405);
    }
    if (request.headers.value("Authorization") != "Bearer manages " + id || !m_clients.contains(id)) {
        return FakeResponse::empty(401);
    }
    m_clients.remove(id);
    return FakeResponse::empty(204);
}

std::optional<QByteArray> FakeAuthServer::clientOf(const FakeRequest &request)
{
    const FormFields form = request.form();
    QByteArray id = fieldOf(form, "client_id");
    QByteArray secret = fieldOf(form, "client_secret");
    const QByteArray basic = request.headers.value("Authorization");
    if (basic.startsWith("Basic ")) {
        const QByteArray pair = QByteArray::fromBase64(basic.mid(6));
        const qsizetype colon = pair.indexOf(':');
        id = pair.first(std::max<qsizetype>(colon, 0));
        secret = pair.sliced(colon + 1);
        if (!wantsPlainBasic) {
            // RFC 6749 section 2.3.1: both halves are form-encoded before they are joined.
            id = QByteArray::fromPercentEncoding(id);
            secret = QByteArray::fromPercentEncoding(secret);
        }
    }
    const auto client = m_clients.constFind(id);
    if (client == m_clients.cend() || client->secret != secret) {
        return std::nullopt;
    }
    return client->jwk.isEmpty() ? std::optional<QByteArray>(id)
                                 : clientByAssertion(id, fieldOf(form, "client_assertion"));
}

/// RFC 7523 section 3.
std::optional<QByteArray> FakeAuthServer::clientByAssertion(const QByteArray &id, const QByteArray &assertion)
{
    const std::optional<CheckedJwt> jwt = checkJwt(assertion, m_clients.value(id).jwk);
    if (!jwt) {
        return std::nullopt;
    }
    const QString name = QString::fromUtf8(id);
    const qint64 now = m_clock().toSecsSinceEpoch();
    const bool isGood = jwt->claims.value("iss"_L1).toString() == name
                        && jwt->claims.value("sub"_L1).toString() == name
                        && jwt->claims.value("aud"_L1).toString() == issuer()
                        && jwt->claims.value("exp"_L1).toInteger() > now && isFirstUse(jwt->claims);
    return isGood ? std::optional<QByteArray>(id) : std::nullopt;
}

bool FakeAuthServer::isFirstUse(const QJsonObject &claims)
{
    const QString id = claims.value("jti"_L1).toString();
    if (id.isEmpty() || m_seen.contains(id)) {
        return false;
    }
    m_seen.insert(id);
    return true;
}

/// RFC 9449 section 4.3.
FakeAuthServer::Proof FakeAuthServer::checkProof(const FakeRequest &request, const QUrl &target)
{
    const QList<QByteArray> fields = request.headers.values("DPoP");
    if (fields.isEmpty() && !requiresDpop) {
        return {};
    }
    const std::optional<CheckedJwt> jwt =
        fields.size() == 1 ? checkJwt(fields.first()) : std::optional<CheckedJwt>();
    const qint64 now = m_clock().toSecsSinceEpoch();
    const bool isGood = jwt && jwt->header.value("typ"_L1).toString() == "dpop+jwt"_L1
                        && jwt->claims.value("htm"_L1).toString().toLatin1() == request.method
                        && jwt->claims.value("htu"_L1).toString() == target.toString(QUrl::FullyEncoded)
                        && qAbs(jwt->claims.value("iat"_L1).toInteger() - now) < 60
                        && isFirstUse(jwt->claims);
    if (!isGood) {
        return {refusal(u"invalid_dpop_proof"_s), {}};
    }
    if (jwt->claims.value("nonce"_L1).toString().toLatin1() != dpopNonce) {
        FakeResponse again = refusal(u"use_dpop_nonce"_s);
        again.headers.add("DPoP-Nonce", dpopNonce);
        return {again, {}};
    }
    const QByteArray jwk =
        QJsonDocument(jwt->header.value("jwk"_L1).toObject()).toJson(QJsonDocument::Compact);
    return {std::nullopt, base64Url(QCryptographicHash::hash(jwk, QCryptographicHash::Sha256))};
}

FakeResponse FakeAuthServer::grantByAssertion(const FormFields &form, const QByteArray &client,
                                              const QByteArray &key)
{
    if (!trustedAssertions.contains(fieldOf(form, "assertion"))) {
        return refusal(u"invalid_grant"_s);
    }
    m_grants.push_back({client, fieldOf(form, "resource"), fieldOf(form, "scope"), key});
    return FakeResponse::json(issue(static_cast<int>(m_grants.size()) - 1, {}));
}

FakeResponse FakeAuthServer::exchangeIdToken(const FormFields &form) const
{
    const QByteArray type = "urn:ietf:params:oauth:token-type:";
    if (fieldOf(form, "subject_token_type") != type + "id_token"
        || fieldOf(form, "requested_token_type") != type + "id-jag" || fieldOf(form, "audience").isEmpty()) {
        return refusal(u"invalid_request"_s);
    }
    if (!trustedAssertions.contains(fieldOf(form, "subject_token"))) {
        return refusal(u"invalid_grant"_s);
    }
    return FakeResponse::json(
        {{u"access_token"_s, u"pass for "_s + QString::fromUtf8(fieldOf(form, "audience"))},
         {u"issued_token_type"_s, QString::fromLatin1(type + "id-jag")},
         {u"token_type"_s, u"N_A"_s}});
}

FakeResponse FakeAuthServer::userinfoFor(const FakeRequest &request)
{
    const QList<QByteArray> words = request.headers.value("Authorization").split(' ');
    const QByteArray token = words.value(1);
    if (!isActive(token)) {
        return refusal(u"invalid_token"_s, 401);
    }
    const bool isBound = !keyOf(token).isEmpty();
    if (words.value(0) != (isBound ? "DPoP" : "Bearer")) {
        return refusal(u"invalid_token"_s, 401);
    }
    if (isBound) {
        Proof proof = checkProof(request, endpoint("userinfo"));
        if (proof.refusal) {
            proof.refusal->status = 401;
            return *proof.refusal;
        }
        if (proof.key != keyOf(token)) {
            return refusal(u"invalid_token"_s, 401);
        }
    }
    return FakeResponse::json(userinfo);
}

FakeResponse FakeAuthServer::revoke(const FakeRequest &request)
{
    if (!hasRevocation) {
        return FakeResponse::empty(404);
    }
    if (!clientOf(request)) {
        return refusal(u"invalid_client"_s, 401);
    }
    ++m_revocations;
    const QByteArray token = fieldOf(request.form(), "token");
    if (const auto refresh = m_refresh.constFind(token); refresh != m_refresh.cend()) {
        m_grants.at(size_t(refresh->grant)).isAlive = false;
    }
    if (const auto access = m_access.find(token); access != m_access.end()) {
        access->isAlive = false;
    }
    return FakeResponse::empty(200);
}

} // namespace mooring::support
