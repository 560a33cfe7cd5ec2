// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "mcp/probe.h"

namespace mooring::cli {

/// How mooringctl ends; --help lists the same numbers. Scripts count on them.
enum class ExitCode {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    SignInNeeded = 3,
    Network = 4,
    Keychain = 5,
    Refused = 6,
    NotFound = 7,
    Cancelled = 130,
};

ExitCode exitCodeOf(const base::Error &error);
/// Of a look: Ok if somebody can be let in there.
ExitCode exitCodeOf(const mcp::ProbeReport &report);

} // namespace mooring::cli
