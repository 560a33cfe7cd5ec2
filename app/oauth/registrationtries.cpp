// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/registrationtries.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

bool speakOf(const QString &words, QLatin1StringView pattern)
{
    const QRegularExpression about(pattern, QRegularExpression::CaseInsensitiveOption);
    return words.contains(about);
}

constexpr auto aboutMethods = "auth[_ ]?method|client[_ ]secret|confidential|public client"_L1;

/// A refusal that no other application would be spared.
bool isFinal(const base::Error &error)
{
    static const QStringList codes = {
        u"access_denied"_s, u"unauthorized_client"_s,        u"invalid_client"_s,
        u"invalid_token"_s, u"invalid_software_statement"_s, u"unapproved_software_statement"_s};
    return codes.contains(error.oauthCode) || error.httpStatus < 400 || error.httpStatus >= 500
           || error.isTransient();
}

} // namespace

QByteArray Application::toJson() const
{
    QJsonArray grants = {u"authorization_code"_s};
    if (wantsRefreshTokens) {
        grants.append(u"refresh_token"_s);
    }
    QJsonObject body = {
        {u"client_name"_s, u"Mooring"_s},
        {u"redirect_uris"_s, QJsonArray{redirectUri}},
        {u"grant_types"_s, grants},
        {u"response_types"_s, QJsonArray{u"code"_s}},
        {u"token_endpoint_auth_method"_s, methodName(method)},
        {u"software_id"_s, u"mooring"_s},
        {u"software_version"_s, QStringLiteral(MOORING_VERSION)},
    };
    if (!applicationType.isEmpty()) {
        body.insert(u"application_type"_s, applicationType);
    }
    if (!scopes.isEmpty()) {
        body.insert(u"scope"_s, scopes.join(u' '));
    }
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

RegistrationTries::RegistrationTries(const AuthorizationServer &server, Application first,
                                     QStringList redirectUris)
    : m_listedMethods(server.tokenEndpointAuthMethods)
    , m_usualRedirectUri(redirectUris.last())
    , m_application(std::move(first))
    , m_before(m_application)
{
    m_application.redirectUri = redirectUris.first();
    m_before = m_application;
}

bool RegistrationTries::goOn(const base::Error &error, const Refusal &said)
{
    const QString words = error.oauthCode + u' ' + said.text();
    const bool isFirst = m_tried.isEmpty();
    const bool gotFurther = !isFirst && words != m_lastSaid && !isFinal(error);
    if (isFirst || gotFurther) {
        m_reason = error;
        m_lastSaid = words;
        m_before = m_application;
    } else {
        m_application = m_before;
    }
    if (isFinal(error)) {
        return false;
    }
    for (const Change change : changesAfter(error, words)) {
        Application changed = m_application;
        if (!m_tried.contains(change) && apply(change, words, &changed) && changed != m_application) {
            m_tried.append(change);
            m_application = changed;
            return true;
        }
    }
    return false;
}

QList<RegistrationTries::Change> RegistrationTries::changesAfter(const base::Error &error,
                                                                 const QString &words) const
{
    if (error.oauthCode == "invalid_redirect_uri"_L1) {
        return {Change::WebType, Change::UsualAddress, Change::Barest};
    }
    QList<Change> changes;
    if (speakOf(words, "scope"_L1)) {
        changes.append(Change::NoScope);
    }
    if (speakOf(words, "application[_ ]?type"_L1)) {
        changes.append({Change::NoType, Change::WebType});
    }
    if (speakOf(words, aboutMethods)) {
        changes.append(Change::OtherMethod);
    }
    if (speakOf(words, "grant[_ ]?type|refresh"_L1)) {
        changes.append(Change::NoRefresh);
    }
    if (speakOf(words, "redirect|callback"_L1)) {
        changes.append({Change::UsualAddress, Change::WebType});
    }
    // A status that isn't the one for a request that is wrong has to say what it is about.
    const bool isAboutRequest = error.httpStatus == 400 || error.httpStatus == 422;
    if (isAboutRequest) {
        changes.append(
            {Change::NoType, Change::NoScope, Change::UsualAddress, Change::NoRefresh, Change::OtherMethod});
    }
    if (isAboutRequest || !changes.isEmpty()) {
        changes.append(Change::Barest);
    }
    return changes;
}

bool RegistrationTries::apply(Change change, const QString &words, Application *to) const
{
    switch (change) {
    case Change::NoType:
        to->applicationType.clear();
        return true;
    case Change::WebType:
        to->applicationType = u"web"_s;
        return true;
    case Change::NoScope:
        to->scopes.clear();
        return true;
    case Change::UsualAddress:
        to->redirectUri = m_usualRedirectUri;
        return true;
    case Change::NoRefresh:
        to->wantsRefreshTokens = false;
        return true;
    case Change::OtherMethod:
        return changeMethod(words, to);
    case Change::Barest:
        break;
    }
    to->scopes.clear();
    to->redirectUri = m_usualRedirectUri;
    to->applicationType = speakOf(words, "redirect"_L1) ? u"web"_s : QString();
    return true;
}

/// With a secret instead of without one, or the other way round: where the service lists that, or speaks
/// of it.
bool RegistrationTries::changeMethod(const QString &words, Application *to) const
{
    const QString none = methodName(ClientAuthentication::None);
    const bool isSpokenOf = speakOf(words, aboutMethods);
    if (to->method != ClientAuthentication::None) {
        to->method = ClientAuthentication::None;
        return isSpokenOf || m_listedMethods.contains(none);
    }
    for (const ClientAuthentication method :
         {ClientAuthentication::SecretPost, ClientAuthentication::SecretBasic}) {
        if (m_listedMethods.contains(methodName(method))) {
            to->method = method;
            return true;
        }
    }
    to->method = ClientAuthentication::SecretBasic;
    return isSpokenOf;
}

} // namespace mooring::oauth
