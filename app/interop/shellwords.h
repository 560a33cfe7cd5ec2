// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace mooring::interop {

/// One command as a shell would start it; nothing is put in for variables.
struct ShellCommand {
    QStringList words;
    int line = 1;
};

/// Takes a text apart by the quoting rules of the shells that instructions are written for: single, double
/// and
/// $'…' quotes, backslashes, lines that go on (\, ^ of cmd.exe, ` of PowerShell), && and |, comments, and the
/// quotes and dashes that a word processor makes of them. `<your key>` and `$(command)` stay in one piece.
QList<ShellCommand> shellCommands(const QString &text);

/// Takes prompts ("$", "PS C:\>") off the front, and the assignments ("K=v", "export K=v", "set K=v",
/// "$env:K = v") into `variables`.
void takePromptAndVariables(QStringList *words, QHash<QString, QString> *variables);

} // namespace mooring::interop
