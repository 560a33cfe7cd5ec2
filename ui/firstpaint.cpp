// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstpaint.h"

#include <QString>

#include <cstdio>

#ifdef Q_OS_LINUX
#include <ctime>
#include <sys/resource.h>
#endif

namespace mooring::ui {

void reportFirstPaint()
{
#ifdef Q_OS_LINUX
    // From outside, because the kernel tells the start of a process in hundredths of a second.
    bool isWanted = false;
    const qint64 startedAt = qEnvironmentVariable("MOORING_BENCH_FIRST_PAINT").toLongLong(&isWanted);
    if (!isWanted) {
        return;
    }
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const qint64 nanoseconds = static_cast<qint64>(now.tv_sec) * 1'000'000'000 + now.tv_nsec - startedAt;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("first-paint %.1f %ld\n", static_cast<double>(nanoseconds) / 1e6, usage.ru_maxrss);
    std::fflush(stdout);
#endif
}

} // namespace mooring::ui
