// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hardening.h"

#include <QDir>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace mooring::base {

#ifdef Q_OS_UNIX
namespace {

constexpr mode_t forOwnerOnly = 077;
/// Too little for any dump. Not 0: that only forbids files, while for Linux a limit of 1 also keeps the
/// memory from a program that collects dumps (core_pattern with a pipe).
constexpr rlim_t noCore = 1;

// What the process was started with. Written once, before there are threads.
mode_t inheritedMode = 022; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
rlim_t inheritedCore = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// The soft limit alone, so that it can be given back.
rlim_t setCoreLimit(rlim_t bytes)
{
    rlimit limit = {};
    ::getrlimit(RLIMIT_CORE, &limit);
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = std::min(bytes, limit.rlim_max);
    ::setrlimit(RLIMIT_CORE, &limit);
    return before;
}

} // namespace
#endif

void openStandardStreams()
{
#ifdef Q_OS_UNIX
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) {
            // The lowest that is free, so it is this one.
            ::open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY);
        }
    }
#endif
}

void hardenProcess([[maybe_unused]] Inspection inspection)
{
    openStandardStreams();
#ifdef Q_OS_UNIX
    inheritedCore = setCoreLimit(noCore);
    inheritedMode = ::umask(forOwnerOnly);
#endif
#ifdef Q_OS_LINUX
    if (inspection == Inspection::Refused) {
        ::prctl(PR_SET_DUMPABLE, 0);
    }
#endif
    QDir::setCurrent(QDir::rootPath());
}

InheritedLimits::InheritedLimits()
{
#ifdef Q_OS_UNIX
    ::umask(inheritedMode);
    setCoreLimit(inheritedCore);
#endif
}

InheritedLimits::~InheritedLimits()
{
#ifdef Q_OS_UNIX
    setCoreLimit(noCore);
    ::umask(forOwnerOnly);
#endif
}

} // namespace mooring::base
