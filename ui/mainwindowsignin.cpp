// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does about the way a connection signs in: its settings, what it is offered, its account.
#include "ui/dialogs/preferencesdialog.h"
#include "ui/dialogs/signinsettingsdialog.h"
#include "ui/dialogs/smalldialogs.h"
#include "ui/mainwindow.h"

#include <QAction>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using connections::AuthorizeOptions;
using connections::Connection;

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
    connect(m_commands.useKey, &QAction::triggered, this, &MainWindow::askForKey);
    connect(m_commands.signInSettings, &QAction::triggered, this, &MainWindow::openSignInSettings);
}

void MainWindow::openSignInSettings()
{
    const std::shared_ptr<Connection> connection = current();
    if (!connection || findChild<QDialog *>(u"signInSettingsDialog"_s)) {
        return;
    }
    const std::optional<connections::RegistrationRecord> registration = connection->registration();
    const bool hasClient = registration && registration->source == oauth::ClientRegistration::Source::Manual;
    auto *dialog = new SignInSettingsDialog(text::viewOf(*connection), hasClient, this);
    const QString id = connection->id();
    dialog->setHeaders(connection->headers());
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

void MainWindow::openPreferences()
{
    if (findChild<QDialog *>(u"preferencesDialog"_s)) {
        return;
    }
    auto *dialog = new PreferencesDialog(m_list.clientMetadataUrl(), this);
    connect(dialog, &PreferencesDialog::metadataUrlChosen, &m_actions,
            &ConnectionActions::setClientMetadataUrl);
    dialog->open();
}

void MainWindow::askForAccount()
{
    if (const std::shared_ptr<Connection> connection = current()) {
        auto *dialog = new AccountDialog(text::viewOf(*connection), this);
        connect(
            dialog, &AccountDialog::labelEntered, this,
            [this, id = connection->id()](const QString &label) { m_actions.setAccountLabel(id, label); });
        dialog->open();
    }
}

void MainWindow::onOffer(const Offer &offer)
{
    const std::shared_ptr<Connection> connection = current();
    if (!connection) {
        return;
    }
    AuthorizeOptions options;
    switch (offer.kind) {
    case Offer::Kind::AllowMore:
        options.moreScopes = connection->wantedScopes();
        break;
    case Offer::Kind::ChangeSetting:
        // Whether there is a sign-in at all is only known when the server can be reached.
        m_actions.setSettings(connection->id(),
                              oauth::withRemedy(connection->record().settings, offer.remedy),
                              offer.remedy == "allows-plain-http"_L1 ? std::nullopt : std::optional(options));
        return;
    case Offer::Kind::ForgetRegistration:
    case Offer::Kind::EnterClient:
        options.forgetRegistration = true;
        break;
    case Offer::Kind::AcceptNewIssuer:
        options.acceptNewIssuer = true;
        break;
    case Offer::Kind::AcceptForeignPage:
        options.acceptForeignPage = true;
        break;
    case Offer::Kind::EnterKey:
        askForKey();
        return;
    case Offer::Kind::ForgetRevocation:
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
             tr("No browser could be started. Open this address yourself: %1").arg(url.toString())});
    }
}

} // namespace mooring::ui
