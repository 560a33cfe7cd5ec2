// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;

namespace {

void checkSplit(const QUrl &url)
{
    const http::SplitAddress split = http::withoutSecretQuery(url);
    require(http::origin(split.url) == http::origin(url), "the origin stays");
    require(split.url.path(QUrl::FullyEncoded) == url.path(QUrl::FullyEncoded), "the path stays");
    require(http::withoutSecretQuery(split.url).secretQuery.isEmpty(), "nothing secret is left");
    require(split.secretQuery.isEmpty() == split.names.isEmpty(), "what is secret has a name");
    require(split.secretQuery.isEmpty() || http::holdsSecret(url), "what is split off is a secret");
    const qsizetype pieces = split.secretQuery.isEmpty() ? 0 : split.secretQuery.reveal().count('&') + 1;
    require(pieces == split.names.size(), "a name for each secret");
    const QUrl stored(QString::fromUtf8(split.url.toEncoded()), QUrl::StrictMode);
    require(http::UrlPolicy::parseTyped(stored.toString(QUrl::FullyEncoded)).has_value(),
            "what is left is an address");
    for (const QByteArray &item : split.secretQuery.reveal().split('&')) {
        const QByteArray value = item.sliced(item.indexOf('=') + 1);
        // A short value may be found in any address by chance.
        require(value.size() < 20 || !http::shownUrl(split.url).contains(QString::fromLatin1(value))
                    || split.url.toEncoded().contains(value),
                "a secret is not shown");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    const QString clean = http::withoutSecrets(text);
    require(http::withoutSecrets(clean) == clean, "clean text stays as it is");
    require(http::shownUrl(text).size() <= text.size() * 9 + 40, "what is shown has an end");
    if (const base::Result<QUrl> url = http::UrlPolicy::parseTyped(text)) {
        checkSplit(*url);
    }
    return 0;
}
