// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/installlink.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/bridgecommand.h"
#include "interop/jsonvalue.h"
#include "interop/serverbuilder.h"
#include "interop/serverentries.h"

#include <QUrl>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

constexpr int maximumLinks = 3;
constexpr qsizetype maximumLength = 64 * 1024;

/// The parts of a link, without QUrl: what is in it is no address yet, and often not even encoded.
struct Link {
    QString scheme;
    /// Between the scheme and the query, in lower case.
    QString place;
    QString query;
};

Link partsOf(const QString &text)
{
    Link link;
    const qsizetype colon = text.indexOf(u':');
    const qsizetype question = text.indexOf(u'?');
    if (colon <= 0 || (question >= 0 && question < colon)) {
        return link;
    }
    link.scheme = text.left(colon).toLower();
    link.place = text.sliced(colon + 1, std::max<qsizetype>(question - colon - 1, 0)).toLower();
    link.query = question < 0 ? QString() : text.sliced(question + 1);
    return link;
}

bool isWeb(const Link &link)
{
    return link.scheme == "https"_L1 || link.scheme == "http"_L1;
}

QString decoded(const QString &text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

/// All values of an item; a "+" stays one, for base64 has it.
QStringList itemsOf(const QString &query, const QString &name)
{
    QStringList values;
    for (const QString &item : query.split(u'&', Qt::SkipEmptyParts)) {
        if (item.section(u'=', 0, 0) == name) {
            values.append(decoded(item.section(u'=', 1)));
        }
    }
    return values;
}

QString itemOf(const QString &query, const QString &name)
{
    return itemsOf(query, name).value(0);
}

/// JSON as it is, encoded once more, or as base64 in either alphabet.
QString jsonIn(const QString &text)
{
    const QString bare = text.trimmed();
    if (bare.startsWith(u'{') || bare.startsWith(u'[')) {
        return bare;
    }
    if (const QString again = decoded(bare).trimmed(); again.startsWith(u'{') || again.startsWith(u'[')) {
        return again;
    }
    const QByteArray base64 = decoded(bare).toUtf8().replace('-', '+').replace('_', '/').replace(' ', '+');
    QString json = QString::fromUtf8(QByteArray::fromBase64(base64)).trimmed();
    if (json.startsWith(u'%')) {
        json = decoded(json).trimmed();
    }
    return json.startsWith(u'{') || json.startsWith(u'[') ? json : QString();
}

void readJson(const QString &name, const QString &json, const QString &inputs, Findings *findings)
{
    const base::Result<Value> value = readJsonValue(json);
    if (!value) {
        findings->addProblem(value.error());
        return;
    }
    Surroundings around;
    if (const base::Result<Value> asked = readJsonValue(inputs); asked && asked->isList()) {
        takeInputs(*asked, &around);
    }
    if (const Value *own = value->find(u"inputs")) {
        takeInputs(*own, &around);
    }
    if (isServerEntry(*value)) {
        readServerEntry(name, *value, around, findings);
    } else {
        readServerEntries(*value, around, findings);
    }
}

/// goose://extension?url=…&name=…&header=K%3DV, or cmd=…&arg=….
void readPlainItems(const QString &query, Findings *findings)
{
    Surroundings around;
    for (const QString &one : itemsOf(query, u"env"_s)) {
        around.variables.insert(one.section(u'=', 0, 0), one.section(u'=', 1));
    }
    ServerBuilder builder(around);
    builder.setName(itemOf(query, u"name"_s).replace(u'+', u' '));
    for (const QString &header : itemsOf(query, u"header"_s)) {
        builder.addHeaderLine(header);
    }
    const QString address = itemOf(query, u"url"_s);
    if (!address.isEmpty()) {
        builder.setAddress(address);
        findings->add(builder.server());
    } else if (const QString command = itemOf(query, u"cmd"_s); !command.isEmpty()) {
        readProgram(builder.server(), QStringList(command) + itemsOf(query, u"arg"_s), around, findings);
    }
}

bool namesConfiguration(const QString &query)
{
    for (const QString &name : {u"config"_s, u"servers"_s, u"json"_s}) {
        if (!jsonIn(itemOf(query, name)).isEmpty()) {
            return true;
        }
    }
    return false;
}

/// A link that the desktop hands to an app.
bool isAppLink(const QString &text)
{
    static const QStringList apps = {
        u"vscode"_s,   u"vscode-insiders"_s, u"vscodium"_s, u"cursor"_s,      u"goose"_s,
        u"lmstudio"_s, u"windsurf"_s,        u"kiro"_s,     u"raycast"_s,     u"trae"_s,
        u"trae-cn"_s,  u"toolhive-gui"_s,    u"warp"_s,     u"antigravity"_s, u"cherrystudio"_s,
        u"chatwise"_s, u"claude"_s,          u"code-oss"_s, u"zed"_s,         u"jetbrains"_s,
        u"qoder"_s,    u"lobehub"_s,         u"msty"_s,     u"witsy"_s};
    return apps.contains(partsOf(text).scheme);
}

bool isLink(const QString &text, int depth);

/// A page that is told name and address of a server: https://…/extension?url=https%3A…&name=….
bool namesServer(const Link &link)
{
    const QString address = itemOf(link.query, u"url"_s);
    return isWeb(link) && address.startsWith("http"_L1) && !itemOf(link.query, u"name"_s).isEmpty()
           && !link.place.endsWith("/mcp"_L1) && !link.place.endsWith("/sse"_L1);
}

/// The link that a web page is to pass on: https://vscode.dev/redirect?url=vscode:mcp/install….
QString passedOn(const Link &link, int depth)
{
    for (const QString &name : {u"url"_s, u"link"_s, u"target"_s, u"to"_s, u"redirect"_s, u"deeplink"_s}) {
        const QString inner = itemOf(link.query, name);
        if (isAppLink(inner) || (depth < maximumLinks && isLink(inner, depth + 1))) {
            return inner;
        }
    }
    return {};
}

bool isLink(const QString &text, int depth)
{
    const Link link = partsOf(text);
    return isAppLink(text)
           || (isWeb(link)
               && (namesConfiguration(link.query) || namesServer(link) || !passedOn(link, depth).isEmpty()));
}

void readOne(const Link &link, Findings *findings)
{
    const QString whole = jsonIn(link.query);
    if (!whole.isEmpty()) {
        readJson({}, whole, {}, findings);
        return;
    }
    const QString name = itemOf(link.query, u"name"_s).replace(u'+', u' ');
    for (const QString &item : {u"config"_s, u"servers"_s, u"json"_s, u"data"_s}) {
        const QString json = jsonIn(itemOf(link.query, item));
        if (!json.isEmpty()) {
            readJson(name, json, itemOf(link.query, u"inputs"_s), findings);
            return;
        }
    }
    readPlainItems(link.query, findings);
}

} // namespace

bool isInstallLink(const QString &link)
{
    return link.size() <= maximumLength && isLink(link.trimmed(), 0);
}

void readInstallLink(const QString &link, Findings *findings)
{
    QString text = link.trimmed();
    for (int depth = 0; depth < maximumLinks; ++depth) {
        const Link parts = partsOf(text);
        const QString inner = passedOn(parts, 0);
        if (!inner.isEmpty()) {
            text = inner;
            continue;
        }
        const bool wasEmpty = findings->isEmpty();
        if (isWeb(parts) && !namesConfiguration(parts.query) && !namesServer(parts)) {
            break;
        }
        readOne(parts, findings);
        if (wasEmpty && findings->isEmpty()) {
            break;
        }
        return;
    }
    findings->addProblem(base::makeError(ErrorKind::InvalidInput,
                                         Words::tr("There is no server's address in this link."),
                                         base::displayText(link)));
}

} // namespace mooring::interop
