// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/exitcode.h"
#include "cli/nextcommand.h"
#include "cli/terminal.h"
#include "connections/connectionlist.h"

namespace mooring::cli {

/// What a command works on. What is referred to outlives the command.
struct Context {
    connections::ConnectionList &list;
    Terminal &terminal;
    Arguments arguments;

    QDateTime now() const { return list.clock()(); }
    std::shared_ptr<connections::Connection> connection = {};

    /// A command of the same profile, whole, to be pasted.
    QString command(const QStringList &words) const { return commandText(arguments.profile, words); }
};

/// Does what the arguments say. Everything has been written to the terminal when it ends, errors
/// included. Never opens a browser but for `authorize`.
base::Task<ExitCode> runCommand(Context context, std::stop_token stop);

// The commands, for runCommand(). Those that are about one connection find it in the context.
base::Task<base::Result<ExitCode>> runAdd(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runProbe(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runAuthorize(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runTools(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runCall(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runToken(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runRefresh(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runDisconnect(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runRemove(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runForget(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runRename(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runLabel(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runKey(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runUnlock(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runKeychain(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runSettings(Context context, std::stop_token stop);
base::Task<base::Result<ExitCode>> runProfileSettings(Context context, std::stop_token stop);

/// At a terminal: tells once that a person's keychain is another one now, and asks whether what is in the old
/// one is to be moved. For the end of a command that has used the keychain.
base::Task<void> offerToMove(Context context, std::stop_token stop);

/// Needs no more than a folder that can be read.
bool onlyReads(Command command);

/// What `status` shows of the connection in the context; for commands that change it.
ExitCode showStatus(const Context &context);

/// What ConnectionList calls to open a page: the system's opener, or nothing with --no-browser;
/// either way the link is printed. `terminal` outlives it.
oauth::OpenUrl pageOpener(Terminal &terminal, bool opensBrowser);

} // namespace mooring::cli
