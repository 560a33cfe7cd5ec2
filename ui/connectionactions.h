// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "ui/messagebar.h"

#include <QHash>
#include <QObject>

namespace mooring::ui {

/// What a person can do with a connection, once it has been clicked. Starts the work, and tells how it
/// ended where the connection's own state does not. Outlives its tasks: whoever owns the TaskScope
/// drains it before this dies.
class ConnectionActions final : public QObject {
    Q_OBJECT
public:
    ConnectionActions(connections::ConnectionList &list, base::TaskScope &tasks, QObject *parent = nullptr);

    void authorize(const QString &id, bool windowOnly = false);
    void cancelSignIn(const QString &id);
    void openBrowserAgain(const QString &id);
    base::Result<void> pasteAddress(const QString &id, const QString &address);
    /// The answer to clientNeeded().
    void provideClient(const QString &id, const QString &clientId, const QString &clientSecret);
    void check(const QString &id);
    /// Looks again at a connection that could not be reached, and at its token if it has one.
    void tryNow(const QString &id);
    void renew(const QString &id);
    void unlock(const QString &id);
    void loadTools(const QString &id);
    void disconnectFromServer(const QString &id);
    void remove(const QString &id, bool force);
    void rename(const QString &id, const QString &name);
    void setKey(const QString &id, const QString &headerName, const base::Secret &value);

    bool isSigningIn(const QString &id) const { return m_signingIn.contains(id); }
    /// What the person is being asked for that connection.
    std::optional<oauth::ClientNeeded> clientNeeded(const QString &id) const;

Q_SIGNALS:
    /// isSigningIn() or clientNeeded() has changed.
    void changed(const QString &id);
    void messageReady(const mooring::ui::Message &message);
    void toolsFailed(const QString &id, const mooring::base::Error &error);
    void signedIn(const QString &id);
    /// Removing was not possible, because disconnecting was not.
    void removeFailed(const QString &id, const mooring::base::Error &error);

private:
    using Held = std::shared_ptr<connections::Connection>;
    using ClientAnswer = base::Result<connections::ClientCredentials>;
    struct Question {
        oauth::ClientNeeded needed;
        base::OneShot<ClientAnswer> answer;
    };

    base::Task<void> runAuthorize(Held connection, bool windowOnly);
    base::Task<ClientAnswer> askForClient(QString id, oauth::ClientNeeded needed, std::stop_token stop);
    base::Task<void> runCheck(Held connection);
    base::Task<void> runTryNow(Held connection);
    base::Task<void> runRenew(Held connection);
    base::Task<void> runTools(Held connection);
    base::Task<void> runDisconnect(Held connection);
    base::Task<void> runRemove(QString id, bool force);
    /// Of work whose success speaks for itself.
    base::Task<void> tellFailure(base::Task<base::Result<void>> work);
    void tell(const base::Error &error);
    void tell(const connections::Disconnected &outcome);

    connections::ConnectionList &m_list;
    base::TaskScope &m_tasks;
    QHash<QString, Question> m_questions;
    QHash<QString, int> m_signingIn;
};

} // namespace mooring::ui
