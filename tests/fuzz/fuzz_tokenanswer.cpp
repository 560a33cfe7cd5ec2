// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "oauth/account.h"
#include "oauth/tokenset.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    static constexpr int statuses[] = {200, 201, 400, 401, 429, 503};
    http::Response response;
    response.status = size > 0 ? statuses[data[0] % std::size(statuses)] : 200;
    response.url = QUrl(u"https://login.example.com/token"_s);
    response.sentAt = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);
    const bool isForm = size > 1 && data[1] % 2 == 1;
    response.headers.add("Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json");
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    response.body = bytes.sliced(std::min<qsizetype>(2, bytes.size())).toByteArray();
    const base::Result<oauth::TokenSet> tokens = oauth::readTokenSet(response, {});
    if (!tokens) {
        require(!tokens.error().sentence.isEmpty(), "every refusal has a sentence");
        return 0;
    }
    require(response.isSuccess(), "only a success brings tokens");
    for (const char c : tokens->accessToken.reveal()) {
        require(c > ' ' && c < '\x7f', "a token fits into a header");
    }
    require(!tokens->expiresAt || *tokens->expiresAt > response.sentAt, "a lifetime is ahead");
    oauth::accountLabelOf(*tokens);
    return 0;
}
