// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

// Commands for runCommand(). They end a sign-in, here and at the service.

base::Task<base::Result<ExitCode>> runDisconnect(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runRemove(Context context, std::stop_token stop);
/// Stops trying to tell services of sign-ins that have ended here.
base::Task<base::Result<ExitCode>> runForget(Context context, std::stop_token stop);

} // namespace mooring::cli
