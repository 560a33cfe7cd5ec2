// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demomcpserver.h"

#include "base/secret.h"
#include "base/strictjson.h"

#include <QJsonArray>

#include <algorithm>

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr auto statelessVersion = "2026-07-28"_L1;
constexpr auto sessionVersion = "2025-11-25"_L1;
constexpr auto versionKey = "io.modelcontextprotocol/protocolVersion"_L1;
constexpr auto serverInfoKey = "io.modelcontextprotocol/serverInfo"_L1;
constexpr qsizetype maximumSessions = 1000;

Response error(const QJsonObject &message, int status, int code, const QString &text,
               const QJsonObject &data = {})
{
    QJsonObject problem = {{u"code"_s, code}, {u"message"_s, text}};
    if (!data.isEmpty()) {
        problem.insert(u"data"_s, data);
    }
    return Response::json(
        {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, message.value("id"_L1)}, {u"error"_s, problem}}, status);
}

QJsonObject paramsOf(const QJsonObject &message)
{
    return message.value("params"_L1).toObject();
}

QString statelessVersionOf(const QJsonObject &message)
{
    return paramsOf(message).value("_meta"_L1).toObject().value(versionKey).toString();
}

} // namespace

McpServer::McpServer(const QString &name, std::vector<Tool> tools)
    : m_name(name)
    , m_tools(std::move(tools))
{
    m_http.route("/mcp", [this](const Request &request) { return handle(request); });
}

void McpServer::protect(const QString &issuer, const QStringList &scopes,
                        std::function<bool(const QByteArray &token)> admits)
{
    const QByteArray path = "/.well-known/oauth-protected-resource/mcp";
    m_http.route(path, [this, issuer, scopes](const Request &) {
        return Response::json({{u"resource"_s, url()},
                               {u"resource_name"_s, m_name},
                               {u"authorization_servers"_s, QJsonArray{issuer}},
                               {u"scopes_supported"_s, QJsonArray::fromStringList(scopes)},
                               {u"bearer_methods_supported"_s, QJsonArray{u"header"_s}}});
    });
    m_guard = [this, path, admits = std::move(admits)](const Request &request) -> std::optional<Response> {
        const QByteArray authorization = request.headers.value("Authorization");
        const bool hasToken = authorization.startsWith("Bearer ");
        if (hasToken && admits(authorization.mid(7))) {
            return std::nullopt;
        }
        Response refusal = Response::json({{u"error"_s, u"invalid_token"_s}}, 401);
        refusal.headers.add("WWW-Authenticate",
                            QByteArray("Bearer ") + (hasToken ? "error=\"invalid_token\", " : "")
                                + "resource_metadata=\"" + m_http.origin().toLatin1() + path + '"');
        return refusal;
    };
}

void McpServer::requireKey(const QByteArray &header, const QByteArray &value)
{
    m_guard = [header, value](const Request &request) -> std::optional<Response> {
        if (base::equalInConstantTime(request.headers.value(header), value)) {
            return std::nullopt;
        }
        const QString sentence = u"Send your key in the header %1"_s.arg(QString::fromLatin1(header));
        return Response::json({{u"error"_s, sentence}}, 401);
    };
}

Response McpServer::handle(const Request &request)
{
    if (m_guard) {
        if (std::optional<Response> refusal = m_guard(request)) {
            return *refusal;
        }
    }
    if (request.method == "DELETE") {
        return Response::empty(m_sessions.remove(request.headers.value("Mcp-Session-Id")) ? 200 : 404);
    }
    if (request.method != "POST") {
        Response refusal = Response::empty(405);
        refusal.headers.add("Allow", "POST, DELETE");
        return refusal;
    }
    const base::Result<QJsonObject> message = base::parseJsonObject(request.body);
    if (!message) {
        return error({}, 400, -32700, u"The body is no JSON object"_s);
    }
    return statelessVersionOf(*message).isEmpty() ? withSession(request, *message)
                                                  : stateless(request, *message);
}

Response McpServer::stateless(const Request &request, const QJsonObject &message) const
{
    const QString version = statelessVersionOf(message);
    const QString method = message.value("method"_L1).toString();
    if (QString::fromLatin1(request.headers.value("MCP-Protocol-Version")) != version
        || QString::fromLatin1(request.headers.value("Mcp-Method")) != method) {
        return error(message, 400, -32020, u"The headers do not match the body"_s);
    }
    const QJsonArray versions = {QString(statelessVersion)};
    if (version != statelessVersion) {
        return error(message, 400, -32022, u"This version is not spoken here"_s,
                     {{u"supported"_s, versions}, {u"requested"_s, version}});
    }
    if (method != "server/discover"_L1) {
        return listOrCall(message);
    }
    return result(message, {{u"supportedVersions"_s, versions},
                            {u"capabilities"_s, QJsonObject{{u"tools"_s, QJsonObject()}}},
                            {u"ttlMs"_s, 60000},
                            {u"cacheScope"_s, u"private"_s}});
}

Response McpServer::withSession(const Request &request, const QJsonObject &message)
{
    if (message.value("method"_L1).toString() == "initialize"_L1) {
        if (m_sessions.size() >= maximumSessions) {
            m_sessions.clear();
        }
        const QByteArray id = base::randomText();
        m_sessions.insert(id);
        Response answer = result(message, {{u"protocolVersion"_s, QString(sessionVersion)},
                                           {u"capabilities"_s, QJsonObject{{u"tools"_s, QJsonObject()}}},
                                           {u"serverInfo"_s, serverInfo()}});
        answer.headers.add("Mcp-Session-Id", id);
        return answer;
    }
    const QByteArray session = request.headers.value("Mcp-Session-Id");
    if (!m_sessions.contains(session)) {
        return error(message, session.isEmpty() ? 400 : 404, -32000, u"There is no such session"_s);
    }
    return message.contains("id"_L1) ? listOrCall(message) : Response::empty(202);
}

Response McpServer::listOrCall(const QJsonObject &message) const
{
    const QString method = message.value("method"_L1).toString();
    const bool isStateless = !statelessVersionOf(message).isEmpty();
    if (method == "ping"_L1 && !isStateless) {
        return result(message, {});
    }
    if (method == "tools/list"_L1) {
        QJsonArray tools;
        for (const Tool &tool : m_tools) {
            tools.append(tool.toJson());
        }
        return result(message, {{u"tools"_s, tools}});
    }
    if (method != "tools/call"_L1) {
        return error(message, isStateless ? 404 : 200, -32601, u"This method is not known here"_s);
    }
    const QString name = paramsOf(message).value("name"_L1).toString();
    const auto tool =
        std::find_if(m_tools.begin(), m_tools.end(), [&](const Tool &known) { return known.name == name; });
    if (tool == m_tools.end()) {
        return error(message, isStateless ? 400 : 200, -32602, u"This tool is not known here"_s);
    }
    const ToolAnswer answer = tool->run(paramsOf(message).value("arguments"_L1).toObject());
    const QJsonObject part = {{u"type"_s, u"text"_s}, {u"text"_s, answer.text}};
    return result(message, {{u"content"_s, QJsonArray{part}}, {u"isError"_s, answer.isError}});
}

Response McpServer::result(const QJsonObject &message, QJsonObject result) const
{
    if (!statelessVersionOf(message).isEmpty()) {
        result.insert(u"resultType"_s, u"complete"_s);
        result.insert(u"_meta"_s, QJsonObject{{QString(serverInfoKey), serverInfo()}});
    }
    return Response::json(
        {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, message.value("id"_L1)}, {u"result"_s, result}});
}

QJsonObject McpServer::serverInfo() const
{
    return {{u"name"_s, m_name}, {u"version"_s, QStringLiteral(MOORING_VERSION)}};
}

} // namespace mooring::demo
