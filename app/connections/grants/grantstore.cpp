// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/grantstore.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "storage/keychainreport.h"

#include <QDir>
#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;

namespace {

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

QString GrantStore::requestSecretsKey(const QString &id) const
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
    storage::SecretItem item = grant.toItem();
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
    co_return *item ? Grant::fromItem(**item) : std::nullopt;
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
    co_return *item ? HeaderKey::fromItem(**item) : std::nullopt;
}

Task<Result<void>> GrantStore::writeHeaderKey(QString connectionId, HeaderKey key, std::stop_token stop)
{
    return m_items.write(connectionKey(connectionId), key.toItem(), std::move(stop));
}

Task<Result<std::optional<RequestSecrets>>> GrantStore::readRequestSecrets(QString connectionId,
                                                                           std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item =
        co_await m_items.read(requestSecretsKey(connectionId), stop);
    if (!item) {
        co_return base::failed(item.error());
    }
    co_return *item ? RequestSecrets::fromItem(**item) : std::nullopt;
}

Task<Result<void>> GrantStore::writeRequestSecrets(QString connectionId, RequestSecrets secrets,
                                                   std::stop_token stop)
{
    if (secrets.isEmpty()) {
        return m_items.remove(requestSecretsKey(connectionId), std::move(stop));
    }
    return m_items.write(requestSecretsKey(connectionId), secrets.toItem(), std::move(stop));
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
    const QStringList keys{connectionKey(connectionId), requestSecretsKey(connectionId)};
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
    Result<QString> further = co_await m_store.bring(requestSecretsKey(connectionId), stop);
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
        cleared = co_await m_store.clearElsewhere(requestSecretsKey(connectionId), stop);
    }
    co_return cleared;
}

Task<Result<void>> GrantStore::clearClientSecretsElsewhere(QString registrationId, std::stop_token stop)
{
    return m_store.clearElsewhere(registrationKey(registrationId), std::move(stop));
}

Task<void> GrantStore::relabel(QString connectionId)
{
    const QStringList keys{connectionKey(connectionId), requestSecretsKey(connectionId)};
    for (const QString &key : keys) {
        co_await m_store.relabel(key);
    }
}

void GrantStore::leaveHome(const QString &connectionId)
{
    m_store.setPlace(connectionKey(connectionId), {});
    m_store.setPlace(requestSecretsKey(connectionId), {});
}

QString GrantStore::placeOf(const QString &connectionId) const
{
    return m_store.placeOf(connectionKey(connectionId));
}

base::Error GrantStore::missingError(const ConnectionRecord &record, const QString &otherwise) const
{
    if (m_folder.isCopy()) {
        const QString sentence = Words::tr("Mooring's folder %1 is a copy of %2, which has this sign-in. "
                                           "Authorize again to give the copy one of its own.")
                                     .arg(QDir::toNativeSeparators(m_folder.stamp().path),
                                          QDir::toNativeSeparators(m_folder.original()));
        return makeError(base::ErrorKind::SignInNeeded, sentence, u"a copied folder"_s);
    }
    const QString now = m_store.identity();
    if (record.keptIn.isEmpty() || now.isEmpty() || record.keptIn == now) {
        return makeError(base::ErrorKind::SignInNeeded, otherwise, u"the keychain has no such item"_s);
    }
    const QString sentence =
        Words::tr("It was saved in another keychain (%1) than the one that is open here (%2), as after a "
                  "change of the desktop. Go back to that one, or authorize again.")
            .arg(base::displayText(record.keptIn), base::displayText(now));
    return makeError(base::ErrorKind::SignInNeeded, sentence, u"the record names another keychain"_s);
}

std::optional<base::Error> GrantStore::newestElsewhere(const ConnectionRecord &record,
                                                       const Grant &latest) const
{
    const QString place = placeOf(record.id);
    if (latest.generation >= record.generation || record.keptIn.isEmpty() || place == record.keptIn) {
        return std::nullopt;
    }
    const QString sentence =
        Words::tr(
            "The newest part of this sign-in is in %1, which can't be reached now; %2 has only an older "
            "one. Bring the first one back, then try again.")
            .arg(base::displayText(storage::placeText(record.keptIn)),
                 base::displayText(storage::placeText(place)));
    return base::keychainError(base::KeychainCase::Missing, sentence,
                               u"an older item in another keychain than the record's"_s);
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
    co_return ClientSecrets::fromItem(**item);
}

Task<Result<void>> GrantStore::writeClientSecrets(QString registrationId, ClientSecrets secrets,
                                                  std::stop_token stop)
{
    return m_items.write(registrationKey(registrationId), secrets.toItem(), std::move(stop));
}

Task<Result<void>> GrantStore::removeClientSecrets(QString registrationId, std::stop_token stop)
{
    Result<void> removed = co_await m_items.remove(registrationKey(registrationId), stop);
    co_return removed;
}

} // namespace mooring::connections
