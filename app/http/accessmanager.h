// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/headers.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>

#include <chrono>

namespace mooring::http {

/// What one request may cost. Handed over as request attributes, so that requests that Qt's OAuth
/// flow makes by itself are held to limits too.
struct Limits {
    /// From sending to the last byte, however busy the other side seems.
    std::chrono::milliseconds deadline = std::chrono::seconds(15);
    /// Longest silence; zero for none (a stream that only speaks when it has something to say).
    std::chrono::milliseconds idle = std::chrono::seconds(15);
    /// Largest body, in bytes.
    qint64 body = 256 * 1024;
};

/// Why a reply was ended by us; None if it ended by itself.
enum class Fault { None, Deadline, Idle, TooLarge, Headers };

/// The only network access manager of the project. What Qt does of its own accord and must not:
/// follow redirects (with our headers and body), keep cookies, answer authentication challenges,
/// cache, speak HTTP/2 where its decoder is unsafe, send a POST a second time after a lost
/// connection, wait for ever. createRequest() switches all of that off for every request.
class AccessManager final : public QNetworkAccessManager {
    Q_OBJECT
public:
    explicit AccessManager(QObject *parent = nullptr);

    /// The limits of requests that carry none of their own (those of Qt's OAuth flow).
    void setDefaultLimits(const Limits &limits) { m_defaultLimits = limits; }
    /// Sent with the next requests to exactly this URL: client authentication (RFC 6749 section 2.3.1)
    /// and proofs (RFC 9449 section 5), which Qt's OAuth flow has no place for.
    void setHeadersFor(const QUrl &url, const Headers &headers);

    static void setLimits(QNetworkRequest *request, const Limits &limits);
    static Fault faultOf(const QNetworkReply *reply);
    /// The TLS problems of a reply, in words; empty if there were none.
    static QString tlsProblemsOf(const QNetworkReply *reply);

protected:
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &original,
                                 QIODevice *outgoing) override;

private:
    Limits m_defaultLimits;
    QUrl m_urlWithHeaders;
    Headers m_headers;
};

} // namespace mooring::http
