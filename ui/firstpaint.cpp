// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/firstpaint.h"

#include <QFile>

#include <cstdio>

#ifdef Q_OS_LINUX
#include <ctime>
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace mooring::ui {

void reportFirstPaint()
{
#ifdef Q_OS_LINUX
    if (qEnvironmentVariable("MOORING_BENCH_FIRST_PAINT") != QLatin1StringView("1")) {
        return;
    }
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QFile::ReadOnly)) {
        return;
    }
    // Field 22 of proc(5), counted from behind the name, which may have spaces in it.
    const QByteArray text = stat.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    const double startedAt = fields.value(19).toDouble() / static_cast<double>(::sysconf(_SC_CLK_TCK));
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const double seconds =
        static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - startedAt;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("first-paint %.0f %ld\n", seconds * 1000, usage.ru_maxrss);
    std::fflush(stdout);
#endif
}

} // namespace mooring::ui
