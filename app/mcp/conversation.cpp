// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/conversation.h"

#include "base/displaytext.h"

#include <QCoreApplication>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

/// A 404 means that the session is gone (MCP 2025-11-25, "Session Management"). Servers made from
/// the SDK's example say 400 with this code and a null id, because they keep no list of old ones.
bool isSessionGone(const Answer &answer, const QByteArray &sessionId)
{
    if (sessionId.isEmpty()) {
        return false;
    }
    return answer.head.status == 404
           || (answer.head.status == 400 && answer.message && answer.message->id.isNull()
               && answer.message->error.code == -32000);
}

bool wantsMoreScope(const QList<oauth::Challenge> &challenges)
{
    return std::any_of(challenges.begin(), challenges.end(), [](const oauth::Challenge &challenge) {
        return challenge.parameters.value("error") == "insufficient_scope";
    });
}

} // namespace

Session::Private::Private(http::Client &httpClient, const base::Deadlines &allDeadlines,
                          const QUrl &serverUrl, Authorizer &credentials, Era knownEra)
    : url(serverUrl)
    , m_client(httpClient)
    , m_deadlines(allDeadlines)
    , m_authorizer(credentials)
    , m_knownEra(knownEra)
{
}

Task<Result<Session::Private::Authorized>> Session::Private::send(Dialect language, Call call,
                                                                  bool challenged, SecondRefusal second,
                                                                  std::stop_token stop)
{
    const auto self = shared_from_this();
    const MessageHandler handler = [self, language, stop](Message message) {
        return self->answerServer(language, std::move(message), stop);
    };
    while (true) {
        const qint64 id = m_nextId++;
        const http::Request plain = buildRequest(language, call, url, id);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        const std::optional<qint64> expected = call.isNotification ? std::nullopt : std::optional(id);
        Result<Answer> answer = co_await exchange(m_client, *request, expected, handler, stop);
        if (!answer) {
            co_return base::failed(answer.error());
        }
        if (answer->head.url != plain.url) {
            url = answer->head.url;
        }
        const bool giveBack = answer->head.status == 401 && challenged && second == SecondRefusal::Return;
        if (answer->head.isSuccess()) {
            m_authorizer.onAccepted(*request, answer->head);
        }
        if (!answer->isRefusal() || giveBack) {
            Authorized done;
            done.answer = *answer;
            done.challenged = challenged;
            co_return done;
        }
        Result<void> goOn = co_await refused(*request, answer->head, challenged, stop);
        if (!goOn) {
            co_return base::failed(goOn.error());
        }
        challenged = true;
    }
}

Task<Result<void>> Session::Private::refused(http::Request sent, http::ResponseHead head, bool challenged,
                                             std::stop_token stop)
{
    const QString host = base::displayAuthority(head.url);
    const QList<oauth::Challenge> challenges =
        oauth::parseChallenges(head.headers.values("WWW-Authenticate"));
    if (head.status == 403 && !wantsMoreScope(challenges)) {
        base::Error error = http::statusError(head, m_client.clock()());
        error.sentence = tr("%1 refuses this request (HTTP %2).").arg(host).arg(head.status);
        co_return base::failed(error);
    }
    Result<void> decision = co_await m_authorizer.onChallenge(sent, head, challenges, stop);
    if (decision && challenged) {
        base::Error error =
            makeError(ErrorKind::SignInNeeded,
                      tr("The server refuses the token that its own sign-in service has just issued."),
                      u"refused again after the token was renewed"_s, host);
        error.httpStatus = head.status;
        co_return base::failed(error);
    }
    co_return decision;
}

Task<void> Session::Private::answerServer(Dialect language, Message request, std::stop_token stop)
{
    // Servers of today must not send requests, and must not be sent responses; one that has no
    // session yet has nothing to ask.
    if (language.era != Era::Sessions || language.version.isEmpty()) {
        co_return;
    }
    const auto self = shared_from_this();
    const QByteArray text = request.method == "ping"_L1
                                ? resultText(request.id, {})
                                : errorText(request.id, rpcMethodNotFound, u"Method not found"_s);
    const http::Request plain = buildReply(language, text, url, greetingLimits());
    Result<http::Request> authorized = co_await m_authorizer.authorize(plain, stop);
    if (authorized) {
        // Best effort: if it gets lost, the server's own request runs into its own deadline.
        Result<Answer> ignored = co_await exchange(m_client, *authorized, std::nullopt, {}, stop);
    }
}

Task<Result<QJsonObject>> Session::Private::request(Call call, std::stop_token stop)
{
    const auto self = shared_from_this();
    for (int turn = 0;; ++turn) {
        Result<ServerInfo> server = co_await connect(stop);
        if (!server) {
            co_return base::failed(server.error());
        }
        const Dialect language = m_dialect;
        Result<Authorized> sent = co_await send(language, call, false, SecondRefusal::Judge, stop);
        if (!sent) {
            co_return base::failed(sent.error());
        }
        if (turn > 0 || !isSessionGone(sent->answer, language.sessionId)) {
            co_return resultOf(sent->answer);
        }
        forgetSession(language.sessionId);
    }
}

void Session::Private::forgetSession(const QByteArray &sessionId)
{
    // Another call may have begun a new one meanwhile.
    if (m_dialect.sessionId == sessionId) {
        m_server.reset();
        m_dialect = {};
    }
}

Result<QJsonObject> Session::Private::resultOf(const Answer &answer) const
{
    const QString host = base::displayAuthority(answer.head.url);
    if (!answer.message) {
        if (!answer.head.isSuccess()) {
            return base::failed(http::statusError(answer.head, m_client.clock()()));
        }
        return base::failed(answer.unreadable.value_or(
            makeError(ErrorKind::Protocol, tr("%1 sent no answer to this request.").arg(host),
                      u"an empty body"_s, host)));
    }
    if (answer.message->kind == Message::Kind::Error) {
        const RpcError &rpc = answer.message->error;
        base::Error error =
            makeError(ErrorKind::Protocol,
                      tr("%1 answered with an error: %2").arg(host, base::displayText(rpc.message)),
                      u"JSON-RPC error %1"_s.arg(rpc.code), host);
        error.httpStatus = answer.head.status;
        return base::failed(error);
    }
    // MCP 2026-07-28, "Result types": absent means complete.
    const QString type = answer.message->result.value("resultType"_L1).toString(u"complete"_s);
    if (m_dialect.era == Era::Stateless && type != "complete"_L1) {
        const bool asksBack = type == "input_required"_L1;
        return base::failed(makeError(ErrorKind::Protocol,
                                      asksBack ? tr("%1 wants to ask something in the middle of this "
                                                    "request, which Mooring doesn't support.")
                                                     .arg(host)
                                               : tr("%1 sent an answer that Mooring can't use.").arg(host),
                                      u"resultType "_s + base::displayText(type, 40), host));
    }
    return answer.message->result;
}

Task<void> Session::Private::close()
{
    const auto self = shared_from_this();
    const Dialect language = m_dialect;
    m_server.reset();
    m_dialect = {};
    if (language.sessionId.isEmpty()) {
        co_return;
    }
    const http::Request plain = buildDelete(language, url);
    Result<http::Request> authorized = co_await m_authorizer.authorize(plain, {});
    if (authorized) {
        Result<http::Response> ignored = co_await m_client.send(*authorized, {});
    }
}

} // namespace mooring::mcp
