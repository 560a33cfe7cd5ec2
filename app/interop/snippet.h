// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace mooring::interop {

/// One server of a configuration snippet, as another app's instructions give it.
struct SnippetServer {
    /// Empty if the snippet has none.
    QString name;
    /// As it was written; not checked yet. Empty for a program.
    QString url;
    /// The header that Mooring can send; empty for none.
    QString headerName;
    QString headerValue;
    /// Names of further headers, which are left out.
    QStringList otherHeaders;
    /// "${VAR}" and the like in URL or header value: they stay as they are written.
    QStringList placeholders;
    /// The entry starts a program instead of naming an address.
    bool isProgram = false;
};

/// Whether the text is meant to be a snippet and not an address.
bool looksLikeSnippet(const QString &text);

/// Understands {"mcpServers": {…}}, {"servers": {…}}, {"context_servers": {…}}, {"mcp": {…}}, a bare
/// {"name": {"url": …}} and a bare {"url": …}, with or without the outer braces, comments and trailing
/// commas; url, serverUrl, httpUrl or uri; headers; and "npx mcp-remote URL", whose job Mooring does itself.
/// Errors: InvalidInput, with a sentence.
base::Result<QList<SnippetServer>> parseSnippet(const QString &text);

} // namespace mooring::interop
