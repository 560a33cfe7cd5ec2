// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/factsview.h"

#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "oauth/authorizationserver.h"
#include "text/reporttext.h"
#include "text/settingstext.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/excerptlabel.h"
#include "ui/widgets/layouthelpers.h"

#include <QLocale>
#include <QSet>
#include <QToolButton>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::AuthorizationKind;
using connections::ConnectionRecord;

namespace {

constexpr qsizetype mostScopes = 12;
constexpr qsizetype longestScope = 80;

QString expiryText(const connections::ConnectionState &state, const QDateTime &now)
{
    if (!state.expiresAt) {
        return Words::tr("the service did not say");
    }
    const QString when = base::whenText(*state.expiresAt, now);
    if (!state.hasRefreshToken) {
        return Words::tr("%1 · then you will be asked again").arg(when);
    }
    return *state.expiresAt > now
               ? Words::tr("%1 · then renewed with the stored refresh token").arg(when)
               : Words::tr("%1 · renewed with the stored refresh token on the next use").arg(when);
}

QString scopesText(const QStringList &scopes)
{
    QStringList shown;
    for (const QString &scope : scopes.first(qMin(scopes.size(), mostScopes))) {
        shown.append(shownText(scope, longestScope));
    }
    if (scopes.size() > mostScopes) {
        shown.append(Words::tr("and %1 more").arg(scopes.size() - mostScopes));
    }
    return shown.isEmpty() ? Words::tr("what the service gives by default") : shown.join(u", "_s);
}

/// What scopesText() leaves out; empty if that is nothing.
QString allScopes(const QStringList &scopes)
{
    const QString all = scopes.join(u'\n');
    const bool isLong = std::any_of(scopes.begin(), scopes.end(), [](const QString &scope) {
        return excerptOf(scope, longestScope).isCut;
    });
    return isLong || scopes.size() > mostScopes ? all : QString();
}

QString registrationText(const std::optional<connections::RegistrationRecord> &registration)
{
    if (!registration) {
        return {};
    }
    using Source = oauth::ClientRegistration::Source;
    const QString id = shownText(registration->clientId, 80);
    const QString day = QLocale().toString(registration->registeredAt.toLocalTime().date(), u"d MMM yyyy"_s);
    switch (registration->source) {
    case Source::Manual:
        return Words::tr("%1 · typed in, %2").arg(id, day);
    case Source::MetadataDocument:
        return Words::tr("%1 · Mooring's own description").arg(id);
    case Source::Dynamic:
        break;
    }
    return Words::tr("%1 · Mooring registered by itself, %2").arg(id, day);
}

QString issuerText(const QString &issuer)
{
    const QUrl url(issuer);
    const QString path = url.path(QUrl::FullyEncoded);
    return base::displayAuthority(url) + (path == "/"_L1 ? QString() : shownText(path));
}

/// With its host in ASCII, so that a look-alike letter shows.
QString resourceText(const QString &resource)
{
    return shownText(http::shownUrl(resource));
}

/// Empty for a sign-in as it is usual today.
QString kindOfSignIn(const ConnectionRecord &record)
{
    using Described = oauth::AuthorizationServer::Described;
    switch (oauth::AuthorizationServer::describedIn(record.authorizationServer)) {
    case Described::AtServerOrigin:
        return Words::tr("legacy sign-in: the server is its own sign-in service, as in early 2025");
    case Described::ByFixedPaths:
        return Words::tr(
            "legacy sign-in: described nowhere; Mooring uses the addresses that were usual in early 2025");
    case Described::ByResource:
        return Words::tr("described by the server itself");
    case Described::ByMetadata:
        break;
    }
    return record.settings.way == oauth::SignInSettings::Way::ClientCredentials
               ? Words::tr("by itself, as an app; no browser")
               : QString();
}

void addScopes(QList<Fact> *facts, const ConnectionRecord &record)
{
    const QSet<QString> asked(record.scopesAsked.begin(), record.scopesAsked.end());
    const QSet<QString> granted(record.scopesGranted.begin(), record.scopesGranted.end());
    if (!asked.isEmpty() && asked != granted) {
        facts->append({Words::tr("Asked for"), scopesText(record.scopesAsked), Fact::Kind::Plain,
                       allScopes(record.scopesAsked)});
    }
    facts->append({Words::tr("Allowed"), scopesText(record.scopesGranted), Fact::Kind::Plain,
                   allScopes(record.scopesGranted)});
}

void addSignIn(QList<Fact> *facts, const ConnectionDetails &details, const QDateTime &now)
{
    const ConnectionRecord &record = details.view.record;
    if (!record.issuer.isEmpty()) {
        facts->append({Words::tr("Sign-in service"), issuerText(record.issuer)});
    }
    facts->append({Words::tr("Kind of sign-in"), kindOfSignIn(record)});
    if (!details.view.state.isSignedIn) {
        facts->append({Words::tr("Account"), shownText(record.accountLabel)});
        return;
    }
    facts->append({Words::tr("Account"),
                   record.accountLabel.isEmpty() ? Words::tr("the service did not say")
                                                 : shownText(record.accountLabel),
                   Fact::Kind::Account});
    addScopes(facts, record);
    facts->append({Words::tr("Access is good at"), resourceText(record.resource)});
    const std::optional<QDateTime> &expiresAt = details.view.state.expiresAt;
    facts->append({expiresAt && *expiresAt <= now ? Words::tr("Expired") : Words::tr("Expires"),
                   expiryText(details.view.state, now)});
    if (record.authorizedAt.isValid()) {
        facts->append({Words::tr("Signed in"), base::whenText(record.authorizedAt, now)});
    }
    facts->append({Words::tr("Registered as"), registrationText(details.view.registration)});
    if (record.isDpopBound) {
        facts->append(
            {Words::tr("Protection"), Words::tr("bound to a key that never leaves this computer (DPoP)")});
    }
    facts->append(
        {Words::tr("Tokens kept in"), details.view.state.isWindowOnly
                                          ? Words::tr("this window only; gone when Mooring is closed")
                                          : shownText(details.tokensKeptIn)});
}

void addServer(QList<Fact> *facts, const ConnectionDetails &details)
{
    facts->append({Words::tr("Address"), addressOf(details.view)});
    facts->append(
        {Words::tr("Speaks"), text::eraText(details.view.record.era,
                                            details.server ? details.server->protocolVersion : QString())});
    if (details.server) {
        const QString version = shownText(details.server->version, 40);
        const QString name = shownText(details.server->name, 80);
        facts->append({Words::tr("Calls itself"),
                       version.isEmpty() ? name : Words::tr("%1, version %2").arg(name, version)});
    }
}

} // namespace

QList<Fact> factsOf(const ConnectionDetails &details, const QDateTime &now)
{
    const ConnectionRecord &record = details.view.record;
    QList<Fact> facts;
    addSignIn(&facts, details, now);
    if (record.kind == AuthorizationKind::Header) {
        facts.append({Words::tr("Key header"), shownText(record.headerName)});
        facts.append({Words::tr("Key kept in"), shownText(details.tokensKeptIn)});
    }
    facts.append({Words::tr("Rules bent"), shownText(text::bentRules(record.settings).join(u"; "_s), 600)});
    addServer(&facts, details);
    if (record.addedAt.isValid()) {
        facts.append({Words::tr("Added"), base::whenText(record.addedAt, now)});
    }
    facts.removeIf([](const Fact &fact) { return fact.value.isEmpty(); });
    return facts;
}

FactsView::FactsView(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_recentTitle(singleLine(Words::tr("RECENT"), PlainLabel::Ink::Heading))
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
    const QList<Fact> facts = factsOf(details, now);
    // A button in there may have the focus.
    if (facts != m_facts) {
        m_facts = facts;
        showFacts();
    }
    m_recentTitle->setVisible(!details.activity.isEmpty());
    m_recent->setEntries(details.activity.first(qMin(details.activity.size(), recentEntries)), now);
}

void FactsView::showFacts()
{
    clearLayout(m_grid);
    int row = 0;
    for (const Fact &fact : std::as_const(m_facts)) {
        const bool isAccount = fact.kind == Fact::Kind::Account;
        m_grid->addWidget(singleLine(fact.name, PlainLabel::Ink::Muted), row, 0,
                          isAccount ? Qt::AlignVCenter : Qt::AlignTop);
        if (isAccount) {
            m_grid->addWidget(makeAccount(fact.value), row, 1);
        } else {
            auto *value = new ExcerptLabel(600);
            value->setText(fact.value, fact.whole);
            value->label()->setTextInteractionFlags(Qt::TextSelectableByMouse);
            m_grid->addWidget(value, row, 1);
        }
        ++row;
    }
}

QWidget *FactsView::makeAccount(const QString &account)
{
    auto *edit = new QToolButton;
    edit->setObjectName(u"editAccountButton"_s);
    edit->setText(Words::tr("Edit"));
    edit->setAccessibleName(Words::tr("Edit the account's name"));
    edit->setFocusPolicy(Qt::StrongFocus);
    connect(edit, &QToolButton::clicked, this, &FactsView::editAccountClicked);
    auto *both = new QWidget;
    auto *line = new QHBoxLayout(both);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(ems(this, 0.5));
    line->addWidget(singleLine(account));
    line->addWidget(edit);
    line->addStretch();
    return both;
}

} // namespace mooring::ui
