// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/moving.h"

#include "connections/connection.h"
#include "storage/keychainreport.h"

namespace mooring::connections {

QList<Keeping> keepingsOf(const QList<std::shared_ptr<Connection>> &connections)
{
    QList<Keeping> keepings;
    for (const std::shared_ptr<Connection> &connection : connections) {
        const ConnectionRecord &record = connection->record();
        if (record.hasKeychainItems()) {
            keepings.append({record.id, record.name, connection->keptIn()});
        }
    }
    return keepings;
}

QStringList straysOf(const QList<Keeping> &keepings, const QString &now)
{
    QStringList names;
    for (const Keeping &keeping : keepings) {
        const bool isKnown = !now.isEmpty() && !keeping.place.isEmpty();
        if (isKnown && !storage::isSamePlace(keeping.place, now)) {
            names.append(keeping.name);
        }
    }
    return names;
}

} // namespace mooring::connections
