// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mooring::base {

/// From now on the process ends with a sentence on standard error where the system gives it no more memory or
/// threads (`ulimit -v`). Without this the exception would end in a task that nobody awaits any more, and
/// leave a program that waits for ever. Call it when translations are there: the sentence is made now,
/// because later there may be no memory for it.
void prepareForLackOfMemory();

/// What it comes to. Nothing else is run: nothing can be relied on any more.
[[noreturn]] void endForLackOfMemory() noexcept;

} // namespace mooring::base
