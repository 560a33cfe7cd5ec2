// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "storage/secretitems.h"

#include <QHash>
#include <QString>

#include <optional>

namespace mooring::connections {

/// What the keychain holds for a connection beside its grant or its first key: the values of further headers,
/// and the part of the server's address that is a key. It has an item of its own, which versions of Mooring
/// that know only the other item neither read nor overwrite.
struct RequestSecrets {
    qint64 generation = 0;
    /// Of the only server that may see them.
    QString origin;
    /// By the name of the header in lower case.
    QHash<QString, base::Secret> headers;
    /// http::SplitAddress::secretQuery.
    base::Secret query;

    bool isEmpty() const { return headers.isEmpty() && query.isEmpty(); }
    storage::SecretItem toItem() const;
    /// Nothing for an item of another kind.
    static std::optional<RequestSecrets> fromItem(const storage::SecretItem &item);
};

} // namespace mooring::connections
