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
    row(" https://h.example/mcp", "https://h.example/mcp", false);
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

void TestProtectedResource::unusable_data()
{
    QTest::addColumn<QJsonObject>("json");
    const QJsonArray servers = {u"https://as.example"_s};
    const QString resource = u"https://h.example/mcp"_s;
    QTest::newRow("nothing") << QJsonObject();
    QTest::newRow("no resource") << QJsonObject{{u"authorization_servers"_s, servers}};
    QTest::newRow("resource is a number")
        << QJsonObject{{u"resource"_s, 1}, {u"authorization_servers"_s, servers}};
    QTest::newRow("no servers") << QJsonObject{{u"resource"_s, resource}};
    QTest::newRow("empty list") << QJsonObject{{u"resource"_s, resource},
                                               {u"authorization_servers"_s, QJsonArray()}};
    QTest::newRow("servers is a text")
        << QJsonObject{{u"resource"_s, resource}, {u"authorization_servers"_s, u"https://a"_s}};
}

// Proves: PRM-4
void TestProtectedResource::unusable()
{
    QFETCH(QJsonObject, json);
    const base::Result<ProtectedResource> found =
        ProtectedResource::fromJson(json, QUrl(u"https://h.example/mcp"_s));
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Protocol);
    QCOMPARE(found.error().host, u"h.example"_s);
}

QTEST_GUILESS_MAIN(TestProtectedResource)
#include "tst_protectedresource.moc"
