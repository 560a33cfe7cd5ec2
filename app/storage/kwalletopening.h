// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainquestions.h"
#include "storage/kwalletbus.h"

#include <functional>
#include <stop_token>

namespace mooring::storage {

/// Opening a wallet, which may make KWallet ask the person: for its password, for a new one, or whether
/// Mooring may use it. That takes as long as the person takes.
class KWalletOpening final {
public:
    /// `onLateHandle` is called if the wallet is opened after all when the wait has been given up: KWallet
    /// has no way to take the question from the screen.
    KWalletOpening(KeychainQuestions &questions, KeychainQuestion::Kind kind,
                   std::function<void(int)> onLateHandle);

    /// The handle; Locked if the person or a rule refuses, or `stop` is requested. Call it once.
    base::Task<KWalletAnswer<int>> run(QDBusMessage open, std::stop_token stop) const;

private:
    KeychainQuestions &m_questions;
    KeychainQuestion::Kind m_kind;
    std::function<void(int)> m_onLateHandle;
};

} // namespace mooring::storage
