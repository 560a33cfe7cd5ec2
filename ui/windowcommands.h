// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAction;
class QKeySequence;
class QListView;
class QMenu;
class QString;
class QWidget;

namespace mooring::connections {
class Connection;
}

namespace mooring::ui {

/// What can be chosen in the window, and the menus that show it. Who listens is the window's business;
/// the window owns all of it.
struct WindowCommands {
    WindowCommands(QWidget *window, QListView *list);

    /// Offers what makes sense for the chosen connection; null for none.
    void update(const connections::Connection *connection);

    QMenu *mainMenu;
    /// Of one connection: at its page, and in the list.
    QMenu *connectionMenu;

    QAction *add;
    QAction *find;
    QAction *rename;
    QAction *copyAddress;
    QAction *renew;
    QAction *authorize;
    QAction *otherAccount;
    QAction *useKey;
    QAction *useBrowser;
    QAction *signInSettings;
    QAction *disconnect;
    QAction *remove;
    QAction *preferences;
    QAction *about;
    QAction *quit;

private:
    void fillMenus();
};

} // namespace mooring::ui
