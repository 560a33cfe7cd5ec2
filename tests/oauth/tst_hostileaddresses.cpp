// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile addresses at every place of every document: none is fetched, and none gets to what opens the
// browser.
#include "oauth/browsersignin.h"
#include "oauth/discovery.h"

#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakeinternet.h"
#include "support/fakemcpserver.h"
#include "support/hostileurls.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;

namespace {

/// A server and its service, both on this computer, so that nothing but the address itself is to blame.
struct Bed {
    support::FakeInternet internet;
    support::FakeMcpServer mcp;
    support::FakeAuthServer service;
    http::Client client;
    base::Deadlines deadlines;
    /// What the person's browser would have been started with.
    QList<QUrl> opened;

    Bed()
    {
        internet.ignore(mcp.http().port());
        internet.ignore(service.http().port());
        mcp.protect(service.issuer(), [](const QByteArray &) { return false; });
    }
    void describeResource(const QJsonObject &more)
    {
        QJsonObject document = {{u"resource"_s, mcp.url().toString()},
                                {u"authorization_servers"_s, QJsonArray{service.issuer()}}};
        for (auto it = more.begin(); it != more.end(); ++it) {
            document.insert(it.key(), it.value());
        }
        mcp.http().route(mcp.metadataUrl().path().toLatin1(), support::FakeResponse::json(document));
    }
    base::Result<Discovery> look(const QByteArray &pointer = {})
    {
        const QList<Challenge> challenges = {{"bearer", {}, {{"resource_metadata", pointer}}}};
        return support::await(discover(client, deadlines, mcp.url(), challenges, {}, {}, {}));
    }
    /// As far as the browser; then the person thinks better of it.
    void click(const Discovery &found)
    {
        SignInRequest request;
        request.server = found.server;
        request.client.clientId = u"client"_s;
        request.resource = found.resource.resource;
        std::stop_source stop;
        const auto openUrl = [&](const QUrl &url) {
            opened.append(url);
            stop.request_stop();
            return true;
        };
        BrowserSignIn signIn(std::move(*LoopbackListener::listen(0)), request, openUrl, deadlines, client);
        const base::Result<TokenSet> tokens = support::await(signIn.run(stop.get_token()));
        QVERIFY(!tokens);
    }
    /// Empty if all is as it has to be.
    QString problem() const
    {
        if (const QStringList attempts = internet.attempts(); !attempts.isEmpty()) {
            return u"connected to "_s + attempts.join(u' ');
        }
        const QByteArray start = service.endpoint("authorize").toEncoded() + '?';
        for (const QUrl &url : opened) {
            const QByteArray address = url.toEncoded();
            const bool isEncoded = std::ranges::all_of(address, [](char c) {
                return c > 0x20 && c < 0x7f && !QByteArrayView("\"<>\\^`{|}").contains(c);
            });
            if (!address.startsWith(start) || !isEncoded) {
                return u"opened "_s + QString::fromLatin1(address);
            }
        }
        return {};
    }
};

/// Written carelessly, and read as what is meant: in an address, a blank does no harm.
bool isCareless(const QString &url)
{
    static const QStringList all = {u" https://h.example/"_s, u"\thttps://h.example/"_s,
                                    u"https://h.example/ "_s, u"https://h.example/a b"_s};
    return all.contains(url);
}

} // namespace

class TestHostileAddresses final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void areRefusedInMetadata_data();
    void areRefusedInMetadata();
    void areOfNoInterest_data();
    void areOfNoInterest();
    void areNoPointers();
    void areNoServices();
    void areNoErrorPages();
};

// Proves: VT-01
void TestHostileAddresses::areRefusedInMetadata_data()
{
    QTest::addColumn<bool>("isRequired");
    QTest::newRow("authorization_endpoint") << true;
    QTest::newRow("token_endpoint") << true;
    QTest::newRow("registration_endpoint") << false;
    QTest::newRow("revocation_endpoint") << false;
    QTest::newRow("userinfo_endpoint") << false;
}

void TestHostileAddresses::areRefusedInMetadata()
{
    QFETCH(bool, isRequired);
    // Written carelessly, and read as what is meant: as an address, a blank does no harm.
    const QStringList careless = {u" https://h.example/"_s, u"\thttps://h.example/"_s,
                                  u"https://h.example/ "_s, u"https://h.example/a b"_s};
    const QString member = QString::fromLatin1(QTest::currentDataTag());
    Bed bed;
    for (const QString &url : support::hostileUrls()) {
        bed.service.metadataOverrides = {{member, url}};
        const base::Result<Discovery> found = bed.look();
        if (isCareless(url)) {
            QVERIFY2(found, qPrintable(url));
            QVERIFY(found->server.toRecord().value(member).toString().startsWith("https://h.example/"_L1));
            continue;
        }
        if (!isRequired) {
            // Nobody needs it to sign in, so it is left out, and all the rest is used.
            QVERIFY2(found, qPrintable(url.left(80)));
            QVERIFY2(!found->server.toRecord().contains(member), qPrintable(url.left(80)));
            continue;
        }
        QVERIFY2(!found, qPrintable(url.left(80)));
        QCOMPARE(found.error().kind,
                 url.isEmpty() ? base::ErrorKind::Protocol : base::ErrorKind::RefusedByPolicy);
        QVERIFY(found.error().detail.size() < 500);
    }
    QCOMPARE(bed.problem(), QString());
}

// Proves: VT-01
void TestHostileAddresses::areOfNoInterest_data()
{
    QTest::addColumn<bool>("isOfResource");
    for (const char *member : {"resource_documentation", "resource_policy_uri", "resource_tos_uri",
                               "jwks_uri", "logo_uri", "resource_logo_uri"}) {
        QTest::addRow("%s of the resource", member) << true;
    }
    for (const char *member : {"service_documentation", "op_policy_uri", "op_tos_uri", "jwks_uri", "logo_uri",
                               "end_session_endpoint", "introspection_endpoint"}) {
        QTest::addRow("%s of the service", member) << false;
    }
}

void TestHostileAddresses::areOfNoInterest()
{
    QFETCH(bool, isOfResource);
    const QString member = QString::fromLatin1(QTest::currentDataTag()).section(u' ', 0, 0);
    Bed bed;
    const QStringList urls = support::hostileUrls();
    for (const QString &url : urls) {
        if (isOfResource) {
            bed.describeResource({{member, url}});
        } else {
            bed.service.metadataOverrides = {{member, url}};
        }
        const base::Result<Discovery> found = bed.look();
        QVERIFY2(found, qPrintable(url.left(80)));
        bed.click(*found);
    }
    QCOMPARE(bed.opened.size(), urls.size());
    QCOMPARE(bed.problem(), QString());
}

// Proves: VT-01
void TestHostileAddresses::areNoPointers()
{
    Bed bed;
    for (const QString &url : support::hostileUrls()) {
        if (isCareless(url)) {
            continue; // leads to h.example, as it says
        }
        const base::Result<Discovery> found = bed.look(url.toUtf8());
        QVERIFY2(found, qPrintable(url.left(80))); // by the document at the usual place
    }
    QCOMPARE(bed.problem(), QString());
}

// Proves: VT-01
void TestHostileAddresses::areNoServices()
{
    Bed bed;
    for (const QString &url : support::hostileUrls()) {
        if (isCareless(url) || url.isEmpty()) {
            continue; // names h.example, and nobody
        }
        bed.describeResource({{u"authorization_servers"_s, QJsonArray{url}}});
        QVERIFY2(!bed.look(), qPrintable(url.left(80)));
    }
    QVERIFY(bed.service.http().requests().empty());
    QCOMPARE(bed.problem(), QString());
}

// Proves: VT-01
void TestHostileAddresses::areNoErrorPages()
{
    Bed bed;
    const base::Result<Discovery> found = bed.look();
    QVERIFY(found);
    for (const QString &url : support::hostileUrls()) {
        std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
        SignInRequest request;
        request.server = found->server;
        request.client.clientId = u"client"_s;
        int opened = 0;
        const auto openUrl = [&opened](const QUrl &) {
            ++opened;
            return true;
        };
        BrowserSignIn signIn(std::move(listener), request, openUrl, bed.deadlines, bed.client);
        connect(&signIn, &BrowserSignIn::waiting, &signIn, [&] {
            const QString state =
                signIn.authorizationUrl().query().section(u"state="_s, 1).section(u'&', 0, 0);
            const auto encoded = [](const QString &text) {
                return QString::fromLatin1(http::percentEncode(text.toUtf8()));
            };
            const QString back = signIn.redirectUri() + u"?error=server_error&error_uri="_s
                                 + encoded(url.left(2000)) + u"&iss="_s + encoded(bed.service.issuer())
                                 + u"&state="_s + state;
            QVERIFY(signIn.pasteAddress(back));
        });
        const base::Result<TokenSet> tokens = support::await(signIn.run({}));
        QCOMPARE(tokens.error().kind, base::ErrorKind::Protocol);
        QVERIFY(!tokens.error().sentence.contains("://"_L1));
        QCOMPARE(opened, 1);
    }
    QCOMPARE(bed.problem(), QString());
}

QTEST_GUILESS_MAIN(TestHostileAddresses)
#include "tst_hostileaddresses.moc"
