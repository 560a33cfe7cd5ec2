// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/negotiatedprotocol.h"

#include "base/jsonsplice.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::JsonSplice;

namespace {

constexpr QByteArrayView versionKey("io.modelcontextprotocol/protocolVersion");
constexpr QByteArrayView capabilitiesKey("io.modelcontextprotocol/clientCapabilities");
constexpr QByteArrayView clientKey("io.modelcontextprotocol/clientInfo");
/// How long the end of a session may take; nobody waits for it gladly.
constexpr auto deleteDeadline = std::chrono::seconds(2);

/// What Mcp-Name repeats (MCP 2026-07-28, Streamable HTTP): the tool, the prompt, the address; empty for
/// other methods.
QString nameIn(const Call &call)
{
    const bool isNamed = call.method == "tools/call"_L1 || call.method == "prompts/get"_L1;
    if (!isNamed && call.method != "resources/read"_L1) {
        return {};
    }
    const std::optional<JsonSplice> params = JsonSplice::of(call.params);
    return params ? base::textOfJson(params->value(isNamed ? "name" : "uri")) : QString();
}

http::Request makePost(const QUrl &url, const http::Headers &headers, const QByteArray &body,
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

QJsonObject ownClientInfo()
{
    return {{u"name"_s, u"Mooring"_s}, {u"version"_s, QString::fromLatin1(MOORING_VERSION)}};
}

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

bool NegotiatedProtocol::isSameConversation(const NegotiatedProtocol &other) const
{
    return era == other.era && sessionId == other.sessionId && stream == other.stream;
}

void NegotiatedProtocol::learn(const http::ResponseHead &head) const
{
    if (cookies) {
        cookies->learn(head);
    }
}

http::Headers NegotiatedProtocol::headersFor(const Call &call) const
{
    http::Headers headers;
    headers.add("Content-Type", "application/json");
    headers.add("Accept", "application/json, text/event-stream");
    if (!version.isEmpty()) {
        headers.add("MCP-Protocol-Version", version.toLatin1());
    }
    if (era == Era::Stateless) {
        headers.add("Mcp-Method", headerValue(call.method));
        if (const QString name = nameIn(call); !name.isEmpty()) {
            headers.add("Mcp-Name", headerValue(name));
        }
        for (const auto &[name, value] : call.headers.fields()) {
            headers.add(name, value);
        }
    } else if (!sessionId.isEmpty()) {
        headers.add("Mcp-Session-Id", sessionId);
    }
    return headers;
}

QByteArray NegotiatedProtocol::paramsFor(const Call &call) const
{
    const QByteArray params = call.params.isEmpty() ? "{}"_ba : call.params;
    const std::optional<JsonSplice> members = JsonSplice::of(params);
    if (era != Era::Stateless || !members) {
        return call.params;
    }
    const QByteArrayView given = members->value("_meta");
    QByteArray meta = given.startsWith('{') ? given.toByteArray() : "{}"_ba;
    const std::array<std::pair<QByteArrayView, QByteArray>, 3> own{
        {{versionKey, base::jsonOfText(version)},
         {capabilitiesKey, jsonOf(call.capabilities)},
         {clientKey, jsonOf(clientInfo)}}};
    for (const auto &[key, value] : own) {
        const std::optional<JsonSplice> known = JsonSplice::of(meta);
        // The header names the version that was agreed, and the two must not differ.
        if (known && (key == versionKey ? known->value(key) != value : !known->contains(key))) {
            meta = known->with(key, value);
        }
    }
    return members->with("_meta", meta);
}

http::Request NegotiatedProtocol::post(const Call &call, const QUrl &url, qint64 id) const
{
    const QByteArray params = paramsFor(call);
    const QByteArray body =
        call.isNotification ? notificationText(call.method, params) : requestText(id, call.method, params);
    http::Request request = makePost(url, headersFor(call), body, call.limits);
    // Nothing runs by these, so they may follow where others must not.
    if (call.method == "initialize"_L1 || call.method == "server/discover"_L1) {
        request.redirects = http::Redirects::FollowGreeting;
    }
    return request;
}

http::Request NegotiatedProtocol::postReply(const QByteArray &text, const QUrl &url,
                                            const http::Limits &limits) const
{
    return makePost(url, headersFor({}), text, limits);
}

http::Request NegotiatedProtocol::routed(http::Request request) const
{
    if (era == Era::HttpSse && request.verb == "POST") {
        request.url = endpoint;
    }
    if (cookies) {
        cookies->addTo(&request);
    }
    return request;
}

http::Request NegotiatedProtocol::endSession(const QUrl &url) const
{
    http::Request request;
    request.verb = "DELETE"_ba;
    request.url = url;
    request.headers.add("Mcp-Session-Id", sessionId);
    request.headers.add("MCP-Protocol-Version", version.toLatin1());
    request.limits.deadline = deleteDeadline;
    request.limits.idle = deleteDeadline;
    return request;
}

http::Request NegotiatedProtocol::listen(const QByteArray &lastEventId, const QUrl &url,
                                         const http::Limits &limits) const
{
    http::Request request;
    request.verb = "GET"_ba;
    request.url = url;
    request.headers.add("Accept", "text/event-stream");
    if (!version.isEmpty()) {
        request.headers.add("MCP-Protocol-Version", version.toLatin1());
    }
    if (!sessionId.isEmpty()) {
        request.headers.add("Mcp-Session-Id", sessionId);
    }
    if (!lastEventId.isEmpty()) {
        request.headers.add("Last-Event-ID", lastEventId);
    }
    request.limits = limits;
    request.redirects = http::Redirects::FollowGet;
    return request;
}

Call NegotiatedProtocol::discover(const http::Limits &limits) const
{
    Call call;
    call.method = u"server/discover"_s;
    call.limits = limits;
    return call;
}

Call NegotiatedProtocol::initialize(const http::Limits &limits) const
{
    Call call;
    call.method = u"initialize"_s;
    const bool isOldest = era == Era::HttpSse;
    const QString newest = QString::fromUtf16(isOldest ? httpSseVersion : newestSessionVersion);
    call.params = jsonOf({{u"protocolVersion"_s, offered.isEmpty() ? newest : offered},
                          {u"capabilities"_s, capabilities},
                          {u"clientInfo"_s, clientInfo}});
    call.limits = limits;
    return call;
}

} // namespace mooring::mcp
