// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "http/client.h"

#include <QDateTime>

#include <optional>

namespace mooring::http {

/// The cookies of one conversation with one server (RFC 6265). Load balancers tell by them which machine has
/// begun a session, so that it can't be used without. In memory only, for the very origin that set them, and
/// gone with the conversation. By hand, because Qt's jar shares cookies between the ports and the schemes of
/// a host, keeps them for all that its access manager sends, and takes any number of them.
class SessionCookies final {
public:
    /// `server` is any address of the origin that they are for.
    SessionCookies(const QUrl &server, base::Clock clock);

    /// Takes what an answer sets. What is meant for other hosts, is too long or can't be sent back is left
    /// out.
    void learn(const ResponseHead &head);
    /// Puts the header Cookie on a request to this origin, behind what it may hold already.
    void addTo(Request *request) const;
    bool isEmpty() const { return m_cookies.isEmpty(); }

private:
    struct Cookie {
        QByteArray name;
        QByteArray value;
        QByteArray path;
        /// Until the end of the conversation, if there is none.
        std::optional<QDateTime> expiresAt = std::nullopt;
        bool isForTlsOnly = false;
    };

    std::optional<Cookie> read(const QByteArray &line, const QUrl &url) const;
    void readAttribute(Cookie *cookie, const QByteArray &name, const QByteArray &value,
                       bool *hasMaxAge) const;
    void keep(const Cookie &cookie);

    QString m_origin;
    base::Clock m_clock;
    /// In the order in which they were set first.
    QList<Cookie> m_cookies;
};

} // namespace mooring::http
