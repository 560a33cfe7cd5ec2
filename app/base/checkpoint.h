// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef MOORING_CHECKPOINTS
#include <functional>
#endif

namespace mooring::base {

#ifdef MOORING_CHECKPOINTS
/// A named place where a test may stop this process to kill it there: if the environment variable
/// MOORING_CHECKPOINT has this name, the process stops itself. "K05*2" stops it there the second time.
/// Test builds only.
void checkpoint(const char *name);
/// Hears of each checkpoint that this process passes, for measuring from one to another; null for nobody.
void setCheckpointWatcher(std::function<void(const char *name)> watcher);
#else
inline void checkpoint(const char *) { }
#endif

} // namespace mooring::base
