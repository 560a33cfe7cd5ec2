// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/unixsignals.h"
#include "cli/noecho.h"

#include <QTest>

#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace mooring;

namespace {

/// A terminal, a shell in it, and a program in the foreground that reads a key. The shell tells on a pipe
/// what becomes of the program: 'p' and its process id, 's' when it was stopped, 'd' and the signal that
/// ended it.
class Scene final {
public:
    Scene()
    {
        int ends[2] = {};
        if (::pipe(ends) != 0) {
            qFatal("there is no pipe for the test");
        }
        m_told = ends[0];
        m_shell = ::forkpty(&m_terminal, nullptr, nullptr, nullptr);
        if (m_shell == 0) {
            ::close(ends[0]);
            runShell(ends[1]);
        }
        ::close(ends[1]);
        m_program = next('p');
    }
    ~Scene()
    {
        ::kill(m_program, SIGKILL);
        ::kill(m_shell, SIGKILL);
        ::waitpid(m_shell, nullptr, 0);
        ::close(m_terminal);
        ::close(m_told);
    }
    Q_DISABLE_COPY_MOVE(Scene)

    bool isShowing() const
    {
        termios now = {};
        ::tcgetattr(m_terminal, &now);
        return (now.c_lflag & tcflag_t(ECHO)) != 0;
    }
    void send(int signal) const { ::kill(m_program, signal); }
    /// The number that follows this word.
    int next(char word)
    {
        const Message message = read();
        if (message.word != word) {
            qFatal("%c was told instead of %c", message.word, word);
        }
        return message.number;
    }
    /// The signal that ends the program.
    int end()
    {
        Message message = read();
        while (message.word == 'h') {
            message = read();
        }
        return message.word == 'd' ? message.number : 0;
    }

private:
    struct Message {
        char word = '-';
        int number = 0;
    };

    Message read() const
    {
        Message message;
        if (::read(m_told, &message, sizeof message) != sizeof message) {
            qFatal("the shell is gone");
        }
        return message;
    }

    static void tell(int pipe, char word, int number)
    {
        Message message;
        message.word = word;
        message.number = number;
        [[maybe_unused]] const ssize_t written = ::write(pipe, &message, sizeof message);
    }

    [[noreturn]] static void runShell(int told)
    {
        std::signal(SIGTTOU, SIG_IGN);
        const pid_t program = ::fork();
        if (program == 0) {
            runProgram(told);
        }
        ::setpgid(program, program);
        ::tcsetpgrp(STDIN_FILENO, program);
        tell(told, 'p', program);
        int status = 0;
        while (::waitpid(program, &status, WUNTRACED) == program && WIFSTOPPED(status)) {
            tell(told, 's', WSTOPSIG(status));
        }
        tell(told, 'd', WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        ::pause();
        ::_exit(0);
    }

    [[noreturn]] static void runProgram(int told)
    {
        ::setpgid(0, 0);
        ::tcsetpgrp(STDIN_FILENO, ::getpid());
        std::signal(SIGTTOU, SIG_DFL);
        const base::UnixSignals signals_;
        const cli::NoEcho noEcho;
        // Held back but while it waits, so that none is handled unseen.
        sigset_t held;
        sigset_t none;
        ::sigfillset(&held);
        ::sigemptyset(&none);
        ::sigprocmask(SIG_BLOCK, &held, nullptr);
        while (true) {
            ::sigsuspend(&none);
            tell(told, 'h', 0);
        }
    }

    int m_terminal = -1;
    int m_told = -1;
    pid_t m_shell = -1;
    pid_t m_program = -1;
};

} // namespace

class TstNoEcho final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsAgainAtItsEnd();
    void showsAgainWhenStopped();
    void showsAgainWhenEnded_data();
    void showsAgainWhenEnded();
};

void TstNoEcho::showsAgainAtItsEnd()
{
    int terminal = -1;
    int other = -1;
    QCOMPARE(::openpty(&terminal, &other, nullptr, nullptr, nullptr), 0);
    const int before = ::dup(STDIN_FILENO);
    ::dup2(other, STDIN_FILENO);
    termios now = {};
    {
        const cli::NoEcho noEcho;
        ::tcgetattr(terminal, &now);
        QVERIFY((now.c_lflag & tcflag_t(ECHO)) == 0);
    }
    ::tcgetattr(terminal, &now);
    QVERIFY((now.c_lflag & tcflag_t(ECHO)) != 0);
    ::dup2(before, STDIN_FILENO);
    for (const int handle : {terminal, other, before}) {
        ::close(handle);
    }
}

// Ctrl-Z, and fg.
void TstNoEcho::showsAgainWhenStopped()
{
    Scene scene;
    QTRY_VERIFY(!scene.isShowing());
    for (int round = 0; round < 2; ++round) {
        scene.send(SIGTSTP);
        QCOMPARE(scene.next('s'), SIGTSTP);
        QVERIFY(scene.isShowing());
        scene.send(SIGCONT);
        scene.next('h');
        QVERIFY(!scene.isShowing());
    }
}

void TstNoEcho::showsAgainWhenEnded_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("times");
    // Nobody hears them here, so the sixth ends the program.
    QTest::newRow("Ctrl-C") << SIGINT << 6;
    QTest::newRow("a terminal that is closed") << SIGHUP << 6;
    QTest::newRow("Ctrl-backslash") << SIGQUIT << 1;
}

void TstNoEcho::showsAgainWhenEnded()
{
    QFETCH(const int, signal);
    QFETCH(const int, times);
    Scene scene;
    QTRY_VERIFY(!scene.isShowing());
    for (int i = 1; i < times; ++i) {
        scene.send(signal);
        scene.next('h');
    }
    scene.send(signal);
    QCOMPARE(scene.end(), signal);
    QVERIFY(scene.isShowing());
}

QTEST_GUILESS_MAIN(TstNoEcho)
#include "tst_noecho.moc"
