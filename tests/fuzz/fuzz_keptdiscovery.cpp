// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a state file says about a sign-in, for this address and of just now, whatever an editor has done to
// it.
#include "base/strictjson.h"
#include "connections/records/keptdiscovery.h"
#include "fuzz/fuzzing.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const base::Result<QJsonObject> json = base::parseJsonObject(fuzz::bytesOf(data, size));
    if (!json) {
        return 0;
    }
    const QUrl server(u"https://mcp.example.com/tenant/mcp"_s);
    const QDateTime now = QDateTime(QDate(2026, 11, 30), QTime(12, 0), Qt::UTC);
    require(!connections::keptDiscovery(*json, server, {}, now.addYears(100)), "nothing counts for long");
    const QJsonObject own = connections::keepDiscovery({}, server, {}, now);
    QJsonObject kept = *json;
    for (const QString &member : {u"at"_s, u"for"_s}) {
        kept[member] = own[member];
    }
    const std::optional<oauth::Discovery> found = connections::keptDiscovery(kept, server, {}, now);
    if (!found) {
        return 0;
    }
    const http::UrlPolicy policy(server);
    const base::Result<QUrl> resource = policy.check(found->resource.resource, http::UrlUse::Metadata);
    require(resource && http::origin(*resource) == http::origin(server), "the resource is the server's own");
    require(found->server.codeChallengeMethods.contains(u"S256"_s) || found->server.isLegacy(),
            "PKCE is there");
    for (const QUrl &url : {found->server.authorizationEndpoint, found->server.tokenEndpoint}) {
        require(policy.check(url.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint).has_value(),
                "endpoints pass the policy");
    }
    const QJsonObject again = connections::keepDiscovery(*found, server, {}, now);
    require(again.isEmpty() || connections::keptDiscovery(again, server, {}, now).has_value(),
            "it survives the state file");
    return 0;
}
