// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/connectionmodelsync.h"

namespace mooring::ui {

using connections::Connection;
using connections::ConnectionList;

ConnectionModelSync::ConnectionModelSync(ConnectionList &list, ConnectionModel &model, QObject *parent)
    : QObject(parent)
    , m_list(list)
    , m_model(model)
{
    model.setReader([this](const QString &id) {
        const std::shared_ptr<Connection> connection = m_list.byId(id);
        return connection ? text::viewOf(*connection) : text::ConnectionView{};
    });
}

void ConnectionModelSync::start()
{
    QList<text::ConnectionView> views;
    views.reserve(m_list.connections().size());
    for (const auto &connection : m_list.connections()) {
        views.append(text::viewOf(*connection));
        follow(connection);
    }
    m_model.reset(views);
    connect(&m_list, &ConnectionList::added, this, [this](const std::shared_ptr<Connection> &connection) {
        follow(connection);
        m_model.put(text::viewOf(*connection));
    });
    connect(&m_list, &ConnectionList::removed, this, [this](const std::shared_ptr<Connection> &connection) {
        connection->disconnect(this);
        m_model.take(connection->id());
    });
}

void ConnectionModelSync::follow(const std::shared_ptr<Connection> &connection)
{
    connect(connection.get(), &Connection::changed, this, [this, plain = connection.get()] {
        m_model.put(text::viewOf(*plain));
        Q_EMIT changed(plain->id());
    });
}

} // namespace mooring::ui
