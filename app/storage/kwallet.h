// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychain.h"
#include "storage/kwalletfolder.h"

#include <functional>

namespace mooring::storage {

/// KWallet by its own D-Bus interface, in the place that QtKeychain gives its items: in the wallet for
/// network passwords, the folder "Mooring". Not through QtKeychain: that takes another store when KWallet is
/// slow, and what it has written is on the disk seconds later.
class KWallet final : public Keychain {
public:
    /// `generation` is 5 or 6; `deadline` is for all of one job but the questions in it.
    KWallet(int generation, std::chrono::milliseconds deadline, KeychainQuestions &questions);
    ~KWallet() override;
    Q_DISABLE_COPY_MOVE(KWallet)

    base::Task<KeychainReport> look(QString key) override;
    base::Task<bool> isRunning() override;
    base::Task<JobResult> read(QString key, std::stop_token stop) override;
    base::Task<JobResult> write(QString key, QString text, QString label, std::stop_token stop) override;
    base::Task<JobResult> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    base::Task<void> relabel(QString key, QString label) override;
    KeychainProgram program() const override { return KeychainProgram::KWallet; }

private:
    enum class Asking { Allowed, Never };
    using Job = std::function<base::Task<JobResult>(const KWalletFolder *folder)>;

    base::Task<KeychainReport> lookOnce(const base::Deadline *deadline) const;
    base::Task<JobResult> run(Job job, std::stop_token stop);
    base::Task<JobResult> runOnce(Job job, std::stop_token stop);
    base::Task<KWalletAnswer<KWalletAccess>> open(Asking asking, base::Deadline *deadline,
                                                  std::stop_token stop);
    base::Task<KWalletAnswer<KeychainQuestion::Kind>> questionFor(KWalletAccess closed, Asking asking,
                                                                  const base::Deadline *deadline) const;
    base::Task<KWalletAnswer<KWalletAccess>> openAnew(KWalletAccess closed, Asking asking,
                                                      base::Deadline *deadline, std::stop_token stop);

    KWalletBus m_bus;
    std::chrono::milliseconds m_deadline;
    KeychainQuestions &m_questions;
    /// How the wallet was opened for this process; shared with openings that the person may still answer.
    std::shared_ptr<KWalletAccess> m_access;
};

} // namespace mooring::storage
