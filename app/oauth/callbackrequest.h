// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>

#include <optional>

namespace mooring::oauth {

/// The path of a redirect URI, where nothing more is needed to tell services apart.
QString callbackPath();
/// The path of the redirect URIs that only this issuer is given. An answer that another service has sent the
/// browser back with lands elsewhere, or is refused there (RFC 9700 section 4.4.2.2).
QString callbackPath(const QString &issuer);

/// The head of a request to the callback address, from whoever.
struct CallbackRequest {
    enum class State {
        Incomplete, ///< more bytes are needed
        Refused, ///< `status` says why
        Complete, ///< a GET of our path; `query` is still encoded
    };

    State state = State::Incomplete;
    int status = 0;
    QByteArray query = {};
};

/// Reads what has arrived so far. `host` is the only value of the Host field that counts, `path` the only
/// path. Limits: 8 KiB for the request line, 16 KiB for all of it. The body, if there is one, is not
/// looked at.
CallbackRequest readCallbackRequest(QByteArrayView received, QByteArrayView host, QByteArrayView path);

/// The parameters of the answer, decoded after they were told apart. Nothing if one stands twice
/// (RFC 6749 section 3.1) or can't be decoded.
std::optional<QMap<QByteArray, QByteArray>> callbackParameters(QByteArrayView query);

} // namespace mooring::oauth
