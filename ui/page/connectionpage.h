// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "ui/page/clientguide.h"
#include "ui/page/connectiondetails.h"
#include "ui/page/factsview.h"
#include "ui/page/reportview.h"
#include "ui/page/statecard.h"
#include "ui/page/toolsview.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/tabstrip.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>

#include <array>

class QMenu;

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
    void setView(const text::ConnectionView &view);

    void openTab(Tab tab);
    void setToolsLoading();
    void setToolsError(const base::Error &error);
    void showPasteProblem(const QString &sentence);
    /// In a narrow window the page covers the list.
    void setBackVisible(bool visible);
    /// What can be done with this connection; the menu outlives the page's life in the window.
    void setMenu(QMenu *menu);

Q_SIGNALS:
    void backClicked();
    void actionClicked(mooring::text::Action action);
    void openAgainClicked();
    void cancelClicked();
    void addressPasted(const QString &address);
    void clientEntered(const mooring::connections::ClientCredentials &client);
    void changeClientClicked();
    void siteRequested(const QUrl &url);
    void offerAccepted(const mooring::text::RemedyOffer &offer);
    void offerDismissed();
    void editAccountClicked();
    /// The tools tab was opened without tools to show, or somebody wants them anew.
    void toolsWanted();
    void checkAgainClicked();
    void authorizeClicked();

private:
    void setUpHeader();
    void setUpTabs();
    void connectCard();
    void showGuide();
    void onTab(int index);
    /// Brings the open tab up to date; the others follow when they are opened.
    void fillTab();
    void fillTools();
    QWidget *makeTab(Tab tab);

    base::Clock m_clock;
    ConnectionDetails m_details;
    std::optional<base::Error> m_toolsError;
    bool m_toolsLoading = false;

    QToolButton *m_back;
    QToolButton *m_more;
    Avatar *m_avatar;
    PlainLabel *m_name;
    PlainLabel *m_address;
    StateCard *m_card;
    QWidget *m_lower;
    TabStrip *m_tabs;
    QStackedWidget *m_stack;
    std::array<QWidget *, 4> m_pages = {};
    FactsView *m_facts = nullptr;
    ToolsView *m_tools = nullptr;
    ActivityRows *m_activity = nullptr;
    ReportView *m_report = nullptr;
    ClientGuide *m_guide = nullptr;
    QScrollArea *m_guideArea = nullptr;
};

} // namespace mooring::ui
