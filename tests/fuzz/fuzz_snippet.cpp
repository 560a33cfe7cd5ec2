// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "interop/snippet.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    interop::looksLikeSnippet(text);
    const base::Result<QList<interop::SnippetServer>> servers = interop::parseSnippet(text);
    if (!servers) {
        require(!servers.error().sentence.isEmpty(), "every refusal has a sentence");
        return 0;
    }
    require(!servers->isEmpty() && servers->size() <= 100, "some servers, and not too many");
    for (const interop::SnippetServer &server : *servers) {
        require(server.isProgram == server.url.isEmpty(), "an address or a program");
        require(!server.headerName.isEmpty() || server.headerValue.isEmpty(), "a value has a header");
    }
    return 0;
}
