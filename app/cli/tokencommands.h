// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

// Commands for runCommand(). They are about the access token that a program may use.

base::Task<base::Result<ExitCode>> runToken(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runRefresh(Context context, std::stop_token stop);

} // namespace mooring::cli
