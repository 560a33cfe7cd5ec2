// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mooring::base {

#ifdef MOORING_CHECKPOINTS
/// A named place where a test may stop this process to kill it there: if the environment variable
/// MOORING_CHECKPOINT has this name, the process stops itself. Test builds only.
void checkpoint(const char *name);
#else
inline void checkpoint(const char *) { }
#endif

} // namespace mooring::base
