// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/form.h"
#include "oauth/browsersignin_p.h"

#include <QCryptographicHash>

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

using Parameters = QMultiMap<QString, QVariant>;

/// Each value stands once and is encoded here: QUrlQuery leaves '+' and what looks encoded alone,
/// and newer versions of Qt have put their own PKCE parameters in already.
void put(Parameters *parameters, const QString &name, const QByteArray &value)
{
    parameters->remove(name);
    parameters->insert(name, QString::fromLatin1(http::percentEncode(value)));
}

QByteArray challengeOf(const QByteArray &verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

void putText(Parameters *parameters, const QString &name, const QString &value)
{
    if (!value.isEmpty()) {
        put(parameters, name, value.toUtf8());
    }
}

/// Some providers give a refresh token for offline_access only if they are told to ask for consent
/// (OpenID Connect Core section 11), so that is said to those that list this scope. Where offline_access
/// is there because the person wants it, nothing is added: at Entra a consent page that is asked for
/// locks people out who may not consent for themselves. What the person says of `prompt` wins.
QString promptOf(const SignInRequest &request)
{
    const auto isPrompt = [](const auto &parameter) { return parameter.first == "prompt"_L1; };
    if (!request.prompt.isEmpty() || std::ranges::any_of(request.parameters, isPrompt)) {
        return request.prompt;
    }
    const QString offline = u"offline_access"_s;
    return request.scopes.contains(offline) && request.server.scopesSupported.contains(offline) ? u"consent"_s
                                                                                                : QString();
}

/// What nobody but us may say: `request` and `request_uri` would replace everything else (RFC 9101), a
/// response_mode would send the answer where nobody listens, a secret has no place in an address.
bool isReserved(const QString &name)
{
    static const QStringList names = {u"request"_s,         u"request_uri"_s,   u"response_mode"_s,
                                      u"client_secret"_s,   u"code_verifier"_s, u"dpop_jkt"_s,
                                      u"client_assertion"_s};
    return names.contains(name);
}

} // namespace

void BrowserSignIn::Private::modify(QAbstractOAuth::Stage stage, Parameters *parameters)
{
    put(parameters, u"client_id"_s, request.client.clientId.toUtf8());
    put(parameters, u"redirect_uri"_s, listener->redirectUri().toUtf8());
    if (request.resource.isEmpty()) {
        parameters->remove(u"resource"_s);
    } else {
        put(parameters, u"resource"_s, request.resource.toUtf8());
    }
    // A secret in the browser's address would be none; for the token request it is put back.
    parameters->remove(u"client_secret"_s);
    if (stage == QAbstractOAuth::Stage::RequestingAuthorization) {
        completeAuthorizationRequest(parameters);
    } else if (stage == QAbstractOAuth::Stage::RequestingAccessToken) {
        completeTokenRequest(parameters);
    }
}

void BrowserSignIn::Private::completeAuthorizationRequest(Parameters *parameters) const
{
    put(parameters, u"response_type"_s, "code");
    put(parameters, u"state"_s, state);
    put(parameters, u"code_challenge"_s, challengeOf(verifier));
    put(parameters, u"code_challenge_method"_s, "S256");
    parameters->remove(u"scope"_s);
    putText(parameters, u"scope"_s, request.scopes.join(u' '));
    putText(parameters, u"prompt"_s, promptOf(request));
    putText(parameters, u"login_hint"_s, request.loginHint);
    if (request.dpop) {
        put(parameters, u"dpop_jkt"_s, request.dpop->key().thumbprint());
    }
    addForeignParameters(parameters);
}

void BrowserSignIn::Private::addForeignParameters(Parameters *parameters) const
{
    const QStringList own = parameters->uniqueKeys();
    QStringList said;
    for (const auto &[name, value] : request.parameters) {
        const bool isOurs = own.contains(name) || isReserved(name) || said.contains(name);
        if (!isOurs && !name.isEmpty() && !value.isEmpty()) {
            parameters->insert(QString::fromLatin1(http::percentEncode(name.toUtf8())),
                               QString::fromLatin1(http::percentEncode(value.toUtf8())));
            said.append(name);
        }
    }
    // Qt drops the query of the endpoint itself, which RFC 6749 section 3.1 wants kept. What was said
    // already is not said twice.
    const QString query = request.server.authorizationEndpoint.query(QUrl::FullyEncoded);
    for (const QString &pair : query.split(u'&', Qt::SkipEmptyParts)) {
        const QString name = pair.section(u'=', 0, 0);
        const QString plain = QUrl::fromPercentEncoding(name.toLatin1());
        if (!own.contains(plain) && !said.contains(plain)) {
            parameters->insert(name, pair.section(u'=', 1));
        }
    }
}

void BrowserSignIn::Private::completeTokenRequest(Parameters *parameters)
{
    put(parameters, u"code"_s, code);
    put(parameters, u"code_verifier"_s, verifier);
    parameters->remove(u"client_id"_s);
    http::FormFields identity;
    http::Headers headers;
    postedAt = client.clock()();
    authenticate(request.client, postedAt, &identity, &headers);
    for (const auto &[name, value] : std::as_const(identity)) {
        put(parameters, QString::fromLatin1(name), value);
    }
    if (request.dpop) {
        headers.set("DPoP", request.dpop->proof("POST", request.server.tokenEndpoint));
    }
    manager.setHeadersFor(request.server.tokenEndpoint, headers);
    // Right after its post() the flow offers the client id with an empty password to whoever asks,
    // and posts the code again for it; so that has to be undone right after that.
    QMetaObject::invokeMethod(
        &manager,
        [this] {
            QObject::disconnect(&manager, &QNetworkAccessManager::authenticationRequired, &flow, nullptr);
        },
        Qt::QueuedConnection);
}

TokenPost BrowserSignIn::Private::codePost() const
{
    TokenPost post;
    post.url = request.server.tokenEndpoint;
    post.namedBy = request.server.namerOf(post.url);
    post.client = request.client;
    post.form = {{"grant_type", "authorization_code"},
                 {"code", code},
                 {"code_verifier", verifier},
                 {"redirect_uri", listener->redirectUri().toUtf8()}};
    if (!request.resource.isEmpty()) {
        post.form.append({"resource", request.resource.toUtf8()});
    }
    post.deadline = deadlines.codeExchange;
    post.deadlines = deadlines;
    post.dpop = request.dpop;
    return post;
}

} // namespace mooring::oauth
