// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/authorizer.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::mcp {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

Task<Result<bool>> Authorizer::onDoubt(http::Request, std::stop_token)
{
    co_return false;
}

Task<Result<http::Request>> NoAuthorizer::authorize(http::Request request, std::stop_token)
{
    co_return request;
}

Task<Result<void>> NoAuthorizer::onChallenge(http::Request, http::ResponseHead refusal,
                                             QList<oauth::Challenge>, std::stop_token)
{
    const QString host = base::displayAuthority(refusal.url);
    base::Error error =
        makeError(ErrorKind::SignInNeeded, Words::tr("%1 wants you to sign in first.").arg(host), {}, host);
    error.httpStatus = refusal.status;
    co_return base::failed(error);
}

} // namespace mooring::mcp
