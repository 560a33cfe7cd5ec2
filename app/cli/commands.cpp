// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include "cli/addcommands.h"
#include "cli/authorizecommand.h"
#include "cli/disconnectcommands.h"
#include "cli/keychaincommands.h"
#include "cli/settingscommands.h"
#include "cli/statuscommands.h"
#include "cli/tokencommands.h"
#include "cli/toolcommands.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;

namespace {

/// What is being told when everything else is done may take this much longer. It happens at most once for
/// each attempt, and those are minutes apart.
constexpr std::chrono::milliseconds patienceWithRevocations(1000);

/// Those that talk to a network anyway: meanwhile, services can be told what they are still to be told.
bool usesNetwork(Command command)
{
    switch (command) {
    case Command::Add:
    case Command::Probe:
    case Command::Authorize:
    case Command::Tools:
    case Command::Call:
    case Command::Token:
    case Command::Refresh:
    case Command::Disconnect:
    case Command::Remove:
        return true;
    case Command::List:
    case Command::Status:
    case Command::Forget:
    case Command::Rename:
    case Command::Label:
    case Command::Key:
    case Command::Unlock:
    case Command::Keychain:
    case Command::Settings:
    case Command::ProfileSettings:
        break;
    }
    return false;
}

Task<Result<ExitCode>> dispatch(Context context, std::stop_token stop)
{
    switch (context.arguments.command) {
    case Command::List:
        co_return showList(context);
    case Command::Status:
        co_return context.connection ? showStatus(context) : showList(context);
    case Command::Add:
        co_return co_await runAdd(std::move(context), stop);
    case Command::Probe:
        co_return co_await runProbe(std::move(context), stop);
    case Command::Authorize:
        co_return co_await runAuthorize(std::move(context), stop);
    case Command::Tools:
        co_return co_await runTools(std::move(context), stop);
    case Command::Call:
        co_return co_await runCall(std::move(context), stop);
    case Command::Token:
        co_return co_await runToken(std::move(context), stop);
    case Command::Refresh:
        co_return co_await runRefresh(std::move(context), stop);
    case Command::Disconnect:
        co_return co_await runDisconnect(std::move(context), stop);
    case Command::Remove:
        co_return co_await runRemove(std::move(context), stop);
    case Command::Forget:
        co_return co_await runForget(std::move(context), stop);
    case Command::Rename:
        co_return co_await runRename(std::move(context), stop);
    case Command::Label:
        co_return co_await runLabel(std::move(context), stop);
    case Command::Key:
        co_return co_await runKey(std::move(context), stop);
    case Command::Unlock:
        co_return co_await runUnlock(std::move(context), stop);
    case Command::Keychain:
        co_return co_await runKeychain(std::move(context), stop);
    case Command::Settings:
        co_return co_await runSettings(std::move(context), stop);
    case Command::ProfileSettings:
        co_return co_await runProfileSettings(std::move(context), stop);
    }
    co_return ExitCode::Failed;
}

/// Reads the list and finds the connection that is meant.
Result<void> prepare(Context *context)
{
    if (const Result<void> loaded = context->list.load(); !loaded) {
        return loaded;
    }
    // What is forgotten may outlive its connection.
    if (context->arguments.connection.isEmpty() || context->arguments.command == Command::Forget) {
        return {};
    }
    const auto found = context->list.find(context->arguments.connection);
    if (!found) {
        return base::failed(found.error());
    }
    context->connection = *found;
    return {};
}

/// The command that helps after an error. Never the one that has just failed.
QString nextAfter(const base::Error &error, const Context &context)
{
    if (error.keychainCase == base::KeychainCase::Locked && context.arguments.command != Command::Unlock) {
        return context.command({u"unlock"_s});
    }
    if (!context.connection) {
        return {};
    }
    const QString handle = handleOf(context.list, *context.connection);
    const QStringList words = wordsAfter(error, context.connection->record(), handle);
    const bool isTheSame =
        context.arguments.command == Command::Authorize && words == QStringList{u"authorize"_s, handle};
    return words.isEmpty() || isTheSame ? QString() : context.command(words);
}

} // namespace

bool onlyReads(Command command)
{
    return command == Command::List || command == Command::Status || command == Command::Probe;
}

Task<ExitCode> runCommand(Context context, std::stop_token stop)
{
    Terminal &terminal = context.terminal;
    if (const Result<void> prepared = prepare(&context); !prepared) {
        terminal.fail(prepared.error());
        co_return exitCodeOf(prepared.error());
    }
    connections::PendingRevocations &revocations = context.list.revocations();
    if (usesNetwork(context.arguments.command)) {
        revocations.tellDue();
    }
    Result<ExitCode> done = co_await dispatch(context, stop);
    if (done && usesNetwork(context.arguments.command)) {
        co_await offerToMove(context, stop);
    }
    co_await revocations.settled(patienceWithRevocations);
    if (!done) {
        terminal.fail(done.error(), nextAfter(done.error(), context));
        co_return exitCodeOf(done.error());
    }
    co_return *done;
}

} // namespace mooring::cli
