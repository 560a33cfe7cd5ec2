// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

namespace mooring::storage {

/// What happened to the keychain, and what can be done about it on this platform.
QString keychainSentence(base::KeychainCase keychainCase);

/// A Keychain error with keychainSentence().
base::Error keychainFailure(base::KeychainCase keychainCase, const QString &detail = {});

// Cases that need a sentence of their own.
/// Case Missing: there is a keychain service, but no keyring in it yet.
base::Error noKeyringYetError();
/// Case Slow: no answer within the deadline.
base::Error keychainTooSlowError();
/// Case Failed: a value was written, but something else, or nothing, could be read back.
base::Error notKeptError();
/// Case Failed: an item is still there after it was removed.
base::Error notRemovedError();

} // namespace mooring::storage
