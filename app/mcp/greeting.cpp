// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"
#include "mcp/dialect.h"
#include "mcp/protocolversion.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

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

/// An error that only servers of 2026-07-28 and later give.
bool isOfToday(const Answer &answer)
{
    if (!answer.message || answer.message->kind() != Message::Kind::Error) {
        return false;
    }
    const qint64 code = answer.message->error().code;
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
    greeting.isAboutVersions = !versions.isEmpty();
    if (versions.contains(QStringView(statelessVersion))) {
        greeting.fit = shared;
    } else if (versions.isEmpty() || std::any_of(versions.begin(), versions.end(), isSessionVersion)) {
        greeting.fit = Fit::OtherEra;
    } else {
        greeting.fit = Fit::UnknownVersions;
    }
    return greeting;
}

/// What a refusal says about versions; `asked` is quoted by many.
Greeting byWords(const Answer &answer, const QString &asked)
{
    const QString text = refusalText(answer);
    Greeting greeting;
    greeting.isAboutVersions = !answer.isPage && !answer.answersAnother && speaksOfVersions(text);
    if (greeting.isAboutVersions) {
        greeting.versions = versionsIn(text);
        greeting.versions.removeAll(asked);
    }
    return greeting;
}

/// A refusal of initialize that another version may turn into an answer: one that speaks of versions, or a
/// general one. Not that of a server without such a method, which is another kind of service.
bool mayBeAboutVersion(const Answer &answer, const Greeting &words)
{
    if (words.isAboutVersions || !answer.message) {
        return words.isAboutVersions
               || (answer.head.status == 400 && !answer.words.isEmpty() && !answer.isPage);
    }
    const qint64 code = answer.message->error().code;
    return answer.head.status < 500
           && (code == rpcInvalidParams || code == rpcInvalidRequest || code == rpcUnsupportedVersion
               || code == rpcServerError);
}

/// Of an answer without a JSON-RPC response.
Greeting bySilence(const Answer &answer, Greeting greeting)
{
    if (greeting.isAboutVersions) {
        return greeting;
    }
    if (answer.isOutage()) {
        greeting.fit = Fit::Outage;
    } else if (answer.head.isSuccess() && answer.isPage) {
        greeting.fit = Fit::NoServer;
    }
    return greeting;
}

} // namespace

QString refusalText(const Answer &answer)
{
    if (!answer.message) {
        return QString::fromUtf8(answer.words);
    }
    const RpcError &error = answer.message->error();
    const QJsonArray data{error.data};
    return error.message + u' ' + QString::fromUtf8(QJsonDocument(data).toJson(QJsonDocument::Compact));
}

Greeting readDiscovery(const Answer &answer)
{
    const QString asked = QString::fromUtf16(statelessVersion);
    if (!answer.message) {
        return bySilence(answer, byWords(answer, asked));
    }
    const Message &message = *answer.message;
    if (message.kind() == Message::Kind::Error) {
        const QStringList supported = texts(message.error().data.toObject().value("supported"_L1));
        if (message.error().code != rpcUnsupportedVersion || supported.isEmpty()) {
            return byWords(answer, asked);
        }
        return byVersions(supported, Fit::AskAgain);
    }
    const QJsonObject result = message.result();
    Greeting greeting = byVersions(texts(result.value("supportedVersions"_L1)), Fit::Agreed);
    if (greeting.fit == Fit::Agreed) {
        const QJsonObject meta = result.value("_meta"_L1).toObject();
        QJsonObject info = meta.value("io.modelcontextprotocol/serverInfo"_L1).toObject();
        if (info.isEmpty()) {
            // Where drafts of the revision had it.
            info = result.value("serverInfo"_L1).toObject();
        }
        greeting.server = serverInfo(info, QString::fromUtf16(statelessVersion), Era::Stateless);
    }
    return greeting;
}

Greeting readInitialize(const Answer &answer, const QString &offered, Era era)
{
    if (!answer.message || answer.message->kind() == Message::Kind::Error) {
        Greeting words = byWords(answer, offered);
        if (mayBeAboutVersion(answer, words)) {
            words.fit = Fit::StepDown;
            return words;
        }
        if (!answer.message) {
            return bySilence(answer, words);
        }
        // After this nothing is left to be tried, so trouble that passes must not be taken for an answer.
        words.fit = answer.head.status >= 500 ? Fit::Outage : Fit::OtherEra;
        return words;
    }
    Greeting greeting;
    const QJsonObject result = answer.message->result();
    const QString version = result.value("protocolVersion"_L1).toString().left(100);
    if (isSessionVersion(version)) {
        greeting.fit = Fit::Agreed;
        greeting.server = serverInfo(result.value("serverInfo"_L1).toObject(), version, era);
    } else if (!version.isEmpty()) {
        // A server that asks for something older than it was offered may know what is in between.
        const bool isOlder = versionsIn(version).contains(version) && version < offered;
        greeting.fit = isOlder ? Fit::StepDown : Fit::UnknownVersions;
        greeting.versions = {version};
        greeting.isAboutVersions = true;
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
    } else if (answer.answersAnother) {
        sentence = tr("%1 answers as an MCP server does, but never to what it was asked (its answers carry "
                      "another number). Only its owner can mend that.");
    } else if (answer.isPage) {
        sentence = tr("There is a web page at this address, but no MCP server. The service's help tells "
                      "the address of its MCP server (this host is %1).");
    } else {
        sentence = tr("%1 answers, but there is no MCP server at this address.");
    }
    base::Error error = makeError(ErrorKind::Protocol, sentence.arg(host), {}, host);
    error.httpStatus = answer.head.status;
    error.detail = u"HTTP %1"_s.arg(answer.head.status);
    if (answer.message && answer.message->kind() == Message::Kind::Error) {
        error.detail += u", JSON-RPC error %1: %2"_s.arg(answer.message->error().code)
                            .arg(base::displayText(answer.message->error().message));
    } else if (answer.unreadable) {
        error.detail += u", "_s + answer.unreadable->detail;
    }
    return error;
}

base::Error changedError(const Answer &answer)
{
    const QString host = base::displayAuthority(answer.head.url);
    const int status = answer.head.status;
    const QString says = base::displayText(refusalText(answer).simplified(), 200);
    QString sentence;
    if (answer.isPage) {
        sentence = tr("A web page answers in place of %1. Maybe this network wants you to log in first.");
    } else if (status == 404 || status == 410) {
        sentence = tr("%1 has nothing at this address any more. Maybe the server has moved.");
    } else if (says.isEmpty()) {
        sentence = tr("%1 doesn't answer as an MCP server at the moment.");
    } else {
        sentence = tr("%1 doesn't answer as an MCP server at the moment. It says: %2");
    }
    const bool hasWords = sentence.contains("%2"_L1);
    base::Error error =
        makeError(answer.isPage ? ErrorKind::Network : ErrorKind::Protocol,
                  hasWords ? sentence.arg(host, says) : sentence.arg(host), u"HTTP %1"_s.arg(status), host);
    error.httpStatus = status;
    return error;
}

base::Error unknownVersionsError(const Answer &answer, const QStringList &versions)
{
    const QString host = base::displayAuthority(answer.head.url);
    const QString list = base::displayText(versions.join(", "_L1));
    const QString sentence =
        list.isEmpty()
            ? tr("%1 is an MCP server, but refuses every version of MCP that this Mooring knows.").arg(host)
            : tr("%1 is an MCP server, but speaks only versions that this Mooring doesn't know: %2. A newer "
                 "Mooring may help.")
                  .arg(host, list);
    base::Error error = makeError(ErrorKind::Protocol, sentence, u"versions: "_s + list, host);
    error.httpStatus = answer.head.status;
    return error;
}

} // namespace mooring::mcp
