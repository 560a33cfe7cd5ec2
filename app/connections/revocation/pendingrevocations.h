// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/registrations.h"
#include "connections/revocation/disconnected.h"
#include "connections/revocation/revoketokens.h"

#include <QTimer>

namespace mooring::connections {

/// Sign-ins that have ended here and that their services could not be told of yet. The tokens are sealed in
/// the keychain, and one process at a time tells the services, for a day. Main thread only.
class PendingRevocations final : public QObject {
    Q_OBJECT
public:
    /// What is handed in outlives it, and it outlives every task.
    PendingRevocations(RecordsFile &records, storage::SecretStore &secrets, Registrations &registrations,
                       http::Client &http, base::Deadlines deadlines, base::TaskScope &tasks);

    /// Those in the file, the oldest first.
    const QList<RevocationRecord> &all() const { return m_all; }
    /// The last of that connection, if it has any.
    std::optional<RevocationRecord> ofConnection(const QString &connectionId) const;
    bool contains(const QString &id) const;
    /// Hears what the file says. Emits changed() if that is anything new.
    void adopt(const QList<RevocationRecord> &fresh);

    /// After one attempt that came to nothing: seals what is left and makes an entry, whose times are set
    /// here. Success means that the tokens were read back, so that the grant may go. With the id of an
    /// entry that is there, that one goes on. Returns the entry as it stands in the file.
    base::Task<base::Result<RevocationRecord>> keep(RevocationRecord entry, RevocationResult left,
                                                    PendingTokens sealed);
    /// Takes back what keep() did: the service has been told by another way.
    base::Task<void> withdraw(QString id);
    /// Gives up trying, on the person's order. Fine if it is over already. Errors: Keychain, Storage.
    base::Task<base::Result<void>> forget(QString id);

    /// Tells the services whose time has come, in the background, unless another process does.
    void tellDue() { tell(false); }
    /// The same without waiting for their time, but for those that have named one: the network is back.
    void tellNow() { tell(true); }
    /// From now on by itself, whenever it is time.
    void keepTelling();
    /// Ends when nothing is being told any more, or after `patience`.
    base::Task<void> settled(std::chrono::milliseconds patience);

    /// SecretStore::bring() for what is sealed.
    base::Task<base::Result<void>> moveSecrets(std::stop_token stop);

Q_SIGNALS:
    void changed(const QStringList &connectionIds);
    /// It is out of the list already.
    void ended(const mooring::connections::RevocationRecord &entry, mooring::connections::RevocationEnd end);

private:
    void tell(bool hurries);
    void schedule();
    bool isDue(const RevocationRecord &entry, bool hurries) const;
    QStringList dueIds(bool hurries) const;
    base::Task<void> run(bool hurries);
    base::Task<void> runLocked(bool hurries);
    base::Task<void> tellOne(QString id, bool hurries);
    /// Sets the time of the next try before this one begins, so that a process that is ended in the middle
    /// of it, or stopped, has had its turn. Nothing if there is nothing to do any more.
    base::Task<std::optional<RevocationRecord>> claim(QString id, bool hurries);
    base::Task<void> revokeTokens(RevocationRecord entry, PendingTokens sealed);
    base::Task<void> putOff(RevocationRecord entry, RevocationResult telling);
    base::Task<void> end(RevocationRecord entry, RevocationEnd how);
    base::Task<void> finish(RevocationRecord entry, RevocationEnd how);
    base::Task<base::Result<void>> drop(QString id);

    RecordsFile &m_records;
    PendingTokenStore m_sealed;
    storage::SecretStore &m_secrets;
    Registrations &m_registrations;
    http::Client &m_http;
    base::Deadlines m_deadlines;
    base::TaskScope &m_tasks;
    QList<RevocationRecord> m_all;
    QTimer m_timer;
    bool m_keepsTelling = false;
    /// Set while something is being told.
    std::shared_ptr<base::SharedResult<bool>> m_running;
    bool m_hurriesNext = false;
};

} // namespace mooring::connections
