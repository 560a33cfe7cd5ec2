// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What can be chosen in the window: its commands, and the questions they ask first.
#include "http/addresssecrets.h"
#include "ui/adding/addserverdialog.h"
#include "ui/dialogs/smalldialogs.h"
#include "ui/mainwindow.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using connections::Connection;
using text::Action;

namespace {

using Added = base::Result<std::shared_ptr<Connection>>;

base::Task<base::Result<QString>> idOf(base::Task<Added> task)
{
    const Added connection = co_await std::move(task);
    if (!connection) {
        co_return base::failed(connection.error());
    }
    const QString id = (*connection)->id();
    co_return id;
}

ExistingConnection existing(const Connection &connection)
{
    using connections::Phase;
    static constexpr Phase withSignIn[] = {Phase::NotAuthorized, Phase::WaitingForBrowser, Phase::Authorized,
                                           Phase::RenewsOnUse, Phase::SignInExpired};
    const bool hasSignIn = connection.record().kind == connections::AuthorizationKind::OAuth
                           || !connection.record().issuer.isEmpty()
                           || std::ranges::find(withSignIn, connection.state().phase) != std::end(withSignIn);
    return {connection.id(), connection.record().name, hasSignIn};
}

} // namespace

void MainWindow::setUpCommands()
{
    m_view->setMenu(m_commands.mainMenu);
    auto *list = m_view->findChild<QListView *>(u"connectionListView"_s);
    list->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(list, &QWidget::customContextMenuRequested, m_commands.connectionMenu,
            [list, menu = m_commands.connectionMenu](const QPoint &point) {
                if (list->indexAt(point).isValid()) {
                    menu->popup(list->viewport()->mapToGlobal(point));
                }
            });
    const WindowCommands &all = m_commands;
    connect(all.add, &QAction::triggered, this, [this] { openAddDialog(); });
    connect(all.find, &QAction::triggered, m_view, &MainView::focusSearch);
    connect(all.rename, &QAction::triggered, this, &MainWindow::askForName);
    connect(all.disconnect, &QAction::triggered, this, &MainWindow::confirmDisconnect);
    connect(all.remove, &QAction::triggered, this, &MainWindow::confirmRemove);
    connect(all.copyAddress, &QAction::triggered, this, [this] {
        if (const auto connection = current()) {
            QGuiApplication::clipboard()->setText(http::shownUrl(connection->record().url));
        }
    });
    connect(all.about, &QAction::triggered, this, [this] { makeAboutDialog(this)->open(); });
    connect(all.preferences, &QAction::triggered, this, &MainWindow::openPreferences);
    connect(all.quit, &QAction::triggered, this, &QWidget::close);
    connectSignInCommands();
}

void MainWindow::withCurrent(const std::function<void(const QString &)> &job)
{
    if (const std::shared_ptr<Connection> connection = current()) {
        job(connection->id());
        m_view->showPage();
    }
}

void MainWindow::onAction(Action action)
{
    const QString id = m_view->currentId();
    switch (action) {
    case Action::None:
        break;
    case Action::Authorize:
    case Action::AuthorizeAgain:
        m_actions.authorize(id);
        break;
    case Action::Disconnect:
        confirmDisconnect();
        break;
    case Action::Cancel:
        m_actions.cancelSignIn(id);
        break;
    case Action::TryAgain:
        m_actions.check(id);
        break;
    case Action::TryNow:
        m_actions.tryNow(id);
        break;
    case Action::EditKey:
        askForKey();
        break;
    case Action::Unlock:
        m_actions.unlock(id);
        break;
    case Action::Details:
        m_view->page()->openTab(ConnectionPage::ReportTab);
        break;
    }
}

void MainWindow::openAddDialog(const QString &address)
{
    if (auto *open = findChild<AddServerDialog *>()) {
        open->raise();
        open->activateWindow();
        return;
    }
    AddServices services{
        [this](QUrl url, QList<connections::TypedHeader> headers, oauth::SignInSettings settings,
               http::StepSink sink, std::stop_token stop) {
            return m_list.probe(std::move(url), std::move(headers), std::move(settings), std::move(sink),
                                std::move(stop));
        },
        [this](const QUrl &url) -> std::optional<ExistingConnection> {
            const QList<std::shared_ptr<Connection>> same = m_list.withUrl(url);
            return same.isEmpty() ? std::nullopt : std::optional(existing(*same.first()));
        },
        [this](connections::NewConnection request) {
            return idOf(m_list.add(std::move(request), m_tasks.token()));
        },
        [this] { return m_list.secrets().checkUsable({}, storage::Asking::IfNeeded, m_tasks.token()); },
        m_list.secrets().description(),
        m_tasks,
    };
    auto *dialog = new AddServerDialog(std::move(services), this);
    connect(dialog, &AddServerDialog::added, this, &MainWindow::onAdded);
    connect(dialog, &AddServerDialog::selectRequested, this, [this](const QString &id) {
        m_view->select(id);
        m_view->showPage();
    });
    dialog->open();
    if (!address.isEmpty()) {
        dialog->setAddress(address);
    }
}

void MainWindow::onAdded(const QString &id, bool authorize, const connections::AuthorizeOptions &chosen)
{
    m_view->select(id);
    m_view->showPage();
    m_view->focusList();
    const std::shared_ptr<Connection> connection = m_list.byId(id);
    if (authorize && connection) {
        connections::AuthorizeOptions options = chosen;
        // Else the browser, which knows the first account, would take that one again.
        options.selectAccount = m_list.withUrl(connection->record().url).size() > 1;
        m_actions.authorize(id, options);
    } else if (connection && connection->record().hasSecret) {
        // The key that was typed has not been tried yet.
        m_actions.check(id);
    }
}

void MainWindow::confirmDisconnect()
{
    const std::shared_ptr<Connection> connection = current();
    if (!connection || findChild<QDialog *>(u"disconnectConfirmation"_s)) {
        return;
    }
    QDialog *question = makeDisconnectConfirmation(text::viewOf(*connection), this);
    connect(question, &QDialog::accepted, this,
            [this, id = connection->id()] { m_actions.disconnectFromServer(id); });
    question->open();
}

void MainWindow::confirmRemove()
{
    const std::shared_ptr<Connection> connection = current();
    if (!connection || findChild<QDialog *>(u"removeConfirmation"_s)) {
        return;
    }
    QDialog *question = makeRemoveConfirmation(text::viewOf(*connection), this);
    connect(question, &QDialog::accepted, this,
            [this, id = connection->id()] { m_actions.remove(id, false); });
    question->open();
}

void MainWindow::onRemoveFailed(const QString &id, const base::Error &error)
{
    const std::shared_ptr<Connection> connection = m_list.byId(id);
    if (!connection) {
        return;
    }
    auto *question = new ForceRemoveDialog(text::viewOf(*connection), error, this);
    connect(question, &ForceRemoveDialog::unlockChosen, this, [this, id] { m_actions.unlockAndRemove(id); });
    connect(question, &ForceRemoveDialog::removeChosen, this, [this, id] { m_actions.remove(id, true); });
    question->open();
}

void MainWindow::askForKey()
{
    if (const std::shared_ptr<Connection> connection = current()) {
        auto *dialog = new KeyDialog(text::viewOf(*connection), this);
        connect(dialog, &KeyDialog::keyEntered, this,
                [this, id = connection->id()](const QString &header, const base::Secret &value) {
                    m_actions.setKey(id, header, value);
                });
        dialog->open();
    }
}

void MainWindow::askForName()
{
    if (const std::shared_ptr<Connection> connection = current()) {
        auto *dialog = new RenameDialog(text::viewOf(*connection), this);
        connect(dialog, &RenameDialog::nameEntered, this,
                [this, id = connection->id()](const QString &name) { m_actions.rename(id, name); });
        dialog->open();
    }
}

} // namespace mooring::ui
