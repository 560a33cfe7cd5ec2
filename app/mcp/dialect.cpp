// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/dialect.h"

#include "base/displaytext.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;

namespace {

constexpr char16_t metaPrefix[] = u"io.modelcontextprotocol/";
/// How long the end of a session may take; nobody waits for it gladly.
constexpr auto deleteDeadline = std::chrono::seconds(2);

QJsonObject clientInfo()
{
    return {{u"name"_s, u"Mooring"_s}, {u"version"_s, QString::fromLatin1(MOORING_VERSION)}};
}

/// What the server may ask for: nothing, unless there is somebody to answer.
QJsonObject capabilities(bool mayAsk)
{
    if (!mayAsk) {
        return {};
    }
    return {
        {u"elicitation"_s, QJsonObject{{u"form"_s, QJsonObject()}, {u"url"_s, QJsonObject()}}},
    };
}

QJsonObject requestMeta(const QString &version, bool mayAsk)
{
    const QString prefix = QString::fromUtf16(metaPrefix);
    return {{prefix + "protocolVersion"_L1, version},
            {prefix + "clientCapabilities"_L1, capabilities(mayAsk)},
            {prefix + "clientInfo"_L1, clientInfo()}};
}

http::Request post(const QUrl &url, const http::Headers &headers, const QByteArray &body,
                   const http::Limits &limits)
{
    http::Request request;
    request.verb = "POST"_ba;
    request.url = url;
    request.headers = headers;
    request.body = body;
    request.limits = limits;
    request.redirects = http::Redirects::FollowSamePost;
    return request;
}

} // namespace

QByteArray headerValue(const QString &text)
{
    const auto isPrintable = [](QChar c) { return c.unicode() >= 0x20 && c.unicode() <= 0x7e; };
    const bool isPlain = std::all_of(text.begin(), text.end(), isPrintable) && !text.startsWith(u' ')
                         && !text.endsWith(u' ')
                         && !(text.startsWith("=?base64?"_L1) && text.endsWith("?="_L1));
    if (text.isEmpty()) {
        // Not a null one: Qt leaves those headers out.
        return QByteArrayLiteral("");
    }
    return isPlain ? text.toLatin1() : "=?base64?" + text.toUtf8().toBase64() + "?=";
}

http::Headers requestHeaders(const Dialect &dialect, const Call &call)
{
    http::Headers headers;
    headers.add("Content-Type", "application/json");
    headers.add("Accept", "application/json, text/event-stream");
    if (!dialect.version.isEmpty()) {
        headers.add("MCP-Protocol-Version", dialect.version.toLatin1());
    }
    if (dialect.era == Era::Stateless) {
        headers.add("Mcp-Method", headerValue(call.method));
        if (!call.name.isEmpty()) {
            headers.add("Mcp-Name", headerValue(call.name));
        }
        for (const auto &[name, value] : call.parameters.fields()) {
            headers.add(name, value);
        }
    } else if (!dialect.sessionId.isEmpty()) {
        headers.add("Mcp-Session-Id", dialect.sessionId);
    }
    return headers;
}

http::Request buildRequest(const Dialect &dialect, const Call &call, const QUrl &url, qint64 id)
{
    QJsonObject params = call.params;
    if (dialect.era == Era::Stateless) {
        params.insert(u"_meta"_s, requestMeta(dialect.version, call.asker != nullptr));
    }
    const QByteArray body =
        call.isNotification ? notificationText(call.method, params.isEmpty() ? QByteArray() : jsonOf(params))
                            : requestText(id, call.method, jsonOf(params));
    http::Request request = post(url, requestHeaders(dialect, call), body, call.limits);
    // Nothing runs by these, so they may follow where others must not.
    if (call.method == "initialize"_L1 || call.method == "server/discover"_L1) {
        request.redirects = http::Redirects::FollowGreeting;
    }
    return request;
}

http::Request buildReply(const Dialect &dialect, const QByteArray &text, const QUrl &url,
                         const http::Limits &limits)
{
    return post(url, requestHeaders(dialect, {}), text, limits);
}

http::Request routed(const Dialect &dialect, http::Request request)
{
    if (dialect.era == Era::HttpSse && request.verb == "POST") {
        request.url = dialect.endpoint;
    }
    if (dialect.cookies) {
        dialect.cookies->addTo(&request);
    }
    return request;
}

http::Request buildDelete(const Dialect &dialect, const QUrl &url)
{
    http::Request request;
    request.verb = "DELETE"_ba;
    request.url = url;
    request.headers.add("Mcp-Session-Id", dialect.sessionId);
    request.headers.add("MCP-Protocol-Version", dialect.version.toLatin1());
    request.limits.deadline = deleteDeadline;
    request.limits.idle = deleteDeadline;
    return request;
}

http::Request buildListen(const Dialect &dialect, const QByteArray &lastEventId, const QUrl &url,
                          const http::Limits &limits)
{
    http::Request request;
    request.verb = "GET"_ba;
    request.url = url;
    request.headers.add("Accept", "text/event-stream");
    if (!dialect.version.isEmpty()) {
        request.headers.add("MCP-Protocol-Version", dialect.version.toLatin1());
    }
    if (!dialect.sessionId.isEmpty()) {
        request.headers.add("Mcp-Session-Id", dialect.sessionId);
    }
    if (!lastEventId.isEmpty()) {
        request.headers.add("Last-Event-ID", lastEventId);
    }
    request.limits = limits;
    request.redirects = http::Redirects::FollowGet;
    return request;
}

Call discoverCall(const http::Limits &limits)
{
    Call call;
    call.method = u"server/discover"_s;
    call.limits = limits;
    return call;
}

Call initializeCall(const Dialect &dialect, const http::Limits &limits)
{
    Call call;
    call.method = u"initialize"_s;
    const bool isOldest = dialect.era == Era::HttpSse;
    const QString newest = QString::fromUtf16(isOldest ? httpSseVersion : newestSessionVersion);
    call.params = {{u"protocolVersion"_s, dialect.offered.isEmpty() ? newest : dialect.offered},
                   {u"capabilities"_s, capabilities(dialect.mayAsk)},
                   {u"clientInfo"_s, clientInfo()}};
    call.limits = limits;
    return call;
}

} // namespace mooring::mcp
