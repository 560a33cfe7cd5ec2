// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include "cli/exitcode.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::cli", text);
}

struct CommandSpec {
    Command command;
    QString name;
    /// What follows the name, as --help shows it.
    QString usage;
    QString summary;
    qsizetype minimumWords = 0;
    qsizetype maximumWords = 0;
    QList<QCommandLineOption> options = {};
};

QCommandLineOption headerOption()
{
    return {u"header"_s, tr("Send a key in the header NAME. The key is read from standard input."),
            u"NAME"_s};
}

QList<CommandSpec> commandsForLooking()
{
    return {
        {Command::List, u"list"_s, {}, tr("Show all connections.")},
        {Command::Status, u"status"_s, u"[CONNECTION]"_s, tr("Tell how a connection, or each one, is doing."),
         0, 1},
        {Command::Probe,
         u"probe"_s,
         u"URL"_s,
         tr("Find out what is at an address, step by step, without adding it."),
         1,
         1,
         {headerOption()}},
        {Command::Tools, u"tools"_s, u"CONNECTION"_s, tr("List the tools that a server offers."), 1, 1},
        {Command::Call, u"call"_s, u"CONNECTION TOOL [JSON]"_s,
         tr("Call a tool. JSON is an object with its arguments; - reads it from standard input."), 2, 3},
        {Command::Token,
         u"token"_s,
         u"CONNECTION"_s,
         tr("Tell about a fresh access token, renewed if need be."),
         1,
         1,
         {{u"reveal"_s, tr("Print the access token itself. Whoever sees it can use it.")}}},
    };
}

QList<CommandSpec> commandsForChanging()
{
    return {
        {Command::Add,
         u"add"_s,
         u"URL"_s,
         tr("Add a server and tell what it wants."),
         1,
         1,
         {{u"name"_s, tr("What to call the connection. Without it, its host gives the name."), u"NAME"_s},
          headerOption()}},
        {Command::Authorize,
         u"authorize"_s,
         u"CONNECTION"_s,
         tr("Sign in at a server's service, in the browser."),
         1,
         1,
         {{u"no-browser"_s, tr("Print the link instead of opening it.")},
          {u"client-id"_s, tr("A client ID to use if the service does not register apps by itself."),
           u"ID"_s},
          {u"client-secret-stdin"_s, tr("Read the client secret from the first line of standard input.")}}},
        {Command::Refresh, u"refresh"_s, u"CONNECTION"_s, tr("Renew the access token now."), 1, 1},
        {Command::Rename, u"rename"_s, u"CONNECTION NAME"_s, tr("Give a connection another name."), 2, 2},
        {Command::Disconnect, u"disconnect"_s, u"CONNECTION"_s,
         tr("Give the sign-in back at the service and delete it here."), 1, 1},
        {Command::Remove,
         u"remove"_s,
         u"CONNECTION"_s,
         tr("Disconnect, then take the connection out of the list."),
         1,
         1,
         {{u"force"_s, tr("Remove it even if the sign-in could not be given back.")}}},
    };
}

QList<QCommandLineOption> globalOptions()
{
    return {{u"profile"_s, tr("Work on the connections of another profile."), u"NAME"_s},
            {u"json"_s, tr("Print one JSON object, for programs.")},
            {{u"h"_s, u"help"_s}, tr("Show this help, or that of a command.")},
            {{u"v"_s, u"version"_s}, tr("Show the version.")}};
}

QString table(const QList<std::pair<QString, QString>> &rows)
{
    qsizetype width = 0;
    for (const auto &[left, right] : rows) {
        width = std::max(width, left.size());
    }
    QString text;
    for (const auto &[left, right] : rows) {
        text += u"  "_s + left.leftJustified(width + 2) + right + u'\n';
    }
    return text;
}

QString optionTable(const QList<QCommandLineOption> &options)
{
    QList<std::pair<QString, QString>> rows;
    for (const QCommandLineOption &option : options) {
        QStringList names;
        for (const QString &name : option.names()) {
            names.append((name.size() == 1 ? u"-"_s : u"--"_s) + name);
        }
        const QString value = option.valueName().isEmpty() ? QString() : u' ' + option.valueName();
        rows.append({names.join(u", "_s) + value, option.description()});
    }
    return table(rows);
}

QString exitCodeTable()
{
    const auto row = [](ExitCode code, const QString &meaning) {
        return std::pair(QString::number(static_cast<int>(code)), meaning);
    };
    return table({row(ExitCode::Ok, tr("It worked.")), row(ExitCode::Failed, tr("It failed.")),
                  row(ExitCode::Usage, tr("The arguments can't be meant.")),
                  row(ExitCode::SignInNeeded, tr("A sign-in in the browser is needed, or was denied.")),
                  row(ExitCode::Network, tr("The server can't be reached, or not in time.")),
                  row(ExitCode::Keychain, tr("The keychain can't be used.")),
                  row(ExitCode::Refused, tr("Stopped for safety.")),
                  row(ExitCode::NotFound, tr("There is no such connection or tool, or no MCP server.")),
                  row(ExitCode::Cancelled, tr("Cancelled."))});
}

QString generalHelp()
{
    QList<std::pair<QString, QString>> rows;
    for (const CommandSpec &spec : commandsForChanging() + commandsForLooking()) {
        rows.append({spec.name + u' ' + spec.usage, spec.summary});
    }
    return tr("Keeps remote MCP servers connected, from a terminal.") + u"\n\n"_s
           + tr("Usage: mooringctl [--profile NAME] [--json] COMMAND …") + u"\n\n"_s + tr("Commands:") + u'\n'
           + table(rows) + u'\n' + tr("Options:") + u'\n' + optionTable(globalOptions()) + u'\n'
           + tr("CONNECTION is a name, an id or an address from the list. Keys and secrets are read from "
                "standard input, never from the command line.")
           + u"\n\n"_s + tr("Exit codes:") + u'\n' + exitCodeTable();
}

QString helpOf(const CommandSpec &spec)
{
    return spec.summary + u"\n\n"_s
           + tr("Usage: %1")
                 .arg(u"mooringctl %1%2 %3"_s
                          .arg(spec.name, spec.options.isEmpty() ? QString() : u" [OPTIONS]"_s, spec.usage)
                          .trimmed())
           + u"\n\n"_s + tr("Options:") + u'\n' + optionTable(spec.options + globalOptions()) + u'\n'
           + tr("Exit codes:") + u'\n' + exitCodeTable();
}

EarlyEnd mistake(const QString &sentence, bool json)
{
    // Programs get the sentence alone.
    const QString hint = json ? QString() : u'\n' + tr("Try: mooringctl --help");
    return {static_cast<int>(ExitCode::Usage), sentence + hint, json};
}

/// The command: the first word that is no option and not the value of --profile.
QString commandWord(const QStringList &words)
{
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (words.at(i) == "--profile"_L1) {
            ++i;
        } else if (!words.at(i).startsWith(u'-')) {
            return words.at(i);
        }
    }
    return {};
}

Arguments readValues(const QCommandLineParser &parser, const CommandSpec &spec)
{
    const QStringList words = parser.positionalArguments().mid(1);
    const auto has = [&](const QString &option) {
        return std::any_of(spec.options.begin(), spec.options.end(),
                           [&](const QCommandLineOption &known) { return known.names().contains(option); })
               && parser.isSet(option);
    };
    const auto value = [&](const QString &option) { return has(option) ? parser.value(option) : QString(); };
    Arguments arguments;
    arguments.command = spec.command;
    arguments.profile = parser.value(u"profile"_s);
    arguments.json = parser.isSet(u"json"_s);
    const bool takesUrl = spec.command == Command::Add || spec.command == Command::Probe;
    (takesUrl ? arguments.url : arguments.connection) = words.value(0);
    arguments.newName = spec.command == Command::Rename ? words.value(1) : value(u"name"_s);
    if (spec.command == Command::Call) {
        arguments.tool = words.value(1);
        arguments.toolArguments = words.value(2, arguments.toolArguments);
    }
    arguments.headerName = value(u"header"_s);
    arguments.clientId = value(u"client-id"_s);
    arguments.readsClientSecret = has(u"client-secret-stdin"_s);
    arguments.opensBrowser = !has(u"no-browser"_s);
    arguments.reveal = has(u"reveal"_s);
    arguments.force = has(u"force"_s);
    return arguments;
}

/// What is wrong with what has been read; empty if nothing is.
QString complaintAbout(const QCommandLineParser &parser, const CommandSpec &spec, const Arguments &arguments)
{
    const QStringList words = parser.positionalArguments().mid(1);
    if (words.size() < spec.minimumWords) {
        return tr("Something is missing: mooringctl %1 %2").arg(spec.name, spec.usage);
    }
    if (words.size() > spec.maximumWords) {
        return tr("There is one word too many, \"%1\": mooringctl %2 %3")
            .arg(words.at(spec.maximumWords), spec.name, spec.usage)
            .trimmed();
    }
    if (std::any_of(words.begin(), words.end(), [](const QString &word) { return word.isEmpty(); })) {
        return tr("One of the words is empty: mooringctl %1 %2").arg(spec.name, spec.usage);
    }
    if (arguments.readsClientSecret && arguments.clientId.isEmpty()) {
        return tr("A client secret belongs to a client ID: add --client-id ID.");
    }
    const auto isEmptyValue = [&](const QString &option, const QString &value) {
        return parser.optionNames().contains(option) && value.isEmpty();
    };
    for (const auto &[option, value] :
         {std::pair(u"header"_s, arguments.headerName), std::pair(u"name"_s, arguments.newName),
          std::pair(u"profile"_s, arguments.profile), std::pair(u"client-id"_s, arguments.clientId)}) {
        if (isEmptyValue(option, value)) {
            return tr("The option --%1 wants a value.").arg(option);
        }
    }
    return {};
}

} // namespace

std::variant<Arguments, EarlyEnd> parseArguments(const QStringList &words)
{
    const bool json = words.contains("--json"_L1);
    const QString word = commandWord(words);
    const QList<CommandSpec> specs = commandsForChanging() + commandsForLooking();
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const CommandSpec &known) { return known.name == word; });
    QCommandLineParser parser;
    parser.addOptions(globalOptions());
    if (spec != specs.end()) {
        parser.addOptions(spec->options);
    }
    const bool isParsed = parser.parse(QStringList{u"mooringctl"_s} + words);
    if (isParsed && parser.isSet(u"version"_s)) {
        return EarlyEnd{0, u"mooringctl "_s + QStringLiteral(MOORING_VERSION)};
    }
    if (isParsed && parser.isSet(u"help"_s) && (word.isEmpty() || spec != specs.end())) {
        return EarlyEnd{0, word.isEmpty() ? generalHelp().trimmed() : helpOf(*spec).trimmed()};
    }
    if (word.isEmpty()) {
        return mistake(isParsed ? tr("Say what to do.") : parser.errorText(), json);
    }
    if (spec == specs.end()) {
        return mistake(tr("There is no command \"%1\".").arg(word), json);
    }
    if (!isParsed) {
        return mistake(parser.errorText(), json);
    }
    const Arguments arguments = readValues(parser, *spec);
    if (const QString complaint = complaintAbout(parser, *spec, arguments); !complaint.isEmpty()) {
        return mistake(complaint, json);
    }
    return arguments;
}

} // namespace mooring::cli
