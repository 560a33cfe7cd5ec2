// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <variant>

namespace mooring::cli {

enum class Command {
    List,
    Add,
    Probe,
    Authorize,
    Status,
    Tools,
    Call,
    Token,
    Refresh,
    Disconnect,
    Remove,
    Forget,
    Rename,
    Label,
    Key,
    Unlock,
    Keychain,
    Settings,
    ProfileSettings,
};

/// What mooringctl was told to do. Never holds a secret: those come on standard input.
struct Arguments {
    Command command = Command::List;
    /// Empty for the default profile.
    QString profile;
    bool json = false;
    /// The connection that is meant: a name, an id or a URL. Empty only for `status` of all. Of `forget`, it
    /// may be gone from the list.
    QString connection;
    /// Of `probe`, as typed.
    QString url;
    /// Of `add`: an address or anything that has one in it, word by word; none for standard input.
    QStringList pasted;
    /// Of `add --name`, `rename` and `label`.
    QString newName;
    /// Of `add`, `probe` and `key`: each "NAME" for a key from standard input, or "NAME: value".
    QStringList headers;
    /// Of `add` and `authorize`: the offers that are taken beforehand; see remedyFlags().
    QStringList remedies;
    QString clientId;
    bool readsClientSecret = false;
    bool opensBrowser = true;
    QString tool;
    /// A JSON object; "-" reads it from standard input.
    QString toolArguments = QStringLiteral("{}");
    bool reveal = false;
    /// Of `probe`: the Markdown report.
    bool report = false;
    /// Of `settings` and `profile-settings`: KEY=VALUE.
    QStringList changes;
    bool reset = false;
    /// Of `keychain`.
    bool moves = false;

    // Of `authorize`.
    bool allowsMore = false;
    QStringList scopes;
    bool choosesAccount = false;
    bool readsPrivateKey = false;
    bool readsWorkloadToken = false;
    bool readsIdToken = false;
    QString idpTokenEndpoint;
    QString idpClientId;

    /// Of `list`.
    bool showsIds = false;
    bool force = false;
};

/// A run that ends before it begins: help, version, or a mistake in the arguments.
struct EarlyEnd {
    int exitCode = 0;
    QString text;
    /// The mistake was made with --json on the line, so it is reported that way.
    bool json = false;
};

/// `words` are the arguments without the program's name.
std::variant<Arguments, EarlyEnd> parseArguments(const QStringList &words);

} // namespace mooring::cli
