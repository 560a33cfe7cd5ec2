// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/account.h"

#include "base/displaytext.h"
#include "base/strictjson.h"
#include "http/urlpolicy.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;

namespace {

constexpr qint64 maximumBody = 64 * 1024;
constexpr qsizetype longestIdToken = 64 * 1024;
constexpr qsizetype longestLabel = 80;

QString labelIn(const QJsonObject &claims)
{
    for (const auto name : {"email"_L1, "preferred_username"_L1, "name"_L1}) {
        const QString label = base::displayText(claims.value(name).toString(), longestLabel).trimmed();
        if (!label.isEmpty()) {
            return label;
        }
    }
    return {};
}

http::Request userinfoRequest(const AuthorizationServer &server, const TokenSet &tokens,
                              const base::Deadlines &deadlines, DpopProver *dpop)
{
    http::Request request;
    request.url = server.userinfoEndpoint;
    request.namedBy = server.namerOf(server.userinfoEndpoint);
    const QByteArray &token = tokens.accessToken.reveal();
    request.headers.set("Authorization", (tokens.isDpopBound ? "DPoP " : "Bearer ") + token);
    request.limits = {deadlines.discoveryStep, deadlines.idle, maximumBody};
    if (tokens.isDpopBound) {
        dpop->prove(&request, token);
    }
    return request;
}

} // namespace

QString accountLabelOf(const TokenSet &tokens)
{
    const QByteArray &token = tokens.idToken.reveal();
    if (token.size() > longestIdToken) {
        return {};
    }
    const QList<QByteArray> parts = token.split('.');
    if (parts.size() != 3) {
        // Five parts are an encrypted one, which is not for us.
        return {};
    }
    const auto options = QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors;
    const auto payload = QByteArray::fromBase64Encoding(parts.at(1), options);
    const Result<QJsonObject> claims = base::parseJsonObject(payload ? *payload : QByteArray());
    return claims ? labelIn(*claims) : QString();
}

Task<Result<QString>> fetchAccountLabel(http::Client &client, base::Deadlines deadlines,
                                        AuthorizationServer server, TokenSet tokens,
                                        std::shared_ptr<DpopProver> dpop, std::stop_token stop)
{
    const bool mayAsk = server.userinfoEndpoint.isValid() && tokens.scopes.contains("openid"_L1)
                        && http::origin(server.userinfoEndpoint) == http::origin(server.tokenEndpoint)
                        && (dpop || !tokens.isDpopBound);
    if (!mayAsk) {
        co_return QString();
    }
    http::Request request = userinfoRequest(server, tokens, deadlines, dpop.get());
    Result<http::Response> response = co_await client.send(std::move(request), stop);
    // RFC 9449 section 9: a 401 with a nonce is to be answered with a proof that has it.
    if (response && response->status == 401 && tokens.isDpopBound && dpop->learn(*response)) {
        http::Request again = userinfoRequest(server, tokens, deadlines, dpop.get());
        response = co_await client.send(std::move(again), stop);
    }
    if (!response) {
        co_return base::failed(response.error());
    }
    if (!response->isSuccess()) {
        co_return base::failed(statusError(*response, client.clock()()));
    }
    const Result<QJsonObject> claims = readJsonObject(*response);
    if (!claims) {
        co_return base::failed(claims.error());
    }
    co_return labelIn(*claims);
}

} // namespace mooring::oauth
