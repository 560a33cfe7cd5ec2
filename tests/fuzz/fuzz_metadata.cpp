// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "fuzz/fuzzing.h"
#include "oauth/authorizationserver.h"
#include "oauth/protectedresource.h"

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
    const http::UrlPolicy policy(server);
    if (const auto resource = oauth::ProtectedResource::fromJson(*json, server)) {
        const base::Result<QUrl> url = policy.check(resource->resource, http::UrlUse::Metadata);
        require(url && http::origin(*url) == http::origin(server), "the resource is on the server's origin");
    }
    const QString issuer = u"https://login.example.com"_s;
    const auto metadata = oauth::AuthorizationServer::fromJson(*json, issuer, policy);
    if (!metadata) {
        return 0;
    }
    require(metadata->issuer == issuer || metadata->issuer == issuer + u'/',
            "the issuer is the one asked for");
    require(metadata->codeChallengeMethods.contains(u"S256"_s), "PKCE is there");
    for (const QUrl &url : {metadata->authorizationEndpoint, metadata->tokenEndpoint}) {
        require(policy.check(url.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint).has_value(),
                "endpoints pass the policy");
    }
    const auto restored = oauth::AuthorizationServer::fromRecord(metadata->toRecord(), policy);
    require(restored && restored->toRecord() == metadata->toRecord(), "it survives the records file");
    return 0;
}
