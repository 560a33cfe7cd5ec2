// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/signingkey.h"

#include "support/jwtcheck.h"
#include "support/knownkeys.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using support::base64Url;
namespace keys = support::keys;

namespace {

SigningKey keyOf(const QByteArray &pem, const QByteArray &algorithm = {})
{
    base::Result<SigningKey> key = SigningKey::fromPem(base::Secret(pem), algorithm);
    if (!key) {
        qFatal("%s", qPrintable(key.error().detail));
    }
    return *key;
}

} // namespace

class TestSigningKey final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void signaturesOfTheRfcs_data();
    void signaturesOfTheRfcs();
    void thumbprints_data();
    void thumbprints();
    void publicHalfOnly_data();
    void publicHalfOnly();
    void everyAlgorithmVerifies_data();
    void everyAlgorithmVerifies();
    void shortCoordinatesAreFilledUp();
    void eachGeneratedKeyIsNew();
    void pemThereAndBack_data();
    void pemThereAndBack();
    void refuses_data();
    void refuses();
};

void TestSigningKey::signaturesOfTheRfcs_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("RFC 7515 A.2")
        << QByteArray(keys::rsaPem)
        << QByteArray("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                      "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ")
        << QByteArray("cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt"
                      "_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArL"
                      "IARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7no"
                      "OPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
                      "Ge77Rw");
    QTest::newRow("RFC 8037 A.4")
        << QByteArray(keys::ed25519Pem)
        << QByteArray("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")
        << QByteArray("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0K"
                      "Ag");
}

void TestSigningKey::signaturesOfTheRfcs()
{
    QFETCH(QByteArray, pem);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, signature);
    QCOMPARE(base64Url(keyOf(pem).sign(input)), signature);
}

void TestSigningKey::thumbprints_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QByteArray>("thumbprint");
    QTest::newRow("Ed25519, RFC 8037 A.3")
        << QByteArray(keys::ed25519Pem) << QByteArray("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    QTest::newRow("P-256") << QByteArray(keys::ecPkcs8Pem)
                           << QByteArray("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
    QTest::newRow("RSA") << QByteArray(keys::rsaPem)
                         << QByteArray("IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8");
}

void TestSigningKey::thumbprints()
{
    QFETCH(QByteArray, pem);
    QFETCH(QByteArray, thumbprint);
    QCOMPARE(keyOf(pem).thumbprint(), thumbprint);
}

void TestSigningKey::publicHalfOnly_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QJsonObject>("jwk");
    QTest::newRow("P-256") << QByteArray(keys::ecSec1Pem)
                           << QJsonObject{{u"kty"_s, u"EC"_s},
                                          {u"crv"_s, u"P-256"_s},
                                          {u"x"_s, u"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"_s},
                                          {u"y"_s, u"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"_s}};
    QTest::newRow("P-384")
        << QByteArray(keys::p384Pem)
        << QJsonObject{{u"kty"_s, u"EC"_s},
                       {u"crv"_s, u"P-384"_s},
                       {u"x"_s, u"S7c7-WuHtoaE3CutM2-q5t2K_M6nd4S6mu8w563mJBKKsDjOgiOri0mjPLWnbeIg"_s},
                       {u"y"_s, u"95K7biVkEFIA1ttyv3fTLma8aasMAAChEajqFapefy55qg2VRtqKj8n0eCxeHly7"_s}};
    QTest::newRow("Ed25519") << QByteArray(keys::ed25519Pem)
                             << QJsonObject{{u"kty"_s, u"OKP"_s},
                                            {u"crv"_s, u"Ed25519"_s},
                                            {u"x"_s, u"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"_s}};
    QTest::newRow("RSA")
        << QByteArray(keys::rsaPem)
        << QJsonObject{
               {u"kty"_s, u"RSA"_s},
               {u"e"_s, u"AQAB"_s},
               {u"n"_s,
                u"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0B"
                "m4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z"
                "5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aG"
                "hyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"_s}};
}

void TestSigningKey::publicHalfOnly()
{
    QFETCH(QByteArray, pem);
    QFETCH(QJsonObject, jwk);
    QCOMPARE(keyOf(pem).publicJwk(), jwk);
}

void TestSigningKey::everyAlgorithmVerifies_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("algorithm");
    QTest::newRow("ES256") << QByteArray(keys::ecPkcs8Pem) << QByteArray() << QByteArray("ES256");
    QTest::newRow("ES256 by name") << QByteArray(keys::ecSec1Pem) << QByteArray("ES256")
                                   << QByteArray("ES256");
    QTest::newRow("ES384") << QByteArray(keys::p384Pem) << QByteArray() << QByteArray("ES384");
    QTest::newRow("RS256") << QByteArray(keys::rsaPem) << QByteArray() << QByteArray("RS256");
    QTest::newRow("PS256") << QByteArray(keys::rsaPem) << QByteArray("PS256") << QByteArray("PS256");
    QTest::newRow("EdDSA") << QByteArray(keys::ed25519Pem) << QByteArray() << QByteArray("EdDSA");
}

void TestSigningKey::everyAlgorithmVerifies()
{
    QFETCH(QByteArray, pem);
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, algorithm);
    const SigningKey key = keyOf(pem, asked);
    QCOMPARE(key.algorithm(), algorithm);
    const QByteArray jwt = key.signJwt({{u"typ"_s, u"JWT"_s}, {u"alg"_s, u"none"_s}}, {{u"sub"_s, u"é"_s}});
    const auto checked = support::checkJwt(jwt, key.publicJwk());
    QVERIFY(checked);
    QCOMPARE(checked->header,
             (QJsonObject{{u"typ"_s, u"JWT"_s}, {u"alg"_s, QString::fromLatin1(algorithm)}}));
    QCOMPARE(checked->claims, (QJsonObject{{u"sub"_s, u"é"_s}}));
    QVERIFY(!support::checkJwt(jwt, SigningKey::generate().publicJwk()));
    QByteArray changed = jwt;
    changed[changed.indexOf('.') + 2] = changed.at(changed.indexOf('.') + 2) == 'A' ? 'B' : 'A';
    QVERIFY(!support::checkJwt(changed, key.publicJwk()));
}

// r or s has a leading zero byte in one of 128 signatures; all must be 64 bytes long and good.
void TestSigningKey::shortCoordinatesAreFilledUp()
{
    const SigningKey key = keyOf(keys::ecPkcs8Pem);
    int short_ = 0;
    for (int i = 0; i < 600 || (short_ == 0 && i < 5000); ++i) {
        const QByteArray input = QByteArray::number(i);
        const QByteArray signature = key.sign(input);
        QCOMPARE(signature.size(), 64);
        if (signature.at(0) == 0 || signature.at(32) == 0) {
            ++short_;
            QVERIFY(support::verifySignature(key.publicJwk(), "ES256", input, signature));
        }
    }
    QVERIFY(short_ > 0);
}

void TestSigningKey::eachGeneratedKeyIsNew()
{
    const SigningKey one = SigningKey::generate();
    const SigningKey other = SigningKey::generate();
    QCOMPARE(one.algorithm(), "ES256");
    QVERIFY(one.thumbprint() != other.thumbprint());
    QCOMPARE(one.thumbprint().size(), 43);
}

void TestSigningKey::pemThereAndBack_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QByteArray>("algorithm");
    QTest::newRow("PKCS#1") << QByteArray(keys::rsaPem) << QByteArray("PS256");
    QTest::newRow("SEC 1") << QByteArray(keys::ecSec1Pem) << QByteArray("ES256");
    QTest::newRow("PKCS#8") << QByteArray(keys::ecPkcs8Pem) << QByteArray("ES256");
    QTest::newRow("P-384") << QByteArray(keys::p384Pem) << QByteArray("ES384");
    QTest::newRow("Ed25519") << QByteArray(keys::ed25519Pem) << QByteArray("EdDSA");
}

void TestSigningKey::pemThereAndBack()
{
    QFETCH(QByteArray, pem);
    QFETCH(QByteArray, algorithm);
    const SigningKey key = keyOf(pem, algorithm);
    const base::Secret written = key.toPem();
    QVERIFY(written.reveal().startsWith("-----BEGIN PRIVATE KEY-----\n"));
    const SigningKey again = keyOf(written.reveal(), algorithm);
    QCOMPARE(again.thumbprint(), key.thumbprint());
    QCOMPARE(again.algorithm(), algorithm);
    QVERIFY(support::checkJwt(again.signJwt({}, {}), key.publicJwk()));
}

void TestSigningKey::refuses_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QByteArray>("algorithm");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("text") << QByteArray("hello") << QByteArray();
    QTest::newRow("damaged") << QByteArray(keys::ecPkcs8Pem).replace("MIGH", "MIGG") << QByteArray();
    QTest::newRow("cut short") << QByteArray(keys::rsaPem).first(500) << QByteArray();
    QTest::newRow("encrypted") << QByteArray(keys::encryptedPem) << QByteArray();
    QTest::newRow("P-521") << QByteArray(keys::p521Pem) << QByteArray();
    QTest::newRow("RSA of 1024 bits") << QByteArray(keys::shortRsaPem) << QByteArray();
    QTest::newRow("another algorithm") << QByteArray(keys::ecPkcs8Pem) << QByteArray("RS256");
    QTest::newRow("another curve") << QByteArray(keys::p384Pem) << QByteArray("ES256");
    QTest::newRow("no algorithm") << QByteArray(keys::rsaPem) << QByteArray("none");
    QTest::newRow("too long") << QByteArray(70000, '\n') + keys::ecPkcs8Pem << QByteArray();
}

void TestSigningKey::refuses()
{
    QFETCH(QByteArray, pem);
    QFETCH(QByteArray, algorithm);
    const base::Result<SigningKey> key = SigningKey::fromPem(base::Secret(pem), algorithm);
    QVERIFY(!key);
    QCOMPARE(key.error().kind, base::ErrorKind::InvalidInput);
    QVERIFY(!key.error().sentence.isEmpty());
    QVERIFY(!key.error().detail.isEmpty());
}

QTEST_GUILESS_MAIN(TestSigningKey)
#include "tst_signingkey.moc"
