// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/clientprovider.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "oauth/callbackrequest.h"
#include "oauth/clientmetadata.h"
#include "oauth/pushedrequest.h"
#include "oauth/refusal.h"
#include "oauth/tokenset.h"
#include "storage/filelock.h"

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

ClientProvider::ClientProvider(EntryPointer entry, Services services, AuthorizeOptions options)
    : m_entry(std::move(entry))
    , m_services(std::move(services))
    , m_options(std::move(options))
{
}

Task<Result<oauth::ClientRegistration>> ClientProvider::obtain(oauth::Discovery discovery,
                                                               std::stop_token stop)
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

Task<Result<ClientProvider::Obtained>> ClientProvider::obtainWithoutAsking(oauth::Discovery discovery,
                                                                           std::stop_token stop)
{
    // One registration per service, however many connections and processes ask at once. Nobody
    // waits for a person in here.
    const QString lockPath = m_services.records.registrationLockPath(discovery.server.issuer);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, m_services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<oauth::ClientRegistration> known = co_await knownClient(discovery.server.issuer, stop);
    if (m_options.client) {
        // The listener of a known client is kept: what is typed in may be registered with its port.
        m_registrationId.clear();
        if (const Result<void> listening = listen(record().settings.redirectPort); !listening) {
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

Task<Result<oauth::ClientRegistration>> ClientProvider::obtainOwn(oauth::Discovery discovery,
                                                                  std::stop_token stop)
{
    if (m_options.client) {
        co_return typedClient(discovery, {}, *m_options.client);
    }
    Result<Records> records = m_services.records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    const RegistrationRecord *known = records->registration(record().registrationId);
    if (!known || known->issuer != discovery.server.issuer || !known->hasSecret) {
        const QString host = base::displayAuthority(QUrl(discovery.server.issuer));
        base::Error error = makeError(
            ErrorKind::SignInNeeded,
            Words::tr("To sign in at %1 as an app, Mooring needs the client ID and the secret or key that "
                      "you got there.")
                .arg(host),
            u"client credentials without a client"_s, host);
        error.remedy = QString::fromUtf16(oauth::remedies::entersClient);
        co_return base::failed(error);
    }
    m_registrationId = known->id;
    Result<oauth::ClientRegistration> client = co_await m_services.registrations.read(m_registrationId, stop);
    co_return client;
}

bool ClientProvider::mayUse(const RegistrationRecord &candidate, const QString &issuer) const
{
    const oauth::SignInSettings &settings = record().settings;
    const QUrl redirectUri(candidate.redirectUri);
    const bool fitsSettings =
        redirectUri.host() == (settings.redirectHost.isEmpty() ? u"127.0.0.1"_s : settings.redirectHost)
        && (settings.redirectPort == 0 || redirectUri.port() == settings.redirectPort);
    const bool isOtherDocument = candidate.source == Source::MetadataDocument
                                 && candidate.clientId != m_services.records.clientMetadataUrl();
    const bool isUnwanted = m_options.forgetRegistration && candidate.id == record().registrationId;
    const bool isOurPath =
        redirectUri.path() == oauth::callbackPath() || redirectUri.path() == oauth::callbackPath(issuer);
    return candidate.issuer == issuer && fitsSettings && isOurPath && !isOtherDocument && !isUnwanted
           && !toRegistration(candidate).isExpired(m_entry->now());
}

Result<void> ClientProvider::listen(quint16 port)
{
    if (m_listener) {
        return {};
    }
    Result<std::unique_ptr<oauth::LoopbackListener>> listener =
        oauth::LoopbackListener::listen(port, record().settings.redirectHost);
    if (!listener) {
        return base::failed(listener.error());
    }
    m_listener = std::move(*listener);
    return {};
}

Task<Result<oauth::ClientRegistration>> ClientProvider::knownClient(QString issuer, std::stop_token stop)
{
    Result<Records> records = m_services.records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    // The one this connection used last comes first.
    QList<RegistrationRecord> candidates;
    for (const RegistrationRecord &one : std::as_const(records->registrations)) {
        candidates.insert(one.id == record().registrationId ? 0 : candidates.size(), one);
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
        Result<oauth::ClientRegistration> client = co_await m_services.registrations.read(candidate.id, stop);
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

std::optional<oauth::ClientRegistration> ClientProvider::documentClient(const oauth::Discovery &discovery)
{
    const QString document = m_services.records.clientMetadataUrl();
    const oauth::SignInSettings &settings = record().settings;
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
            return oauth::clientFromMetadata(discovery.server, document, redirectUri, m_entry->now());
        }
        m_listener.reset();
    }
    return std::nullopt;
}

Task<Result<ClientProvider::Obtained>> ClientProvider::newClient(oauth::Discovery discovery,
                                                                 std::stop_token stop)
{
    if (const std::optional<oauth::ClientRegistration> described = documentClient(discovery)) {
        Result<void> saved = co_await save(*described);
        if (!saved) {
            co_return base::failed(saved.error());
        }
        co_return Obtained(*described);
    }
    if (const Result<void> listening = listen(record().settings.redirectPort); !listening) {
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
        Result<void> saved = co_await save(*client);
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
Task<Result<ClientProvider::Obtained>> ClientProvider::registerClient(oauth::Discovery discovery,
                                                                      std::stop_token stop)
{
    const oauth::AuthorizationServer &server = discovery.server;
    QStringList redirectUris;
    if (server.registrationEndpoint.isValid() && !server.issParameterSupported) {
        m_listener->setPath(oauth::callbackPath(server.issuer));
        redirectUris.append(m_listener->redirectUri());
    }
    m_listener->setPath(oauth::callbackPath());
    redirectUris.append(m_listener->redirectUri());
    Result<Obtained> obtained = co_await oauth::obtainClient(m_services.http, m_services.deadlines, server,
                                                             redirectUris, discovery.scopes, {}, stop);
    if (obtained && std::holds_alternative<oauth::ClientRegistration>(*obtained)) {
        m_listener->setPath(QUrl(std::get<oauth::ClientRegistration>(*obtained).redirectUri).path());
    }
    co_return obtained;
}

Task<Result<void>> ClientProvider::save(oauth::ClientRegistration client)
{
    Result<QString> id = co_await m_services.registrations.save(std::move(client));
    if (!id) {
        co_return base::failed(id.error());
    }
    m_registrationId = *id;
    co_return Result<void>();
}

Task<Result<ClientCredentials>> ClientProvider::askPerson(oauth::ClientNeeded needed, std::stop_token stop)
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
Task<Result<void>> ClientProvider::keepPort(oauth::ClientNeeded needed)
{
    const quint16 port = portOf(needed.redirectUri);
    if (record().settings.redirectPort == port) {
        co_return Result<void>();
    }
    const RecordChange change = [port](ConnectionRecord &record) { record.settings.redirectPort = port; };
    Result<void> updated = co_await m_entry->update(change, {});
    if (updated) {
        m_entry->note(Words::tr("Keeps port %1 for the app that you create at %2")
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

Task<void> ClientProvider::learnMethod(std::optional<oauth::ClientAuthentication> letInBy,
                                       oauth::ClientRegistration *client)
{
    if (!letInBy) {
        co_return;
    }
    client->method = *letInBy;
    if (!m_registrationId.isEmpty()) {
        co_await m_services.registrations.setMethod(m_registrationId, *letInBy);
    }
}

Task<base::Error> ClientProvider::onFailure(base::Error failure, oauth::ClientRegistration client)
{
    base::Error error = clientRefused(std::move(failure), client);
    const bool isForgotten = oauth::isClientRefusal(error.oauthCode);
    if (isForgotten && !m_registrationId.isEmpty()) {
        co_await m_services.registrations.forget(m_registrationId);
    } else if (m_isKnownClient && error.kind == ErrorKind::Timeout) {
        // A service that has forgotten a client says so on its own page, and the browser never comes back.
        error.remedy = QString::fromUtf16(oauth::remedies::forgetsRegistration);
    }
    co_return error;
}

/// "Any more" is only said of a client that was known before.
base::Error ClientProvider::clientRefused(base::Error error, const oauth::ClientRegistration &client) const
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

Result<oauth::ClientRegistration> ClientProvider::typedClient(const oauth::Discovery &discovery,
                                                              const QString &redirectUri,
                                                              ClientCredentials typed) const
{
    oauth::ClientRegistration client;
    client.issuer = discovery.server.issuer;
    client.clientId = typed.clientId.trimmed();
    client.redirectUri = redirectUri;
    client.source = Source::Manual;
    client.registeredAt = m_entry->now();
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
