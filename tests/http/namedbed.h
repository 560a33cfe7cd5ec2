// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/client.h"
#include "support/await.h"
#include "support/fakeinternet.h"
#include "support/fakeserver.h"
#include "support/tlsport.h"

namespace mooring::test {

inline const QUrl typed(QStringLiteral("https://mcp.example.com/mcp"));
inline const QUrl named(QStringLiteral("https://login.example.net/x"));
/// Addresses of the internet; FakeInternet keeps everything here.
inline const QString far = QStringLiteral("93.184.216.34");
inline const QString farther = QStringLiteral("151.101.1.69");
inline const QString near = QStringLiteral("10.0.0.1");

/// A server that calls itself login.example.net, and names to reach it by.
struct NamedBed {
    support::FakeInternet internet;
    support::FakeNames names;
    support::FakeServer server;
    support::TlsPort tls;
    http::Client client;
    http::Request request;

    explicit NamedBed(const QByteArray &certificate = "DNS:login.example.net")
        : tls(certificate, server.port())
        , client(base::systemClock(), names.resolver())
    {
        internet.ignore(server.port());
        internet.place(far, tls.port());
        server.route("/x", support::FakeResponse::json({{QStringLiteral("a"), 1}}));
        request.url = named;
        request.namedBy = typed;
        request.limits.deadline = std::chrono::seconds(10);
        request.redirects = http::Redirects::FollowGet;
    }
    base::Result<http::Response> send() { return support::await(client.send(request, {})); }
};

} // namespace mooring::test
