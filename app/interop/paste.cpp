// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/paste.h"

#include "interop/snippet.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;

base::Result<Paste> readPaste(const QString &text)
{
    Paste paste;
    if (!looksLikeSnippet(text)) {
        PastedServer server;
        server.url = PastedText(text.trimmed());
        paste.servers.append(server);
        return paste;
    }
    const base::Result<QList<SnippetServer>> servers = parseSnippet(text);
    if (!servers) {
        return base::failed(servers.error());
    }
    for (const SnippetServer &one : *servers) {
        PastedServer server;
        server.name = one.name;
        server.url = PastedText(one.url);
        if (!one.headerName.isEmpty()) {
            server.headers.append({one.headerName, PastedText(one.headerValue), true});
        }
        if (!one.isProgram) {
            paste.servers.append(server);
        }
    }
    return paste;
}

base::Result<Paste> readPastedWords(const QStringList &words)
{
    return readPaste(words.join(u' '));
}

} // namespace mooring::interop
