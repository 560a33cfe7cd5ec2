// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using connections::Disconnected;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::cli", text);
}

QList<ConnectionView> allViews(const Context &context)
{
    QList<ConnectionView> views;
    for (const auto &connection : context.list.connections()) {
        views.append(viewOf(*connection, context.now()));
    }
    return views;
}

ExitCode showList(const Context &context)
{
    const QList<ConnectionView> views = allViews(context);
    QJsonArray entries;
    QStringList details;
    for (const ConnectionView &view : views) {
        entries.append(toJson(view));
        details.append(statusText(view, context.terminal.outputStyle(), context.now()));
    }
    const bool isBrief = context.arguments.command == Command::List || views.isEmpty();
    context.terminal.jsonOut({{u"connections"_s, entries}});
    context.terminal.out(isBrief ? listText(views, context.terminal.outputStyle()) : details.join(u"\n\n"_s));
    return ExitCode::Ok;
}

/// A grant that may still be alive at the service is worth an exit code of its own.
ExitCode showEnd(const Context &context, const Disconnected &ended, const QString &text)
{
    context.terminal.jsonOut(toJson(ended));
    context.terminal.out(text);
    return ended.outcome == connections::RevocationOutcome::NotConfirmed ? ExitCode::Failed : ExitCode::Ok;
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
    case Command::Rename:
        co_return co_await runRename(std::move(context), stop);
    case Command::Label:
        co_return co_await runLabel(std::move(context), stop);
    case Command::Key:
        co_return co_await runKey(std::move(context), stop);
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
    if (context->arguments.connection.isEmpty()) {
        return {};
    }
    const auto found = context->list.find(context->arguments.connection);
    if (!found) {
        return base::failed(found.error());
    }
    context->connection = *found;
    return {};
}

} // namespace

ExitCode showStatus(const Context &context)
{
    const ConnectionView view = viewOf(*context.connection, context.now());
    context.terminal.jsonOut({{u"connection"_s, toJson(view)}});
    context.terminal.out(statusText(view, context.terminal.outputStyle(), context.now()));
    return ExitCode::Ok;
}

Task<ExitCode> runCommand(Context context, std::stop_token stop)
{
    Terminal &terminal = context.terminal;
    if (const Result<void> prepared = prepare(&context); !prepared) {
        terminal.fail(prepared.error());
        co_return exitCodeOf(prepared.error());
    }
    Result<ExitCode> done = co_await dispatch(std::move(context), stop);
    if (!done) {
        terminal.fail(done.error());
        co_return exitCodeOf(done.error());
    }
    co_return *done;
}

Task<Result<ExitCode>> runDisconnect(Context context, std::stop_token stop)
{
    Result<Disconnected> ended = co_await context.connection->disconnectFromServer(stop);
    if (!ended) {
        co_return base::failed(ended.error());
    }
    co_return showEnd(context, *ended, ended->sentence);
}

Task<Result<ExitCode>> runRemove(Context context, std::stop_token stop)
{
    const QString id = context.connection->id();
    context.connection.reset();
    Result<Disconnected> ended = co_await context.list.remove(id, context.arguments.force, stop);
    if (!ended) {
        co_return base::failed(ended.error());
    }
    const bool wasSignedIn = ended->outcome != connections::RevocationOutcome::NothingToRevoke;
    const QString removed = tr("Removed from the list.");
    co_return showEnd(context, *ended, wasSignedIn ? ended->sentence + u' ' + removed : removed);
}

Task<Result<ExitCode>> runRename(Context context, std::stop_token stop)
{
    Result<void> renamed = co_await context.connection->rename(context.arguments.newName, stop);
    if (!renamed) {
        co_return base::failed(renamed.error());
    }
    co_return showStatus(context);
}

} // namespace mooring::cli
