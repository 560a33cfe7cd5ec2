// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "text/connectionview.h"
#include "ui/list/countdown.h"

#include <QAbstractListModel>

#include <functional>

namespace mooring::ui {

/// The connections as rows of plain values. It asks nobody by itself: ConnectionModelSync, or a test, puts
/// views in. Texts that depend on the time are worked out when they are asked for.
class ConnectionModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        SubtitleRole,
        PillRole,
        ToneRole, ///< int of text::Tone
        AsksRole, ///< bool: the server asks for more rights
        SearchRole, ///< everything the search field looks at
    };

    explicit ConnectionModel(base::Clock clock, QObject *parent = nullptr);

    /// Asked for the view of a connection again at each tick; without it a view stays as it was put.
    void setReader(std::function<text::ConnectionView(const QString &id)> reader);

    void reset(const QList<text::ConnectionView> &views);
    /// Replaces the row with that id, or adds one.
    void put(const text::ConnectionView &view);
    void take(const QString &id);

    int rowOf(const QString &id) const;
    const QList<text::ConnectionView> &views() const { return m_views; }
    Countdown &countdown() { return m_countdown; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    /// The texts of all rows were worked out again because time has passed.
    void ticked();

private:
    void onTicked();
    QString searchText(const text::ConnectionView &view) const;
    QString subtitle(const text::ConnectionView &view) const;

    base::Clock m_clock;
    QList<text::ConnectionView> m_views;
    std::function<text::ConnectionView(const QString &id)> m_reader;
    Countdown m_countdown;
};

} // namespace mooring::ui
