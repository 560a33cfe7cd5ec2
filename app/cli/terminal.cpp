// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/terminal.h"

#include "base/words.h"
#include "cli/noecho.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"

#include <QSocketNotifier>

#include <cerrno>
#include <cstdio>

#ifdef Q_OS_UNIX
#include <unistd.h>
#else
#include <io.h>
#include <windows.h>
#endif

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr qsizetype maximumLine = 64 * 1024;
constexpr int inputHandle = 0;
constexpr int outputHandle = 1;
constexpr int errorHandle = 2;

bool isTerminal(int handle)
{
#ifdef Q_OS_UNIX
    return ::isatty(handle) == 1;
#else
    return ::_isatty(handle) != 0;
#endif
}

Style styleOf(int handle)
{
    // no-color.org: set and not empty.
    return {isTerminal(handle) && qEnvironmentVariableIsEmpty("NO_COLOR") && qgetenv("TERM") != "dumb"};
}

/// Zero, or why it isn't written.
int write(FILE *file, const QByteArray &bytes)
{
    errno = 0;
    const bool isTaken =
        std::fwrite(bytes.constData(), 1, size_t(bytes.size()), file) == size_t(bytes.size());
    const bool isWritten = std::fflush(file) == 0;
    return isTaken && isWritten ? 0 : errno;
}

} // namespace

Terminal::Terminal(bool json)
    : m_json(json)
{
}

Terminal::~Terminal() = default;

bool Terminal::inputIsTerminal() const
{
    return isTerminal(inputHandle);
}

bool Terminal::canReadMeanwhile()
{
#ifdef Q_OS_UNIX
    return true;
#else
    return false;
#endif
}

Style Terminal::outputStyle() const
{
    return styleOf(outputHandle);
}

Style Terminal::errorStyle() const
{
    return styleOf(errorHandle);
}

void Terminal::out(const QString &text)
{
    if (!m_json) {
        writeOut(text.toLocal8Bit() + '\n');
    }
}

void Terminal::jsonOut(const QJsonObject &document)
{
    if (m_json) {
        writeOut(jsonLine(document));
    }
}

void Terminal::writeOut(const QByteArray &bytes)
{
    const int error = write(stdout, bytes);
    Q_EMIT wrote();
    if (error == 0 || error == EPIPE || m_outputTrouble) {
        return;
    }
    m_outputTrouble = base::makeError(
        ErrorKind::Storage, Words::tr("The output could not be written: %1.").arg(qt_error_string(error)),
        u"standard output"_s);
    say(u"mooringctl: "_s + errorText(*m_outputTrouble, errorStyle()));
}

void Terminal::say(const QString &text)
{
    write(stderr, text.toLocal8Bit() + '\n');
    Q_EMIT wrote();
}

void Terminal::fail(const base::Error &error, const QString &next)
{
    QJsonObject document{{u"error"_s, toJson(error)}};
    if (!next.isEmpty()) {
        document.insert(u"next"_s, next);
    }
    jsonOut(document);
    if (!m_json) {
        say(u"mooringctl: "_s + errorText(error, errorStyle()));
        if (!next.isEmpty()) {
            say(u"  "_s + Words::tr("To go on: %1").arg(next));
        }
    }
}

void Terminal::startReading()
{
#ifdef Q_OS_UNIX
    if (!m_notifier && !m_isAtEnd) {
        m_notifier = std::make_unique<QSocketNotifier>(inputHandle, QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, &Terminal::onReadable);
    }
#else
    // Windows has no notifier for a console or a pipe: reading there waits for the whole line.
    while (!m_isAtEnd && !m_input.contains('\n')) {
        onReadable();
    }
#endif
}

void Terminal::onReadable()
{
    char bytes[4096];
#ifdef Q_OS_UNIX
    const auto count = ::read(inputHandle, bytes, sizeof bytes);
#else
    const auto count = ::_read(inputHandle, bytes, sizeof bytes);
#endif
    if (count <= 0) {
        m_isAtEnd = true;
        if (m_notifier) {
            m_notifier->setEnabled(false);
        }
    } else {
        m_input.append(bytes, count);
    }
    wakeReader();
}

void Terminal::wakeReader()
{
    if (m_reader) {
        m_reader->resolve(true);
    }
}

Task<Result<void>> Terminal::waitForMore([[maybe_unused]] std::stop_token stop)
{
#ifdef Q_OS_UNIX
    base::OneShot<bool> more;
    m_reader = more;
    const auto onStop = [more] { more.resolve(false); };
    const std::stop_callback stopCallback(stop, onStop);
    const bool isMore = co_await more;
    m_reader.reset();
    co_return isMore ? Result<void>() : base::failed(base::cancelledError());
#else
    onReadable();
    co_return Result<void>();
#endif
}

Task<Result<std::optional<QByteArray>>> Terminal::readLine(std::stop_token stop)
{
    startReading();
    while (true) {
        const qsizetype end = m_input.indexOf('\n');
        if (end >= 0 || m_isAtEnd || m_input.size() > maximumLine) {
            const bool isLine = end >= 0 || (m_isAtEnd && !m_input.isEmpty());
            const QByteArray line = m_input.first(end >= 0 ? end : m_input.size());
            m_input.remove(0, end + 1);
            if (!isLine || line.size() > maximumLine || line.contains('\0')) {
                co_return std::optional<QByteArray>();
            }
            if (end < 0) {
                m_input.clear();
            }
            co_return std::optional<QByteArray>(line.endsWith('\r') ? line.chopped(1) : line);
        }
        Result<void> more = co_await waitForMore(stop);
        if (!more) {
            co_return base::failed(more.error());
        }
    }
}

Task<Result<QByteArray>> Terminal::readAll(qsizetype maximumSize, std::stop_token stop)
{
    startReading();
    while (!m_isAtEnd && m_input.size() <= maximumSize) {
        Result<void> more = co_await waitForMore(stop);
        if (!more) {
            co_return base::failed(more.error());
        }
    }
    if (m_input.size() > maximumSize) {
        co_return base::failed(
            base::makeError(ErrorKind::InvalidInput, Words::tr("There is too much on standard input.")));
    }
    // At a terminal, Ctrl-D ends what was pasted; the person can still be asked.
    m_isAtEnd = m_isAtEnd && !inputIsTerminal();
    if (m_notifier && !m_isAtEnd) {
        m_notifier->setEnabled(true);
    }
    co_return std::exchange(m_input, QByteArray());
}

Task<Result<base::Secret>> Terminal::readSecret(QString question, std::stop_token stop)
{
    std::optional<NoEcho> noEcho;
    if (inputIsTerminal()) {
        noEcho.emplace();
        write(stderr, question.toLocal8Bit() + ' ');
    }
    Result<std::optional<QByteArray>> line = co_await readLine(stop);
    if (noEcho) {
        // The person's own line break was not shown either.
        write(stderr, "\n");
    }
    if (!line) {
        co_return base::failed(line.error());
    }
    if (!*line || (*line)->trimmed().isEmpty()) {
        co_return base::failed(base::makeError(
            ErrorKind::InvalidInput,
            Words::tr("A key or secret was expected on standard input, and there was none.")));
    }
    co_return base::Secret((*line)->trimmed());
}

Task<Result<bool>> Terminal::confirm(QString question, std::stop_token stop)
{
    if (!canAsk()) {
        co_return false;
    }
    write(stderr, (question + u" [y/N] "_s).toLocal8Bit());
    Result<std::optional<QByteArray>> line = co_await readLine(stop);
    if (!line) {
        co_return base::failed(line.error());
    }
    const QString answer = QString::fromLocal8Bit(line->value_or(QByteArray())).trimmed().toLower();
    // Whoever sees the question in another language may answer in it.
    co_return answer == "y"_L1 || answer == "yes"_L1 || (!answer.isEmpty() && answer == Words::tr("yes"));
}

} // namespace mooring::cli
