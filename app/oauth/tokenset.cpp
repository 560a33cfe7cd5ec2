// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenset.h"

#include "base/displaytext.h"
#include "base/strictjson.h"

#include <QCoreApplication>

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;

namespace {

constexpr qint64 longestMargin = 60 * 1000;
/// A hundred years, in seconds; more is nonsense.
constexpr double longestLifetime = 100.0 * 365 * 24 * 3600;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::oauth", text);
}

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

QString codeOf(const http::Response &response)
{
    const base::Result<QJsonObject> body = base::parseJsonObject(response.body);
    return body ? base::displayText(body->value("error"_L1).toString(), 60) : QString();
}

bool hasError(const QJsonObject &body)
{
    const QJsonValue error = body.value("error"_L1);
    return !error.isUndefined() && !error.isNull();
}

base::Error signInNeeded(const QString &host)
{
    return makeError(ErrorKind::SignInNeeded,
                     tr("%1 no longer accepts this sign-in. Authorize again.").arg(host), {}, host);
}

/// "Try again later", whatever status it came with.
base::Error busy(const http::Response &response, const QString &code, const QDateTime &now)
{
    http::ResponseHead head = response;
    if (head.status < 500 && head.status != 429) {
        head.status = code == "slow_down"_L1 ? 429 : 503;
    }
    return statusError(head, now);
}

base::Error refused(const http::Response &response, const QString &code, const QDateTime &now)
{
    const QString host = base::displayAuthority(response.url);
    base::Error error = statusError(response, now);
    if (response.isSuccess()) {
        error = makeError(ErrorKind::Protocol, {}, {}, host);
        error.httpStatus = response.status;
    }
    if (code == "invalid_client"_L1 || code == "unauthorized_client"_L1) {
        error.sentence = tr("%1 doesn't know Mooring's registration any more.").arg(host);
    } else if (!code.isEmpty()) {
        error.sentence = tr("%1 refused the sign-in (%2).").arg(host, code);
    } else if (response.isSuccess()) {
        error.sentence = tr("%1 sent a sign-in answer that Mooring can't use.").arg(host);
    }
    return error;
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

base::Result<TokenSet> readTokenSet(const http::Response &response, const QStringList &askedScopes)
{
    if (!response.isSuccess()) {
        return base::failed(tokenError(response, response.sentAt));
    }
    const base::Result<QJsonObject> body = readJsonObject(response);
    if (!body) {
        return base::failed(body.error());
    }
    if (hasError(*body)) {
        return base::failed(tokenError(response, response.sentAt));
    }
    const QString token = body->value("access_token"_L1).toString();
    const QJsonValue type = body->value("token_type"_L1);
    const bool isBearer =
        type.isUndefined() || type.isNull() || type.toString().compare("bearer"_L1, Qt::CaseInsensitive) == 0;
    if (!isUsable(token) || !isBearer) {
        base::Error error = refused(response, {}, response.sentAt);
        error.detail = isBearer ? u"no usable access_token"_s : u"token_type is not Bearer"_s;
        return base::failed(error);
    }
    TokenSet tokens;
    tokens.accessToken = base::Secret(token.toLatin1());
    tokens.refreshToken = base::Secret(body->value("refresh_token"_L1).toString().toUtf8());
    tokens.idToken = base::Secret(body->value("id_token"_L1).toString().toUtf8());
    tokens.scopes = body->value("scope"_L1).toString().split(u' ', Qt::SkipEmptyParts);
    if (tokens.scopes.isEmpty()) {
        tokens.scopes = askedScopes;
    }
    tokens.issuedAt = response.sentAt;
    tokens.expiresAt = expiryOf(body->value("expires_in"_L1), tokens.issuedAt);
    return tokens;
}

base::Error tokenError(const http::Response &response, const QDateTime &now)
{
    const QString host = base::displayAuthority(response.url);
    const QString code = codeOf(response);
    const bool isTrouble = response.status >= 500 || response.status == 429 || response.status == 408;
    base::Error error;
    if (code == "invalid_grant"_L1 || code == "invalid_refresh_token"_L1 || code == "expired_token"_L1) {
        error = signInNeeded(host);
    } else if (code == "access_denied"_L1) {
        error = makeError(ErrorKind::Denied, tr("%1 declined the sign-in.").arg(host), {}, host);
    } else if (isTrouble || code == "temporarily_unavailable"_L1 || code == "server_error"_L1
               || code == "slow_down"_L1) {
        error = busy(response, code, now);
    } else {
        error = refused(response, code, now);
    }
    if (error.httpStatus == 0) {
        error.httpStatus = response.status;
    }
    error.oauthCode = code;
    error.detail = code.isEmpty() ? u"HTTP %1"_s.arg(response.status)
                                  : u"HTTP %1, error %2"_s.arg(response.status).arg(code);
    return error;
}

} // namespace mooring::oauth
