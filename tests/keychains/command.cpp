// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/command.h"

#include <csignal>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

/// No wait is silent for longer, and no end is further from the last word: milliseconds.
constexpr qint64 longestSilence = 3000;
constexpr qint64 longestEnd = 1000;

} // namespace

Command::Command(clitest::CtlRunner *ctl, const QStringList &words)
    : m_words(words)
{
    m_time.start();
    m_process = ctl->start(words);
    m_process->closeWriteChannel();
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &Command::hear);
    connect(m_process.get(), &QProcess::readyReadStandardError, this, &Command::hear);
    connect(m_process.get(), &QProcess::finished, this, &Command::onFinished);
    hear();
    if (m_process->state() == QProcess::NotRunning) {
        onFinished(m_process->exitCode(), m_process->exitStatus());
    }
}

void Command::interrupt()
{
    m_interrupt = m_time.elapsed();
    ::kill(static_cast<pid_t>(pid()), SIGINT);
}

void Command::hear()
{
    const QByteArray heard = m_process->readAllStandardError() + m_process->readAllStandardOutput();
    if (heard.isEmpty()) {
        return;
    }
    m_told += heard;
    m_lastWord = m_time.elapsed();
    m_firstWord = m_firstWord < 0 ? m_lastWord : m_firstWord;
}

void Command::onFinished(int code, QProcess::ExitStatus status)
{
    hear();
    m_exitCode = status == QProcess::NormalExit ? code : -1;
    m_end = m_time.elapsed();
}

qint64 Command::endAfterInterrupt() const
{
    return m_interrupt < 0 || m_end < 0 ? -1 : m_end - m_interrupt;
}

QString Command::tardiness(qint64 startUp) const
{
    const qint64 silence = m_firstWord < 0 ? m_end : m_firstWord;
    if (silence > longestSilence + startUp) {
        return u"%1: silent for %2 ms"_s.arg(m_words.first()).arg(silence);
    }
    if (m_lastWord >= 0 && m_end - m_lastWord > longestEnd) {
        return u"%1: ended %2 ms after its last word"_s.arg(m_words.first()).arg(m_end - m_lastWord);
    }
    return {};
}

} // namespace mooring::keychains
