// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/toolsview.h"

#include "base/words.h"
#include "ui/page/schematext.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/fulltextdialog.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuscolors.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

constexpr int descriptionRole = Qt::UserRole + 1;
constexpr qsizetype shownSchemaLines = 80;
/// For those who want to see all of it.
constexpr qsizetype maximumSchemaLines = 20'000;
/// A server may have ten thousand; nobody reads more than these.
constexpr qsizetype maximumTools = 500;

/// Name in bold over the description, which is cut at the width of the view.
class ToolDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (index.parent().isValid()) {
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        paintGround(painter, option, index);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const int line = option.fontMetrics.height();
        const QRect room = option.rect.adjusted(line / 4, line / 4, -line / 4, 0);
        QFont bold = option.font;
        bold.setBold(true);
        painter->save();
        drawLine(painter, option, room, bold, index.data().toString(),
                 option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
        drawLine(painter, option, room.adjusted(0, qRound(line * 1.05), 0, 0), option.font,
                 index.data(descriptionRole).toString(),
                 selected ? option.palette.color(QPalette::HighlightedText) : mutedText(option.palette));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const int line = option.fontMetrics.height();
        if (index.parent().isValid()) {
            return QStyledItemDelegate::sizeHint(option, index) + QSize(0, line / 2);
        }
        const bool described = !index.data(descriptionRole).toString().isEmpty();
        return {line * 8, qRound(line * (described ? 2.6 : 1.6))};
    }

private:
    /// The row as the style has it, as high as its branch, without a word in it.
    void paintGround(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        QStyleOptionViewItem ground = option;
        initStyleOption(&ground, index);
        ground.text.clear();
        const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
        style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
    }

    static void drawLine(QPainter *painter, const QStyleOptionViewItem &option, const QRect &room,
                         const QFont &font, const QString &text, const QColor &ink)
    {
        painter->setFont(font);
        painter->setPen(ink);
        painter->drawText(
            room, static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignTop)),
            QFontMetrics(font).elidedText(text, Qt::ElideRight, room.width()));
    }
};

QTreeWidgetItem *makeItem(const mcp::Tool &tool)
{
    const QString title = shownText(tool.title, 80);
    const QString name = shownText(tool.name, 80);
    const QString description = shownText(tool.description, 240);
    auto *item = new QTreeWidgetItem;
    item->setText(0, title.isEmpty() || title == name ? name : Words::tr("%1 (%2)").arg(title, name));
    item->setData(0, descriptionRole, description);
    item->setData(0, Qt::AccessibleTextRole, QString(item->text(0) + u", "_s + description));
    auto *takes = new QTreeWidgetItem(item);
    takes->setText(0, tool.inputSchema.isEmpty() ? Words::tr("Takes no arguments.")
                                                 : SchemaText(tool.inputSchema, shownSchemaLines).text());
    takes->setFont(0, QFontDatabase::systemFont(QFontDatabase::FixedFont));
    return item;
}

} // namespace

ToolsView::ToolsView(QWidget *parent)
    : QWidget(parent)
    , m_tree(new QTreeWidget)
    , m_notice(new QWidget)
    , m_text(new ExcerptLabel(600, PlainLabel::Ink::Muted))
    , m_again(new ActionButton({}))
    , m_buttons(new QWidget)
    , m_copy(new ActionButton(Words::tr("Cop&y")))
    , m_all(new ActionButton(Words::tr("S&how all")))
{
    m_tree->setObjectName(u"toolsTree"_s);
    m_tree->setAccessibleName(Words::tr("Tools of this server"));
    m_tree->setHeaderHidden(true);
    m_tree->setColumnCount(1);
    m_tree->setItemDelegate(new ToolDelegate(m_tree));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    QPalette flat = m_tree->palette();
    flat.setBrush(QPalette::Base, Qt::transparent);
    m_tree->setPalette(flat);
    m_again->setObjectName(u"toolsReloadButton"_s);
    connect(m_again, &QPushButton::clicked, this, &ToolsView::reloadClicked);

    auto *notice = new QVBoxLayout(m_notice);
    notice->setContentsMargins(0, 0, 0, 0);
    notice->addWidget(m_text);
    notice->addWidget(m_again, 0, Qt::AlignLeading);
    notice->addStretch();
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, ems(this, 0.9), 0, 0);
    all->addWidget(m_notice);
    all->addWidget(m_tree, 1);
    all->addWidget(m_buttons);
    setUpButtons();
    setIdle();
}

void ToolsView::setUpButtons()
{
    m_copy->setObjectName(u"copyToolButton"_s);
    m_copy->setToolTip(Words::tr("Copies what is chosen"));
    m_all->setObjectName(u"showAllOfToolButton"_s);
    m_all->setToolTip(Words::tr("Shows what is chosen in full"));
    auto *line = new QHBoxLayout(m_buttons);
    line->setContentsMargins(0, 0, 0, ems(this, 0.5));
    line->addWidget(m_copy);
    line->addWidget(m_all);
    line->addStretch();
    connect(m_copy, &QPushButton::clicked, this, &ToolsView::copyChosen);
    connect(m_all, &QPushButton::clicked, this, [this] {
        (new FullTextDialog(Words::tr("All about this tool"), wholeOfChosen(), window()))->open();
    });
    auto *copy = new QShortcut(QKeySequence(QKeySequence::Copy), m_tree);
    copy->setContext(Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &ToolsView::copyChosen);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ToolsView::onChosen);
    onChosen();
}

void ToolsView::onChosen()
{
    const bool isTool = chosen() != nullptr;
    m_copy->setEnabled(isTool);
    m_all->setEnabled(isTool);
}

const mcp::Tool *ToolsView::chosen() const
{
    QTreeWidgetItem *item = m_tree->currentItem();
    if (item && item->parent()) {
        item = item->parent();
    }
    const int row = item ? m_tree->indexOfTopLevelItem(item) : -1;
    return row >= 0 && row < std::min(m_tools.size(), maximumTools) ? &m_tools.at(row) : nullptr;
}

/// The arguments where they are chosen, else the tool with all of its words.
QString ToolsView::wholeOfChosen() const
{
    const mcp::Tool *tool = chosen();
    if (!tool) {
        return {};
    }
    const QString schema = tool->inputSchema.isEmpty()
                               ? Words::tr("Takes no arguments.")
                               : SchemaText(tool->inputSchema, maximumSchemaLines).text();
    if (m_tree->currentItem()->parent()) {
        return schema;
    }
    QStringList parts{tool->title, tool->name, tool->description, schema};
    parts.removeAll(QString());
    return parts.join(u"\n\n"_s);
}

void ToolsView::copyChosen()
{
    QGuiApplication::clipboard()->setText(shownLines(wholeOfChosen(), FullTextDialog::longest));
}

void ToolsView::setTools(const QList<mcp::Tool> &tools)
{
    if (tools.isEmpty()) {
        tell(Words::tr("This server offers no tools."), Words::tr("Ask again"));
        return;
    }
    m_notice->hide();
    m_tree->show();
    m_buttons->show();
    // The page is told again at each change of anything; what has been unfolded stays so.
    if (m_tools.constData() == tools.constData()) {
        return;
    }
    m_tools = tools;
    m_tree->clear();
    QList<QTreeWidgetItem *> items;
    for (const mcp::Tool &tool : tools.first(std::min(tools.size(), maximumTools))) {
        items.append(makeItem(tool));
    }
    if (tools.size() > maximumTools) {
        items.append(new QTreeWidgetItem({Words::tr("and %1 more").arg(tools.size() - maximumTools)}));
    }
    m_tree->addTopLevelItems(items);
}

void ToolsView::setLoading()
{
    tell(Words::tr("Asking the server for its tools…"), {});
}

void ToolsView::setError(const base::Error &error)
{
    tell(error.sentence, Words::tr("Try again"));
}

void ToolsView::setIdle()
{
    tell(Words::tr("The tools have not been asked for yet."), Words::tr("Ask now"));
}

void ToolsView::tell(const QString &text, const QString &buttonText)
{
    m_tree->hide();
    m_notice->show();
    m_buttons->hide();
    m_text->setText(text);
    m_again->setText(buttonText);
    m_again->setVisible(!buttonText.isEmpty());
}

} // namespace mooring::ui
