// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/blockage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using mcp::Answer;

namespace {

Answer answerOf(int status, const QByteArray &text, const QByteArray &header = {},
                const QByteArray &value = {})
{
    Answer answer;
    answer.head.status = status;
    answer.head.url = QUrl(u"https://mcp.example.com/mcp"_s);
    if (!header.isEmpty()) {
        answer.head.headers.set(header, value);
    }
    answer.words = text;
    answer.isPage = text.startsWith('<');
    return answer;
}

} // namespace

class TestBlockage final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void blockages_data();
    void blockages();
    void serversOwnAnswers_data();
    void serversOwnAnswers();
    void keys_data();
    void keys();
};

void TestBlockage::blockages_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("said");
    const auto row = [](int status, const char *text, const char *header, const char *value,
                        const QString &said) {
        QTest::addRow("%d %s %s", status, header, text)
            << status << QByteArray(text) << QByteArray(header) << QByteArray(value) << said;
    };
    row(403, "<html>no", "Server", "cloudflare", u"Cloudflare guards"_s);
    row(403, "<html>no", "Server", "AkamaiGHost", u"Akamai guards"_s);
    row(403, "<html>no", "Server", "CloudFront", u"Amazon CloudFront guards"_s);
    row(403, "<html>no", "Server", "awselb/2.0", u"AWS guards"_s);
    row(403, "<html>no", "X-Iinfo", "1-2-3", u"Imperva guards"_s);
    row(403, "<html>no", "X-Sucuri-ID", "11", u"Sucuri guards"_s);
    row(403, "<html>no", "Server", "nginx", u"probably a firewall"_s);
    row(403, "<html>The requested URL was rejected. Please consult with your administrator.", "", "",
        u"F5 BIG-IP guards"_s);
    row(403, "", "cf-mitigated", "challenge", u"Cloudflare guards"_s);
    row(405, "", "x-amzn-waf-action", "captcha", u"AWS WAF guards"_s);
    row(503, "<html>Attention Required! | Cloudflare", "", "", u"Cloudflare guards"_s);
    row(451, "", "", "", u"legal reasons"_s);
    row(403, R"({"message":"Forbidden"})", "", "", u"gateway"_s);
    row(403, R"({"message":"Missing Authentication Token"})", "", "", u"no server at this address"_s);
    row(403, R"({"Message":"x","message":"User: anonymous"})", "x-dd-b", "1", u"DataDome guards"_s);
    row(403, R"({"error":"This service is not available in your region"})", "", "", u"country or region"_s);
    row(403, R"({"error":"Please connect to the VPN"})", "", "", u"VPN"_s);
    row(403, "<html>The owner of this website has banned your IP address", "Server", "cloudflare",
        u"networks"_s);
    row(403, "<html>banned the country or region your IP address is in: your country", "Server", "cloudflare",
        u"country or region"_s);
}

void TestBlockage::blockages()
{
    QFETCH(int, status);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    QFETCH(QString, said);
    const auto error = mcp::blockageOf(answerOf(status, text, header, value));
    QVERIFY(error);
    QVERIFY2(error->sentence.contains(said), qPrintable(error->sentence));
    QVERIFY(error->sentence.contains(u"mcp.example.com"_s));
    QVERIFY2(!error->sentence.contains(u'%'), qPrintable(error->sentence));
    QCOMPARE(error->kind, base::ErrorKind::HttpStatus);
    QCOMPARE(error->httpStatus, status);
}

void TestBlockage::serversOwnAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](int status, const char *text, const char *header = "", const char *value = "") {
        QTest::addRow("%d %s %s", status, header, text)
            << status << QByteArray(text) << QByteArray(header) << QByteArray(value);
    };
    // Every answer that comes through them bears these names.
    row(403, R"({"error":"forbidden"})", "Server", "cloudflare");
    row(403, R"({"detail":"Not authenticated"})");
    row(403, R"({"message":"Forbidden resource","error":"Forbidden","statusCode":403})");
    row(403, "");
    row(401, "<html>Please sign in");
    row(404, "<html>Not found", "Server", "cloudflare");
    row(503, "<html>Down for maintenance", "Server", "cloudflare");
    row(502, "<html>Bad gateway", "Server", "cloudflare");
    row(403, "<html>Missing API key");
    row(200, "<html>Hello");
}

void TestBlockage::serversOwnAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    const auto error = mcp::blockageOf(answerOf(status, text, header, value));
    QVERIFY2(!error, error ? qPrintable(error->sentence) : "");
}

void TestBlockage::keys_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isKey");
    QTest::newRow("a key") << QByteArray(R"({"error":"Invalid API-Key"})") << true;
    QTest::newRow("a header") << QByteArray("Provide X-API-KEY") << true;
    QTest::newRow("a page with a key") << QByteArray("<html>API key missing") << true;
    QTest::newRow("a sign-in") << QByteArray(R"({"detail":"Not authenticated"})") << true;
    QTest::newRow("a page with a sign-in") << QByteArray("<html>Log in") << false;
    QTest::newRow("no") << QByteArray("Forbidden") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestBlockage::keys()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isKey);
    QCOMPARE(mcp::speaksOfKey(answerOf(403, text)), isKey);
}

QTEST_GUILESS_MAIN(TestBlockage)
#include "tst_blockage.moc"
