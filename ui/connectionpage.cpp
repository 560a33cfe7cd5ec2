// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connectionpage.h"

#include "base/displaytext.h"

#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
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

} // namespace

ConnectionPage::ConnectionPage(base::Clock clock, QWidget *parent)
    : QWidget(parent)
    , m_clock(std::move(clock))
    , m_back(new QToolButton)
    , m_avatar(new Avatar)
    , m_name(singleLine({}, PlainLabel::Ink::Title))
    , m_address(singleLine({}, PlainLabel::Ink::Muted))
    , m_card(new StateCard)
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
    connect(m_card, &StateCard::actionClicked, this, &ConnectionPage::actionClicked);
    connect(m_card, &StateCard::openAgainClicked, this, &ConnectionPage::openAgainClicked);
    connect(m_card, &StateCard::cancelClicked, this, &ConnectionPage::cancelClicked);
    connect(m_card, &StateCard::addressPasted, this, &ConnectionPage::addressPasted);
    connect(m_card, &StateCard::clientEntered, this, &ConnectionPage::clientEntered);
}

void ConnectionPage::setUpHeader()
{
    m_back->setObjectName(u"backButton"_s);
    m_back->setIcon(icon(Symbol::Back, QPalette::WindowText));
    m_back->setAutoRaise(true);
    m_back->setAccessibleName(tr("Back to the list"));
    m_back->setShortcut(QKeySequence(QKeySequence::Back));
    m_back->hide();
    connect(m_back, &QToolButton::clicked, this, &ConnectionPage::backClicked);
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
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void ConnectionPage::setUpTabs()
{
    m_tabs->setObjectName(u"pageTabBar"_s);
    m_tabs->setAccessibleName(tr("Parts of this page"));
    for (const QString &title : {tr("Sign-in"), tr("Tools"), tr("Activity"), tr("Probe report")}) {
        m_tabs->addTab(title);
        m_stack->addWidget(new QWidget);
    }
    auto *all = static_cast<QVBoxLayout *>(layout());
    auto *lower = new QVBoxLayout;
    lower->setSpacing(0);
    lower->addWidget(m_tabs);
    lower->addWidget(m_stack, 1);
    all->addLayout(lower, 1);
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
    } else if (details.tools) {
        m_toolsError.reset();
    }
    m_details = details;
    m_avatar->setName(nameOf(details.view));
    m_name->setText(nameOf(details.view));
    m_address->setText(addressOf(details.view));
    m_card->setDetails(details, m_clock());
    const QString tools = details.tools ? tr("Tools (%1)").arg(details.tools->size()) : tr("Tools");
    if (m_tabs->tabText(ToolsTab) != tools) {
        m_tabs->setTabText(ToolsTab, tools);
    }
    // Arrowing through the list must not ask one server after another for its tools.
    if (isAnother && m_tabs->currentIndex() == ToolsTab && !details.tools) {
        m_tabs->setCurrentIndex(SignInTab);
    }
    fillTab();
}

void ConnectionPage::setView(const ConnectionView &view)
{
    const bool samePhase = view.state.phase == m_details.view.state.phase;
    m_details.view = view;
    if (samePhase && view.state.phase != Phase::WaitingForBrowser) {
        m_card->setWording(connections::wordingOf(view.state, view.record, m_clock()));
    } else {
        setDetails(ConnectionDetails(m_details));
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
        fillReport();
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

void ConnectionPage::fillReport()
{
    const bool looking = m_details.view.state.phase == Phase::Checking;
    m_checkAgain->setEnabled(!looking);
    // Some servers let everybody in and want a sign-in for a few of their tools only.
    m_authorize->setVisible(m_details.view.state.phase == Phase::Open);
    if (!m_details.report) {
        m_reportTitle->setText(tr("Nobody has looked at this server yet."));
        m_steps->clear();
        return;
    }
    m_reportTitle->setText(
        m_details.report->at.isValid()
            ? tr("What Mooring found out, %1").arg(whenText(m_details.report->at, m_clock()))
            : tr("What Mooring found out"));
    m_steps->setSteps(m_details.report->steps);
    if (m_details.report->error) {
        m_steps->addLine(m_details.report->error->sentence, connections::Tone::Attention);
    }
}

QWidget *ConnectionPage::makeTab(Tab tab)
{
    switch (tab) {
    case SignInTab:
        m_facts = new FactsView;
        return scrolled(m_facts, tr("Facts of the sign-in"));
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
        return scrolled(content, tr("What happened"));
    }
    case ReportTab:
        return makeReportTab();
    }
    return new QWidget;
}

QWidget *ConnectionPage::makeReportTab()
{
    m_reportTitle = wrapped({}, PlainLabel::Ink::Muted);
    m_steps = new StepsView(StepsView::Form::Technical);
    m_checkAgain = new ActionButton(tr("Chec&k again"));
    m_checkAgain->setObjectName(u"checkAgainButton"_s);
    m_authorize = new ActionButton(tr("Authorize"));
    m_authorize->setObjectName(u"authorizeOpenServerButton"_s);
    connect(m_checkAgain, &QPushButton::clicked, this, &ConnectionPage::checkAgainClicked);
    connect(m_authorize, &QPushButton::clicked, this, &ConnectionPage::authorizeClicked);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, ems(this, 0.9), 0, ems(this, 0.9));
    column->setSpacing(ems(this, 0.7));
    auto *top = new QHBoxLayout;
    top->addWidget(m_reportTitle, 1);
    top->addWidget(m_authorize);
    top->addWidget(m_checkAgain);
    column->addLayout(top);
    column->addWidget(m_steps);
    column->addStretch();
    return scrolled(content, tr("Probe report"));
}

} // namespace mooring::ui
