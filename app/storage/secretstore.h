// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <stop_token>

namespace mooring::storage {

/// A place that keeps secrets under keys: the operating system's keychain, or memory. The one seam
/// of the project with virtual functions. Every failure is a Keychain error with its case, or
/// Cancelled. A store outlives all of its tasks.
class SecretStore {
public:
    SecretStore() = default;
    virtual ~SecretStore() = default;
    Q_DISABLE_COPY_MOVE(SecretStore)

    /// The value; nullopt only when it is certain that there is none. A locked keychain is an error.
    virtual base::Task<base::Result<std::optional<QByteArray>>> read(QString key, std::stop_token stop) = 0;
    /// Success only after the identical bytes have been read back.
    virtual base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) = 0;
    /// Success only when it is confirmed that nothing is there (any more).
    virtual base::Task<base::Result<void>> remove(QString key, std::stop_token stop) = 0;

    /// Before a refresh or a sign-in: could a value be written now? Quick, and never shows a prompt.
    virtual base::Task<base::Result<void>> checkUsable(std::stop_token stop) = 0;
    /// Makes the store usable; the keychain may ask the person, and that wait has no deadline.
    virtual base::Task<base::Result<void>> unlock(std::stop_token stop) = 0;

    /// A wait that ended by its deadline or its stop token leaves the work running. This ends when
    /// nothing runs any more for `key` or for a key below it (`key/…`): hold a lock until then.
    virtual base::Task<void> settled(QString key) = 0;

    /// Of one value, in bytes.
    virtual qsizetype maximumValueSize() const = 0;
    /// Which of the person's keychains it is, to be compared and shown ("login", "kdewallet"). Empty where
    /// there is only one, and before the first access.
    virtual QString identity() const = 0;
    /// Its name for a person, such as "GNOME Keyring".
    virtual QString description() const = 0;
};

} // namespace mooring::storage
