// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connectiondialogs.h"

#include "ui/dialogs/aboutdialog.h"
#include "ui/dialogs/accountdialog.h"
#include "ui/dialogs/confirmations.h"
#include "ui/dialogs/forceremovedialog.h"
#include "ui/dialogs/keydialog.h"
#include "ui/dialogs/preferencesdialog.h"
#include "ui/dialogs/renamedialog.h"
#include "ui/dialogs/signinsettingsdialog.h"

#include <algorithm>

namespace mooring::ui {

using connections::AuthorizeOptions;
using connections::Connection;

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

ConnectionDialogs::ConnectionDialogs(connections::ConnectionList &list, base::TaskScope &tasks,
                                     ConnectionActions &actions, QWidget *window)
    : QObject(window)
    , m_list(list)
    , m_tasks(tasks)
    , m_actions(actions)
    , m_window(window)
{
}

AddServices ConnectionDialogs::addServices()
{
    return {
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
}

void ConnectionDialogs::addServer(const QString &address)
{
    if (m_addServer) {
        m_addServer->raise();
        m_addServer->activateWindow();
        return;
    }
    m_addServer = new AddServerDialog(addServices(), m_window);
    connect(m_addServer, &AddServerDialog::added, this, &ConnectionDialogs::added);
    connect(m_addServer, &AddServerDialog::selectRequested, this, &ConnectionDialogs::selectRequested);
    m_addServer->open();
    if (!address.isEmpty()) {
        m_addServer->setAddress(address);
    }
}

void ConnectionDialogs::confirmDisconnect(const Connection &connection)
{
    if (m_disconnect) {
        return;
    }
    m_disconnect = makeDisconnectConfirmation(text::viewOf(connection), m_window);
    connect(m_disconnect, &QDialog::accepted, this,
            [this, id = connection.id()] { m_actions.disconnectFromServer(id); });
    m_disconnect->open();
}

void ConnectionDialogs::confirmRemove(const Connection &connection)
{
    if (m_remove) {
        return;
    }
    m_remove = makeRemoveConfirmation(text::viewOf(connection), m_window);
    connect(m_remove, &QDialog::accepted, this,
            [this, id = connection.id()] { m_actions.remove(id, false); });
    m_remove->open();
}

void ConnectionDialogs::confirmForcedRemove(const Connection &connection, const base::Error &error)
{
    auto *question = new ForceRemoveDialog(text::viewOf(connection), error, m_window);
    const QString id = connection.id();
    connect(question, &ForceRemoveDialog::unlockChosen, this, [this, id] { m_actions.unlockAndRemove(id); });
    connect(question, &ForceRemoveDialog::removeChosen, this, [this, id] { m_actions.remove(id, true); });
    question->open();
}

void ConnectionDialogs::askForKey(const Connection &connection)
{
    auto *dialog = new KeyDialog(text::viewOf(connection), m_window);
    connect(dialog, &KeyDialog::keyEntered, this,
            [this, id = connection.id()](const QString &header, const base::Secret &value) {
                m_actions.setKey(id, header, value);
            });
    dialog->open();
}

void ConnectionDialogs::askForName(const Connection &connection)
{
    auto *dialog = new RenameDialog(text::viewOf(connection), m_window);
    connect(dialog, &RenameDialog::nameEntered, this,
            [this, id = connection.id()](const QString &name) { m_actions.rename(id, name); });
    dialog->open();
}

void ConnectionDialogs::askForAccount(const Connection &connection)
{
    auto *dialog = new AccountDialog(text::viewOf(connection), m_window);
    connect(dialog, &AccountDialog::labelEntered, this,
            [this, id = connection.id()](const QString &label) { m_actions.setAccountLabel(id, label); });
    dialog->open();
}

void ConnectionDialogs::openSignInSettings(const Connection &connection)
{
    if (m_signInSettings) {
        return;
    }
    const std::optional<connections::RegistrationRecord> registration = connection.registration();
    const bool hasClient = registration && registration->source == oauth::ClientRegistration::Source::Manual;
    auto *dialog = new SignInSettingsDialog(text::viewOf(connection), hasClient, m_window);
    m_signInSettings = dialog;
    const QString id = connection.id();
    dialog->setHeaders(connection.headers());
    connect(
        dialog, &SignInSettingsDialog::headersChosen, this,
        [this, id](const QList<connections::TypedHeader> &headers) { m_actions.setHeaders(id, headers); });
    connect(dialog, &SignInSettingsDialog::settingsChosen, this,
            [this, id](const oauth::SignInSettings &settings,
                       const std::optional<connections::ClientCredentials> &client) {
                AuthorizeOptions options;
                options.client = client;
                m_actions.setSettings(id, settings, client ? std::optional(options) : std::nullopt);
            });
    dialog->open();
}

void ConnectionDialogs::openPreferences()
{
    if (m_preferences) {
        return;
    }
    auto *dialog = new PreferencesDialog(m_list.clientMetadataUrl(), m_window);
    m_preferences = dialog;
    connect(dialog, &PreferencesDialog::metadataUrlChosen, &m_actions,
            &ConnectionActions::setClientMetadataUrl);
    dialog->open();
}

void ConnectionDialogs::openAbout()
{
    makeAboutDialog(m_window)->open();
}

} // namespace mooring::ui
