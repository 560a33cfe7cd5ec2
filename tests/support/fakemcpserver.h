// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fakeserver.h"

#include <QJsonArray>
#include <QSet>

namespace mooring::support {

/// An MCP server over Streamable HTTP in memory, of both eras, open or protected. Everything public
/// may be changed at any time; it counts from the next request on.
///
/// Its tools: "echo" (gives back the argument "text"), "whoami" (names the token that came),
/// "fail" (a result with isError).
class FakeMcpServer final : public QObject {
    Q_OBJECT
public:
    enum class Answers { Json, EventStream };

    /// 2026-07-28: server/discover, no sessions.
    bool speaksStateless = true;
    /// 2025-11-25: initialize and sessions.
    bool speaksSessions = true;
    bool usesSessionIds = true;
    /// What initialize may ask for; the first is what other requests are answered with.
    QStringList sessionVersions = {QStringLiteral("2025-11-25"), QStringLiteral("2025-06-18"),
                                   QStringLiteral("2025-03-26"), QStringLiteral("2024-11-05")};
    /// Refuses a version that isn't among them, instead of answering with the first.
    std::function<FakeResponse(const FakeRequest &request, const QString &asked)> refusesVersion;
    /// What a token that isn't admitted gets instead of a 401; whoever has none gets the 401.
    std::function<FakeResponse(const FakeRequest &request)> refusesToken;
    /// Gets every request before the server does; nothing lets it through.
    std::function<std::optional<FakeResponse>(const FakeRequest &request)> inFront;
    /// 2024-11-05: a GET brings the answers of POSTs to endpointPath().
    bool speaksHttpSse = false;
    /// What the endpoint event says; empty stands for endpointPath().
    QByteArray endpointOverride;
    /// With sessions: a GET opens a stream for the server's own requests; 405 otherwise.
    bool hasOwnStream = false;
    Answers answers = Answers::Json;
    QString serverName = QStringLiteral("Fake server");

    /// Who may come in: called with the bearer token (empty if there is none). Unset: everybody.
    std::function<bool(const QByteArray &token)> admits;
    /// With admits: let these methods through without a token ("lazy" servers).
    QSet<QString> openMethods;
    /// A header key: name and value that must be there. Empty: none.
    QByteArray keyHeader;
    QByteArray keyValue;
    /// Further headers that must be there, and a parameter of the address ("name=value").
    QList<std::pair<QByteArray, QByteArray>> otherHeaders;
    QByteArray keyParameter;

    // Protected-resource metadata.
    QStringList authorizationServers;
    QStringList scopesSupported;
    /// The identifier in the document; empty stands for url().
    QString resource;
    bool servesMetadataAtPath = true;
    bool servesMetadataAtRoot = false;
    /// The 401 names the metadata document.
    bool challengeNamesMetadata = true;
    QByteArray challengeScope;
    /// Instead of the whole WWW-Authenticate value; "-" for no such header.
    QByteArray challengeOverride;

    explicit FakeMcpServer(const QString &path = QStringLiteral("/mcp"));

    FakeServer &http() { return m_http; }
    QUrl url() const { return m_http.url(m_path); }
    QByteArray path() const { return m_path.toUtf8(); }
    QByteArray endpointPath() const { return "/messages"; }
    /// Says something on the newest stream that a GET has opened; nothing ends it.
    void say(const QJsonObject &message) const;
    /// The same, in these very bytes.
    void write(const QByteArray &bytes) const { m_write(bytes); }
    void endStream() { std::exchange(m_write, nullptr)({}); }
    bool hasListener() const { return m_write != nullptr; }
    /// What came for the server's own requests, in order.
    QList<QJsonObject> replies() const { return m_replies; }
    /// The same, as it came.
    QByteArrayList replyTexts() const { return m_replyTexts; }
    /// Answers each tools/list; an answer that is not empty is the whole result.
    std::function<QJsonObject(const QJsonObject &params)> listsTools;
    /// Gets each tools/call before the tools do; an answer that is not empty is the whole result.
    std::function<QJsonObject(const QJsonObject &params)> answersCall;
    QUrl metadataUrl() const
    {
        return m_http.url(QStringLiteral("/.well-known/oauth-protected-resource") + m_path);
    }
    /// Protects the server by tokens of `issuer` for which `admits` says yes.
    void protect(const QString &issuer, std::function<bool(const QByteArray &token)> admits);

    /// "initialize", "tools/list", … of all requests that were let in, in order.
    QStringList methods() const { return m_methods; }
    int refusals() const { return m_refusals; }
    /// Forgets all sessions: the next request of each gets 404.
    void endSessions() { m_sessions.clear(); }
    int sessions() const { return static_cast<int>(m_sessions.size()); }

private:
    FakeResponse metadata(bool isServed) const;
    FakeResponse handle(const FakeRequest &request);
    FakeResponse refuse();
    bool mayPass(const FakeRequest &request, const QString &method) const;
    FakeResponse stateless(const FakeRequest &request, const QJsonObject &message);
    FakeResponse openStream();
    FakeResponse onStream(const FakeRequest &request);
    FakeResponse withSession(const FakeRequest &request, const QJsonObject &message);
    std::optional<QJsonObject> toolResult(const FakeRequest &request, const QJsonObject &message) const;
    FakeResponse result(const QJsonObject &message, const QJsonObject &result) const;
    FakeResponse error(const QJsonObject &message, int status, int code, const QString &text,
                       const QJsonObject &data = {}) const;

    FakeServer m_http;
    QString m_path;
    QStringList m_methods;
    QSet<QByteArray> m_sessions;
    std::function<void(const QByteArray &)> m_write;
    QList<QJsonObject> m_replies;
    QByteArrayList m_replyTexts;
    int m_refusals = 0;
    int m_serial = 0;
};

} // namespace mooring::support
