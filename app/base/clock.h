// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>

#include <functional>

namespace mooring::base {

/// The wall clock, in UTC. Handed in, so that a test can move it; expiry is always worked out from
/// it anew, never counted down, because computers sleep and clocks are set.
using Clock = std::function<QDateTime()>;

inline Clock systemClock()
{
    return [] { return QDateTime::currentDateTimeUtc(); };
}

} // namespace mooring::base
