// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>

namespace mooring::mcp {

/// The `error` member of a JSON-RPC response (JSON-RPC 2.0 section 5.1).
struct RpcError {
    qint64 code = 0;
    /// As it came; show it through base::displayText() only.
    QString message;
    QJsonValue data;
};

inline constexpr qint64 rpcInvalidRequest = -32600;
inline constexpr qint64 rpcMethodNotFound = -32601;
inline constexpr qint64 rpcInvalidParams = -32602;
inline constexpr qint64 rpcInternalError = -32603;
/// What servers say who have no code for it.
inline constexpr qint64 rpcServerError = -32000;
/// MCP 2026-07-28: the server doesn't speak the version of the request; `data.supported` lists others.
inline constexpr qint64 rpcUnsupportedVersion = -32022;
/// MCP 2026-07-28: headers are missing or don't match the body.
inline constexpr qint64 rpcHeaderMismatch = -32020;
/// MCP 2026-07-28: the request needs something of the client that it hasn't offered.
inline constexpr qint64 rpcMissingCapability = -32021;

/// One JSON-RPC message that came from a server.
struct Message {
    enum class Kind { Request, Notification, Result, Error };

    Kind kind = Kind::Notification;
    /// A number, a text, or null; undefined for notifications.
    QJsonValue id = QJsonValue::Undefined;
    QString method;
    QJsonObject params;
    QJsonObject result;
    RpcError error;

    /// True for the response to the request with this id. A text that spells the number counts.
    bool answers(qint64 requestId) const;
};

/// A member that is null counts as absent, but for the id, where null means something. Errors: Protocol, for
/// what is no JSON-RPC 2.0 message.
base::Result<Message> readMessage(const QJsonValue &json);
/// What a text holds: one message, or a batch of them (MCP 2025-03-26). What is none is left out.
QList<Message> readMessages(const QByteArray &text);

QByteArray requestText(qint64 id, const QString &method, const QJsonObject &params);
QByteArray notificationText(const QString &method, const QJsonObject &params);
QByteArray resultText(const QJsonValue &id, const QJsonObject &result);
QByteArray errorText(const QJsonValue &id, qint64 code, const QString &message);

} // namespace mooring::mcp
