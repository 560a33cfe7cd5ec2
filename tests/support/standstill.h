// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace mooring::support {

/// As if the process had been stopped (Ctrl-Z, a paused container, sleep): its clock goes on, its event loop
/// doesn't. No way to wait for anything.
inline void standStill(std::chrono::milliseconds duration)
{
    std::this_thread::sleep_for(duration);
}

/// Looks every few milliseconds whether it is so, while the event loop stands still: for what another program
/// comes to while none of ours may go on. False after `patience`.
inline bool comesTrue(const std::function<bool()> &isSo, std::chrono::milliseconds patience)
{
    constexpr std::chrono::milliseconds betweenLooks(10);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!isSo()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(betweenLooks);
    }
    return true;
}

} // namespace mooring::support
