// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/disconnectcommands.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/outputjson.h"

#include <QJsonArray>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;
using connections::Disconnected;
using connections::RevocationOutcome;
using connections::RevocationRecord;

namespace {

/// A grant that may still be alive at the service is worth an exit code of its own.
ExitCode showEnd(const Context &context, const Disconnected &ended, const QString &text)
{
    context.terminal.jsonOut(toJson(ended));
    context.terminal.out(text);
    const bool isOver =
        ended.outcome != RevocationOutcome::NotConfirmed && ended.outcome != RevocationOutcome::Pending;
    return isOver ? ExitCode::Ok : ExitCode::Failed;
}

/// Of a connection by its name, id or address, which may be out of the list by now; or one of them by its own
/// id.
QList<RevocationRecord> pendingOf(const Context &context)
{
    const QString &name = context.arguments.connection;
    const auto found = context.list.find(name);
    const QString connectionId = found ? (*found)->id() : name;
    QList<RevocationRecord> entries = context.list.revocations().all();
    entries.removeIf([&](const RevocationRecord &entry) {
        const bool isNamed = !found && entry.name.compare(name, Qt::CaseInsensitive) == 0;
        return entry.id != name && entry.connectionId != connectionId && !isNamed;
    });
    return entries;
}

} // namespace

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
    const bool wasSignedIn = ended->outcome != RevocationOutcome::NothingToRevoke;
    const QString removed = Words::tr("Removed from the list.");
    co_return showEnd(context, *ended, wasSignedIn ? ended->sentence + u' ' + removed : removed);
}

Task<Result<ExitCode>> runForget(Context context, std::stop_token)
{
    const QList<RevocationRecord> entries = pendingOf(context);
    if (entries.isEmpty()) {
        co_return base::failed(
            makeError(base::ErrorKind::NotFound, Words::tr("Nothing is still to be told for “%1”.")
                                                     .arg(base::displayText(context.arguments.connection))));
    }
    QJsonArray forgotten;
    QStringList lines;
    for (const RevocationRecord &entry : entries) {
        Result<void> done = co_await context.list.revocations().forget(entry.id);
        if (!done) {
            co_return base::failed(done.error());
        }
        forgotten.append(toJson(entry));
        lines.append(connections::endText(connections::RevocationEnd::Forgotten,
                                          base::displayAuthority(QUrl(entry.issuer))));
    }
    context.terminal.jsonOut({{u"forgotten"_s, forgotten}});
    context.terminal.out(lines.join(u'\n'));
    co_return ExitCode::Ok;
}

} // namespace mooring::cli
