// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow.h"

#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"
#include "storage/keychainreport.h"
#include "ui/widgets/droppedtext.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/layouthelpers.h"

#include <QAction>
#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QNetworkInformation>
#include <QSettings>
#include <QTimer>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::AuthorizeOptions;
using connections::Connection;
using text::Action;
using text::RemedyOffer;

MainWindow::MainWindow(connections::ConnectionList &list, base::TaskScope &tasks, storage::Profile profile,
                       oauth::OpenUrl openUrl, QWidget *parent)
    : QMainWindow(parent)
    , m_list(list)
    , m_profile(std::move(profile))
    , m_openUrl(std::move(openUrl))
    , m_model(list.clock())
    , m_actions(list, tasks)
    , m_follower(list, m_model)
    , m_view(new MainView(m_model, list.clock(), m_profile.name() == "demo"_L1))
    , m_commands(this, m_view->list())
    , m_dialogs(list, tasks, m_actions, this)
    , m_keychain(list, tasks, *m_view->messages())
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(u"Mooring"_s);
    setCentralWidget(m_view);
    setAcceptDrops(true);
    setUpCommands();
    connectView();
    connectActions();
    restoreGeometryAndSplitter();
}

void MainWindow::fill()
{
    m_follower.start();
    const QSettings settings(lookPath(), QSettings::IniFormat);
    m_view->select(settings.value("selected"_L1).toString());
    m_view->focusList();
    m_commands.update(current().get());
}

void MainWindow::connectView()
{
    connect(m_view, &MainView::pageMade, this, &MainWindow::setUpPage);
    connect(m_view, &MainView::addRequested, this, &MainWindow::openAddDialog);
    connect(m_view, &MainView::currentChanged, this, &MainWindow::showCurrent);
    connect(&m_follower, &ConnectionModelSync::changed, this, &MainWindow::onConnectionChanged);
    connect(&m_model, &ConnectionModel::ticked, this, [this] {
        const int row = m_model.rowOf(m_view->currentId());
        if (m_painted && row >= 0 && m_view->hasPage()) {
            m_view->page()->setView(m_model.views().at(row));
        }
    });
    connect(&m_list, &connections::ConnectionList::removed, this,
            [this](const std::shared_ptr<Connection> &gone) { m_view->messages()->withdraw(gone->id()); });
    connect(&m_list, &connections::ConnectionList::trouble, this,
            [this](const base::Error &error) { m_view->messages()->show(error); });
    connect(&m_keychain, &KeychainMessages::moved, this, &MainWindow::showCurrent);
    connect(&m_dialogs, &ConnectionDialogs::added, this, &MainWindow::onAdded);
    connect(&m_dialogs, &ConnectionDialogs::selectRequested, this, [this](const QString &id) {
        m_view->select(id);
        m_view->showPage();
    });
}

void MainWindow::connectActions()
{
    connect(&m_actions, &ConnectionActions::changed, this, [this](const QString &id) {
        if (id == m_view->currentId()) {
            showCurrent();
        }
    });
    connect(&m_actions, &ConnectionActions::messageReady, this,
            [this](const Message &message) { m_view->messages()->show(message); });
    connect(&m_actions, &ConnectionActions::signedIn, this, &MainWindow::bringToFront);
    connect(&m_actions, &ConnectionActions::toolsFailed, this,
            [this](const QString &id, const base::Error &error) {
                if (id == m_view->currentId() && m_view->hasPage()) {
                    m_view->page()->setToolsError(error);
                }
            });
    connect(&m_actions, &ConnectionActions::removeFailed, this, &MainWindow::onRemoveFailed);
}

void MainWindow::onConnectionChanged(const QString &id)
{
    const std::shared_ptr<Connection> connection = m_list.byId(id);
    if (!connection || !connection->state().error) {
        m_view->messages()->withdraw(id);
    }
    if (id == m_view->currentId()) {
        showCurrent();
    }
    if (connection && connection->hasReadSecrets()) {
        m_keychain.lookForStrays();
    }
}

void MainWindow::setUpPage(ConnectionPage *page)
{
    connect(page, &ConnectionPage::actionClicked, this, &MainWindow::onAction);
    connect(page, &ConnectionPage::openAgainClicked, this,
            [this] { m_actions.openBrowserAgain(m_view->currentId()); });
    connect(page, &ConnectionPage::cancelClicked, this,
            [this] { m_actions.cancelSignIn(m_view->currentId()); });
    connect(page, &ConnectionPage::addressPasted, this, [this, page](const QString &address) {
        const base::Result<void> taken = m_actions.pasteAddress(m_view->currentId(), address);
        if (!taken) {
            page->showPasteProblem(taken.error().sentence);
        }
    });
    connect(page, &ConnectionPage::clientEntered, this, [this](const connections::ClientCredentials &client) {
        m_actions.provideClient(m_view->currentId(), client);
    });
    connect(page, &ConnectionPage::changeClientClicked, this,
            [this] { m_actions.changeClient(m_view->currentId()); });
    connect(page, &ConnectionPage::siteRequested, this, &MainWindow::openSite);
    connect(page, &ConnectionPage::offerAccepted, this, &MainWindow::onOffer);
    connect(page, &ConnectionPage::offerDismissed, this,
            [this] { m_actions.dismissMore(m_view->currentId()); });
    connect(page, &ConnectionPage::editAccountClicked, this,
            [this] { openFor(&ConnectionDialogs::askForAccount); });
    page->setMenu(m_commands.connectionMenu);
    connect(page, &ConnectionPage::toolsWanted, this, [this, page] {
        page->setToolsLoading();
        m_actions.loadTools(m_view->currentId());
    });
    connect(page, &ConnectionPage::checkAgainClicked, this, [this] { m_actions.check(m_view->currentId()); });
    connect(page, &ConnectionPage::authorizeClicked, this,
            [this] { m_actions.authorize(m_view->currentId()); });
}

void MainWindow::setUpCommands()
{
    m_view->setMenu(m_commands.mainMenu);
    QListView *list = m_view->list();
    list->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(list, &QWidget::customContextMenuRequested, m_commands.connectionMenu,
            [list, menu = m_commands.connectionMenu](const QPoint &point) {
                if (list->indexAt(point).isValid()) {
                    menu->popup(list->viewport()->mapToGlobal(point));
                }
            });
    const WindowCommands &all = m_commands;
    const auto ask = [this](QAction *action, Dialog dialog) {
        connect(action, &QAction::triggered, this, [this, dialog] { openFor(dialog); });
    };
    connect(all.add, &QAction::triggered, this, [this] { openAddDialog(); });
    connect(all.find, &QAction::triggered, m_view, &MainView::focusSearch);
    ask(all.rename, &ConnectionDialogs::askForName);
    ask(all.disconnect, &ConnectionDialogs::confirmDisconnect);
    ask(all.remove, &ConnectionDialogs::confirmRemove);
    ask(all.useKey, &ConnectionDialogs::askForKey);
    ask(all.signInSettings, &ConnectionDialogs::openSignInSettings);
    connect(all.copyAddress, &QAction::triggered, this, [this] {
        if (const auto connection = current()) {
            QGuiApplication::clipboard()->setText(http::shownUrl(connection->record().url));
        }
    });
    connect(all.about, &QAction::triggered, &m_dialogs, &ConnectionDialogs::openAbout);
    connect(all.preferences, &QAction::triggered, &m_dialogs, &ConnectionDialogs::openPreferences);
    connect(all.quit, &QAction::triggered, this, &QWidget::close);
    connectSignInCommands();
}

void MainWindow::connectSignInCommands()
{
    const auto onTrigger = [this](QAction *action, const std::function<void(const QString &id)> &job) {
        connect(action, &QAction::triggered, this, [this, job] { withCurrent(job); });
    };
    onTrigger(m_commands.authorize, [this](const QString &id) { m_actions.authorize(id); });
    onTrigger(m_commands.useBrowser, [this](const QString &id) { m_actions.authorize(id); });
    onTrigger(m_commands.renew, [this](const QString &id) { m_actions.renew(id); });
    onTrigger(m_commands.otherAccount, [this](const QString &id) {
        AuthorizeOptions options;
        options.selectAccount = true;
        m_actions.authorize(id, options);
    });
}

void MainWindow::openFor(Dialog dialog)
{
    if (const std::shared_ptr<Connection> connection = current()) {
        (m_dialogs.*dialog)(*connection);
    }
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
        openFor(&ConnectionDialogs::confirmDisconnect);
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
        openFor(&ConnectionDialogs::askForKey);
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
    m_dialogs.addServer(address);
}

void MainWindow::onAdded(const QString &id, bool authorize, const connections::AuthorizeOptions &chosen)
{
    m_view->select(id);
    m_view->showPage();
    m_view->focusList();
    const std::shared_ptr<Connection> connection = m_list.byId(id);
    if (authorize && connection) {
        AuthorizeOptions options = chosen;
        // Else the browser, which knows the first account, would take that one again.
        options.selectAccount = m_list.withUrl(connection->record().url).size() > 1;
        m_actions.authorize(id, options);
    } else if (connection && connection->record().hasSecret) {
        // The key that was typed has not been tried yet.
        m_actions.check(id);
    }
}

void MainWindow::onRemoveFailed(const QString &id, const base::Error &error)
{
    if (const std::shared_ptr<Connection> connection = m_list.byId(id)) {
        m_dialogs.confirmForcedRemove(*connection, error);
    }
}

void MainWindow::onOffer(const RemedyOffer &offer)
{
    const std::shared_ptr<Connection> connection = current();
    if (!connection) {
        return;
    }
    AuthorizeOptions options;
    switch (offer.kind) {
    case RemedyOffer::Kind::AllowMore:
        options.moreScopes = connection->wantedScopes();
        break;
    case RemedyOffer::Kind::ChangeSetting:
        m_actions.bendRule(connection->id(), offer.remedy);
        return;
    case RemedyOffer::Kind::ForgetRegistration:
    case RemedyOffer::Kind::EnterClient:
        options.forgetRegistration = true;
        break;
    case RemedyOffer::Kind::AcceptNewIssuer:
        options.acceptNewIssuer = true;
        break;
    case RemedyOffer::Kind::AcceptForeignPage:
        options.acceptForeignPage = true;
        break;
    case RemedyOffer::Kind::EnterKey:
        openFor(&ConnectionDialogs::askForKey);
        return;
    case RemedyOffer::Kind::ForgetRevocation:
        if (const std::optional<connections::RevocationRecord> pending = connection->pendingRevocation()) {
            m_actions.forgetRevocation(pending->id);
        }
        return;
    }
    m_actions.authorize(connection->id(), options);
}

void MainWindow::openSite(const QUrl &url)
{
    // It comes from an issuer that has passed the policy already; a page to open has its own rules.
    const std::shared_ptr<Connection> connection = current();
    const http::UrlPolicy policy(connection ? connection->record().url : url);
    const base::Result<QUrl> checked = policy.check(url.toString(QUrl::FullyEncoded), http::UrlUse::Browser);
    if (!checked || !m_openUrl(*checked)) {
        m_view->messages()->show(
            {text::Tone::Attention,
             Words::tr("No browser could be started. Open this address yourself: %1").arg(url.toString())});
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (mayHoldServers(*event->mimeData())) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    const base::Result<QString> text = textOf(*event->mimeData());
    if (text) {
        openAddDialog(*text);
    } else {
        m_view->messages()->show(text.error());
    }
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::Paint && !m_painted) {
        m_painted = true;
        QTimer::singleShot(0, this, &MainWindow::onFirstPaint);
    }
    return QMainWindow::event(event);
}

void MainWindow::onFirstPaint()
{
    Q_EMIT firstPainted();
    setWindowIcon(applicationIcon());
    showCurrent();
    m_list.checkAllQuietly();
    m_list.finishInterrupted();
    m_list.revocations().keepTelling();
    m_actions.showOrphanedRevocations();
    const auto catchUp = [this] { m_model.countdown().catchUp(); };
    connect(new ClockWatch(this), &ClockWatch::clockJumped, this, catchUp);
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, this, [catchUp](Qt::ApplicationState state) {
        if (state == Qt::ApplicationActive) {
            catchUp();
        }
    });
    if (QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability)) {
        connect(QNetworkInformation::instance(), &QNetworkInformation::reachabilityChanged, this,
                [this](QNetworkInformation::Reachability reachability) {
                    if (reachability != QNetworkInformation::Reachability::Online) {
                        return;
                    }
                    m_list.revocations().tellNow();
                    if (isVisible()) {
                        m_list.checkAllQuietly();
                    }
                });
    }
}

std::shared_ptr<Connection> MainWindow::current() const
{
    return m_list.byId(m_view->currentId());
}

void MainWindow::showCurrent()
{
    const std::shared_ptr<Connection> connection = current();
    m_commands.update(connection.get());
    if (!m_painted || m_closing) {
        return;
    }
    if (!connection) {
        m_view->setDetails(std::nullopt);
        return;
    }
    const QString place = storage::placeText(connection->keptIn());
    ConnectionDetails details =
        detailsOf(*connection, place.isEmpty() ? m_list.secrets().description() : place);
    m_actions.addTo(&details);
    m_view->setDetails(details);
}

void MainWindow::bringToFront()
{
    if (m_closing) {
        return;
    }
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

QString MainWindow::lookPath() const
{
    return m_profile.folder() + u"/window.ini"_s;
}

void MainWindow::restoreGeometryAndSplitter()
{
    const QSettings settings(lookPath(), QSettings::IniFormat);
    if (!restoreGeometry(settings.value("geometry"_L1).toByteArray())) {
        resize(letters(this, 160), ems(this, 41));
    }
    m_view->restoreSplitter(settings.value("splitter"_L1).toByteArray());
}

void MainWindow::save()
{
    const QString path = lookPath();
    QSettings settings(path, QSettings::IniFormat);
    settings.setValue("geometry"_L1, saveGeometry());
    if (const QByteArray state = m_view->splitterState(); !state.isEmpty()) {
        settings.setValue("splitter"_L1, state);
    }
    settings.setValue("selected"_L1, m_view->currentId());
    settings.sync();
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (const std::optional<base::Error> loss = m_list.lossAtQuit(); loss && !std::exchange(m_warned, true)) {
        event->ignore();
        m_view->messages()->show(*loss);
        return;
    }
    event->accept();
    if (!m_closing) {
        save();
        m_closing = true;
        hide();
        Q_EMIT closed();
    }
}

void MainWindow::endNow()
{
    m_warned = true;
    close();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange) {
        updateTicking();
    }
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    updateTicking();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    updateTicking();
}

void MainWindow::updateTicking()
{
    m_model.countdown().setVisible(isVisible() && !isMinimized());
}

} // namespace mooring::ui
