// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "http/client.h"
#include "oauth/signingkey.h"

#include <QHash>

namespace mooring::oauth {

/// Proofs that the sender of a token has the key it is bound to (RFC 9449), with the nonces that
/// servers hand out, kept for each origin. Shared by all requests of one grant; main thread only.
class DpopProver final {
public:
    DpopProver(SigningKey key, base::Clock clock);

    const SigningKey &key() const { return m_key; }
    /// Sets the header DPoP on a request: a new proof each time (section 4.2), with `ath` if there
    /// is an access token.
    void prove(http::Request *request, const QByteArray &accessToken = {});
    /// The value for a request that somebody else sends (Qt's OAuth flow).
    QByteArray proof(const QByteArray &verb, const QUrl &url, const QByteArray &accessToken = {});
    /// Keeps the nonce that an answer brings (section 8.2). True if it is a new one.
    bool learn(const http::ResponseHead &head);

private:
    SigningKey m_key;
    base::Clock m_clock;
    QHash<QString, QByteArray> m_nonces;
};

} // namespace mooring::oauth
