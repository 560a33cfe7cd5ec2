// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainerrors.h"
#include "storage/keychainjobs.h"
#include "storage/keychainreport.h"

#include "base/task.h"

#include <QString>

#include <functional>

namespace mooring::storage {

/// Looks at the keychain within a deadline and without a prompt. With a key, Unlocked also means that
/// no item of that key is hidden behind a lock. Needed because a locked keyring answers "not found"
/// and pretends to delete (reference/qt.md 2.2).
using KeychainGuard = std::function<base::Task<KeychainReport>(QString key)>;

/// The guard of this platform. Where nothing can be known it says Unlocked, and the jobs' own
/// results have to do.
KeychainGuard systemKeychainGuard(std::chrono::milliseconds deadline);

} // namespace mooring::storage
