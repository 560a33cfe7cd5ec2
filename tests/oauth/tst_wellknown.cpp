// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/wellknown.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring::oauth;

class TestWellKnown final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void candidates_data();
    void candidates();
    void customaryPlaces();
};

void TestWellKnown::candidates_data()
{
    QTest::addColumn<bool>("isIssuer");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](bool isIssuer, const QString &url, const QStringList &expected) {
        QTest::newRow(qPrintable((isIssuer ? u"issuer "_s : u"server "_s) + url))
            << isIssuer << url << expected;
    };
    const QString prm = u"/.well-known/oauth-protected-resource"_s;
    row(false, u"https://h.example"_s, {u"https://h.example"_s + prm});
    row(false, u"https://h.example/"_s, {u"https://h.example"_s + prm});
    row(false, u"https://h.example/mcp"_s,
        {u"https://h.example"_s + prm + u"/mcp"_s, u"https://h.example"_s + prm});
    row(false, u"https://h.example/mcp/"_s,
        {u"https://h.example"_s + prm + u"/mcp"_s, u"https://h.example"_s + prm});
    row(false, u"https://h.example:8443/a/b"_s,
        {u"https://h.example:8443"_s + prm + u"/a/b"_s, u"https://h.example:8443"_s + prm});
    row(false, u"https://h.example/a%2Fb%20c?t=1%202"_s,
        {u"https://h.example"_s + prm + u"/a%2Fb%20c?t=1%202"_s,
         u"https://h.example"_s + prm + u"/a%2Fb%20c"_s, u"https://h.example"_s + prm});
    row(false, u"https://h.example/?t=1"_s,
        {u"https://h.example"_s + prm + u"?t=1"_s, u"https://h.example"_s + prm});
    row(false, u"http://[::1]:99/m"_s, {u"http://[::1]:99"_s + prm + u"/m"_s, u"http://[::1]:99"_s + prm});
    const QString oauth = u"/.well-known/oauth-authorization-server"_s;
    const QString openId = u"/.well-known/openid-configuration"_s;
    row(true, u"https://as.example"_s, {u"https://as.example"_s + oauth, u"https://as.example"_s + openId});
    row(true, u"https://as.example/"_s, {u"https://as.example"_s + oauth, u"https://as.example"_s + openId});
    for (const QString &issuer : {u"https://as.example/t/1"_s, u"https://as.example/t/1/"_s}) {
        row(true, issuer,
            {u"https://as.example"_s + oauth + u"/t/1"_s, u"https://as.example"_s + openId + u"/t/1"_s,
             u"https://as.example/t/1"_s + openId});
    }
    row(true, u"https://as.example:1/p?q#f"_s,
        {u"https://as.example:1"_s + oauth + u"/p"_s, u"https://as.example:1"_s + openId + u"/p"_s,
         u"https://as.example:1/p"_s + openId});
}

// Proves: PRM-3, ASM-2, ASM-3, ASM-4, ASM-5
void TestWellKnown::candidates()
{
    QFETCH(bool, isIssuer);
    QFETCH(QString, url);
    QFETCH(QStringList, expected);
    QStringList found;
    for (const QUrl &candidate :
         isIssuer ? authorizationServerUrls(QUrl(url)) : protectedResourceUrls(QUrl(url))) {
        found.append(candidate.toString(QUrl::FullyEncoded));
    }
    QCOMPARE(found, expected);
}

// Proves: ASM-5
void TestWellKnown::customaryPlaces()
{
    const QUrl issuer(u"https://as.example/t/"_s);
    const QList<QUrl> places = customaryServerUrls(issuer);
    const QList<QUrl> expected = {QUrl(u"https://as.example/t/.well-known/oauth-authorization-server"_s),
                                  QUrl(u"https://as.example/.well-known/oauth-authorization-server"_s),
                                  QUrl(u"https://as.example/.well-known/openid-configuration"_s)};
    QCOMPARE(places, expected);
    QCOMPARE(customaryServerUrls(QUrl(u"https://as.example/"_s)), QList<QUrl>());
    QCOMPARE(customaryResourceUrls(QUrl(u"https://h.example/mcp?a=b"_s)),
             QList<QUrl>{QUrl(u"https://h.example/mcp/.well-known/oauth-protected-resource"_s)});
    QCOMPARE(customaryResourceUrls(QUrl(u"https://h.example/"_s)), QList<QUrl>());
}

QTEST_GUILESS_MAIN(TestWellKnown)
#include "tst_wellknown.moc"
