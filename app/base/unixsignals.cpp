// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/unixsignals.h"

#include <QSocketNotifier>
#include <QtGlobal>

#include <cstdlib>

#ifdef Q_OS_UNIX
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace mooring::base {

#ifdef Q_OS_UNIX

namespace {

constexpr int requests[] = {SIGTERM, SIGINT, SIGHUP};
/// A person who presses Ctrl-C that often, with nobody hearing it, wants it to end.
constexpr int mostUnheard = 5;

// A signal handler reaches nothing but globals.
int pipeEnds[2] = {-1, -1}; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t lastSignal = SIGTERM; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t unheard = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

using Act = void (*)();
std::atomic<Act> lastAct = nullptr; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<Act>::is_always_lock_free);

void dieOf(int signal)
{
    if (const Act act = lastAct) {
        act();
    }
    std::signal(signal, SIG_DFL);
    ::raise(signal);
}

void onSignal(int signal)
{
    // Whatever was interrupted may be about to look at it.
    const int before = errno;
    lastSignal = signal;
    unheard = unheard + 1;
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(pipeEnds[1], &byte, 1);
    if (unheard > mostUnheard) {
        dieOf(signal);
    }
    errno = before;
}

} // namespace

UnixSignals::UnixSignals(QObject *parent)
    : QObject(parent)
{
    if (::pipe(pipeEnds) != 0) {
        return;
    }
    for (const int end : pipeEnds) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    struct sigaction action{};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (const int signal : requests) {
        ::sigaction(signal, &action, nullptr);
    }
    auto *notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &UnixSignals::onReadable);
}

UnixSignals::~UnixSignals()
{
    for (const int signal : requests) {
        std::signal(signal, SIG_DFL);
    }
    for (int &end : pipeEnds) {
        if (end >= 0) {
            ::close(end);
        }
        end = -1;
    }
}

void UnixSignals::onReadable()
{
    char byte = 0;
    while (::read(pipeEnds[0], &byte, 1) == 1) {
        unheard = 0;
        Q_EMIT endRequested();
    }
}

void UnixSignals::endNow()
{
    dieOf(lastSignal);
}

void UnixSignals::setLastAct(void (*act)())
{
    lastAct = act;
}

#else

UnixSignals::UnixSignals(QObject *parent)
    : QObject(parent)
{
}

UnixSignals::~UnixSignals() = default;

void UnixSignals::onReadable() { }

void UnixSignals::endNow()
{
    std::abort();
}

void UnixSignals::setLastAct(void (*)()) { }

#endif

} // namespace mooring::base
