// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/activityrows.h"
#include "ui/page/connectiondetails.h"
#include "ui/widgets/plainlabel.h"

#include <QGridLayout>

namespace mooring::ui {

struct Fact {
    enum class Kind {
        Plain,
        Account, ///< can be edited
    };

    QString name;
    QString value;
    Kind kind = Kind::Plain;
    /// All of it, where the value is only the beginning.
    QString whole = {};
    friend bool operator==(const Fact &, const Fact &) = default;
};

/// What is known about the sign-in, and the last few things that happened.
class FactsView final : public QWidget {
    Q_OBJECT
public:
    static constexpr qsizetype recentEntries = 4;

    explicit FactsView(QWidget *parent = nullptr);
    void setDetails(const ConnectionDetails &details, const QDateTime &now);

Q_SIGNALS:
    void editAccountClicked();

private:
    void showFacts();
    QWidget *makeAccount(const QString &account);

    QList<Fact> m_facts;
    QGridLayout *m_grid;
    PlainLabel *m_recentTitle;
    ActivityRows *m_recent;
};

/// The facts of a connection, in the order in which they are shown; empty ones are left out.
QList<Fact> factsOf(const ConnectionDetails &details, const QDateTime &now);

} // namespace mooring::ui
