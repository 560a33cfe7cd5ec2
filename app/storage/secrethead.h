// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/secretitems.h"

namespace mooring::storage {

/// The value under an item's own key: the item itself, or what is needed to put its parts together.
struct SecretHead {
    /// Bytes around the content, at most.
    static constexpr qsizetype maximumOverhead = 200;

    qint64 generation = 0;
    /// 0: the content is in the head.
    qsizetype parts = 0;
    /// Of generation and content, in hexadecimal.
    QByteArray sha256;
    /// Compact JSON. Of a stored head with parts: empty.
    QByteArray content;

    /// The head with the whole content, cut into parts of that size if need be. TooLarge if nobody
    /// should keep so much; InvalidInput if the content would not survive being written and read.
    static base::Result<SecretHead> forItem(const SecretItem &item, qsizetype maximumValueSize);
    /// Damaged, or Failed if a newer Mooring wrote it.
    static base::Result<SecretHead> fromBytes(const QByteArray &bytes);
    QByteArray toBytes() const;
    /// The content as an object if the checksum is right, else Damaged.
    base::Result<QJsonObject> verified(const QByteArray &bytes) const;
};

} // namespace mooring::storage
