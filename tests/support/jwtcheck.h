// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <optional>

namespace mooring::support {

/// A compact JWS as its receiver sees it.
struct CheckedJwt {
    QJsonObject header;
    QJsonObject claims;
};

/// Whether `signature` (as JOSE has it) over `input` is good under the public key `jwk`.
bool verifySignature(const QJsonObject &jwk, const QByteArray &algorithm, const QByteArray &input,
                     const QByteArray &signature);

/// The parts of `jwt` if its signature is good under `jwk`; under the key in its own header
/// (RFC 9449 section 4.2) if that is empty.
std::optional<CheckedJwt> checkJwt(const QByteArray &jwt, const QJsonObject &jwk = {});

QByteArray base64Url(const QByteArray &bytes);
QByteArray fromBase64Url(const QByteArray &text);

} // namespace mooring::support
