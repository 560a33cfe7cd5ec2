// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "storage/secretitems.h"

#include <QString>

#include <optional>

namespace mooring::connections {

/// A header key, with the origin of the only server that may see it.
struct HeaderKey {
    qint64 generation = 0;
    QString headerName;
    base::Secret value;
    QString origin;

    storage::SecretItem toItem() const;
    /// Nothing for an item of another kind.
    static std::optional<HeaderKey> fromItem(const storage::SecretItem &item);
};

} // namespace mooring::connections
