// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/pushedrequest.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

namespace {

/// The browser's address has to hold it.
constexpr qsizetype longestUri = 2048;
constexpr double usualLifetime = 60;
constexpr double longestLifetime = 3600;
constexpr qint64 signatureLifetime = 5 * 60;

bool isUsable(const QString &uri)
{
    return !uri.isEmpty() && uri.size() <= longestUri
           && std::all_of(uri.begin(), uri.end(), [](QChar c) { return c > u' ' && c < u'\x7f'; });
}

double lifetimeOf(const QJsonValue &value)
{
    const double seconds = value.isString() ? value.toString().toDouble() : value.toDouble();
    // False for NaN too.
    return seconds > 0 && seconds <= longestLifetime ? seconds
           : seconds > 0                             ? longestLifetime
                                                     : usualLifetime;
}

} // namespace

Result<PushedRequest> readPushedRequest(const http::Response &response, const QList<base::Secret> &sent)
{
    const Result<QJsonObject> body = readTokenAnswer(response, sent);
    if (!body) {
        return base::failed(body.error());
    }
    const QString uri = body->value("request_uri"_L1).toString();
    if (!isUsable(uri)) {
        const QString host = base::displayAuthority(response.url);
        return base::failed(makeError(
            ErrorKind::Protocol,
            Words::tr(
                "%1 took the sign-in's request and didn't say how to go on. Only its owner can mend that.")
                .arg(host),
            u"no usable request_uri"_s, host));
    }
    const double seconds = lifetimeOf(body->value("expires_in"_L1));
    return PushedRequest{uri.toLatin1(), response.sentAt.addMSecs(static_cast<qint64>(seconds * 1000))};
}

base::Task<Result<PushedRequest>> pushRequest(http::Client &client, base::Deadlines deadlines,
                                              AuthorizationServer server, ClientRegistration identity,
                                              http::FormFields form, std::shared_ptr<DpopProver> dpop,
                                              std::stop_token stop)
{
    TokenPost post;
    post.url = server.pushedRequestEndpoint;
    post.namedBy = server.namerOf(post.url);
    post.client = std::move(identity);
    post.form = std::move(form);
    post.deadline = deadlines.codeExchange;
    post.deadlines = deadlines;
    post.dpop = std::move(dpop);
    if (post.client.method != ClientAuthentication::SecretBasic) {
        // The proof of the client brings it along.
        post.form.removeIf([](const auto &field) { return field.first == "client_id"; });
    }
    const Result<TokenReply> reply = co_await sendTokenPost(client, post, std::move(stop));
    if (!reply) {
        co_return base::failed(reply.error());
    }
    co_return readPushedRequest(*reply, post.secrets());
}

bool isAboutRequest(const base::Error &error)
{
    return !error.oauthCode.isEmpty() && !error.isTransient();
}

Result<void> checkCanSign(const AuthorizationServer &server, const ClientRegistration &client)
{
    const QString host = base::displayAuthority(QUrl(server.issuer));
    if (!client.key || client.method != ClientAuthentication::PrivateKeyJwt) {
        base::Error error = makeError(
            ErrorKind::SignInNeeded,
            Words::tr(
                "%1 takes only sign-ins that are signed with the key of an app. Register an app with a key "
                "there, or ask its owner for one, and enter its client ID and the key.")
                .arg(host),
            u"require_signed_request_object, and the client has no key"_s, host);
        error.remedy = QString::fromUtf16(remedies::entersClient);
        return base::failed(error);
    }
    const QString algorithm = QString::fromLatin1(client.key->algorithm());
    const QStringList &listed = server.requestSigningAlgorithms;
    if (listed.isEmpty() || listed.contains(algorithm)) {
        return {};
    }
    return base::failed(makeError(
        ErrorKind::Protocol,
        Words::tr(
            "%1 takes only sign-ins that are signed, and not with a key of this sort (%2). Register another "
            "key "
            "there.")
            .arg(host, algorithm),
        u"request_object_signing_alg_values_supported: "_s + base::displayText(listed.join(u' ')), host));
}

Result<http::FormFields> signedRequest(const AuthorizationServer &server, const ClientRegistration &client,
                                       const http::FormFields &form, const QDateTime &now)
{
    if (const Result<void> possible = checkCanSign(server, client); !possible) {
        return base::failed(possible.error());
    }
    const qint64 issuedAt = now.toSecsSinceEpoch();
    QJsonObject claims = {{u"iss"_s, client.clientId},
                          {u"aud"_s, server.issuer},
                          {u"iat"_s, issuedAt},
                          {u"exp"_s, issuedAt + signatureLifetime},
                          {u"jti"_s, QString::fromLatin1(base::randomText(16))}};
    for (const auto &[name, value] : form) {
        claims.insert(QString::fromUtf8(name), QString::fromUtf8(value));
    }
    const QByteArray request = client.key->signJwt({{u"typ"_s, u"oauth-authz-req+jwt"_s}}, claims);
    return http::FormFields{{"client_id", client.clientId.toUtf8()}, {"request", request}};
}

} // namespace mooring::oauth
