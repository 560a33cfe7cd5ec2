// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"
#include "fuzz/fuzzing.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    for (const qsizetype limit : {5, 60, 200}) {
        const QString shown = base::displayText(text, limit);
        // Base characters count; each may have four marks, and each may take two units.
        require(shown.size() <= (limit + 1) * 5 * 2, "no longer than it may be");
        for (const QChar c : shown) {
            require(c.category() != QChar::Other_Control, "no control character");
            require(!(c.unicode() >= 0x202a && c.unicode() <= 0x202e), "nothing that turns the direction");
            require(!(c.unicode() >= 0x2066 && c.unicode() <= 0x2069), "nothing that isolates a direction");
        }
        require(base::displayText(shown, limit + 1) == shown, "fit to be shown stays as it is");
    }
    return 0;
}
