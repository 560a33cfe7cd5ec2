// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/recordederror.h"

#include "connections/records/recordmembers.h"

#include <array>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;

namespace {

/// Those of the keychain, of files and of what was stopped on purpose don't outlive their process.
constexpr std::array recordedKinds{ErrorKind::Network,    ErrorKind::Timeout,         ErrorKind::Tls,
                                   ErrorKind::HttpStatus, ErrorKind::RefusedByPolicy, ErrorKind::SignInNeeded,
                                   ErrorKind::Denied,     ErrorKind::NotFound};

} // namespace

QJsonValue RecordedError::toJson() const
{
    QJsonObject json{
        {u"kind"_s, errorName(error)}, {u"sentence"_s, error.sentence}, {u"at"_s, timeValue(at)}};
    putText(&json, "detail"_L1, error.detail);
    putText(&json, "host"_L1, error.host);
    putText(&json, "remedy"_L1, error.remedy);
    putText(&json, "oauthCode"_L1, error.oauthCode);
    if (error.httpStatus != 0) {
        json["httpStatus"_L1] = error.httpStatus;
    }
    if (error.isNoSuchHost) {
        json["isNoSuchHost"_L1] = true;
    }
    if (error.retryAt) {
        json["retryAt"_L1] = timeValue(error.retryAt);
    }
    return json;
}

std::optional<RecordedError> RecordedError::fromJson(const QJsonValue &value)
{
    const QJsonObject json = value.toObject();
    RecordedError recorded;
    recorded.error.sentence = json["sentence"_L1].toString();
    if (recorded.error.sentence.isEmpty()) {
        return std::nullopt;
    }
    recorded.error.detail = json["detail"_L1].toString();
    recorded.error.host = json["host"_L1].toString();
    recorded.error.remedy = json["remedy"_L1].toString();
    recorded.error.oauthCode = json["oauthCode"_L1].toString();
    recorded.error.httpStatus = json["httpStatus"_L1].toInt();
    recorded.error.isNoSuchHost = json["isNoSuchHost"_L1].toBool();
    recorded.error.retryAt = optionalTimeFrom(json["retryAt"_L1]);
    recorded.at = timeFrom(json["at"_L1]);
    recorded.error.kind = ErrorKind::Protocol;
    for (const ErrorKind known : recordedKinds) {
        if (json["kind"_L1].toString() == errorName(makeError(known, {}))) {
            recorded.error.kind = known;
        }
    }
    return recorded;
}

} // namespace mooring::connections
