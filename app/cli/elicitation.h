// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/terminal.h"
#include "mcp/protocol.h"

namespace mooring::cli {

/// Asks the person at the terminal what a server wants to know, field by field. Empty where nobody sits
/// there, or where a program reads the output: servers are then told that nobody can be asked.
/// `terminal` outlives it.
mcp::AskPerson personAt(Terminal &terminal);

} // namespace mooring::cli
