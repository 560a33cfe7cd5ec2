// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "ui/connectionmodel.h"

#include <QHash>

namespace mooring::ui {

/// Keeps a ConnectionModel in step with a ConnectionList.
class ListFollower final : public QObject {
    Q_OBJECT
public:
    /// Both outlive it.
    ListFollower(connections::ConnectionList &list, ConnectionModel &model, QObject *parent = nullptr);

Q_SIGNALS:
    /// A connection of the list has changed; its row has been put already.
    void changed(const QString &id);

private:
    void follow(const std::shared_ptr<connections::Connection> &connection);

    connections::ConnectionList &m_list;
    ConnectionModel &m_model;
    /// Of the list's own: it looks through all of them, which is slow when thousands are asked for.
    QHash<QString, const connections::Connection *> m_byId;
};

} // namespace mooring::ui
