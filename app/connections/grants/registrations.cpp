// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/registrations.h"

#include "base/checkpoint.h"
#include "base/logging.h"
#include "base/words.h"
#include "http/urlpolicy.h"
#include "storage/filelock.h"

#include <QUuid>

#include <algorithm>

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using oauth::ClientRegistration;

namespace {

RegistrationRecord toRecord(const QString &id, const ClientRegistration &client)
{
    RegistrationRecord record;
    record.id = id;
    record.issuer = client.issuer;
    record.clientId = client.clientId;
    record.redirectUri = client.redirectUri;
    record.registrationUri = client.registrationUri.toString(QUrl::FullyEncoded);
    record.method = client.method;
    record.source = client.source;
    record.registeredAt = client.registeredAt;
    record.secretExpiresAt = client.secretExpiresAt;
    record.requiresPushedRequests = client.requiresPushedRequests;
    record.requiresSignedRequest = client.requiresSignedRequest;
    record.requiresDpop = client.requiresDpop;
    record.generation = 1;
    return record;
}

bool isUsed(const Records &records, const RegistrationRecord &registration)
{
    const auto isIts = [&registration](const auto &entry) { return entry.registrationId == registration.id; };
    const auto isComing = [&isIts](const ConnectionRecord &connection) {
        return connection.pendingWrite && isIts(*connection.pendingWrite);
    };
    return std::ranges::any_of(records.connections, isIts)
           || std::ranges::any_of(records.connections, isComing)
           || std::ranges::any_of(records.revocations, isIts);
}

/// An address that came from a service once, and from a file since.
bool mayBeAsked(const ClientRegistration &client)
{
    return client.registrationUri.isValid()
           && http::UrlPolicy(QUrl(client.issuer))
                  .check(client.registrationUri.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint);
}

} // namespace

ClientRegistration toRegistration(const RegistrationRecord &record)
{
    ClientRegistration client;
    client.issuer = record.issuer;
    client.clientId = record.clientId;
    client.method = record.method;
    client.redirectUri = record.redirectUri;
    client.source = record.source;
    client.registeredAt = record.registeredAt;
    client.secretExpiresAt = record.secretExpiresAt;
    client.requiresPushedRequests = record.requiresPushedRequests;
    client.requiresSignedRequest = record.requiresSignedRequest;
    client.requiresDpop = record.requiresDpop;
    client.registrationUri = QUrl(record.registrationUri, QUrl::StrictMode);
    return client;
}

Registrations::Registrations(RecordsFile &records, GrantStore &grants, http::Client &http,
                             base::Deadlines deadlines)
    : m_records(records)
    , m_grants(grants)
    , m_http(http)
    , m_deadlines(deadlines)
{
}

Task<Result<ClientRegistration>> Registrations::read(QString id, std::stop_token stop)
{
    const Result<Records> records = m_records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    const RegistrationRecord *found = records->registration(id);
    if (!found) {
        co_return base::failed(
            makeError(ErrorKind::SignInNeeded,
                      Words::tr("The registration that belongs to this sign-in is gone. Authorize again.")));
    }
    ClientRegistration client = toRegistration(*found);
    if (found->hasSecret) {
        Result<ClientSecrets> secrets = co_await m_grants.readClientSecrets(id, stop);
        if (!secrets) {
            co_return base::failed(secrets.error());
        }
        client.clientSecret = secrets->clientSecret;
        client.registrationToken = secrets->registrationToken;
        if (!secrets->privateKey.isEmpty()) {
            const Result<oauth::SigningKey> key =
                oauth::SigningKey::fromPem(secrets->privateKey, secrets->keyAlgorithm);
            if (!key) {
                co_return base::failed(key.error());
            }
            client.key = *key;
        }
    }
    co_return client;
}

Task<Result<QString>> Registrations::save(ClientRegistration client)
{
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    Result<void> written = co_await write(id, std::move(client));
    co_return written ? Result<QString>(id) : Result<QString>(base::failed(written.error()));
}

Task<Result<void>> Registrations::putBack(QString id, ClientRegistration client)
{
    // Not while somebody is at retire().
    const QString lockPath = m_records.registrationLockPath(client.issuer);
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(lockPath, m_deadlines.lock, {});
    const Result<Records> records = lock ? m_records.load() : Result<Records>(base::failed(lock.error()));
    if (!records) {
        co_return base::failed(records.error());
    }
    if (records->registration(id)) {
        co_return Result<void>();
    }
    Result<void> written = co_await write(id, std::move(client));
    co_return written;
}

Task<Result<void>> Registrations::write(QString id, ClientRegistration client)
{
    RegistrationRecord record = toRecord(id, client);
    ClientSecrets secrets;
    secrets.clientSecret = client.clientSecret;
    secrets.registrationToken = client.registrationToken;
    if (client.key) {
        secrets.privateKey = client.key->toPem();
        secrets.keyAlgorithm = client.key->algorithm();
    }
    record.hasSecret = !secrets.isEmpty();
    // The record comes first and goes last: a secret that no record names would stay in the keychain for
    // good, while a registration without its secret is only passed over.
    const RecordsChange append = [record](Records &records) { records.registrations.append(record); };
    Result<Records> saved = co_await m_records.update(append, {});
    if (!saved) {
        co_return base::failed(saved.error());
    }
    base::checkpoint("K04");
    if (record.hasSecret) {
        Result<void> written = co_await m_grants.writeClientSecrets(record.id, secrets, {});
        if (!written) {
            co_await forget(record.id);
            co_return base::failed(written.error());
        }
    }
    co_return Result<void>();
}

Task<void> Registrations::setMethod(QString id, oauth::ClientAuthentication method)
{
    const RecordsChange change = [&id, method](Records &records) {
        for (RegistrationRecord &record : records.registrations) {
            record.method = record.id == id ? method : record.method;
        }
    };
    Result<Records> saved = co_await m_records.update(change, {});
    if (!saved) {
        // It is found out once more then.
        qCInfo(base::lcConnections).noquote() << "the record could not be written:" << saved.error().detail;
    }
}

Task<void> Registrations::forget(QString id)
{
    co_await m_grants.removeClientSecrets(id, {});
    const RecordsChange drop = [id](Records &records) {
        records.registrations.removeIf([&id](const RegistrationRecord &record) { return record.id == id; });
    };
    co_await m_records.update(drop, {});
}

Task<void> Registrations::retire(QString id, QUrl namedBy)
{
    const Result<Records> before = m_records.load();
    const RegistrationRecord *found = before ? before->registration(id) : nullptr;
    if (!found) {
        co_return;
    }
    // Nobody chooses it in the meantime; a sign-in that did so before puts it back.
    const QString lockPath = m_records.registrationLockPath(found->issuer);
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(lockPath, m_deadlines.lock, {});
    const Result<Records> records = lock ? m_records.load() : Result<Records>(base::failed(lock.error()));
    const RegistrationRecord *record = records ? records->registration(id) : nullptr;
    if (!record || isUsed(*records, *record)) {
        co_return;
    }
    Result<ClientRegistration> client = co_await read(id, {});
    // First there, then here: what is forgotten here can't be deleted there any more. It is only tidying
    // up, though, so a service that can't be told keeps nobody from forgetting.
    if (client && client->source == ClientRegistration::Source::Dynamic && mayBeAsked(*client)) {
        Result<void> deleted = co_await oauth::deleteRegistration(m_http, m_deadlines, *client, namedBy, {});
        if (!deleted) {
            qCInfo(base::lcConnections) << "a registration could not be deleted at the service";
        }
    }
    co_await forget(id);
}

Task<void> Registrations::retireBehind(ConnectionRecord removed)
{
    constexpr qint64 oneHour = 3600;
    const Result<Records> records = m_records.load();
    const QList<RegistrationRecord> all = records ? records->registrations : QList<RegistrationRecord>();
    const QDateTime now = m_http.clock()();
    for (const RegistrationRecord &record : all) {
        const bool isOld = record.registeredAt.secsTo(now) > oneHour;
        if (record.id == removed.registrationId || (record.issuer == removed.issuer && isOld)) {
            co_await retire(record.id, removed.settings.namerOf({}, removed.url));
        }
    }
}

Task<Result<void>> Registrations::moveSecrets(std::stop_token stop)
{
    const Result<Records> records = m_records.load();
    if (!records) {
        co_return base::failed(records.error());
    }
    const QList<RegistrationRecord> all = records->registrations;
    for (const RegistrationRecord &record : all) {
        if (!record.hasSecret) {
            continue;
        }
        Result<QString> place = co_await m_grants.bringClientSecrets(record.id, stop);
        if (!place) {
            co_return base::failed(place.error());
        }
        Result<void> cleared = co_await m_grants.clearClientSecretsElsewhere(record.id, stop);
        if (!cleared) {
            co_return cleared;
        }
    }
    co_return Result<void>();
}

} // namespace mooring::connections
