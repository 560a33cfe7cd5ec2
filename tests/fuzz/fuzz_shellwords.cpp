// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "interop/shellwords.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    qsizetype length = 0;
    for (interop::ShellCommand &command : interop::shellCommands(text)) {
        require(!command.words.isEmpty() && command.line >= 1, "a command has words and a line");
        for (const QString &word : command.words) {
            length += word.size();
        }
        QHash<QString, QString> variables;
        interop::takePromptAndVariables(&command.words, &variables);
    }
    // A dash of a word processor becomes two.
    require(length <= 2 * text.size(), "words come from the text");
    return 0;
}
