// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

// Commands for runCommand(). They are about the keychain as a whole.

base::Task<base::Result<ExitCode>> runUnlock(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runKeychain(Context context, std::stop_token stop);

/// At a terminal: tells once that a person's keychain is another one now, and asks whether what is in the old
/// one is to be moved. For the end of a command that has used the keychain.
base::Task<void> offerToMove(Context context, std::stop_token stop);

} // namespace mooring::cli
