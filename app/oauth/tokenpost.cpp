// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenpost.h"

#include "http/retries.h"
#include "oauth/signinsettings.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;

namespace {

constexpr qint64 maximumBody = 64 * 1024;

http::Request requestOf(const TokenPost &post, const SecondTries &tries, const QDateTime &now)
{
    ClientRegistration client = post.client;
    client.method = tries.method();
    http::Request request;
    request.verb = "POST";
    request.url = post.url;
    request.namedBy = post.namedBy;
    http::FormFields form = post.form;
    authenticate(client, now, &form, &request.headers, tries.pair());
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.body = http::encodeForm(form);
    request.limits = {post.deadline, post.deadlines.idle, maximumBody};
    request.redirects = http::Redirects::Refuse;
    if (post.dpop) {
        post.dpop->prove(&request);
    }
    return request;
}

} // namespace

QList<base::Secret> TokenPost::secrets() const
{
    static const QByteArrayList names = {"refresh_token", "code",          "code_verifier",    "assertion",
                                         "subject_token", "client_secret", "client_assertion", "token"};
    QList<base::Secret> secrets = {client.clientSecret};
    for (const auto &[name, value] : form) {
        if (names.contains(name)) {
            secrets.append(base::Secret(value));
        }
    }
    return secrets;
}

SecondTries::SecondTries(const ClientRegistration &client, std::shared_ptr<DpopProver> dpop)
    : m_dpop(std::move(dpop))
    , m_method(client.method)
    , m_hasOtherPair(hasTwoBasicPairs(client))
    , m_mayTryNonce(m_dpop != nullptr)
{
    if (client.method == ClientAuthentication::None && !client.clientSecret.isEmpty()) {
        m_otherMethods = {ClientAuthentication::SecretPost, ClientAuthentication::SecretBasic};
    }
}

bool SecondTries::allow(const http::Response &response)
{
    const bool hasNewNonce = m_dpop && m_dpop->learn(response);
    if (response.status != 400 && response.status != 401) {
        return false;
    }
    const QString code = tokenError(response, response.sentAt).oauthCode;
    if (m_mayTryNonce && hasNewNonce && code == "use_dpop_nonce"_L1) {
        m_mayTryNonce = false;
        return true;
    }
    return code == "invalid_client"_L1 && allowOtherProof();
}

bool SecondTries::allowOtherProof()
{
    if (m_hasOtherPair) {
        m_hasOtherPair = false;
        m_pair = BasicPair::Plain;
        return true;
    }
    if (!m_otherMethods.isEmpty()) {
        m_method = m_otherMethods.takeFirst();
        return true;
    }
    return false;
}

Task<Result<TokenReply>> sendTokenPost(http::Client &client, TokenPost post, SecondTries tries,
                                       std::stop_token stop)
{
    const http::Retries retries(http::Retries::Of::UnsentOnly, post.deadlines);
    while (true) {
        http::Request request = requestOf(post, tries, client.clock()());
        Result<http::Response> response =
            co_await http::sendPatiently(client, std::move(request), retries, stop);
        if (!response) {
            co_return base::failed(response.error());
        }
        const ClientAuthentication method = tries.method();
        if (!tries.allow(*response)) {
            co_return TokenReply{std::move(*response), method};
        }
    }
}

Task<Result<TokenReply>> sendTokenPost(http::Client &client, TokenPost post, std::stop_token stop)
{
    SecondTries tries(post.client, post.dpop);
    return sendTokenPost(client, std::move(post), std::move(tries), std::move(stop));
}

Result<TokenSet> readTokenReply(const TokenReply &reply, const TokenPost &post,
                                const QStringList &askedScopes)
{
    Result<TokenSet> tokens = readTokenSet(reply, askedScopes, post.dpop != nullptr, post.secrets());
    if (tokens && reply.method != post.client.method) {
        tokens->letInBy = reply.method;
    }
    return tokens;
}

base::Error withFittingRemedy(base::Error error, const QString &resource, const ClientRegistration &client)
{
    const bool isTried =
        (error.remedy == QStringView(remedies::omitsResource) && resource.isEmpty())
        || (error.remedy == QStringView(remedies::forgetsRegistration) && client.clientId.isEmpty());
    if (isTried) {
        error.remedy.clear();
    }
    return error;
}

} // namespace mooring::oauth
