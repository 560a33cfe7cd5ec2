// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/challenges.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "mcp/hiddenrefusal.h"

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

bool hasError(const QList<oauth::Challenge> &challenges, QByteArrayView code)
{
    return std::any_of(challenges.begin(), challenges.end(), [code](const oauth::Challenge &challenge) {
        return challenge.parameters.value("error") == code;
    });
}

} // namespace

Challenges::Challenges(Authorizer &authorizer, const base::Clock &clock)
    : m_authorizer(authorizer)
    , m_clock(clock)
{
}

Task<Result<void>> Challenges::onRefusal(http::Request sent, http::ResponseHead head, std::stop_token stop)
{
    const QString host = base::displayAuthority(head.url);
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(head.headers.values("WWW-Authenticate"));
    if (head.status == 403 && !hasError(challenges, "insufficient_scope")) {
        base::Error error = http::statusError(head, m_clock());
        error.sentence = Words::tr("%1 refuses this request (HTTP %2).").arg(host).arg(head.status);
        co_return base::failed(error);
    }
    Result<void> decision = co_await m_authorizer.onChallenge(sent, head, challenges, stop);
    if (decision && m_isChallenged) {
        base::Error error =
            makeError(ErrorKind::SignInNeeded,
                      Words::tr("The server refuses the token that its own sign-in service has just issued."),
                      u"refused again after the token was renewed"_s, host);
        error.httpStatus = head.status;
        co_return base::failed(error);
    }
    // A nonce (RFC 9449 section 9) is part of the way of showing a token, and says nothing about the token.
    m_isChallenged |= !hasError(challenges, "use_dpop_nonce") || std::exchange(m_hasNonce, true);
    co_return decision;
}

base::Error Challenges::stillRefused(const http::Request &sent, const Result<Answer> &answer) const
{
    const QString host = base::displayAuthority(sent.url);
    const QString says = answer ? base::displayText(refusalText(*answer).simplified(), 200) : QString();
    const QString sentence =
        says.isEmpty()
            ? Words::tr("%1 refuses the token that its own sign-in service has just issued.").arg(host)
            : Words::tr("%1 refuses the token that its own sign-in service has just issued. It says: %2")
                  .arg(host, says);
    base::Error error = makeError(ErrorKind::SignInNeeded, sentence,
                                  u"refused again, without a 401, after the token was renewed"_s, host);
    error.httpStatus = answer ? answer->head.status : answer.error().httpStatus;
    return error;
}

Task<Result<bool>> Challenges::onDoubt(http::Request sent, Result<Answer> answer, Call call,
                                       std::stop_token stop)
{
    if (m_isRenewed) {
        m_authorizer.onStillRefused(sent);
        co_return base::failed(stillRefused(sent, answer));
    }
    if (answer && !wasRefusedBeforehand(*answer, call)) {
        co_return false;
    }
    Result<bool> renewed = co_await m_authorizer.onDoubt(sent, stop);
    m_isRenewed = renewed && *renewed;
    co_return renewed;
}

} // namespace mooring::mcp
