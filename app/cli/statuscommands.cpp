// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/statuscommands.h"

#include "cli/outputjson.h"
#include "cli/outputtext.h"

#include <QJsonArray>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using connections::RevocationRecord;

namespace {

QList<text::ConnectionView> allViews(const Context &context)
{
    QList<text::ConnectionView> views;
    for (const auto &connection : context.list.connections()) {
        views.append(text::lastKnownViewOf(*connection));
    }
    return views;
}

} // namespace

ExitCode showList(const Context &context)
{
    const QList<text::ConnectionView> views = allViews(context);
    const bool isBrief = context.arguments.command == Command::List || views.isEmpty();
    QJsonArray entries;
    QStringList details;
    for (const text::ConnectionView &view : views) {
        entries.append(toJson(view, context.now()));
        details.append(statusText(view, context.terminal.outputStyle(), context.now()));
    }
    QJsonArray pending;
    QStringList lines;
    for (const RevocationRecord &entry : context.list.revocations().all()) {
        pending.append(toJson(entry));
        // Those of a connection in the list stand with it, where there is room.
        if (isBrief || !context.list.byId(entry.connectionId)) {
            lines.append(pendingText(entry, context.now()));
        }
    }
    context.terminal.jsonOut({{u"connections"_s, entries}, {u"revocations"_s, pending}});
    context.terminal.out(
        isBrief ? listText(views, context.terminal.outputStyle(), context.now(), context.arguments.showsIds)
                : details.join(u"\n\n"_s));
    if (!lines.isEmpty()) {
        context.terminal.out(u'\n' + lines.join(u'\n'));
    }
    return ExitCode::Ok;
}

ExitCode showStatus(const Context &context)
{
    const text::ConnectionView view = text::lastKnownViewOf(*context.connection);
    context.terminal.jsonOut({{u"connection"_s, toJson(view, context.now())}});
    context.terminal.out(statusText(view, context.terminal.outputStyle(), context.now()));
    return ExitCode::Ok;
}

} // namespace mooring::cli
