// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/refusal.h"

#include "base/displaytext.h"
#include "base/strictjson.h"
#include "base/words.h"
#include "http/form.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

/// Nested deeper than this nobody means anything.
constexpr int deepest = 4;
/// What is looked at of a text; a page can be long.
constexpr qsizetype longestText = 4096;
/// A shorter secret can't be told from a word.
constexpr qsizetype shortestSecret = 8;

/// Codes are words for programs; a sentence in their place is one for people.
bool isCode(const QString &text)
{
    static const QRegularExpression form(u"^(?=.*[A-Za-z])[A-Za-z0-9_.:-]{1,60}$"_s);
    return form.match(text).hasMatch();
}

/// "INVALID_GRANT" is what others write small.
QString codeIn(const QJsonValue &value)
{
    const QString text = value.toString().trimmed();
    if (!isCode(text)) {
        return {};
    }
    return text == text.toUpper() ? text.toLower() : text;
}

QString codeOf(const QJsonValue &value, int depth);

QString codeOfObject(const QJsonObject &object, int depth)
{
    const QJsonValue error = object.value("error"_L1);
    QString code = error.isString() ? codeIn(error) : codeOf(error, depth + 1);
    for (const auto name : {"error_code"_L1, "errorCode"_L1, "code"_L1, "type"_L1, "errors"_L1}) {
        if (code.isEmpty()) {
            code = codeOf(object.value(name), depth + 1);
        }
    }
    return code;
}

QString codeOf(const QJsonValue &value, int depth)
{
    if (depth > deepest) {
        return {};
    }
    if (value.isArray()) {
        return codeOf(value.toArray().first(), depth + 1);
    }
    return value.isObject() ? codeOfObject(value.toObject(), depth) : codeIn(value);
}

QString wordsOf(const QJsonValue &value, int depth);

QString wordsOfObject(const QJsonObject &object, int depth)
{
    static constexpr QLatin1StringView names[] = {"error_description"_L1,
                                                  "errorDescription"_L1,
                                                  "error_message"_L1,
                                                  "errorMessage"_L1,
                                                  "message"_L1,
                                                  "msg"_L1,
                                                  "detail"_L1,
                                                  "details"_L1,
                                                  "description"_L1,
                                                  "reason"_L1,
                                                  "title"_L1,
                                                  "errors"_L1,
                                                  "error"_L1};
    for (const QLatin1StringView name : names) {
        const QJsonValue value = object.value(name);
        const bool isOnlyCode = name == "error"_L1 && value.isString() && isCode(value.toString().trimmed());
        if (const QString words = isOnlyCode ? QString() : wordsOf(value, depth + 1); !words.isEmpty()) {
            return words;
        }
    }
    return {};
}

QString wordsOf(const QJsonValue &value, int depth)
{
    constexpr int mostEntries = 3;
    if (depth > deepest) {
        return {};
    }
    if (value.isObject()) {
        return wordsOfObject(value.toObject(), depth);
    }
    if (!value.isArray()) {
        return value.toString().trimmed().left(longestText);
    }
    QStringList all;
    for (const QJsonValue entry : value.toArray()) {
        const QString words = wordsOf(entry, depth + 1);
        if (!words.isEmpty() && !all.contains(words) && all.size() < mostEntries) {
            all.append(words);
        }
    }
    return all.join("; "_L1);
}

/// The heading of an error page; the rest of it is for browsers.
QString headingOf(const QString &page)
{
    static const QRegularExpression heading(u"<(title|h1)[^>]*>([^<]{1,500})</"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    return heading.match(page).captured(2).simplified();
}

/// Members of JSON (an array has none, so it stands for its entries), or of a form; nothing of text.
QJsonObject membersOf(const http::Response &response)
{
    if (base::Result<QJsonValue> json = base::parseJson(response.body)) {
        return json->isArray() ? QJsonObject{{u"errors"_s, *json}} : json->toObject();
    }
    const QByteArray type = response.mediaType();
    if (type != "application/x-www-form-urlencoded" && type != "text/plain") {
        return {};
    }
    QJsonObject members;
    const std::optional<http::FormFields> fields = http::decodeForm(response.body.trimmed());
    for (const auto &[name, value] : fields.value_or(http::FormFields())) {
        members.insert(QString::fromUtf8(name), QString::fromUtf8(value));
    }
    return members.contains("error"_L1) ? members : QJsonObject();
}

/// Of an answer that has no members.
QString plainTextOf(const http::Response &response)
{
    const QString text = QString::fromUtf8(response.body.left(longestText)).trimmed();
    if (text.startsWith(u'<')) {
        return headingOf(text);
    }
    const bool isData = text.startsWith(u'{') || text.startsWith(u'[') || text.contains(QChar::Null);
    return isData ? QString() : text;
}

/// Also where only the beginning of a secret is quoted, or it is percent-encoded.
QString without(QString text, const QByteArray &secret)
{
    if (secret.size() < shortestSecret) {
        return text;
    }
    const QString start = QString::fromUtf8(secret.first(shortestSecret));
    for (qsizetype at = text.indexOf(start); at >= 0; at = text.indexOf(start, at)) {
        const auto end = std::find_if(text.cbegin() + at, text.cend(), [](QChar c) { return c.isSpace(); });
        text.replace(at, end - (text.cbegin() + at), u"…"_s);
    }
    return text;
}

QString withoutAll(QString text, const QList<base::Secret> &sent)
{
    for (const base::Secret &secret : sent) {
        text = without(std::move(text), secret.reveal());
        text = without(std::move(text), http::percentEncode(secret.reveal()));
    }
    return text;
}

bool saysSomething(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool();
    case QJsonValue::Double:
        return value.toDouble() != 0;
    case QJsonValue::String:
        return !value.toString().isEmpty();
    case QJsonValue::Array:
        return !value.toArray().isEmpty();
    case QJsonValue::Object:
        return !value.toObject().isEmpty();
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return false;
}

bool isFalse(const QJsonValue &value)
{
    return value.isBool() && !value.toBool();
}

} // namespace

bool holdsError(const QJsonObject &body)
{
    return saysSomething(body.value("error"_L1)) || saysSomething(body.value("errors"_L1))
           || isFalse(body.value("ok"_L1)) || isFalse(body.value("success"_L1));
}

Refusal Refusal::of(const QJsonObject &body, const QList<base::Secret> &sent)
{
    Refusal refusal;
    refusal.m_code = withoutAll(codeOfObject(body, 0), sent);
    refusal.m_text = withoutAll(wordsOfObject(body, 0), sent);
    return refusal;
}

Refusal Refusal::of(const http::Response &response, const QList<base::Secret> &sent)
{
    const QJsonObject members = membersOf(response);
    if (!members.isEmpty()) {
        return of(members, sent);
    }
    Refusal refusal;
    refusal.m_text = withoutAll(plainTextOf(response), sent);
    return refusal;
}

QString Refusal::words() const
{
    return base::displayText(m_text);
}

base::Error Refusal::added(base::Error error) const
{
    if (const QString said = words(); !said.isEmpty()) {
        error.sentence += u' ' + Words::tr("%1 says: “%2”").arg(error.host, said);
    }
    return error;
}

QString Refusal::tailOf(const base::Error &error)
{
    const QString start = u' ' + Words::tr("%1 says: “%2”").arg(error.host, u"\n"_s).section(u'\n', 0, 0);
    const qsizetype at = error.sentence.indexOf(start);
    return at < 0 ? QString() : error.sentence.sliced(at);
}

bool Refusal::speaksOfEndedGrant(int status) const
{
    static const QRegularExpression refreshToken(u"refresh[ _-]?token"_s,
                                                 QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression ended(
        u"invalid|expired|revoked|unknown|inactive|not (found|valid|active|recognized|recognised)|no longer|"
        u"does(n't| not) exist|malformed|already (been )?used|reuse|ended|denied|bad[ _]"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression saysSo(
        u"(token|session|grant|authori[sz]ation|consent|login)[ _-]?(is |has |have |was )?(been )?"
        u"(expired|revoked|ended|terminated|not[ _]found|invalid|inactive|withdrawn)|"
        u"(invalid|expired|revoked|inactive)[ _-](token|session|grant)|"
        u"(login|interaction|consent)[ _-]?required|(sign|log)[ -]?in again|re-?(authenticat|authori[sz])"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QStringList others = {u"unsupported_grant_type"_s, u"invalid_client"_s,
                                       u"unauthorized_client"_s,    u"invalid_target"_s,
                                       u"invalid_scope"_s,          u"temporarily_unavailable"_s,
                                       u"server_error"_s,           u"slow_down"_s};
    if (others.contains(m_code) || status == 429 || status == 408) {
        return false;
    }
    // A code that stands for anything wrong is no word about the token.
    const QString all = (m_code == "invalid_request"_L1 ? QString() : m_code + u' ') + m_text;
    const bool namesIt = all.contains(refreshToken);
    if (status >= 500) {
        return status == 500 && namesIt && all.contains(ended);
    }
    return (namesIt && all.contains(ended)) || all.contains(saysSo);
}

} // namespace mooring::oauth
