// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/adding/addserverdialog.h"
#include "ui/connectionactions.h"

#include <QPointer>

namespace mooring::ui {

/// The dialogs that ask something before it is done: opens them over the window, each of them once at a time,
/// and hands what was answered to ConnectionActions.
class ConnectionDialogs final : public QObject {
    Q_OBJECT
public:
    /// All of them outlive it; `window` is its parent, too.
    ConnectionDialogs(connections::ConnectionList &list, base::TaskScope &tasks, ConnectionActions &actions,
                      QWidget *window);

    /// With an address, or anything that has one in it, as if it had been pasted there.
    void addServer(const QString &address = {});
    void confirmDisconnect(const connections::Connection &connection);
    void confirmRemove(const connections::Connection &connection);
    /// After a removal that has failed with `error`.
    void confirmForcedRemove(const connections::Connection &connection, const base::Error &error);
    void askForKey(const connections::Connection &connection);
    void askForName(const connections::Connection &connection);
    void askForAccount(const connections::Connection &connection);
    void openSignInSettings(const connections::Connection &connection);
    void openPreferences();
    void openAbout();

Q_SIGNALS:
    /// A server was added. With `authorize`, a sign-in with these options is to follow.
    void added(const QString &id, bool authorize, const mooring::connections::AuthorizeOptions &options);
    /// Instead of adding a server, the person wants to see one that is there.
    void selectRequested(const QString &id);

private:
    AddServices addServices();

    connections::ConnectionList &m_list;
    base::TaskScope &m_tasks;
    ConnectionActions &m_actions;
    QWidget *m_window;
    QPointer<AddServerDialog> m_addServer;
    QPointer<QDialog> m_disconnect;
    QPointer<QDialog> m_remove;
    QPointer<QDialog> m_signInSettings;
    QPointer<QDialog> m_preferences;
};

} // namespace mooring::ui
