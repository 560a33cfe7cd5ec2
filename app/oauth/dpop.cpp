// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/dpop.h"

#include "http/urlpolicy.h"

#include <QCryptographicHash>

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestNonce = 1024;

/// RFC 9449 section 4.2: the target without query and fragment, in normal form (RFC 3986 section
/// 6.2.3), because receivers compare it with the address that they think they have.
QString targetOf(const QUrl &url)
{
    QUrl target = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    if (target.port() == (target.scheme() == "http"_L1 ? 80 : 443)) {
        target.setPort(-1);
    }
    if (target.path().isEmpty()) {
        target.setPath(u"/"_s);
    }
    return target.toString(QUrl::FullyEncoded);
}

/// RFC 9449 section 8.1: NQCHAR, which is visible ASCII without quote and backslash.
bool isNonce(const QByteArray &text)
{
    return !text.isEmpty() && text.size() <= longestNonce
           && std::all_of(text.begin(), text.end(),
                          [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

} // namespace

DpopProver::DpopProver(SigningKey key, base::Clock clock)
    : m_key(std::move(key))
    , m_clock(std::move(clock))
{
}

void DpopProver::prove(http::Request *request, const QByteArray &accessToken)
{
    request->headers.set("DPoP", proof(request->verb, request->url, accessToken));
}

QByteArray DpopProver::proof(const QByteArray &verb, const QUrl &url, const QByteArray &accessToken)
{
    QJsonObject claims = {
        {u"jti"_s, QString::fromLatin1(base::randomText(16))},
        {u"htm"_s, QString::fromLatin1(verb)},
        {u"htu"_s, targetOf(url)},
        {u"iat"_s, m_clock().toSecsSinceEpoch()},
    };
    if (!accessToken.isEmpty()) {
        const QByteArray hash = QCryptographicHash::hash(accessToken, QCryptographicHash::Sha256);
        claims.insert(u"ath"_s, QString::fromLatin1(hash.toBase64(QByteArray::Base64UrlEncoding
                                                                  | QByteArray::OmitTrailingEquals)));
    }
    if (const QByteArray nonce = m_nonces.value(http::origin(url)); !nonce.isEmpty()) {
        claims.insert(u"nonce"_s, QString::fromLatin1(nonce));
    }
    return m_key.signJwt({{u"typ"_s, u"dpop+jwt"_s}, {u"jwk"_s, m_key.publicJwk()}}, claims);
}

bool DpopProver::learn(const http::ResponseHead &head)
{
    const QByteArray nonce = head.headers.value("DPoP-Nonce").trimmed();
    if (!isNonce(nonce)) {
        return false;
    }
    QByteArray &kept = m_nonces[http::origin(head.url)];
    const bool isNew = kept != nonce;
    kept = nonce;
    return isNew;
}

} // namespace mooring::oauth
