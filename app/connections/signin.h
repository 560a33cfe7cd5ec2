// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection_p.h"
#include "oauth/discovery.h"

#include <functional>
#include <stop_token>

namespace mooring::connections {

/// One sign-in, from discovery to the stored grant. The listener is bound before a client is
/// registered, because the registration names its port.
class SignIn final {
public:
    SignIn(SelfPointer self, AuthorizeOptions options);

    /// The object must outlive the task.
    base::Task<base::Result<void>> run(std::stop_token stop);

private:
    /// What came of a sign-in, whichever way it was made.
    struct Issued {
        oauth::ClientRegistration client;
        oauth::TokenSet tokens;
        Grant::Source source = Grant::Source::Browser;
    };
    using Obtained = std::variant<oauth::ClientRegistration, oauth::ClientNeeded>;

    base::Task<base::Result<oauth::Discovery>> discover(std::stop_token stop);
    QStringList scopesToAsk(const oauth::Discovery &discovery) const;
    QString resourceToSend(const oauth::Discovery &discovery) const;

    // signinchecks.cpp
    base::Result<void> checkIssuer(const oauth::Discovery &discovery) const;
    base::Result<void> checkPage(const oauth::Discovery &discovery) const;

    // signinclient.cpp
    base::Task<base::Result<oauth::ClientRegistration>> obtainClient(oauth::Discovery discovery,
                                                                     std::stop_token stop);
    base::Task<base::Result<Obtained>> obtainWithoutAsking(oauth::Discovery discovery, std::stop_token stop);
    bool mayUse(const RegistrationRecord &candidate, const QString &issuer) const;
    /// Holds a port from here on; does nothing if one is held.
    base::Result<void> listen(quint16 port);
    base::Task<base::Result<oauth::ClientRegistration>> knownClient(QString issuer, std::stop_token stop);
    std::optional<oauth::ClientRegistration> documentClient(const oauth::Discovery &discovery);
    base::Task<base::Result<Obtained>> newClient(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<Obtained>> registerClient(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<void>> saveRegistration(oauth::ClientRegistration client);
    base::Task<base::Result<ClientCredentials>> askPerson(oauth::ClientNeeded needed, std::stop_token stop);
    base::Task<base::Result<void>> keepPort(oauth::ClientNeeded needed);
    /// After a sign-in: how the client was let in, if that is not how it is registered.
    base::Task<void> learnMethod(std::optional<oauth::ClientAuthentication> letInBy,
                                 oauth::ClientRegistration *client);
    base::Error clientRefused(base::Error error, const oauth::ClientRegistration &client) const;
    base::Result<oauth::ClientRegistration>
    typedClient(const oauth::Discovery &discovery, const QString &redirectUri, ClientCredentials typed) const;

    base::Task<base::Result<Issued>> inBrowser(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<oauth::TokenSet>>
    waitForBrowser(oauth::Discovery discovery, oauth::ClientRegistration client, std::stop_token stop);

    void letGoOn(const std::stop_token &stop);

    // signinself.cpp
    base::Task<base::Result<Issued>> withAssertion(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<base::Secret>> tradeIdToken(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<Issued>> asItself(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<oauth::ClientRegistration>> ownClient(oauth::Discovery discovery,
                                                                  std::stop_token stop);

    // signinkeep.cpp
    base::Task<base::Result<void>> keep(oauth::Discovery discovery, Issued issued, std::stop_token stop);
    /// The sign-in that this one takes the place of. With the connection's lock held.
    base::Task<std::optional<GivenBack>> readReplaced();
    base::Task<base::Result<void>> store(Grant grant, oauth::Discovery discovery,
                                         oauth::ClientRegistration client);
    GivenBack givenBack(const oauth::Discovery &discovery, const oauth::ClientRegistration &client,
                        const Grant &grant) const;
    /// Its item may have been written over.
    base::Task<void> putBack(Grant old);
    static base::Task<void> tellAccount(SelfPointer self, oauth::AuthorizationServer server, Grant grant);

    SelfPointer m_self;
    Connection::Private *d;
    AuthorizeOptions m_options;
    std::unique_ptr<oauth::LoopbackListener> m_listener;
    /// Empty until the registration is saved: one that was typed in is, once it has worked.
    QString m_registrationId;
    QString m_replacedRegistration;
    /// The registration is one of an earlier sign-in, which the service may have forgotten since.
    bool m_isKnownClient = false;
    /// For tokens that are bound to a key; null if they are not to be.
    std::shared_ptr<oauth::DpopProver> m_dpop;
    /// The port of a registration that was typed in, if another program holds it now.
    int m_takenPort = 0;
    std::unique_ptr<std::stop_callback<std::function<void()>>> m_onStop;
    /// See Connection::Private::underWay.
    std::shared_ptr<bool> m_underWay = {};
};

/// Nothing but a client that the person has registered lets it in: why, and with which redirect address.
base::Error clientNeededError(const oauth::ClientNeeded &needed);

} // namespace mooring::connections
