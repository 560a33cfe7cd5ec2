// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientmetadata.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;

namespace {

QJsonObject hostedDocument()
{
    QFile file(QStringLiteral(MOORING_SOURCE_DIR) + u"/resources/client-metadata.json"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("resources/client-metadata.json can't be read");
    }
    return QJsonDocument::fromJson(file.readAll()).object();
}

AuthorizationServer serverThatTakesDocuments()
{
    AuthorizationServer server;
    server.issuer = u"https://as.example"_s;
    server.clientIdMetadataDocumentSupported = true;
    return server;
}

} // namespace

class TestClientMetadata final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void documentAndCodeAgree();
    void portsAreWellChosen();
    void addresses_data();
    void addresses();
    void fits();
    void registrationOfADocument();
};

// Proves: REG-3, REG-4, REG-14
void TestClientMetadata::documentAndCodeAgree()
{
    const QJsonObject document = hostedDocument();
    QCOMPARE(document.value("redirect_uris"_L1).toArray(),
             QJsonArray::fromStringList(clientMetadataRedirectUris()));
    QCOMPARE(document.value("client_name"_L1).toString(), u"Mooring"_s);
    QCOMPARE(document.value("application_type"_L1).toString(), u"native"_s);
    QCOMPARE(document.value("token_endpoint_auth_method"_L1).toString(), u"none"_s);
    QCOMPARE(document.value("grant_types"_L1).toArray(),
             (QJsonArray{u"authorization_code"_s, u"refresh_token"_s}));
    QCOMPARE(document.value("response_types"_L1).toArray(), QJsonArray{u"code"_s});
    QVERIFY(isClientMetadataUrl(document.value("client_id"_L1).toString()));
    if (!builtInClientMetadataUrl().isEmpty()) {
        QVERIFY(isClientMetadataUrl(builtInClientMetadataUrl()));
    }
}

void TestClientMetadata::portsAreWellChosen()
{
    const QList<quint16> ports = clientMetadataPorts();
    QCOMPARE(ports.size(), 5);
    QCOMPARE(std::set<quint16>(ports.begin(), ports.end()).size(), 5U);
    for (qsizetype i = 0; i < ports.size(); ++i) {
        QVERIFY(ports.at(i) > 1024 && ports.at(i) < 30000);
        QCOMPARE(clientMetadataRedirectUris().at(i), u"http://127.0.0.1:%1/callback"_s.arg(ports.at(i)));
    }
}

void TestClientMetadata::addresses_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("https") << u"https://a.example/mooring/client.json"_s << true;
    QTest::newRow("this computer") << u"http://127.0.0.1:8080/client.json"_s << true;
    QTest::newRow("query") << u"https://a.example/c?x=1"_s << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("no path") << u"https://a.example"_s << false;
    QTest::newRow("only a slash") << u"https://a.example/"_s << false;
    QTest::newRow("http") << u"http://a.example/c.json"_s << false;
    QTest::newRow("fragment") << u"https://a.example/c#x"_s << false;
    QTest::newRow("user") << u"https://u:p@a.example/c"_s << false;
    QTest::newRow("dot") << u"https://a.example/./c"_s << false;
    QTest::newRow("dots") << u"https://a.example/x/../c"_s << false;
    QTest::newRow("an ordinary id") << u"client-1"_s << false;
    QTest::newRow("script") << u"javascript:alert(1)"_s << false;
}

// Proves: REG-4
void TestClientMetadata::addresses()
{
    QFETCH(QString, url);
    QFETCH(bool, isGood);
    QCOMPARE(isClientMetadataUrl(url), isGood);
}

// Proves: REG-5
void TestClientMetadata::fits()
{
    const QString url = u"https://a.example/c.json"_s;
    const QString uri = clientMetadataRedirectUris().at(3);
    AuthorizationServer server = serverThatTakesDocuments();
    QVERIFY(fitsClientMetadata(server, url, uri));
    QVERIFY(!fitsClientMetadata(server, url, u"http://127.0.0.1:1/callback"_s));
    QVERIFY(!fitsClientMetadata(server, url, QString(uri).replace(u"127.0.0.1"_s, u"localhost"_s)));
    QVERIFY(!fitsClientMetadata(server, {}, uri));
    server.clientIdMetadataDocumentSupported = false;
    QVERIFY(!fitsClientMetadata(server, url, uri));
}

// Proves: BIND-5
void TestClientMetadata::registrationOfADocument()
{
    const QDateTime now(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
    const ClientRegistration client =
        clientFromMetadata(serverThatTakesDocuments(), u"https://a.example/c.json"_s, u"http://r"_s, now);
    QCOMPARE(client.clientId, u"https://a.example/c.json"_s);
    QCOMPARE(client.issuer, u"https://as.example"_s);
    QCOMPARE(client.redirectUri, u"http://r"_s);
    QCOMPARE(client.registeredAt, now);
    QCOMPARE(client.method, ClientAuthentication::None);
    QCOMPARE(client.source, ClientRegistration::Source::MetadataDocument);
    QVERIFY(client.clientSecret.isEmpty());
    QVERIFY(!client.isExpired(now.addYears(50)));
    AuthorizationServer other = serverThatTakesDocuments();
    other.issuer = u"https://other.example"_s;
    const ClientRegistration there =
        clientFromMetadata(other, u"https://a.example/c.json"_s, u"http://r"_s, now);
    QCOMPARE(there.clientId, client.clientId);
    QCOMPARE(there.issuer, other.issuer);
}

QTEST_GUILESS_MAIN(TestClientMetadata)
#include "tst_clientmetadata.moc"
