// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "http/inflate.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    static constexpr qint64 maximum = 64 * 1024;
    const QByteArray bytes = fuzz::bytesOf(data, size).toByteArray();
    if (const std::optional<QByteArray> plain = http::inflate(bytes, maximum)) {
        require(plain->size() <= maximum, "a small answer doesn't become a large one");
    }
    if (bytes.isEmpty()) {
        return 0;
    }
    // What Qt packs carries its length in front, which zlib doesn't know.
    const QByteArray packed = qCompress(bytes).sliced(4);
    require(http::inflate(packed, maximum) == bytes, "what was packed comes out again");
    require(!http::inflate(packed, bytes.size() - 1), "one byte too many is too much");
    require(!http::inflate(packed.chopped(1), maximum), "what is cut short is refused");
    return 0;
}
