// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the add dialog offers, worked out anew from what is known, and doing it; the other half of the dialog.
#include "base/displaytext.h"
#include "ui/addserverdialog.h"
#include "ui/smalldialogs.h"

namespace mooring::ui {

using Verdict = mcp::ProbeReport::Verdict;

AddServerDialog::Offer AddServerDialog::offer() const
{
    if (!m_url.isValid() || m_adding || (!m_existingId.isEmpty() && !m_secondAccount)) {
        return Offer::None;
    }
    const bool withKey = m_widgets.useKey->isChecked();
    if (!m_report) {
        return Offer::None;
    }
    switch (m_report->verdict) {
    case Verdict::Open:
        return Offer::Add;
    case Verdict::NeedsSignIn:
        return withKey ? Offer::AddWithKey : Offer::Authorize;
    case Verdict::NeedsKey:
    case Verdict::KeyRefused:
        return Offer::AddWithKey;
    case Verdict::NotMcp:
    case Verdict::Unreachable:
    case Verdict::SignInUnusable:
    case Verdict::Blocked:
    case Verdict::UnknownVersions:
        return Offer::TryAgain;
    case Verdict::Refused:
        return Offer::None;
    }
    return Offer::None;
}

QString AddServerDialog::footerText(Offer offer) const
{
    if (m_goWhenReady) {
        return tr("Goes on by itself as soon as the server has been looked at.");
    }
    switch (offer) {
    case Offer::Authorize:
        if (m_keychainTrouble) {
            return base::displayText(m_keychainTrouble->sentence, 300);
        }
        return tr("Your browser opens next. Mooring never sees your password; the tokens stay in %1.")
            .arg(m_services.keychainName);
    case Offer::AddWithKey:
        return tr("The key stays in %1 and is sent to this server only.").arg(m_services.keychainName);
    case Offer::Add:
        return m_report && m_report->discovery
                   ? tr("Works without signing in; some of its tools may want it.")
                   : QString();
    case Offer::None:
    case Offer::TryAgain:
        break;
    }
    return {};
}

void AddServerDialog::refresh()
{
    const Offer now = offer();
    const bool exists = !m_existingId.isEmpty() && !m_secondAccount;
    const bool hasUrl = m_url.isValid() && !exists;
    const bool withKey = hasUrl && m_widgets.useKey->isChecked();
    const bool refused = m_report && m_report->verdict == Verdict::Refused;
    const bool noKeychain =
        m_keychainTrouble && m_keychainTrouble->keychainCase != base::KeychainCase::Locked;

    m_widgets.choice->setVisible(m_widgets.choice->count() > 1);
    m_widgets.note->setVisible(!m_widgets.note->text().isEmpty());
    m_widgets.existsRow->setVisible(exists);
    m_widgets.busy->setVisible(m_lookup.isBusy());
    m_widgets.stepsCard->setVisible(hasUrl && (m_lookup.isBusy() || m_widgets.steps->count() > 0));
    m_widgets.nameRow->setVisible(hasUrl && m_report && !refused);
    m_widgets.keyRow->setVisible(withKey && m_report && !refused);
    m_widgets.windowOnly->setVisible(now == Offer::Authorize && noKeychain);
    m_widgets.detailsButton->setVisible(m_widgets.details->count() > 0);
    const QString footer = footerText(now);
    m_widgets.footer->setText(footer);
    m_widgets.footer->setVisible(!footer.isEmpty());

    refreshButtons(now);
}

void AddServerDialog::refreshButtons(Offer now)
{
    const bool withKey = m_widgets.useKey->isChecked();
    const bool noKeychain =
        m_keychainTrouble && m_keychainTrouble->keychainCase != base::KeychainCase::Locked;
    switch (now) {
    case Offer::Authorize:
        m_widgets.primary->setText(tr("Authorize"));
        break;
    case Offer::Add:
    case Offer::AddWithKey:
        m_widgets.primary->setText(tr("Add"));
        break;
    case Offer::TryAgain:
        m_widgets.primary->setText(tr("Try again"));
        break;
    case Offer::None:
        m_widgets.primary->setText(m_widgets.primary->text());
        break;
    }
    const bool keyIsThere = isHeaderName(m_widgets.headerName->text().trimmed()) && !key().isEmpty();
    const bool mayAuthorize = now != Offer::Authorize || !noKeychain || m_widgets.windowOnly->isChecked();
    const bool mayAddKey = now != Offer::AddWithKey || keyIsThere;
    const bool ready = now != Offer::None && mayAuthorize && mayAddKey;
    m_widgets.primary->setEnabled(ready);
    m_widgets.primary->setPrimary(true);

    const bool openWithMore = now == Offer::Add && m_report->discovery && !withKey;
    m_widgets.secondary->setText(openWithMore               ? tr("Add and authorize")
                                 : now == Offer::AddWithKey ? tr("Add without a key")
                                 : now == Offer::TryAgain   ? tr("Add anyway")
                                                            : tr("Add without signing in"));
    m_widgets.secondary->setVisible(now == Offer::Authorize || now == Offer::AddWithKey
                                    || now == Offer::TryAgain || openWithMore);
}

base::Task<void> AddServerDialog::waitForKeychain(QPointer<AddServerDialog> dialog,
                                                  base::Task<base::Result<void>> task)
{
    const base::Result<void> usable = co_await std::move(task);
    if (dialog) {
        dialog->onKeychain(usable);
    }
}

void AddServerDialog::onKeychain(const base::Result<void> &usable)
{
    m_keychainTrouble = usable ? std::nullopt : std::optional(usable.error());
    const bool go = std::exchange(m_goWhenReady, false);
    refresh();
    if (go && offer() == Offer::Authorize && m_widgets.primary->isEnabled()) {
        onPrimary();
    }
}

void AddServerDialog::onPrimary()
{
    switch (offer()) {
    case Offer::None:
        break;
    case Offer::Authorize:
        if (m_widgets.primary->isEnabled()) {
            add(true, false);
        }
        break;
    case Offer::Add:
        add(false, m_widgets.useKey->isChecked());
        break;
    case Offer::AddWithKey:
        if (m_widgets.primary->isEnabled()) {
            add(false, true);
        }
        break;
    case Offer::TryAgain:
        lookAt(m_url);
        m_lookup.hurry();
        break;
    }
}

base::Secret AddServerDialog::key() const
{
    return base::Secret(m_widgets.headerValue->text().trimmed().toUtf8());
}

void AddServerDialog::add(bool authorize, bool withKey)
{
    if (m_adding || !m_url.isValid()) {
        return;
    }
    m_adding = true;
    m_lookup.stop();
    connections::NewConnection request;
    request.url = m_url;
    request.name = m_widgets.name->text().trimmed();
    if (withKey) {
        request.headers.append({m_widgets.headerName->text().trimmed(), key()});
    }
    request.report = m_report;
    m_services.tasks.run(waitForAdd(this, m_services.add(std::move(request)), authorize));
    refresh();
}

base::Task<void> AddServerDialog::waitForAdd(QPointer<AddServerDialog> dialog,
                                             base::Task<base::Result<QString>> task, bool authorize)
{
    const base::Result<QString> id = co_await std::move(task);
    if (dialog) {
        dialog->onAdded(id, authorize);
    }
}

void AddServerDialog::onAdded(const base::Result<QString> &id, bool authorize)
{
    m_adding = false;
    if (!id) {
        showProblem(id.error().sentence);
        refresh();
        return;
    }
    Q_EMIT added(*id, authorize, m_widgets.windowOnly->isVisible() && m_widgets.windowOnly->isChecked());
    accept();
}

} // namespace mooring::ui
