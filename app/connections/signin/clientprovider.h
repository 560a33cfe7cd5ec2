// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/signin/authorizeoptions.h"
#include "connections/tokens/services.h"
#include "oauth/discovery.h"
#include "oauth/loopbacklistener.h"

#include <variant>

namespace mooring::connections {

/// Gets the client that a sign-in uses: a registration that is known, the client ID metadata document, a new
/// dynamic registration (RFC 7591), or one that the person types in. The loopback port is held before a
/// client is registered, because the registration names it. The object outlives its tasks.
class ClientProvider final {
public:
    ClientProvider(EntryPointer entry, Services services, AuthorizeOptions options);

    /// For a sign-in in the browser; takeListener() has the port of its redirect URI then.
    base::Task<base::Result<oauth::ClientRegistration>> obtain(oauth::Discovery discovery,
                                                               std::stop_token stop);
    std::unique_ptr<oauth::LoopbackListener> takeListener() { return std::move(m_listener); }
    /// For a sign-in as Mooring itself: the one that was typed in, now or before.
    base::Task<base::Result<oauth::ClientRegistration>> obtainOwn(oauth::Discovery discovery,
                                                                  std::stop_token stop);
    base::Result<oauth::ClientRegistration>
    typedClient(const oauth::Discovery &discovery, const QString &redirectUri, ClientCredentials typed) const;

    /// Empty until the registration is saved: one that was typed in is, once it has worked.
    const QString &registrationId() const { return m_registrationId; }
    base::Task<base::Result<void>> save(oauth::ClientRegistration client);
    /// After a sign-in: how the client was let in, if that is not how it is registered.
    base::Task<void> learnMethod(std::optional<oauth::ClientAuthentication> letInBy,
                                 oauth::ClientRegistration *client);
    /// The sign-in has failed with `error`: what the person is told. A registration that the service has
    /// forgotten is forgotten here too.
    base::Task<base::Error> onFailure(base::Error error, oauth::ClientRegistration client);

private:
    using Obtained = std::variant<oauth::ClientRegistration, oauth::ClientNeeded>;

    base::Task<base::Result<Obtained>> obtainWithoutAsking(oauth::Discovery discovery, std::stop_token stop);
    bool mayUse(const RegistrationRecord &candidate, const QString &issuer) const;
    /// Holds a port from here on; does nothing if one is held.
    base::Result<void> listen(quint16 port);
    base::Task<base::Result<oauth::ClientRegistration>> knownClient(QString issuer, std::stop_token stop);
    std::optional<oauth::ClientRegistration> documentClient(const oauth::Discovery &discovery);
    base::Task<base::Result<Obtained>> newClient(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<Obtained>> registerClient(oauth::Discovery discovery, std::stop_token stop);
    base::Task<base::Result<ClientCredentials>> askPerson(oauth::ClientNeeded needed, std::stop_token stop);
    base::Task<base::Result<void>> keepPort(oauth::ClientNeeded needed);
    base::Error clientRefused(base::Error error, const oauth::ClientRegistration &client) const;
    const ConnectionRecord &record() const { return m_entry->record(); }

    EntryPointer m_entry;
    Services m_services;
    AuthorizeOptions m_options;
    std::unique_ptr<oauth::LoopbackListener> m_listener;
    QString m_registrationId;
    /// The registration is one of an earlier sign-in, which the service may have forgotten since.
    bool m_isKnownClient = false;
    /// The port of a registration that was typed in, if another program holds it now.
    int m_takenPort = 0;
};

/// Nothing but a client that the person has registered lets it in: why, and with which redirect address.
base::Error clientNeededError(const oauth::ClientNeeded &needed);

} // namespace mooring::connections
