// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/serverrequests.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

base::Error nobodyToAsk(const QUrl &server, const QString &method)
{
    const QString host = base::displayAuthority(server);
    return makeError(ErrorKind::Protocol,
                     Words::tr("%1 wants to ask something in the middle of this request, but "
                               "there is nobody here who could answer.")
                         .arg(host),
                     u"input_required: "_s + base::displayText(method, 60), host);
}

} // namespace

ServerRequests::ServerRequests(QUrl server)
    : m_server(std::move(server))
{
}

QJsonObject ServerRequests::capabilities()
{
    return {
        {u"elicitation"_s, QJsonObject{{u"form"_s, QJsonObject()}, {u"url"_s, QJsonObject()}}},
    };
}

ElicitationHandlerPointer ServerRequests::begin(const AskPerson &ask)
{
    const auto handler = std::make_shared<ElicitationHandler>(ask);
    m_running.append(handler);
    return handler;
}

void ServerRequests::end(const ElicitationHandlerPointer &handler)
{
    handler->over.request_stop();
    m_running.removeOne(handler);
}

RequestHandler ServerRequests::handlerFor(const ElicitationHandlerPointer &handler)
{
    return [self = shared_from_this(), handler](Message request, std::stop_token) {
        return answer(self, handler, std::move(request));
    };
}

Task<QByteArray> ServerRequests::answer(std::shared_ptr<ServerRequests> self,
                                        ElicitationHandlerPointer handler, Message request)
{
    if (request.method() != "elicitation/create"_L1) {
        co_return errorText(request.id(), rpcMethodNotFound, u"Method not found"_s);
    }
    const Result<Elicitation> question = readElicitation(request.params(), http::UrlPolicy(self->m_server));
    if (!question) {
        co_return errorText(request.id(), rpcInvalidParams, u"Not a question that can be shown"_s);
    }
    if (!handler && !self->m_running.isEmpty()) {
        handler = self->m_running.last();
    }
    const QJsonObject result = co_await answerElicitation(handler, *question);
    co_return resultText(request.id(), jsonOf(result));
}

Task<Result<QJsonObject>> ServerRequests::inputsFor(QJsonObject questions, ElicitationHandlerPointer handler,
                                                    std::stop_token stop)
{
    const auto self = shared_from_this();
    QJsonObject inputs;
    const QStringList keys = questions.keys();
    for (const QString &key : keys) {
        const QJsonObject request = questions.value(key).toObject();
        const QString method = request.value("method"_L1).toString();
        if (!handler || method != "elicitation/create"_L1) {
            co_return base::failed(nobodyToAsk(m_server, method));
        }
        const Result<Elicitation> question =
            readElicitation(request.value("params"_L1).toObject(), http::UrlPolicy(m_server));
        if (!question) {
            co_return base::failed(question.error());
        }
        const QJsonObject answer = co_await answerElicitation(handler, *question);
        if (stop.stop_requested()) {
            co_return base::failed(base::cancelledError());
        }
        inputs.insert(key, answer);
    }
    co_return inputs;
}

} // namespace mooring::mcp
