// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <thread>

namespace mooring::support {

/// As if the process had been stopped (Ctrl-Z, a paused container, sleep): its clock goes on, its event loop
/// doesn't. No way to wait for anything.
inline void standStill(std::chrono::milliseconds duration)
{
    std::this_thread::sleep_for(duration);
}

} // namespace mooring::support
