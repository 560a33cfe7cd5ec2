// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/terminal.h"
#include "oauth/browsersignin.h"

namespace mooring::cli {

/// What ConnectionList calls to open a page: the system's opener, or nothing with --no-browser;
/// either way the link is printed. `terminal` outlives it.
oauth::OpenUrl pageOpener(Terminal &terminal, bool opensBrowser);

} // namespace mooring::cli
