// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/backoff.h"

#include <QRandomGenerator>

#include <algorithm>
#include <iterator>

namespace mooring::base {

std::chrono::milliseconds backoff(int failures)
{
    static constexpr int steps[] = {2, 15, 60, 300, 900};
    const int seconds = steps[std::clamp(failures, 0, static_cast<int>(std::size(steps)) - 1)];
    const int percent = QRandomGenerator::global()->bounded(80, 121);
    return std::chrono::milliseconds(seconds * 10 * percent);
}

} // namespace mooring::base
