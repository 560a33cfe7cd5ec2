// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/hostcommand.h"

#include "interop/bridgecommand.h"
#include "interop/commandwords.h"
#include "interop/headerrules.h"
#include "interop/installlink.h"
#include "interop/jsonvalue.h"
#include "interop/serverbuilder.h"
#include "interop/serverentries.h"

#include <QSet>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

/// So many words of a sentence may stand in front of a command, or of what makes it one.
constexpr qsizetype maximumLead = 60;

const QSet<QString> &fetchers()
{
    static const QSet<QString> names = {u"curl"_s,
                                        u"wget"_s,
                                        u"http"_s,
                                        u"https"_s,
                                        u"httpie"_s,
                                        u"xh"_s,
                                        u"curlie"_s,
                                        u"iwr"_s,
                                        u"irm"_s,
                                        u"invoke-webrequest"_s,
                                        u"invoke-restmethod"_s};
    return names;
}

const QSet<QString> &runners()
{
    static const QSet<QString> names = {u"npx"_s,  u"bunx"_s,   u"pnpx"_s, u"pnpm"_s,       u"yarn"_s,
                                        u"npm"_s,  u"bun"_s,    u"deno"_s, u"uvx"_s,        u"uv"_s,
                                        u"pipx"_s, u"docker"_s, u"node"_s, u"podman"_s,     u"cmd"_s,
                                        u"bash"_s, u"sh"_s,     u"zsh"_s,  u"powershell"_s, u"pwsh"_s};
    return names;
}

/// Programs that are given an address as they are, without "mcp add".
const QSet<QString> &clients()
{
    static const QSet<QString> names = {
        u"mcporter"_s, u"inspector"_s,   u"add-mcp"_s, u"mcp-inspector"_s, u"goose"_s,
        u"mcpm"_s,     u"install-mcp"_s, u"mcp-cli"_s, u"mcptools"_s,      u"mcp-client-cli"_s};
    return names;
}

const QSet<QString> &openers()
{
    static const QSet<QString> names = {u"open"_s, u"xdg-open"_s, u"start"_s};
    return names;
}

bool isAddress(const QString &word)
{
    return word.startsWith("https://"_L1, Qt::CaseInsensitive)
           || word.startsWith("http://"_L1, Qt::CaseInsensitive);
}

bool isHost(const QString &word)
{
    const QString host = word.section(u'/', 0, 0);
    return isAddress(word) || host.startsWith("localhost"_L1)
           || (host.contains(u'.') && !host.startsWith(u'.') && !word.contains(u' ') && !word.contains(u'@')
               && word.contains(u'/'));
}

/// "mcp.example.com", where only an address or a program can stand; "server.js" is none.
bool isBareHost(const QString &word)
{
    static const QSet<QString> endings = {u"js"_s,  u"mjs"_s, u"cjs"_s, u"ts"_s,  u"py"_s, u"sh"_s,
                                          u"jar"_s, u"exe"_s, u"cmd"_s, u"bat"_s, u"rb"_s, u"ps1"_s};
    const auto fits = [](QChar c) {
        return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'-' || c == u'.');
    };
    const QString ending = word.section(u'.', -1).toLower();
    return word.contains(u'.') && !word.startsWith(u'.') && ending.size() >= 2 && !ending.front().isDigit()
           && !endings.contains(ending) && std::all_of(word.begin(), word.end(), fits);
}

bool isMcpAdd(const QStringList &words, qsizetype at)
{
    const QString verb = words.value(at + 1);
    return words.value(at) == "mcp"_L1 && at > 0 && (verb.startsWith("add"_L1) || verb == "install"_L1);
}

/// Whether a command begins with the first of these words. `isFirst`: nothing of a sentence is in front of
/// it.
bool beginsCommand(const QStringList &words, bool isFirst)
{
    if (words.size() < 2) {
        return false;
    }
    const QString name = programName(words.first());
    const auto isAny = [&words](auto judge) { return std::any_of(words.begin(), words.end(), judge); };
    if (isMcpAdd(words, 1) || words.at(1).startsWith("--add-mcp"_L1) || isBridge({words.first()})) {
        return true;
    }
    if (runners().contains(name)) {
        return isFirst || isBridge(words);
    }
    if (fetchers().contains(name)) {
        return isFirst || isAny(isAddress);
    }
    if (name == "mooringctl"_L1) {
        return isAny([](const QString &word) {
            return word == "add"_L1 || word == "probe"_L1 || word == "bridge"_L1;
        });
    }
    return isFirst && (clients().contains(packageName(words.first())) || openers().contains(name));
}

void takeEnvironment(const CommandWords &command, Surroundings *around)
{
    for (const QString &one : command.values(OptionRole::Environment)) {
        around->variables.insert(one.section(u'=', 0, 0), one.section(u'=', 1));
    }
}

quint16 portOf(const QString &text)
{
    bool isNumber = false;
    const ushort port = text.toUShort(&isNumber);
    return isNumber ? port : quint16(0);
}

/// What the options of any adder say about a server.
void takeOptions(const CommandWords &command, ServerBuilder *builder)
{
    for (const QString &header : command.values(OptionRole::Header)) {
        builder->addHeaderLine(header);
    }
    if (const QString variable = command.value(OptionRole::BearerVariable); !variable.isEmpty()) {
        builder->addBearer(u"${"_s + variable + u'}');
    }
    if (const QString token = command.value(OptionRole::Bearer); !token.isEmpty()) {
        builder->addBearer(token);
    }
    PastedServer &server = builder->server();
    server.clientId = command.value(OptionRole::ClientId);
    server.clientSecret = base::Secret(command.value(OptionRole::ClientSecret).toUtf8());
    server.callbackPort = portOf(command.value(OptionRole::CallbackPort));
    server.scopes = command.value(OptionRole::Scopes).replace(u',', u' ').split(u' ', Qt::SkipEmptyParts);
}

void readJson(const QString &name, const QString &json, const Surroundings &around, Findings *findings)
{
    const base::Result<Value> value = readJsonValue(json);
    if (!value) {
        findings->addProblem(value.error());
    } else if (isServerEntry(*value)) {
        Surroundings own = around;
        if (const Value *inputs = value->find(u"inputs")) {
            takeInputs(*inputs, &own);
        }
        readServerEntry(name, *value, own, findings);
    } else {
        readServerEntries(*value, around, findings);
    }
}

/// `… mcp add [options] NAME URL`, `… mcp add NAME -- npx …`, `… mcp add-json NAME JSON`.
void readAdder(const QStringList &words, Surroundings around, Findings *findings)
{
    CommandWords command = readCommandWords(words, CommandFamily::Adder);
    takeEnvironment(command, &around);
    const auto isJson = [](const QString &word) { return word.trimmed().startsWith(u'{'); };
    const auto json = std::find_if(command.plain.begin(), command.plain.end(), isJson);
    const QString name = command.value(OptionRole::Name);
    if (json != command.plain.end()) {
        const QString before = json == command.plain.begin() ? QString() : *(json - 1);
        readJson(name.isEmpty() ? before : name, *json, around, findings);
        return;
    }
    QString address = command.value(OptionRole::Address);
    const auto found = std::find_if(command.plain.begin(), command.plain.end(), isHost);
    if (address.isEmpty() && found != command.plain.end() && !isBridge(command.plain)) {
        address = *found;
        command.plain.erase(found);
    }
    if (address.isEmpty() && command.behind.isEmpty() && command.plain.size() == 2
        && isBareHost(command.plain.last())) {
        address = command.plain.takeLast();
    }
    // "--header A B": some take several values; a name is none.
    command.plain.removeIf([](const QString &word) { return word.contains(u": "_s); });
    ServerBuilder builder(around);
    builder.setName(name.isEmpty() && !command.plain.isEmpty() ? command.plain.first() : name);
    takeOptions(command, &builder);
    if (!address.isEmpty()) {
        builder.setAddress(address);
        findings->add(builder.server());
        return;
    }
    // The program's own options are behind its name, so they were not told from those of the adder.
    const QString program = command.behind.isEmpty() ? command.plain.value(1) : QString();
    const QStringList started = program.isEmpty() ? command.behind : words.sliced(words.indexOf(program));
    if (!started.isEmpty()) {
        readProgram(builder.server(), started, around, findings);
    } else if (const QString one = command.value(OptionRole::Program); !one.isEmpty()) {
        readProgram(builder.server(), {one}, around, findings);
    }
}

/// -Headers @{ "X-Key" = "v"; … }, of which the shell makes a word of each.
void takePowerShellHeaders(const QStringList &words, ServerBuilder *builder)
{
    for (qsizetype i = 1; i + 1 < words.size(); ++i) {
        if (words.at(i) == "="_L1 && isHeaderName(words.at(i - 1))) {
            builder->addHeader(words.at(i - 1), words.at(i + 1));
        }
    }
}

void readFetcher(const QStringList &words, const Surroundings &around, Findings *findings)
{
    const CommandWords command = readCommandWords(words, CommandFamily::Curl);
    ServerBuilder builder(around);
    takeOptions(command, &builder);
    if (const QString user = command.value(OptionRole::User); !user.isEmpty()) {
        builder.addHeader(u"Authorization"_s, u"Basic "_s + QString::fromLatin1(user.toUtf8().toBase64()),
                          true);
    }
    const QStringList candidates = command.values(OptionRole::Address) + command.plain + command.behind;
    takePowerShellHeaders(command.plain, &builder);
    for (const QString &word : candidates) {
        // HTTPie writes headers as "Name:value".
        const auto header = isHost(word) ? std::nullopt : splitHeader(word);
        if (!builder.hasAddress() && isHost(word)) {
            builder.setAddress(word);
        } else if (header && word.contains(u':')) {
            builder.addHeader(header->first, header->second);
        }
    }
    if (builder.hasAddress()) {
        findings->add(builder.server());
    }
}

/// `mooringctl add URL --name X --header NAME`.
void readOwn(const QStringList &words, const Surroundings &around, Findings *findings)
{
    if (words.contains("bridge"_L1)) {
        findings->addOwn();
        return;
    }
    readAdder(words.sliced(1), around, findings);
}

/// An address among the words of a program that is given one.
void readClient(const QStringList &words, Surroundings around, Findings *findings)
{
    const CommandWords command = readCommandWords(words, CommandFamily::Adder);
    takeEnvironment(command, &around);
    ServerBuilder builder(around);
    takeOptions(command, &builder);
    builder.setName(command.value(OptionRole::Name));
    const QStringList candidates = command.values(OptionRole::Address) + command.plain + command.behind;
    const auto address = std::find_if(candidates.begin(), candidates.end(), isAddress);
    if (address != candidates.end()) {
        builder.setAddress(*address);
        findings->add(builder.server());
    } else {
        readProgram(builder.server(), words, around, findings);
    }
}

} // namespace

bool takeHostCommand(QStringList *words)
{
    for (qsizetype at = 0; at < std::min(words->size(), maximumLead); ++at) {
        // Whatever makes it a command is near its beginning.
        if (beginsCommand(words->sliced(at, std::min(maximumLead, words->size() - at)), at == 0)) {
            words->remove(0, at);
            return true;
        }
    }
    return false;
}

bool onlyRuns(const QStringList &words)
{
    for (qsizetype at = 1; at < words.size(); ++at) {
        if (isMcpAdd(words, at) || clients().contains(packageName(words.at(at)))) {
            return false;
        }
    }
    return runners().contains(programName(words.first())) && !isBridge(words);
}

void readHostCommand(const QStringList &words, const Surroundings &around, Findings *findings)
{
    const QString name = programName(words.first());
    for (qsizetype at = 0; at < words.size(); ++at) {
        if (at > 0 && isMcpAdd(words, at)) {
            readAdder(words.sliced(at + 2), around, findings);
            return;
        }
        if (words.at(at) == "--add-mcp"_L1 || words.at(at).startsWith("--add-mcp="_L1)) {
            const bool isOneWord = words.at(at).contains(u'=');
            readJson({}, isOneWord ? words.at(at).section(u'=', 1) : words.value(at + 1), around, findings);
            return;
        }
    }
    const auto isClient = [](const QString &word) { return clients().contains(packageName(word)); };
    if (name == "mooringctl"_L1) {
        readOwn(words.sliced(1), around, findings);
    } else if (fetchers().contains(name)) {
        readFetcher(words.sliced(1), around, findings);
    } else if (openers().contains(name)) {
        readInstallLink(words.last(), findings);
    } else if (!isBridge(words) && std::any_of(words.begin(), words.end(), isClient)) {
        readClient(words, around, findings);
    } else {
        readProgram({}, words, around, findings);
    }
}

} // namespace mooring::interop
