// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/dialect.h"
#include "mcp/elicitation.h"
#include "mcp/serverstream.h"
#include "mcp/session.h"
#include "mcp/toolheaders.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QSet>

namespace mooring::mcp {

/// The inside of a Session, shared by the files that implement its parts: agreement.cpp, conversation.cpp,
/// listening.cpp, asking.cpp, tools.cpp. Its coroutines hold it themselves, so that a Session may be dropped
/// while a call is running.
class Session::Private final : public std::enable_shared_from_this<Session::Private> {
public:
    Private(http::Client &httpClient, const base::Deadlines &allDeadlines, const QUrl &serverUrl,
            Authorizer &credentials, base::TaskScope &taskScope, SessionOptions sessionOptions);

    /// Agrees once; callers that come meanwhile wait for the same answer. With `mayAsk`, a session that was
    /// begun without anybody to ask gives way to one that has somebody: that is agreed at initialize.
    base::Task<base::Result<ServerInfo>> connect(bool mayAsk, std::stop_token stop);
    base::Task<base::Result<QList<Tool>>> listTools(std::stop_token stop);
    base::Task<base::Result<ToolResult>> callTool(QString name, QJsonObject arguments, AskPerson ask,
                                                  std::stop_token stop);
    base::Task<void> close();
    const QString &listNote() const { return m_listNote; }

    QUrl url;

private:
    /// How an attempt to agree ended, if not with an error.
    struct Attempt {
        bool agreed = false;
        Answer answer = {};
    };
    /// What to do with a 401 that a request with credentials gets.
    enum class Refusals {
        Settle, ///< the Authorizer decides
        GiveBack, ///< it is the answer
    };

    // agreement.cpp
    base::Task<base::Result<ServerInfo>> agree(std::stop_token stop);
    base::Task<base::Result<Attempt>> tryTokenAsItIs(std::stop_token stop);
    base::Task<base::Result<Attempt>> tryEra(Era era, Refusals refusals, std::stop_token stop);
    base::Task<base::Result<Attempt>> tryStateless(Refusals refusals, std::stop_token stop);
    base::Task<base::Result<Attempt>> trySessions(Refusals refusals, std::stop_token stop);
    base::Task<base::Result<Attempt>> tryHttpSse(std::stop_token stop);
    base::Task<base::Result<Attempt>> initialize(Dialect language, Refusals refusals, std::stop_token stop);
    base::Task<base::Result<void>> begin(Dialect language, Greeting greeting, http::ResponseHead head,
                                         std::stop_token stop);
    base::Result<Attempt> judge(const Greeting &greeting, const Answer &answer) const;
    void noteVersions(const Greeting &greeting);
    base::Error noAgreement(const Answer &answer) const;
    http::Limits greetingLimits() const;
    Dialect newDialect(Era era) const;

    // conversation.cpp
    /// The result of a request, after connecting if need be. A session that the server has
    /// forgotten is begun anew, once.
    base::Task<base::Result<QJsonObject>> request(Call call, std::stop_token stop);
    base::Task<base::Result<Answer>> send(Dialect language, Call call, Refusals refusals,
                                          std::stop_token stop);
    base::Task<base::Result<Answer>> transfer(Dialect language, Call call, qint64 id, http::Request request,
                                              std::stop_token stop);
    /// Something speaks of the token without a 401: whether to send the request once more.
    base::Task<base::Result<bool>> doubted(http::Request sent, base::Result<Answer> answer, Call call,
                                           bool isRenewed, std::stop_token stop);
    bool isAboutToken(const base::Result<Answer> &answer) const;
    void noteAnswer(const Dialect &language, const http::Request &plain, const http::Request &sent,
                    base::Result<Answer> &answer, bool isDoubtful);
    base::Task<base::Result<void>> refused(http::Request sent, http::ResponseHead head, bool challenged,
                                           std::stop_token stop);
    base::Result<QJsonObject> resultOf(const Answer &answer, const Dialect &language) const;
    void forget(const Dialect &language);
    void noteEnd(const Dialect &language, const Call &call, qint64 id, const base::Error &error);
    static base::Task<void> tellCancelled(std::shared_ptr<Private> self, Dialect language, qint64 id);

    // listening.cpp
    /// The stream of a server; none if it has none, as the head says.
    base::Task<base::Result<ServerStream::Opening>>
    openStream(Dialect language, std::chrono::milliseconds patience, std::stop_token stop);
    base::Task<void> listen(Dialect language, std::stop_token stop);
    base::Task<base::Result<Answer>> resume(Dialect language, qint64 id, Interruption broken,
                                            QDeadlineTimer whole, Expectation expected, std::stop_token stop);
    base::Task<base::Result<Answer>> fetchRest(Dialect language, QByteArray lastEventId, QDeadlineTimer whole,
                                               Expectation expected, std::stop_token stop);
    base::Task<base::Result<Answer>> receive(Dialect language, qint64 id, http::Request request,
                                             std::stop_token stop);

    // asking.cpp
    /// request(), and the questions that the server answers it with (MCP 2026-07-28, "Multi Round-Trip
    /// Requests").
    base::Task<base::Result<QJsonObject>> requestAnswering(Call call, std::stop_token stop);
    base::Task<base::Result<QJsonObject>> inputsFor(QJsonObject questions, AskerPointer asker,
                                                    std::stop_token stop);
    MessageHandler handlerFor(const Dialect &language, const AskerPointer &asker);
    static base::Task<void> answerServer(std::shared_ptr<Private> self, Dialect language, AskerPointer asker,
                                         Message request);
    base::Task<QByteArray> replyTo(Message request, bool mayAsk, AskerPointer asker);

    // tools.cpp
    std::optional<QJsonValue> nextPage(const QJsonObject &page, QSet<QJsonValue> *seen);
    base::Task<base::Result<QJsonObject>> requestTool(Call call, QJsonObject arguments, std::stop_token stop);
    void useHeadersOf(QList<Tool> *tools);
    void stopAsking(const AskerPointer &asker);
    base::Task<base::Error> explained(base::Error error, QString name, std::stop_token stop);

    http::Client &m_client;
    base::Deadlines m_deadlines;
    Authorizer &m_authorizer;
    base::TaskScope &m_tasks;
    SessionOptions m_options;
    Era m_knownEra;
    /// What initialize offers first; empty for the newest version.
    QString m_offered;
    /// What the server has said of versions while no agreement was found.
    bool m_hasSpokenOfVersions = false;
    QStringList m_versions;
    Dialect m_dialect;
    std::optional<ServerInfo> m_server;
    std::optional<base::SharedResult<ServerInfo>> m_connecting;
    /// The next initialize says that there is somebody to ask.
    bool m_mayAsk = false;
    /// Sessions that have given way and may still be in use; ended with the conversation.
    QList<Dialect> m_retired;
    /// Sessions only: for what the server asks while calls run that may be asked.
    std::shared_ptr<ServerStream> m_listener;
    std::optional<base::SharedResult<bool>> m_listening;
    /// The session whose server has no such stream.
    QByteArray m_deafSession;
    /// Of the calls that run now, the newest last.
    QList<AskerPointer> m_askers;
    QHash<QString, ToolHeaders> m_toolHeaders;
    /// Tools that are described against the rules.
    QSet<QString> m_faultyTools;
    QString m_listNote;
    qint64 m_nextId = 1;
};

} // namespace mooring::mcp
