// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QJsonObject>

#include <memory>

namespace mooring::oauth {

/// A private key that signs JSON Web Tokens (RFC 7515, RFC 7518 section 3): ES256, ES384, RS256, PS256
/// or EdDSA. Copies share the key. The one place that talks to OpenSSL.
class SigningKey final {
public:
    /// A new P-256 key, for ES256.
    static SigningKey generate();
    /// PEM (PKCS#8, SEC 1 or PKCS#1), unencrypted. `algorithm` may be empty: the usual one for that sort
    /// of key. Errors: InvalidInput, for what is no key or does not fit the algorithm.
    static base::Result<SigningKey> fromPem(const base::Secret &pem, const QByteArray &algorithm = {});

    /// PKCS#8 PEM, for the keychain.
    base::Secret toPem() const;
    /// The `alg` of RFC 7518.
    const QByteArray &algorithm() const { return m_algorithm; }
    /// The public half as a JWK (RFC 7517), required members only.
    QJsonObject publicJwk() const;
    /// RFC 7638, SHA-256, base64url: the `jkt` of RFC 9449.
    QByteArray thumbprint() const;

    /// The signature of `input` as JOSE has it (RFC 7518 section 3): r and s side by side for ES256 and
    /// ES384. Empty if OpenSSL can't.
    QByteArray sign(const QByteArray &input) const;
    /// A compact JWS. `alg` is put into the header here.
    QByteArray signJwt(QJsonObject header, const QJsonObject &claims) const;

private:
    SigningKey() = default;

    struct Key;
    std::shared_ptr<const Key> m_key;
    QByteArray m_algorithm;
};

} // namespace mooring::oauth
