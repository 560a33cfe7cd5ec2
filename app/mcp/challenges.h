// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "mcp/authorizer.h"
#include "mcp/call.h"
#include "mcp/exchange.h"

namespace mooring::mcp {

/// What the server's refusals of one request lead to: whether the request may be authorized anew and sent
/// once more. One object per request; the Authorizer decides, and this sees to it that a token which was just
/// issued isn't renewed for ever.
class Challenges final {
public:
    /// All of these outlive it.
    Challenges(Authorizer &authorizer, const base::Clock &clock);

    /// The server answered 401 or 403 to `sent`. Success: once more. Errors: HttpStatus for a 403 that is
    /// about anything but the scope of the token; SignInNeeded for a renewed token that is refused again;
    /// those of the Authorizer.
    base::Task<base::Result<void>> onRefusal(http::Request sent, http::ResponseHead head,
                                             std::stop_token stop);
    /// An answer to `sent` speaks of its token without a 401 (speaksOfToken()). True: once more; false: the
    /// answer stands, because the request may have been carried out or nothing can be done. Errors:
    /// SignInNeeded for a renewed token that gets the same; those of the Authorizer.
    base::Task<base::Result<bool>> onDoubt(http::Request sent, base::Result<Answer> answer, Call call,
                                           std::stop_token stop);

private:
    base::Error stillRefused(const http::Request &sent, const base::Result<Answer> &answer) const;

    Authorizer &m_authorizer;
    const base::Clock &m_clock;
    bool m_isChallenged = false;
    bool m_hasNonce = false;
    bool m_isRenewed = false;
};

} // namespace mooring::mcp
