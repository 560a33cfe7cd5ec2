// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "oauth/clientauthentication.h"
#include "oauth/dpop.h"
#include "oauth/tokenset.h"

#include <chrono>

namespace mooring::oauth {

/// A form for an endpoint where clients say who they are (RFC 6749 section 3.2.1). What the client
/// says of itself is added when it is sent.
struct TokenPost {
    QUrl url;
    /// Who has named `url`, as in http::Request.
    QUrl namedBy;
    ClientRegistration client;
    http::FormFields form;
    /// Of each sending; the other limits are those of `deadlines`.
    std::chrono::milliseconds deadline;
    base::Deadlines deadlines;
    std::shared_ptr<DpopProver> dpop = {};

    /// What is in it that must not come back in a sentence.
    QList<base::Secret> secrets() const;
};

/// An answer of any status, and by which proof of the client it was got.
struct TokenReply : http::Response {
    ClientAuthentication method = ClientAuthentication::None;
};

/// What a form that was refused may be sent again with. Each change is tried once, and only after an
/// answer by which the service says that it has not looked at the grant:
///
///  - `use_dpop_nonce`, with a nonce that is new (RFC 9449 section 8): the request is to be repeated.
///  - `invalid_client`, where id or secret look different percent-encoded: once more as they are,
///    because many services never decode them. A service authenticates the client before it touches code
///    or refresh token (RFC 6749 section 3.2.1); one that doesn't has burnt them by its first answer, so
///    that nothing is left that a second sending could lose. Any other answer, and no answer at all,
///    may mean that the code or the token is consumed: nothing is sent again then.
///  - the same, where the client was registered as one without a secret and was given one all the same:
///    with the secret, in the form and in the header.
class SecondTries final {
public:
    SecondTries(const ClientRegistration &client, std::shared_ptr<DpopProver> dpop);

    /// Whether to send the form again after this answer. Learns its nonce in any case.
    bool allow(const http::Response &response);
    BasicPair pair() const { return m_pair; }
    ClientAuthentication method() const { return m_method; }

private:
    bool allowOtherProof();

    std::shared_ptr<DpopProver> m_dpop;
    ClientAuthentication m_method;
    BasicPair m_pair = BasicPair::Encoded;
    bool m_hasOtherPair;
    bool m_mayTryNonce;
    /// Left to try, for a client that has a secret which it was not to use.
    QList<ClientAuthentication> m_otherMethods;
};

/// Sends the form, and again as SecondTries allows, or once after a moment if nothing of it can have arrived.
/// Follows no redirect: where a secret goes, it goes no further. Errors: those of http::Client; an answer of
/// any status is none.
base::Task<base::Result<TokenReply>> sendTokenPost(http::Client &client, TokenPost post, SecondTries tries,
                                                   std::stop_token stop);
base::Task<base::Result<TokenReply>> sendTokenPost(http::Client &client, TokenPost post,
                                                   std::stop_token stop);

/// readTokenSet() of the answer to `post`, with TokenSet::letInBy.
base::Result<TokenSet> readTokenReply(const TokenReply &reply, const TokenPost &post,
                                      const QStringList &askedScopes);

/// A remedy that has been tried already is none: takes omitsResource away where no resource was sent,
/// and forgetsRegistration where there was no client.
base::Error withFittingRemedy(base::Error error, const QString &resource, const ClientRegistration &client);

} // namespace mooring::oauth
