// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "interop/blanks.h"
#include "interop/headervalue.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    for (const QString &name : {QStringLiteral("Authorization"), QStringLiteral("X-Api-Key")}) {
        const interop::HeaderValue value = interop::readHeaderValue(name, text);
        require(value.value.reveal().size() <= text.toUtf8().size(), "undressing adds nothing");
        const QString said = interop::oddityText(value.noticed);
        require(said.isEmpty() == !value.noticed, "what was noticed is told");
    }
    const interop::PastedText read = interop::readBlanks(text, {}, QStringLiteral("X-Key"));
    require(read.text() == text, "blanks stay where they were");
    return 0;
}
