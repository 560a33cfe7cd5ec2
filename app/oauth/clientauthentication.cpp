// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientauthentication.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

namespace {

constexpr qint64 assertionLifetime = 5 * 60;

QByteArray basicPair(const ClientRegistration &client, BasicPair pair)
{
    const QByteArray id = client.clientId.toUtf8();
    const QByteArray &secret = client.clientSecret.reveal();
    return pair == BasicPair::Plain ? id + ':' + secret
                                    : http::percentEncode(id) + ':' + http::percentEncode(secret);
}

/// RFC 7523 section 3. The issuer is the audience: a token endpoint as the audience can be handed to
/// another service that names the same one (RFC 9700 section 4.4, and what OpenID now asks for).
QByteArray clientAssertion(const ClientRegistration &client, const QDateTime &now)
{
    const qint64 issuedAt = now.toSecsSinceEpoch();
    return client.key->signJwt({{u"typ"_s, u"JWT"_s}}, {{u"iss"_s, client.clientId},
                                                        {u"sub"_s, client.clientId},
                                                        {u"aud"_s, client.issuer},
                                                        {u"jti"_s, QString::fromLatin1(base::randomText(16))},
                                                        {u"iat"_s, issuedAt},
                                                        {u"exp"_s, issuedAt + assertionLifetime}});
}

base::Error cannotProve(const AuthorizationServer &server, const QString &detail)
{
    const QString host = base::displayAuthority(QUrl(server.issuer));
    return makeError(
        ErrorKind::Protocol,
        Words::tr("The sign-in service %1 wants a kind of proof from apps that Mooring can't give.")
            .arg(host),
        detail, host);
}

/// Whether the key is of a sort that the service takes. Without a list it has to be tried.
bool takesAlgorithm(const AuthorizationServer &server, const SigningKey &key)
{
    return server.tokenEndpointSigningAlgorithms.isEmpty()
           || server.tokenEndpointSigningAlgorithms.contains(QString::fromLatin1(key.algorithm()));
}

/// With a key, and no secret to fall back to.
Result<ClientAuthentication> methodForKey(const AuthorizationServer &server, const SigningKey &key)
{
    const QStringList &listed = server.tokenEndpointAuthMethods;
    if (!listed.isEmpty() && !listed.contains(methodName(ClientAuthentication::PrivateKeyJwt))) {
        return base::failed(cannotProve(server, u"private_key_jwt is not among the methods: "_s
                                                    + base::displayText(listed.join(u' '))));
    }
    if (!takesAlgorithm(server, key)) {
        return base::failed(
            cannotProve(server, u"%1 is not among the algorithms: %2"_s.arg(
                                    QString::fromLatin1(key.algorithm()),
                                    base::displayText(server.tokenEndpointSigningAlgorithms.join(u' ')))));
    }
    return ClientAuthentication::PrivateKeyJwt;
}

} // namespace

void authenticate(const ClientRegistration &client, const QDateTime &now, http::FormFields *form,
                  http::Headers *headers, BasicPair pair)
{
    const QByteArray id = client.clientId.toUtf8();
    if (id.isEmpty()) {
        return;
    }
    if (client.method == ClientAuthentication::SecretBasic) {
        headers->set("Authorization", "Basic " + basicPair(client, pair).toBase64());
        return;
    }
    form->emplaceBack("client_id", id);
    if (client.method == ClientAuthentication::SecretPost) {
        form->emplaceBack("client_secret", client.clientSecret.reveal());
    } else if (client.method == ClientAuthentication::PrivateKeyJwt && client.key) {
        form->emplaceBack("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form->emplaceBack("client_assertion", clientAssertion(client, now));
    }
}

bool hasTwoBasicPairs(const ClientRegistration &client)
{
    return client.method == ClientAuthentication::SecretBasic
           && basicPair(client, BasicPair::Encoded) != basicPair(client, BasicPair::Plain);
}

QString methodName(ClientAuthentication method)
{
    switch (method) {
    case ClientAuthentication::None:
        return u"none"_s;
    case ClientAuthentication::SecretPost:
        return u"client_secret_post"_s;
    case ClientAuthentication::SecretBasic:
        return u"client_secret_basic"_s;
    case ClientAuthentication::PrivateKeyJwt:
        return u"private_key_jwt"_s;
    }
    return u"none"_s;
}

std::optional<ClientAuthentication> methodFromName(QStringView name)
{
    for (const ClientAuthentication method :
         {ClientAuthentication::None, ClientAuthentication::SecretPost, ClientAuthentication::SecretBasic,
          ClientAuthentication::PrivateKeyJwt}) {
        if (name == methodName(method)) {
            return method;
        }
    }
    return std::nullopt;
}

Result<ClientAuthentication> chooseMethod(const AuthorizationServer &server, bool hasSecret,
                                          std::optional<ClientAuthentication> registered,
                                          const std::optional<SigningKey> &key)
{
    if (key) {
        Result<ClientAuthentication> method = methodForKey(server, *key);
        if (method || !hasSecret) {
            return method;
        }
    }
    if (registered == ClientAuthentication::PrivateKeyJwt) {
        registered.reset();
    }
    QStringList listed = server.tokenEndpointAuthMethods;
    if (listed.isEmpty()) {
        listed = {methodName(ClientAuthentication::SecretBasic)};
        if (hasSecret && registered && *registered != ClientAuthentication::None) {
            return *registered;
        }
    }
    const auto isListed = [&](ClientAuthentication method) { return listed.contains(methodName(method)); };
    QList<ClientAuthentication> order = {ClientAuthentication::SecretPost, ClientAuthentication::SecretBasic,
                                         ClientAuthentication::None};
    if (registered) {
        order.prepend(*registered);
    }
    const auto found = std::find_if(order.begin(), order.end(), isListed);
    if (found == order.end()) {
        return base::failed(cannotProve(server, u"token_endpoint_auth_methods_supported: "_s
                                                    + base::displayText(listed.join(u' '))));
    }
    // Services that take apps without a secret often forget to list "none".
    return hasSecret ? *found : ClientAuthentication::None;
}

} // namespace mooring::oauth
