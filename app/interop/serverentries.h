// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/findings.h"
#include "interop/serverentry.h"

namespace mooring::interop {

/// Finds the entries of servers in a document of any app: below mcpServers, servers, context_servers, … if it
/// has such a list, else wherever they are.
void readServerEntries(const Value &root, const Surroundings &around, Findings *findings);

} // namespace mooring::interop
