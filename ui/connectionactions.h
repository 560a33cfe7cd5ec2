// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "ui/page/connectiondetails.h"
#include "ui/widgets/messagebar.h"

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

    /// Whoever has to be asked for a client is asked here; the other options are taken as they are.
    void authorize(const QString &id, const connections::AuthorizeOptions &options = {});
    void cancelSignIn(const QString &id);
    void openBrowserAgain(const QString &id);
    base::Result<void> pasteAddress(const QString &id, const QString &address);
    /// The answer to the question that addTo() brings.
    void provideClient(const QString &id, const connections::ClientCredentials &client);
    /// The browser shows that the client just entered is wrong: asks for another one.
    void changeClient(const QString &id);
    /// With `next`, signs in afterwards.
    void setSettings(const QString &id, const oauth::SignInSettings &settings,
                     const std::optional<connections::AuthorizeOptions> &next = std::nullopt);
    /// Changes the setting that `remedy` names (oauth::remedies), then signs in.
    void bendRule(const QString &id, const QString &remedy);
    /// In place of all that are sent.
    void setHeaders(const QString &id, const QList<connections::TypedHeader> &headers);
    void setAccountLabel(const QString &id, const QString &label);
    void dismissMore(const QString &id);
    void setClientMetadataUrl(const std::optional<QString> &url);
    void check(const QString &id);
    /// Looks again at a connection that could not be reached, and at its token if it has one.
    void tryNow(const QString &id);
    void renew(const QString &id);
    void unlock(const QString &id);
    void loadTools(const QString &id);
    void disconnectFromServer(const QString &id);
    void remove(const QString &id, bool force);
    /// For a keychain that was locked when remove() was tried.
    void unlockAndRemove(const QString &id);
    /// Tells of services that are still to be told about connections that are in the list no more.
    void showOrphanedRevocations();
    void forgetRevocation(const QString &id);
    void rename(const QString &id, const QString &name);
    void setKey(const QString &id, const QString &headerName, const base::Secret &value);

    /// What is under way for that connection, and what the person is asked.
    void addTo(ConnectionDetails *details) const;

Q_SIGNALS:
    /// addTo() would add something else.
    void changed(const QString &id);
    void messageReady(const mooring::ui::Message &message);
    void toolsFailed(const QString &id, const mooring::base::Error &error);
    void signedIn(const QString &id);
    /// Removing was not possible, because disconnecting was not.
    void removeFailed(const QString &id, const mooring::base::Error &error);

private:
    using Held = std::shared_ptr<connections::Connection>;
    using Options = connections::AuthorizeOptions;
    using ClientAnswer = base::Result<connections::ClientCredentials>;
    struct Question {
        oauth::ClientNeeded needed;
        base::OneShot<ClientAnswer> answer;
    };

    struct Running {
        int count = 0;
        QString typedRedirectUri; ///< that of a client that was entered
        bool isChanging = false; ///< the person wants to enter another one
    };

    base::Task<void> runAuthorize(Held connection, Options options);
    base::Task<base::Result<void>> signInOnce(Held connection, Options options);
    void onSignInFailed(const QString &id, const base::Error &error, const Options &options);
    base::Task<void> runSettings(Held connection, oauth::SignInSettings settings,
                                 std::optional<Options> next);
    base::Task<ClientAnswer> askForClient(QString id, oauth::ClientNeeded needed, std::stop_token stop);
    base::Task<void> runCheck(Held connection);
    base::Task<void> runTryNow(Held connection);
    base::Task<void> runRenew(Held connection);
    base::Task<void> runTools(Held connection);
    base::Task<void> runDisconnect(Held connection);
    base::Task<void> runRemove(QString id, bool force);
    base::Task<void> runUnlockAndRemove(Held connection);
    /// Of work whose success speaks for itself.
    base::Task<void> tellFailure(base::Task<base::Result<void>> work);
    void tell(const base::Error &error);
    /// Of trouble that the connection's state tells too: the message goes when that does.
    void tell(const base::Error &error, const Held &connection);
    void tell(const connections::Disconnected &outcome);
    void tell(const connections::RevocationRecord &pending, connections::RevocationEnd end);
    /// A sentence, with the button that ends it.
    void tellPending(const connections::RevocationRecord &pending, const QString &sentence,
                     const QString &detail);

    connections::ConnectionList &m_list;
    base::TaskScope &m_tasks;
    QHash<QString, Question> m_questions;
    QHash<QString, Running> m_signingIn;
    QHash<QString, QString> m_clientProblems;
};

} // namespace mooring::ui
