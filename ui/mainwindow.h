// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/profile.h"
#include "ui/clockwatch.h"
#include "ui/connectionactions.h"
#include "ui/connectiondialogs.h"
#include "ui/keychainmessages.h"
#include "ui/list/connectionmodelsync.h"
#include "ui/mainview.h"
#include "ui/windowcommands.h"

#include <QMainWindow>

#include <functional>

namespace mooring::ui {

/// The window: puts the view together with the list of connections and with what can be done to them.
/// Before its first paint it reaches for nothing but the list and its own geometry.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    /// `list` and `tasks` outlive the window. `openUrl` shows a page in the browser.
    MainWindow(connections::ConnectionList &list, base::TaskScope &tasks, storage::Profile profile,
               oauth::OpenUrl openUrl, QWidget *parent = nullptr);
    /// Shows what the list holds, with the selection of last time. To be called once, before the window is
    /// shown; apart from the constructor so that the list can still be read while the widgets are made.
    void fill();

    MainView *view() const { return m_view; }
    const Countdown &countdown() { return m_model.countdown(); }
    /// Shows it in front of the others, however it is hidden.
    void bringToFront();

Q_SIGNALS:
    void firstPainted();
    /// The person closed the window; it is hidden and its geometry is saved. Where that would lose something,
    /// the first attempt is only answered with a message.
    void closed();

public Q_SLOTS:
    void openAddDialog(const QString &address = {});
    /// Closes without a last warning: the session ends.
    void endNow();

protected:
    bool event(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    /// One of the dialogs about a connection.
    using Dialog = void (ConnectionDialogs::*)(const connections::Connection &);

    void setUpCommands();
    void connectSignInCommands();
    void setUpPage(ConnectionPage *page);
    void connectView();
    void connectActions();
    void onFirstPaint();
    void onConnectionChanged(const QString &id);
    void onAction(text::Action action);
    void onAdded(const QString &id, bool authorize, const connections::AuthorizeOptions &chosen);
    void onRemoveFailed(const QString &id, const base::Error &error);
    void onOffer(const text::RemedyOffer &offer);
    void openSite(const QUrl &url);
    /// Null if nothing is chosen.
    std::shared_ptr<connections::Connection> current() const;
    void showCurrent();
    void withCurrent(const std::function<void(const QString &id)> &job);
    void openFor(Dialog dialog);
    void updateTicking();
    /// Where geometry and selection are kept.
    QString lookPath() const;
    void restoreGeometryAndSplitter();
    void save();

    connections::ConnectionList &m_list;
    storage::Profile m_profile;
    oauth::OpenUrl m_openUrl;
    ConnectionModel m_model;
    ConnectionActions m_actions;
    ConnectionModelSync m_follower;
    MainView *m_view;
    WindowCommands m_commands;
    ConnectionDialogs m_dialogs;
    KeychainMessages m_keychain;
    bool m_painted = false;
    bool m_warned = false;
    bool m_closing = false;
};

} // namespace mooring::ui
