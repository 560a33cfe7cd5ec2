// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/buscall.h"
#include "storage/keychainreport.h"

#include <QVariantList>

#include <expected>

namespace mooring::storage {

/// What KWallet has answered, or how it is instead: Missing also if it has ended before it answered.
template <typename T>
using KWalletAnswer = std::expected<T, KeychainReport>;

/// Where one generation of KWallet is found on the session bus, and how it is called.
///
/// Calls go to the running program's own name on the bus. To "org.kde.kwalletd5" the bus would start another
/// one for a call that belongs to a program that has ended, and that one answers as if all were well.
class KWalletBus final {
public:
    /// 5 or 6.
    explicit KWalletBus(int generation);

    /// The running program's own name; it is started if need be. Missing if there is none, SwitchedOff if it
    /// doesn't stay.
    base::Task<KWalletAnswer<QString>> owner(const base::Deadline *deadline) const;

    QDBusMessage message(const QString &owner, const QString &method, const QVariantList &arguments) const;

    const QString &service() const { return m_service; }

private:
    QString m_service;
    QString m_path;
};

/// How KWallet is, after this answer that can't be used.
KeychainReport kwalletReport(KeychainState state, const QString &detail = {});
KeychainReport kwalletTrouble(const QDBusMessage &answer);

/// The answer to a question that was made by KWalletBus::message().
template <typename T>
base::Task<KWalletAnswer<T>> askKWallet(QDBusMessage question, const base::Deadline *deadline)
{
    QDBusMessage answer = co_await busCall(question, deadline);
    const std::optional<T> value = onlyValueOf<T>(answer);
    if (!value) {
        co_return std::unexpected(kwalletTrouble(answer));
    }
    co_return KWalletAnswer<T>(*value);
}

} // namespace mooring::storage
