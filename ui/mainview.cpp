// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainview.h"

#include "base/words.h"
#include "ui/list/connectiondelegate.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuscolors.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QShortcut>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

MainView::MainView(ConnectionModel &model, base::Clock clock, bool isDemo, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_clock(std::move(clock))
    , m_isDemo(isDemo)
    , m_bar(new QWidget)
    , m_add(new ActionButton(Words::tr("Add server")))
    , m_search(new QLineEdit)
    , m_menuButton(new QToolButton)
    , m_messages(new MessageBar)
    , m_body(new QStackedWidget)
    , m_splitter(new QSplitter)
    , m_side(new QWidget)
    , m_list(new QListView)
    , m_noMatch(wrapped(Words::tr("No server matches."), PlainLabel::Ink::Muted))
    , m_right(new QWidget)
    , m_nothingChosen(wrapped(Words::tr("Choose a server in the list."), PlainLabel::Ink::Muted))
{
    setUpBar();
    setUpList();
    setUpBody();
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_bar);
    all->addWidget(new HairLine);
    all->addWidget(m_messages);
    all->addWidget(m_body, 1);
    applyPalette();
    // An empty model may be one that is going to be filled: its reset() tells.
    if (m_model.rowCount() > 0) {
        onRowsChanged();
    }
    setMinimumSize(letters(this, 52), ems(this, 18));
}

void MainView::setUpBar()
{
    m_bar->setAutoFillBackground(true);
    m_bar->setBackgroundRole(QPalette::Base);
    m_add->setObjectName(u"addButton"_s);
    m_add->setSymbol(Symbol::Add);
    m_add->setPrimary(true);
    m_add->setAccessibleName(m_add->text());
    m_search->setObjectName(u"searchField"_s);
    m_search->setPlaceholderText(Words::tr("Search servers"));
    m_search->setAccessibleName(Words::tr("Search servers"));
    // Its icon makes Qt read the icon themes, which nobody should wait for.
    connect(m_search, &QLineEdit::textChanged, m_search,
            [search = m_search] { search->setClearButtonEnabled(true); });
    m_search->setTextMargins(ems(this, 0.3), 0, 0, 0);
    m_search->setMaximumWidth(letters(this, 48));
    m_search->setMinimumWidth(letters(this, 14));
    m_search->setMinimumHeight(m_add->sizeHint().height());
    m_menuButton->setObjectName(u"menuButton"_s);
    m_menuButton->setIcon(icon(Symbol::Menu));
    m_menuButton->setFocusPolicy(Qt::StrongFocus);
    m_menuButton->setAccessibleName(Words::tr("Menu"));
    m_menuButton->setShortcut(QKeySequence(Qt::Key_F10));
    m_menuButton->setFixedSize(ems(this, 2.4), m_add->sizeHint().height());

    auto *row = new QHBoxLayout(m_bar);
    const int gap = ems(this, 0.6);
    row->setContentsMargins(ems(this, 0.75), gap, ems(this, 0.75), gap);
    row->setSpacing(gap);
    row->addWidget(m_add);
    row->addWidget(m_search, 4);
    row->addStretch(1);
    row->addWidget(m_menuButton);
    connect(m_add, &QPushButton::clicked, this, [this] { Q_EMIT addRequested({}); });
    connectSearch();
}

void MainView::connectSearch()
{
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setFilterFixedString(text.trimmed());
        onRowsChanged();
    });
    // What is searched has to be seen.
    connect(m_search, &QLineEdit::textEdited, this, &MainView::bringListToFront);
    connect(m_search, &QLineEdit::returnPressed, this, &MainView::onSearchEntered);
    auto *clear = new QShortcut(Qt::Key_Escape, m_search);
    clear->setContext(Qt::WidgetShortcut);
    connect(clear, &QShortcut::activated, m_search, &QLineEdit::clear);
}

void MainView::setUpList()
{
    m_filter.setSourceModel(&m_model);
    m_filter.setFilterRole(ConnectionModel::SearchRole);
    m_filter.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_list->setObjectName(u"connectionListView"_s);
    m_list->setAccessibleName(Words::tr("Servers"));
    m_list->setModel(&m_filter);
    m_list->setItemDelegate(new ConnectionDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->setMinimumWidth(letters(this, 30));
    m_side->setAutoFillBackground(true);
    m_side->setBackgroundRole(QPalette::Base);
    m_noMatch->setAlignment(Qt::AlignCenter);
    auto *column = new QVBoxLayout(m_side);
    column->setContentsMargins(0, ems(this, 0.3), 0, 0);
    column->addWidget(m_list, 1);
    column->addWidget(m_noMatch, 1);
    if (m_isDemo) {
        m_demoHint = new DemoHint(DemoHint::Closing::ByButton);
        auto *frame = new QVBoxLayout;
        const int gap = ems(this, 0.5);
        frame->setContentsMargins(gap, gap, gap, gap);
        frame->addWidget(m_demoHint);
        column->addLayout(frame);
        connect(m_demoHint, &DemoHint::addRequested, this, &MainView::addRequested);
    }
    connectList();
}

void MainView::connectList()
{
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this] { Q_EMIT currentChanged(currentId()); });
    connect(m_list, &QListView::activated, this, &MainView::showPage);
    connect(m_list, &QListView::clicked, this, &MainView::showPage);
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, &MainView::onRowsChanged);
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, this, &MainView::onRowsChanged);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, &MainView::onRowsChanged);
    // The filter drops its rows before the model does, so at its signal the model is not empty yet.
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &MainView::onRowsChanged);
}

void MainView::setUpBody()
{
    m_nothingChosen->setAlignment(Qt::AlignCenter);
    auto *column = new QVBoxLayout(m_right);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_nothingChosen);
    m_splitter->addWidget(m_side);
    m_splitter->addWidget(m_right);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setHandleWidth(1);
    m_splitter->setSizes({letters(this, 52), letters(this, 110)});
    m_body->addWidget(m_splitter);
}

void MainView::setMenu(QMenu *menu)
{
    // Not setMenu(): that would draw an arrow into the button.
    connect(m_menuButton, &QToolButton::clicked, menu, [this, menu] {
        const QPoint corner =
            m_menuButton->mapToGlobal(QPoint(m_menuButton->width(), m_menuButton->height()));
        menu->popup(QPoint(corner.x() - menu->sizeHint().width(), corner.y()));
    });
}

ConnectionPage *MainView::page()
{
    if (!m_page) {
        m_page = new ConnectionPage(m_clock);
        m_page->hide();
        m_right->layout()->addWidget(m_page);
        connect(m_page, &ConnectionPage::backClicked, this, &MainView::showList);
        m_page->setBackVisible(m_narrow);
        Q_EMIT pageMade(m_page);
    }
    return m_page;
}

void MainView::setDetails(const std::optional<ConnectionDetails> &details)
{
    if (details) {
        page()->setDetails(*details);
        m_page->show();
    } else if (m_page) {
        m_page->hide();
    }
    m_nothingChosen->setVisible(!details);
}

QString MainView::currentId() const
{
    return m_list->currentIndex().data(ConnectionModel::IdRole).toString();
}

void MainView::select(const QString &id)
{
    QModelIndex index = m_filter.mapFromSource(m_model.index(m_model.rowOf(id)));
    if (!index.isValid() && m_model.rowOf(id) >= 0) {
        m_search->clear();
        index = m_filter.mapFromSource(m_model.index(m_model.rowOf(id)));
    }
    m_list->setCurrentIndex(index);
}

void MainView::showPage()
{
    if (!currentId().isEmpty()) {
        m_pageInFront = true;
        applyWidth();
    }
}

void MainView::showList()
{
    bringListToFront();
    focusList();
}

void MainView::focusList()
{
    QWidget *target = m_body->currentWidget() == m_splitter ? static_cast<QWidget *>(m_list) : m_empty;
    target->setFocus(Qt::OtherFocusReason);
}

void MainView::onSearchEntered()
{
    if (currentId().isEmpty() && m_filter.rowCount() > 0) {
        m_list->setCurrentIndex(m_filter.index(0, 0));
    }
    focusList();
}

void MainView::bringListToFront()
{
    m_pageInFront = false;
    applyWidth();
}

void MainView::focusSearch()
{
    bringListToFront();
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

QByteArray MainView::splitterState() const
{
    return m_narrow ? QByteArray() : m_splitter->saveState();
}

void MainView::restoreSplitter(const QByteArray &state)
{
    if (!state.isEmpty()) {
        m_splitter->restoreState(state);
        m_splitter->setHandleWidth(1);
    }
}

void MainView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < letters(this, 112);
    if (narrow != m_narrow) {
        m_narrow = narrow;
        applyWidth();
    }
}

void MainView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        applyPalette();
    }
}

void MainView::applyPalette()
{
    QPalette line = m_splitter->palette();
    line.setColor(QPalette::Mid, hairline(palette()));
    m_splitter->setPalette(line);
}

void MainView::applyWidth()
{
    m_side->setVisible(!m_narrow || !m_pageInFront);
    m_right->setVisible(!m_narrow || m_pageInFront);
    if (m_page) {
        m_page->setBackVisible(m_narrow);
    }
}

void MainView::onRowsChanged()
{
    const bool isEmpty = m_model.rowCount() == 0;
    if (isEmpty && !m_empty) {
        m_empty = new EmptyState(m_isDemo);
        connect(m_empty, &EmptyState::addRequested, this, &MainView::addRequested);
        m_body->addWidget(m_empty);
    }
    m_body->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_empty) : m_splitter);
    m_search->setEnabled(!isEmpty);
    if (m_demoHint) {
        QList<QUrl> known;
        for (const text::ConnectionView &view : m_model.views()) {
            known.append(view.record.url);
        }
        m_demoHint->setKnown(known);
    }
    m_list->setVisible(m_filter.rowCount() > 0);
    m_noMatch->setVisible(m_filter.rowCount() == 0);
    if (currentId().isEmpty()) {
        setDetails(std::nullopt);
        m_pageInFront = false;
        applyWidth();
    }
}

} // namespace mooring::ui
