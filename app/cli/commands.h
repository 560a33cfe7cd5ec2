// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

/// Does what the arguments say. Everything has been written to the terminal when it ends, errors
/// included. Never opens a browser but for `authorize`.
base::Task<ExitCode> runCommand(Context context, std::stop_token stop);

/// Needs no more than a folder that can be read.
bool onlyReads(Command command);

} // namespace mooring::cli
