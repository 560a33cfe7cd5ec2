// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mooring::ui {

/// For the bench: with MOORING_BENCH_FIRST_PAINT=<nanoseconds since the epoch>, when the process was
/// started, prints one line to standard output, "first-paint <ms since then> <peak memory in KiB>".
/// Otherwise does nothing.
void reportFirstPaint();

} // namespace mooring::ui
