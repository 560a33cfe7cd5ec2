// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/dpop.h"

#include "support/jwtcheck.h"
#include "support/knownkeys.h"
#include "support/manualclock.h"

#include <QCryptographicHash>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;

namespace {

SigningKey knownKey()
{
    return *SigningKey::fromPem(base::Secret(support::keys::ecPkcs8Pem));
}

/// A prover at 2026-01-02 03:04:05 UTC.
struct Setting {
    base::Clock clock = [] { return QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC); };
    DpopProver prover{knownKey(), clock};

    support::CheckedJwt proof(const QByteArray &verb, const QString &url, const QByteArray &token = {})
    {
        return support::checkJwt(prover.proof(verb, QUrl(url), token)).value();
    }
    QString nonceFor(const QString &url) { return proof("GET", url).claims.value("nonce"_L1).toString(); }
    bool learn(const QString &url, const QByteArray &nonce)
    {
        http::ResponseHead head;
        head.url = QUrl(url);
        head.headers.add("dpop-nonce", nonce);
        return prover.learn(head);
    }
};

} // namespace

class TestDpop final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatItIsFor();
    void isTiedToTheAccessToken();
    void namesTheTargetInNormalForm_data();
    void namesTheTargetInNormalForm();
    void neverTwiceTheSame();
    void setsTheHeader();
    void noncesBelongToAnOrigin();
    void onlyNewNoncesAreNews();
    void refusesUnfitNonces_data();
    void refusesUnfitNonces();
};

void TestDpop::saysWhatItIsFor()
{
    Setting setting;
    const support::CheckedJwt proof = setting.proof("POST", u"https://as.example/token"_s);
    QCOMPARE(proof.header.keys(), (QStringList{u"alg"_s, u"jwk"_s, u"typ"_s}));
    QCOMPARE(proof.header.value("alg"_L1).toString(), u"ES256"_s);
    QCOMPARE(proof.header.value("typ"_L1).toString(), u"dpop+jwt"_s);
    QCOMPARE(proof.header.value("jwk"_L1).toObject(), knownKey().publicJwk());
    QCOMPARE(proof.claims.keys(), (QStringList{u"htm"_s, u"htu"_s, u"iat"_s, u"jti"_s}));
    QCOMPARE(proof.claims.value("htm"_L1).toString(), u"POST"_s);
    QCOMPARE(proof.claims.value("htu"_L1).toString(), u"https://as.example/token"_s);
    QCOMPARE(proof.claims.value("iat"_L1).toInteger(), 1767323045);
    QCOMPARE(proof.claims.value("jti"_L1).toString().size(), 22);
}

void TestDpop::isTiedToTheAccessToken()
{
    Setting setting;
    // RFC 9449 section 7.1, its own example.
    const support::CheckedJwt proof =
        setting.proof("GET", u"https://resource.example.org/protectedresource"_s,
                      "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    QCOMPARE(proof.claims.value("ath"_L1).toString(), u"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"_s);
}

void TestDpop::namesTheTargetInNormalForm_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("htu");
    QTest::newRow("query and fragment") << u"https://a.example/x?b=c#d"_s << u"https://a.example/x"_s;
    QTest::newRow("default port") << u"https://a.example:443/x"_s << u"https://a.example/x"_s;
    QTest::newRow("another port") << u"https://a.example:80/x"_s << u"https://a.example:80/x"_s;
    QTest::newRow("http") << u"http://127.0.0.1:80/x"_s << u"http://127.0.0.1/x"_s;
    QTest::newRow("no path") << u"https://a.example"_s << u"https://a.example/"_s;
    QTest::newRow("upper case") << u"HTTPS://A.Example/X"_s << u"https://a.example/X"_s;
    QTest::newRow("encoded") << u"https://a.example/m%20c/%2F"_s << u"https://a.example/m%20c/%2F"_s;
}

void TestDpop::namesTheTargetInNormalForm()
{
    QFETCH(QString, url);
    QFETCH(QString, htu);
    Setting setting;
    QCOMPARE(setting.proof("GET", url).claims.value("htu"_L1).toString(), htu);
}

void TestDpop::neverTwiceTheSame()
{
    Setting setting;
    std::set<QString> ids;
    for (int i = 0; i < 100; ++i) {
        ids.insert(setting.proof("GET", u"https://a.example/"_s).claims.value("jti"_L1).toString());
    }
    QCOMPARE(ids.size(), 100U);
}

void TestDpop::setsTheHeader()
{
    Setting setting;
    http::Request request;
    request.verb = "DELETE";
    request.url = QUrl(u"https://a.example/mcp?x=1"_s);
    request.headers.add("DPoP", "old");
    setting.prover.prove(&request, "token");
    QCOMPARE(request.headers.values("DPoP").size(), 1);
    const auto proof = support::checkJwt(request.headers.value("DPoP"));
    QVERIFY(proof);
    QCOMPARE(proof->claims.value("htm"_L1).toString(), u"DELETE"_s);
    QCOMPARE(proof->claims.value("htu"_L1).toString(), u"https://a.example/mcp"_s);
    QVERIFY(proof->claims.contains("ath"_L1));
}

void TestDpop::noncesBelongToAnOrigin()
{
    Setting setting;
    QVERIFY(setting.learn(u"https://a.example/token"_s, "one"));
    QVERIFY(setting.learn(u"https://a.example:8443/token"_s, "two"));
    QCOMPARE(setting.nonceFor(u"https://A.example:443/mcp"_s), u"one"_s);
    QCOMPARE(setting.nonceFor(u"https://a.example:8443/other"_s), u"two"_s);
    QCOMPARE(setting.nonceFor(u"http://a.example/"_s), QString());
}

void TestDpop::onlyNewNoncesAreNews()
{
    Setting setting;
    const QString url = u"https://a.example/"_s;
    QVERIFY(setting.learn(url, "one"));
    QVERIFY(!setting.learn(url, "one"));
    QVERIFY(setting.learn(url, "two"));
    QCOMPARE(setting.nonceFor(url), u"two"_s);
    http::ResponseHead without;
    without.url = QUrl(url);
    QVERIFY(!setting.prover.learn(without));
    QCOMPARE(setting.nonceFor(url), u"two"_s);
}

void TestDpop::refusesUnfitNonces_data()
{
    QTest::addColumn<QByteArray>("nonce");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("quote") << QByteArray("a\"b");
    QTest::newRow("backslash") << QByteArray("a\\b");
    QTest::newRow("space") << QByteArray("a b");
    QTest::newRow("not ASCII") << QByteArray("\xc3\xa9");
    QTest::newRow("endless") << QByteArray(2000, 'a');
}

void TestDpop::refusesUnfitNonces()
{
    QFETCH(QByteArray, nonce);
    Setting setting;
    QVERIFY(!setting.learn(u"https://a.example/"_s, nonce));
    QCOMPARE(setting.nonceFor(u"https://a.example/"_s), QString());
}

QTEST_GUILESS_MAIN(TestDpop)
#include "tst_dpop.moc"
