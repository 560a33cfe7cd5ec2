// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainreport.h"

#include "base/error.h"

#include <QString>

#include <optional>

namespace mooring::storage {

/// What happened to the keychain, and what can be done about it on this platform or in that program.
QString keychainSentence(base::KeychainCase keychainCase, KeychainProgram program = KeychainProgram::Unknown);

/// A Keychain error with keychainSentence().
base::Error keychainFailure(base::KeychainCase keychainCase, const QString &detail = {},
                            KeychainProgram program = KeychainProgram::Unknown);

/// The error that a report stands for; nullopt for Unlocked and Asks.
std::optional<base::Error> errorOf(const KeychainReport &report);
/// The same where the job has failed anyhow: case Denied for Asks, where nobody was asked or said no, Failed
/// for Unlocked.
base::Error failureOf(const KeychainReport &report);

// Cases that need a sentence of their own.
/// Case Missing: there is a keychain service, but no keyring in it, or none that is open.
base::Error noKeyringYetError(KeychainProgram program = KeychainProgram::Unknown);
/// Case Missing: the program is there, and its own settings say that it keeps nothing.
base::Error switchedOffError(KeychainProgram program, const QString &detail = {});
/// Case Slow: no answer within the deadline.
base::Error keychainTooSlowError(KeychainProgram program = KeychainProgram::Unknown);
/// Case Failed: a value was written, but something else, or nothing, could be read back.
base::Error notKeptError();
/// Case Failed: an item is still there after it was removed.
base::Error notRemovedError();

} // namespace mooring::storage
