// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/lackofmemory.h"
#include "base/words.h"

#include <QByteArray>

#include <cstdlib>
#include <exception>
#include <new>
#include <system_error>

#ifdef Q_OS_UNIX
#include <unistd.h>
#else
#include <io.h>
#endif

namespace mooring::base {

namespace {

constexpr int failed = 1;

/// Lives as long as the process, for there may be no other end than this.
QByteArray &sentence()
{
    static auto *const text = new QByteArray("Mooring has run out of memory.\n");
    return *text;
}

/// For what is thrown where nobody can catch it. Anything else is a mistake in the program, and dies as one.
[[noreturn]] void onTerminate()
{
    if (const std::exception_ptr thrown = std::current_exception()) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::bad_alloc &) {
            endForLackOfMemory();
        } catch (const std::system_error &) {
            endForLackOfMemory();
        } catch (...) {
            std::abort();
        }
    }
    std::abort();
}

} // namespace

void prepareForLackOfMemory()
{
    sentence() = Words::tr("Mooring has run out of memory and had to stop. Close other programs, "
                           "or raise the limit that was set for it (ulimit -v).")
                     .toLocal8Bit()
                 + '\n';
    std::set_new_handler(endForLackOfMemory);
    std::set_terminate(onTerminate);
}

void endForLackOfMemory() noexcept
{
    const QByteArray &text = sentence();
#ifdef Q_OS_UNIX
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.constData(), size_t(text.size()));
#else
    [[maybe_unused]] const auto written = ::_write(2, text.constData(), unsigned(text.size()));
#endif
    std::_Exit(failed);
}

} // namespace mooring::base
