// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/settingscommands.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/headerinput.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"
#include "cli/statuscommands.h"
#include "oauth/clientmetadata.h"
#include "text/settingstext.h"
#include "text/settingsvalues.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;
using oauth::SignInSettings;

namespace {

/// All changes, or none: the first that can't be meant ends it.
Result<SignInSettings> settingsWith(const Arguments &arguments, const SignInSettings &now)
{
    SignInSettings settings = arguments.reset ? SignInSettings() : now;
    for (const QString &change : arguments.changes) {
        const QString name = change.section(u'=', 0, 0);
        const Result<void> taken = text::setSetting(&settings, name, change.section(u'=', 1));
        if (!taken) {
            base::Error error = taken.error();
            error.sentence = name + u": "_s + error.sentence;
            return base::failed(error);
        }
    }
    return settings;
}

/// Names of the settings in which they differ.
QStringList changedSettings(const oauth::SignInSettings &before, const oauth::SignInSettings &after)
{
    QStringList names;
    const QList<text::SettingText> all = text::allSettings();
    for (const text::SettingText &setting : all) {
        if (text::settingValue(before, setting.name) != text::settingValue(after, setting.name)) {
            names.append(setting.name);
        }
    }
    return names;
}

/// All of them, or only what has just changed.
void showSettings(const Context &context, const SignInSettings &before, const SignInSettings &after)
{
    const QStringList changed = changedSettings(before, after);
    QJsonObject values;
    QStringList lines;
    for (const QString &name : changed) {
        const QString value = text::settingValue(after, name);
        values.insert(name, value);
        lines.append(name + u'=' + base::displayText(value, 500));
    }
    const bool isQuestion = context.arguments.changes.isEmpty() && !context.arguments.reset;
    context.terminal.jsonOut({{u"settings"_s, toJson(after)}, {u"changed"_s, values}});
    if (isQuestion) {
        context.terminal.out(settingsText(after, context.terminal.outputStyle()));
    } else {
        context.terminal.out(lines.isEmpty() ? Words::tr("Nothing has changed.") : lines.join(u'\n'));
    }
}

} // namespace

Task<Result<ExitCode>> runSettings(Context context, std::stop_token stop)
{
    const SignInSettings before = context.connection->record().settings;
    const Result<SignInSettings> after = settingsWith(context.arguments, before);
    if (!after) {
        co_return base::failed(after.error());
    }
    if (*after != before) {
        Result<void> saved = co_await context.connection->setSettings(*after, stop);
        if (!saved) {
            co_return base::failed(saved.error());
        }
    }
    showSettings(context, before, *after);
    co_return ExitCode::Ok;
}

Task<Result<ExitCode>> runProfileSettings(Context context, std::stop_token stop)
{
    const QStringList &changes = context.arguments.changes;
    if (context.arguments.reset || !changes.isEmpty()) {
        std::optional<QString> url;
        if (!changes.isEmpty()) {
            url = changes.first().section(u'=', 1).trimmed();
        }
        if (url && !url->isEmpty() && !oauth::isClientMetadataUrl(*url)) {
            co_return base::failed(
                base::makeError(base::ErrorKind::InvalidInput,
                                Words::tr("That is no address of such a description. It looks like "
                                          "https://example.com/mooring.json.")));
        }
        Result<void> saved = co_await context.list.setClientMetadataUrl(url, stop);
        if (!saved) {
            co_return base::failed(saved.error());
        }
    }
    const QString url = context.list.clientMetadataUrl();
    context.terminal.jsonOut({{u"settings"_s, QJsonObject{{u"client-metadata-url"_s, url}}}});
    context.terminal.out(u"client-metadata-url="_s + base::displayText(url, 2000));
    co_return ExitCode::Ok;
}

Task<Result<ExitCode>> runRename(Context context, std::stop_token stop)
{
    Result<void> renamed = co_await context.connection->rename(context.arguments.newName, stop);
    if (!renamed) {
        co_return base::failed(renamed.error());
    }
    co_return showStatus(context);
}

Task<Result<ExitCode>> runLabel(Context context, std::stop_token stop)
{
    Result<void> named = co_await context.connection->setAccountLabel(context.arguments.newName, stop);
    if (!named) {
        co_return base::failed(named.error());
    }
    co_return showStatus(context);
}

Task<Result<ExitCode>> runKey(Context context, std::stop_token stop)
{
    Result<QList<GivenHeader>> given =
        co_await readHeaders(context.terminal, context.arguments.headers, stop);
    if (!given) {
        co_return base::failed(given.error());
    }
    const connections::TypedHeader &header = given->first().header;
    Result<void> stored;
    if (given->size() == 1) {
        stored = co_await context.connection->setHeaderKey(header.name, header.value, stop);
    } else {
        stored = co_await context.connection->setHeaders(typedHeaders(*given), stop);
    }
    if (!stored) {
        co_return base::failed(stored.error());
    }
    co_return showStatus(context);
}

} // namespace mooring::cli
