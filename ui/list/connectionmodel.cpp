// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/connectionmodel.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "text/wording.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/excerpt.h"

#include <algorithm>

namespace mooring::ui {

using base::Words;

ConnectionModel::ConnectionModel(base::Clock clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_clock(std::move(clock))
    , m_countdown(m_clock, [this]() -> const QList<text::ConnectionView> & { return m_views; })
{
    connect(&m_countdown, &Countdown::ticked, this, &ConnectionModel::onTicked);
}

void ConnectionModel::setReader(std::function<text::ConnectionView(const QString &)> reader)
{
    m_reader = std::move(reader);
}

void ConnectionModel::reset(const QList<text::ConnectionView> &views)
{
    beginResetModel();
    m_views = views;
    endResetModel();
    m_countdown.plan();
}

void ConnectionModel::put(const text::ConnectionView &view)
{
    const int row = rowOf(view.record.id);
    if (row < 0) {
        const int end = static_cast<int>(m_views.size());
        beginInsertRows({}, end, end);
        m_views.append(view);
        endInsertRows();
    } else {
        m_views[row] = view;
        Q_EMIT dataChanged(index(row), index(row));
    }
    m_countdown.plan();
}

void ConnectionModel::take(const QString &id)
{
    const int row = rowOf(id);
    if (row >= 0) {
        beginRemoveRows({}, row, row);
        m_views.removeAt(row);
        endRemoveRows();
        m_countdown.plan();
    }
}

int ConnectionModel::rowOf(const QString &id) const
{
    for (int row = 0; row < static_cast<int>(m_views.size()); ++row) {
        if (m_views.at(row).record.id == id) {
            return row;
        }
    }
    return -1;
}

int ConnectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_views.size());
}

QVariant ConnectionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const text::ConnectionView &view = m_views.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return nameOf(view);
    case Qt::AccessibleTextRole:
        return spokenOf(view, m_clock());
    case IdRole:
        return view.record.id;
    case SubtitleRole:
        return subtitle(view);
    case AsksRole:
        return !view.wantedScopes.isEmpty();
    case PillRole:
        return text::wordingOf(view.state, view.record, m_clock()).pill;
    case ToneRole:
        return static_cast<int>(text::wordingOf(view.state, view.record, m_clock()).tone);
    case SearchRole:
        return searchText(view);
    default:
        return {};
    }
}

/// How it is doing is found by the words that are shown for it.
QString ConnectionModel::searchText(const text::ConnectionView &view) const
{
    const text::Wording wording = text::wordingOf(view.state, view.record, m_clock());
    return QStringList{nameOf(view), subtitleOf(view), addressOf(view), wording.pill, wording.headline}.join(
        u'\n');
}

QString ConnectionModel::subtitle(const text::ConnectionView &view) const
{
    // With two accounts at one server, the account is what tells them apart: it must not be cut off.
    const bool isShared =
        std::any_of(m_views.begin(), m_views.end(), [&view](const text::ConnectionView &other) {
            return other.record.id != view.record.id && other.record.url == view.record.url;
        });
    const QString account = shownText(view.record.accountLabel, 60);
    return isShared && !account.isEmpty()
               ? Words::tr("%1 · %2").arg(account, base::displayAuthority(view.record.url))
               : subtitleOf(view);
}

void ConnectionModel::onTicked()
{
    if (m_views.isEmpty()) {
        return;
    }
    if (m_reader) {
        for (text::ConnectionView &view : m_views) {
            view = m_reader(view.record.id);
        }
    }
    Q_EMIT dataChanged(index(0), index(static_cast<int>(m_views.size()) - 1),
                       {PillRole, ToneRole, SearchRole, Qt::AccessibleTextRole});
    Q_EMIT ticked();
}

} // namespace mooring::ui
