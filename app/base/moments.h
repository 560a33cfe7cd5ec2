// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace mooring::base {

// Moments and durations in words: translated, in the person's locale and time zone.

/// "54 min", "3 h", "45 s", "2 days": how long until `then`; empty if it is not ahead.
QString durationText(const QDateTime &now, const QDateTime &then);

/// "15:40" today, with the date on other days.
QString momentText(const QDateTime &moment, const QDateTime &now);
/// "15:40" today, "tomorrow 09:00", else with the date.
QString dayAndTimeText(const QDateTime &moment, const QDateTime &now);
/// "today 15:40", "tomorrow 09:00", "yesterday 15:40", "3 Dec 2026, 15:40".
QString whenText(const QDateTime &when, const QDateTime &now);
/// The time alone for today, else as whenText().
QString shortWhenText(const QDateTime &when, const QDateTime &now);

} // namespace mooring::base
