// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/headerkey.h"

#include <QJsonObject>

namespace mooring::connections {

using namespace Qt::StringLiterals;

storage::SecretItem HeaderKey::toItem() const
{
    const QJsonObject content{{u"kind"_s, u"header"_s},
                              {u"headerName"_s, headerName},
                              {u"value"_s, QString::fromUtf8(value.reveal())},
                              {u"origin"_s, origin}};
    return {generation, content};
}

std::optional<HeaderKey> HeaderKey::fromItem(const storage::SecretItem &item)
{
    const QJsonObject &json = item.content;
    if (json["kind"_L1].toString() != "header"_L1) {
        return std::nullopt;
    }
    HeaderKey key;
    key.generation = item.generation;
    key.headerName = json["headerName"_L1].toString();
    key.value = base::Secret(json["value"_L1].toString().toUtf8());
    key.origin = json["origin"_L1].toString();
    return key;
}

} // namespace mooring::connections
