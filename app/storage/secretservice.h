// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainguard.h"

#include <chrono>
#include <stop_token>

namespace mooring::storage {

/// Whether QtKeychain talks to the Secret Service here. With KWallet's own interface it doesn't, and
/// then nothing can be said beforehand: KWallet's jobs report a refused password prompt truthfully.
bool usesSecretService();

/// Asks the Secret Service over D-Bus, without a prompt, whether its default keyring can be used and
/// no item with this key (empty: any) is locked. Never cached: the service may start or lock later.
base::Task<KeychainReport> secretServiceState(QString key, std::chrono::milliseconds deadline);

/// Has the service unlock the default keyring (or make one) and Mooring's items. Shows its prompt, which has
/// no deadline and is closed when `stop` is requested; `deadline` is for each step without a prompt. Case
/// Locked if the person refuses.
base::Task<base::Result<void>> unlockSecretService(std::chrono::milliseconds deadline, std::stop_token stop);

/// Has libsecret, which QtKeychain uses, connect anew for the next job. After a restart of the service
/// it would go on with its old session, and every job would fail for the rest of this process's life.
void forgetSecretSession();

} // namespace mooring::storage
