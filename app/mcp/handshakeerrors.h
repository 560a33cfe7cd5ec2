// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/exchange.h"

namespace mooring::mcp {

/// The sentence for an answer that no MCP server gives. Protocol, with the host and the status.
base::Error notMcpError(const Answer &answer);
/// The same for a server that was one before: it may be again.
base::Error changedError(const Answer &answer);
/// The same for an MCP server with which no version is in common.
base::Error unknownVersionsError(const Answer &answer, const QStringList &versions);

} // namespace mooring::mcp
