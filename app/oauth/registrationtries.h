// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/clientregistration.h"
#include "oauth/refusal.h"

namespace mooring::oauth {

/// What is asked of a registration endpoint (RFC 7591 section 2).
struct Application {
    QString redirectUri;
    QStringList scopes = {};
    ClientAuthentication method = ClientAuthentication::None;
    /// Empty: not said.
    QString applicationType = QStringLiteral("native");
    bool wantsRefreshTokens = true;

    QByteArray toJson() const;
    friend bool operator==(const Application &, const Application &) = default;
};

/// Services refuse a whole registration over one member of it that they don't like. What is optional is then
/// left out or said in another way, each once: first what the service's own words are about, then the rest,
/// at last everything at once. A change that got no further is taken back.
class RegistrationTries final {
public:
    /// `redirectUris` in the order to try; the last is the one that a person would register by hand.
    RegistrationTries(const AuthorizationServer &server, Application first, QStringList redirectUris);

    const Application &application() const { return m_application; }
    /// Changes application() after a refusal. False if there is nothing left to change, or it isn't about
    /// what was asked.
    bool goOn(const base::Error &error, const Refusal &said);
    /// The refusal that says what is wrong with what Mooring needs, and not with what was tried instead.
    const base::Error &reason() const { return m_reason; }

private:
    enum class Change { NoType, WebType, NoScope, UsualAddress, NoRefresh, OtherMethod, Barest };

    QList<Change> changesAfter(const base::Error &error, const QString &words) const;
    bool apply(Change change, const QString &words, Application *to) const;
    bool changeMethod(const QString &words, Application *to) const;

    QStringList m_listedMethods;
    QString m_usualRedirectUri;
    Application m_application;
    /// Before the last change.
    Application m_before;
    QList<Change> m_tried;
    base::Error m_reason;
    QString m_lastSaid;
};

} // namespace mooring::oauth
