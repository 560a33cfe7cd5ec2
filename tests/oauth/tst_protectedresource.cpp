// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/protectedresource.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;

class TestProtectedResource final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void resource_data();
    void resource();
    void members();
    void sloppyMembers();
    void identifierInPlaceOfResource_data();
    void identifierInPlaceOfResource();
    void withoutAnyResource();
    void keyInTheAddressIsNoPartOfTheResource();
    void saysWhatDiffers_data();
    void saysWhatDiffers();
    void unusable_data();
    void unusable();
};

void TestProtectedResource::resource_data()
{
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *resource, const char *server, bool isGood) {
        QTest::addRow("%s for %s", resource, server)
            << QString::fromUtf8(resource) << QString::fromUtf8(server) << isGood;
    };
    row("https://h.example/mcp", "https://h.example/mcp", true);
    row("https://h.example/mcp/", "https://h.example/mcp", true);
    row("https://h.example/mcp", "https://h.example/mcp/", true);
    row("https://h.example", "https://h.example/mcp", true);
    row("https://h.example/", "https://h.example/mcp", true);
    row("https://H.Example:443/mcp", "https://h.example/mcp", true);
    row("https://h.example/a", "https://h.example/a/b", true);
    row("https://h.example/mcp?t=1", "https://h.example/mcp?t=1", true);
    row("https://h.example/mcp", "https://h.example/mcp?t=1", true);
    row("https://h.example/mcp?t=2", "https://h.example/mcp?t=1", false);
    row("https://h.example/a", "https://h.example/ab", false);
    row("https://h.example/a/b", "https://h.example/a", false);
    row("https://h.example/a/../mcp", "https://h.example/mcp", false);
    row("https://other.example/mcp", "https://h.example/mcp", false);
    row("https://h.example:8443/mcp", "https://h.example/mcp", false);
    row("http://h.example/mcp", "https://h.example/mcp", false);
    row("https://h.example./mcp", "https://h.example/mcp", false);
    row("https://h.example.evil.example/mcp", "https://h.example/mcp", false);
    row("https://h.example@evil.example/mcp", "https://h.example/mcp", false);
    row("https://evil.example\\@h.example/mcp", "https://h.example/mcp", false);
    row("https://h\u0435.example/mcp", "https://he.example/mcp", false);
    row("https://h.example/mcp#x", "https://h.example/mcp", false);
    row("urn:mcp:h", "https://h.example/mcp", false);
    row("//h.example/mcp", "https://h.example/mcp", false);
    row("https://h.example\t/mcp", "https://h.example/mcp", false);
}

// Proves: PRM-8, VT-04
void TestProtectedResource::resource()
{
    QFETCH(QString, resource);
    QFETCH(QString, server);
    QFETCH(bool, isGood);
    const QJsonObject json = {{u"resource"_s, resource},
                              {u"authorization_servers"_s, QJsonArray{u"https://as.example"_s}}};
    const base::Result<ProtectedResource> found = ProtectedResource::fromJson(json, QUrl(server));
    QCOMPARE(found.has_value(), isGood);
    if (isGood) {
        QCOMPARE(found->resource, resource);
    } else {
        QCOMPARE(found.error().kind, ErrorKind::RefusedByPolicy);
        QVERIFY(found.error().sentence.contains(QUrl(server).host()));
    }
}

void TestProtectedResource::members()
{
    const QJsonObject json = {
        {u"resource"_s, u"https://h.example/mcp"_s},
        {u"authorization_servers"_s, QJsonArray{u"https://a.example"_s, 7, u""_s, u"https://b.example"_s}},
        {u"scopes_supported"_s, QJsonArray{u"x"_s, u"y"_s}},
        {u"resource_name"_s, u"<b>Name</b>"_s}};
    const base::Result<ProtectedResource> found =
        ProtectedResource::fromJson(json, QUrl(u"https://h.example/mcp"_s));
    QVERIFY(found);
    QCOMPARE(found->authorizationServers, (QStringList{u"https://a.example"_s, u"https://b.example"_s}));
    QCOMPARE(found->scopesSupported, (QStringList{u"x"_s, u"y"_s}));
    QCOMPARE(found->name, u"<b>Name</b>"_s);
}

void TestProtectedResource::sloppyMembers()
{
    const QUrl server(u"https://h.example/mcp"_s);
    const base::Result<ProtectedResource> found =
        ProtectedResource::fromJson({{u"resource"_s, u" https://h.example/mcp\n"_s},
                                     {u"authorization_servers"_s, u"https://a.example\n"_s},
                                     {u"scopes_supported"_s, u"x  y"_s}},
                                    server);
    QVERIFY(found);
    QCOMPARE(found->resource, server.toString());
    QCOMPARE(found->authorizationServers, QStringList{u"https://a.example"_s});
    QCOMPARE(found->scopesSupported, (QStringList{u"x"_s, u"y"_s}));
}

void TestProtectedResource::identifierInPlaceOfResource_data()
{
    QTest::addColumn<QString>("identifier");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("the server") << u"https://h.example"_s << true;
    QTest::newRow("with a slash") << u"https://h.example/"_s << true;
    QTest::newRow("another host") << u"https://evil.example"_s << false;
    QTest::newRow("another scheme") << u"http://h.example"_s << false;
}

void TestProtectedResource::identifierInPlaceOfResource()
{
    QFETCH(QString, identifier);
    QFETCH(bool, isGood);
    const QUrl server(u"https://h.example/"_s);
    const base::Result<ProtectedResource> found =
        ProtectedResource::fromJson({{u"resource_identifier"_s, identifier},
                                     {u"authorization_endpoint"_s, u"https://login.example/authorize"_s},
                                     {u"token_endpoint"_s, u"https://h.example/token"_s}},
                                    server, {}, QUrl(u"https://h.example/.well-known/x"_s));
    QCOMPARE(found.has_value(), isGood);
    if (isGood) {
        QCOMPARE(found->resource, identifier);
        QVERIFY(!found->isAssumed);
        // Whoever gets the code is who signs people in, where nobody is named.
        QCOMPARE(found->server.value("issuer"_L1).toString(), u"https://h.example"_s);
        QVERIFY(!found->namesIssuer);
    } else {
        QCOMPARE(found.error().kind, ErrorKind::RefusedByPolicy);
    }
}

void TestProtectedResource::withoutAnyResource()
{
    const QUrl server(u"https://h.example/mcp?filter=1"_s);
    for (const QJsonValue &resource : {QJsonValue(), QJsonValue(u""_s), QJsonValue(7)}) {
        const QJsonObject json = {{u"resource"_s, resource},
                                  {u"authorization_servers"_s, QJsonArray{u"https://a.example"_s}}};
        const base::Result<ProtectedResource> own =
            ProtectedResource::fromJson(json, server, {}, QUrl(u"https://h.example/.well-known/x"_s));
        QVERIFY(own);
        QVERIFY(own->isAssumed);
        QCOMPARE(own->resource, u"https://h.example/mcp"_s);
        for (const QUrl &elsewhere : {QUrl(), QUrl(u"https://other.example/.well-known/x"_s)}) {
            QCOMPARE(ProtectedResource::fromJson(json, server, {}, elsewhere).error().kind,
                     ErrorKind::Protocol);
        }
    }
}

void TestProtectedResource::keyInTheAddressIsNoPartOfTheResource()
{
    const QString key = u"tvly-dev-0123456789abcdefghijklmnopqrstuv"_s;
    const QUrl server(u"https://h.example/mcp?tavilyApiKey="_s + key);
    QCOMPARE(ProtectedResource::ofServer(server).resource, u"https://h.example/mcp"_s);
    const QJsonArray servers = {u"https://a.example"_s};
    const base::Result<ProtectedResource> echoed = ProtectedResource::fromJson(
        {{u"resource"_s, server.toString()}, {u"authorization_servers"_s, servers}}, server);
    QVERIFY(echoed);
    QCOMPARE(echoed->resource, u"https://h.example/mcp"_s);
    const base::Result<ProtectedResource> foreign = ProtectedResource::fromJson(
        {{u"resource"_s, QString(u"https://evil.example/mcp?tavilyApiKey="_s + key)},
         {u"authorization_servers"_s, servers}},
        server);
    QVERIFY(!foreign);
    QVERIFY2(!(foreign.error().sentence + foreign.error().detail).contains(key),
             qPrintable(foreign.error().sentence));
}

void TestProtectedResource::saysWhatDiffers_data()
{
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QString>("said");
    QTest::newRow("scheme") << u"http://h.example/mcp"_s << u"http:// in the description"_s;
    QTest::newRow("port") << u"https://h.example:8080/mcp"_s << u"another port (h.example:8080)"_s;
    QTest::newRow("name") << u"https://inside.example/mcp"_s
                          << u"another server (https://inside.example/mcp)"_s;
    QTest::newRow("path") << u"https://h.example/other"_s << u"another address there"_s;
}

void TestProtectedResource::saysWhatDiffers()
{
    QFETCH(QString, resource);
    QFETCH(QString, said);
    const base::Result<ProtectedResource> found = ProtectedResource::fromJson(
        {{u"resource"_s, resource}, {u"authorization_servers"_s, QJsonArray{u"https://a.example"_s}}},
        QUrl(u"https://h.example/mcp"_s));
    QVERIFY(!found);
    QVERIFY2(found.error().sentence.contains(said), qPrintable(found.error().sentence));
    const bool isPath = resource.startsWith("https://h.example/"_L1);
    QCOMPARE(found.error().remedy.isEmpty(), !isPath);
    QVERIFY(isPath || found.error().sentence.contains("owner"_L1));
}

void TestProtectedResource::unusable_data()
{
    QTest::addColumn<QJsonObject>("json");
    QTest::addColumn<ErrorKind>("kind");
    const QJsonArray servers = {u"https://as.example"_s};
    const QString resource = u"https://h.example/mcp"_s;
    QTest::newRow("nothing") << QJsonObject() << ErrorKind::NotFound;
    QTest::newRow("something else") << QJsonObject{{u"name"_s, u"x"_s}} << ErrorKind::NotFound;
    QTest::newRow("no resource") << QJsonObject{{u"authorization_servers"_s, servers}} << ErrorKind::Protocol;
    QTest::newRow("resource is a number")
        << QJsonObject{{u"resource"_s, 1}, {u"authorization_servers"_s, servers}} << ErrorKind::Protocol;
    QTest::newRow("no servers") << QJsonObject{{u"resource"_s, resource}} << ErrorKind::NotFound;
    QTest::newRow("empty list") << QJsonObject{{u"resource"_s, resource},
                                               {u"authorization_servers"_s, QJsonArray()}}
                                << ErrorKind::NotFound;
    QTest::newRow("servers is a number")
        << QJsonObject{{u"resource"_s, resource}, {u"authorization_servers"_s, 1}} << ErrorKind::NotFound;
}

// Proves: PRM-4
void TestProtectedResource::unusable()
{
    QFETCH(QJsonObject, json);
    QFETCH(ErrorKind, kind);
    const base::Result<ProtectedResource> found =
        ProtectedResource::fromJson(json, QUrl(u"https://h.example/mcp"_s));
    QVERIFY(!found);
    QCOMPARE(found.error().kind, kind);
    QCOMPARE(found.error().host, u"h.example"_s);
}

QTEST_GUILESS_MAIN(TestProtectedResource)
#include "tst_protectedresource.moc"
