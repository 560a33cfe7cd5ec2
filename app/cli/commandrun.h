// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::storage {
class KeychainStore;
}

namespace mooring::cli {

/// Runs the command, then waits for what must not be lost: requests that are on their way, and new tokens
/// that are not in the keychain yet. Ends the event loop with the exit code; the process itself, where the
/// keychain hangs. Only a program that has nothing else to do may call it.
base::Task<void> runAndQuit(Context context, storage::KeychainStore &secrets, std::stop_token stop);

/// The code of a command that has ended with `code`: what nobody can read has not been done.
ExitCode exitCodeWith(ExitCode code, const Terminal &terminal);

} // namespace mooring::cli
