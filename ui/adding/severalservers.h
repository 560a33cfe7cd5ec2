// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/pastedserver.h"
#include "ui/adding/pastedlist.h"
#include "ui/adding/placeholderfields.h"
#include "ui/adding/severaladder.h"

namespace mooring::ui {

/// The part of the add dialog for a paste that holds more than one server: they can be chosen from, their
/// blanks are filled in once for all of them, and those that are chosen are added one after the other.
class SeveralServers final : public QObject {
    Q_OBJECT
public:
    /// The widgets outlive it.
    SeveralServers(AddServices services, PastedList &list, PlaceholderFields &blanks,
                   QObject *parent = nullptr);

    void setServers(const QList<interop::PastedServer> &servers);
    void clear();
    bool isEmpty() const { return m_servers.isEmpty(); }
    qsizetype chosenCount() const { return m_list.chosen().size(); }

    /// Adds those that are chosen. From then on nothing can be chosen any more.
    void add();
    bool hasBegun() const { return m_hasBegun; }
    bool isAdding() const { return m_isAdding; }
    /// The id of the first that could be added; empty if there is none.
    QString firstAdded() const { return m_firstAdded; }

Q_SIGNALS:
    /// Adding has gone on, or has ended.
    void changed();

private:
    SeveralAdder::Job jobFor(qsizetype row) const;
    void onEnded(qsizetype row, const QString &id, const QString &sentence, text::Tone tone);

    AddServices m_services;
    PastedList &m_list;
    PlaceholderFields &m_blanks;
    SeveralAdder m_adder;
    QList<interop::PastedServer> m_servers;
    QString m_firstAdded;
    bool m_hasBegun = false;
    bool m_isAdding = false;
};

} // namespace mooring::ui
