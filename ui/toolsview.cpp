// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/toolsview.h"

#include "base/displaytext.h"
#include "ui/tones.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QJsonDocument>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int descriptionRole = Qt::UserRole + 1;
constexpr int maximumSchemaLines = 80;

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

QString schemaText(const QJsonObject &schema)
{
    const QString json = QString::fromUtf8(QJsonDocument(schema).toJson(QJsonDocument::Indented).left(16000));
    QStringList lines;
    for (const QStringView line : QStringView(json).split(u'\n')) {
        const QStringView body = line.trimmed();
        const QString indent(line.size() - line.trimmed().size(), u' ');
        if (!body.isEmpty()) {
            lines.append(indent.left(40) + base::displayText(body, 160));
        }
        if (lines.size() == maximumSchemaLines) {
            lines.append(u"…"_s);
            break;
        }
    }
    return lines.join(u'\n');
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
    m_tree->clear();
    QList<QTreeWidgetItem *> items;
    for (const mcp::Tool &tool : tools) {
        const QString title = base::displayText(tool.title, 80);
        const QString name = base::displayText(tool.name, 80);
        const QString description = base::displayText(tool.description, 400);
        auto *item = new QTreeWidgetItem;
        item->setText(0, title.isEmpty() || title == name ? name : tr("%1 (%2)").arg(title, name));
        item->setData(0, descriptionRole, description);
        item->setData(0, Qt::AccessibleTextRole, QString(item->text(0) + u", "_s + description));
        auto *takes = new QTreeWidgetItem(item);
        takes->setText(0,
                       tool.inputSchema.isEmpty() ? tr("Takes no arguments.") : schemaText(tool.inputSchema));
        takes->setFont(0, QFontDatabase::systemFont(QFontDatabase::FixedFont));
        items.append(item);
    }
    m_tree->addTopLevelItems(items);
    m_tree->show();
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
