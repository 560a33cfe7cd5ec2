// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "oauth/challenge.h"

namespace mooring::mcp {

/// Adds credentials to requests, so that the transport never sees one. It outlives the sessions
/// that use it.
class Authorizer {
public:
    Authorizer() = default;
    virtual ~Authorizer() = default;
    Q_DISABLE_COPY_MOVE(Authorizer)

    /// What of it proves who somebody is, so that a server which refuses it refuses a key.
    enum class Key {
        None,
        InAddress,
        InHeader,
    };
    virtual Key key() const { return Key::None; }

    /// The request with what the server wants to see. Errors end the call before anything is sent.
    virtual base::Task<base::Result<http::Request>> authorize(http::Request request,
                                                              std::stop_token stop) = 0;

    /// The server refused `sent` (401, or 403 with a challenge), which is the request as authorize()
    /// made it, so that the refused token is known. Success means: authorize the original request
    /// anew and send it once more. An error is the outcome of the call.
    virtual base::Task<base::Result<void>> onChallenge(http::Request sent, http::ResponseHead refusal,
                                                       QList<oauth::Challenge> challenges,
                                                       std::stop_token stop) = 0;
    /// An answer other than 401 speaks of the token of `sent`: it may have ended before its time. True means,
    /// as with onChallenge(), to authorize the original request anew and to send it once more; false that
    /// nothing can be done, so that the answer stands. An error is the outcome of the call.
    virtual base::Task<base::Result<bool>> onDoubt(http::Request sent, std::stop_token stop);
    /// After onDoubt() was true: the new token has got the same answer.
    virtual void onStillRefused(const http::Request &sent) { Q_UNUSED(sent) }
    /// The server took `sent`, and answered with `head`: whatever it carried is good.
    virtual void onAccepted(const http::Request &sent, const http::ResponseHead &head)
    {
        Q_UNUSED(sent)
        Q_UNUSED(head)
    }
};

/// For servers that want nothing, and for probing.
class NoAuthorizer final : public Authorizer {
public:
    base::Task<base::Result<http::Request>> authorize(http::Request request, std::stop_token stop) override;
    /// SignInNeeded.
    base::Task<base::Result<void>> onChallenge(http::Request sent, http::ResponseHead refusal,
                                               QList<oauth::Challenge> challenges,
                                               std::stop_token stop) override;
};

} // namespace mooring::mcp
