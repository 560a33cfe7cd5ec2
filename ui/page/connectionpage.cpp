// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/connectionpage.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/tabstrip.h"

#include <QMenu>
#include <QShortcut>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::Phase;

namespace {

/// A scroll area that looks like the page itself.
QScrollArea *scrolled(QWidget *content, const QString &accessibleName)
{
    auto *area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    area->setAccessibleName(accessibleName);
    return area;
}

/// What was in the way before is in the way no more.
bool hasRecovered(const ConnectionDetails &before, const ConnectionDetails &now)
{
    if (now.view.state.error) {
        return false;
    }
    const bool isLookedAtAnew =
        now.report && !now.report->error && (!before.report || before.report->at != now.report->at);
    return before.view.state.error.has_value() || isLookedAtAnew;
}

} // namespace

ConnectionPage::ConnectionPage(base::Clock clock, QWidget *parent)
    : QWidget(parent)
    , m_clock(std::move(clock))
    , m_back(new QToolButton)
    , m_more(new QToolButton)
    , m_avatar(new Avatar)
    , m_name(singleLine({}, PlainLabel::Ink::Title))
    , m_address(singleLine({}, PlainLabel::Ink::Muted))
    , m_card(new StateCard)
    , m_lower(new QWidget)
    , m_tabs(new TabStrip)
    , m_stack(new QStackedWidget)
{
    setObjectName(u"connectionPage"_s);
    auto *all = new QVBoxLayout(this);
    const int side = ems(this, 1.5);
    all->setContentsMargins(side, ems(this, 1.3), side, 0);
    all->setSpacing(ems(this, 1.1));
    setUpHeader();
    all->addWidget(m_card);
    setUpTabs();
    connectCard();
}

void ConnectionPage::connectCard()
{
    connect(m_card, &StateCard::actionClicked, this, &ConnectionPage::actionClicked);
    connect(m_card, &StateCard::openAgainClicked, this, &ConnectionPage::openAgainClicked);
    connect(m_card, &StateCard::cancelClicked, this, &ConnectionPage::cancelClicked);
    connect(m_card, &StateCard::addressPasted, this, &ConnectionPage::addressPasted);
    connect(m_card, &StateCard::changeClientClicked, this, &ConnectionPage::changeClientClicked);
    connect(m_card, &StateCard::offerAccepted, this, &ConnectionPage::offerAccepted);
    connect(m_card, &StateCard::offerDismissed, this, &ConnectionPage::offerDismissed);
}

void ConnectionPage::setUpHeader()
{
    m_back->setObjectName(u"backButton"_s);
    m_back->setIcon(icon(Symbol::Back, QPalette::WindowText));
    m_back->setAutoRaise(true);
    m_back->setAccessibleName(Words::tr("Back to the list"));
    m_back->setShortcut(QKeySequence(QKeySequence::Back));
    m_back->hide();
    connect(m_back, &QToolButton::clicked, this, &ConnectionPage::backClicked);
    m_more->setObjectName(u"pageMenuButton"_s);
    m_more->setIcon(icon(Symbol::More, QPalette::WindowText));
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_more->setAccessibleName(Words::tr("More for this server"));
    m_more->setToolTip(Words::tr("More for this server"));
    m_more->hide();
    m_name->setObjectName(u"pageNameLabel"_s);
    m_address->setObjectName(u"pageAddressLabel"_s);
    auto *words = new QVBoxLayout;
    words->setSpacing(ems(this, 0.1));
    words->addStretch();
    words->addWidget(m_name);
    words->addWidget(m_address);
    words->addStretch();
    auto *row = new QHBoxLayout;
    row->setSpacing(ems(this, 0.85));
    row->addWidget(m_back);
    row->addWidget(m_avatar);
    row->addLayout(words, 1);
    row->addWidget(m_more, 0, Qt::AlignVCenter);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void ConnectionPage::setUpTabs()
{
    m_tabs->setObjectName(u"pageTabBar"_s);
    m_tabs->setAccessibleName(Words::tr("Parts of this page"));
    for (const QString &title :
         {Words::tr("Sign-in"), Words::tr("Tools"), Words::tr("Activity"), Words::tr("Probe report")}) {
        m_tabs->addTab(title);
        m_stack->addWidget(new QWidget);
    }
    auto *all = static_cast<QVBoxLayout *>(layout());
    auto *lower = new QVBoxLayout(m_lower);
    lower->setContentsMargins(0, 0, 0, 0);
    lower->setSpacing(0);
    lower->addWidget(m_tabs);
    lower->addWidget(m_stack, 1);
    all->addWidget(m_lower, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &ConnectionPage::onTab);
    for (int index = 0; index < m_tabs->count(); ++index) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + index)), this);
        connect(shortcut, &QShortcut::activated, this, [this, index] { m_tabs->setCurrentIndex(index); });
    }
}

void ConnectionPage::setDetails(const ConnectionDetails &details)
{
    const bool isAnother = details.view.record.id != connectionId();
    if (isAnother) {
        m_toolsError.reset();
        m_toolsLoading = false;
    } else if (details.tools || hasRecovered(m_details, details)) {
        m_toolsError.reset();
    }
    m_details = details;
    m_avatar->setName(nameOf(details.view));
    m_name->setText(nameOf(details.view));
    m_address->setText(addressOf(details.view));
    m_card->setDetails(details, m_clock());
    const QString tools =
        details.tools ? Words::tr("Tools (%1)").arg(details.tools->size()) : Words::tr("Tools");
    if (m_tabs->tabText(ToolsTab) != tools) {
        m_tabs->setTabText(ToolsTab, tools);
    }
    // Arrowing through the list must not ask one server after another for its tools.
    if (isAnother && m_tabs->currentIndex() == ToolsTab && !details.tools) {
        m_tabs->setCurrentIndex(SignInTab);
    }
    showGuide();
    fillTab();
}

void ConnectionPage::showGuide()
{
    const bool asks = m_details.clientNeeded.has_value();
    if (asks && !m_guide) {
        m_guide = new ClientGuide;
        m_guideArea = scrolled(m_guide, Words::tr("How to register an app at this service"));
        static_cast<QVBoxLayout *>(layout())->addWidget(m_guideArea, 1);
        connect(m_guide, &ClientGuide::entered, this, &ConnectionPage::clientEntered);
        connect(m_guide, &ClientGuide::siteRequested, this, &ConnectionPage::siteRequested);
        connect(m_guide, &ClientGuide::cancelClicked, this, &ConnectionPage::cancelClicked);
    }
    if (asks) {
        m_guide->ask(*m_details.clientNeeded, m_details.clientProblem);
    }
    if (m_guideArea) {
        m_guideArea->setVisible(asks);
    }
    m_lower->setVisible(!asks);
}

void ConnectionPage::setView(const text::ConnectionView &view)
{
    const bool samePhase = view.state.phase == m_details.view.state.phase
                           && view.state.error.has_value() == m_details.view.state.error.has_value();
    if (samePhase && view.state.phase != Phase::WaitingForBrowser) {
        m_details.view = view;
        m_card->setDetails(m_details, m_clock());
    } else {
        ConnectionDetails details = m_details;
        details.view = view;
        setDetails(details);
    }
}

void ConnectionPage::openTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

void ConnectionPage::setToolsLoading()
{
    m_toolsLoading = true;
    m_toolsError.reset();
    fillTab();
}

void ConnectionPage::setToolsError(const base::Error &error)
{
    m_toolsLoading = false;
    m_toolsError = error;
    fillTab();
}

void ConnectionPage::showPasteProblem(const QString &sentence)
{
    m_card->waitingPanel()->showPasteProblem(sentence);
}

void ConnectionPage::setBackVisible(bool visible)
{
    m_back->setVisible(visible);
}

void ConnectionPage::setMenu(QMenu *menu)
{
    m_more->show();
    connect(m_more, &QToolButton::clicked, menu, [this, menu] {
        const QPoint corner = m_more->mapToGlobal(QPoint(m_more->width(), m_more->height()));
        menu->popup(QPoint(corner.x() - menu->sizeHint().width(), corner.y()));
    });
}

void ConnectionPage::onTab(int index)
{
    fillTab();
    if (index == ToolsTab && !m_details.tools && !m_toolsLoading && !m_toolsError) {
        Q_EMIT toolsWanted();
    }
}

void ConnectionPage::fillTab()
{
    const auto tab = static_cast<Tab>(m_tabs->currentIndex());
    QWidget *&page = m_pages.at(static_cast<size_t>(tab));
    if (!page) {
        page = makeTab(tab);
        QWidget *placeholder = m_stack->widget(tab);
        m_stack->removeWidget(placeholder);
        delete placeholder;
        m_stack->insertWidget(tab, page);
    }
    m_stack->setCurrentIndex(tab);
    switch (tab) {
    case SignInTab:
        m_facts->setDetails(m_details, m_clock());
        break;
    case ToolsTab:
        fillTools();
        break;
    case ActivityTab:
        m_activity->setEntries(m_details.activity, m_clock());
        break;
    case ReportTab:
        m_report->setDetails(m_details, m_clock());
        break;
    }
}

void ConnectionPage::fillTools()
{
    if (m_toolsError) {
        m_tools->setError(*m_toolsError);
    } else if (m_details.tools) {
        m_toolsLoading = false;
        m_tools->setTools(*m_details.tools);
    } else if (m_toolsLoading) {
        m_tools->setLoading();
    } else {
        m_tools->setIdle();
    }
}

QWidget *ConnectionPage::makeTab(Tab tab)
{
    switch (tab) {
    case SignInTab:
        m_facts = new FactsView;
        connect(m_facts, &FactsView::editAccountClicked, this, &ConnectionPage::editAccountClicked);
        return scrolled(m_facts, Words::tr("Facts of the sign-in"));
    case ToolsTab:
        m_tools = new ToolsView;
        connect(m_tools, &ToolsView::reloadClicked, this, &ConnectionPage::toolsWanted);
        return m_tools;
    case ActivityTab: {
        m_activity = new ActivityRows;
        auto *content = new QWidget;
        auto *column = new QVBoxLayout(content);
        column->setContentsMargins(0, ems(this, 0.9), 0, ems(this, 0.9));
        column->addWidget(m_activity);
        column->addStretch();
        return scrolled(content, Words::tr("What happened"));
    }
    case ReportTab:
        m_report = new ReportView;
        connect(m_report, &ReportView::checkAgainClicked, this, &ConnectionPage::checkAgainClicked);
        connect(m_report, &ReportView::authorizeClicked, this, &ConnectionPage::authorizeClicked);
        return scrolled(m_report, Words::tr("Probe report"));
    }
    return new QWidget;
}

} // namespace mooring::ui
