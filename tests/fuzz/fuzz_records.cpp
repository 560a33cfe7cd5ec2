// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "connections/records/records.h"
#include "connections/records/recordsdocument.h"
#include "fuzz/fuzzing.h"
#include "http/urlpolicy.h"

using namespace mooring;
using connections::ConnectionRecord;
using connections::RegistrationRecord;
using fuzz::require;

namespace {

void checkDocument(const QByteArray &bytes)
{
    const base::Result<connections::Records> records = connections::recordsFrom(bytes);
    if (!records) {
        require(!records.error().sentence.isEmpty(), "every refusal has a sentence");
        return;
    }
    const QByteArray written = connections::toDocument(*records);
    if (fuzz::mayLoseMark(bytes)) {
        return;
    }
    const base::Result<connections::Records> again = connections::recordsFrom(written);
    require(again && connections::toDocument(*again) == written, "a list survives being written");
    require(again->connections.size() == records->connections.size()
                && again->unusableConnections == records->unusableConnections,
            "no entry is lost, also none that can't be used");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    checkDocument(bytes.toByteArray());
    const base::Result<QJsonObject> json = base::parseJsonObject(bytes);
    if (!json) {
        return 0;
    }
    if (const auto record = ConnectionRecord::fromJson(*json)) {
        require(http::UrlPolicy::parseTyped(record->url.toString(QUrl::FullyEncoded),
                                            http::PlainHttp::ThisNetwork)
                    .has_value(),
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
