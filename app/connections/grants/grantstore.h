// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/clientsecrets.h"
#include "connections/grants/grant.h"
#include "connections/grants/headerkey.h"
#include "connections/grants/requestsecrets.h"
#include "connections/records/connectionrecord.h"
#include "storage/folderidentity.h"
#include "storage/secretitems.h"
#include "storage/secretstore.h"

#include <QMap>

#include <optional>

namespace mooring::connections {

/// Reads and writes the secrets of connections and registrations. Success of a write means that
/// it was read back. Errors: Keychain, each with its case; "nothing there" is no error.
class GrantStore final {
public:
    /// `store` outlives it.
    GrantStore(storage::SecretStore &store, QString keyPrefix);

    base::Task<base::Result<std::optional<Grant>>> readGrant(QString connectionId, std::stop_token stop);
    base::Task<base::Result<void>> writeGrant(QString connectionId, Grant grant, std::stop_token stop);
    /// The same over `old`, which the caller has read under the connection's lock; see
    /// SecretItems::replace().
    base::Task<base::Result<void>> replaceGrant(QString connectionId, Grant old, Grant grant,
                                                std::stop_token stop);
    base::Task<base::Result<std::optional<HeaderKey>>> readHeaderKey(QString connectionId,
                                                                     std::stop_token stop);
    base::Task<base::Result<void>> writeHeaderKey(QString connectionId, HeaderKey key, std::stop_token stop);
    /// These have an item of their own; writing one without secrets removes it.
    base::Task<base::Result<std::optional<RequestSecrets>>> readRequestSecrets(QString connectionId,
                                                                               std::stop_token stop);
    base::Task<base::Result<void>> writeRequestSecrets(QString connectionId, RequestSecrets secrets,
                                                       std::stop_token stop);
    /// Removes the grant or the header key of a connection.
    base::Task<base::Result<void>> remove(QString connectionId, std::stop_token stop);

    /// SecretStore::checkUsable() for the item of a connection.
    base::Task<base::Result<void>> checkUsable(QString connectionId, storage::Asking asking,
                                               std::stop_token stop);
    /// Whether a value can be written now and is kept: tries it with one that is no secret.
    base::Task<base::Result<void>> checkWritable(QString connectionId, std::stop_token stop);
    /// The same with the very item that is to be replaced: `old`, which the caller has read under the
    /// connection's lock, is written over itself. So a keychain that asks the person before it lets an entry
    /// be changed asks while nothing is at stake.
    base::Task<base::Result<void>> tryOut(QString connectionId, Grant old, std::stop_token stop);
    /// Ends when no keychain job for that connection runs any more; see SecretStore::settled().
    base::Task<void> settled(QString connectionId);

    /// SignInNeeded if it is not there.
    base::Task<base::Result<ClientSecrets>> readClientSecrets(QString registrationId, std::stop_token stop);
    base::Task<base::Result<void>> writeClientSecrets(QString registrationId, ClientSecrets secrets,
                                                      std::stop_token stop);
    base::Task<base::Result<void>> removeClientSecrets(QString registrationId, std::stop_token stop);

    storage::SecretStore &store() { return m_store; }
    /// What the record says: in which keychain the connection's items are (SecretStore::setPlace()), and what
    /// they are called there.
    void know(const QString &connectionId, const QString &name, const QString &keptIn);
    /// SecretStore::bring() for all that a connection has in the keychain; where that is then.
    base::Task<base::Result<QString>> bring(QString connectionId, std::stop_token stop);
    base::Task<base::Result<QString>> bringClientSecrets(QString registrationId, std::stop_token stop);
    /// SecretStore::clearElsewhere(), once the record says where it is now.
    base::Task<base::Result<void>> clearElsewhere(QString connectionId, std::stop_token stop);
    base::Task<base::Result<void>> clearClientSecretsElsewhere(QString registrationId, std::stop_token stop);
    /// SecretStore::relabel() for the items of a connection, after know() was told another name.
    base::Task<void> relabel(QString connectionId);
    /// Its former home is gone, and the next secret of the connection goes to where something new goes.
    void leaveHome(const QString &connectionId);
    /// SecretStore::placeOf() for the item of a connection.
    QString placeOf(const QString &connectionId) const;
    /// Nothing is where the record says that something is: SignInNeeded, with the reason if there is one to
    /// see, else with `otherwise`.
    base::Error missingError(const ConnectionRecord &record, const QString &otherwise) const;
    /// `latest`, the newest grant that was found, is older than the record, and in another keychain than the
    /// one that the record names: then the newest is there, and nothing may be done with this one. Nullopt
    /// otherwise.
    std::optional<base::Error> newestElsewhere(const ConnectionRecord &record, const Grant &latest) const;

    /// Whose items these are. A grant that another folder has written, which is still there, is none of ours:
    /// nothing is there then, and from then on this folder has keys of its own (storage::FolderIdentity). Its
    /// header keys and client secrets are still found with the original's, for nothing uses them up.
    void setFolder(storage::FolderIdentity folder) { m_folder = std::move(folder); }
    const storage::FolderIdentity &folder() const { return m_folder; }

private:
    QString ownPrefix() const { return m_keyPrefix + m_folder.keyPart(); }
    /// Of a copy: what the original has under that key, if there is nothing here.
    base::Task<base::Result<std::optional<storage::SecretItem>>> readShared(QString name,
                                                                            std::stop_token stop);
    storage::SecretItem stamped(const Grant &grant) const;
    QString connectionKey(const QString &id) const;
    QString requestSecretsKey(const QString &id) const;
    QString registrationKey(const QString &id) const;
    QString probeKey(const QString &id) const;

    storage::SecretStore &m_store;
    storage::SecretItems m_items;
    QString m_keyPrefix;
    storage::FolderIdentity m_folder;
    /// By connection, what know() was told last.
    QMap<QString, QString> m_keptIn;
};

} // namespace mooring::connections
