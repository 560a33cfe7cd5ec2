// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demogrants.h"
#include "demo/demoserver.h"

#include <map>

namespace mooring::demo {

/// The sign-in service of a protected demo server: metadata (RFC 8414), registration (RFC 7591) or
/// a page where a person registers an app, a consent page, tokens with PKCE (RFC 7636), `resource`
/// (RFC 8707), `iss` (RFC 9207), rotation, and revocation (RFC 7009).
class AuthServer final {
public:
    enum class Registration { Dynamic, ByHand };

    AuthServer(Registration registration, const QString &stateFile, int accessTokenSeconds);

    Server &http() { return m_http; }
    QString issuer() const { return m_http.origin(); }
    /// The one resource that tokens are given for.
    void setResource(const QString &resource) { m_resource = resource; }
    bool admits(const QByteArray &accessToken) const;

private:
    struct Pending {
        QString clientId;
        QString redirectUri;
        QByteArray state;
        QByteArray challenge;
        QStringList scopes;
        QDateTime since;
    };
    struct Code {
        Pending request;
        QString grant;
        bool isUsed = false;
    };

    Response metadata() const;
    Response registerClient(const Request &request);
    Response registerByHand(const Request &request);
    Response authorize(const Request &request);
    Response showConsent(const http::FormFields &query);
    Response decide(const http::FormFields &form);
    Response token(const Request &request);
    Response exchangeCode(const http::FormFields &form, const QString &clientId);
    Response refresh(const http::FormFields &form, const QString &clientId);
    Response revoke(const Request &request);
    Response tokenAnswer(const QString &grantId);
    Response sendBack(const Pending &request, http::FormFields answer) const;
    bool isRedirectAllowed(const Client &client, const QString &redirectUri) const;
    /// The client that a form names and authenticates, if it does.
    std::optional<QString> clientOf(const Request &request) const;
    void forgetOldRequests();

    Registration m_registration;
    Server m_http;
    Grants m_grants;
    QString m_resource;
    std::map<QByteArray, Pending> m_pending;
    std::map<QByteArray, Code> m_codes;
};

} // namespace mooring::demo
