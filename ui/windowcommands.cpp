// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/windowcommands.h"

#include "base/words.h"
#include "connections/connection.h"

#include <QAction>
#include <QListView>
#include <QMenu>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::AuthorizationKind;

namespace {

QAction *make(QWidget *window, const QString &text, const QKeySequence &shortcut, const char *name)
{
    auto *action = new QAction(text, window);
    action->setShortcut(shortcut);
    action->setObjectName(QLatin1StringView(name));
    window->addAction(action);
    return action;
}

} // namespace

WindowCommands::WindowCommands(QWidget *window, QListView *list)
    : mainMenu(new QMenu(window))
    , connectionMenu(new QMenu(window))
    , add(make(window, Words::tr("&Add server…"), QKeySequence::New, "addAction"))
    , find(make(window, Words::tr("&Search"), QKeySequence::Find, "searchAction"))
    , rename(make(window, Words::tr("&Rename…"), Qt::Key_F2, "renameAction"))
    , copyAddress(
          make(window, Words::tr("&Copy address"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, "copyAddressAction"))
    , renew(make(window, Words::tr("Re&new now"), Qt::CTRL | Qt::Key_R, "renewAction"))
    , authorize(make(window, Words::tr("A&uthorize again"), {}, "authorizeAction"))
    , otherAccount(make(window, Words::tr("Sign in with another acco&unt"), {}, "otherAccountAction"))
    , useKey(make(window, Words::tr("Use a &key instead…"), {}, "useKeyAction"))
    , useBrowser(make(window, Words::tr("Sign in in the &browser instead…"), {}, "useBrowserAction"))
    , signInSettings(make(window, Words::tr("S&ign-in settings…"), Qt::CTRL | Qt::SHIFT | Qt::Key_Comma,
                          "signInSettingsAction"))
    , disconnect(make(window, Words::tr("&Disconnect…"), {}, "disconnectAction"))
    , remove(make(window, Words::tr("Re&move…"), {}, "removeAction"))
    , preferences(make(window, Words::tr("S&ettings…"), Qt::CTRL | Qt::Key_Comma, "preferencesAction"))
    , about(make(window, Words::tr("A&bout Mooring"), {}, "aboutAction"))
    , quit(make(window, Words::tr("&Quit"), Qt::CTRL | Qt::Key_Q, "quitAction"))
{
    // Only in the list: elsewhere Del deletes text.
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    list->addAction(remove);
    fillMenus();
}

void WindowCommands::fillMenus()
{
    const QList<QAction *> everyday = {rename, copyAddress};
    const QList<QAction *> signIn = {renew, authorize, otherAccount, useKey, useBrowser, signInSettings};
    const QList<QAction *> leaving = {disconnect, remove};
    connectionMenu->setObjectName(u"connectionMenu"_s);
    connectionMenu->addActions(everyday);
    connectionMenu->addSeparator();
    connectionMenu->addActions(signIn);
    connectionMenu->addSeparator();
    connectionMenu->addActions(leaving);

    mainMenu->setObjectName(u"mainMenu"_s);
    mainMenu->addActions({add, find});
    mainMenu->addSeparator();
    mainMenu->addActions(everyday + signIn + leaving);
    mainMenu->addSeparator();
    mainMenu->addActions({preferences, about, quit});
}

void WindowCommands::update(const connections::Connection *connection)
{
    for (QAction *action : {rename, copyAddress, remove}) {
        action->setEnabled(connection != nullptr);
    }
    const bool usesKey = connection && connection->record().kind == AuthorizationKind::Header;
    const bool signsIn = connection && !usesKey;
    const bool isSignedIn = connection && connection->state().isSignedIn;
    disconnect->setEnabled(connection && connection->record().hasSecret);
    renew->setEnabled(isSignedIn && connection->record().hasRefreshToken);
    authorize->setEnabled(signsIn);
    authorize->setText(isSignedIn ? Words::tr("A&uthorize again") : Words::tr("A&uthorize"));
    otherAccount->setEnabled(signsIn && isSignedIn);
    signInSettings->setEnabled(signsIn);
    // Two ways to be let in; one connection uses one of them.
    useKey->setEnabled(signsIn);
    useKey->setVisible(!usesKey);
    useBrowser->setVisible(usesKey);
}

} // namespace mooring::ui
