// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/moments.h"
#include "base/words.h"

#include <QLocale>

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

QString timeText(const QDateTime &local)
{
    return QLocale().toString(local.time(), QLocale::ShortFormat);
}

} // namespace

QString durationText(const QDateTime &now, const QDateTime &then)
{
    const qint64 left = now.msecsTo(then);
    if (left <= 0) {
        return {};
    }
    // Seconds and minutes are rounded up, so that a token of two minutes begins with "2 min" and the
    // last second reads "1 s"; longer times are full ones.
    if (left <= 60'000) {
        return Words::tr("%n s", nullptr, static_cast<int>((left + 999) / 1000));
    }
    if (left <= 2 * 3'600'000) {
        return Words::tr("%n min", nullptr, static_cast<int>((left + 59'999) / 60'000));
    }
    if (left <= 48 * 3'600'000LL) {
        return Words::tr("%n h", nullptr, static_cast<int>(left / 3'600'000));
    }
    return Words::tr("%n days", nullptr, static_cast<int>(left / 86'400'000));
}

QString momentText(const QDateTime &moment, const QDateTime &now)
{
    const QDateTime local = moment.toLocalTime();
    return local.date() == now.toLocalTime().date() ? timeText(local)
                                                    : QLocale().toString(local, QLocale::ShortFormat);
}

QString dayAndTimeText(const QDateTime &moment, const QDateTime &now)
{
    const QDateTime local = moment.toLocalTime();
    if (now.toLocalTime().date().daysTo(local.date()) == 1) {
        return Words::tr("tomorrow %1").arg(timeText(local));
    }
    return momentText(moment, now);
}

QString whenText(const QDateTime &when, const QDateTime &now)
{
    const QDateTime local = when.toLocalTime();
    const QString time = timeText(local);
    const qint64 days = now.toLocalTime().date().daysTo(local.date());
    if (days == 0) {
        return Words::tr("today %1").arg(time);
    }
    if (days == 1) {
        return Words::tr("tomorrow %1").arg(time);
    }
    if (days == -1) {
        return Words::tr("yesterday %1").arg(time);
    }
    return Words::tr("%1, %2").arg(QLocale().toString(local.date(), u"d MMM yyyy"_s), time);
}

QString shortWhenText(const QDateTime &when, const QDateTime &now)
{
    const QDateTime local = when.toLocalTime();
    return local.date() == now.toLocalTime().date() ? timeText(local) : whenText(when, now);
}

} // namespace mooring::base
