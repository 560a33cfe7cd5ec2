// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/bridgecommand.h"

#include "interop/commandwords.h"
#include "interop/jsonvalue.h"
#include "interop/serverbuilder.h"
#include "interop/shellwords.h"

#include <QSet>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumShells = 3;

bool isBridgeWord(const QString &word)
{
    static const QSet<QString> bridges = {u"mcp-remote"_s,
                                          u"mcp-remote-client"_s,
                                          u"supergateway"_s,
                                          u"mcp-proxy"_s,
                                          u"mcp-proxy-for-aws"_s,
                                          u"fastmcp"_s,
                                          u"mcp-bridge"_s,
                                          u"mcp-http-bridge"_s,
                                          u"mcp-stdio-to-streamable-http-adapter"_s,
                                          u"mcp-streamablehttp-client"_s,
                                          u"mcp-client"_s};
    if (bridges.contains(packageName(word))) {
        return true;
    }
    // "node …/mcp-remote/dist/proxy.js".
    const QString path = QString(word).replace(u'\\', u'/');
    return path.contains("/mcp-remote/"_L1) && path.endsWith(".js"_L1);
}

/// What a shell is told to run: "cmd /c …", "bash -lc '…'".
QStringList withoutShell(QStringList words)
{
    static const QSet<QString> shells = {u"cmd"_s,  u"sh"_s,   u"bash"_s,       u"zsh"_s,
                                         u"dash"_s, u"fish"_s, u"powershell"_s, u"pwsh"_s};
    for (int depth = 0; depth < maximumShells && !words.isEmpty(); ++depth) {
        QHash<QString, QString> ignored;
        takePromptAndVariables(&words, &ignored);
        if (words.isEmpty() || !shells.contains(programName(words.first()))) {
            return words;
        }
        words.removeFirst();
        while (!words.isEmpty() && (words.first().startsWith(u'-') || words.first().startsWith(u'/'))) {
            words.removeFirst();
        }
        if (words.size() == 1) {
            const QList<ShellCommand> commands = shellCommands(words.first());
            words = commands.isEmpty() ? QStringList() : commands.last().words;
        }
    }
    return words;
}

bool isOwn(const QStringList &words)
{
    return !words.isEmpty() && programName(words.first()) == "mooringctl"_L1 && words.value(1) == "bridge"_L1;
}

bool looksLikeAddress(const QString &word)
{
    return word.startsWith("http://"_L1, Qt::CaseInsensitive)
           || word.startsWith("https://"_L1, Qt::CaseInsensitive);
}

/// mcp-remote's `--static-oauth-client-info '{"client_id": …}'`.
void takeClientInfo(const QString &json, const Surroundings &around, PastedServer *server)
{
    const base::Result<Value> info = readJsonValue(readBlanks(json, around, {}).text());
    if (info) {
        server->clientId = info->textOf({u"client_id"_s});
        server->clientSecret = base::Secret(info->textOf({u"client_secret"_s}).toUtf8());
    }
}

quint16 portOf(const QString &text)
{
    bool isNumber = false;
    const ushort port = text.toUShort(&isNumber);
    return isNumber ? port : quint16(0);
}

void takeOptions(const CommandWords &command, const Surroundings &around, ServerBuilder *builder)
{
    for (const QString &header : command.values(OptionRole::Header)) {
        builder->addHeaderLine(header);
    }
    if (const QString token = command.value(OptionRole::Bearer); !token.isEmpty()) {
        builder->addBearer(token);
    }
    PastedServer &server = builder->server();
    server.clientId = command.value(OptionRole::ClientId);
    server.clientSecret = base::Secret(command.value(OptionRole::ClientSecret).toUtf8());
    if (const QString info = command.value(OptionRole::OAuthClient); !info.isEmpty()) {
        takeClientInfo(info, around, &server);
    }
}

/// Some bridges are told by their environment alone.
void takeEnvironment(const Surroundings &around, ServerBuilder *builder)
{
    const auto &variables = around.variables;
    if (!builder->hasAddress() && looksLikeAddress(variables.value(u"URI"_s))) {
        builder->setAddress(variables.value(u"URI"_s));
    }
    for (const QString &name : {u"BEARER_TOKEN"_s, u"API_ACCESS_TOKEN"_s}) {
        if (!builder->hasHeaders() && variables.contains(name)) {
            builder->addBearer(u"${"_s + name + u'}');
        }
    }
}

/// "npx @x/files" of `npx -y @x/files --root /`: what a person knows it by.
QString titleOf(const QStringList &words)
{
    QString title = programName(words.value(0));
    for (const QString &word : words.sliced(std::min<qsizetype>(1, words.size()))) {
        if (!word.startsWith(u'-') && !word.contains(u'=')) {
            return title + u' ' + word;
        }
    }
    return title;
}

} // namespace

bool isBridge(const QStringList &words)
{
    const QStringList bare = withoutShell(words);
    return isOwn(bare) || std::any_of(bare.begin(), bare.end(), isBridgeWord);
}

void readProgram(const PastedServer &known, const QStringList &words, const Surroundings &around,
                 Findings *findings)
{
    const QStringList bare = withoutShell(words);
    if (isOwn(bare)) {
        findings->addOwn();
        return;
    }
    const auto bridge = std::find_if(bare.begin(), bare.end(), isBridgeWord);
    ServerBuilder builder(around);
    if (bridge != bare.end()) {
        const QStringList rest = bare.sliced(bridge - bare.begin() + 1);
        const CommandWords command = readCommandWords(rest, CommandFamily::Bridge);
        const QStringList plain = command.plain + command.behind;
        const QStringList candidates = command.values(OptionRole::Address) + plain;
        builder.server() = known;
        for (const QString &word : candidates) {
            const bool isAddress =
                looksLikeAddress(word) || word.startsWith(u'$') || word.startsWith(u'<')
                || (packageName(*bridge) == "mcp-remote"_L1 && word == plain.value(0) && word.contains(u'.'));
            if (!builder.hasAddress() && isAddress) {
                builder.setAddress(word);
            }
        }
        takeOptions(command, around, &builder);
        builder.server().callbackPort = portOf(plain.value(1));
        takeEnvironment(around, &builder);
    }
    if (builder.hasAddress()) {
        findings->add(builder.server());
    } else {
        findings->addProgram(titleOf(bare.isEmpty() ? words : bare));
    }
}

} // namespace mooring::interop
