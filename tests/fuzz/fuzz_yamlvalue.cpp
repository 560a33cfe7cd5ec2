// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "interop/serverentries.h"
#include "interop/yamlvalue.h"

#include <algorithm>

using namespace mooring;
using fuzz::require;

namespace {

int depthOf(const interop::Value &value)
{
    int depth = 0;
    for (const interop::Value &item : value.items) {
        depth = std::max(depth, depthOf(item));
    }
    return depth + 1;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    const base::Result<interop::Value> value = interop::readYamlValue(text);
    if (!value) {
        require(!value.error().sentence.isEmpty(), "every refusal has a sentence");
        return 0;
    }
    require(depthOf(*value) <= 10 * interop::maximumDepth, "it has a bottom");
    interop::Findings findings;
    interop::readServerEntries(*value, {}, &findings);
    return 0;
}
