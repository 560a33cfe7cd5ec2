// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "interop/installlink.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    interop::isInstallLink(text);
    interop::Findings findings;
    interop::readInstallLink(text, &findings);
    require(!findings.isEmpty(), "a link has a server, or there is a reason why not");
    return 0;
}
