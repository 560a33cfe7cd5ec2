// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/elicitation.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::Words;
using Action = ElicitationAnswer::Action;

namespace {

QString actionName(Action action)
{
    switch (action) {
    case Action::Accept:
        return u"accept"_s;
    case Action::Decline:
        return u"decline"_s;
    case Action::Cancel:
        break;
    }
    return u"cancel"_s;
}

} // namespace

base::Result<Elicitation> readElicitation(const QJsonObject &params, const http::UrlPolicy &policy)
{
    Elicitation question;
    question.message = params.value("message"_L1).toString();
    const QString mode = params.value("mode"_L1).toString(u"form"_s);
    if (mode == "url"_L1) {
        const base::Result<QUrl> url = policy.check(params.value("url"_L1).toString(), http::UrlUse::Browser);
        if (!url) {
            return base::failed(url.error());
        }
        question.url = *url;
        return question;
    }
    question.requestedSchema = params.value("requestedSchema"_L1).toObject();
    if (mode != "form"_L1 || question.requestedSchema.isEmpty()) {
        return base::failed(makeError(base::ErrorKind::Protocol,
                                      Words::tr("The server asks in a way that Mooring doesn't know."),
                                      u"elicitation mode "_s + base::displayText(mode, 40)));
    }
    return question;
}

QJsonObject elicitationResult(const Elicitation &question, const ElicitationAnswer &answer)
{
    QJsonObject result{{u"action"_s, actionName(answer.action)}};
    if (answer.action != Action::Accept || question.url.isValid()) {
        return result;
    }
    QJsonObject content = answer.content;
    const QJsonObject fields = question.requestedSchema.value("properties"_L1).toObject();
    for (auto field = fields.begin(); field != fields.end(); ++field) {
        const QJsonValue standard = field.value().toObject().value("default"_L1);
        if (!content.contains(field.key()) && !standard.isUndefined() && !standard.isNull()) {
            content.insert(field.key(), standard);
        }
    }
    result.insert(u"content"_s, content);
    return result;
}

base::Task<QJsonObject> answerElicitation(ElicitationHandlerPointer handler, Elicitation question)
{
    ElicitationAnswer answer;
    answer.action = Action::Cancel;
    if (handler && !handler->over.stop_requested() && handler->questionsLeft-- > 0) {
        answer = co_await handler->ask(question, handler->over.get_token());
    }
    co_return elicitationResult(question, answer);
}

} // namespace mooring::mcp
