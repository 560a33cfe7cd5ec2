// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

// Commands for runCommand(). What they are about is in no list yet.

base::Task<base::Result<ExitCode>> runAdd(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runProbe(Context context, std::stop_token stop);

} // namespace mooring::cli
