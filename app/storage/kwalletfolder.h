// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/jobresult.h"
#include "storage/kwalletbus.h"

#include <QMap>

namespace mooring::storage {

/// An open wallet, as this process may use it.
struct KWalletAccess {
    QString owner; ///< the running program's name on the bus
    QString wallet;
    int handle = -1; ///< means something to that very program only

    friend bool operator==(const KWalletAccess &, const KWalletAccess &) = default;
};

/// The folder "Mooring" in an open wallet; what older versions kept there through QtKeychain is found.
///
/// KWallet answers a handle that it doesn't know (any more) as if the wallet were empty, so whatever sounds
/// like that is believed only if the handle is good afterwards. Failed means that nothing is known.
///
/// Beside the items there is one map, "Names", with what KWalletManager has no other place for: whose
/// sign-in each item is. It goes with the last item, and the folder too.
class KWalletFolder final {
public:
    /// `deadline` outlives it, and is for all that is done.
    KWalletFolder(const KWalletBus &bus, KWalletAccess access, const base::Deadline *deadline);

    /// Whether the handle is good.
    base::Task<KWalletAnswer<bool>> isOpen() const;

    base::Task<JobResult> read(QString key) const;
    /// Done once it is on the disk.
    base::Task<JobResult> write(QString key, QString text, QString label) const;
    base::Task<JobResult> remove(QString key) const;
    base::Task<void> relabel(QString key, QString label) const;
    /// `result` once what was changed is on the disk.
    base::Task<JobResult> sync(JobResult result) const;

private:
    using Names = QMap<QString, QString>;

    QDBusMessage call(const QString &method, const QVariantList &arguments) const;
    QDBusMessage itemCall(const QString &method, const QString &key, const QVariantList &values = {}) const;
    base::Task<JobResult> ifOpen(JobResult result) const;
    base::Task<JobResult> readAs(int type, QString key) const;
    base::Task<JobResult> makeFolder() const;
    base::Task<JobResult> ifStillKept(QString key) const;
    base::Task<std::optional<Names>> names() const;
    base::Task<void> setName(QString key, QString label) const;
    base::Task<void> removeIfEmpty() const;
    base::Task<void> removeNamesAndFolder() const;

    const KWalletBus &m_bus;
    KWalletAccess m_access;
    const base::Deadline *m_deadline;
};

/// What a job comes to when KWallet is like that.
JobResult kwalletResult(const KeychainReport &report);

} // namespace mooring::storage
