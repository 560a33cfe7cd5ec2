// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "interop/paste.h"

#include <algorithm>

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    const base::Result<interop::Paste> paste = interop::readPaste(text);
    if (!paste) {
        require(!paste.error().sentence.isEmpty(), "every refusal has a sentence");
        require(paste.error().sentence.size() < 1000, "a sentence is short");
        return 0;
    }
    require(!paste->servers.isEmpty() && paste->servers.size() <= interop::maximumServers,
            "some servers, and not too many");
    for (const interop::PastedServer &server : paste->servers) {
        require(!server.url.isEmpty(), "every server has an address");
        require(server.url.text().size() <= 8192, "an address has an end");
        for (const interop::PastedHeader &header : server.headers) {
            require(!header.name.isEmpty() && !header.value.isEmpty(), "a header has a name and a value");
            const QString value = header.value.text();
            require(!value.contains(u'\n') && !value.contains(u'\r'), "a header is one line");
        }
        QHash<QString, QString> values;
        for (const interop::Blank &blank : server.blanks()) {
            values.insert(blank.name, QStringLiteral("v"));
        }
        require(server.filled(values).isComplete(), "all blanks can be filled in");
    }
    return 0;
}
