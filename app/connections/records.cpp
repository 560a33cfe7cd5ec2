// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records.h"

#include "http/urlpolicy.h"

#include <QJsonArray>

#include <array>

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

QString kindName(AuthorizationKind kind)
{
    switch (kind) {
    case AuthorizationKind::None:
        return u"none"_s;
    case AuthorizationKind::OAuth:
        return u"oauth"_s;
    case AuthorizationKind::Header:
        return u"header"_s;
    }
    return {};
}

AuthorizationKind kindFromName(const QString &name)
{
    if (name == "oauth"_L1) {
        return AuthorizationKind::OAuth;
    }
    return name == "header"_L1 ? AuthorizationKind::Header : AuthorizationKind::None;
}

using Source = oauth::ClientRegistration::Source;

QString sourceName(Source source)
{
    switch (source) {
    case Source::Dynamic:
        return u"dynamic"_s;
    case Source::Manual:
        return u"manual"_s;
    case Source::MetadataDocument:
        return u"metadata-document"_s;
    }
    return {};
}

Source sourceFromName(const QString &name)
{
    if (name == "manual"_L1) {
        return Source::Manual;
    }
    return name == "metadata-document"_L1 ? Source::MetadataDocument : Source::Dynamic;
}

QJsonValue timeValue(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs))
                          : QJsonValue(QJsonValue::Undefined);
}

QJsonValue timeValue(const std::optional<QDateTime> &time)
{
    return timeValue(time.value_or(QDateTime()));
}

/// The very form that timeValue() writes; Qt's parser, which takes any form, is what start-up would
/// spend most of its time in.
QDateTime ownTimeFrom(const QString &text)
{
    static constexpr char16_t form[] = u"dddd-dd-ddTdd:dd:dd.dddZ";
    std::array<int, 7> fields = {};
    std::size_t field = 0;
    if (text.size() != static_cast<qsizetype>(std::size(form)) - 1) {
        return {};
    }
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text.at(i).unicode();
        if (form[i] != u'd') {
            ++field;
            if (c != form[i]) {
                return {};
            }
        } else if (c < u'0' || c > u'9') {
            return {};
        } else {
            fields.at(field) = fields.at(field) * 10 + (c - u'0');
        }
    }
    const auto [year, month, day, hour, minute, second, millisecond] = fields;
    return QDateTime(QDate(year, month, day), QTime(hour, minute, second, millisecond), Qt::UTC);
}

QDateTime timeFrom(const QJsonValue &value)
{
    const QString text = value.toString();
    const QDateTime own = ownTimeFrom(text);
    return own.isValid() || text.isEmpty() ? own : QDateTime::fromString(text, Qt::ISODateWithMs).toUTC();
}

std::optional<QDateTime> optionalTimeFrom(const QJsonValue &value)
{
    const QDateTime time = timeFrom(value);
    return time.isValid() ? std::optional(time) : std::nullopt;
}

QStringList stringsFrom(const QJsonValue &value)
{
    QStringList strings;
    const QJsonArray array = value.toArray();
    for (const QJsonValue entry : array) {
        strings.append(entry.toString());
    }
    return strings;
}

/// Reads members in the order of their names, in which QJsonObject keeps them; those that nobody asks for
/// are what this version doesn't know. To look each one up would take most of the start-up of a long list.
class Members final {
public:
    explicit Members(const QJsonObject &json)
        : m_at(json.constBegin())
        , m_end(json.constEnd())
    {
        readName();
    }

    /// `name` comes behind the one of the call before.
    QJsonValue take(QLatin1StringView name)
    {
        Q_ASSERT(m_lastTaken < name);
        m_lastTaken = name;
        while (m_at != m_end && m_name < name) {
            leave();
        }
        if (m_at == m_end || m_name != name) {
            return QJsonValue::Undefined;
        }
        const QJsonValue value = *m_at;
        ++m_at;
        readName();
        return value;
    }

    QJsonObject rest()
    {
        while (m_at != m_end) {
            leave();
        }
        return m_left;
    }

private:
    void readName() { m_name = m_at != m_end ? m_at.key() : QString(); }
    void leave()
    {
        m_left.insert(m_name, *m_at);
        ++m_at;
        readName();
    }

    QJsonObject::const_iterator m_at;
    QJsonObject::const_iterator m_end;
    QString m_name;
    QLatin1StringView m_lastTaken;
    QJsonObject m_left;
};

QJsonValue take(Members *json, QLatin1StringView name)
{
    return json->take(name);
}

void putText(QJsonObject *json, QLatin1StringView name, const QString &text)
{
    if (!text.isEmpty()) {
        json->insert(name, text);
    }
}

QJsonValue errorValue(const std::optional<RecordedError> &recorded)
{
    if (!recorded) {
        return QJsonValue::Undefined;
    }
    QJsonObject json{{u"kind"_s, errorName(recorded->error)},
                     {u"sentence"_s, recorded->error.sentence},
                     {u"at"_s, timeValue(recorded->at)}};
    putText(&json, "detail"_L1, recorded->error.detail);
    putText(&json, "host"_L1, recorded->error.host);
    return json;
}

std::optional<RecordedError> errorFrom(const QJsonValue &value)
{
    if (!value.isObject()) {
        return std::nullopt;
    }
    const QJsonObject json = value.toObject();
    RecordedError recorded;
    recorded.error.sentence = json["sentence"_L1].toString();
    if (recorded.error.sentence.isEmpty()) {
        return std::nullopt;
    }
    recorded.error.detail = json["detail"_L1].toString();
    recorded.error.host = json["host"_L1].toString();
    recorded.at = timeFrom(json["at"_L1]);
    // Only errors that outlive a process are recorded, so these kinds are all there are.
    const QString kind = json["kind"_L1].toString();
    recorded.error.kind = base::ErrorKind::Protocol;
    for (const base::ErrorKind known : {base::ErrorKind::SignInNeeded, base::ErrorKind::RefusedByPolicy,
                                        base::ErrorKind::Denied, base::ErrorKind::Tls}) {
        if (kind == errorName(makeError(known, {}))) {
            recorded.error.kind = known;
        }
    }
    return recorded;
}

} // namespace

QJsonObject ConnectionRecord::toJson() const
{
    QJsonObject json = unknown;
    json["id"_L1] = id;
    json["name"_L1] = name;
    json["url"_L1] = url.toString(QUrl::FullyEncoded);
    json["authorization"_L1] = kindName(kind);
    putText(&json, "headerName"_L1, headerName);
    putText(&json, "accountLabel"_L1, accountLabel);
    putText(&json, "accountTold"_L1, accountTold);
    putText(&json, "era"_L1, mcp::eraName(era));
    putText(&json, "verdict"_L1, verdict);
    putText(&json, "issuer"_L1, issuer);
    if (!authorizationServer.isEmpty()) {
        json["authorizationServer"_L1] = authorizationServer;
    }
    putText(&json, "registration"_L1, registrationId);
    putText(&json, "resource"_L1, resource);
    if (const QJsonObject bent = settings.toJson(); !bent.isEmpty()) {
        json["settings"_L1] = bent;
    }
    json["refreshesWithoutResource"_L1] =
        refreshesWithoutResource ? QJsonValue(true) : QJsonValue(QJsonValue::Undefined);
    json["scopesAsked"_L1] = QJsonArray::fromStringList(scopesAsked);
    json["scopesGranted"_L1] = QJsonArray::fromStringList(scopesGranted);
    json["hasSecret"_L1] = hasSecret;
    json["hasRefreshToken"_L1] = hasRefreshToken;
    if (isDpopBound) {
        json["isDpopBound"_L1] = true;
    }
    if (!scopesWanted.isEmpty()) {
        json["scopesWanted"_L1] = QJsonArray::fromStringList(scopesWanted);
    }
    json["generation"_L1] = generation;
    json["acceptedGeneration"_L1] = acceptedGeneration;
    json["issuedAt"_L1] = timeValue(issuedAt);
    json["expiresAt"_L1] = timeValue(expiresAt);
    json["authorizedAt"_L1] = timeValue(authorizedAt);
    json["renewingSince"_L1] = timeValue(renewingSince);
    if (arriving) {
        json["arriving"_L1] = arriving->toJson();
    }
    json["leaving"_L1] = leaving ? QJsonValue(true) : QJsonValue(QJsonValue::Undefined);
    json["lastError"_L1] = errorValue(lastError);
    json["addedAt"_L1] = timeValue(addedAt);
    return json;
}

std::optional<ConnectionRecord> ConnectionRecord::fromJson(const QJsonObject &source)
{
    Members json(source);
    ConnectionRecord record;
    record.acceptedGeneration = take(&json, "acceptedGeneration"_L1).toInteger();
    record.accountLabel = take(&json, "accountLabel"_L1).toString();
    record.accountTold = take(&json, "accountTold"_L1).toString();
    record.addedAt = timeFrom(take(&json, "addedAt"_L1));
    record.arriving = Arrival::fromJson(take(&json, "arriving"_L1));
    record.kind = kindFromName(take(&json, "authorization"_L1).toString());
    record.authorizationServer = take(&json, "authorizationServer"_L1).toObject();
    record.authorizedAt = timeFrom(take(&json, "authorizedAt"_L1));
    record.era = mcp::eraFromName(take(&json, "era"_L1).toString());
    record.expiresAt = optionalTimeFrom(take(&json, "expiresAt"_L1));
    record.generation = take(&json, "generation"_L1).toInteger();
    record.hasRefreshToken = take(&json, "hasRefreshToken"_L1).toBool();
    record.hasSecret = take(&json, "hasSecret"_L1).toBool();
    record.headerName = take(&json, "headerName"_L1).toString();
    record.id = take(&json, "id"_L1).toString();
    record.isDpopBound = take(&json, "isDpopBound"_L1).toBool();
    record.issuedAt = timeFrom(take(&json, "issuedAt"_L1));
    record.issuer = take(&json, "issuer"_L1).toString();
    record.lastError = errorFrom(take(&json, "lastError"_L1));
    record.leaving = take(&json, "leaving"_L1).toBool();
    record.name = take(&json, "name"_L1).toString();
    record.refreshesWithoutResource = take(&json, "refreshesWithoutResource"_L1).toBool();
    record.registrationId = take(&json, "registration"_L1).toString();
    record.renewingSince = optionalTimeFrom(take(&json, "renewingSince"_L1));
    record.resource = take(&json, "resource"_L1).toString();
    record.scopesAsked = stringsFrom(take(&json, "scopesAsked"_L1));
    record.scopesGranted = stringsFrom(take(&json, "scopesGranted"_L1));
    record.scopesWanted = stringsFrom(take(&json, "scopesWanted"_L1));
    if (const QJsonValue settings = take(&json, "settings"_L1); settings.isObject()) {
        record.settings = oauth::SignInSettings::fromJson(settings.toObject());
    }
    const base::Result<QUrl> url = http::UrlPolicy::parseTyped(take(&json, "url"_L1).toString());
    record.verdict = take(&json, "verdict"_L1).toString();
    record.unknown = json.rest();
    if (record.id.isEmpty() || !url) {
        return std::nullopt;
    }
    record.url = *url;
    return record;
}

QJsonObject RegistrationRecord::toJson() const
{
    QJsonObject json = unknown;
    json["id"_L1] = id;
    json["issuer"_L1] = issuer;
    json["clientId"_L1] = clientId;
    json["redirectUri"_L1] = redirectUri;
    json["method"_L1] = oauth::methodName(method);
    json["source"_L1] = sourceName(source);
    putText(&json, "registrationUri"_L1, registrationUri);
    json["registeredAt"_L1] = timeValue(registeredAt);
    json["secretExpiresAt"_L1] = timeValue(secretExpiresAt);
    json["hasSecret"_L1] = hasSecret;
    json["generation"_L1] = generation;
    return json;
}

std::optional<RegistrationRecord> RegistrationRecord::fromJson(const QJsonObject &source)
{
    Members json(source);
    RegistrationRecord record;
    record.clientId = take(&json, "clientId"_L1).toString();
    record.generation = take(&json, "generation"_L1).toInteger();
    record.hasSecret = take(&json, "hasSecret"_L1).toBool();
    record.id = take(&json, "id"_L1).toString();
    record.issuer = take(&json, "issuer"_L1).toString();
    const std::optional<oauth::ClientAuthentication> method =
        oauth::methodFromName(take(&json, "method"_L1).toString());
    record.redirectUri = take(&json, "redirectUri"_L1).toString();
    record.registeredAt = timeFrom(take(&json, "registeredAt"_L1));
    record.registrationUri = take(&json, "registrationUri"_L1).toString();
    record.secretExpiresAt = optionalTimeFrom(take(&json, "secretExpiresAt"_L1));
    record.source = sourceFromName(take(&json, "source"_L1).toString());
    record.unknown = json.rest();
    if (record.id.isEmpty() || record.issuer.isEmpty() || record.clientId.isEmpty() || !method) {
        return std::nullopt;
    }
    record.method = *method;
    return record;
}

ConnectionRecord *Records::connection(const QString &id)
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&id](const ConnectionRecord &record) { return record.id == id; });
    return found == connections.end() ? nullptr : &*found;
}

const ConnectionRecord *Records::connection(const QString &id) const
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&id](const ConnectionRecord &record) { return record.id == id; });
    return found == connections.end() ? nullptr : &*found;
}

const RegistrationRecord *Records::registration(const QString &id) const
{
    const auto found = std::find_if(registrations.begin(), registrations.end(),
                                    [&id](const RegistrationRecord &record) { return record.id == id; });
    return found == registrations.end() ? nullptr : &*found;
}

} // namespace mooring::connections
