// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probereport.h"

#include <QJsonArray>

#include <array>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using http::Step;
using Verdict = ProbeReport::Verdict;

namespace {

constexpr std::array allKinds{
    base::ErrorKind::Network,      base::ErrorKind::Timeout,        base::ErrorKind::Tls,
    base::ErrorKind::HttpStatus,   base::ErrorKind::Protocol,       base::ErrorKind::RefusedByPolicy,
    base::ErrorKind::SignInNeeded, base::ErrorKind::Denied,         base::ErrorKind::Keychain,
    base::ErrorKind::Storage,      base::ErrorKind::Cancelled,      base::ErrorKind::InvalidInput,
    base::ErrorKind::NotFound,     base::ErrorKind::MoreScopeNeeded};
constexpr std::array<std::pair<Step::Outcome, const char16_t *>, 3> outcomeNames{
    {{Step::Outcome::Done, u"done"},
     {Step::Outcome::NotThere, u"not-there"},
     {Step::Outcome::Failed, u"failed"}}};

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QDateTime readTime(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

QJsonObject errorToJson(const base::Error &error)
{
    QJsonObject json{{u"kind"_s, base::errorName(error)},
                     {u"sentence"_s, error.sentence},
                     {u"detail"_s, error.detail},
                     {u"host"_s, error.host},
                     {u"httpStatus"_s, error.httpStatus}};
    if (!error.oauthCode.isEmpty()) {
        json.insert(u"oauthCode"_s, error.oauthCode);
    }
    if (!error.remedy.isEmpty()) {
        json.insert(u"remedy"_s, error.remedy);
    }
    if (error.retryAt) {
        json.insert(u"retryAt"_s, timeText(*error.retryAt));
    }
    return json;
}

base::Error errorFromJson(const QJsonObject &json)
{
    base::Error error;
    const QString name = json.value("kind"_L1).toString();
    if (name.startsWith("keychain-"_L1)) {
        // Which case it was doesn't matter any more once it is only a report.
        error = base::keychainError(base::KeychainCase::Failed, {});
    }
    for (const base::ErrorKind kind : allKinds) {
        if (base::errorName(base::makeError(kind, {})) == name) {
            error.kind = kind;
        }
    }
    error.sentence = json.value("sentence"_L1).toString();
    error.detail = json.value("detail"_L1).toString();
    error.host = json.value("host"_L1).toString();
    error.httpStatus = json.value("httpStatus"_L1).toInt();
    error.oauthCode = json.value("oauthCode"_L1).toString();
    error.remedy = json.value("remedy"_L1).toString();
    if (json.contains("retryAt"_L1)) {
        error.retryAt = readTime(json.value("retryAt"_L1));
    }
    return error;
}

QJsonObject stepToJson(const Step &step)
{
    QJsonObject json{{u"learnt"_s, step.learnt}, {u"ms"_s, qint64(step.took.count())}};
    for (const auto &[outcome, name] : outcomeNames) {
        if (outcome == step.outcome) {
            json.insert(u"outcome"_s, QString::fromUtf16(name));
        }
    }
    if (!step.verb.isEmpty()) {
        const auto unsafe = QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo;
        json.insert(u"verb"_s, QString::fromLatin1(step.verb));
        json.insert(u"url"_s, step.url.adjusted(unsafe).toString(QUrl::FullyEncoded));
        json.insert(u"status"_s, step.status);
    }
    if (!step.detail.isEmpty()) {
        json.insert(u"detail"_s, step.detail);
    }
    return json;
}

Step stepFromJson(const QJsonObject &json)
{
    Step step;
    step.learnt = json.value("learnt"_L1).toString();
    for (const auto &[outcome, name] : outcomeNames) {
        if (json.value("outcome"_L1).toString() == QStringView(name)) {
            step.outcome = outcome;
        }
    }
    step.verb = json.value("verb"_L1).toString().toLatin1();
    step.url = QUrl(json.value("url"_L1).toString(), QUrl::StrictMode);
    step.status = json.value("status"_L1).toInt();
    step.took = std::chrono::milliseconds(json.value("ms"_L1).toInteger());
    step.detail = json.value("detail"_L1).toString();
    return step;
}

QJsonObject serverToJson(const ServerInfo &server)
{
    QJsonObject json{{u"name"_s, server.name},
                     {u"version"_s, server.version},
                     {u"protocolVersion"_s, server.protocolVersion},
                     {u"era"_s, eraName(server.era)}};
    if (!server.offered.isEmpty()) {
        json.insert(u"offered"_s, server.offered);
    }
    return json;
}

ServerInfo serverFromJson(const QJsonObject &json)
{
    ServerInfo server;
    server.name = json.value("name"_L1).toString();
    server.version = json.value("version"_L1).toString();
    server.protocolVersion = json.value("protocolVersion"_L1).toString();
    server.era = eraFromName(json.value("era"_L1).toString());
    server.offered = json.value("offered"_L1).toString();
    return server;
}

} // namespace

QJsonObject ProbeReport::toJson() const
{
    QJsonArray stepList;
    for (const Step &step : steps) {
        stepList.append(stepToJson(step));
    }
    QJsonObject json{{u"verdict"_s, verdictName(verdict)},
                     {u"era"_s, eraName(era)},
                     {u"at"_s, timeText(at)},
                     {u"steps"_s, stepList}};
    if (server) {
        json.insert(u"server"_s, serverToJson(*server));
    }
    if (error) {
        json.insert(u"error"_s, errorToJson(*error));
    }
    return json;
}

ProbeReport ProbeReport::fromJson(const QJsonObject &json)
{
    ProbeReport report;
    report.verdict = verdictFromName(json.value("verdict"_L1).toString()).value_or(Verdict::Unreachable);
    report.era = eraFromName(json.value("era"_L1).toString());
    report.at = readTime(json.value("at"_L1));
    const QJsonArray stepList = json.value("steps"_L1).toArray();
    for (const QJsonValue step : stepList) {
        report.steps.append(stepFromJson(step.toObject()));
    }
    if (json.contains("server"_L1)) {
        report.server = serverFromJson(json.value("server"_L1).toObject());
    }
    if (json.contains("error"_L1)) {
        report.error = errorFromJson(json.value("error"_L1).toObject());
    }
    return report;
}

} // namespace mooring::mcp
