// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "http/form.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    if (const std::optional<http::FormFields> fields = http::decodeForm(bytes)) {
        const std::optional<http::FormFields> again = http::decodeForm(http::encodeForm(*fields));
        require(again && *again == *fields, "encoding and decoding lose nothing");
    }
    const QByteArray encoded = http::percentEncode(bytes.toByteArray());
    require(QByteArray::fromPercentEncoding(encoded) == bytes, "every byte survives");
    return 0;
}
