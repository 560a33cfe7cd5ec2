// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "field/terminalway.h"

#include <QTest>

#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

namespace mooring::field {

using namespace Qt::StringLiterals;
using clitest::CtlRunner;
using clitest::Run;

namespace {

constexpr int patience = 60'000;

bool hasEnded(QProcess *process)
{
    return QTest::qWaitFor([process] { return process->state() == QProcess::NotRunning; }, patience);
}

/// Both ends of a terminal.
class Pty final {
public:
    Pty()
    {
        if (::openpty(&m_person, &m_tty, nullptr, nullptr, nullptr) != 0) {
            qFatal("there is no terminal for the test");
        }
        ::fcntl(m_person, F_SETFL, O_NONBLOCK);
    }
    ~Pty()
    {
        ::close(m_person);
        ::close(m_tty);
    }
    Q_DISABLE_COPY_MOVE(Pty)

    int tty() const { return m_tty; }
    void type(const QByteArray &line) const
    {
        if (::write(m_person, line.constData(), size_t(line.size())) != line.size()) {
            qFatal("the person can't type");
        }
    }
    QString shown()
    {
        char bytes[4096];
        for (auto count = ::read(m_person, bytes, sizeof bytes); count > 0;
             count = ::read(m_person, bytes, sizeof bytes)) {
            m_shown.append(bytes, count);
        }
        return QString::fromUtf8(m_shown);
    }

private:
    int m_person = -1;
    int m_tty = -1;
    QByteArray m_shown;
};

} // namespace

Run TerminalWay::run(const QStringList &words, const QByteArray &input)
{
    const std::unique_ptr<QProcess> process = m_ctl.start(words);
    process->write(input);
    process->closeWriteChannel();
    return hasEnded(process.get()) ? CtlRunner::finish(process.get()) : Run();
}

QJsonObject TerminalWay::json(const QStringList &words, int exitCode, const QByteArray &input)
{
    const Run ended = run(QStringList{u"--json"_s} + words, input);
    const QByteArray what = words.join(u' ').toUtf8() + " ended with " + QByteArray::number(ended.exitCode)
                            + ": " + ended.out + ended.err;
    if (ended.exitCode != exitCode || ended.json().isEmpty()) {
        QTest::qFail(what.constData(), __FILE__, __LINE__);
    }
    return ended.json();
}

TerminalWay::Talk TerminalWay::talk(const QStringList &words,
                                    const QList<std::pair<QString, QByteArray>> &answers)
{
    Pty pty;
    const std::unique_ptr<QProcess> process = m_ctl.startAt(pty.tty(), words);
    qsizetype seen = 0;
    for (const auto &[question, answer] : answers) {
        const bool isAsked = QTest::qWaitFor(
            [&] {
                return pty.shown().indexOf(question, seen) >= 0 || process->state() == QProcess::NotRunning;
            },
            patience);
        const qsizetype at = pty.shown().indexOf(question, seen);
        if (!isAsked || at < 0) {
            process->kill();
            process->waitForFinished();
            return {-1, u"never asked: "_s + question + u"\n"_s + pty.shown()};
        }
        seen = at + question.size();
        pty.type(answer + '\n');
    }
    const bool ended = QTest::qWaitFor(
        [&] {
            static_cast<void>(pty.shown());
            return process->state() == QProcess::NotRunning;
        },
        patience);
    return {ended ? process->exitCode() : -1, pty.shown()};
}

QStringList TerminalWay::pasted(const QString &command)
{
    QProcess shell;
    shell.start(u"/bin/sh"_s, {u"-c"_s, u"mooringctl() { printf '%s\\n' \"$@\"; }\n"_s + command});
    if (!shell.waitForFinished(patience) || shell.exitCode() != 0) {
        return {};
    }
    return QString::fromUtf8(shell.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace mooring::field
