// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/outputjson.h"

#include "http/addresssecrets.h"
#include "oauth/authorizationserver.h"
#include "text/settingstext.h"
#include "text/settingsvalues.h"
#include "text/wording.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using connections::RevocationOutcome;

namespace {

QJsonValue timeValue(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODate)) : QJsonValue(QJsonValue::Null);
}

QJsonValue timeValue(const std::optional<QDateTime> &time)
{
    return timeValue(time.value_or(QDateTime()));
}

QString kindName(connections::AuthorizationKind kind)
{
    constexpr std::array names = {"none", "oauth", "header"};
    return QString::fromLatin1(names.at(static_cast<size_t>(kind)));
}

QString sourceName(oauth::ClientRegistration::Source source)
{
    constexpr std::array names = {"dynamic", "manual", "metadata-document"};
    return QString::fromLatin1(names.at(static_cast<size_t>(source)));
}

/// How Mooring is known at the service; null before the first sign-in.
QJsonValue clientValue(const std::optional<connections::RegistrationRecord> &registration)
{
    if (!registration) {
        return QJsonValue::Null;
    }
    return QJsonObject{{u"id"_s, registration->clientId},
                       {u"source"_s, sourceName(registration->source)},
                       {u"authentication"_s, oauth::methodName(registration->method)},
                       {u"redirectUri"_s, registration->redirectUri},
                       {u"registeredAt"_s, timeValue(registration->registeredAt)}};
}

/// Where the facts about the sign-in service are from: "metadata", "server-origin", …
QString describedName(const connections::ConnectionRecord &record)
{
    using Described = oauth::AuthorizationServer::Described;
    if (record.authorizationServer.isEmpty()) {
        return {};
    }
    switch (oauth::AuthorizationServer::describedIn(record.authorizationServer)) {
    case Described::AtServerOrigin:
        return u"server-origin"_s;
    case Described::ByFixedPaths:
        return u"fixed-paths"_s;
    case Described::ByResource:
        return u"resource"_s;
    case Described::ByMetadata:
        break;
    }
    return u"metadata"_s;
}

bool needsEscape(char32_t character)
{
    const QChar::Category category = QChar::category(character);
    return category == QChar::Other_Control || category == QChar::Other_Format
           || category == QChar::Separator_Line || category == QChar::Separator_Paragraph
           || category == QChar::Other_PrivateUse || category == QChar::Other_NotAssigned
           || category == QChar::Other_Surrogate;
}

QByteArray escaped(QStringView text)
{
    QByteArray bytes;
    for (const QChar unit : text) {
        bytes += "\\u" + QByteArray::number(unit.unicode(), 16).rightJustified(4, '0');
    }
    return bytes;
}

/// Members that only some connections have.
void insertWhatIsThere(QJsonObject *json, const text::ConnectionView &view)
{
    if (view.noticedAt) {
        json->insert(u"noticedAt"_s, timeValue(view.noticedAt));
    }
    if (!view.record.headerName.isEmpty()) {
        json->insert(u"header"_s, view.record.headerName);
    }
    if (!view.record.headers.isEmpty()) {
        json->insert(u"headers"_s, connections::toJson(view.record.headers));
    }
    if (view.record.hasSecret && !view.record.keptIn.isEmpty()) {
        json->insert(u"keychain"_s, view.record.keptIn);
    }
    if (!view.record.secretQuery.isEmpty()) {
        json->insert(u"secretParameters"_s, QJsonArray::fromStringList(view.record.secretQuery));
    }
}

} // namespace

QJsonObject toJson(const base::Error &error)
{
    QJsonObject json = {
        {u"kind"_s, base::errorName(error)}, {u"sentence"_s, error.sentence}, {u"detail"_s, error.detail}};
    if (!error.host.isEmpty()) {
        json.insert(u"host"_s, error.host);
    }
    if (error.httpStatus != 0) {
        json.insert(u"httpStatus"_s, error.httpStatus);
    }
    if (!error.scopes.isEmpty()) {
        json.insert(u"scopes"_s, QJsonArray::fromStringList(error.scopes));
    }
    if (!error.remedy.isEmpty()) {
        json.insert(u"remedy"_s, error.remedy);
    }
    if (!error.oauthCode.isEmpty()) {
        json.insert(u"oauthCode"_s, error.oauthCode);
    }
    if (error.retryAt) {
        json.insert(u"retryAt"_s, timeValue(error.retryAt));
    }
    return json;
}

QJsonObject toJson(const text::ConnectionView &view, const QDateTime &now)
{
    const text::Wording wording = text::wordingOf(view.state, view.record, now);
    QJsonObject json = {
        {u"id"_s, view.record.id},
        {u"name"_s, view.record.name},
        {u"url"_s, http::shownUrl(view.record.url)},
        {u"authorization"_s, kindName(view.record.kind)},
        {u"account"_s, view.record.accountLabel},
        {u"issuer"_s, view.record.issuer},
        {u"resource"_s, http::withoutSecrets(view.record.resource)},
        {u"scopes"_s, QJsonArray::fromStringList(view.record.scopesGranted)},
        {u"state"_s, connections::phaseName(view.state.phase)},
        {u"signedIn"_s, view.state.isSignedIn},
        {u"hasRefreshToken"_s, view.state.hasRefreshToken},
        {u"expiresAt"_s, timeValue(view.state.expiresAt)},
        {u"headline"_s, wording.headline},
        {u"sentence"_s, wording.sentence},
        {u"error"_s, view.state.error ? QJsonValue(toJson(*view.state.error)) : QJsonValue(QJsonValue::Null)},
    };
    json.insert(u"scopesAsked"_s, QJsonArray::fromStringList(view.record.scopesAsked));
    json.insert(u"wantedScopes"_s, QJsonArray::fromStringList(view.wantedScopes));
    json.insert(u"era"_s, mcp::eraName(view.record.era));
    json.insert(u"described"_s, describedName(view.record));
    json.insert(u"client"_s, clientValue(view.registration));
    json.insert(u"settings"_s, toJson(view.record.settings));
    json.insert(u"pendingRevocation"_s,
                view.pending ? QJsonValue(toJson(*view.pending)) : QJsonValue(QJsonValue::Null));
    insertWhatIsThere(&json, view);
    return json;
}

QJsonObject toJson(const oauth::SignInSettings &settings)
{
    QJsonObject json;
    const QList<text::SettingText> all = text::allSettings();
    for (const text::SettingText &setting : all) {
        json.insert(setting.name, text::settingValue(settings, setting.name));
    }
    return json;
}

QJsonObject toJson(const connections::TokenFacts &facts, const QDateTime &now)
{
    return {
        {u"issuedAt"_s, timeValue(facts.issuedAt)},
        {u"expiresAt"_s, timeValue(facts.expiresAt)},
        {u"secondsLeft"_s,
         facts.expiresAt ? QJsonValue(now.secsTo(*facts.expiresAt)) : QJsonValue(QJsonValue::Null)},
        {u"scopes"_s, QJsonArray::fromStringList(facts.scopes)},
        {u"resource"_s, http::withoutSecrets(facts.resource)},
        {u"issuer"_s, facts.issuer},
        {u"length"_s, facts.length},
    };
}

QJsonObject toJson(const mcp::Tool &tool)
{
    return {{u"name"_s, tool.name},
            {u"title"_s, tool.title},
            {u"description"_s, tool.description},
            {u"inputSchema"_s, tool.inputSchema}};
}

QJsonObject toJson(const mcp::ServerInfo &server)
{
    return {{u"name"_s, server.name},
            {u"version"_s, server.version},
            {u"protocolVersion"_s, server.protocolVersion},
            {u"era"_s, mcp::eraName(server.era)}};
}

QString outcomeName(RevocationOutcome outcome)
{
    switch (outcome) {
    case RevocationOutcome::Revoked:
        return u"revoked"_s;
    case RevocationOutcome::NothingToRevoke:
        return u"nothing-to-revoke"_s;
    case RevocationOutcome::NotSupported:
        return u"not-supported"_s;
    case RevocationOutcome::Pending:
        return u"pending"_s;
    case RevocationOutcome::NotConfirmed:
        break;
    }
    return u"not-confirmed"_s;
}

QJsonObject toJson(const connections::RevocationRecord &pending)
{
    return {{u"id"_s, pending.id},
            {u"connection"_s, pending.connectionId},
            {u"name"_s, pending.name},
            {u"issuer"_s, pending.issuer},
            {u"since"_s, timeValue(pending.since)},
            {u"until"_s, timeValue(pending.until)},
            {u"nextTry"_s, timeValue(pending.nextTry)},
            {u"attempts"_s, pending.attempts}};
}

QJsonObject toJson(const connections::Disconnected &disconnected)
{
    return {{u"outcome"_s, outcomeName(disconnected.outcome)},
            {u"sentence"_s, disconnected.sentence},
            {u"revocationError"_s,
             disconnected.error ? QJsonValue(toJson(*disconnected.error)) : QJsonValue(QJsonValue::Null)},
            {u"pendingRevocation"_s, disconnected.pending ? QJsonValue(toJson(*disconnected.pending))
                                                          : QJsonValue(QJsonValue::Null)}};
}

QByteArray jsonLine(const QJsonObject &document)
{
    // Outside of strings there is only ASCII, so whatever is escaped here is inside of one.
    const QString text = QString::fromUtf8(QJsonDocument(document).toJson(QJsonDocument::Compact));
    QByteArray line;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isPair =
            text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const char32_t character =
            isPair ? QChar::surrogateToUcs4(text.at(i), text.at(i + 1)) : char32_t(text.at(i).unicode());
        const QStringView units = QStringView(text).sliced(i, isPair ? 2 : 1);
        line += needsEscape(character) ? escaped(units) : units.toUtf8();
        i += isPair ? 1 : 0;
    }
    return line + '\n';
}

} // namespace mooring::cli
