// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenset.h"

#include "base/displaytext.h"
#include "base/strictjson.h"
#include "base/words.h"
#include "http/form.h"
#include "oauth/refusal.h"
#include "oauth/signinsettings.h"

#include <QRegularExpression>

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

constexpr qint64 longestMargin = 60 * 1000;
/// A hundred years, in seconds; more is nonsense.
constexpr double longestLifetime = 100.0 * 365 * 24 * 3600;

std::optional<QDateTime> expiryOf(const QJsonValue &value, const QDateTime &issuedAt)
{
    bool isNumber = value.isDouble();
    const double seconds = isNumber ? value.toDouble() : value.toString().trimmed().toDouble(&isNumber);
    // The comparison is false for NaN too.
    if (!isNumber || !(seconds > 0 && seconds <= longestLifetime)) {
        return std::nullopt;
    }
    return issuedAt.addMSecs(static_cast<qint64>(seconds * 1000));
}

/// A token goes into a header field, so it is visible ASCII or it is not sent.
bool isUsable(const QString &token)
{
    return !token.isEmpty()
           && std::all_of(token.begin(), token.end(), [](QChar c) { return c > u' ' && c < u'\x7f'; });
}

/// GitHub answers with a form unless it is asked for JSON in its own way, and others do it always.
std::optional<QJsonObject> formOf(const http::Response &response)
{
    const QByteArray type = response.mediaType();
    if (type != "application/x-www-form-urlencoded" && type != "text/plain") {
        return std::nullopt;
    }
    const std::optional<http::FormFields> fields = http::decodeForm(response.body.trimmed());
    QJsonObject body;
    for (const auto &[name, value] : fields.value_or(http::FormFields())) {
        if (body.contains(QString::fromUtf8(name))) {
            return std::nullopt;
        }
        body.insert(QString::fromUtf8(name), QString::fromUtf8(value));
    }
    const bool isMeant = body.contains("access_token"_L1) || body.contains("error"_L1);
    return isMeant ? std::optional<QJsonObject>(body) : std::nullopt;
}

base::Result<QJsonObject> bodyOf(const http::Response &response)
{
    base::Result<QJsonObject> body = readJsonObject(response);
    if (!body) {
        if (const std::optional<QJsonObject> form = formOf(response)) {
            return *form;
        }
    }
    return body;
}

/// Entra's own number for a refusal; its OAuth codes are the same for many causes.
QString entraNumber(const QString &description)
{
    static const QRegularExpression number(u"\\bAADSTS\\d{4,9}\\b"_s);
    return number.match(description).captured();
}

base::Error signInNeeded(const QString &host)
{
    return makeError(ErrorKind::SignInNeeded,
                     Words::tr("%1 no longer accepts this sign-in. Authorize again.").arg(host), {}, host);
}

/// "Try again later", whatever status it came with.
base::Error busy(const http::Response &response, const QString &code, const QDateTime &now)
{
    if (response.status >= 500 || response.status == 429 || response.status == 408) {
        return statusError(response, now);
    }
    http::ResponseHead head = response;
    head.status = code == "slow_down"_L1 ? 429 : 503;
    base::Error error = statusError(head, now);
    if (!error.retryAt) {
        error.sentence =
            Words::tr("%1 can't do that right now (%2). Try it again in a while.").arg(error.host, code);
    }
    return error;
}

base::Error refused(const http::Response &response, const QString &code, const QDateTime &now)
{
    const QString host = base::displayAuthority(response.url);
    base::Error error = statusError(response, now);
    if (response.isSuccess()) {
        error = makeError(ErrorKind::Protocol, {}, {}, host);
        error.httpStatus = response.status;
    }
    if (isClientRefusal(code)) {
        error.sentence = Words::tr("%1 doesn't know Mooring's registration any more.").arg(host);
    } else if (!code.isEmpty()) {
        error.sentence = Words::tr("%1 refused the sign-in (%2).").arg(host, code);
    } else if (response.isSuccess()) {
        error.sentence = Words::tr("%1 sent a sign-in answer that Mooring can't use.").arg(host);
    }
    return error;
}

/// An answer that is a success and brings nothing that can be used.
base::Error unusable(const http::Response &response, const QJsonObject &answer, bool hasType)
{
    base::Error error = refused(response, {}, response.sentAt);
    const QString type = base::displayText(answer.value("token_type"_L1).toString(), 40);
    if (!hasType && !type.isEmpty()) {
        error.sentence =
            Words::tr("%1 gave a kind of access (%2) that Mooring can't use. Only its owner can mend that.")
                .arg(error.host, type);
    } else if (hasType) {
        error.sentence =
            Words::tr("%1 sent a sign-in answer without an access token that Mooring can use. Only its "
                      "owner can mend that.")
                .arg(error.host);
    }
    error.detail = hasType ? u"no usable access_token"_s : u"token_type is not Bearer"_s;
    return error;
}

/// Where the tokens stand: in the answer itself, or, as Slack has it for people, in an object inside.
QString placeOf(const QJsonObject &answer)
{
    static constexpr QLatin1StringView places[] = {"authed_user"_L1, "data"_L1, "token"_L1, "tokens"_L1};
    if (isUsable(answer.value("access_token"_L1).toString())) {
        return {};
    }
    QStringList found;
    for (const QLatin1StringView place : places) {
        if (isUsable(answer.value(place).toObject().value("access_token"_L1).toString())) {
            found.append(place);
        }
    }
    return found.size() == 1 ? found.first() : QString();
}

} // namespace

bool isFresh(const QDateTime &issuedAt, const std::optional<QDateTime> &expiresAt, const QDateTime &now)
{
    if (!expiresAt) {
        return true;
    }
    const qint64 lifetime = std::max<qint64>(issuedAt.msecsTo(*expiresAt), 0);
    return now.msecsTo(*expiresAt) > std::min(longestMargin, lifetime / 10);
}

bool TokenSet::isFresh(const QDateTime &now) const
{
    return oauth::isFresh(issuedAt, expiresAt, now);
}

bool isClientRefusal(QStringView oauthCode)
{
    return oauthCode == "invalid_client"_L1 || oauthCode == "unauthorized_client"_L1;
}

QString remedyFor(const QString &oauthCode, const QString &description)
{
    if (isClientRefusal(oauthCode)) {
        return QString::fromUtf16(remedies::forgetsRegistration);
    }
    // RFC 8707 section 2; and Entra, where a resource that isn't the one of the scopes is this number.
    const bool isAboutResource = oauthCode == "invalid_target"_L1
                                 || ((oauthCode == "invalid_request"_L1 || oauthCode == "invalid_scope"_L1)
                                     && entraNumber(description) == "AADSTS9010010"_L1);
    return isAboutResource ? QString::fromUtf16(remedies::omitsResource) : QString();
}

base::Result<QJsonObject> readTokenAnswer(const http::Response &response, const QList<base::Secret> &sent)
{
    if (!response.isSuccess()) {
        return base::failed(tokenError(response, response.sentAt, sent));
    }
    base::Result<QJsonObject> body = bodyOf(response);
    if (body && holdsError(*body)) {
        return base::failed(tokenError(response, response.sentAt, sent));
    }
    return body;
}

base::Result<TokenSet> readTokenSet(const http::Response &response, const QStringList &askedScopes,
                                    bool wasProven, const QList<base::Secret> &sent)
{
    const base::Result<QJsonObject> whole = readTokenAnswer(response, sent);
    if (!whole) {
        return base::failed(whole.error());
    }
    const QString place = placeOf(*whole);
    const QJsonObject body = place.isEmpty() ? *whole : whole->value(place).toObject();
    const QString token = body.value("access_token"_L1).toString();
    const QJsonValue type = body.value("token_type"_L1);
    const auto isType = [&](QLatin1StringView name) {
        return type.toString().compare(name, Qt::CaseInsensitive) == 0;
    };
    // RFC 9449 section 5: a token that is bound to a key is none for whoever has shown no key.
    const bool isDpop = wasProven && isType("DPoP"_L1);
    const bool isBearer =
        type.isUndefined() || type.isNull() || isType("Bearer"_L1) || isType("user"_L1) || isType("bot"_L1);
    if (!isUsable(token) || (!isBearer && !isDpop)) {
        return base::failed(unusable(response, body, isBearer || isDpop));
    }
    TokenSet tokens;
    tokens.accessToken = base::Secret(token.toLatin1());
    tokens.refreshToken = base::Secret(body.value("refresh_token"_L1).toString().toUtf8());
    tokens.idToken = base::Secret(whole->value("id_token"_L1).toString().toUtf8());
    tokens.scopes = body.value("scope"_L1).toString().split(u' ', Qt::SkipEmptyParts);
    if (tokens.scopes.isEmpty()) {
        tokens.scopes = askedScopes;
    }
    tokens.issuedAt = response.sentAt;
    tokens.expiresAt = expiryOf(body.value("expires_in"_L1), tokens.issuedAt);
    tokens.isDpopBound = isDpop;
    tokens.foundIn = place;
    return tokens;
}

base::Error tokenError(const http::Response &response, const QDateTime &now, const QList<base::Secret> &sent)
{
    const QString host = base::displayAuthority(response.url);
    const Refusal said = Refusal::of(response, sent);
    const QString &code = said.code();
    const bool isTrouble = response.status >= 500 || response.status == 429 || response.status == 408;
    base::Error error;
    if (code == "invalid_grant"_L1 || code == "invalid_refresh_token"_L1 || code == "expired_token"_L1) {
        error = signInNeeded(host);
    } else if (code == "access_denied"_L1) {
        error = makeError(ErrorKind::Denied, Words::tr("%1 declined the sign-in.").arg(host), {}, host);
    } else if (isTrouble || code == "temporarily_unavailable"_L1 || code == "server_error"_L1
               || code == "slow_down"_L1) {
        error = busy(response, code, now);
    } else {
        error = refused(response, code, now);
    }
    error = said.added(std::move(error));
    if (error.httpStatus == 0) {
        error.httpStatus = response.status;
    }
    error.oauthCode = code;
    error.remedy = remedyFor(code, said.text());
    error.detail = code.isEmpty() ? u"HTTP %1"_s.arg(response.status)
                                  : u"HTTP %1, error %2"_s.arg(response.status).arg(code);
    if (const QString number = entraNumber(said.text()); !number.isEmpty()) {
        error.detail += u", "_s + number;
    }
    return error;
}

} // namespace mooring::oauth
