// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "interop/pastedserver.h"

namespace mooring::interop {

/// Whether the text may be the address of a server as instructions give it: with http or https in front, or
/// with nothing. The rest is judged when the blanks are filled in.
/// Errors: InvalidInput, RefusedByPolicy for a user name in it or another scheme.
base::Result<void> checkAddress(const QString &text);

/// Whether the header can be sent at all: the name of one, no line break in its value.
base::Result<void> checkHeader(const PastedHeader &header);

/// Whether the address looks like an MCP server's by its path or host: "mcp" or "sse" is a word in it.
bool speaksOfMcp(const QString &address);

} // namespace mooring::interop
