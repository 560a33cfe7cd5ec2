// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/interruption.h"

#include <QSocketNotifier>

#include <csignal>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace mooring::cli {

#ifdef Q_OS_UNIX

namespace {

// A signal handler reaches nothing but globals.
int signalSockets[2] = {-1, -1};

void writeByte(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(signalSockets[1], &byte, 1);
}

} // namespace

Interruption::Interruption()
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, signalSockets) != 0) {
        return;
    }
    auto *notifier = new QSocketNotifier(signalSockets[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &Interruption::onSignal);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, writeByte);
    }
    // A reader that went away (`mooringctl list | head`) is no reason to lose a refresh.
    std::signal(SIGPIPE, SIG_IGN);
}

Interruption::~Interruption()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, SIG_DFL);
    }
    ::close(signalSockets[0]);
    ::close(signalSockets[1]);
}

void Interruption::onSignal()
{
    char byte = 0;
    [[maybe_unused]] const auto count = ::read(signalSockets[0], &byte, 1);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, SIG_DFL);
    }
    m_stop.request_stop();
}

#else

// Windows ends the program at once; what has been posted is told by the record the next time.
Interruption::Interruption() = default;
Interruption::~Interruption() = default;
void Interruption::onSignal() { }

#endif

} // namespace mooring::cli
