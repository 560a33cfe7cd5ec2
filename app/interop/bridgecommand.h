// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/blanks.h"
#include "interop/findings.h"

namespace mooring::interop {

/// How an entry starts a program: a bridge to a server with an address (mcp-remote, supergateway, mcp-proxy,
/// by whatever runner, through a shell or a container) is that server, whose job Mooring does itself. Any
/// other program is told as one.
void readProgram(const PastedServer &known, const QStringList &words, const Surroundings &around,
                 Findings *findings);

/// Whether the words start a bridge or Mooring itself.
bool isBridge(const QStringList &words);

} // namespace mooring::interop
