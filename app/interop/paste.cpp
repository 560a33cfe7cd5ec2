// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/paste.h"

#include "base/words.h"
#include "interop/hostcommand.h"
#include "interop/pastereader.h"
#include "interop/prose.h"
#include "interop/shellwords.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

base::Result<Paste> readPaste(const QString &text)
{
    // Counted before anything is made of it: most characters are one byte, none are more than three.
    if (text.size() > maximumPaste
        || (text.size() > maximumPaste / 3 && text.toUtf8().size() > maximumPaste)) {
        return base::failed(base::makeError(
            ErrorKind::InvalidInput, Words::tr("This is too long to be meant: more than a megabyte.")));
    }
    PasteReader reader;
    reader.read(withoutInvisible(text));
    return reader.result();
}

base::Result<Paste> readPastedWords(const QStringList &words)
{
    Findings findings;
    Surroundings around;
    QStringList command = words;
    takePromptAndVariables(&command, &around.variables);
    if (!takeHostCommand(&command)) {
        return readPaste(words.join(u' '));
    }
    readHostCommand(command, around, &findings);
    return findings.result(
        base::makeError(ErrorKind::InvalidInput, Words::tr("There is no address of a server in this.")));
}

} // namespace mooring::interop
