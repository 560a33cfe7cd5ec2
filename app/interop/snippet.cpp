// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/snippet.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::failed;
using base::makeError;

namespace {

constexpr qsizetype maximumSize = 256 * 1024;
constexpr qsizetype maximumServers = 100;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::interop", text);
}

/// Instructions are often written with comments and trailing commas, which JSON does not have.
QString withoutComments(const QString &text)
{
    QString out;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const QChar next = i + 1 < text.size() ? text.at(i + 1) : QChar();
        if (inString) {
            out += c;
            if (c == u'\\' && !next.isNull()) {
                out += next;
                ++i;
            } else if (c == u'"') {
                inString = false;
            }
        } else if (c == u'/' && next == u'/') {
            const qsizetype end = text.indexOf(u'\n', i);
            i = end < 0 ? text.size() : end;
        } else if (c == u'/' && next == u'*') {
            const qsizetype end = text.indexOf(u"*/"_s, i + 2);
            i = end < 0 ? text.size() : end + 1;
        } else if (c == u'}' || c == u']') {
            while (!out.isEmpty() && (out.back().isSpace() || out.back() == u',')) {
                out.chop(1);
            }
            out += c;
        } else {
            inString = c == u'"';
            out += c;
        }
    }
    return out;
}

std::optional<QJsonObject> parsed(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

std::optional<QJsonObject> objectOf(const QString &text)
{
    QString clean = withoutComments(text).trimmed();
    while (clean.endsWith(u',')) {
        clean = clean.chopped(1).trimmed();
    }
    if (const auto whole = parsed(clean)) {
        return whole;
    }
    return parsed(u'{' + clean + u'}');
}

QString firstString(const QJsonObject &object, const QStringList &keys)
{
    for (const QString &key : keys) {
        if (object.value(key).isString()) {
            return object.value(key).toString().trimmed();
        }
    }
    return {};
}

void takeHeader(SnippetServer *server, const QString &name, const QString &value)
{
    // One without a value is a place to fill in.
    if (name.isEmpty()) {
        return;
    }
    const bool better = server->headerName.isEmpty()
                        || (name.compare("authorization"_L1, Qt::CaseInsensitive) == 0
                            && server->headerName.compare("authorization"_L1, Qt::CaseInsensitive) != 0);
    if (!better) {
        server->otherHeaders.append(name);
        return;
    }
    if (!server->headerName.isEmpty()) {
        server->otherHeaders.append(server->headerName);
    }
    server->headerName = name;
    server->headerValue = value;
}

/// `npx -y mcp-remote https://… --header "Name: value"` is a bridge to a server with an address.
void takeBridge(SnippetServer *server, const QJsonArray &arguments)
{
    bool isBridge = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString argument = arguments.at(i).toString();
        isBridge = isBridge || argument.startsWith("mcp-remote"_L1);
        if (isBridge && server->url.isEmpty() && argument.startsWith("http"_L1)) {
            server->url = argument;
        } else if (isBridge && argument == "--header"_L1 && i + 1 < arguments.size()) {
            const QString header = arguments.at(i + 1).toString();
            takeHeader(server, header.section(u':', 0, 0).trimmed(), header.section(u':', 1).trimmed());
        }
    }
}

QStringList placeholdersIn(const QString &text)
{
    static const QRegularExpression pattern(
        u"\\$\\{[^}]*\\}|\\$[A-Z_][A-Z0-9_]*|<[A-Za-z_][\\w -]*>|\\{\\{[^}]*\\}\\}"_s);
    QStringList found;
    for (auto it = pattern.globalMatch(text); it.hasNext();) {
        found.append(it.next().captured());
    }
    return found;
}

SnippetServer serverOf(const QString &name, const QJsonObject &object)
{
    SnippetServer server;
    server.name = name;
    server.url = firstString(object, {u"url"_s, u"serverUrl"_s, u"httpUrl"_s, u"uri"_s});
    const QJsonObject headers = object.value("headers"_L1).toObject();
    for (auto it = headers.begin(); it != headers.end(); ++it) {
        takeHeader(&server, it.key(), it.value().toString());
    }
    if (server.url.isEmpty()) {
        takeBridge(&server, object.value("args"_L1).toArray());
    }
    server.isProgram = server.url.isEmpty() && object.contains("command"_L1);
    server.placeholders = placeholdersIn(server.url) + placeholdersIn(server.headerValue);
    return server;
}

bool isServer(const QJsonObject &object)
{
    return !firstString(object, {u"url"_s, u"serverUrl"_s, u"httpUrl"_s, u"uri"_s}).isEmpty()
           || object.value("command"_L1).isString();
}

void takeServers(const QJsonObject &object, int depth, QList<SnippetServer> *found)
{
    for (auto it = object.begin(); it != object.end() && found->size() < maximumServers; ++it) {
        const QJsonObject member = it.value().toObject();
        if (isServer(member)) {
            found->append(serverOf(it.key(), member));
        } else if (depth > 0) {
            takeServers(member, depth - 1, found);
        }
    }
}

QList<SnippetServer> serversIn(const QJsonObject &object)
{
    if (isServer(object)) {
        return {serverOf(object.value("name"_L1).toString(), object)};
    }
    QList<SnippetServer> found;
    takeServers(object, 2, &found);
    return found;
}

} // namespace

bool looksLikeSnippet(const QString &text)
{
    const QString start = text.left(200).trimmed();
    return start.startsWith(u'{') || start.startsWith(u'"') || start.startsWith(u'[')
           || start.startsWith("//"_L1) || start.startsWith("/*"_L1);
}

base::Result<QList<SnippetServer>> parseSnippet(const QString &text)
{
    if (text.size() > maximumSize) {
        return failed(makeError(ErrorKind::InvalidInput, tr("This snippet is too long to be meant.")));
    }
    const std::optional<QJsonObject> object = objectOf(text);
    if (!object) {
        return failed(
            makeError(ErrorKind::InvalidInput,
                      tr("This snippet is not complete: copy it from the first brace to the last one.")));
    }
    const QList<SnippetServer> servers = serversIn(*object);
    if (servers.isEmpty()) {
        return failed(makeError(ErrorKind::InvalidInput, tr("There is no server in this snippet.")));
    }
    bool allPrograms = true;
    for (const SnippetServer &server : servers) {
        allPrograms = allPrograms && server.isProgram;
    }
    if (allPrograms) {
        return failed(
            makeError(ErrorKind::InvalidInput,
                      tr("This entry starts a program on your computer; Mooring connects to servers with a "
                         "web address.")));
    }
    return servers;
}

} // namespace mooring::interop
