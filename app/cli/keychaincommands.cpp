// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/keychaincommands.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"
#include "storage/keychainreport.h"

#include <QJsonArray>

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::displayText;
using base::Result;
using base::Task;
using base::Words;
using connections::Keeping;
using connections::Moved;

namespace {

QString shownPlace(const QString &place)
{
    return place.isEmpty() ? Words::tr("not noted") : displayText(storage::placeText(place));
}

/// Of the names: "Linear, Notion and 3 more".
QString shownNames(const QStringList &names)
{
    constexpr qsizetype most = 5;
    QStringList shown;
    for (const QString &name : names.first(std::min(most, names.size()))) {
        shown.append(displayText(name));
    }
    const qsizetype rest = names.size() - shown.size();
    return rest > 0 ? Words::tr("%1 and %2 more").arg(shown.join(u", "_s)).arg(rest) : shown.join(u", "_s);
}

Task<Result<ExitCode>> showKeychain(Context context, std::stop_token stop)
{
    storage::SecretStore &secrets = context.list.secrets();
    Result<void> usable = co_await secrets.checkUsable({}, storage::Asking::IfNeeded, stop);
    if (!usable && usable.error().kind == base::ErrorKind::Cancelled) {
        co_return base::failed(usable.error());
    }
    const QString now = usable ? secrets.identity() : QString();
    const QList<Keeping> keepings = connections::keepingsOf(context.list.connections());
    const QStringList strays = connections::straysOf(keepings, now);
    QJsonArray entries;
    QList<std::pair<QString, QString>> facts{
        {Words::tr("Keychain"), usable ? shownPlace(now) : displayText(usable.error().sentence, 500)}};
    for (const Keeping &keeping : keepings) {
        entries.append(QJsonObject{
            {u"id"_s, keeping.connectionId}, {u"name"_s, keeping.name}, {u"keychain"_s, keeping.place}});
        facts.append({displayText(keeping.name), shownPlace(keeping.place)});
    }
    context.terminal.jsonOut(
        {{u"keychain"_s, usable ? QJsonValue(now) : QJsonValue(QJsonValue::Null)},
         {u"error"_s, usable ? QJsonValue(QJsonValue::Null) : QJsonValue(toJson(usable.error()))},
         {u"connections"_s, entries}});
    context.terminal.out(factsText(facts));
    if (!strays.isEmpty()) {
        context.terminal.say(Words::tr("In another keychain than new sign-ins go to: %1. To move them: %2")
                                 .arg(shownNames(strays), context.command({u"keychain"_s, u"--move"_s})));
    }
    co_return ExitCode::Ok;
}

Task<Result<ExitCode>> moveKeychain(Context context, std::stop_token stop)
{
    Result<Moved> moved = co_await context.list.moveSecrets(stop);
    if (!moved) {
        co_return base::failed(moved.error());
    }
    QJsonArray left;
    for (const auto &[name, error] : std::as_const(moved->left)) {
        left.append(QJsonObject{{u"name"_s, name}, {u"error"_s, toJson(error)}});
    }
    context.terminal.jsonOut({{u"keychain"_s, moved->place},
                              {u"moved"_s, QJsonArray::fromStringList(moved->names)},
                              {u"left"_s, left}});
    if (!moved->names.isEmpty()) {
        context.terminal.out(
            Words::tr("In %1 now: %2.").arg(shownPlace(moved->place), shownNames(moved->names)));
    } else if (moved->left.isEmpty()) {
        context.terminal.out(Words::tr("There is nothing to move."));
    }
    for (const auto &[name, error] : std::as_const(moved->left)) {
        context.terminal.say(
            Words::tr("Not moved: %1. %2")
                .arg(name.isEmpty() ? Words::tr("a registration or a pending revocation") : displayText(name),
                     displayText(error.sentence, 500)));
    }
    co_return moved->left.isEmpty() ? ExitCode::Ok : exitCodeOf(moved->left.first().second);
}

} // namespace

Task<void> offerToMove(Context context, std::stop_token stop)
{
    const QList<Keeping> keepings = connections::keepingsOf(context.list.connections());
    const bool mayBeElsewhere =
        std::ranges::any_of(keepings, [](const Keeping &keeping) { return !keeping.place.isEmpty(); });
    if (!context.terminal.canAsk() || !mayBeElsewhere) {
        co_return;
    }
    storage::SecretStore &secrets = context.list.secrets();
    Result<void> usable = co_await secrets.checkUsable({}, storage::Asking::Never, stop);
    const QString now = usable ? secrets.identity() : QString();
    const QStringList strays = connections::straysOf(keepings, now);
    if (strays.isEmpty() || !context.list.isNewsAboutKeychain(now)) {
        co_return;
    }
    const QString question = Words::tr("New sign-ins go to %1 now; %2 is still in another keychain. Move it?")
                                 .arg(shownPlace(now), shownNames(strays));
    Result<bool> agreed = co_await context.terminal.confirm(question, stop);
    if (agreed && *agreed) {
        co_await moveKeychain(std::move(context), stop);
    }
}

Task<Result<ExitCode>> runUnlock(Context context, std::stop_token stop)
{
    storage::SecretStore &secrets = context.list.secrets();
    Result<void> unlocked = co_await secrets.unlock(stop);
    if (unlocked) {
        unlocked = co_await secrets.checkUsable({}, storage::Asking::IfNeeded, stop);
    }
    if (!unlocked) {
        co_return base::failed(unlocked.error());
    }
    context.terminal.jsonOut({{u"keychain"_s, secrets.identity()}});
    context.terminal.out(Words::tr("%1 is open.").arg(shownPlace(secrets.identity())));
    co_return ExitCode::Ok;
}

Task<Result<ExitCode>> runKeychain(Context context, std::stop_token stop)
{
    return context.arguments.moves ? moveKeychain(std::move(context), std::move(stop))
                                   : showKeychain(std::move(context), std::move(stop));
}

} // namespace mooring::cli
