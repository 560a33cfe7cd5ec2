// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/headerrows.h"

#include "base/words.h"
#include "ui/widgets/layouthelpers.h"

#include <QVBoxLayout>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::TypedHeader;

HeaderRows::HeaderRows(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout)
    , m_more(new ActionButton(Words::tr("Add another &header")))
{
    m_more->setObjectName(u"addHeaderButton"_s);
    connect(m_more, &QPushButton::clicked, this, [this] {
        addRow()->focusValue();
        onRowsChanged();
    });
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(ems(this, 0.4));
    all->addLayout(m_column);
    all->addWidget(m_more, 0, Qt::AlignLeading);
    setHeaders({});
}

void HeaderRows::setHeaders(const QList<TypedHeader> &headers)
{
    const qsizetype wanted = std::clamp<qsizetype>(headers.size(), 1, maximumRows);
    while (m_rows.size() > wanted) {
        removeRow(m_rows.last());
    }
    while (m_rows.size() < wanted) {
        addRow();
    }
    for (qsizetype i = 0; i < wanted; ++i) {
        m_rows.at(i)->setHeader(headers.value(i, {u"Authorization"_s, base::Secret("Bearer "), true}));
    }
    onRowsChanged();
}

void HeaderRows::setStoredHeaders(const QList<TypedHeader> &headers)
{
    setHeaders(headers);
    for (qsizetype i = 0; i < std::min(headers.size(), m_rows.size()); ++i) {
        if (headers.at(i).isSecret && headers.at(i).value.isEmpty()) {
            m_rows.at(i)->setStored(headers.at(i).name);
        }
    }
    onRowsChanged();
}

HeaderRow *HeaderRows::addRow()
{
    auto *row = new HeaderRow;
    m_rows.append(row);
    m_column->addWidget(row);
    connect(row, &HeaderRow::edited, this, &HeaderRows::onRowsChanged);
    connect(row, &HeaderRow::submitted, this, &HeaderRows::submitted);
    connect(row, &HeaderRow::removeClicked, this, [this, row] { removeRow(row); });
    return row;
}

void HeaderRows::removeRow(HeaderRow *row)
{
    if (m_rows.size() == 1) {
        setHeaders({});
        return;
    }
    m_rows.removeOne(row);
    m_column->removeWidget(row);
    row->hide();
    row->deleteLater();
    onRowsChanged();
}

void HeaderRows::onRowsChanged()
{
    for (HeaderRow *row : std::as_const(m_rows)) {
        row->setRemovable(m_rows.size() > 1 || !row->isEmpty());
    }
    m_more->setVisible(m_rows.size() < maximumRows);
    Q_EMIT edited();
}

QList<TypedHeader> HeaderRows::headers() const
{
    QList<TypedHeader> headers;
    for (const HeaderRow *row : m_rows) {
        if (!row->isEmpty()) {
            headers.append(row->header());
        }
    }
    return headers;
}

bool HeaderRows::isEmpty() const
{
    return std::ranges::all_of(m_rows, [](const HeaderRow *row) { return row->isEmpty(); });
}

bool HeaderRows::isComplete() const
{
    return !isEmpty() && std::ranges::all_of(m_rows, [](const HeaderRow *row) {
        return row->isEmpty() || row->isComplete();
    });
}

bool HeaderRows::hasAuthorization() const
{
    return std::ranges::any_of(
        m_rows, [](const HeaderRow *row) { return !row->isEmpty() && row->isAuthorization(); });
}

HeaderRow *HeaderRows::rowWithAlternative() const
{
    const auto found =
        std::ranges::find_if(m_rows, [](const HeaderRow *row) { return !row->alternativeText().isEmpty(); });
    return found == m_rows.end() ? nullptr : *found;
}

QString HeaderRows::alternativeText() const
{
    const HeaderRow *row = rowWithAlternative();
    return row ? row->alternativeText() : QString();
}

void HeaderRows::takeAlternative()
{
    if (HeaderRow *row = rowWithAlternative()) {
        row->takeAlternative();
    }
}

void HeaderRows::focusFirst()
{
    m_rows.first()->focusValue();
}

} // namespace mooring::ui
