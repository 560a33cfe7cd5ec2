// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace mooring::ui {

/// A row of the list: avatar, name over host and account, pill.
class ConnectionDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit ConnectionDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    /// The same for all rows, so the view may ask for one only.
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace mooring::ui
