// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of SignIn that gets a client id: known, dynamic, or typed in.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/signin.h"
#include "oauth/callbackrequest.h"
#include "oauth/pushedrequest.h"
#include "oauth/refusal.h"
#include "storage/filelock.h"

#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

using Source = oauth::ClientRegistration::Source;

quint16 portOf(const QString &redirectUri)
{
    return static_cast<quint16>(QUrl(redirectUri).port(0));
}

base::Error portTaken(int port, const oauth::Discovery &discovery)
{
    return makeError(ErrorKind::Network,
                     Words::tr("Another program uses port %1 of this computer, which your app at %2 is "
                               "registered with. Close that program and try again.")
                         .arg(port)
                         .arg(base::displayAuthority(QUrl(discovery.server.issuer))));
}

} // namespace

Task<Result<oauth::ClientRegistration>> SignIn::obtainClient(oauth::Discovery discovery, std::stop_token stop)
{
    Result<Obtained> obtained = co_await obtainWithoutAsking(discovery, stop);
    if (!obtained) {
        co_return base::failed(obtained.error());
    }
    if (const auto *client = std::get_if<oauth::ClientRegistration>(&*obtained)) {
        co_return *client;
    }
    oauth::ClientNeeded needed = std::get<oauth::ClientNeeded>(*obtained);
    needed.documentation = discovery.server.serviceDocumentation;
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
        // The listener of a known client is kept: what is typed in may be registered with its port.
        m_registrationId.clear();
        if (const Result<void> listening = listen(d->record.settings.redirectPort); !listening) {
            co_return base::failed(listening.error());
        }
        m_listener->setPath(oauth::callbackPath());
        co_return Obtained(oauth::ClientNeeded{discovery.server.issuer, m_listener->redirectUri()});
    }
    if (known) {
        co_return Obtained(*known);
    }
    if (known.error().kind != ErrorKind::NotFound) {
        co_return base::failed(known.error());
    }
    Result<Obtained> fresh = co_await newClient(std::move(discovery), stop);
    co_return fresh;
}

bool SignIn::mayUse(const RegistrationRecord &candidate, const QString &issuer) const
{
    const oauth::SignInSettings &settings = d->record.settings;
    const QUrl redirectUri(candidate.redirectUri);
    const bool fitsSettings =
        redirectUri.host() == (settings.redirectHost.isEmpty() ? u"127.0.0.1"_s : settings.redirectHost)
        && (settings.redirectPort == 0 || redirectUri.port() == settings.redirectPort);
    const bool isOtherDocument = candidate.source == Source::MetadataDocument
                                 && candidate.clientId != d->services.records.clientMetadataUrl();
    const bool isUnwanted = m_options.forgetRegistration && candidate.id == d->record.registrationId;
    const bool isOurPath =
        redirectUri.path() == oauth::callbackPath() || redirectUri.path() == oauth::callbackPath(issuer);
    return candidate.issuer == issuer && fitsSettings && isOurPath && !isOtherDocument && !isUnwanted
           && !toRegistration(candidate).isExpired(d->now());
}

Result<void> SignIn::listen(quint16 port)
{
    if (m_listener) {
        return {};
    }
    Result<std::unique_ptr<oauth::LoopbackListener>> listener =
        oauth::LoopbackListener::listen(port, d->record.settings.redirectHost);
    if (!listener) {
        return base::failed(listener.error());
    }
    m_listener = std::move(*listener);
    return {};
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
        if (!mayUse(candidate, issuer)) {
            continue;
        }
        if (!listen(portOf(candidate.redirectUri))) {
            // Its port is taken now; it is kept for the day when it is free again.
            if (candidate.source == Source::Manual) {
                m_takenPort = portOf(candidate.redirectUri);
            }
            continue;
        }
        Result<oauth::ClientRegistration> client =
            co_await d->services.registrations.read(candidate.id, stop);
        if (client) {
            m_listener->setPath(QUrl(candidate.redirectUri).path());
            m_registrationId = candidate.id;
            m_isKnownClient = true;
            co_return client;
        }
        m_listener.reset();
        if (client.error().kind == ErrorKind::Keychain) {
            co_return client;
        }
    }
    co_return base::failed(makeError(ErrorKind::NotFound, {}));
}

std::optional<oauth::ClientRegistration> SignIn::documentClient(const oauth::Discovery &discovery)
{
    const QString document = d->services.records.clientMetadataUrl();
    const oauth::SignInSettings &settings = d->record.settings;
    if (document.isEmpty() || !discovery.server.clientIdMetadataDocumentSupported
        || !settings.redirectHost.isEmpty() || settings.redirectPort != 0) {
        return std::nullopt;
    }
    // Not every service lets the port differ from the document's (RFC 8252 section 7.3), so it names a few.
    for (const quint16 port : oauth::clientMetadataPorts()) {
        if (!listen(port)) {
            continue;
        }
        const QString redirectUri = m_listener->redirectUri();
        if (oauth::fitsClientMetadata(discovery.server, document, redirectUri)) {
            return oauth::clientFromMetadata(discovery.server, document, redirectUri, d->now());
        }
        m_listener.reset();
    }
    return std::nullopt;
}

Task<Result<SignIn::Obtained>> SignIn::newClient(oauth::Discovery discovery, std::stop_token stop)
{
    if (const std::optional<oauth::ClientRegistration> described = documentClient(discovery)) {
        Result<void> saved = co_await saveRegistration(*described);
        if (!saved) {
            co_return base::failed(saved.error());
        }
        co_return Obtained(*described);
    }
    if (const Result<void> listening = listen(d->record.settings.redirectPort); !listening) {
        co_return base::failed(listening.error());
    }
    if (discovery.server.requiresSignedRequest) {
        // A client that Mooring registers itself has no key to sign with.
        co_return base::failed(oauth::checkCanSign(discovery.server, {}).error());
    }
    Result<Obtained> obtained = co_await registerClient(discovery, stop);
    const bool isLeftToPerson =
        !obtained && obtained.error().remedy == QStringView(oauth::remedies::entersClient);
    if (isLeftToPerson) {
        co_return Obtained(
            oauth::ClientNeeded{discovery.server.issuer, m_listener->redirectUri(), obtained.error()});
    }
    if (!obtained) {
        co_return base::failed(obtained.error());
    }
    if (const auto *client = std::get_if<oauth::ClientRegistration>(&*obtained)) {
        base::checkpoint("K03");
        Result<void> saved = co_await saveRegistration(*client);
        if (!saved) {
            co_return base::failed(saved.error());
        }
    } else if (m_takenPort != 0) {
        co_return base::failed(portTaken(m_takenPort, discovery));
    }
    co_return obtained;
}

/// Services that don't name themselves in their answers each get a path of their own, so that none can be
/// sent what another one has answered; those that don't want it get the usual one. What the person is to
/// register is always the usual one.
Task<Result<SignIn::Obtained>> SignIn::registerClient(oauth::Discovery discovery, std::stop_token stop)
{
    const oauth::AuthorizationServer &server = discovery.server;
    QStringList redirectUris;
    if (server.registrationEndpoint.isValid() && !server.issParameterSupported) {
        m_listener->setPath(oauth::callbackPath(server.issuer));
        redirectUris.append(m_listener->redirectUri());
    }
    m_listener->setPath(oauth::callbackPath());
    redirectUris.append(m_listener->redirectUri());
    Result<Obtained> obtained = co_await oauth::obtainClient(d->services.http, d->services.deadlines, server,
                                                             redirectUris, discovery.scopes, {}, stop);
    if (obtained && std::holds_alternative<oauth::ClientRegistration>(*obtained)) {
        m_listener->setPath(QUrl(std::get<oauth::ClientRegistration>(*obtained).redirectUri).path());
    }
    co_return obtained;
}

Task<Result<void>> SignIn::saveRegistration(oauth::ClientRegistration client)
{
    Result<QString> id = co_await d->services.registrations.save(std::move(client));
    if (!id) {
        co_return base::failed(id.error());
    }
    m_registrationId = *id;
    co_return Result<void>();
}

Task<Result<ClientCredentials>> SignIn::askPerson(oauth::ClientNeeded needed, std::stop_token stop)
{
    if (m_options.client) {
        co_return std::as_const(*m_options.client);
    }
    Result<void> kept = co_await keepPort(needed);
    if (!kept) {
        co_return base::failed(kept.error());
    }
    if (!m_options.askForClient) {
        co_return base::failed(clientNeededError(needed));
    }
    Result<ClientCredentials> typed = co_await m_options.askForClient(needed, stop);
    co_return typed;
}

/// The person registers the very address that is named now, maybe long after this process has ended, so it
/// is used from now on. It stands among the connection's settings, where it can be taken back.
Task<Result<void>> SignIn::keepPort(oauth::ClientNeeded needed)
{
    const quint16 port = portOf(needed.redirectUri);
    if (d->record.settings.redirectPort == port) {
        co_return Result<void>();
    }
    const RecordChange change = [port](ConnectionRecord &record) { record.settings.redirectPort = port; };
    Result<void> updated = co_await Connection::Private::updateRecord(m_self, change, {});
    if (updated) {
        Connection::Private::note(m_self, Words::tr("Keeps port %1 for the app that you create at %2")
                                              .arg(port)
                                              .arg(base::displayAuthority(QUrl(needed.issuer))));
    }
    co_return updated;
}

base::Error clientNeededError(const oauth::ClientNeeded &needed)
{
    const QString host = base::displayAuthority(QUrl(needed.issuer));
    base::Error error = needed.refusal.value_or(
        makeError(ErrorKind::SignInNeeded, Words::tr("%1 does not register apps by itself.").arg(host),
                  u"no registration endpoint"_s, host));
    error.sentence +=
        u' '
        + Words::tr("Create an app there with the redirect address %1, then enter its client ID.")
              .arg(needed.redirectUri);
    error.remedy = QString::fromUtf16(oauth::remedies::entersClient);
    return error;
}

Task<void> SignIn::learnMethod(std::optional<oauth::ClientAuthentication> letInBy,
                               oauth::ClientRegistration *client)
{
    if (!letInBy) {
        co_return;
    }
    client->method = *letInBy;
    if (!m_registrationId.isEmpty()) {
        co_await d->services.registrations.setMethod(m_registrationId, *letInBy);
    }
}

/// "Any more" is only said of a client that was known before.
base::Error SignIn::clientRefused(base::Error error, const oauth::ClientRegistration &client) const
{
    if (m_isKnownClient || error.oauthCode != "invalid_client"_L1) {
        return error;
    }
    const QString said = oauth::Refusal::tailOf(error);
    const QString sentence =
        client.source == Source::Dynamic
            ? Words::tr("%1 refuses the client ID that it has just given to Mooring. Only its owner can mend "
                        "that; with a client ID of your own it may work.")
            : Words::tr("%1 doesn't accept this client ID, or the secret that goes with it. Check both.");
    error.sentence = sentence.arg(error.host) + said;
    error.remedy = QString::fromUtf16(oauth::remedies::entersClient);
    return error;
}

Result<oauth::ClientRegistration> SignIn::typedClient(const oauth::Discovery &discovery,
                                                      const QString &redirectUri,
                                                      ClientCredentials typed) const
{
    oauth::ClientRegistration client;
    client.issuer = discovery.server.issuer;
    client.clientId = typed.clientId.trimmed();
    client.redirectUri = redirectUri;
    client.source = Source::Manual;
    client.registeredAt = d->now();
    if (client.clientId.isEmpty()) {
        return base::failed(makeError(ErrorKind::InvalidInput, Words::tr("The client ID can't be empty.")));
    }
    if (!typed.privateKey.isEmpty()) {
        const Result<oauth::SigningKey> key =
            oauth::SigningKey::fromPem(typed.privateKey, typed.keyAlgorithm);
        if (!key) {
            return base::failed(key.error());
        }
        client.key = *key;
        client.method = oauth::ClientAuthentication::PrivateKeyJwt;
        return client;
    }
    const Result<oauth::ClientAuthentication> method =
        oauth::chooseMethod(discovery.server, !typed.clientSecret.isEmpty(), std::nullopt);
    if (!method) {
        return base::failed(method.error());
    }
    client.clientSecret = typed.clientSecret;
    client.method = *method;
    return client;
}

} // namespace mooring::connections
