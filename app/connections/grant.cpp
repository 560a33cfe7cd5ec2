// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grant.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <QJsonArray>
#include <QUuid>

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;

namespace {

QString text(const base::Secret &secret)
{
    return QString::fromUtf8(secret.reveal());
}

base::Secret secret(const QJsonValue &value)
{
    return base::Secret(value.toString().toUtf8());
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QDateTime timeFrom(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

constexpr std::pair<Grant::Source, QLatin1StringView> sources[] = {
    {Grant::Source::Browser, "browser"_L1},
    {Grant::Source::ClientCredentials, "client_credentials"_L1},
    {Grant::Source::Assertion, "assertion"_L1},
};

QString sourceName(Grant::Source source)
{
    const auto *const found =
        std::ranges::find(sources, source, [](const auto &entry) { return entry.first; });
    return found->second;
}

Grant::Source sourceFrom(const QString &name)
{
    const auto *const found =
        std::ranges::find(sources, name, [](const auto &entry) { return entry.second; });
    return found == std::end(sources) ? Grant::Source::Browser : found->first;
}

QJsonObject contentOf(const Grant &grant)
{
    QJsonObject json{{u"kind"_s, u"grant"_s},
                     {u"access_token"_s, text(grant.tokens.accessToken)},
                     {u"refresh_token"_s, text(grant.tokens.refreshToken)},
                     {u"scopes"_s, QJsonArray::fromStringList(grant.tokens.scopes)},
                     {u"issuedAt"_s, timeText(grant.tokens.issuedAt)},
                     {u"issuer"_s, grant.issuer},
                     {u"resource"_s, grant.resource},
                     {u"token_endpoint"_s, grant.tokenEndpoint.toString(QUrl::FullyEncoded)},
                     {u"client_id"_s, grant.clientId},
                     {u"source"_s, sourceName(grant.source)},
                     {u"afterRefusal"_s, grant.afterRefusal}};
    if (!grant.dpopKey.isEmpty()) {
        json["dpop_key"_L1] = text(grant.dpopKey);
        json["isDpopBound"_L1] = grant.tokens.isDpopBound;
    }
    if (grant.tokens.expiresAt) {
        json["expiresAt"_L1] = timeText(*grant.tokens.expiresAt);
    }
    return json;
}

storage::SecretItem itemOf(const Grant &grant)
{
    return {grant.generation, contentOf(grant)};
}

Grant grantFrom(const storage::SecretItem &item)
{
    const QJsonObject &json = item.content;
    Grant grant;
    grant.generation = item.generation;
    grant.tokens.accessToken = secret(json["access_token"_L1]);
    grant.tokens.refreshToken = secret(json["refresh_token"_L1]);
    const QJsonArray scopes = json["scopes"_L1].toArray();
    for (const QJsonValue scope : scopes) {
        grant.tokens.scopes.append(scope.toString());
    }
    grant.tokens.issuedAt = timeFrom(json["issuedAt"_L1]);
    if (json.contains("expiresAt"_L1)) {
        grant.tokens.expiresAt = timeFrom(json["expiresAt"_L1]);
    }
    grant.issuer = json["issuer"_L1].toString();
    grant.resource = json["resource"_L1].toString();
    grant.tokenEndpoint = QUrl(json["token_endpoint"_L1].toString(), QUrl::StrictMode);
    grant.clientId = json["client_id"_L1].toString();
    grant.source = sourceFrom(json["source"_L1].toString());
    grant.dpopKey = secret(json["dpop_key"_L1]);
    grant.tokens.isDpopBound = json["isDpopBound"_L1].toBool();
    grant.afterRefusal = json["afterRefusal"_L1].toBool();
    return grant;
}

/// A name may come out of somebody's README, and is shown by another program. KeePassXC reads {REF:…} in a
/// title as the content of another entry, and refuses to keep such an item.
QString inLabel(const QString &name)
{
    QString text = base::displayText(name);
    return text.remove(u'{').remove(u'}');
}

constexpr auto folderMember = "folder"_L1;

QString connectionName(const QString &id)
{
    return u"connection/"_s + id;
}

QString registrationName(const QString &id)
{
    return u"registration/"_s + id;
}

storage::FolderIdentity::Stamp stampOf(const storage::SecretItem &item)
{
    return storage::FolderIdentity::Stamp::fromJson(item.content[folderMember].toObject());
}

} // namespace

GrantStore::GrantStore(storage::SecretStore &store, QString keyPrefix)
    : m_store(store)
    , m_items(store)
    , m_keyPrefix(std::move(keyPrefix))
{
}

QString GrantStore::connectionKey(const QString &id) const
{
    return ownPrefix() + connectionName(id);
}

QString GrantStore::furtherKey(const QString &id) const
{
    return m_keyPrefix + u"further/"_s + id;
}

QString GrantStore::probeKey(const QString &id) const
{
    return ownPrefix() + u"probe/"_s + id;
}

QString GrantStore::registrationKey(const QString &id) const
{
    return ownPrefix() + registrationName(id);
}

storage::SecretItem GrantStore::stamped(const Grant &grant) const
{
    storage::SecretItem item = itemOf(grant);
    if (!m_folder.stamp().id.isEmpty()) {
        item.content[folderMember] = m_folder.stamp().toJson();
    }
    return item;
}

Task<Result<std::optional<storage::SecretItem>>> GrantStore::readShared(QString name, std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item = co_await m_items.read(ownPrefix() + name, stop);
    if (item && !*item && m_folder.isCopy()) {
        item = co_await m_items.read(m_keyPrefix + name, stop);
    }
    co_return item;
}

Task<Result<std::optional<Grant>>> GrantStore::readGrant(QString connectionId, std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item =
        co_await m_items.read(connectionKey(connectionId), stop);
    if (item && *item && m_folder.belongsElsewhere(stampOf(**item))) {
        m_folder.becomeCopyOf(stampOf(**item));
        item = co_await m_items.read(connectionKey(connectionId), stop);
    }
    if (!item) {
        co_return base::failed(item.error());
    }
    if (!*item || (*item)->content["kind"_L1].toString() != "grant"_L1) {
        co_return std::optional<Grant>();
    }
    co_return std::optional<Grant>(grantFrom(**item));
}

Task<Result<void>> GrantStore::writeGrant(QString connectionId, Grant grant, std::stop_token stop)
{
    return m_items.write(connectionKey(connectionId), stamped(grant), std::move(stop));
}

Task<Result<void>> GrantStore::replaceGrant(QString connectionId, Grant old, Grant grant,
                                            std::stop_token stop)
{
    return m_items.replace(connectionKey(connectionId), stamped(old), stamped(grant), std::move(stop));
}

Task<Result<std::optional<HeaderKey>>> GrantStore::readHeaderKey(QString connectionId, std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item = co_await readShared(connectionName(connectionId), stop);
    if (!item) {
        co_return base::failed(item.error());
    }
    if (!*item || (*item)->content["kind"_L1].toString() != "header"_L1) {
        co_return std::optional<HeaderKey>();
    }
    const QJsonObject &json = (*item)->content;
    HeaderKey key;
    key.generation = (*item)->generation;
    key.headerName = json["headerName"_L1].toString();
    key.value = secret(json["value"_L1]);
    key.origin = json["origin"_L1].toString();
    co_return std::optional<HeaderKey>(key);
}

Task<Result<void>> GrantStore::writeHeaderKey(QString connectionId, HeaderKey key, std::stop_token stop)
{
    storage::SecretItem item;
    item.generation = key.generation;
    item.content = QJsonObject{{u"kind"_s, u"header"_s},
                               {u"headerName"_s, key.headerName},
                               {u"value"_s, text(key.value)},
                               {u"origin"_s, key.origin}};
    Result<void> written = co_await m_items.write(connectionKey(connectionId), std::move(item), stop);
    co_return written;
}

Task<Result<std::optional<FurtherSecrets>>> GrantStore::readFurther(QString connectionId,
                                                                    std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item = co_await m_items.read(furtherKey(connectionId), stop);
    if (!item) {
        co_return base::failed(item.error());
    }
    co_return *item ? FurtherSecrets::fromItem(**item) : std::nullopt;
}

Task<Result<void>> GrantStore::writeFurther(QString connectionId, FurtherSecrets secrets,
                                            std::stop_token stop)
{
    if (secrets.isEmpty()) {
        return m_items.remove(furtherKey(connectionId), std::move(stop));
    }
    return m_items.write(furtherKey(connectionId), secrets.toItem(), std::move(stop));
}

Task<Result<void>> GrantStore::remove(QString connectionId, std::stop_token stop)
{
    Result<void> removed = co_await m_items.remove(connectionKey(connectionId), stop);
    if (removed) {
        // What a process that ended in the middle of checkWritable() may have left.
        co_await m_store.remove(probeKey(connectionId), stop);
    }
    co_return removed;
}

Task<Result<void>> GrantStore::checkWritable(QString connectionId, std::stop_token stop)
{
    // Not kept is only believed if it is so again: whoever signs in tries without the connection's lock.
    Result<bool> prepared = co_await m_store.prepare(connectionKey(connectionId), stop);
    if (!prepared || *prepared) {
        co_return prepared ? Result<void>() : base::failed(prepared.error());
    }
    constexpr int attempts = 3;
    const QByteArray value = QUuid::createUuid().toByteArray();
    Result<void> written;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        written = co_await m_store.write(probeKey(connectionId), value, stop);
        if (written || written.error().keychainCase != base::KeychainCase::Failed) {
            break;
        }
    }
    if (written) {
        // What the sign-in brings is kept there, or nowhere.
        m_store.setPlace(connectionKey(connectionId), m_store.placeOf(probeKey(connectionId)));
        // Whatever comes of it: the next one writes over it.
        co_await m_store.remove(probeKey(connectionId), stop);
    }
    co_return written;
}

Task<Result<void>> GrantStore::checkUsable(QString connectionId, storage::Asking asking, std::stop_token stop)
{
    return m_store.checkUsable(connectionKey(connectionId), asking, std::move(stop));
}

Task<Result<void>> GrantStore::tryOut(QString connectionId, Grant old, std::stop_token stop)
{
    Result<bool> prepared = co_await m_store.prepare(connectionKey(connectionId), stop);
    if (!prepared || *prepared) {
        co_return prepared ? Result<void>() : base::failed(prepared.error());
    }
    co_return co_await m_items.replace(connectionKey(connectionId), stamped(old), stamped(old), stop);
}

void GrantStore::know(const QString &connectionId, const QString &name, const QString &keptIn)
{
    const QStringList keys{connectionKey(connectionId), furtherKey(connectionId)};
    for (const QString &key : keys) {
        // Only what has changed: what was found meanwhile is better than what was written down before.
        if (m_keptIn.value(connectionId) != keptIn) {
            m_store.setPlace(key, keptIn);
        }
    }
    const QString shown = inLabel(name);
    m_store.setLabel(keys.first(), u"Mooring: "_s + shown);
    m_store.setLabel(keys.last(), Words::tr("Mooring: %1, further keys").arg(shown));
    m_keptIn.insert(connectionId, keptIn);
}

Task<Result<QString>> GrantStore::bring(QString connectionId, std::stop_token stop)
{
    Result<QString> further = co_await m_store.bring(furtherKey(connectionId), stop);
    if (!further) {
        co_return further;
    }
    Result<QString> place = co_await m_store.bring(connectionKey(connectionId), stop);
    co_return place && place->isEmpty() ? further : place;
}

Task<Result<QString>> GrantStore::bringClientSecrets(QString registrationId, std::stop_token stop)
{
    return m_store.bring(registrationKey(registrationId), std::move(stop));
}

Task<Result<void>> GrantStore::clearElsewhere(QString connectionId, std::stop_token stop)
{
    Result<void> cleared = co_await m_store.clearElsewhere(connectionKey(connectionId), stop);
    if (cleared) {
        cleared = co_await m_store.clearElsewhere(furtherKey(connectionId), stop);
    }
    co_return cleared;
}

Task<Result<void>> GrantStore::clearClientSecretsElsewhere(QString registrationId, std::stop_token stop)
{
    return m_store.clearElsewhere(registrationKey(registrationId), std::move(stop));
}

Task<void> GrantStore::relabel(QString connectionId)
{
    const QStringList keys{connectionKey(connectionId), furtherKey(connectionId)};
    for (const QString &key : keys) {
        co_await m_store.relabel(key);
    }
}

void GrantStore::leaveHome(const QString &connectionId)
{
    m_store.setPlace(connectionKey(connectionId), {});
    m_store.setPlace(furtherKey(connectionId), {});
}

QString GrantStore::placeOf(const QString &connectionId) const
{
    return m_store.placeOf(connectionKey(connectionId));
}

Task<void> GrantStore::settled(QString connectionId)
{
    co_await m_store.settled(connectionKey(connectionId));
}

Task<Result<ClientSecrets>> GrantStore::readClientSecrets(QString registrationId, std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item =
        co_await readShared(registrationName(registrationId), stop);
    if (!item) {
        co_return base::failed(item.error());
    }
    if (!*item) {
        co_return base::failed(
            makeError(base::ErrorKind::SignInNeeded,
                      Words::tr("The saved registration is not in this keychain. Please authorize again.")));
    }
    const QJsonObject &json = (*item)->content;
    ClientSecrets secrets;
    secrets.clientSecret = secret(json["client_secret"_L1]);
    secrets.privateKey = secret(json["private_key"_L1]);
    secrets.keyAlgorithm = json["alg"_L1].toString().toLatin1();
    secrets.registrationToken = secret(json["registration_access_token"_L1]);
    co_return secrets;
}

Task<Result<void>> GrantStore::writeClientSecrets(QString registrationId, ClientSecrets secrets,
                                                  std::stop_token stop)
{
    storage::SecretItem item;
    item.generation = 1;
    item.content = QJsonObject{{u"kind"_s, u"client"_s}, {u"client_secret"_s, text(secrets.clientSecret)}};
    if (!secrets.privateKey.isEmpty()) {
        item.content["private_key"_L1] = text(secrets.privateKey);
        item.content["alg"_L1] = QString::fromLatin1(secrets.keyAlgorithm);
    }
    if (!secrets.registrationToken.isEmpty()) {
        item.content["registration_access_token"_L1] = text(secrets.registrationToken);
    }
    Result<void> written = co_await m_items.write(registrationKey(registrationId), std::move(item), stop);
    co_return written;
}

Task<Result<void>> GrantStore::removeClientSecrets(QString registrationId, std::stop_token stop)
{
    Result<void> removed = co_await m_items.remove(registrationKey(registrationId), stop);
    co_return removed;
}

} // namespace mooring::connections
