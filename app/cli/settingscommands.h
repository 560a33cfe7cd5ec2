// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

// Commands for runCommand(). They change what is kept about a connection, or about the profile.

base::Task<base::Result<ExitCode>> runRename(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runLabel(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runKey(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runSettings(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runProfileSettings(Context context, std::stop_token stop);

} // namespace mooring::cli
