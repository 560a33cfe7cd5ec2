// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

/// `list`, and `status` of all connections.
ExitCode showList(const Context &context);
/// `status` of the connection in the context; also the end of commands that change it.
ExitCode showStatus(const Context &context);

} // namespace mooring::cli
