// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/client.h"
#include "support/await.h"
#include "support/fakeinternet.h"
#include "support/fakeserver.h"
#include "support/tlsport.h"

#include <QJsonArray>

namespace mooring::test {

/// An MCP server in the internet, https://mcp.example.com/mcp, its sign-in service https://login.example.net,
/// and the name https://hostile.example.net, which leads wherever a test wants.
struct WebBed {
    support::FakeInternet internet;
    support::FakeNames names;
    support::FakeServer mcp;
    support::FakeServer login;
    /// Where nobody may ever come.
    support::FakeServer canary;
    support::TlsPort mcpTls;
    support::TlsPort loginTls;
    http::Client client;
    base::Deadlines deadlines;
    const QUrl url = QUrl(QStringLiteral("https://mcp.example.com/mcp"));
    const QString issuer = QStringLiteral("https://login.example.net");
    const QString hostile = QStringLiteral("https://hostile.example.net");

    WebBed()
        : mcpTls("DNS:mcp.example.com", mcp.port())
        , loginTls("DNS:login.example.net", login.port())
        , client(base::systemClock(), names.resolver())
    {
        internet.ignore(mcp.port());
        internet.ignore(login.port());
        internet.place(mcpAddress, mcpTls.port());
        internet.place(loginAddress, loginTls.port());
        // Qt itself resolves what the person has typed.
        internet.name(url.host(), {mcpAddress});
        names.answer(url.host(), {mcpAddress});
        names.answer(QUrl(issuer).host(), {loginAddress});
        describeResource(issuer);
        login.route("/.well-known/oauth-authorization-server", support::FakeResponse::json(metadata()));
    }
    void describeResource(const QString &server)
    {
        mcp.route(
            "/.well-known/oauth-protected-resource/mcp",
            support::FakeResponse::json({{QStringLiteral("resource"), url.toString()},
                                         {QStringLiteral("authorization_servers"), QJsonArray{server}}}));
    }
    QJsonObject metadata() const
    {
        return {{QStringLiteral("issuer"), issuer},
                {QStringLiteral("authorization_endpoint"), issuer + QStringLiteral("/authorize")},
                {QStringLiteral("token_endpoint"), issuer + QStringLiteral("/token")},
                {QStringLiteral("code_challenge_methods_supported"), QJsonArray{QStringLiteral("S256")}}};
    }
    /// Connections to anything but the two servers.
    QStringList strayAttempts() const
    {
        QStringList all = internet.attempts();
        all.removeAll(mcpAddress + QStringLiteral(":443"));
        all.removeAll(loginAddress + QStringLiteral(":443"));
        return all;
    }

    inline static const QString mcpAddress = QStringLiteral("93.184.216.34");
    inline static const QString loginAddress = QStringLiteral("151.101.1.69");
};

} // namespace mooring::test
