// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/pendingwrite.h"

#include <QJsonArray>

namespace mooring::connections {

using namespace Qt::StringLiterals;

QJsonObject PendingWrite::toJson() const
{
    QJsonObject json{{u"generation"_s, generation}};
    if (!authorizationServer.isEmpty()) {
        json["authorizationServer"_L1] = authorizationServer;
        json["registration"_L1] = registrationId;
        json["scopesAsked"_L1] = QJsonArray::fromStringList(scopesAsked);
        json["accountTold"_L1] = accountTold;
    }
    return json;
}

std::optional<PendingWrite> PendingWrite::fromJson(const QJsonValue &value)
{
    if (!value.isObject()) {
        return std::nullopt;
    }
    PendingWrite pending;
    pending.generation = value["generation"_L1].toInteger();
    pending.authorizationServer = value["authorizationServer"_L1].toObject();
    pending.registrationId = value["registration"_L1].toString();
    const QJsonArray scopes = value["scopesAsked"_L1].toArray();
    for (const QJsonValue scope : scopes) {
        pending.scopesAsked.append(scope.toString());
    }
    pending.accountTold = value["accountTold"_L1].toString();
    return pending;
}

} // namespace mooring::connections
