// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/activitylog.h"
#include "ui/widgets/actionbutton.h"

#include <QDateTime>
#include <QGridLayout>
#include <QWidget>

namespace mooring::ui {

class ActionButton;

/// One line per thing that happened, newest first, with a hairline below each. The first few are shown, and a
/// button brings more: each line is a row of widgets, and hundreds at once would hold the window up.
class ActivityRows final : public QWidget {
    Q_OBJECT
public:
    static constexpr qsizetype pageSize = 40;

    explicit ActivityRows(QWidget *parent = nullptr);
    void setEntries(const QList<connections::ActivityEntry> &entries, const QDateTime &now);
    /// Lines that are there now.
    qsizetype shown() const { return m_shown; }

private:
    /// Adds rows until `count` are there, or all.
    void showUpTo(qsizetype count);
    void onEarlierClicked();

    QList<connections::ActivityEntry> m_entries;
    QDateTime m_now;
    QGridLayout *m_grid;
    ActionButton *m_earlier;
    qsizetype m_shown = 0;
};

} // namespace mooring::ui
