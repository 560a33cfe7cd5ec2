// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

// Commands for runCommand(). They use the server.

base::Task<base::Result<ExitCode>> runTools(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runCall(Context context, std::stop_token stop);

} // namespace mooring::cli
