// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow.h"

#include "ui/dialogs/smalldialogs.h"
#include "ui/widgets/droppedtext.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/icons.h"

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

namespace {

/// What messages about the keychain as a whole are about; no connection has that id.
constexpr auto keychainTopic = QLatin1StringView("keychain");

} // namespace

using namespace Qt::StringLiterals;
using connections::Connection;
using text::Action;

MainWindow::MainWindow(connections::ConnectionList &list, base::TaskScope &tasks, storage::Profile profile,
                       oauth::OpenUrl openUrl, QWidget *parent)
    : QMainWindow(parent)
    , m_list(list)
    , m_tasks(tasks)
    , m_profile(std::move(profile))
    , m_openUrl(std::move(openUrl))
    , m_model(list.clock())
    , m_actions(list, tasks)
    , m_follower(list, m_model)
    , m_view(new MainView(m_model, list.clock(), m_profile.name() == "demo"_L1))
    , m_commands(this, m_view->findChild<QListView *>(u"connectionListView"_s))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(u"Mooring"_s);
    setCentralWidget(m_view);
    setAcceptDrops(true);
    setUpCommands();
    connectView();
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
    connect(&m_follower, &ListFollower::changed, this, [this](const QString &id) {
        const std::shared_ptr<Connection> connection = m_list.byId(id);
        if (!connection || !connection->state().error) {
            m_view->messages()->withdraw(id);
        }
        if (id == m_view->currentId()) {
            showCurrent();
        }
        // Not before something was used: a window that is only looked at reaches for no keychain.
        if (!m_hasLookedForStrays && connection && connection->hasReadSecrets()) {
            m_hasLookedForStrays = true;
            m_tasks.run(lookForStrays());
        }
    });
    connect(&m_model, &ConnectionModel::ticked, this, [this] {
        const int row = m_model.rowOf(m_view->currentId());
        if (m_painted && row >= 0 && m_view->hasPage()) {
            m_view->page()->setView(m_model.views().at(row));
        }
    });
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
    connect(&m_list, &connections::ConnectionList::removed, this,
            [this](const std::shared_ptr<Connection> &gone) { m_view->messages()->withdraw(gone->id()); });
    connect(&m_list, &connections::ConnectionList::trouble, this,
            [this](const base::Error &error) { m_view->messages()->show(error); });
    m_list.secrets().onQuestion(this, [this] { showQuestion(); });
}

void MainWindow::showQuestion()
{
    const std::optional<storage::KeychainQuestion> question = m_list.secrets().question();
    if (!question) {
        m_view->messages()->withdraw(keychainTopic);
        return;
    }
    Message message{text::Tone::Attention, storage::sentenceOf(*question)};
    message.about = keychainTopic;
    m_view->messages()->show(message);
}

void MainWindow::offerToMove()
{
    const QString now = m_list.secrets().identity();
    const QStringList names = connections::straysOf(connections::keepingsOf(m_list.connections()), now);
    if (names.isEmpty() || !m_list.isNewsAboutKeychain(now)) {
        return;
    }
    Message message{text::Tone::Neutral,
                    tr("New sign-ins go to %1 now. %2 is still in another keychain.")
                        .arg(shownText(storage::placeText(now)), shownText(names.join(u", "_s), 200))};
    message.actionText = tr("Move");
    message.about = keychainTopic;
    message.action = [this] { m_tasks.run(moveSecrets()); };
    m_view->messages()->show(message);
}

base::Task<void> MainWindow::lookForStrays()
{
    const base::Result<void> usable =
        co_await m_list.secrets().checkUsable({}, storage::Asking::Never, m_tasks.token());
    if (usable && !m_closing) {
        offerToMove();
    }
}

base::Task<void> MainWindow::moveSecrets()
{
    const base::Result<connections::Moved> moved = co_await m_list.moveSecrets(m_tasks.token());
    if (!moved) {
        co_return;
    }
    if (!moved->left.isEmpty()) {
        m_view->messages()->show(moved->left.first().second);
    } else {
        m_view->messages()->show(
            {text::Tone::Good,
             tr("All sign-ins are in %1 now.").arg(shownText(storage::placeText(moved->place)))});
    }
    showCurrent();
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
    connect(page, &ConnectionPage::editAccountClicked, this, &MainWindow::askForAccount);
    page->setMenu(m_commands.connectionMenu);
    connect(page, &ConnectionPage::toolsWanted, this, [this, page] {
        page->setToolsLoading();
        m_actions.loadTools(m_view->currentId());
    });
    connect(page, &ConnectionPage::checkAgainClicked, this, [this] { m_actions.check(m_view->currentId()); });
    connect(page, &ConnectionPage::authorizeClicked, this,
            [this] { m_actions.authorize(m_view->currentId()); });
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
