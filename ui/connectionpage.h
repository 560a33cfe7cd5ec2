// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "ui/connectionview.h"
#include "ui/factsview.h"
#include "ui/statecard.h"
#include "ui/stepsview.h"
#include "ui/toolsview.h"

#include <QStackedWidget>
#include <QToolButton>

#include <array>

namespace mooring::ui {

/// The chosen connection. It shows plain values and says what was clicked; it reaches for nothing
/// itself. The contents of a tab are made when it is first opened.
class ConnectionPage final : public QWidget {
    Q_OBJECT
public:
    enum Tab { SignInTab, ToolsTab, ActivityTab, ReportTab };

    explicit ConnectionPage(base::Clock clock, QWidget *parent = nullptr);

    void setDetails(const ConnectionDetails &details);
    const ConnectionDetails &details() const { return m_details; }
    QString connectionId() const { return m_details.view.record.id; }
    /// Time has passed.
    void setView(const ConnectionView &view);

    void openTab(Tab tab);
    void setToolsLoading();
    void setToolsError(const base::Error &error);
    void showPasteProblem(const QString &sentence);
    /// In a narrow window the page covers the list.
    void setBackVisible(bool visible);

Q_SIGNALS:
    void backClicked();
    void actionClicked(mooring::connections::Action action);
    void openAgainClicked();
    void cancelClicked();
    void addressPasted(const QString &address);
    void clientEntered(const QString &clientId, const QString &clientSecret);
    /// The tools tab was opened without tools to show, or somebody wants them anew.
    void toolsWanted();
    void checkAgainClicked();
    void authorizeClicked();

private:
    void setUpHeader();
    void setUpTabs();
    void onTab(int index);
    /// Brings the open tab up to date; the others follow when they are opened.
    void fillTab();
    void fillTools();
    void fillReport();
    QWidget *makeTab(Tab tab);
    QWidget *makeReportTab();

    base::Clock m_clock;
    ConnectionDetails m_details;
    std::optional<base::Error> m_toolsError;
    bool m_toolsLoading = false;

    QToolButton *m_back;
    Avatar *m_avatar;
    PlainLabel *m_name;
    PlainLabel *m_address;
    StateCard *m_card;
    TabStrip *m_tabs;
    QStackedWidget *m_stack;
    std::array<QWidget *, 4> m_pages = {};
    FactsView *m_facts = nullptr;
    ToolsView *m_tools = nullptr;
    ActivityRows *m_activity = nullptr;
    StepsView *m_steps = nullptr;
    PlainLabel *m_reportTitle = nullptr;
    ActionButton *m_checkAgain = nullptr;
    ActionButton *m_authorize = nullptr;
};

} // namespace mooring::ui
