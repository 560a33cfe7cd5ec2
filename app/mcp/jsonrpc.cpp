// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/jsonrpc.h"

#include "base/strictjson.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;

namespace {

QByteArray text(QJsonObject message)
{
    message.insert(u"jsonrpc"_s, u"2.0"_s);
    return QJsonDocument(message).toJson(QJsonDocument::Compact);
}

std::unexpected<base::Error> notRpc(const QString &detail)
{
    return base::failed(makeError(
        ErrorKind::Protocol,
        QCoreApplication::translate("mooring::mcp", "The server sent an answer that Mooring can't use."),
        detail));
}

/// Some servers write down every member that there is, the unused ones as null.
bool has(const QJsonObject &json, QLatin1StringView name)
{
    const QJsonValue value = json.value(name);
    return !value.isUndefined() && !value.isNull();
}

bool isId(const QJsonValue &id)
{
    return id.isDouble() || id.isString();
}

Result<Message> readCall(const QJsonObject &json)
{
    Message message;
    message.method = json.value("method"_L1).toString();
    message.params = json.value("params"_L1).toObject();
    message.id = json.value("id"_L1);
    if (message.id.isUndefined()) {
        message.kind = Message::Kind::Notification;
        return message;
    }
    if (!isId(message.id)) {
        return notRpc(u"a request with an id that is none"_s);
    }
    message.kind = Message::Kind::Request;
    return message;
}

Result<Message> readError(const QJsonObject &json)
{
    const QJsonObject error = json.value("error"_L1).toObject();
    if (!error.value("code"_L1).isDouble()) {
        return notRpc(u"an error without a code"_s);
    }
    Message message;
    message.kind = Message::Kind::Error;
    // An error about a request that could not be read has a null id, or none.
    message.id = json.contains("id"_L1) ? json.value("id"_L1) : QJsonValue(QJsonValue::Null);
    message.error.code = error.value("code"_L1).toInteger();
    message.error.message = error.value("message"_L1).toString();
    message.error.data = error.value("data"_L1);
    return message;
}

} // namespace

bool Message::answers(qint64 requestId) const
{
    if (kind != Kind::Result && kind != Kind::Error) {
        return false;
    }
    if (kind == Kind::Error && id.isNull()) {
        return true;
    }
    return id.isString() ? id.toString() == QString::number(requestId)
                         : id.isDouble() && id.toInteger(-1) == requestId;
}

Result<Message> readMessage(const QJsonValue &value)
{
    const QJsonObject json = value.toObject();
    if (json.value("jsonrpc"_L1).toString() != "2.0"_L1) {
        return notRpc(u"no JSON-RPC 2.0 message"_s);
    }
    if (json.value("method"_L1).isString()) {
        return readCall(json);
    }
    if (has(json, "error"_L1) == has(json, "result"_L1)) {
        return notRpc(u"neither a result nor an error, or both"_s);
    }
    if (has(json, "error"_L1)) {
        return readError(json);
    }
    Message message;
    message.kind = Message::Kind::Result;
    message.id = json.value("id"_L1);
    if (!isId(message.id) || !json.value("result"_L1).isObject()) {
        return notRpc(u"a result without an id, or that is no object"_s);
    }
    message.result = json.value("result"_L1).toObject();
    return message;
}

QList<Message> readMessages(const QByteArray &text)
{
    const Result<QJsonValue> json = base::parseJson(text);
    if (!json) {
        return {};
    }
    const QJsonArray entries = json->isArray() ? json->toArray() : QJsonArray{*json};
    QList<Message> messages;
    for (const QJsonValue entry : entries) {
        if (Result<Message> message = readMessage(entry)) {
            messages.append(*std::move(message));
        }
    }
    return messages;
}

QByteArray requestText(qint64 id, const QString &method, const QJsonObject &params)
{
    return text({{u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}});
}

QByteArray notificationText(const QString &method, const QJsonObject &params)
{
    QJsonObject message{{u"method"_s, method}};
    if (!params.isEmpty()) {
        message.insert(u"params"_s, params);
    }
    return text(message);
}

QByteArray resultText(const QJsonValue &id, const QJsonObject &result)
{
    return text({{u"id"_s, id}, {u"result"_s, result}});
}

QByteArray errorText(const QJsonValue &id, qint64 code, const QString &message)
{
    const QJsonObject error{{u"code"_s, code}, {u"message"_s, message}};
    return text({{u"id"_s, id}, {u"error"_s, error}});
}

} // namespace mooring::mcp
