// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/conversation.h"

#include "base/displaytext.h"
#include "mcp/hiddenrefusal.h"
#include "mcp/protocolversion.h"

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

bool isRpcError(const Answer &answer, qint64 code)
{
    return answer.message && answer.message->kind() == Message::Kind::Error
           && answer.message->error().code == code;
}

/// The error is about this very request, which was understood: it, or what it asks for, is at fault.
bool isAboutRequest(const Message &error)
{
    const bool isNumber = error.idNumber() >= 0;
    const qint64 code = error.error().code;
    const bool isUnderstood =
        code == rpcMethodNotFound || code == rpcInvalidParams || code == rpcInternalError;
    return isNumber && isUnderstood && !error.error().message.contains("session"_L1, Qt::CaseInsensitive);
}

/// A 404 means that the session is gone (MCP 2025-11-25, "Session Management"). Many servers say 400, in
/// words and codes of their own, because they keep no list of old sessions. With HTTP+SSE the address names
/// it.
bool isSessionGone(const Answer &answer, const Dialect &language)
{
    const bool hasSession = !language.sessionId.isEmpty() || language.era == Era::HttpSse;
    const bool isResult = answer.message && answer.message->kind() == Message::Kind::Result;
    if (!hasSession || isResult) {
        return false;
    }
    return answer.head.status == 404
           || (answer.head.status == 400 && (!answer.message || !isAboutRequest(*answer.message)));
}

/// The server is not any more what it was when we agreed.
bool wantsToBeginAnew(const Answer &answer, const Dialect &language)
{
    return isSessionGone(answer, language)
           || (language.era == Era::Stateless && isRpcError(answer, rpcUnsupportedVersion));
}

/// RFC 9449 section 9.
bool wantsNonce(const http::ResponseHead &head)
{
    const auto challenges = oauth::parseChallenges(head.headers.values("WWW-Authenticate"));
    return std::any_of(challenges.begin(), challenges.end(), [](const oauth::Challenge &challenge) {
        return challenge.parameters.value("error") == "use_dpop_nonce";
    });
}

bool wantsMoreScope(const QList<oauth::Challenge> &challenges)
{
    return std::any_of(challenges.begin(), challenges.end(), [](const oauth::Challenge &challenge) {
        return challenge.parameters.value("error") == "insufficient_scope";
    });
}

/// What is shorter is a number or a name, and would take the sense out of what a server says.
constexpr qsizetype shortestSecret = 8;

/// Servers that refuse a token like to repeat it, and what they say is shown to people and kept.
void hideCredentials(const http::Request &plain, const http::Request &sent, Answer *answer)
{
    const QList<http::Headers::Field> &before = plain.headers.fields();
    for (const http::Headers::Field &field : sent.headers.fields()) {
        // Of "Bearer x" it is the x; keys may have no such word.
        const QByteArray secret = field.second.sliced(field.second.lastIndexOf(' ') + 1);
        if (before.contains(field) || secret.size() < shortestSecret) {
            continue;
        }
        answer->words.replace(secret, "***");
        const bool isError = answer->message && answer->message->kind() == Message::Kind::Error;
        if (isError && refusalText(*answer).contains(QString::fromUtf8(secret))) {
            answer->message->hide(QString::fromUtf8(secret));
        }
    }
}

} // namespace

Session::Private::Private(http::Client &httpClient, const base::Deadlines &allDeadlines,
                          const QUrl &serverUrl, Authorizer &credentials, base::TaskScope &taskScope,
                          SessionOptions sessionOptions)
    : url(serverUrl)
    , m_client(httpClient)
    , m_deadlines(allDeadlines)
    , m_authorizer(credentials)
    , m_tasks(taskScope)
    , m_options(std::move(sessionOptions))
    , m_knownEra(m_options.era)
    , m_offered(isSessionVersion(m_options.offered) ? m_options.offered : QString())
{
}

Task<Result<Answer>> Session::Private::send(Dialect language, Call call, Refusals refusals,
                                            std::stop_token stop)
{
    const auto self = shared_from_this();
    bool challenged = false;
    bool hasNonce = false;
    bool isRenewed = false;
    while (true) {
        const qint64 id = m_nextId++;
        const http::Request plain = buildRequest(language, call, url, id);
        Result<http::Request> request = co_await m_authorizer.authorize(plain, stop);
        if (!request) {
            co_return base::failed(request.error());
        }
        const bool hadCredentials = request->headers.fields() != plain.headers.fields();
        Result<Answer> answer = co_await transfer(language, call, id, routed(language, *request), stop);
        const bool isDoubtful = hadCredentials && isAboutToken(answer);
        noteAnswer(language, plain, *request, answer, isDoubtful);
        if (isDoubtful && refusals == Refusals::Settle) {
            Result<bool> again = co_await doubted(*request, answer, call, isRenewed, stop);
            if (!again) {
                co_return base::failed(again.error());
            }
            isRenewed = *again;
            if (isRenewed) {
                continue;
            }
        }
        if (!answer) {
            noteEnd(language, call, id, answer.error());
            co_return answer;
        }
        const bool giveBack = answer->head.status == 401 && refusals == Refusals::GiveBack && hadCredentials;
        if (!answer->isRefusal() || giveBack) {
            co_return answer;
        }
        Result<void> goOn = co_await refused(*request, answer->head, challenged, stop);
        if (!goOn) {
            co_return base::failed(goOn.error());
        }
        // A nonce is part of the way of showing a token, and says nothing about the token.
        challenged |= !wantsNonce(answer->head) || std::exchange(hasNonce, true);
    }
}

void Session::Private::noteAnswer(const Dialect &language, const http::Request &plain,
                                  const http::Request &sent, Result<Answer> &answer, bool isDoubtful)
{
    if (!answer) {
        return;
    }
    answer->isAboutToken = isDoubtful;
    hideCredentials(plain, sent, &*answer);
    language.learn(answer->head);
    if (language.era != Era::HttpSse && answer->head.url != plain.url) {
        url = answer->head.url;
    }
    if (answer->head.isSuccess() && !isDoubtful) {
        m_authorizer.onAccepted(sent, answer->head);
    }
}

bool Session::Private::isAboutToken(const Result<Answer> &answer) const
{
    const bool isKnown = m_knownEra != Era::Unknown;
    if (answer) {
        return speaksOfToken(*answer, isKnown);
    }
    // A detour where a server used to answer leads to a sign-in page more often than not.
    return isKnown && answer.error().kind == ErrorKind::RefusedByPolicy && answer.error().httpStatus >= 300;
}

Task<Result<bool>> Session::Private::doubted(http::Request sent, Result<Answer> answer, Call call,
                                             bool isRenewed, std::stop_token stop)
{
    if (isRenewed) {
        m_authorizer.onStillRefused(sent);
        const QString host = base::displayAuthority(sent.url);
        const QString says = answer ? base::displayText(refusalText(*answer).simplified(), 200) : QString();
        const QString sentence =
            says.isEmpty()
                ? tr("%1 refuses the token that its own sign-in service has just issued.").arg(host)
                : tr("%1 refuses the token that its own sign-in service has just issued. It says: %2")
                      .arg(host, says);
        base::Error error = makeError(ErrorKind::SignInNeeded, sentence,
                                      u"refused again, without a 401, after the token was renewed"_s, host);
        error.httpStatus = answer ? answer->head.status : answer.error().httpStatus;
        co_return base::failed(error);
    }
    if (answer && !wasRefusedBeforehand(*answer, call)) {
        co_return false;
    }
    Result<bool> renewed = co_await m_authorizer.onDoubt(sent, stop);
    co_return renewed;
}

/// One request on the wire, and its answer from wherever it comes.
Task<Result<Answer>> Session::Private::transfer(Dialect language, Call call, qint64 id, http::Request request,
                                                std::stop_token stop)
{
    if (language.era == Era::HttpSse && !call.isNotification) {
        Result<Answer> received = co_await receive(language, id, std::move(request), stop);
        co_return received;
    }
    const QDeadlineTimer whole(call.limits.deadline);
    Expectation expected;
    expected.id = call.isNotification ? std::nullopt : std::optional(id);
    expected.handler = handlerFor(language, call.asker);
    expected.mayResume = language.era == Era::Sessions && !language.version.isEmpty();
    Result<Answer> answer = co_await exchange(m_client, std::move(request), expected, stop);
    if (answer && answer->interruption) {
        answer = co_await resume(language, id, *answer->interruption, whole, expected, stop);
    }
    co_return answer;
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

Task<Result<QJsonObject>> Session::Private::request(Call call, std::stop_token stop)
{
    const auto self = shared_from_this();
    for (int turn = 0;; ++turn) {
        Result<ServerInfo> server = co_await connect(call.asker != nullptr, stop);
        if (!server) {
            co_return base::failed(server.error());
        }
        const Dialect language = m_dialect;
        Call patient = call;
        if (call.asker) {
            co_await listen(language, stop);
            // The answer waits for a person, who may have to look something up first.
            patient.limits.deadline += m_deadlines.browser;
        }
        Result<Answer> sent = co_await send(language, patient, Refusals::Settle, stop);
        if (!sent) {
            co_return base::failed(sent.error());
        }
        if (turn > 0 || !wantsToBeginAnew(*sent, language)) {
            co_return resultOf(*sent, language);
        }
        forget(language);
    }
}

void Session::Private::forget(const Dialect &language)
{
    // Another call may have begun a new one meanwhile.
    if (m_dialect.era == language.era && m_dialect.sessionId == language.sessionId
        && m_dialect.stream == language.stream) {
        m_server.reset();
        m_dialect = {};
    }
}

Result<QJsonObject> Session::Private::resultOf(const Answer &answer, const Dialect &language) const
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
    if (answer.message->kind() == Message::Kind::Error) {
        const RpcError &rpc = answer.message->error();
        base::Error error =
            makeError(ErrorKind::Protocol,
                      tr("%1 answered with an error: %2").arg(host, base::displayText(rpc.message)),
                      u"JSON-RPC error %1"_s.arg(rpc.code), host);
        error.httpStatus = answer.head.status;
        error.rpcCode = rpc.code;
        return base::failed(error);
    }
    // MCP 2026-07-28, "Result types": absent means complete, and what nobody knows is no answer.
    const QJsonObject result = answer.message->result();
    const QString type = result.value("resultType"_L1).toString(u"complete"_s);
    if (language.era == Era::Stateless && type != "complete"_L1 && type != "input_required"_L1) {
        return base::failed(makeError(ErrorKind::Protocol,
                                      tr("%1 sent an answer that Mooring can't use.").arg(host),
                                      u"resultType "_s + base::displayText(type, 40), host));
    }
    return result;
}

/// Servers with sessions take a lost connection for an accident and go on working, so they are told (MCP
/// 2025-11-25, "Cancellation"); to those of today the end of the stream says it. Never for initialize.
void Session::Private::noteEnd(const Dialect &language, const Call &call, qint64 id, const base::Error &error)
{
    const bool isGivenUp = error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::Timeout;
    if (isGivenUp && !call.isNotification && language.era != Era::Stateless && !language.version.isEmpty()) {
        m_tasks.run(tellCancelled(shared_from_this(), language, id));
    }
}

Task<void> Session::Private::tellCancelled(std::shared_ptr<Private> self, Dialect language, qint64 id)
{
    Call call;
    call.method = u"notifications/cancelled"_s;
    call.params = {{u"requestId"_s, id}, {u"reason"_s, u"Nobody waits for the answer any more"_s}};
    call.limits = self->greetingLimits();
    call.isNotification = true;
    Result<Answer> ignored = co_await self->send(language, call, Refusals::GiveBack, self->m_tasks.token());
}

Task<void> Session::Private::close()
{
    const auto self = shared_from_this();
    QList<Dialect> ended = std::exchange(m_retired, {});
    ended.append(m_dialect);
    m_listener.reset();
    m_server.reset();
    m_dialect = {};
    for (const Dialect &language : std::as_const(ended)) {
        if (language.sessionId.isEmpty() || language.era != Era::Sessions) {
            continue;
        }
        const http::Request plain = buildDelete(language, url);
        Result<http::Request> authorized = co_await m_authorizer.authorize(plain, {});
        if (authorized) {
            Result<http::Response> ignored = co_await m_client.send(routed(language, *authorized), {});
        }
    }
}

} // namespace mooring::mcp
