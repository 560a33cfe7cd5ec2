// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/serverentry.h"

#include "interop/bridgecommand.h"
#include "interop/entryheaders.h"
#include "interop/serverbuilder.h"
#include "interop/shellwords.h"

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

const QStringList &addressMembers()
{
    static const QStringList names = {u"url"_s,        u"serverUrl"_s,   u"server_url"_s,
                                      u"httpUrl"_s,    u"http_url"_s,    u"streamableHttpUrl"_s,
                                      u"mcpUrl"_s,     u"mcp_url"_s,     u"sseUrl"_s,
                                      u"sse_url"_s,    u"endpointUrl"_s, u"sseEndpoint"_s,
                                      u"baseUrl"_s,    u"base_url"_s,    u"baseURL"_s,
                                      u"endpoint"_s,   u"uri"_s,         u"remoteUrl"_s,
                                      u"remote_url"_s, u"address"_s,     u"serverURL"_s,
                                      u"URL"_s,        u"server_uri"_s};
    return names;
}

const QStringList &commandMembers()
{
    static const QStringList names = {u"command"_s, u"cmd"_s};
    return names;
}

/// Where an entry keeps its address if not in itself.
const QStringList &innerMembers()
{
    static const QStringList names = {u"transport"_s, u"remote"_s,     u"connection"_s, u"http"_s,
                                      u"config"_s,    u"parameters"_s, u"params"_s,     u"serverParams"_s};
    return names;
}

/// With a scheme, with a blank in its place, or like a host. "/mcp" and words are none.
bool looksLikeAddress(const QString &text)
{
    const qsizetype colon = text.indexOf(u':');
    const bool hasScheme = colon > 1 && colon < 30;
    const bool isHost =
        text.contains(u'.') && !text.contains(u' ') && !text.startsWith(u'.') && !text.startsWith(u'/');
    return hasScheme || isHost || text.startsWith(u'$') || text.startsWith(u'<') || text.startsWith(u'{');
}

QString addressOf(const Value &object)
{
    for (const QString &name : addressMembers()) {
        const QString text = object.textOf({name});
        if (!text.isEmpty() && looksLikeAddress(text)) {
            return text;
        }
    }
    return {};
}

bool hasCommand(const Value &object)
{
    return std::any_of(commandMembers().cbegin(), commandMembers().cend(), [&object](const QString &name) {
        const Value *command = object.find(name);
        return command != nullptr
               && ((command->isText() && !command->text.trimmed().isEmpty())
                   || (command->isList() && !command->items.isEmpty()) || command->isObject());
    });
}

bool isPlainEntry(const Value &object)
{
    return object.isObject() && (!addressOf(object).isEmpty() || hasCommand(object));
}

const Value *innerEntry(const Value &object)
{
    for (const QString &name : innerMembers()) {
        const Value *inner = object.find(name);
        if (inner != nullptr && isPlainEntry(*inner)) {
            return inner;
        }
    }
    return nullptr;
}

const Value *listOf(const Value &object, QStringView name)
{
    const Value *list = object.find(name);
    return list != nullptr && list->isList() && !list->items.isEmpty() ? list : nullptr;
}

/// A registry document names itself "io.github.owner/name".
QString ownName(const Value &object)
{
    const QString title = object.textOf({u"title"_s, u"displayName"_s, u"server_label"_s, u"label"_s});
    const QString name = object.textOf({u"name"_s, u"server_name"_s, u"serverName"_s});
    const bool isRegistryName = name.contains(u'/');
    return !title.isEmpty() && (name.isEmpty() || isRegistryName) ? title : name.section(u'/', -1);
}

QStringList wordsIn(const Value &list)
{
    QStringList words;
    for (const Value &item : list.items) {
        if (!item.isObject() && !item.isList()) {
            words.append(item.text);
        }
    }
    return words;
}

QStringList shellWordsOf(const QString &text)
{
    const QList<ShellCommand> commands = shellCommands(text);
    return commands.isEmpty() ? QStringList() : commands.first().words;
}

QStringList argumentsOf(const Value &object)
{
    for (const QString &name : {u"args"_s, u"arguments"_s}) {
        const Value *arguments = object.find(name);
        if (arguments != nullptr && arguments->isList()) {
            return wordsIn(*arguments);
        }
        if (arguments != nullptr && arguments->isText()) {
            return shellWordsOf(arguments->text);
        }
    }
    return {};
}

/// "npx", ["npx", "-y", …] or {"path": "npx", "args": […]}.
QStringList commandOf(const Value &object)
{
    for (const QString &name : commandMembers()) {
        const Value *command = object.find(name);
        if (command == nullptr) {
            continue;
        }
        if (command->isList()) {
            return wordsIn(*command) + argumentsOf(object);
        }
        if (command->isObject()) {
            return QStringList(command->textOf({u"path"_s, u"command"_s})) + argumentsOf(*command);
        }
        const QStringList arguments = argumentsOf(object);
        return arguments.isEmpty() ? shellWordsOf(command->text) : QStringList(command->text) + arguments;
    }
    return {};
}

void takeEnvironment(const Value &object, Surroundings *around)
{
    for (const QString &name : {u"env"_s, u"environment"_s, u"envs"_s}) {
        const Value *variables = object.find(name);
        if (variables == nullptr) {
            continue;
        }
        for (qsizetype i = 0; i < variables->names.size(); ++i) {
            around->variables.insert(variables->names.at(i), variables->items.at(i).text);
        }
        for (const QString &line : variables->isList() ? wordsIn(*variables) : QStringList()) {
            around->variables.insert(line.section(u'=', 0, 0), line.section(u'=', 1));
        }
    }
    const Value *command = object.find(u"command");
    if (command != nullptr && command->isObject()) {
        takeEnvironment(*command, around);
    }
}

bool isSwitchedOff(const Value &object)
{
    const auto is = [&object](QStringView name, bool (Value::*judge)() const) {
        const Value *value = object.find(name);
        return value != nullptr && (value->*judge)();
    };
    return is(u"disabled", &Value::isTrue) || is(u"enabled", &Value::isFalse)
           || is(u"isActive", &Value::isFalse);
}

void takeSignIn(const Value &object, PastedServer *server)
{
    for (const QString &name : {u"oauth"_s, u"auth"_s}) {
        const Value *signIn = object.find(name);
        if (signIn == nullptr || !signIn->isObject()) {
            continue;
        }
        server->clientId = signIn->textOf({u"clientId"_s, u"client_id"_s, u"CLIENT_ID"_s});
        server->clientSecret = base::Secret(
            signIn->textOf({u"clientSecret"_s, u"client_secret"_s, u"CLIENT_SECRET"_s}).toUtf8());
        const Value *port = signIn->find(u"callbackPort");
        server->callbackPort = port == nullptr ? quint16(0) : port->text.toUShort();
        const Value *scopes = signIn->find(u"scopes");
        server->scopes = scopes != nullptr && scopes->isList()
                             ? wordsIn(*scopes)
                             : signIn->textOf({u"scopes"_s, u"scope"_s}).split(u' ', Qt::SkipEmptyParts);
    }
}

/// An entry that has an address or a command itself; `outer` may have headers and names of its own.
void readPlainEntry(const QString &name, const Value &outer, const Value &object, Surroundings around,
                    Findings *findings)
{
    takeEnvironment(outer, &around);
    takeEnvironment(object, &around);
    if (const Value *variables = object.find(u"variables")) {
        takeVariables(*variables, &around);
    }
    ServerBuilder builder(around);
    builder.setName(name);
    builder.server().isDisabled = isSwitchedOff(outer);
    takeSignIn(outer, &builder.server());
    if (&outer != &object) {
        takeHeaders(outer, &builder);
    }
    takeHeaders(object, &builder);
    const QString address = addressOf(object);
    if (address.isEmpty()) {
        readProgram(builder.server(), commandOf(object), around, findings);
        return;
    }
    builder.setAddress(address);
    findings->add(builder.server());
}

} // namespace

bool isServerEntry(const Value &object)
{
    return isPlainEntry(object)
           || (object.isObject()
               && (innerEntry(object) != nullptr || listOf(object, u"remotes") != nullptr
                   || (listOf(object, u"packages") != nullptr && !ownName(object).isEmpty())));
}

void readServerEntry(const QString &name, const Value &object, const Surroundings &around, Findings *findings)
{
    static const QStringList structure = {u"server"_s, u"transport"_s, u"remote"_s, u"config"_s,
                                          u"mcp_config"_s};
    const QString own = ownName(object);
    const QString called = !own.isEmpty() || structure.contains(name) ? own : name;
    if (const Value *remotes = listOf(object, u"remotes")) {
        for (const Value &remote : remotes->items) {
            if (isPlainEntry(remote)) {
                readPlainEntry(called, remote, remote, around, findings);
            }
        }
    } else if (isPlainEntry(object)) {
        readPlainEntry(called, object, object, around, findings);
    } else if (const Value *inner = innerEntry(object)) {
        readPlainEntry(called, object, *inner, around, findings);
    } else {
        findings->addProgram(called);
    }
}

void takeInputs(const Value &inputs, Surroundings *around)
{
    for (const Value &input : inputs.items) {
        const QString id = input.textOf({u"id"_s});
        if (id.isEmpty()) {
            continue;
        }
        Blank blank{id, {}, input.textOf({u"description"_s}), input.textOf({u"default"_s})};
        const Value *password = input.find(u"password");
        blank.isSecret = password != nullptr && password->isTrue();
        if (const Value *options = input.find(u"options")) {
            blank.choices = wordsIn(*options);
        }
        around->inputs.insert(id, blank);
    }
}

} // namespace mooring::interop
