// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection_p.h"
#include "oauth/discovery.h"

namespace mooring::connections {

/// One sign-in, from discovery to the stored grant. The listener is bound before a client is
/// registered, because the registration names its port.
class SignIn final {
public:
    SignIn(SelfPointer self, AuthorizeOptions options);

    /// The object must outlive the task.
    base::Task<base::Result<void>> run(std::stop_token stop);

private:
    base::Task<base::Result<oauth::Discovery>> discover(std::stop_token stop);
    base::Result<void> checkIssuer(const oauth::Discovery &discovery) const;
    base::Task<base::Result<oauth::ClientRegistration>> obtainClient(oauth::Discovery discovery,
                                                                     std::stop_token stop);
    base::Task<base::Result<oauth::ClientRegistration>> knownClient(QString issuer, std::stop_token stop);
    using Obtained = std::variant<oauth::ClientRegistration, oauth::ClientNeeded>;
    base::Task<base::Result<Obtained>> obtainWithoutAsking(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<Obtained>> newClient(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<ClientCredentials>> askPerson(oauth::ClientNeeded needed, std::stop_token stop);
    base::Result<oauth::ClientRegistration>
    typedClient(const oauth::Discovery &discovery, const QString &redirectUri, ClientCredentials typed) const;
    base::Task<base::Result<void>> saveRegistration(oauth::ClientRegistration client);
    base::Task<void> forgetRegistration();
    base::Task<base::Result<oauth::TokenSet>>
    signInWithBrowser(oauth::Discovery discovery, oauth::ClientRegistration client, std::stop_token stop);
    base::Task<base::Result<void>> keep(oauth::Discovery discovery, oauth::ClientRegistration client,
                                        oauth::TokenSet tokens, std::stop_token stop);
    base::Task<base::Result<void>> store(Grant grant, oauth::Discovery discovery);

    SelfPointer m_self;
    Connection::Private *d;
    AuthorizeOptions m_options;
    std::unique_ptr<oauth::LoopbackListener> m_listener;
    /// Empty until the registration is saved: one that was typed in is, once it has worked.
    QString m_registrationId;
    /// The port of a registration that was typed in, if another program holds it now.
    int m_takenPort = 0;
};

} // namespace mooring::connections
