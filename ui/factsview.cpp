// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/factsview.h"

#include "base/displaytext.h"
#include "ui/paintedwidgets.h"

#include <QCoreApplication>
#include <QLocale>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using connections::AuthorizationKind;
using connections::ConnectionRecord;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::ui", text);
}

void empty(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

QString expiryText(const connections::ConnectionState &state, const QDateTime &now)
{
    if (!state.expiresAt) {
        return tr("the service did not say");
    }
    const QString when = whenText(*state.expiresAt, now);
    if (!state.hasRefreshToken) {
        return tr("%1 · then you will be asked again").arg(when);
    }
    return *state.expiresAt > now
               ? tr("%1 · then renewed with the stored refresh token").arg(when)
               : tr("%1 · renewed with the stored refresh token on the next use").arg(when);
}

QString scopesText(const QStringList &scopes)
{
    QStringList shown;
    for (const QString &scope : scopes.first(qMin<qsizetype>(scopes.size(), 20))) {
        shown.append(base::displayText(scope, 80));
    }
    return shown.isEmpty() ? tr("what the service gives by default") : shown.join(u", "_s);
}

QString registrationText(const std::optional<connections::RegistrationRecord> &registration)
{
    if (!registration) {
        return {};
    }
    const QString day = QLocale().toString(registration->registeredAt.toLocalTime().date(), u"d MMM yyyy"_s);
    if (registration->source == oauth::ClientRegistration::Source::Manual) {
        return tr("%1 (typed in, %2)").arg(base::displayText(registration->clientId, 60), day);
    }
    return tr("Mooring (by itself, %1)").arg(day);
}

void addSignIn(QList<Fact> *facts, const ConnectionDetails &details, const QDateTime &now)
{
    const ConnectionRecord &record = details.view.record;
    if (!record.issuer.isEmpty()) {
        facts->append({tr("Sign-in service"), base::displayAuthority(QUrl(record.issuer))});
    }
    facts->append({tr("Account"), base::displayText(record.accountLabel)});
    if (!details.view.state.isSignedIn) {
        return;
    }
    facts->append({tr("Allowed"), scopesText(record.scopesGranted)});
    const std::optional<QDateTime> &expiresAt = details.view.state.expiresAt;
    facts->append({expiresAt && *expiresAt <= now ? tr("Expired") : tr("Expires"),
                   expiryText(details.view.state, now)});
    if (record.authorizedAt.isValid()) {
        facts->append({tr("Signed in"), whenText(record.authorizedAt, now)});
    }
    facts->append({tr("Registered as"), registrationText(details.registration)});
    facts->append({tr("Tokens kept in"), details.view.state.isWindowOnly
                                             ? tr("this window only; gone when Mooring is closed")
                                             : base::displayText(details.tokensKeptIn)});
}

} // namespace

QList<Fact> factsOf(const ConnectionDetails &details, const QDateTime &now)
{
    const ConnectionRecord &record = details.view.record;
    QList<Fact> facts;
    addSignIn(&facts, details, now);
    if (record.kind == AuthorizationKind::Header) {
        facts.append({tr("Key header"), base::displayText(record.headerName)});
        facts.append({tr("Key kept in"), base::displayText(details.tokensKeptIn)});
    }
    facts.append({tr("Address"), addressOf(details.view)});
    if (details.server) {
        const QString version = base::displayText(details.server->version, 40);
        const QString name = base::displayText(details.server->name, 80);
        facts.append(
            {tr("Calls itself"), version.isEmpty() ? name : tr("%1, version %2").arg(name, version)});
    }
    if (record.addedAt.isValid()) {
        facts.append({tr("Added"), whenText(record.addedAt, now)});
    }
    facts.removeIf([](const Fact &fact) { return fact.value.isEmpty(); });
    return facts;
}

ActivityRows::ActivityRows(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(ems(this, 1.2));
    m_grid->setVerticalSpacing(ems(this, 0.35));
    m_grid->setColumnStretch(1, 1);
}

void ActivityRows::setEntries(const QList<connections::ActivityEntry> &entries, const QDateTime &now)
{
    empty(m_grid);
    int row = 0;
    for (const connections::ActivityEntry &entry : entries) {
        m_grid->addWidget(singleLine(shortWhenText(entry.at, now), PlainLabel::Ink::Muted), row, 0,
                          Qt::AlignTop);
        m_grid->addWidget(wrapped(base::displayText(entry.text, 400)), row, 1);
        m_grid->addWidget(new HairLine, row + 1, 0, 1, 2);
        row += 2;
    }
}

FactsView::FactsView(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_recentTitle(singleLine(tr("RECENT"), PlainLabel::Ink::Heading))
    , m_recent(new ActivityRows)
{
    m_grid->setHorizontalSpacing(ems(this, 1.2));
    m_grid->setVerticalSpacing(ems(this, 0.45));
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(0, letters(this, 17));
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, ems(this, 0.9), 0, ems(this, 0.9));
    all->setSpacing(ems(this, 0.5));
    all->addLayout(m_grid);
    all->addSpacing(ems(this, 0.6));
    all->addWidget(m_recentTitle);
    all->addWidget(m_recent);
    all->addStretch();
}

void FactsView::setDetails(const ConnectionDetails &details, const QDateTime &now)
{
    empty(m_grid);
    int row = 0;
    const QList<Fact> facts = factsOf(details, now);
    for (const Fact &fact : facts) {
        PlainLabel *value = wrapped(fact.value);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(singleLine(fact.name, PlainLabel::Ink::Muted), row, 0, Qt::AlignTop);
        m_grid->addWidget(value, row, 1);
        ++row;
    }
    m_recentTitle->setVisible(!details.activity.isEmpty());
    m_recent->setEntries(details.activity.first(qMin(details.activity.size(), recentEntries)), now);
}

} // namespace mooring::ui
