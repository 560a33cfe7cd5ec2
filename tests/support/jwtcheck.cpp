// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/jwtcheck.h"

#include <QJsonDocument>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <memory>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

QByteArray memberOf(const QJsonObject &jwk, QLatin1StringView name)
{
    return fromBase64Url(jwk.value(name).toString().toLatin1());
}

const unsigned char *raw(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

BIGNUM *number(const QByteArray &bytes)
{
    return BN_bin2bn(raw(bytes), static_cast<int>(bytes.size()), nullptr);
}

EVP_PKEY *fromParameters(const char *type, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = nullptr;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr);
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

EVP_PKEY *rsaKey(const QJsonObject &jwk)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = number(memberOf(jwk, "n"_L1));
    BIGNUM *exponent = number(memberOf(jwk, "e"_L1));
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
    EVP_PKEY *key = fromParameters("RSA", builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

Pkey publicKey(const QJsonObject &jwk)
{
    const QString type = jwk.value("kty"_L1).toString();
    const QByteArray x = memberOf(jwk, "x"_L1);
    EVP_PKEY *key = nullptr;
    if (type == "EC"_L1) {
        const QByteArray curve = jwk.value("crv"_L1).toString().toLatin1();
        const QByteArray point = '\x04' + x + memberOf(jwk, "y"_L1);
        OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve.constData(), 0);
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.constData(),
                                         static_cast<std::size_t>(point.size()));
        key = fromParameters("EC", builder);
    } else if (type == "OKP"_L1) {
        key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(x),
                                          static_cast<std::size_t>(x.size()));
    } else if (type == "RSA"_L1) {
        key = rsaKey(jwk);
    }
    return Pkey(key, &EVP_PKEY_free);
}

/// What OpenSSL wants to see of r and s.
QByteArray derOf(const QByteArray &jose)
{
    ECDSA_SIG *signature = ECDSA_SIG_new();
    ECDSA_SIG_set0(signature, number(jose.first(jose.size() / 2)), number(jose.sliced(jose.size() / 2)));
    unsigned char *out = nullptr;
    const int size = i2d_ECDSA_SIG(signature, &out);
    const QByteArray der(reinterpret_cast<const char *>(out), size);
    OPENSSL_free(out);
    ECDSA_SIG_free(signature);
    return der;
}

} // namespace

QByteArray base64Url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray fromBase64Url(const QByteArray &text)
{
    return QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding);
}

bool verifySignature(const QJsonObject &jwk, const QByteArray &algorithm, const QByteArray &input,
                     const QByteArray &signature)
{
    const Pkey key = publicKey(jwk);
    const bool isEc = algorithm.startsWith("ES");
    const qsizetype expected = algorithm == "ES384" ? 96 : 64;
    if (!key || signature.isEmpty() || (isEc && signature.size() != expected)) {
        return false;
    }
    const QByteArray sent = isEc ? derOf(signature) : signature;
    const EVP_MD *digest = algorithm == "ES384" ? EVP_sha384() : EVP_sha256();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = nullptr;
    EVP_DigestVerifyInit(context, &options, algorithm == "EdDSA" ? nullptr : digest, nullptr, key.get());
    if (algorithm == "PS256") {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32);
    }
    const int verdict = EVP_DigestVerify(context, raw(sent), static_cast<std::size_t>(sent.size()),
                                         raw(input), static_cast<std::size_t>(input.size()));
    EVP_MD_CTX_free(context);
    return verdict == 1;
}

std::optional<CheckedJwt> checkJwt(const QByteArray &jwt, const QJsonObject &jwk)
{
    const QList<QByteArray> parts = jwt.split('.');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    CheckedJwt checked;
    checked.header = QJsonDocument::fromJson(fromBase64Url(parts.at(0))).object();
    checked.claims = QJsonDocument::fromJson(fromBase64Url(parts.at(1))).object();
    const QJsonObject key = jwk.isEmpty() ? checked.header.value("jwk"_L1).toObject() : jwk;
    const QByteArray algorithm = checked.header.value("alg"_L1).toString().toLatin1();
    if (!verifySignature(key, algorithm, parts.at(0) + '.' + parts.at(1), fromBase64Url(parts.at(2)))) {
        return std::nullopt;
    }
    return checked;
}

} // namespace mooring::support
