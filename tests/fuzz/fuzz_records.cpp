// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "connections/records.h"
#include "fuzz/fuzzing.h"
#include "http/urlpolicy.h"

using namespace mooring;
using connections::ConnectionRecord;
using connections::RegistrationRecord;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const base::Result<QJsonObject> json = base::parseJsonObject(fuzz::bytesOf(data, size));
    if (!json) {
        return 0;
    }
    if (const auto record = ConnectionRecord::fromJson(*json)) {
        require(http::UrlPolicy::parseTyped(record->url.toString(QUrl::FullyEncoded)).has_value(),
                "an address in the list passes the policy");
        const auto again = ConnectionRecord::fromJson(record->toJson());
        require(again && again->toJson() == record->toJson(), "an entry survives being written");
    }
    if (const auto record = RegistrationRecord::fromJson(*json)) {
        const auto again = RegistrationRecord::fromJson(record->toJson());
        require(again && again->toJson() == record->toJson(), "a registration survives being written");
    }
    if (const auto record = connections::RevocationRecord::fromJson(*json)) {
        const auto again = connections::RevocationRecord::fromJson(record->toJson());
        require(again && again->toJson() == record->toJson(), "a revocation survives being written");
    }
    return 0;
}
