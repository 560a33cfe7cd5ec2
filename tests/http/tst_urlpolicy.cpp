// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/urlpolicy.h"

#include "support/hostileurls.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using http::AddressClass;
using http::UrlPolicy;
using http::UrlUse;

class TestUrlPolicy final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hostileUrls_data();
    void hostileUrls();
    void plainTextHasNoHiddenParts();
    void goodUrls_data();
    void goodUrls();
    void addressClasses_data();
    void addressClasses();
    void neverNearer_data();
    void neverNearer();
    void portsOfOtherProtocols_data();
    void portsOfOtherProtocols();
    void longest();
    void typed_data();
    void typed();
    void survivesBeingStored_data();
    void survivesBeingStored();
    void origins();
};

void TestUrlPolicy::hostileUrls_data()
{
    // Refused wherever they stand, even if the person's own server is on this computer.
    QTest::addColumn<QString>("url");
    const auto row = [](const QString &url) {
        QTest::addRow("%s", url.left(60).toUtf8().constData()) << url;
    };
    for (const QString &url : support::hostileUrls()) {
        row(url);
    }
}

// Proves: TOK-5, VT-02
void TestUrlPolicy::hostileUrls()
{
    QFETCH(QString, url);
    const UrlPolicy policy(AddressClass::Loopback);
    for (const UrlUse use : {UrlUse::Server, UrlUse::Metadata, UrlUse::Endpoint, UrlUse::Browser}) {
        const base::Result<QUrl> checked = policy.check(url, use);
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, ErrorKind::RefusedByPolicy);
        QVERIFY(!checked.error().sentence.isEmpty());
        QVERIFY(checked.error().detail.size() < 400);
    }
}

void TestUrlPolicy::plainTextHasNoHiddenParts()
{
    // Of such a text the policy does not look for a user name or an encoded character: there can be none.
    const QString good = u"https://h.example:8443/path?q=1"_s;
    int looked = 0;
    for (qsizetype at = 0; at <= good.size(); ++at) {
        for (char16_t c = 0x21; c < 0x7f; ++c) {
            if (c == u'@' || c == u'%') {
                continue;
            }
            for (const QString &text : {good.left(at) + QChar(c) + good.mid(at), good.left(at) + QChar(c)}) {
                const QUrl url(text, QUrl::StrictMode);
                QVERIFY2(url.userInfo(QUrl::FullyEncoded).isEmpty(), qPrintable(text));
                QVERIFY2(!url.authority(QUrl::FullyEncoded).contains(u'@'), qPrintable(text));
                QVERIFY2(!url.host(QUrl::FullyEncoded).contains(u'%'), qPrintable(text));
                QVERIFY2(!url.path(QUrl::FullyEncoded).contains(u"%00"_s), qPrintable(text));
                looked += url.isValid() && !url.host().isEmpty() ? 1 : 0;
            }
        }
    }
    QVERIFY(looked > 1000);
}

void TestUrlPolicy::goodUrls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("encoded");
    const auto row = [](const char *url, const char *encoded = nullptr) {
        QTest::addRow("%s", url) << QString::fromUtf8(url) << QByteArray(encoded ? encoded : url);
    };
    row("https://h.example");
    row("https://h.example/a?b=c&d=%2F+");
    row("https://h.example:8443/x");
    row("HTTPS://H.Example/X", "https://h.example/X");
    row("https://h.example/?x=$(id);'%60id%60%7C%22%3C");
    row("https://b\u00fccher.example/", "https://xn--bcher-kva.example/");
    row("http://127.0.0.1:8080/x");
    row("http://localhost/x");
    row("http://[::1]:99/x");
    row("https://h.example/\u202e", "https://h.example/%E2%80%AE");
}

void TestUrlPolicy::goodUrls()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, encoded);
    const base::Result<QUrl> checked = UrlPolicy(AddressClass::Loopback).check(url, UrlUse::Browser);
    QVERIFY2(checked, checked ? "" : qPrintable(checked.error().detail));
    QCOMPARE(checked->toEncoded(), encoded);
}

// Proves: VT-11
void TestUrlPolicy::addressClasses_data()
{
    QTest::addColumn<AddressClass>("expected");
    const auto rows = [](AddressClass expected, std::initializer_list<const char *> hosts) {
        for (const char *host : hosts) {
            QTest::addRow("%s", host) << expected;
        }
    };
    rows(AddressClass::Loopback, {"127.0.0.1",
                                  "127.1",
                                  "127.255.0.9",
                                  "0x7f.1",
                                  "2130706433",
                                  "0177.0.0.1",
                                  "0.0.0.0",
                                  "0",
                                  "localhost",
                                  "LOCALHOST",
                                  "localhost.",
                                  "a.localhost",
                                  "[::1]",
                                  "[::]",
                                  "[::ffff:127.0.0.1]",
                                  "[::ffff:7f00:1]",
                                  "[::ffff:0.0.0.0]",
                                  "localhost.localdomain",
                                  "localhost4",
                                  "localhost4.localdomain4",
                                  "localhost6",
                                  "LOCALHOST6.localdomain6.",
                                  "ip6-localhost",
                                  "ip6-loopback",
                                  "\uff11\uff12\uff17.0.0.1",
                                  "127\u30020\u30020\u30021"});
    rows(AddressClass::Private,
         {"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
          "100.64.0.1", "100.127.255.255", "192.0.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
          "[fd00::1]", "[fc00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[ff02::1]",
          "printer", "nas.local", "x.internal", "router.home.arpa", "0.0.0.1", "0.255.255.255", "[3fff::1]",
          "[2001:2::1]", "[5f00::1]", "[64:ff9b:1::1]", "localhost7",
          // IPv4 addresses in other clothes: 6to4, Teredo (server, then client), compatible, SIIT, NAT64.
          "[2002:7f00:1::1]", "[2002:a00:1::1]", "[2002:c0a8:101::]", "[2001:0:a00:1:0:0:fefe:fefe]",
          "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:0:4136:e378:8000:63bf:3f57:fefe]", "[::127.0.0.1]",
          "[::10.0.0.1]", "[::2]", "[::ffff:0:127.0.0.1]", "[64:ff9b::10.0.0.1]"});
    rows(AddressClass::Public,
         {"1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.0.1", "100.128.0.1", "h.example",
          "localhost.example.com", "[2606:4700::1111]", "[::ffff:1.1.1.1]", "[2002:101:101::1]",
          "[2001:0:4136:e378:8000:63bf:fefe:fefe]", "[::1.1.1.1]", "[::ffff:0:1.1.1.1]", "[64:ff9b::1.1.1.1]",
          "localhost6.example", "xlocalhost.example"});
}

void TestUrlPolicy::addressClasses()
{
    QFETCH(AddressClass, expected);
    const QUrl url(u"https://"_s + QString::fromUtf8(QTest::currentDataTag()) + u"/"_s);
    QVERIFY(url.isValid());
    QCOMPARE(UrlPolicy::classOf(url), expected);
}

// Proves: VT-11
void TestUrlPolicy::neverNearer_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("named");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char *server, const char *named, bool isAllowed) {
        QTest::addRow("%s names %s", server, named)
            << QString::fromLatin1(server) << QString::fromLatin1(named) << isAllowed;
    };
    row("https://h.example", "https://other.example", true);
    row("https://h.example", "https://10.0.0.1", false);
    row("https://h.example", "https://169.254.169.254/latest", false);
    row("https://h.example", "https://127.0.0.1", false);
    row("https://h.example", "http://127.0.0.1", false);
    row("https://h.example", "https://[::ffff:127.0.0.1]", false);
    row("https://h.example", "https://2130706433", false);
    row("https://nas.local", "https://10.0.0.1", true);
    row("https://nas.local", "https://h.example", true);
    row("https://nas.local", "http://localhost", false);
    row("http://localhost:1", "http://127.0.0.1:2", true);
    row("http://localhost:1", "https://10.0.0.1", true);
    row("http://localhost:1", "https://h.example", true);
    row("http://localhost:1", "http://h.example", false);
    row("https://h.example", "https://0.0.0.1", false);
    row("https://h.example", "https://localhost6", false);
    row("https://h.example", "https://[2002:a9fe:a9fe::1]/latest", false);
    row("https://h.example", "https://[64:ff9b::169.254.169.254]/latest", false);
    row("https://h.example", "https://[64:ff9b::1.1.1.1]", true);
}

void TestUrlPolicy::neverNearer()
{
    QFETCH(QString, server);
    QFETCH(QString, named);
    QFETCH(bool, isAllowed);
    QCOMPARE(UrlPolicy(QUrl(server)).check(named, UrlUse::Metadata).has_value(), isAllowed);
}

void TestUrlPolicy::portsOfOtherProtocols_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("named");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const QString &server, const QString &named, bool isAllowed) {
        QTest::addRow("%s names %s", qPrintable(server), qPrintable(named)) << server << named << isAllowed;
    };
    for (const int port : {1,   7,   21,  22,   23,   25,   53,   110,  143,   389,
                           465, 587, 993, 2049, 5060, 6000, 6379, 6667, 10080, 11211}) {
        row(u"https://h.example"_s, u"https://other.example:%1/x"_s.arg(port), false);
        row(u"http://localhost:8080"_s, u"http://127.0.0.1:%1/x"_s.arg(port), false);
        // The person has typed this port; what it names on itself is no news.
        row(u"http://localhost:%1/mcp"_s.arg(port), u"http://localhost:%1/x"_s.arg(port), true);
        row(u"http://localhost:%1/mcp"_s.arg(port), u"http://127.0.0.1:%1/x"_s.arg(port), false);
    }
    for (const int port : {80, 443, 2, 24, 3000, 6380, 8080, 8443, 10081, 65535}) {
        row(u"https://h.example"_s, u"https://other.example:%1/x"_s.arg(port), true);
    }
}

void TestUrlPolicy::portsOfOtherProtocols()
{
    QFETCH(QString, server);
    QFETCH(QString, named);
    QFETCH(bool, isAllowed);
    const UrlPolicy policy{QUrl(server)};
    QCOMPARE(policy.check(named, UrlUse::Metadata).has_value(), isAllowed);
    QCOMPARE(policy.check(named, UrlUse::Endpoint).has_value(), isAllowed);
    QVERIFY(policy.check(named, UrlUse::Server));
    const base::Result<QUrl> typed = UrlPolicy::parseTyped(named);
    QCOMPARE(typed ? typed->toString() : QString(), named);
}

void TestUrlPolicy::longest()
{
    const QString most = u"https://h.example/"_s + QString(8192 - 18, u'a');
    QVERIFY(UrlPolicy::parseTyped(most));
    QCOMPARE(UrlPolicy::parseTyped(most + u'a').error().detail, u"longer than 8 KiB"_s);
    const QString encoded = u"https://h.example/"_s + QString((8192 - 18) / 6, u'\u00fc');
    QVERIFY(UrlPolicy::parseTyped(encoded));
    QCOMPARE(UrlPolicy::parseTyped(encoded + u'\u00fc').error().detail, u"longer than 8 KiB"_s);
}

void TestUrlPolicy::typed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("url"); // empty: no address
    const auto row = [](const char *text, const char *url) {
        QTest::addRow("%s", text) << QString::fromUtf8(text) << QByteArray(url);
    };
    row("https://h.example/mcp", "https://h.example/mcp");
    row("  https://h.example/mcp \n", "https://h.example/mcp");
    row("h.example/mcp", "https://h.example/mcp");
    row("h.example", "https://h.example");
    row("h.example:8443/mcp?x=1", "https://h.example:8443/mcp?x=1");
    row("localhost:8080/mcp", "http://localhost:8080/mcp");
    row("127.0.0.1:8080", "http://127.0.0.1:8080");
    row("[::1]:8080/mcp", "http://[::1]:8080/mcp");
    row("http://localhost:8080/mcp", "http://localhost:8080/mcp");
    row("", "");
    row("hello world", "");
    row("mailto:a@h.example", "");
    row("file:///etc/passwd", "");
    row("javascript:alert(1)", "");
    row("https://", "");
    row("https://a@h.example", "");
    row("user@h.example", "");
    row("https://h.example/#x", "");
}

void TestUrlPolicy::typed()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, url);
    const base::Result<QUrl> parsed = UrlPolicy::parseTyped(text);
    QCOMPARE(parsed ? parsed->toEncoded() : QByteArray(), url);
    if (!parsed) {
        QCOMPARE(parsed.error().kind, ErrorKind::InvalidInput);
    }
    const base::Result<QUrl> plain = UrlPolicy::parseTyped(u"http://h.example/mcp"_s);
    QCOMPARE(plain.error().kind, ErrorKind::RefusedByPolicy);
    QVERIFY(plain.error().sentence.contains(u"h.example"_s));
}

void TestUrlPolicy::survivesBeingStored_data()
{
    QTest::addColumn<QString>("text");
    for (const QString &path : {u"a"_s, u"\u00e9"_s, u"%C3%A9"_s, u"%c3%a9"_s, u"\ufde7"_s, u"%EF%B7%A7"_s,
                                u"\ufffd"_s, u"a%2Fb"_s, u"a?b=\ufdd0&c=%26"_s, u"\U0001fffe"_s}) {
        QTest::newRow(path.toUtf8().toPercentEncoding().constData())
            << QString(u"https://b\u00fccher.example/"_s + path);
    }
}

void TestUrlPolicy::survivesBeingStored()
{
    QFETCH(QString, text);
    const base::Result<QUrl> typed = UrlPolicy::parseTyped(text);
    const base::Result<QUrl> named = UrlPolicy(AddressClass::Public).check(text, UrlUse::Server);
    QVERIFY(typed && named);
    QCOMPARE(*named, *typed);
    const base::Result<QUrl> stored = UrlPolicy::parseTyped(typed->toString(QUrl::FullyEncoded));
    QVERIFY(stored);
    QCOMPARE(*stored, *typed);
}

void TestUrlPolicy::origins()
{
    QCOMPARE(http::origin(QUrl(u"https://H.example/x?y"_s)), u"https://h.example:443"_s);
    QCOMPARE(http::origin(QUrl(u"http://h.example"_s)), u"http://h.example:80"_s);
    QVERIFY(http::origin(QUrl(u"https://h.example:444"_s)) != http::origin(QUrl(u"https://h.example"_s)));
    QVERIFY(http::origin(QUrl(u"https://h.example."_s)) != http::origin(QUrl(u"https://h.example"_s)));
}

QTEST_GUILESS_MAIN(TestUrlPolicy)
#include "tst_urlpolicy.moc"
