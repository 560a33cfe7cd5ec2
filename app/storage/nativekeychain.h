// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychain.h"

namespace mooring::storage {

/// The one keychain of macOS and Windows, through QtKeychain. Nothing can be known of it beforehand: it says
/// Unlocked, unlocks itself when it is used, and the jobs' own results have to do.
class NativeKeychain final : public Keychain {
public:
    base::Task<KeychainReport> look(QString key) override;
    base::Task<JobResult> read(QString key, std::stop_token stop) override;
    base::Task<JobResult> write(QString key, QString text, QString label, std::stop_token stop) override;
    base::Task<JobResult> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    /// None: QtKeychain can't list items.
    base::Task<void> relabel(QString key, QString label) override;
    KeychainProgram program() const override;
    bool mayHold(const QString &) const override { return true; }
};

} // namespace mooring::storage
