// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/requestsecrets.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
namespace {

QString text(const base::Secret &secret)
{
    return QString::fromUtf8(secret.reveal());
}

constexpr auto furtherKind = "further"_L1;

} // namespace

storage::SecretItem RequestSecrets::toItem() const
{
    QJsonObject values;
    for (auto header = headers.cbegin(); header != headers.cend(); ++header) {
        values.insert(header.key(), text(header.value()));
    }
    QJsonObject content{{u"kind"_s, furtherKind}, {u"origin"_s, origin}, {u"headers"_s, values}};
    if (!query.isEmpty()) {
        content.insert(u"query"_s, text(query));
    }
    return {generation, content};
}

std::optional<RequestSecrets> RequestSecrets::fromItem(const storage::SecretItem &item)
{
    const QJsonObject &json = item.content;
    if (json["kind"_L1].toString() != furtherKind) {
        return std::nullopt;
    }
    RequestSecrets secrets;
    secrets.generation = item.generation;
    secrets.origin = json["origin"_L1].toString();
    secrets.query = base::Secret(json["query"_L1].toString().toUtf8());
    const QJsonObject values = json["headers"_L1].toObject();
    for (auto header = values.begin(); header != values.end(); ++header) {
        secrets.headers.insert(header.key(), base::Secret(header.value().toString().toUtf8()));
    }
    return secrets;
}

} // namespace mooring::connections
