// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/hostilepastes.h"

using namespace Qt::StringLiterals;

namespace mooring::interoptests {

namespace {

constexpr qsizetype almostAll = 1'000'000;
constexpr qsizetype shortEnough = 260'000;

QString filled(const QString &piece, qsizetype size = almostAll)
{
    return piece.repeated(size / piece.size());
}

QString numbered(const QString &form, int count)
{
    QString text;
    for (int i = 0; i < count && text.size() < almostAll; ++i) {
        text += form.arg(i);
    }
    return text;
}

QList<HostilePaste> jsonPastes()
{
    return {
        {"JSON, deep lists", u"{\"a\":"_s + filled(u"["_s)},
        {"JSON, deep objects", filled(u"{\"a\":"_s)},
        {"JSON, many values", u"{\"a\":["_s + filled(u"1,"_s) + u"1]}"_s},
        {"JSON, many members", u"{"_s + numbered(u"\"%1\":{},"_s, 100'000) + u"\"z\":1}"_s},
        {"JSON, many servers",
         u"{"_s + numbered(u"\"%1\":{\"url\":\"https://a%1.example/\"},"_s, 100'000) + u"}"_s},
        {"JSON, a long text", u"{\"url\":\"https://a.example/"_s + filled(u"x"_s) + u"\"}"_s},
        {"JSON, variables of variables", u"{\"url\":\"https://a.example/\",\"headers\":{\"X\":\""_s
                                             + filled(u"${A}"_s, 8000) + u"\"},\"env\":{\"A\":\""_s
                                             + filled(u"a"_s) + u"\"}}"_s},
        {"JSON, many headers", u"{\"url\":\"https://a.example/\",\"headers\":{"_s
                                   + numbered(u"\"H%1\":\"<k>\","_s, 40'000) + u"\"z\":\"1\"}}"_s},
        {"JSON, just few enough servers",
         u"{"_s + numbered(u"\"%1\":{\"url\":\"https://a%1.example/\"},"_s, 9'000) + u"}"_s},
        {"JSON, just few enough headers", u"{\"url\":\"https://a.example/\",\"headers\":{"_s
                                              + numbered(u"\"H%1\":\"<k>\","_s, 19'000) + u"\"z\":\"1\"}}"_s},
        {"JSON, comments", u"{"_s + filled(u"/**/"_s) + u"}"_s},
        {"JSON, an open comment", u"{"_s + filled(u"/* "_s)},
        {"JSON, quotes", filled(u"\""_s)},
        {"JSON, curly quotes", u"{"_s + filled(u"\u201C"_s, almostAll / 3)},
        {"JSON, escapes", u"{\"a\":\""_s + filled(u"\\u0041"_s) + u"\"}"_s},
        {"JSON, a number", u"{\"a\":"_s + filled(u"9"_s) + u"}"_s},
    };
}

QList<HostilePaste> tablePastes()
{
    const QString head = u"[mcp_servers.a]\nurl = \"https://a.example/mcp\"\n"_s;
    return {
        {"TOML, a dotted key", u"[mcp_servers.a]\n"_s + filled(u"a."_s) + u"a = 1"_s},
        {"TOML, a dotted table", u"[mcp_servers"_s + filled(u".a"_s) + u"]\nurl = \"x\""_s},
        {"TOML, deep lists", head + u"x = "_s + filled(u"["_s)},
        {"TOML, deep tables", head + u"x = "_s + filled(u"{a="_s)},
        {"TOML, many keys", head + numbered(u"k%1 = 1\n"_s, 100'000)},
        {"TOML, many tables", head + numbered(u"[t%1]\nurl=\"https://a%1.example\"\n"_s, 100'000)},
        {"TOML, a list", head + u"x = ["_s + filled(u"1,"_s) + u"]"_s},
        {"TOML, a long text", head + u"x = \"\"\""_s + filled(u"a\n"_s) + u"\"\"\""_s},
        {"TOML, just short enough", head + numbered(u"k%1 = 1\n"_s, 9'000)},
        {"YAML, aliases of aliases",
         u"a0: &a0 [x,x,x,x,x,x,x,x,x]\n"_s
             + u"a1: &a1 [*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0]\na2: &a2 [*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1]\n"_s
             + u"a3: &a3 [*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2]\na4: &a4 [*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3]\n"_s
             + u"mcpServers:\n  - [*a4,*a4,*a4,*a4,*a4,*a4,*a4,*a4]\n"_s},
        {"YAML, anchors", u"mcpServers:\n  "_s + filled(u"&a ["_s)},
        {"YAML, anchors, short", u"mcpServers:\n  "_s + filled(u"&a ["_s, 3'000)},
        {"YAML, deep lists", u"mcpServers:\n  "_s + filled(u"- "_s)},
        {"YAML, deep lists, short", u"mcpServers:\n  "_s + filled(u"- "_s, 30'000)},
        {"YAML, questions", u"mcpServers:\n  "_s + filled(u"? "_s, 30'000)},
        {"YAML, deep flows", u"mcpServers:\n  "_s + filled(u"{a: "_s, 100'000)},
        {"YAML, many members", u"mcpServers:\n"_s + numbered(u"  a%1: {url: b}\n"_s, 9'000)},
        {"YAML, a long text", u"mcpServers:\n  a: "_s + filled(u"word "_s, 120'000)},
        {"YAML, a long folded text", u"mcpServers:\n  a: >\n"_s + filled(u"    word\n"_s, 120'000)},
        {"YAML, quotes", u"mcpServers:\n  a: "_s + filled(u"\"\n   "_s, 120'000)},
        {"YAML, tags", u"mcpServers:\n  "_s + filled(u"!a "_s, 60'000)},
        {"YAML, itself", u"mcpServers: &a\n  - *a\n"_s},
        {"YAML, merged by itself", u"mcpServers: &a\n  <<: *a\n"_s},
    };
}

QList<HostilePaste> textPastes()
{
    const QString link = u"https://vscode.dev/redirect?url="_s;
    return {
        {"a long address", u"https://a.example/"_s + filled(u"a"_s)},
        {"an address of brackets", u"see https://a.example/"_s + filled(u"("_s)},
        {"an address of blanks", u"see https://a.example/"_s + filled(u"<a"_s)},
        {"many addresses", filled(u"https://a.example/mcp "_s)},
        {"many different addresses", numbered(u"https://a%1.example/mcp\n"_s, 100'000)},
        {"many schemes", filled(u"a:"_s)},
        {"many colons", filled(u"://"_s)},
        {"line ends", u"a"_s + filled(u"\n"_s) + u"b"_s},
        {"blanks", u"a"_s + filled(u" "_s) + u"b"_s},
        {"names in quotes", filled(u"\"a-b\"   "_s)},
        {"long names in quotes", filled(u"\""_s + u"a-"_s.repeated(200))},
        {"requests", filled(u"GET /a HTTP/1.1\nA: b\n"_s)},
        {"words", filled(u"word "_s)},
        {"letters", filled(u"a"_s)},
        {"dots", filled(u"."_s)},
        {"links of links", filled(link, 60'000) + u"vscode:mcp/install?{}"_s},
        {"many links of links", filled(link)},
        {"a long link", u"vscode:mcp/install?"_s + filled(u"%7B"_s)},
        {"a link of base64", u"cursor://x/mcp/install?name=a&config="_s + filled(u"eyJh"_s)},
        {"many items of a link",
         u"goose://extension?"_s + filled(u"header=a%3Db&"_s, 60'000) + u"url=https://a.example"_s},
        {"many links", filled(u"cursor://x?config=e30= "_s)},
        {"fences", filled(u"```\n"_s)},
        {"backticks", filled(u"`a` "_s)},
        {"invisible characters", filled(u"\u200B"_s, almostAll / 3)},
        {"braces in prose", filled(u"a {\"b\" "_s)},
        {"pairs of braces in prose", filled(u"a {\"b\":1} "_s)},
        {"quotations", filled(u"> "_s)},
        {"emoji", filled(u"\U0001F600"_s, almostAll / 4)},
    };
}

QList<HostilePaste> commandPastes()
{
    const QString add = u"claude mcp add a https://a.example/mcp "_s;
    return {
        {"a command of many words", add + filled(u"a "_s)},
        {"a command of many headers", add + filled(u"-H a:b "_s)},
        {"a command of many runners", filled(u"npx "_s)},
        {"many commands", filled(add + u"\n"_s)},
        {"many different commands", numbered(u"claude mcp add a https://a%1.example/mcp\n"_s, 100'000)},
        {"shells in shells", filled(u"bash -c "_s)},
        {"escapes", add + filled(u"\\\\"_s)},
        {"open quotes", add + filled(u"\"' "_s)},
        {"lines that go on", add + filled(u"\\\n"_s)},
        {"commands in commands", add + filled(u"$("_s)},
        {"assignments", filled(u"A=b "_s)},
        {"prompts", filled(u"$ "_s)},
        {"separators", add + filled(u";"_s)},
        {"dashes", filled(u"-"_s)},
        {"fetchers", filled(u"curl "_s)},
    };
}

} // namespace

QList<HostilePaste> hostilePastes()
{
    QList<HostilePaste> all = jsonPastes() + tablePastes() + textPastes() + commandPastes();
    // What is refused for its length alone, once more just below that length.
    for (const HostilePaste &one : QList<HostilePaste>(all)) {
        if (one.text.size() > shortEnough && !one.name.startsWith("JSON")) {
            all.append({one.name + ", in part", one.text.left(shortEnough)});
        }
    }
    return all;
}

} // namespace mooring::interoptests
