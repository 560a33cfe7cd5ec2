// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listfollower.h"

namespace mooring::ui {

using connections::Connection;
using connections::ConnectionList;

ListFollower::ListFollower(ConnectionList &list, ConnectionModel &model, QObject *parent)
    : QObject(parent)
    , m_list(list)
    , m_model(model)
{
    QList<ConnectionView> views;
    views.reserve(list.connections().size());
    for (const auto &connection : list.connections()) {
        views.append(viewOf(*connection));
        follow(connection);
    }
    model.reset(views);
    model.setReader([this](const QString &id) {
        const Connection *connection = m_byId.value(id);
        return connection ? viewOf(*connection) : ConnectionView{};
    });
    connect(&list, &ConnectionList::added, this, [this](const std::shared_ptr<Connection> &connection) {
        follow(connection);
        m_model.put(viewOf(*connection));
    });
    connect(&list, &ConnectionList::removed, this, [this](const std::shared_ptr<Connection> &connection) {
        connection->disconnect(this);
        m_byId.remove(connection->id());
        m_model.take(connection->id());
    });
}

void ListFollower::follow(const std::shared_ptr<Connection> &connection)
{
    m_byId.insert(connection->id(), connection.get());
    connect(connection.get(), &Connection::changed, this, [this, plain = connection.get()] {
        m_model.put(viewOf(*plain));
        Q_EMIT changed(plain->id());
    });
}

} // namespace mooring::ui
