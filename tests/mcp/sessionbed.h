// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/session.h"
#include "support/await.h"
#include "support/fakemcpserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

/// What the tests of sessions share.
namespace mooring::sessionbed {

using support::FakeRequest;
using support::FakeResponse;
using Writer = std::function<void(const QByteArray &)>;

inline base::Deadlines shortDeadlines()
{
    base::Deadlines deadlines;
    deadlines.probe = std::chrono::seconds(5);
    deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    deadlines.mcpRequest = std::chrono::seconds(5);
    deadlines.idle = std::chrono::seconds(5);
    return deadlines;
}

inline QString methodOf(const FakeRequest &request)
{
    return request.json().value(QLatin1StringView("method")).toString();
}

/// The requests with that method, in order.
inline QList<FakeRequest> calls(const support::FakeServer &http, const QString &method)
{
    QList<FakeRequest> found;
    for (const FakeRequest &request : http.requests()) {
        if (methodOf(request) == method) {
            found.append(request);
        }
    }
    return found;
}

inline QByteArray sseEvent(const QJsonObject &message, const QByteArray &id = {})
{
    const QByteArray name = id.isEmpty() ? QByteArray() : "id: " + id + '\n';
    return name + "data: " + QJsonDocument(message).toJson(QJsonDocument::Compact) + "\n\n";
}

inline QJsonObject response(const QJsonValue &id, const QJsonObject &result)
{
    return {{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
            {QStringLiteral("id"), id},
            {QStringLiteral("result"), result}};
}

/// A tool's result of one text.
inline QJsonObject textResult(const QString &text)
{
    const QJsonObject part{{QStringLiteral("type"), QStringLiteral("text")}, {QStringLiteral("text"), text}};
    return {{QStringLiteral("content"), QJsonArray{part}}};
}

/// An event stream that stays open; `write` gets what writes to it.
inline FakeResponse openStream(Writer *write, const QByteArray &start = ": hello\n\n")
{
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.body = start;
    stream.whenOpen = [write](Writer writer) { *write = std::move(writer); };
    return stream;
}

/// An event stream that ends behind these bytes, in chunks (RFC 9112 section 7.1): Qt is apt to send a GET
/// again when the end of the answer is that of the connection.
inline FakeResponse endedStream(const QByteArray &bytes)
{
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.headers.add("Transfer-Encoding", "chunked");
    stream.body = QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n0\r\n\r\n";
    return stream;
}

/// Makes sessions, and the services that they need.
struct Bed {
    http::Client client;
    base::TaskScope tasks;
    base::Deadlines deadlines = shortDeadlines();
    mcp::NoAuthorizer nobody;

    std::shared_ptr<mcp::Session> session(const QUrl &url, mcp::Era era = mcp::Era::Unknown)
    {
        return std::make_shared<mcp::Session>(client, deadlines, url, nobody, tasks,
                                              mcp::SessionOptions{era, {}});
    }
};

} // namespace mooring::sessionbed
