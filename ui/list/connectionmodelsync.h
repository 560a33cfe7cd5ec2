// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "ui/list/connectionmodel.h"

namespace mooring::ui {

/// Keeps a ConnectionModel in step with a ConnectionList.
class ConnectionModelSync final : public QObject {
    Q_OBJECT
public:
    /// Both outlive it.
    ConnectionModelSync(connections::ConnectionList &list, ConnectionModel &model, QObject *parent = nullptr);

    /// Puts in all that the list holds, and follows it from then on.
    void start();

Q_SIGNALS:
    /// A connection of the list has changed; its row has been put already.
    void changed(const QString &id);

private:
    void follow(const std::shared_ptr<connections::Connection> &connection);

    connections::ConnectionList &m_list;
    ConnectionModel &m_model;
};

} // namespace mooring::ui
