// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "mcp/authorizer.h"
#include "mcp/dialect.h"
#include "mcp/session.h"

#include <memory>

namespace mooring::mcp {

/// The inside of a Session: agreeing on a version, and one request after the other. Its coroutines
/// hold it themselves, so that a Session may be dropped while a call is running.
class Session::Private final : public std::enable_shared_from_this<Session::Private> {
public:
    Private(http::Client &httpClient, const base::Deadlines &allDeadlines, const QUrl &serverUrl,
            Authorizer &credentials, Era knownEra);

    /// Agrees once; callers that come meanwhile wait for the same answer.
    base::Task<base::Result<ServerInfo>> connect(std::stop_token stop);
    /// The result of a request, after connecting if need be. A session that the server has
    /// forgotten is begun anew, once.
    base::Task<base::Result<QJsonObject>> request(Call call, std::stop_token stop);
    base::Task<base::Result<QList<Tool>>> listTools(std::stop_token stop);
    base::Task<base::Result<ToolResult>> callTool(QString name, QJsonObject arguments, std::stop_token stop);
    base::Task<void> close();

    QUrl url;

private:
    /// How an attempt to agree ended, if not with an error.
    struct Attempt {
        bool agreed = false;
        /// The server has refused our credentials and the Authorizer has had its one chance.
        bool challenged = false;
        Answer answer;
    };
    /// An answer, and whether the Authorizer was asked on the way.
    struct Authorized {
        Answer answer;
        bool challenged = false;
    };
    /// What to do with a second refusal.
    enum class SecondRefusal { Judge, Return };

    base::Task<base::Result<ServerInfo>> agree(std::stop_token stop);
    base::Task<base::Result<Attempt>> tryStateless(std::stop_token stop);
    base::Task<base::Result<Attempt>> trySessions(bool challenged, std::stop_token stop);
    base::Result<Attempt> judge(const Greeting &greeting, const Answer &answer) const;
    base::Task<base::Result<Authorized>> send(Dialect language, Call call, bool challenged,
                                              SecondRefusal second, std::stop_token stop);
    base::Task<base::Result<void>> refused(http::Request sent, http::ResponseHead head, bool challenged,
                                           std::stop_token stop);
    base::Task<void> answerServer(Dialect language, Message request, std::stop_token stop);
    base::Result<QJsonObject> resultOf(const Answer &answer) const;
    void forgetSession(const QByteArray &sessionId);
    http::Limits greetingLimits() const;

    http::Client &m_client;
    base::Deadlines m_deadlines;
    Authorizer &m_authorizer;
    Era m_knownEra;
    Dialect m_dialect;
    std::optional<ServerInfo> m_server;
    std::optional<base::SharedResult<ServerInfo>> m_connecting;
    qint64 m_nextId = 1;
};

} // namespace mooring::mcp
