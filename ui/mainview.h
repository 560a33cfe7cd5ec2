// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/list/connectionmodel.h"
#include "ui/list/demohint.h"
#include "ui/list/emptystate.h"
#include "ui/page/connectionpage.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/plainlabel.h"

#include <QLineEdit>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>

class QMenu;

namespace mooring::ui {

/// Everything inside the window: bar, messages, list, page. It shows a model and says what was
/// clicked. In a narrow window list and page take turns.
class MainView final : public QWidget {
    Q_OBJECT
public:
    /// `model` outlives it. If it is empty, reset() of it brings the words for an empty list.
    MainView(ConnectionModel &model, base::Clock clock, bool isDemo, QWidget *parent = nullptr);

    void setMenu(QMenu *menu);
    MessageBar *messages() const { return m_messages; }
    QListView *list() const { return m_list; }
    /// Made when it is first asked for: not needed for the first paint.
    ConnectionPage *page();
    bool hasPage() const { return m_page != nullptr; }
    /// Shows these on the page, or nothing at all.
    void setDetails(const std::optional<ConnectionDetails> &details);

    /// Empty if nothing is chosen.
    QString currentId() const;
    void select(const QString &id);
    /// In a narrow window: the page instead of the list.
    void showPage();
    void showList();
    bool isNarrow() const { return m_narrow; }
    void focusList();
    void focusSearch();

    QByteArray splitterState() const;
    void restoreSplitter(const QByteArray &state);

Q_SIGNALS:
    void pageMade(mooring::ui::ConnectionPage *page);
    /// Empty when nothing is chosen any more.
    void currentChanged(const QString &id);
    void addRequested(const QString &address);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void setUpBar();
    void connectSearch();
    void setUpList();
    void connectList();
    void setUpBody();
    void applyPalette();
    void applyWidth();
    void onRowsChanged();
    void onSearchEntered();
    void bringListToFront();

    ConnectionModel &m_model;
    base::Clock m_clock;
    bool m_isDemo;
    bool m_narrow = false;
    bool m_pageInFront = false;
    QSortFilterProxyModel m_filter;
    QWidget *m_bar;
    ActionButton *m_add;
    QLineEdit *m_search;
    QToolButton *m_menuButton;
    MessageBar *m_messages;
    QStackedWidget *m_body;
    QSplitter *m_splitter;
    QWidget *m_side;
    QListView *m_list;
    PlainLabel *m_noMatch;
    /// Of the demo only.
    DemoHint *m_demoHint = nullptr;
    QWidget *m_right;
    PlainLabel *m_nothingChosen;
    EmptyState *m_empty = nullptr;
    ConnectionPage *m_page = nullptr;
};

} // namespace mooring::ui
