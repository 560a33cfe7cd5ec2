// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/jsonrpc.h"

#include "base/jsonsplice.h"
#include "base/strictjson.h"
#include "base/words.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::JsonSplice;
using base::Result;
using base::Words;

namespace {

std::unexpected<base::Error> notRpc(const QString &detail)
{
    return base::failed(makeError(ErrorKind::Protocol,
                                  Words::tr("The server sent an answer that Mooring can't use."), detail));
}

/// Some servers write down every member that there is, the unused ones as null.
bool isThere(QByteArrayView value)
{
    return !value.isEmpty() && value != "null";
}

bool isId(QByteArrayView value)
{
    return value.startsWith('"') || value.startsWith('-')
           || (!value.isEmpty() && value.front() >= '0' && value.front() <= '9');
}

QJsonObject objectOf(QByteArrayView text)
{
    return QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), text.size())).object();
}

/// A number as JSON: 5 and 5.0 are the same, 5.5 is no integer.
qint64 integerOf(const QByteArray &number)
{
    bool isPlain = false;
    const qint64 plain = number.toLongLong(&isPlain);
    return isPlain ? plain : QJsonDocument::fromJson('[' + number + ']').array().at(0).toInteger(-1);
}

QByteArray messageText(std::initializer_list<std::pair<QByteArrayView, QByteArrayView>> members)
{
    qsizetype size = 0;
    for (const auto &[name, value] : members) {
        size += name.size() + value.size() + 4;
    }
    QByteArray text = R"({"jsonrpc":"2.0")";
    text.reserve(text.size() + size + 1);
    for (const auto &[name, value] : members) {
        text.append(",\"").append(name).append("\":").append(value);
    }
    return text.append('}');
}

} // namespace

Result<Message> Message::read(const QByteArray &text)
{
    const Result<void> checked = base::checkJson(text);
    return checked ? readChecked(text) : Result<Message>(base::failed(checked.error()));
}

Result<Message> Message::readChecked(const QByteArray &text)
{
    const std::optional<JsonSplice> members = JsonSplice::of(text);
    if (!members || base::textOfJson(members->value("jsonrpc")) != "2.0"_L1) {
        return notRpc(u"no JSON-RPC 2.0 message"_s);
    }
    Message message;
    message.m_text = text;
    const QByteArrayView id = members->value("id");
    if (const QByteArrayView method = members->value("method"); method.startsWith('"')) {
        message.m_method = base::textOfJson(method);
        const QByteArrayView params = members->value("params");
        message.m_params = params.startsWith('{') ? message.spanOf(params) : Span();
        return readCall(std::move(message), id);
    }
    const QByteArrayView error = members->value("error");
    const QByteArrayView result = members->value("result");
    if (isThere(error) == isThere(result)) {
        return notRpc(u"neither a result nor an error, or both"_s);
    }
    return isThere(error) ? readError(std::move(message), id, error)
                          : readResult(std::move(message), id, result);
}

Result<Message> Message::readCall(Message message, QByteArrayView id)
{
    if (id.isEmpty()) {
        message.m_kind = Kind::Notification;
        return message;
    }
    if (!isId(id)) {
        return notRpc(u"a request with an id that is none"_s);
    }
    message.m_kind = Kind::Request;
    message.m_id = id.toByteArray();
    return message;
}

Result<Message> Message::readError(Message message, QByteArrayView id, QByteArrayView error)
{
    const QJsonObject members = objectOf(error);
    if (!members.value("code"_L1).isDouble()) {
        return notRpc(u"an error without a code"_s);
    }
    message.m_kind = Kind::Error;
    // An error about a request that could not be read has a null id, or none.
    message.m_id = id.isEmpty() ? "null"_ba : id.toByteArray();
    message.m_error.code = members.value("code"_L1).toInteger();
    message.m_error.message = members.value("message"_L1).toString();
    message.m_error.data = members.value("data"_L1);
    return message;
}

Result<Message> Message::readResult(Message message, QByteArrayView id, QByteArrayView result)
{
    if (!isId(id) || !result.startsWith('{')) {
        return notRpc(u"a result without an id, or that is no object"_s);
    }
    message.m_kind = Kind::Result;
    message.m_id = id.toByteArray();
    message.m_result = message.spanOf(result);
    return message;
}

Message::Span Message::spanOf(QByteArrayView part) const
{
    return {part.data() - m_text.constData(), part.size()};
}

QJsonObject Message::params() const
{
    return objectOf(paramsText());
}

QJsonObject Message::result() const
{
    return objectOf(resultText());
}

qint64 Message::idNumber() const
{
    if (!m_id.startsWith('"')) {
        return m_id == "null" || m_id.isEmpty() ? -1 : integerOf(m_id);
    }
    bool isNumber = false;
    const qint64 number = base::textOfJson(m_id).toLongLong(&isNumber);
    return isNumber ? number : -1;
}

bool Message::answers(qint64 requestId) const
{
    if (m_kind != Kind::Result && m_kind != Kind::Error) {
        return false;
    }
    if (m_kind == Kind::Error && m_id == "null") {
        return true;
    }
    return m_id.startsWith('"') ? base::textOfJson(m_id) == QString::number(requestId)
                                : idNumber() == requestId;
}

QByteArray Message::textWithId(QByteArrayView id) const
{
    const std::optional<JsonSplice> members = JsonSplice::of(m_text);
    return members ? members->with("id", id) : m_text;
}

void Message::hide(const QString &secret)
{
    m_error.message.replace(secret, u"***"_s);
    m_error.data = QJsonValue();
    m_text = errorText(m_id, m_error.code, m_error.message);
}

QList<Message> readMessages(const QByteArray &text)
{
    QList<Message> messages;
    if (!base::checkJson(text)) {
        return messages;
    }
    const QList<QByteArrayView> elements = base::jsonElements(text);
    if (Result<Message> message = Message::readChecked(text)) {
        messages.append(*std::move(message));
    }
    for (const QByteArrayView element : elements) {
        if (Result<Message> message = Message::readChecked(element.toByteArray())) {
            messages.append(*std::move(message));
        }
    }
    return messages;
}

QByteArray requestText(qint64 id, const QString &method, QByteArrayView params)
{
    const QByteArrayView given = params.isEmpty() ? QByteArrayView("{}") : params;
    return messageText(
        {{"id", QByteArray::number(id)}, {"method", base::jsonOfText(method)}, {"params", given}});
}

QByteArray notificationText(const QString &method, QByteArrayView params)
{
    const QByteArray name = base::jsonOfText(method);
    return params.isEmpty() ? messageText({{"method", name}})
                            : messageText({{"method", name}, {"params", params}});
}

QByteArray resultText(QByteArrayView id, QByteArrayView result)
{
    return messageText({{"id", id}, {"result", result}});
}

QByteArray errorText(QByteArrayView id, qint64 code, const QString &message)
{
    const QByteArray error = jsonOf({{u"code"_s, code}, {u"message"_s, message}});
    return messageText({{"id", id}, {"error", error}});
}

QByteArray jsonOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace mooring::mcp
