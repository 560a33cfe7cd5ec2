// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/shellwords.h"

namespace mooring::interop {

/// One pass over a text; see shellCommands().
class ShellScanner final {
public:
    explicit ShellScanner(const QString &text)
        : m_text(text)
    {
    }

    QList<ShellCommand> scan();

private:
    void takeOne();
    bool takeLineEnd();
    bool takeSeparator();
    bool takeQuoted();
    bool takePiece();
    void takeEscape();
    void takeDollarQuoted();
    void takeDoubleQuoted();
    void endWord();
    void endCommand();
    void add(QChar c);
    QChar at(qsizetype offset = 0) const;
    bool goesOn(qsizetype offset, qsizetype *length) const;

    const QString m_text;
    qsizetype m_at = 0;
    int m_line = 1;
    QString m_word;
    bool m_isInWord = false;
    qsizetype m_count = 0;
    ShellCommand m_command;
    QList<ShellCommand> m_commands;
};

} // namespace mooring::interop
