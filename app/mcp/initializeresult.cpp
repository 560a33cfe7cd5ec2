// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/initializeresult.h"

#include "mcp/protocolversion.h"

#include <QJsonArray>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using Fit = InitializeResult::Fit;

namespace {

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
InitializeResult byVersions(const QStringList &versions, Fit shared)
{
    InitializeResult reading;
    reading.versions = versions;
    reading.isAboutVersions = !versions.isEmpty();
    if (versions.contains(QStringView(statelessVersion))) {
        reading.fit = shared;
    } else if (versions.isEmpty() || std::any_of(versions.begin(), versions.end(), isSessionVersion)) {
        reading.fit = Fit::OtherEra;
    } else {
        reading.fit = Fit::UnknownVersions;
    }
    return reading;
}

/// What a refusal says about versions; `asked` is quoted by many.
InitializeResult byWords(const Answer &answer, const QString &asked)
{
    const QString text = refusalText(answer);
    InitializeResult reading;
    reading.isAboutVersions = !answer.isPage && !answer.answersAnother && speaksOfVersions(text);
    if (reading.isAboutVersions) {
        reading.versions = versionsIn(text);
        reading.versions.removeAll(asked);
    }
    return reading;
}

/// A refusal of initialize that another version may turn into an answer: one that speaks of versions, or a
/// general one. Not that of a server without such a method, which is another kind of service.
bool mayBeAboutVersion(const Answer &answer, const InitializeResult &words)
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
InitializeResult bySilence(const Answer &answer, InitializeResult reading)
{
    if (reading.isAboutVersions) {
        return reading;
    }
    if (answer.isOutage()) {
        reading.fit = Fit::Outage;
    } else if (answer.head.isSuccess() && answer.isPage) {
        reading.fit = Fit::NoServer;
    }
    return reading;
}

} // namespace

InitializeResult readDiscovery(const Answer &answer)
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
    InitializeResult reading = byVersions(texts(result.value("supportedVersions"_L1)), Fit::Agreed);
    if (reading.fit == Fit::Agreed) {
        const QJsonObject meta = result.value("_meta"_L1).toObject();
        QJsonObject info = meta.value("io.modelcontextprotocol/serverInfo"_L1).toObject();
        if (info.isEmpty()) {
            // Where drafts of the revision had it.
            info = result.value("serverInfo"_L1).toObject();
        }
        reading.server = serverInfo(info, QString::fromUtf16(statelessVersion), Era::Stateless);
    }
    return reading;
}

InitializeResult readInitialize(const Answer &answer, const QString &offered, Era era)
{
    if (!answer.message || answer.message->kind() == Message::Kind::Error) {
        InitializeResult words = byWords(answer, offered);
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
    InitializeResult reading;
    const QJsonObject result = answer.message->result();
    const QString version = result.value("protocolVersion"_L1).toString().left(100);
    if (isSessionVersion(version)) {
        reading.fit = Fit::Agreed;
        reading.server = serverInfo(result.value("serverInfo"_L1).toObject(), version, era);
    } else if (!version.isEmpty()) {
        // A server that asks for something older than it was offered may know what is in between.
        const bool isOlder = versionsIn(version).contains(version) && version < offered;
        reading.fit = isOlder ? Fit::StepDown : Fit::UnknownVersions;
        reading.versions = {version};
        reading.isAboutVersions = true;
    }
    return reading;
}

bool mayBeHttpSse(const Answer &answer)
{
    const int status = answer.head.status;
    return (status == 400 || status == 404 || status == 405) && !isOfToday(answer);
}

} // namespace mooring::mcp
