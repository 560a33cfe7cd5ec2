// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back from a pushed request, and what a service says when it refuses one.
#include "fuzz/fuzzing.h"
#include "oauth/pushedrequest.h"
#include "oauth/refusal.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    static constexpr int statuses[] = {200, 201, 400, 401, 429, 503};
    static constexpr const char *types[] = {"application/json", "text/plain", "text/html",
                                            "application/x-www-form-urlencoded"};
    http::Response response;
    response.status = size > 0 ? statuses[data[0] % std::size(statuses)] : 201;
    response.url = QUrl(u"https://login.example.com/par"_s);
    response.sentAt = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);
    response.headers.add("Content-Type", size > 1 ? types[data[1] % std::size(types)] : types[0]);
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    response.body = bytes.sliced(std::min<qsizetype>(2, bytes.size())).toByteArray();
    const QList<base::Secret> sent = {base::Secret("a-secret-of-ours")};
    const oauth::Refusal said = oauth::Refusal::of(response, sent);
    require(!said.text().contains(u"a-secret"_s), "no secret is quoted");
    require(said.words().size() <= 200, "words are cut");
    said.speaksOfEndedGrant(response.status);
    const base::Result<oauth::PushedRequest> pushed = oauth::readPushedRequest(response, sent);
    if (!pushed) {
        require(!pushed.error().sentence.isEmpty(), "every refusal has a sentence");
        return 0;
    }
    require(response.isSuccess(), "only a success brings a reference");
    for (const char c : pushed->requestUri) {
        require(c > ' ' && c < '\x7f', "a reference fits into an address");
    }
    require(pushed->expiresAt > response.sentAt, "its end is ahead");
    return 0;
}
