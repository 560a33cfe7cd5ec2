// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace mooring::interop {

/// Without the characters that nobody sees: byte order mark, zero-width and direction marks are gone, all
/// blanks are spaces, all line ends are line feeds.
QString withoutInvisible(const QString &text);

/// A part of a Markdown text.
struct TextPart {
    QString text;
    int line = 1;
};

/// What stands between fences (``` or ~~~), and between single backticks. A fence that is never closed goes
/// on to the end.
QList<TextPart> fencedParts(const QString &text);
QStringList quotedParts(const QString &text);

/// Every address and every link of an app in a sentence, without the punctuation around it: "<https://…>",
/// "(https://…)", "[name](https://…)", "https://…,". Pictures are left out.
QStringList addressesIn(const QString &text);

/// A host with a path that speaks of MCP, without a scheme: "mcp.example.com/mcp".
QStringList bareAddressesIn(const QString &text);

/// Without quotes, brackets and punctuation around a single address.
QString withoutWrapping(const QString &text);

/// The lines that are headers: "Authorization: Bearer …", "- X-Api-Key: …"; and the pairs of texts in program
/// code that are: "Authorization": "Bearer …".
QStringList headerLinesIn(const QString &text);

/// The address that a whole HTTP request is sent to ("POST /mcp HTTP/1.1", "Host: …"); empty if it is none.
QString requestAddressIn(const QString &text);

} // namespace mooring::interop
