// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainquestions.h"
#include "storage/kwalletfolder.h"

#include <memory>
#include <stop_token>

namespace mooring::storage {

/// Has KWallet write a wallet to the disk at once. As the Secret Service it has no way to be told so and does
/// it five seconds later; by its own interface, which the same program has, it can be told.
class WalletSync final {
public:
    /// `deadline` is for all of it but a question; `questions` outlives it.
    WalletSync(std::chrono::milliseconds deadline, KeychainQuestions &questions);

    /// `owner` is the program's own name on the bus. Done also where it has no such interface: then there is
    /// nothing to wait for.
    base::Task<JobResult> run(QString owner, QString wallet, std::stop_token stop);

private:
    base::Task<JobResult> runAt(const KWalletBus *bus, KWalletAccess closed, std::stop_token stop);
    base::Task<KWalletAnswer<int>> open(const KWalletBus *bus, KWalletAccess closed, std::stop_token stop);

    std::chrono::milliseconds m_deadline;
    KeychainQuestions &m_questions;
    /// How it was opened for this process; shared with openings that the person may still answer.
    std::shared_ptr<KWalletAccess> m_access;
};

} // namespace mooring::storage
