// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/headers.h"

#include <QHostAddress>
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
    /// Until the connection is encrypted, where another address can be tried; zero for no such limit.
    std::chrono::milliseconds handshake{0};
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

    /// The next requests to exactly this URL go to this address of its host; see pin().
    void setAddressFor(const QUrl &url, const QHostAddress &address);

    static void setLimits(QNetworkRequest *request, const Limits &limits);
    /// Connects to this address of the host, whatever its name leads to by then, and through no proxy. The
    /// name stays the one for Host, for TLS (server name and certificate) and for urlOf().
    static void pin(QNetworkRequest *request, const QHostAddress &address);
    /// What was asked for, in the words of whoever asked.
    static QUrl urlOf(const QNetworkReply *reply);
    /// False if it is certain that not a byte of the request has left.
    static bool mayHaveSent(const QNetworkReply *reply);
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
    QUrl m_urlWithAddress;
    QHostAddress m_address;
};

} // namespace mooring::http
