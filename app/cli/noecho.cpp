// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/noecho.h"

#include "base/unixsignals.h"

#ifdef Q_OS_UNIX
#include <cerrno>
#include <csignal>
#include <termios.h>
#include <unistd.h>
#endif

namespace mooring::cli {

#ifdef Q_OS_UNIX

namespace {

/// Ctrl-Z and Ctrl-\. What asks the program to end in a friendly way is heard by base::UnixSignals.
constexpr int stops[] = {SIGTSTP, SIGQUIT};

// A signal handler reaches nothing but globals.
termios shown = {}; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t isHiding = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// These are called by signal handlers: POSIX.1-2017, 2.4.3 has tcsetattr() among what may be called there.
void show()
{
    if (isHiding != 0) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    }
}

void hide(int whenToAct)
{
    termios silent = shown;
    silent.c_lflag &= ~tcflag_t(ECHO);
    ::tcsetattr(STDIN_FILENO, whenToAct, &silent);
}

void listenFor(int signal);

void onStop(int signal)
{
    const int before = errno;
    show();
    std::signal(signal, SIG_DFL);
    ::raise(signal);
    // It is held back as long as it is being handled. Here the program stops, and here it goes on.
    sigset_t it;
    ::sigemptyset(&it);
    ::sigaddset(&it, signal);
    ::sigprocmask(SIG_UNBLOCK, &it, nullptr);
    listenFor(signal);
    if (isHiding != 0) {
        hide(TCSANOW);
    }
    errno = before;
}

/// Whoever has started the program may want it to ignore one, as nohup does.
bool isIgnored(int signal)
{
    struct sigaction now{};
    return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

void listenFor(int signal)
{
    struct sigaction action{};
    action.sa_handler = onStop;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
}

} // namespace

NoEcho::NoEcho()
{
    m_isOn = ::tcgetattr(STDIN_FILENO, &shown) == 0;
    if (!m_isOn) {
        return;
    }
    isHiding = 1;
    base::UnixSignals::setLastAct(show);
    for (const int signal : stops) {
        if (!isIgnored(signal)) {
            listenFor(signal);
        }
    }
    // What was typed before the question is no answer to it.
    hide(TCSAFLUSH);
}

NoEcho::~NoEcho()
{
    if (!m_isOn) {
        return;
    }
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    isHiding = 0;
    for (const int signal : stops) {
        if (!isIgnored(signal)) {
            std::signal(signal, SIG_DFL);
        }
    }
    base::UnixSignals::setLastAct(nullptr);
}

#else

NoEcho::NoEcho()
{
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    m_isOn = ::GetConsoleMode(input, &m_before) != 0;
    if (m_isOn) {
        ::SetConsoleMode(input, m_before & ~DWORD(ENABLE_ECHO_INPUT));
    }
}

NoEcho::~NoEcho()
{
    if (m_isOn) {
        ::SetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), m_before);
    }
}

#endif

} // namespace mooring::cli
