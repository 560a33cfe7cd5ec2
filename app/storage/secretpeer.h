// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainreport.h"
#include "storage/sessionbus.h"

#include <QMap>
#include <QStringList>

#include <expected>

namespace mooring::storage {

/// What a question to a Secret Service brings: its answer, or how the keychain is if there is none.
template <typename T>
using SecretAnswer = std::expected<T, KeychainReport>;

/// The process that offers a Secret Service right now, and the specification's methods on it.
///
/// It is spoken to by the name of its connection, not by the one that it owns: if another program takes that
/// over in the middle, no answer of the one is taken for the other's. Every call ends with the deadline,
/// which outlives it. Copied freely.
class SecretPeer final {
public:
    using Attributes = QMap<QString, QString>;

    /// Paths of items, by whether this connection may use them.
    struct Items {
        QStringList open;
        QStringList locked;
        QStringList all() const { return open + locked; }
    };

    /// Finds the owner of `name`, and has it started if nobody has it and the bus knows how. `last` is who
    /// it was before: what program that is needn't be asked again.
    static base::Task<SecretAnswer<SecretPeer>> find(QString name, SecretPeer last,
                                                     const base::Deadline *deadline);

    /// The name on the bus that it was found by.
    const QString &name() const { return m_name; }
    /// Of its connection; another one is another process.
    const QString &address() const { return m_address; }
    KeychainProgram program() const { return m_program; }
    const SessionBus &bus() const { return m_bus; }

    /// The path, "/" if there is none.
    base::Task<SecretAnswer<QString>> defaultCollection(const base::Deadline *deadline) const;
    base::Task<SecretAnswer<bool>> isCollectionLocked(QString collection,
                                                      const base::Deadline *deadline) const;
    base::Task<SecretAnswer<Items>> search(Attributes attributes, const base::Deadline *deadline) const;
    /// The path of the prompt that has to be shown, "/" if there is nothing to ask.
    base::Task<SecretAnswer<QString>> unlock(QStringList paths, const base::Deadline *deadline) const;
    base::Task<SecretAnswer<QString>> createDefaultCollection(QString label,
                                                              const base::Deadline *deadline) const;
    base::Task<SecretAnswer<QString>> remove(QString item, const base::Deadline *deadline) const;
    /// A new item in that collection, as QtKeychain makes it.
    base::Task<SecretAnswer<QString>> createItem(QString collection, Attributes attributes, QString label,
                                                 QString session, QByteArray text,
                                                 const base::Deadline *deadline) const;

    /// A session in which secrets go unencrypted over the bus, which is the person's own, as libsecret's
    /// would for everybody who can listen in there.
    base::Task<SecretAnswer<QString>> openSession(const base::Deadline *deadline) const;
    base::Task<SecretAnswer<QByteArray>> secret(QString item, QString session,
                                                const base::Deadline *deadline) const;
    /// `text` as libsecret takes it for a password's.
    base::Task<SecretAnswer<void>> setSecret(QString item, QString session, QByteArray text,
                                             const base::Deadline *deadline) const;

    base::Task<SecretAnswer<QString>> label(QString item, const base::Deadline *deadline) const;
    base::Task<SecretAnswer<void>> setLabel(QString item, QString label,
                                            const base::Deadline *deadline) const;

    /// Of KWallet: whether it can be used without a password; false if it doesn't say.
    base::Task<bool> isWalletOpen(QString wallet, const base::Deadline *deadline) const;

private:
    static base::Task<KeychainProgram> programOf(SessionBus bus, QString address,
                                                 const base::Deadline *deadline);
    base::Task<BusReply> callService(QString method, BusValue arguments,
                                     const base::Deadline *deadline) const;
    base::Task<BusReply> property(QString path, QString interface, QString name,
                                  const base::Deadline *deadline) const;

    SessionBus m_bus;
    QString m_name;
    QString m_address;
    KeychainProgram m_program = KeychainProgram::Unknown;
};

/// "/": no such object, or none needed.
inline constexpr auto noSecretObject = QLatin1StringView("/");

} // namespace mooring::storage
