// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commandspecs.h"

#include "base/words.h"
#include "cli/exitcode.h"
#include "cli/remedyflags.h"
#include "text/settingstext.h"

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

/// Another app's command line, taken apart by the shell.
constexpr qsizetype maximumPastedWords = 100;

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

QCommandLineOption headerOption()
{
    return {u"header"_s,
            Words::tr("Send a key in the header NAME; it is read from standard input. \"NAME: VALUE\" is for "
                      "what is no "
                      "secret. Repeatable."),
            u"NAME"_s};
}

QList<CommandSpec> commandsForLooking()
{
    return {
        {Command::List,
         u"list"_s,
         {},
         Words::tr("Show all connections."),
         0,
         0,
         {{u"ids"_s, Words::tr("Show the id of each as well.")}}},
        {Command::Status, u"status"_s, u"[CONNECTION]"_s,
         Words::tr("Tell how a connection, or each one, is doing."), 0, 1},
        {Command::Probe,
         u"probe"_s,
         u"URL"_s,
         Words::tr("Find out what is at an address, step by step, without adding it."),
         1,
         1,
         {headerOption(),
          {u"report"_s,
           Words::tr("Print a report in Markdown, to be passed on. There is no secret in it.")}}},
        {Command::Tools, u"tools"_s, u"CONNECTION"_s, Words::tr("List the tools that a server offers."), 1,
         1},
        {Command::Call, u"call"_s, u"CONNECTION TOOL [JSON]"_s,
         Words::tr("Call a tool. JSON is an object with its arguments; - reads it from standard input."), 2,
         3},
        {Command::Token,
         u"token"_s,
         u"CONNECTION"_s,
         Words::tr("Tell about a fresh access token, renewed if need be."),
         1,
         1,
         {{u"reveal"_s, Words::tr("Print the access token itself. Whoever sees it can use it.")}}},
    };
}

QString settingsHelp()
{
    QList<std::pair<QString, QString>> rows;
    const QList<text::SettingText> all = text::allSettings();
    for (const text::SettingText &setting : all) {
        rows.append({setting.name, setting.title + u" ("_s + setting.form + u')'});
    }
    return Words::tr("Keys; an empty value is the normal one:") + u'\n' + table(rows) + u'\n';
}

/// `add` takes those that are settings: the others are for one sign-in.
QList<QCommandLineOption> remedyOptions(bool alsoForOnce)
{
    QList<QCommandLineOption> options;
    for (const RemedyFlag &flag : remedyFlags()) {
        if (alsoForOnce || flag.isSetting) {
            options.append({flag.option, flag.description});
        }
    }
    return options;
}

CommandSpec authorizeSpec()
{
    const QList<QCommandLineOption> options = {
        {u"no-browser"_s, Words::tr("Print the link instead of opening it.")},
        {u"allow-more"_s, Words::tr("Also ask for what the server has refused last for lack of permission.")},
        {u"scope"_s, Words::tr("Also ask for this permission. Can be repeated."), u"SCOPE"_s},
        {u"choose-account"_s, Words::tr("Let the service ask which account to use.")},
        {u"client-id"_s, Words::tr("A client ID to use if the service does not register apps by itself."),
         u"ID"_s},
        {u"client-secret-stdin"_s,
         Words::tr("Read the client secret from the first line of standard input.")},
        {u"private-key"_s, Words::tr("Read the private key of the client ID (PEM) from standard input.")},
        {u"workload-token"_s, Words::tr("No browser: trade the JWT of this workload, from standard input.")},
        {u"id-token"_s, Words::tr("No browser: trade an ID token of your company, from standard input.")},
        {u"idp-token-endpoint"_s, Words::tr("Where the company's identity provider gives tokens."), u"URL"_s},
        {u"idp-client-id"_s, Words::tr("The ID of Mooring at the identity provider."), u"ID"_s}};
    return {
        Command::Authorize,
        u"authorize"_s,
        u"CONNECTION"_s,
        Words::tr("Sign in at a server's service, in the browser."),
        1,
        1,
        options + remedyOptions(true),
        Words::tr(
            "Standard input is read in this order: client secret or private key, then the token, then, for "
            "--id-token,\nthe secret of Mooring at the identity provider (nothing if it has none). Each is "
            "one "
            "line; a key ends with its END line.")
            + u"\n\n"_s,
    };
}

CommandSpec addSpec()
{
    return {
        Command::Add,
        u"add"_s,
        u"[URL | SNIPPET | COMMAND…]"_s,
        Words::tr("Add a server and tell what it wants."),
        0,
        maximumPastedWords,
        QList<QCommandLineOption>{
            {u"name"_s, Words::tr("What to call the connection. Without it, its host gives the name."),
             u"NAME"_s},
            headerOption(),
            {u"force"_s,
             Words::tr("Keep the server in the list although there is none now, or none that can be "
                       "used.")}}
            + remedyOptions(false),
        Words::tr(
            "Takes an address, or whatever has one in it: JSON, TOML or YAML of any app, an install link, "
            "or\n"
            "another app's command line (put -- in front of one that has options). Without an argument, or\n"
            "with -, it is read from standard input. Several servers are all added; at a terminal you "
            "choose.")
            + u"\n\n"_s,
    };
}

QList<CommandSpec> commandsForSettings()
{
    return {
        {Command::Label, u"label"_s, u"CONNECTION TEXT"_s,
         Words::tr("Name the account that is signed in. An empty text brings back the service's own name."),
         2, 2},
        {Command::Key,
         u"key"_s,
         u"CONNECTION HEADER"_s,
         Words::tr("Use a key in the header HEADER instead of signing in. It is read from standard input."),
         2,
         2,
         {headerOption()}},
        {Command::Unlock,
         u"unlock"_s,
         {},
         Words::tr("Open the keychain. It asks for its password, or for permission, in a window of its own."),
         0,
         0},
        {Command::Keychain,
         u"keychain"_s,
         {},
         Words::tr("Show in which keychain each sign-in is kept."),
         0,
         0,
         {{u"move"_s, Words::tr("Move all of them to the keychain that new sign-ins go to.")}}},
        {Command::Settings,
         u"settings"_s,
         u"CONNECTION [KEY=VALUE…]"_s,
         Words::tr("Show or change how a connection signs in. Changes count from the next sign-in on."),
         1,
         1 + text::allSettings().size(),
         {{u"reset"_s, Words::tr("First bring everything back to normal.")}},
         settingsHelp()},
        {Command::ProfileSettings,
         u"profile-settings"_s,
         u"[client-metadata-url=URL]"_s,
         Words::tr(
             "Show or change where services find the description of Mooring as an app; empty for none."),
         0,
         1,
         {{u"reset"_s, Words::tr("Bring it back to normal.")}}},
    };
}

CommandSpec forgetSpec()
{
    return {
        Command::Forget,
        u"forget"_s,
        u"CONNECTION"_s,
        Words::tr("Stop trying to tell a service that a sign-in has ended."),
        1,
        1,
        {},
        Words::tr("A service that could not be told of a disconnect is tried for a day: by the window\n"
                  "while it runs, and by commands that use the network. Until then the tokens are kept\n"
                  "in the keychain, and nothing uses them. This deletes them. CONNECTION can be one that\n"
                  "has been removed; \"list\" shows what is pending.")
            + u"\n\n"_s,
    };
}

QList<CommandSpec> commandsForChanging()
{
    return {
        addSpec(),
        authorizeSpec(),
        {Command::Refresh, u"refresh"_s, u"CONNECTION"_s, Words::tr("Renew the access token now."), 1, 1},
        {Command::Rename, u"rename"_s, u"CONNECTION NAME"_s, Words::tr("Give a connection another name."), 2,
         2},
        {Command::Disconnect, u"disconnect"_s, u"CONNECTION"_s,
         Words::tr("Give the sign-in back at the service and delete it here."), 1, 1},
        {Command::Remove,
         u"remove"_s,
         u"CONNECTION"_s,
         Words::tr("Disconnect, then take the connection out of the list."),
         1,
         1,
         {{u"force"_s, Words::tr("Remove it even if the sign-in could not be given back.")}}},
        forgetSpec(),
    };
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
    return table(
        {row(ExitCode::Ok, Words::tr("It worked.")), row(ExitCode::Failed, Words::tr("It failed.")),
         row(ExitCode::Usage, Words::tr("The arguments can't be meant.")),
         row(ExitCode::SignInNeeded,
             Words::tr("A sign-in in the browser, or more permission, is needed, or it was denied.")),
         row(ExitCode::Network, Words::tr("The server can't be reached, or not in time.")),
         row(ExitCode::Keychain, Words::tr("The keychain can't be used.")),
         row(ExitCode::Refused, Words::tr("Stopped for safety.")),
         row(ExitCode::NotFound, Words::tr("There is no such connection or tool, or no MCP server.")),
         row(ExitCode::Cancelled, Words::tr("Cancelled."))});
}

} // namespace

QList<CommandSpec> commandSpecs()
{
    return commandsForChanging() + commandsForSettings() + commandsForLooking();
}

QList<QCommandLineOption> globalOptions()
{
    return {{u"profile"_s, Words::tr("Work on the connections of another profile."), u"NAME"_s},
            {u"json"_s, Words::tr("Print one JSON object, for programs.")},
            {{u"h"_s, u"help"_s}, Words::tr("Show this help, or that of a command.")},
            {{u"v"_s, u"version"_s}, Words::tr("Show the version.")}};
}

QString generalHelp()
{
    QList<std::pair<QString, QString>> rows;
    for (const CommandSpec &spec : commandSpecs()) {
        rows.append({spec.name + u' ' + spec.usage, spec.summary});
    }
    return Words::tr("Keeps remote MCP servers connected, from a terminal.") + u"\n\n"_s
           + Words::tr("Usage: mooringctl [--profile NAME] [--json] COMMAND …") + u"\n\n"_s
           + Words::tr("Commands:") + u'\n' + table(rows) + u'\n' + Words::tr("Options:") + u'\n'
           + optionTable(globalOptions()) + u'\n'
           + Words::tr(
               "CONNECTION is a name, an id or an address from the list. Keys and secrets are read from "
               "standard input, never from the command line.")
           + u"\n\n"_s + Words::tr("Exit codes:") + u'\n' + exitCodeTable();
}

QString helpOf(const CommandSpec &spec)
{
    return spec.summary + u"\n\n"_s
           + Words::tr("Usage: %1")
                 .arg(u"mooringctl %1%2 %3"_s
                          .arg(spec.name, spec.options.isEmpty() ? QString() : u" [OPTIONS]"_s, spec.usage)
                          .trimmed())
           + u"\n\n"_s + Words::tr("Options:") + u'\n' + optionTable(spec.options + globalOptions()) + u'\n'
           + spec.moreHelp + Words::tr("Exit codes:") + u'\n' + exitCodeTable();
}

} // namespace mooring::cli
