// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of SignIn that gets a client id: known, dynamic, or typed in.
#include "base/displaytext.h"
#include "connections/signin.h"
#include "storage/filelock.h"

#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

oauth::ClientRegistration toRegistration(const RegistrationRecord &record)
{
    oauth::ClientRegistration client;
    client.issuer = record.issuer;
    client.clientId = record.clientId;
    client.method = record.method;
    client.redirectUri = record.redirectUri;
    client.source = record.source;
    client.registeredAt = record.registeredAt;
    client.secretExpiresAt = record.secretExpiresAt;
    return client;
}

quint16 portOf(const QString &redirectUri)
{
    return static_cast<quint16>(QUrl(redirectUri).port(0));
}

} // namespace

Task<Result<oauth::ClientRegistration>>
Connection::Private::registrationOf(SelfPointer self, QString registrationId, std::stop_token stop)
{
    Private *d = self->d.get();
    Result<Records> records = d->services.records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    const RegistrationRecord *found = records->registration(registrationId);
    if (!found) {
        co_return base::failed(
            makeError(ErrorKind::SignInNeeded,
                      translated("The registration that belongs to this sign-in is gone. Authorize again.")));
    }
    oauth::ClientRegistration client = toRegistration(*found);
    if (found->hasSecret) {
        Result<base::Secret> secret = co_await d->services.grants.readClientSecret(registrationId, stop);
        if (!secret) {
            co_return base::failed(secret.error());
        }
        client.clientSecret = *secret;
    }
    co_return client;
}

Task<Result<oauth::ClientRegistration>> SignIn::obtainClient(oauth::Discovery discovery, std::stop_token stop)
{
    Result<Obtained> obtained = co_await obtainWithoutAsking(discovery, stop);
    if (!obtained) {
        co_return base::failed(obtained.error());
    }
    if (const auto *client = std::get_if<oauth::ClientRegistration>(&*obtained)) {
        co_return *client;
    }
    const oauth::ClientNeeded needed = std::get<oauth::ClientNeeded>(*obtained);
    Result<ClientCredentials> typed = co_await askPerson(needed, stop);
    if (!typed) {
        co_return base::failed(typed.error());
    }
    co_return typedClient(discovery, needed.redirectUri, *typed);
}

Task<Result<SignIn::Obtained>> SignIn::obtainWithoutAsking(oauth::Discovery discovery, std::stop_token stop)
{
    // One registration per service, however many connections and processes ask at once. Nobody
    // waits for a person in here.
    const QString lockPath = d->services.records.registrationLockPath(discovery.server.issuer);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<oauth::ClientRegistration> known = co_await knownClient(discovery.server.issuer, stop);
    if (m_options.client) {
        const QString redirectUri = m_listener ? m_listener->redirectUri() : QString();
        if (!redirectUri.isEmpty()) {
            m_registrationId.clear();
            co_return Obtained(oauth::ClientNeeded{discovery.server.issuer, redirectUri});
        }
    } else if (known) {
        co_return Obtained(*known);
    } else if (known.error().kind != ErrorKind::NotFound) {
        co_return base::failed(known.error());
    }
    Result<Obtained> fresh = co_await newClient(std::move(discovery), stop);
    co_return fresh;
}

Task<Result<oauth::ClientRegistration>> SignIn::knownClient(QString issuer, std::stop_token stop)
{
    Result<Records> records = d->services.records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    // The one this connection used last comes first.
    QList<RegistrationRecord> candidates;
    for (const RegistrationRecord &record : std::as_const(records->registrations)) {
        candidates.insert(record.id == d->record.registrationId ? 0 : candidates.size(), record);
    }
    for (const RegistrationRecord &candidate : std::as_const(candidates)) {
        if (candidate.issuer != issuer || toRegistration(candidate).isExpired(d->now())) {
            continue;
        }
        Result<std::unique_ptr<oauth::LoopbackListener>> listener =
            oauth::LoopbackListener::listen(portOf(candidate.redirectUri));
        if (!listener) {
            // Its port is taken now; it is kept for the day when it is free again.
            if (candidate.source == oauth::ClientRegistration::Source::Manual) {
                m_takenPort = portOf(candidate.redirectUri);
            }
            continue;
        }
        Result<oauth::ClientRegistration> client =
            co_await Connection::Private::registrationOf(m_self, candidate.id, stop);
        if (client) {
            m_listener = std::move(*listener);
            m_registrationId = candidate.id;
            co_return client;
        }
        if (client.error().kind == ErrorKind::Keychain) {
            co_return client;
        }
    }
    co_return base::failed(makeError(ErrorKind::NotFound, {}));
}

Task<Result<SignIn::Obtained>> SignIn::newClient(oauth::Discovery discovery, std::stop_token stop)
{
    Result<std::unique_ptr<oauth::LoopbackListener>> listener = oauth::LoopbackListener::listen(0);
    if (!listener) {
        co_return base::failed(listener.error());
    }
    m_listener = std::move(*listener);
    if (m_options.client) {
        co_return Obtained(oauth::ClientNeeded{discovery.server.issuer, m_listener->redirectUri()});
    }
    Result<Obtained> obtained =
        co_await oauth::obtainClient(d->services.http, d->services.deadlines, discovery.server,
                                     m_listener->redirectUri(), discovery.scopes, {}, stop);
    if (!obtained) {
        co_return base::failed(obtained.error());
    }
    if (const auto *client = std::get_if<oauth::ClientRegistration>(&*obtained)) {
        Result<void> saved = co_await saveRegistration(*client);
        if (!saved) {
            co_return base::failed(saved.error());
        }
    } else if (m_takenPort != 0) {
        co_return base::failed(makeError(
            ErrorKind::Network,
            translated("Another program uses port %1 of this computer, which your app at %2 is registered "
                       "with. Close that program and try again.")
                .arg(m_takenPort)
                .arg(base::displayAuthority(QUrl(discovery.server.issuer)))));
    }
    co_return obtained;
}

Task<Result<ClientCredentials>> SignIn::askPerson(oauth::ClientNeeded needed, std::stop_token stop)
{
    if (m_options.client) {
        co_return std::as_const(*m_options.client);
    }
    const QString host = base::displayAuthority(QUrl(needed.issuer));
    if (!m_options.askForClient) {
        co_return base::failed(makeError(ErrorKind::SignInNeeded,
                                         translated("%1 does not register apps by itself. Create an app "
                                                    "there with the redirect address %2, then enter "
                                                    "its client ID.")
                                             .arg(host, needed.redirectUri),
                                         u"no registration endpoint"_s, host));
    }
    Result<ClientCredentials> typed = co_await m_options.askForClient(needed, stop);
    co_return typed;
}

Result<oauth::ClientRegistration> SignIn::typedClient(const oauth::Discovery &discovery,
                                                      const QString &redirectUri,
                                                      ClientCredentials typed) const
{
    const QString clientId = typed.clientId.trimmed();
    if (clientId.isEmpty()) {
        return base::failed(makeError(ErrorKind::InvalidInput, translated("The client ID can't be empty.")));
    }
    const Result<oauth::ClientAuthentication> method =
        oauth::chooseMethod(discovery.server, !typed.clientSecret.isEmpty(), std::nullopt);
    if (!method) {
        return base::failed(method.error());
    }
    oauth::ClientRegistration client;
    client.issuer = discovery.server.issuer;
    client.clientId = clientId;
    client.clientSecret = *method == oauth::ClientAuthentication::None ? base::Secret() : typed.clientSecret;
    client.method = *method;
    client.redirectUri = redirectUri;
    client.source = oauth::ClientRegistration::Source::Manual;
    client.registeredAt = d->now();
    return client;
}

Task<Result<void>> SignIn::saveRegistration(oauth::ClientRegistration client)
{
    RegistrationRecord record;
    record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    record.issuer = client.issuer;
    record.clientId = client.clientId;
    record.redirectUri = client.redirectUri;
    record.method = client.method;
    record.source = client.source;
    record.registeredAt = client.registeredAt;
    record.secretExpiresAt = client.secretExpiresAt;
    record.hasSecret = !client.clientSecret.isEmpty();
    record.generation = 1;
    if (record.hasSecret) {
        Result<void> written =
            co_await d->services.grants.writeClientSecret(record.id, client.clientSecret, {});
        if (!written) {
            co_return base::failed(written.error());
        }
    }
    const RecordsChange change = [record](Records &records) { records.registrations.append(record); };
    Result<Records> saved = co_await d->services.records.update(change, {});
    if (!saved) {
        co_return base::failed(saved.error());
    }
    m_registrationId = record.id;
    co_return Result<void>();
}

Task<void> SignIn::forgetRegistration()
{
    const QString id = m_registrationId;
    const RecordsChange change = [id](Records &records) {
        records.registrations.removeIf([id](const RegistrationRecord &record) { return record.id == id; });
    };
    Result<Records> saved = co_await d->services.records.update(change, {});
    if (saved) {
        co_await d->services.grants.removeClientSecret(id, {});
    }
}

} // namespace mooring::connections
