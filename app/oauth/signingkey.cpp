// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/signingkey.h"

#include "base/words.h"
#include <QCryptographicHash>
#include <QJsonDocument>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

template <auto release>
struct Releases {
    template <typename T>
    void operator()(T *object) const
    {
        release(object);
    }
};
using Pkey = std::unique_ptr<EVP_PKEY, Releases<&EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Releases<&BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Releases<&BN_clear_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Releases<&EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Releases<&ECDSA_SIG_free>>;

/// RFC 7518 section 3.3: shorter keys must not be used.
constexpr int leastRsaBits = 2048;
constexpr qsizetype longestPem = 64 * 1024;

QByteArray base64Url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// Big-endian, filled up with zeros to `size` bytes; as short as possible for 0.
QByteArray bytesOf(const BIGNUM *number, int size)
{
    QByteArray bytes(size > 0 ? size : BN_num_bytes(number), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char *>(bytes.data()), static_cast<int>(bytes.size()));
    return bytes;
}

QString memberOf(const EVP_PKEY *key, const char *parameter, int size = 0)
{
    BIGNUM *taken = nullptr;
    EVP_PKEY_get_bn_param(key, parameter, &taken);
    const Number number(taken);
    return number ? QString::fromLatin1(base64Url(bytesOf(number.get(), size))) : QString();
}

QByteArray curveOf(const EVP_PKEY *key)
{
    std::array<char, 64> name = {};
    std::size_t length = 0;
    EVP_PKEY_get_group_name(key, name.data(), name.size(), &length);
    return QByteArray(name.data(), static_cast<qsizetype>(length));
}

/// What a key can do, the usual one first (RFC 7518 section 3.1, RFC 8037 section 3.1).
QList<QByteArray> algorithmsOf(const EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
        if (curveOf(key) == SN_X9_62_prime256v1) {
            return {"ES256"};
        }
        return curveOf(key) == SN_secp384r1 ? QList<QByteArray>{"ES384"} : QList<QByteArray>();
    case EVP_PKEY_RSA:
        return EVP_PKEY_get_bits(key) >= leastRsaBits ? QList<QByteArray>{"RS256", "PS256"}
                                                      : QList<QByteArray>();
    case EVP_PKEY_ED25519:
        return {"EdDSA"};
    default:
        return {};
    }
}

int coordinateSize(const QByteArray &algorithm)
{
    return algorithm == "ES384" ? 48 : 32;
}

/// JOSE wants r and s side by side, each in full length (RFC 7518 section 3.4); OpenSSL gives DER.
QByteArray joseSignature(const QByteArray &der, int size)
{
    const auto *at = reinterpret_cast<const unsigned char *>(der.constData());
    const EcSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (!signature) {
        return {};
    }
    return bytesOf(ECDSA_SIG_get0_r(signature.get()), size)
           + bytesOf(ECDSA_SIG_get0_s(signature.get()), size);
}

/// OpenSSL would ask at the terminal for the password of an encrypted key; this says that there is none.
int noPassword(char *, int, int, void *)
{
    return -1;
}

base::Error notAKey(const QString &detail)
{
    return makeError(
        ErrorKind::InvalidInput,
        Words::tr("That is not a private key that Mooring can use. It takes an unencrypted PEM file "
                  "with a P-256, P-384, Ed25519 or RSA key (2048 bits or more)."),
        detail);
}

} // namespace

struct SigningKey::Key {
    Pkey pkey;
};

SigningKey SigningKey::generate()
{
    auto key = std::make_shared<Key>();
    key->pkey.reset(EVP_EC_gen("P-256"));
    if (!key->pkey) {
        qFatal("OpenSSL can't generate a P-256 key");
    }
    SigningKey signingKey;
    signingKey.m_key = std::move(key);
    signingKey.m_algorithm = "ES256";
    return signingKey;
}

base::Result<SigningKey> SigningKey::fromPem(const base::Secret &pem, const QByteArray &algorithm)
{
    const QByteArray &text = pem.reveal();
    if (text.size() > longestPem) {
        return base::failed(notAKey(u"longer than 64 KiB"_s));
    }
    const Bio bio(BIO_new_mem_buf(text.constData(), static_cast<int>(text.size())));
    auto key = std::make_shared<Key>();
    // With somebody's old error in the queue, OpenSSL 3.0 takes another way through a file with more
    // than one block, and the key it comes back with doesn't tell its public half.
    ERR_clear_error();
    key->pkey.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, &noPassword, nullptr));
    if (!key->pkey) {
        return base::failed(notAKey(u"no private key in it, or an encrypted one"_s));
    }
    const QList<QByteArray> able = algorithmsOf(key->pkey.get());
    if (able.isEmpty()) {
        return base::failed(notAKey(u"a curve, size or sort of key that is not supported"_s));
    }
    if (!algorithm.isEmpty() && !able.contains(algorithm)) {
        return base::failed(notAKey(u"the key can't do the algorithm that was asked for"_s));
    }
    SigningKey signingKey;
    signingKey.m_key = std::move(key);
    signingKey.m_algorithm = algorithm.isEmpty() ? able.first() : algorithm;
    return signingKey;
}

base::Secret SigningKey::toPem() const
{
    const Bio bio(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PKCS8PrivateKey(bio.get(), m_key->pkey.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return base::Secret(QByteArray(data, size));
}

QJsonObject SigningKey::publicJwk() const
{
    const EVP_PKEY *key = m_key->pkey.get();
    if (m_algorithm.startsWith("ES")) {
        const int size = coordinateSize(m_algorithm);
        return {{u"kty"_s, u"EC"_s},
                {u"crv"_s, size == 48 ? u"P-384"_s : u"P-256"_s},
                {u"x"_s, memberOf(key, OSSL_PKEY_PARAM_EC_PUB_X, size)},
                {u"y"_s, memberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y, size)}};
    }
    if (m_algorithm == "EdDSA") {
        std::array<unsigned char, 32> raw = {};
        std::size_t length = raw.size();
        EVP_PKEY_get_raw_public_key(key, raw.data(), &length);
        const QByteArray bytes(reinterpret_cast<const char *>(raw.data()), static_cast<qsizetype>(length));
        return {
            {u"kty"_s, u"OKP"_s}, {u"crv"_s, u"Ed25519"_s}, {u"x"_s, QString::fromLatin1(base64Url(bytes))}};
    }
    return {{u"kty"_s, u"RSA"_s},
            {u"n"_s, memberOf(key, OSSL_PKEY_PARAM_RSA_N)},
            {u"e"_s, memberOf(key, OSSL_PKEY_PARAM_RSA_E)}};
}

QByteArray SigningKey::thumbprint() const
{
    // RFC 7638 section 3: the required members in the order of their names, which is how Qt writes them.
    return base64Url(QCryptographicHash::hash(compact(publicJwk()), QCryptographicHash::Sha256));
}

QByteArray SigningKey::sign(const QByteArray &input) const
{
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *options = nullptr;
    // Ed25519 has its hash built in (RFC 8032 section 5.1).
    const EVP_MD *digest = nullptr;
    if (m_algorithm != "EdDSA") {
        digest = m_algorithm == "ES384" ? EVP_sha384() : EVP_sha256();
    }
    bool isReady = EVP_DigestSignInit(context.get(), &options, digest, nullptr, m_key->pkey.get()) == 1;
    if (isReady && m_algorithm == "PS256") {
        // RFC 7518 section 3.5: a salt as long as the hash.
        isReady = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1
                  && EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    const auto *bytes = reinterpret_cast<const unsigned char *>(input.constData());
    const auto count = static_cast<std::size_t>(input.size());
    std::size_t size = 0;
    isReady = isReady && EVP_DigestSign(context.get(), nullptr, &size, bytes, count) == 1;
    QByteArray signature(static_cast<qsizetype>(size), '\0');
    auto *out = reinterpret_cast<unsigned char *>(signature.data());
    if (!isReady || EVP_DigestSign(context.get(), out, &size, bytes, count) != 1) {
        return {};
    }
    signature.truncate(static_cast<qsizetype>(size));
    return m_algorithm.startsWith("ES") ? joseSignature(signature, coordinateSize(m_algorithm)) : signature;
}

QByteArray SigningKey::signJwt(QJsonObject header, const QJsonObject &claims) const
{
    header.insert(u"alg"_s, QString::fromLatin1(m_algorithm));
    const QByteArray input = base64Url(compact(header)) + '.' + base64Url(compact(claims));
    return input + '.' + base64Url(sign(input));
}

} // namespace mooring::oauth
