// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "base/task.h"
#include "cli/style.h"

#include <QJsonObject>
#include <QObject>

#include <deque>
#include <memory>
#include <optional>

class QSocketNotifier;

namespace mooring::cli {

/// Standard input, output and error of mooringctl: what is a terminal, what may be echoed, and
/// lines that are read without blocking the event loop. One object for the whole run.
class Terminal final : public QObject {
    Q_OBJECT
public:
    explicit Terminal(bool json);
    ~Terminal() override;

    /// Somebody is waited for to type.
    bool isReading() const { return m_reader.has_value(); }
    bool isJson() const { return m_json; }
    bool inputIsTerminal() const;
    /// A person is there to answer a question.
    bool canAsk() const { return inputIsTerminal() && !m_json; }
    /// Whether a line can be waited for while other things go on; on Windows reading blocks.
    static bool canReadMeanwhile();
    Style outputStyle() const;
    Style errorStyle() const;

    /// Standard output. With --json only jsonOut() writes there, once.
    void out(const QString &text);
    void jsonOut(const QJsonObject &document);
    /// Standard error: progress, questions and links.
    void say(const QString &text);
    /// `next` is the command that helps, whole; empty for none.
    void fail(const base::Error &error, const QString &next = {});
    /// Something that was to stand on standard output isn't there (a full disk). A reader that has gone away
    /// has read enough, and is no trouble.
    const std::optional<base::Error> &outputTrouble() const { return m_outputTrouble; }

    /// The next line of standard input without its line break; nothing at its end. NUL and lines beyond 64
    /// KiB end the input too. One reader at a time. Cancelled when `stop` is requested.
    base::Task<base::Result<std::optional<QByteArray>>> readLine(std::stop_token stop);
    /// Everything up to the end of input, as it came. InvalidInput beyond `maximumSize` bytes.
    base::Task<base::Result<QByteArray>> readAll(qsizetype maximumSize, std::stop_token stop);
    /// A line that is not echoed; `question` is shown where a person types. InvalidInput for an empty one.
    base::Task<base::Result<base::Secret>> readSecret(QString question, std::stop_token stop);
    /// Yes only if somebody types so; no where nobody can.
    base::Task<base::Result<bool>> confirm(QString question, std::stop_token stop);

Q_SIGNALS:
    /// Something has been written to standard output or error.
    void wrote();

private:
    void writeOut(const QByteArray &bytes);
    void onReadable();
    void wakeReader();
    /// Until there is more in m_input, or its end. Cancelled when `stop` is requested.
    base::Task<base::Result<void>> waitForMore(std::stop_token stop);
    void startReading();

    bool m_json;
    bool m_isAtEnd = false;
    QByteArray m_input;
    std::optional<base::Error> m_outputTrouble;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::optional<base::OneShot<bool>> m_reader;
};

} // namespace mooring::cli
