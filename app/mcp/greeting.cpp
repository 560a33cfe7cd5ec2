// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"
#include "mcp/dialect.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using Fit = Greeting::Fit;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

bool isSessionVersion(const QString &version)
{
    return version == QStringView(newestSessionVersion) || version == "2025-06-18"_L1
           || version == "2025-03-26"_L1 || version == QStringView(httpSseVersion);
}

/// An error that only servers of 2026-07-28 and later give.
bool isOfToday(const Answer &answer)
{
    if (!answer.message || answer.message->kind != Message::Kind::Error) {
        return false;
    }
    const qint64 code = answer.message->error.code;
    return code == rpcUnsupportedVersion || code == rpcMissingCapability || code == rpcHeaderMismatch;
}

/// Names and versions are only ever shown, so that nobody needs more of them than this.
QString shortened(const QJsonValue &value)
{
    return value.toString().left(1000);
}

ServerInfo serverInfo(const QJsonObject &info, const QString &version, Era era)
{
    ServerInfo server;
    server.name = shortened(info.value("name"_L1));
    server.version = shortened(info.value("version"_L1));
    server.protocolVersion = version;
    server.era = era;
    return server;
}

QStringList texts(const QJsonValue &array)
{
    QStringList list;
    const QJsonArray values = array.toArray();
    for (const QJsonValue value : values) {
        if (value.isString()) {
            list.append(value.toString().left(100));
        }
    }
    return list;
}

/// What a server's own list of versions says; `shared` is the verdict if today's is in it.
Greeting byVersions(const QStringList &versions, Fit shared)
{
    Greeting greeting;
    greeting.versions = versions;
    if (versions.contains(QStringView(statelessVersion))) {
        greeting.fit = shared;
    } else if (versions.isEmpty() || std::any_of(versions.begin(), versions.end(), isSessionVersion)) {
        greeting.fit = Fit::OtherEra;
    } else {
        greeting.fit = Fit::UnknownVersions;
    }
    return greeting;
}

/// Of an answer without a JSON-RPC response.
Greeting bySilence(const Answer &answer)
{
    Greeting greeting;
    if (answer.isOutage()) {
        greeting.fit = Fit::Outage;
    } else if (answer.head.isSuccess() && answer.isPage) {
        greeting.fit = Fit::NoServer;
    }
    return greeting;
}

} // namespace

Greeting readDiscovery(const Answer &answer)
{
    if (!answer.message) {
        return bySilence(answer);
    }
    const Message &message = *answer.message;
    if (message.kind == Message::Kind::Error) {
        if (message.error.code != rpcUnsupportedVersion) {
            return {};
        }
        return byVersions(texts(message.error.data.toObject().value("supported"_L1)), Fit::AskAgain);
    }
    Greeting greeting = byVersions(texts(message.result.value("supportedVersions"_L1)), Fit::Agreed);
    if (greeting.fit == Fit::Agreed) {
        const QJsonObject meta = message.result.value("_meta"_L1).toObject();
        QJsonObject info = meta.value("io.modelcontextprotocol/serverInfo"_L1).toObject();
        if (info.isEmpty()) {
            // Where drafts of the revision had it.
            info = message.result.value("serverInfo"_L1).toObject();
        }
        greeting.server = serverInfo(info, QString::fromUtf16(statelessVersion), Era::Stateless);
    }
    return greeting;
}

Greeting readInitialize(const Answer &answer, Era era)
{
    if (!answer.message) {
        return bySilence(answer);
    }
    Greeting greeting;
    if (answer.message->kind == Message::Kind::Error) {
        // After this nothing is left to be tried, so trouble that passes must not be taken for an answer.
        greeting.fit = answer.head.status >= 500 ? Fit::Outage : Fit::OtherEra;
        return greeting;
    }
    const QJsonObject &result = answer.message->result;
    const QString version = result.value("protocolVersion"_L1).toString().left(100);
    if (isSessionVersion(version)) {
        greeting.fit = Fit::Agreed;
        greeting.server = serverInfo(result.value("serverInfo"_L1).toObject(), version, era);
    } else if (!version.isEmpty()) {
        greeting.fit = Fit::UnknownVersions;
        greeting.versions = {version};
    }
    return greeting;
}

bool mayBeHttpSse(const Answer &answer)
{
    const int status = answer.head.status;
    return (status == 400 || status == 404 || status == 405) && !isOfToday(answer);
}

base::Error notMcpError(const Answer &answer)
{
    const QString host = base::displayAuthority(answer.head.url);
    QString sentence;
    if (answer.head.status == 404 || answer.head.status == 410) {
        sentence = tr("%1 has nothing at this address. Check the address; for many servers it ends in /mcp.");
    } else if (answer.isPage) {
        sentence = tr("There is a web page at this address, but no MCP server. The service's help tells "
                      "the address of its MCP server (this host is %1).");
    } else {
        sentence = tr("%1 answers, but there is no MCP server at this address.");
    }
    base::Error error = makeError(ErrorKind::Protocol, sentence.arg(host), {}, host);
    error.httpStatus = answer.head.status;
    error.detail = u"HTTP %1"_s.arg(answer.head.status);
    if (answer.message && answer.message->kind == Message::Kind::Error) {
        error.detail += u", JSON-RPC error %1: %2"_s.arg(answer.message->error.code)
                            .arg(base::displayText(answer.message->error.message));
    } else if (answer.unreadable) {
        error.detail += u", "_s + answer.unreadable->detail;
    }
    return error;
}

base::Error unknownVersionsError(const Answer &answer, const QStringList &versions)
{
    const QString host = base::displayAuthority(answer.head.url);
    base::Error error = makeError(ErrorKind::Protocol,
                                  tr("%1 is an MCP server, but it speaks a version that this Mooring doesn't "
                                     "know. A newer Mooring may help.")
                                      .arg(host),
                                  u"versions: "_s + base::displayText(versions.join(", "_L1)), host);
    error.httpStatus = answer.head.status;
    return error;
}

} // namespace mooring::mcp
