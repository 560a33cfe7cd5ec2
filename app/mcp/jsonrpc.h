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

/// One JSON-RPC message that came from a server: the bytes as they came, and where in them its members are.
/// `params` and `result` become values only when somebody asks for them, because the largest messages are
/// passed on without.
class Message final {
public:
    enum class Kind { Request, Notification, Result, Error };

    /// A member that is null counts as absent, but for the id, where null means something. Errors: Protocol,
    /// for what isn't well-formed (base::checkJson) or is no JSON-RPC 2.0 message.
    static base::Result<Message> read(const QByteArray &text);
    /// The same for text that base::checkJson() has found well-formed.
    static base::Result<Message> readChecked(const QByteArray &text);

    Kind kind() const { return m_kind; }
    /// A request or a notification; a response otherwise.
    bool isCall() const { return m_kind == Kind::Request || m_kind == Kind::Notification; }
    const QByteArray &text() const { return m_text; }
    /// As JSON: 7, "7" or null; empty for notifications.
    const QByteArray &id() const { return m_id; }
    const QString &method() const { return m_method; }
    /// The object as it stands in the message; empty if there is none.
    QByteArrayView paramsText() const { return QByteArrayView(m_text).sliced(m_params.from, m_params.size); }
    QByteArrayView resultText() const { return QByteArrayView(m_text).sliced(m_result.from, m_result.size); }
    /// Parsed at each call; empty if there is none.
    QJsonObject params() const;
    QJsonObject result() const;
    /// Of Kind::Error.
    const RpcError &error() const { return m_error; }

    /// True for the response to the request with this id. A text that spells the number counts, and so does
    /// an error about a request that could not be read.
    bool answers(qint64 requestId) const;
    /// The number that the id is or spells; -1 if it is none.
    qint64 idNumber() const;
    /// The message with another id (as JSON), all other bytes as they are.
    QByteArray textWithId(QByteArrayView id) const;
    /// Makes an error forget a secret that its server repeats: the message without it, the data left out.
    void hide(const QString &secret);

private:
    struct Span {
        qsizetype from = 0;
        qsizetype size = 0;
    };
    static base::Result<Message> readCall(Message message, QByteArrayView id);
    static base::Result<Message> readError(Message message, QByteArrayView id, QByteArrayView error);
    static base::Result<Message> readResult(Message message, QByteArrayView id, QByteArrayView result);
    Span spanOf(QByteArrayView part) const;

    QByteArray m_text;
    QByteArray m_id;
    QString m_method;
    Span m_params;
    Span m_result;
    RpcError m_error;
    Kind m_kind = Kind::Notification;
};

/// What a text holds: one message, or a batch of them (MCP 2025-03-26). What is none is left out.
QList<Message> readMessages(const QByteArray &text);

/// `params` is an object as JSON; empty stands for one without members.
QByteArray requestText(qint64 id, const QString &method, QByteArrayView params);
/// The same; empty leaves the member out.
QByteArray notificationText(const QString &method, QByteArrayView params);
/// `id` is that of the request, as JSON.
QByteArray resultText(QByteArrayView id, QByteArrayView result);
QByteArray errorText(QByteArrayView id, qint64 code, const QString &message);

/// An object as JSON.
QByteArray jsonOf(const QJsonObject &object);

} // namespace mooring::mcp
