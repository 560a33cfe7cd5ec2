// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/hiddenrefusal.h"

#include "oauth/challenge.h"

#include <algorithm>
#include <array>

namespace mooring::mcp {

using namespace Qt::StringLiterals;

namespace {

/// What servers of several makes say for 401 in a JSON-RPC error.
constexpr qint64 rpcUnauthorized = -32001;

/// By themselves they say it all.
constexpr std::array plainWords{
    "invalid_token"_L1,         "invalid_client"_L1,
    "invalid_grant"_L1,         "invalid_access_token"_L1,
    "invalid_auth"_L1,          "expired_token"_L1,
    "expiredtoken"_L1,          "token_expired"_L1,
    "tokenexpired"_L1,          "token_revoked"_L1,
    "unauthorized"_L1,          "unauthorised"_L1,
    "unauthenticated"_L1,       "not authenticated"_L1,
    "not_authenticated"_L1,     "not_authed"_L1,
    "login_required"_L1,        "authentication required"_L1,
    "log in again"_L1,          "sign in again"_L1,
    "authentication failed"_L1, "authorization required"_L1,
    "re-authenticate"_L1,       "reauthenticate"_L1,
};
/// One of the first and one of the second, wherever they stand.
constexpr std::array things{"token"_L1, "jwt"_L1, "bearer"_L1, "credential"_L1};
constexpr std::array faults{
    "expire"_L1,   "invalid"_L1,    "revoked"_L1,   "not valid"_L1,
    "inactive"_L1, "not active"_L1, "no longer"_L1, "rejected"_L1,
};
/// Other things that are called a token.
constexpr std::array others{
    "unexpected token"_L1, "page token"_L1, "pagetoken"_L1, "page_token"_L1, "next token"_L1,
    "nexttoken"_L1,        "csrf"_L1,       "json"_L1,      "max_tokens"_L1, "token limit"_L1,
    "too many tokens"_L1,
};

bool hasOneOf(const QString &text, const auto &words)
{
    return std::ranges::any_of(words, [&text](QLatin1StringView word) { return text.contains(word); });
}

bool challengesToken(const http::ResponseHead &head)
{
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(head.headers.values("WWW-Authenticate"));
    return std::ranges::any_of(challenges, [](const oauth::Challenge &challenge) {
        return challenge.parameters.value("error") == "invalid_token";
    });
}

} // namespace

bool namesBadToken(const QString &text)
{
    const QString lower = text.toLower();
    return hasOneOf(lower, plainWords)
           || (hasOneOf(lower, things) && hasOneOf(lower, faults) && !hasOneOf(lower, others));
}

bool speaksOfToken(const Answer &answer, bool isKnown)
{
    const bool isResult = answer.message && answer.message->kind() == Message::Kind::Result;
    if (answer.head.status == 401 || isResult) {
        return false;
    }
    if (answer.isPage) {
        return isKnown && answer.head.isSuccess();
    }
    return (!answer.head.isSuccess() && challengesToken(answer.head)) || namesBadToken(refusalText(answer));
}

bool wasRefusedBeforehand(const Answer &answer, const Call &call)
{
    const int status = answer.head.status;
    if (call.method != "tools/call"_L1 || !answer.message || status == 400 || status == 403) {
        return true;
    }
    const qint64 code = answer.message->error().code;
    return code == rpcUnauthorized || code == rpcServerError || code == rpcInvalidRequest;
}

} // namespace mooring::mcp
