// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakemcpserver.h"

#include <QJsonDocument>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

constexpr auto statelessVersion = "2026-07-28"_L1;
constexpr auto versionKey = "io.modelcontextprotocol/protocolVersion"_L1;

QByteArray bearerOf(const FakeRequest &request)
{
    const QByteArray value = request.headers.value("Authorization");
    return value.startsWith("Bearer ") ? value.mid(7) : QByteArray();
}

QJsonObject tool(const QString &name, const QString &description, const QJsonObject &properties)
{
    return {{u"name"_s, name},
            {u"description"_s, description},
            {u"inputSchema"_s, QJsonObject{{u"type"_s, u"object"_s}, {u"properties"_s, properties}}}};
}

QJsonObject textResult(const QString &text, bool isError = false)
{
    const QJsonObject part = {{u"type"_s, u"text"_s}, {u"text"_s, text}};
    return {{u"content"_s, QJsonArray{part}}, {u"isError"_s, isError}};
}

} // namespace

FakeMcpServer::FakeMcpServer(const QString &path)
    : m_path(path)
{
    m_http.route("/.well-known/oauth-protected-resource",
                 [this](const FakeRequest &) { return metadata(servesMetadataAtRoot); });
    if (path != "/"_L1) {
        m_http.route("/.well-known/oauth-protected-resource" + path.toUtf8(),
                     [this](const FakeRequest &) { return metadata(servesMetadataAtPath); });
    }
    m_http.route(path.toUtf8(), [this](const FakeRequest &request) { return handle(request); });
    m_http.route(endpointPath(), [this](const FakeRequest &request) { return onStream(request); });
}

void FakeMcpServer::protect(const QString &issuer, std::function<bool(const QByteArray &)> tokens)
{
    authorizationServers = {issuer};
    admits = std::move(tokens);
}

FakeResponse FakeMcpServer::metadata(bool isServed) const
{
    if (!isServed || authorizationServers.isEmpty()) {
        return FakeResponse::empty(404);
    }
    QJsonObject document = {
        {u"resource"_s, resource.isEmpty() ? url().toString() : resource},
        {u"authorization_servers"_s, QJsonArray::fromStringList(authorizationServers)},
        {u"resource_name"_s, serverName},
    };
    if (!scopesSupported.isEmpty()) {
        document.insert(u"scopes_supported"_s, QJsonArray::fromStringList(scopesSupported));
    }
    return FakeResponse::json(document);
}

bool FakeMcpServer::mayPass(const FakeRequest &request, const QString &method) const
{
    if (!keyHeader.isEmpty() && request.headers.value(keyHeader) != keyValue) {
        return false;
    }
    for (const auto &[name, value] : otherHeaders) {
        if (request.headers.value(name) != value) {
            return false;
        }
    }
    if (!keyParameter.isEmpty() && !request.query().split('&').contains(keyParameter)) {
        return false;
    }
    return !admits || openMethods.contains(method) || admits(bearerOf(request));
}

FakeResponse FakeMcpServer::refuse()
{
    ++m_refusals;
    FakeResponse refusal = FakeResponse::json({{u"error"_s, u"unauthorized"_s}}, 401);
    QByteArray challenge = "Bearer realm=\"mcp\"";
    if (challengeNamesMetadata && !authorizationServers.isEmpty()) {
        const QUrl where =
            servesMetadataAtPath ? metadataUrl() : m_http.url(u"/.well-known/oauth-protected-resource"_s);
        challenge += ", resource_metadata=\"" + where.toEncoded() + '"';
    }
    if (!challengeScope.isEmpty()) {
        challenge += ", scope=\"" + challengeScope + '"';
    }
    if (!challengeOverride.isEmpty()) {
        challenge = challengeOverride;
    }
    if (challenge != "-") {
        refusal.headers.add("WWW-Authenticate", challenge);
    }
    return refusal;
}

FakeResponse FakeMcpServer::handle(const FakeRequest &request)
{
    if (std::optional<FakeResponse> other = inFront ? inFront(request) : std::nullopt) {
        return *std::move(other);
    }
    const QJsonObject message = request.json();
    const QString method = message.value("method"_L1).toString();
    if (!mayPass(request, method)) {
        return refusesToken && !bearerOf(request).isEmpty() ? refusesToken(request) : refuse();
    }
    m_methods.append(request.method == "POST" ? method : QString::fromLatin1(request.method));
    if (request.method == "DELETE") {
        return FakeResponse::empty(m_sessions.remove(request.headers.value("Mcp-Session-Id")) ? 200 : 404);
    }
    if (request.method == "GET" && (speaksHttpSse || hasOwnStream)) {
        return openStream();
    }
    if (request.method != "POST" || (speaksHttpSse && !speaksStateless && !speaksSessions)) {
        return FakeResponse::empty(405);
    }
    if (method.isEmpty()) {
        m_replies.append(message);
        m_replyTexts.append(request.body);
        return FakeResponse::empty(202);
    }
    const QJsonObject meta = message.value("params"_L1).toObject().value("_meta"_L1).toObject();
    if (meta.contains(versionKey)) {
        return stateless(request, message);
    }
    return withSession(request, message);
}

FakeResponse FakeMcpServer::stateless(const FakeRequest &request, const QJsonObject &message)
{
    const QString method = message.value("method"_L1).toString();
    const QJsonObject meta = message.value("params"_L1).toObject().value("_meta"_L1).toObject();
    const QString version = meta.value(versionKey).toString();
    if (!speaksStateless) {
        return refusesVersion ? refusesVersion(request, version)
                              : error(message, 400, -32600, u"No session"_s);
    }
    if (QString::fromLatin1(request.headers.value("MCP-Protocol-Version")) != version
        || QString::fromLatin1(request.headers.value("Mcp-Method")) != method) {
        return error(message, 400, -32020, u"Header and body differ"_s);
    }
    if (version != statelessVersion) {
        return error(message, 400, -32022, u"Unsupported version"_s,
                     {{u"supported"_s, QJsonArray{QString(statelessVersion)}}});
    }
    if (method == "server/discover"_L1) {
        return result(message, {{u"supportedVersions"_s, QJsonArray{QString(statelessVersion)}},
                                {u"capabilities"_s, QJsonObject{{u"tools"_s, QJsonObject()}}}});
    }
    if (const std::optional<QJsonObject> answer = toolResult(request, message)) {
        return answer->isEmpty() ? error(message, 400, -32602, u"Unknown tool"_s) : result(message, *answer);
    }
    return error(message, 404, -32601, u"Unknown method"_s);
}

void FakeMcpServer::say(const QJsonObject &message) const
{
    m_write("event: message\ndata: " + QJsonDocument(message).toJson(QJsonDocument::Compact) + "\n\n");
}

FakeResponse FakeMcpServer::openStream()
{
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.body = ": hello\n\n";
    if (speaksHttpSse) {
        stream.body += "event: endpoint\ndata: "
                       + (endpointOverride.isEmpty() ? endpointPath() + "?session=1" : endpointOverride)
                       + "\n\n";
    }
    stream.whenOpen = [this](std::function<void(const QByteArray &)> write) { m_write = std::move(write); };
    return stream;
}

/// A POST of the oldest kind: a receipt here, the answer on the stream.
FakeResponse FakeMcpServer::onStream(const FakeRequest &request)
{
    const QJsonObject message = request.json();
    const QString method = message.value("method"_L1).toString();
    if (!speaksHttpSse || !m_write) {
        return FakeResponse::empty(404);
    }
    if (!mayPass(request, method)) {
        return refuse();
    }
    if (method.isEmpty()) {
        m_replies.append(message);
        m_replyTexts.append(request.body);
        return FakeResponse::empty(202);
    }
    m_methods.append(method);
    QJsonObject answer{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, message.value("id"_L1)}};
    if (method == "initialize"_L1) {
        answer.insert(u"result"_s, QJsonObject{{u"protocolVersion"_s, u"2024-11-05"_s},
                                               {u"serverInfo"_s, QJsonObject{{u"name"_s, serverName},
                                                                             {u"version"_s, u"1.0"_s}}}});
        say(answer);
    } else if (const std::optional<QJsonObject> result = toolResult(request, message)) {
        answer.insert(u"result"_s, *result);
        say(answer);
    }
    return FakeResponse::empty(202);
}

FakeResponse FakeMcpServer::withSession(const FakeRequest &request, const QJsonObject &message)
{
    const QString method = message.value("method"_L1).toString();
    if (!speaksSessions) {
        return error(message, 400, -32022, u"Unsupported version"_s,
                     {{u"supported"_s, QJsonArray{QString(statelessVersion)}}});
    }
    if (method == "initialize"_L1) {
        const QString asked = message.value("params"_L1)["protocolVersion"_L1].toString();
        const bool isKnown = sessionVersions.contains(asked);
        if (!isKnown && refusesVersion) {
            return refusesVersion(request, asked);
        }
        FakeResponse answer = result(
            message, {{u"protocolVersion"_s, isKnown ? asked : sessionVersions.first()},
                      {u"capabilities"_s, QJsonObject{{u"tools"_s, QJsonObject()}}},
                      {u"serverInfo"_s, QJsonObject{{u"name"_s, serverName}, {u"version"_s, u"1.0"_s}}}});
        if (usesSessionIds) {
            const QByteArray id = "session-" + QByteArray::number(++m_serial);
            m_sessions.insert(id);
            answer.headers.add("Mcp-Session-Id", id);
        }
        return answer;
    }
    const QByteArray session = request.headers.value("Mcp-Session-Id");
    if (usesSessionIds && !m_sessions.contains(session)) {
        return error(message, session.isEmpty() ? 400 : 404, -32000, u"No such session"_s);
    }
    if (!message.contains("id"_L1)) {
        return FakeResponse::empty(202);
    }
    if (const std::optional<QJsonObject> answer = toolResult(request, message)) {
        return answer->isEmpty() ? error(message, 200, -32602, u"Unknown tool"_s) : result(message, *answer);
    }
    return error(message, 200, -32601, u"Unknown method"_s);
}

/// Nothing for a method that is not about tools; an empty object for a tool that isn't there.
std::optional<QJsonObject> FakeMcpServer::toolResult(const FakeRequest &request,
                                                     const QJsonObject &message) const
{
    const QString method = message.value("method"_L1).toString();
    const QJsonObject params = message.value("params"_L1).toObject();
    const QJsonObject text = {{u"text"_s, QJsonObject{{u"type"_s, u"string"_s}}}};
    if (method == "tools/list"_L1) {
        if (const QJsonObject own = listsTools ? listsTools(params) : QJsonObject(); !own.isEmpty()) {
            return own;
        }
        return QJsonObject{{u"tools"_s, QJsonArray{tool(u"echo"_s, u"Gives back a text"_s, text),
                                                   tool(u"whoami"_s, u"Names the token"_s, {}),
                                                   tool(u"fail"_s, u"Fails"_s, {})}}};
    }
    if (method != "tools/call"_L1) {
        return std::nullopt;
    }
    if (const QJsonObject own = answersCall ? answersCall(params) : QJsonObject(); !own.isEmpty()) {
        return own;
    }
    const QString name = params.value("name"_L1).toString();
    if (name == "echo"_L1) {
        return textResult(params.value("arguments"_L1).toObject().value("text"_L1).toString());
    }
    if (name == "whoami"_L1) {
        return textResult(QString::fromLatin1(bearerOf(request)));
    }
    return name == "fail"_L1 ? textResult(u"It failed"_s, true) : QJsonObject();
}

FakeResponse FakeMcpServer::result(const QJsonObject &message, const QJsonObject &result) const
{
    QJsonObject full = result;
    const bool isStateless =
        message.value("params"_L1).toObject().value("_meta"_L1).toObject().contains(versionKey);
    if (isStateless) {
        const QJsonObject info = {{u"name"_s, serverName}, {u"version"_s, u"1.0"_s}};
        full.insert(u"resultType"_s, full.value("resultType"_L1).toString(u"complete"_s));
        full.insert(u"_meta"_s, QJsonObject{{u"io.modelcontextprotocol/serverInfo"_s, info}});
    }
    const QJsonObject answer = {
        {u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, message.value("id"_L1)}, {u"result"_s, full}};
    if (answers == Answers::Json) {
        return FakeResponse::json(answer);
    }
    FakeResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.body = ": hello\n\n";
    stream.pieces.push_back(
        {.bytes = "event: message\ndata: " + QJsonDocument(answer).toJson(QJsonDocument::Compact) + "\n\n"});
    return stream;
}

FakeResponse FakeMcpServer::error(const QJsonObject &message, int status, int code, const QString &text,
                                  const QJsonObject &data) const
{
    QJsonObject problem = {{u"code"_s, code}, {u"message"_s, text}};
    if (!data.isEmpty()) {
        problem.insert(u"data"_s, data);
    }
    return FakeResponse::json(
        {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, message.value("id"_L1)}, {u"error"_s, problem}}, status);
}

} // namespace mooring::support
