// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a server asks in the middle of a request, in both ways: as a request of its own (sessions), and as an
// answer that wants more (today).
#include "base/displaytext.h"
#include "mcp/conversation.h"

#include <QCoreApplication>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

/// So often a server may come back with another question.
constexpr int maximumRounds = 10;

base::Error askingError(const QUrl &url, const char *sentence, const QString &detail)
{
    const QString host = base::displayAuthority(url);
    return makeError(ErrorKind::Protocol, QCoreApplication::translate("mooring::mcp", sentence).arg(host),
                     detail, host);
}

} // namespace

Task<Result<QJsonObject>> Session::Private::requestAnswering(Call call, std::stop_token stop)
{
    const auto self = shared_from_this();
    const QJsonObject original = call.params;
    for (int round = 0; round < maximumRounds; ++round) {
        Result<QJsonObject> result = co_await request(call, stop);
        const bool asksBack = result && m_dialect.era == Era::Stateless
                              && result->value("resultType"_L1) == "input_required"_L1;
        if (!asksBack) {
            co_return result;
        }
        const QJsonValue questions = result->value("inputRequests"_L1);
        const QJsonValue state = result->value("requestState"_L1);
        const bool hasQuestions = !questions.isUndefined() && !questions.isNull();
        const bool hasState = !state.isUndefined() && !state.isNull();
        if (!hasQuestions && !hasState) {
            co_return base::failed(askingError(
                url, QT_TRANSLATE_NOOP("mooring::mcp", "%1 sent an answer that Mooring can't use."),
                u"resultType input_required without a question"_s));
        }
        // Both are for this very request and no other: each round begins with what the caller wanted.
        call.params = original;
        if (hasQuestions) {
            Result<QJsonObject> inputs = co_await inputsFor(questions.toObject(), call.asker, stop);
            if (!inputs) {
                co_return inputs;
            }
            call.params.insert(u"inputResponses"_s, *inputs);
        }
        if (hasState) {
            call.params.insert(u"requestState"_s, state);
        }
    }
    co_return base::failed(
        askingError(url, QT_TRANSLATE_NOOP("mooring::mcp", "%1 keeps asking and gives no answer."),
                    u"input_required %1 times"_s.arg(maximumRounds)));
}

Task<Result<QJsonObject>> Session::Private::inputsFor(QJsonObject questions, AskerPointer asker,
                                                      std::stop_token stop)
{
    QJsonObject inputs;
    const QStringList keys = questions.keys();
    for (const QString &key : keys) {
        const QJsonObject request = questions.value(key).toObject();
        const QString method = request.value("method"_L1).toString();
        if (!asker || method != "elicitation/create"_L1) {
            co_return base::failed(
                askingError(url,
                            QT_TRANSLATE_NOOP("mooring::mcp",
                                              "%1 wants to ask something in the middle of this request, but "
                                              "there is nobody here who could answer."),
                            u"input_required: "_s + base::displayText(method, 60)));
        }
        const Result<Elicitation> question =
            readElicitation(request.value("params"_L1).toObject(), http::UrlPolicy(url));
        if (!question) {
            co_return base::failed(question.error());
        }
        const QJsonObject answer = co_await answerElicitation(asker, *question);
        if (stop.stop_requested()) {
            co_return base::failed(base::cancelledError());
        }
        inputs.insert(key, answer);
    }
    co_return inputs;
}

MessageHandler Session::Private::handlerFor(const Dialect &language, const AskerPointer &asker)
{
    // Servers of today must not send requests, and must not be sent responses; one that has no session yet
    // has nothing to ask, but for the stream of HTTP+SSE, which is there before everything else.
    if (language.era == Era::Stateless || (language.era == Era::Sessions && language.version.isEmpty())) {
        return {};
    }
    const std::weak_ptr<Private> weak = weak_from_this();
    return [weak, language, asker](const Message &message) {
        if (const std::shared_ptr<Private> self = weak.lock()) {
            const bool isLate = language.era == Era::HttpSse;
            self->m_tasks.run(answerServer(self, isLate ? self->m_dialect : language, asker, message));
        }
    };
}

Task<void> Session::Private::answerServer(std::shared_ptr<Private> self, Dialect language, AskerPointer asker,
                                          Message request)
{
    if (!asker && !self->m_askers.isEmpty()) {
        asker = self->m_askers.last();
    }
    const QByteArray text = co_await self->replyTo(request, language.mayAsk, asker);
    if (language.version.isEmpty() || self->m_tasks.token().stop_requested()) {
        co_return;
    }
    const http::Request plain = buildReply(language, text, self->url, self->greetingLimits());
    Result<http::Request> authorized = co_await self->m_authorizer.authorize(plain, self->m_tasks.token());
    if (authorized) {
        // Best effort: if it gets lost, the server's own request runs into its own deadline.
        Result<Answer> ignored =
            co_await exchange(self->m_client, routed(language, *authorized), {}, self->m_tasks.token());
    }
}

Task<QByteArray> Session::Private::replyTo(Message request, bool mayAsk, AskerPointer asker)
{
    if (request.method() == "ping"_L1) {
        co_return resultText(request.id(), "{}");
    }
    if (request.method() != "elicitation/create"_L1 || !mayAsk) {
        co_return errorText(request.id(), rpcMethodNotFound, u"Method not found"_s);
    }
    const Result<Elicitation> question = readElicitation(request.params(), http::UrlPolicy(url));
    if (!question) {
        co_return errorText(request.id(), rpcInvalidParams, u"Not a question that can be shown"_s);
    }
    const QJsonObject answer = co_await answerElicitation(asker, *question);
    co_return resultText(request.id(), jsonOf(answer));
}

} // namespace mooring::mcp
