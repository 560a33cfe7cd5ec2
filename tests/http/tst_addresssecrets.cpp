// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/addresssecrets.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;

class TestAddressSecrets final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsKeys_data();
    void findsKeys();
    void leavesTheRest_data();
    void leavesTheRest();
    void splits();
    void showsWhatIsNoAddress();
    void cleansTexts_data();
    void cleansTexts();
};

// Real forms of addresses, with keys that nobody has.
void TestAddressSecrets::findsKeys_data()
{
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *url, const char *shown) {
        QTest::newRow(url) << QString::fromUtf8(shown);
    };
    row("https://mcp.tavily.com/mcp/?tavilyApiKey=tvly-dev-A1b2C3d4",
        "https://mcp.tavily.com/mcp/?tavilyApiKey=…");
    row("https://mcp.exa.ai/mcp?exaApiKey=0f9e8d7c-1111-2222-3333-444455556666",
        "https://mcp.exa.ai/mcp?exaApiKey=…");
    row("https://h.example/mcp?api_key=x", "https://h.example/mcp?api_key=…");
    row("https://h.example/mcp?API-KEY=abc&tools=a,b", "https://h.example/mcp?API-KEY=…&tools=a,b");
    row("https://h.example/mcp?tools=a,b&token=abc", "https://h.example/mcp?tools=a,b&token=…");
    row("https://h.example/mcp?key=AIzaSyA1B2C3D4E5F6", "https://h.example/mcp?key=…");
    row("https://h.example/mcp?k=9f8e7d6c5b4a", "https://h.example/mcp?k=…");
    row("https://h.example/mcp?password=hunter", "https://h.example/mcp?password=…");
    row("https://h.example/mcp?access_token=a&api%5Fkey=b", "https://h.example/mcp?access_token=…&api_key=…");
    row("https://h.example/mcp?client_secret=a%20b", "https://h.example/mcp?client_secret=…");
    row("https://h.example/mcp?u=8kP2xQ7vL4mN9wR3tY6z", "https://h.example/mcp?u=…");
    row("https://h.example/mcp?8kP2xQ7vL4mN9wR3tY6z", "https://h.example/mcp?…");
    row("https://h.example/mcp?auth=8kP2xQ7v", "https://h.example/mcp?auth=…");
    row("https://mcp.zapier.com/api/mcp/s/NDk5ZjA3YTItMWI3Ny00/mcp",
        "https://mcp.zapier.com/api/mcp/s/…/mcp");
    row("https://h.example/s/9f8e7d6c/mcp", "https://h.example/s/…/mcp");
    row("https://h.example/s/550e8400-e29b-41d4-a716-446655440000/mcp", "https://h.example/s/…/mcp");
    row("https://h.example/9f86d081884c7d659a2feaa0c55ad015/mcp", "https://h.example/…/mcp");
    row("https://h.example/mcp/sk-proj-0123456789abcdef", "https://h.example/mcp/…");
    row("https://h.example/key/a1b2c3d4/sse?x=1", "https://h.example/key/…/sse?x=1");
    row("https://h.example/k/a1b2c3d4?api_key=1234", "https://h.example/k/…?api_key=…");
    row("http://127.0.0.1:8080/mcp?apiKey=12", "http://127.0.0.1:8080/mcp?apiKey=…");
    row("https://b\u00fccher.example/mcp?token=\u00fc", "https://xn--bcher-kva.example/mcp?token=…");
}

void TestAddressSecrets::findsKeys()
{
    QFETCH(QString, shown);
    const QUrl url(QString::fromUtf8(QTest::currentDataTag()), QUrl::StrictMode);
    QVERIFY(url.isValid());
    QVERIFY(http::holdsSecret(url));
    QCOMPARE(http::shownUrl(url), shown);
    QCOMPARE(http::shownUrl(QString::fromUtf8(url.toEncoded())), shown);
    // What has been split off and put back is the same address, but for the order of its parameters.
    const http::SplitAddress split = http::withoutSecretQuery(url);
    QVERIFY(http::withoutSecretQuery(split.url).names.isEmpty());
    QCOMPARE(split.secretQuery.isEmpty(), split.names.isEmpty());
    QCOMPARE(http::hasSecretPath(url) || !split.names.isEmpty(), true);
    QStringList before = url.query(QUrl::FullyEncoded).split(u'&', Qt::SkipEmptyParts);
    QStringList after = split.url.query(QUrl::FullyEncoded).split(u'&', Qt::SkipEmptyParts)
                        + QString::fromUtf8(split.secretQuery.reveal()).split(u'&', Qt::SkipEmptyParts);
    before.sort();
    after.sort();
    QCOMPARE(after, before);
}

// Filters, ids and names: hiding them would only puzzle people.
void TestAddressSecrets::leavesTheRest_data()
{
    QTest::addColumn<int>("unused");
    for (const char *url : {"https://h.example/mcp",
                            "https://h.example",
                            "https://h.example/mcp?readonly=true",
                            "https://mcp.supabase.com/mcp?project_ref=abcdefghijklmnopqrst",
                            "https://h.example/mcp?tools=search,fetch_page,get_current_user_details",
                            "https://h.example/mcp?features=database,docs&read_only=1",
                            "https://h.example/mcp?sort_key=name&key=title",
                            "https://h.example/mcp?token=true&api_key=none",
                            "https://h.example/mcp?page_token=abc",
                            "https://h.example/mcp?max_tokens=4096",
                            "https://h.example/mcp?workspace=550e8400-e29b-41d4-a716-446655440000",
                            "https://h.example/mcp?version=2025-06-18&region=europe-west1",
                            "https://h.example/mcp?profile=confident-otter",
                            "https://h.example/mcp?id=12345678901234567890123",
                            "https://h.example/v1/getting-started-with-model-context-protocol/mcp",
                            "https://h.example/release-2024-11-05-preview1/mcp",
                            "https://h.example/readOnlyDatabaseToolsForEverybodyHere/mcp",
                            "https://h.example/550e8400-e29b-41d4-a716-446655440000/mcp",
                            "https://h.example/auth/callback",
                            "https://h.example/s/mcp",
                            "https://h.example/key/list",
                            "https://login.example.com/tenant/v2.0/.well-known/openid-configuration"}) {
        QTest::newRow(url) << 0;
    }
}

void TestAddressSecrets::leavesTheRest()
{
    const QUrl url(QString::fromUtf8(QTest::currentDataTag()), QUrl::StrictMode);
    QVERIFY(url.isValid());
    QVERIFY(!http::holdsSecret(url));
    QCOMPARE(http::shownUrl(url), QString::fromUtf8(QTest::currentDataTag()));
    const http::SplitAddress split = http::withoutSecretQuery(url);
    QCOMPARE(split.url, url);
    QVERIFY(split.secretQuery.isEmpty());
    QCOMPARE(split.names, QStringList());
}

void TestAddressSecrets::splits()
{
    const QUrl url(u"https://h.example/mcp?a=1&token=x%2By&b=2&api_key=&token=z"_s);
    const http::SplitAddress split = http::withoutSecretQuery(url);
    QCOMPARE(split.url.toEncoded(), "https://h.example/mcp?a=1&b=2&api_key="_ba);
    QCOMPARE(split.secretQuery.reveal(), "token=x%2By&token=z"_ba);
    QCOMPARE(split.names, (QStringList{u"token"_s, u"token"_s}));
    const http::SplitAddress whole = http::withoutSecretQuery(QUrl(u"https://h.example/mcp?token=x"_s));
    QCOMPARE(whole.url.toEncoded(), "https://h.example/mcp"_ba);
}

void TestAddressSecrets::showsWhatIsNoAddress()
{
    QCOMPARE(http::shownUrl(u"urn:example:mcp"_s), u"urn:example:mcp"_s);
    QCOMPARE(http::shownUrl(u"/mcp?whatever=it-is"_s), u"/mcp?…"_s);
    QCOMPARE(http::shownUrl(QString()), QString());
    // As any text of a server.
    QVERIFY(!http::shownUrl(u"https://h.example/\u202eabc?token=x"_s).contains(u'\u202e'));
    QCOMPARE(http::shownUrl(u"https://me:pw@h.example/"_s), u"https://h.example/"_s);
    QCOMPARE(http::shownPath(QUrl(u"https://h.example/s/9f8e7d6c/mcp?a=b"_s)), u"/s/…/mcp"_s);
}

void TestAddressSecrets::cleansTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("clean");
    QTest::newRow("nothing") << u"HTTP 404, no such page"_s << u"HTTP 404, no such page"_s;
    QTest::newRow("an address") << u"is for https://h.example/mcp?token=abc, not for you"_s
                                << u"is for https://h.example/mcp?token=…, not for you"_s;
    QTest::newRow("two") << u"<https://h.example/s/9f8e7d6c/mcp> and http://o.example/?x=1&api_key=y"_s
                         << u"<https://h.example/s/…/mcp> and http://o.example/?x=1&api_key=…"_s;
    QTest::newRow("a query alone") << u"bad query ?a=b&apikey=c"_s << u"bad query ?a=b&apikey=…"_s;
    QTest::newRow("harmless") << u"error=invalid_token&max_tokens=3"_s
                              << u"error=invalid_token&max_tokens=3"_s;
    QTest::newRow("an address in JSON") << u"{\"resource\":\"https://h.example/?k=a1b2c3d4\"}"_s
                                        << u"{\"resource\":\"https://h.example/?k=…\"}"_s;
}

void TestAddressSecrets::cleansTexts()
{
    QFETCH(QString, text);
    QFETCH(QString, clean);
    QCOMPARE(http::withoutSecrets(text), clean);
    QCOMPARE(http::withoutSecrets(clean), clean);
}

QTEST_GUILESS_MAIN(TestAddressSecrets)
#include "tst_addresssecrets.moc"
