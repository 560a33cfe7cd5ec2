// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/secretstore.h"

#include <QJsonObject>

namespace mooring::storage {

/// What is kept under one key: a JSON object, and how often it has been replaced.
struct SecretItem {
    qint64 generation = 0;
    QJsonObject content;

    friend bool operator==(const SecretItem &, const SecretItem &) = default;
};

/// Whole items in a SecretStore, which may hold only small values (Windows).
///
/// An item that fits is one value, the head: {"v":1,"generation":3,"sha256":"…","content":{…}}.
/// A larger one is cut into parts under `key/3.0`, `key/3.1`, … which are written first; then the
/// head with their number instead of the content; then the parts of the generation before are
/// removed. So a crash at any moment leaves the old or the new item, and at worst parts that the
/// next write or removal sweeps away.
///
/// Whoever writes holds the item's lock. Reading needs none.
class SecretItems final {
public:
    /// Of the content as compact JSON, in bytes; more is nothing that a service would send.
    static constexpr qsizetype maximumContentSize = 64 * 1024;

    /// The store outlives all tasks.
    explicit SecretItems(SecretStore &store);

    /// The item; nullopt only if there is none for certain. Case Damaged if a part is missing or the
    /// checksum is wrong; otherwise the store's errors.
    base::Task<base::Result<std::optional<SecretItem>>> read(QString key, std::stop_token stop) const;
    /// The generation has to be another one than that of a stored item with other content. Success
    /// means that the item has been read back; leftovers that could not be removed are no failure.
    base::Task<base::Result<void>> write(QString key, SecretItem item, std::stop_token stop) const;
    /// The same for somebody who holds the lock and has read `old`, which is not looked at again: it takes
    /// half the time, in which what the service has just issued is nowhere else.
    base::Task<base::Result<void>> replace(QString key, SecretItem old, SecretItem item,
                                           std::stop_token stop) const;
    base::Task<base::Result<void>> remove(QString key, std::stop_token stop) const;

private:
    SecretStore &m_store;
};

} // namespace mooring::storage
