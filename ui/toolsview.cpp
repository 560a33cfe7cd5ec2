// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/toolsview.h"

#include "base/displaytext.h"
#include "ui/tones.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QJsonArray>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int descriptionRole = Qt::UserRole + 1;
constexpr qsizetype maximumSchemaLines = 80;
/// A server may have ten thousand; nobody reads more than these.
constexpr qsizetype maximumTools = 500;

/// Name in bold over the description, which is cut at the width of the view.
class ToolDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QString description = index.data(descriptionRole).toString();
        if (description.isEmpty()) {
            return;
        }
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const int line = option.fontMetrics.height();
        const QRect text = option.rect.adjusted(line / 4, qRound(line * 1.3), -line / 4, 0);
        painter->save();
        painter->setFont(option.font);
        painter->setPen(selected ? option.palette.color(QPalette::HighlightedText)
                                 : mutedText(option.palette));
        painter->drawText(
            text, static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignTop)),
            option.fontMetrics.elidedText(description, Qt::ElideRight, text.width()));
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

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.parent().isValid()) {
            option->font.setBold(true);
            option->displayAlignment = Qt::AlignLeading | Qt::AlignTop;
            option->rect.adjust(0, option->fontMetrics.height() / 4, 0, 0);
        }
    }
};

QString scalarText(const QJsonValue &value)
{
    if (value.isString()) {
        return u'"' + base::displayText(value.toString(), 160) + u'"';
    }
    return value.isNull() ? u"null"_s : value.toVariant().toString();
}

/// Not more than is shown: a schema may have any size.
void appendJson(QStringList *lines, qsizetype depth, const QString &name, const QJsonValue &value)
{
    if (lines->size() > maximumSchemaLines) {
        return;
    }
    const QString indent(std::min<qsizetype>(depth * 4, 40), u' ');
    if (value.isArray()) {
        lines->append(indent + name + u'[');
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < std::min<qsizetype>(array.size(), maximumSchemaLines); ++i) {
            appendJson(lines, depth + 1, {}, array.at(i));
        }
        lines->append(indent + u']');
    } else if (value.isObject()) {
        lines->append(indent + name + u'{');
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end() && lines->size() <= maximumSchemaLines; ++it) {
            appendJson(lines, depth + 1, u'"' + base::displayText(it.key(), 80) + u"\": "_s, it.value());
        }
        lines->append(indent + u'}');
    } else {
        lines->append(indent + name + scalarText(value));
    }
}

QString schemaText(const QJsonObject &schema)
{
    QStringList lines;
    appendJson(&lines, 0, {}, schema);
    if (lines.size() > maximumSchemaLines) {
        lines.resize(maximumSchemaLines);
        lines.append(u"…"_s);
    }
    return lines.join(u'\n');
}

QTreeWidgetItem *makeItem(const mcp::Tool &tool)
{
    const QString title = base::displayText(tool.title, 80);
    const QString name = base::displayText(tool.name, 80);
    const QString description = base::displayText(tool.description, 400);
    auto *item = new QTreeWidgetItem;
    item->setText(0, title.isEmpty() || title == name ? name : ToolsView::tr("%1 (%2)").arg(title, name));
    item->setData(0, descriptionRole, description);
    item->setData(0, Qt::AccessibleTextRole, QString(item->text(0) + u", "_s + description));
    auto *takes = new QTreeWidgetItem(item);
    takes->setText(0, tool.inputSchema.isEmpty() ? ToolsView::tr("Takes no arguments.")
                                                 : schemaText(tool.inputSchema));
    takes->setFont(0, QFontDatabase::systemFont(QFontDatabase::FixedFont));
    return item;
}

} // namespace

ToolsView::ToolsView(QWidget *parent)
    : QWidget(parent)
    , m_tree(new QTreeWidget)
    , m_notice(new QWidget)
    , m_text(wrapped({}, PlainLabel::Ink::Muted))
    , m_again(new ActionButton({}))
{
    m_tree->setObjectName(u"toolsTree"_s);
    m_tree->setAccessibleName(tr("Tools of this server"));
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
    setIdle();
}

void ToolsView::setTools(const QList<mcp::Tool> &tools)
{
    if (tools.isEmpty()) {
        tell(tr("This server offers no tools."), tr("Ask again"));
        return;
    }
    m_notice->hide();
    m_tree->show();
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
        items.append(new QTreeWidgetItem({tr("and %1 more").arg(tools.size() - maximumTools)}));
    }
    m_tree->addTopLevelItems(items);
}

void ToolsView::setLoading()
{
    tell(tr("Asking the server for its tools…"), {});
}

void ToolsView::setError(const base::Error &error)
{
    tell(error.sentence, tr("Try again"));
}

void ToolsView::setIdle()
{
    tell(tr("The tools have not been asked for yet."), tr("Ask now"));
}

void ToolsView::tell(const QString &text, const QString &buttonText)
{
    m_tree->hide();
    m_notice->show();
    m_text->setText(base::displayText(text, 600));
    m_again->setText(buttonText);
    m_again->setVisible(!buttonText.isEmpty());
}

} // namespace mooring::ui
