// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <utility>

namespace mooring::interop {

/// Whose options they are: the same letter means other things to others.
enum class CommandFamily {
    Adder, ///< "claude mcp add" and its like
    Bridge, ///< mcp-remote and its like
    Curl,
};

/// What an option is about, whatever it is called.
enum class OptionRole {
    Header,
    Environment,
    Address,
    Name,
    BearerVariable,
    Bearer,
    ClientId,
    ClientSecret,
    CallbackPort,
    Scopes,
    OAuthClient,
    Json,
    User,
    Program,
    Other
};

/// A command line, taken apart into options and what is none.
struct CommandWords {
    QStringList plain;
    QList<std::pair<OptionRole, QString>> options;
    /// Behind a lone "--".
    QStringList behind;
    bool hasDashes = false;

    QStringList values(OptionRole role) const;
    QString value(OptionRole role) const;
};

/// `words` without the program's own.
CommandWords readCommandWords(const QStringList &words, CommandFamily family);

/// "npx" of "/usr/bin/npx", "C:\…\npx.cmd".
QString programName(const QString &word);
/// "mcp-remote" of "mcp-remote@latest", "@scope/mcp-remote@1.2.3" and "npm:mcp-remote".
QString packageName(const QString &word);

} // namespace mooring::interop
