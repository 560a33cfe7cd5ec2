// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two services, of which one would like the other's codes (RFC 9700 section 4.4).
#include "oauth/browsersignin.h"
#include "oauth/grants.h"

#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakeperson.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;
using support::FakeAuthServer;

namespace {

/// A person who signs in at the service of the metadata, and what comes back instead.
struct Bed {
    FakeAuthServer honest;
    FakeAuthServer evil;
    http::Client client;
    base::Deadlines deadlines;
    SignInRequest request;
    support::FakePerson person;

    Bed()
    {
        deadlines.browser = std::chrono::seconds(10);
        request.client.clientId = u"client"_s;
        request.server.issuer = honest.issuer();
        request.server.authorizationEndpoint = honest.endpoint("authorize");
        request.server.tokenEndpoint = honest.endpoint("token");
        request.server.issParameterSupported = true;
    }
    std::unique_ptr<LoopbackListener> listener()
    {
        std::unique_ptr<LoopbackListener> made = std::move(*LoopbackListener::listen(0));
        for (FakeAuthServer *service : {&honest, &evil}) {
            service->addClient("client", {}, made->redirectUri().toLatin1());
        }
        return made;
    }
};

} // namespace

class TestMixUp final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void issuers_data();
    void issuers();
    void honestPageWithAHostileTokenEndpoint();
    void answersOfAnotherSignInAreNoise();
    void clientsStayAtTheirIssuer();
};

// Proves: VT-05
void TestMixUp::issuers_data()
{
    QTest::addColumn<bool>("isAnnounced");
    QTest::addColumn<QString>("iss"); // %1 is the right one; "-" for none
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *name, bool announced, const QString &iss, bool good) {
        QTest::newRow(name) << announced << iss << good;
    };
    row("right", true, u"%1"_s, true);
    row("right, not announced", false, u"%1"_s, true);
    row("missing", true, u"-"_s, false);
    row("missing, not announced", false, u"-"_s, true);
    for (const bool announced : {true, false}) {
        row(announced ? "foreign" : "foreign, not announced", announced, u"https://evil.example"_s, false);
        row(announced ? "empty" : "empty, not announced", announced, QString(), false);
        row(announced ? "slash" : "slash, not announced", announced, u"%1/"_s, false);
        row(announced ? "path" : "path, not announced", announced, u"%1/x"_s, false);
        row(announced ? "space" : "space, not announced", announced, u"%1 "_s, false);
        row(announced ? "fragment" : "fragment, not announced", announced, u"%1#"_s, false);
        row(announced ? "upper case" : "upper case, not announced", announced, u"UPPER"_s, false);
        row(announced ? "percent" : "percent, not announced", announced, u"PERCENT"_s, false);
    }
}

void TestMixUp::issuers()
{
    QFETCH(bool, isAnnounced);
    QFETCH(QString, iss);
    QFETCH(bool, isGood);
    Bed bed;
    // Twins of an issuer that RFC 3986 would call the same: RFC 9207 section 2.4 compares strings.
    bed.request.server.issuer = u"https://honest.example"_s;
    bed.request.resource = u"http://127.0.0.1:1/mcp"_s; // a server on this computer may have its pages here
    bed.request.server.issParameterSupported = isAnnounced;
    const QString text = iss == "UPPER"_L1       ? u"HTTPS://honest.example"_s
                         : iss == "PERCENT"_L1   ? u"https://%68onest.example"_s
                         : iss.contains("%1"_L1) ? iss.arg(bed.request.server.issuer)
                                                 : iss;
    BrowserSignIn signIn(
        bed.listener(), bed.request, [](const QUrl &) { return true; }, bed.deadlines, bed.client);
    connect(&signIn, &BrowserSignIn::waiting, &signIn, [&] {
        const QString state =
            QUrlQuery(signIn.authorizationUrl()).queryItemValue(u"state"_s, QUrl::FullyDecoded);
        const QString told =
            text == "-"_L1 ? QString() : u"&iss="_s + QString::fromLatin1(http::percentEncode(text.toUtf8()));
        QVERIFY(signIn.pasteAddress(signIn.redirectUri() + u"?code=canary-code&state="_s + state + told));
    });
    const base::Result<TokenSet> tokens = support::await(signIn.run({}));
    QVERIFY(!tokens); // there is no such code
    QCOMPARE(bed.honest.http().count("/token"), isGood ? 1 : 0);
    QCOMPARE(tokens.error().kind == ErrorKind::RefusedByPolicy, !isGood);
}

// Proves: VT-05
void TestMixUp::honestPageWithAHostileTokenEndpoint()
{
    // The metadata of a hostile service send the person to the honest one's page, and the code to itself.
    Bed bed;
    bed.request.server.issuer = bed.evil.issuer();
    bed.request.server.tokenEndpoint = bed.evil.endpoint("token");
    for (const bool isAnnounced : {true, false}) {
        bed.request.server.issParameterSupported = isAnnounced;
        BrowserSignIn signIn(bed.listener(), bed.request, bed.person.openUrl(), bed.deadlines, bed.client);
        const base::Result<TokenSet> tokens = support::await(signIn.run({}));
        QVERIFY(!tokens);
        QCOMPARE(tokens.error().kind, ErrorKind::RefusedByPolicy);
        QVERIFY(tokens.error().sentence.contains(QUrl(bed.evil.issuer()).authority()));
    }
    QCOMPARE(bed.evil.http().requests().size(), 0U);
    QCOMPARE(bed.honest.http().count("/token"), 0);
}

// Proves: VT-05
void TestMixUp::answersOfAnotherSignInAreNoise()
{
    Bed bed;
    bed.request.server.issParameterSupported = false;
    bed.honest.sendsIss = false;
    SignInRequest other = bed.request;
    other.server.issuer = bed.evil.issuer();
    other.server.authorizationEndpoint = bed.evil.endpoint("authorize");
    other.server.tokenEndpoint = bed.evil.endpoint("token");
    BrowserSignIn evil(bed.listener(), other, [](const QUrl &) { return true; }, bed.deadlines, bed.client);
    std::stop_source stop;
    base::Task<base::Result<TokenSet>> never = evil.run(stop.get_token());
    const QString foreignState =
        QUrlQuery(evil.authorizationUrl()).queryItemValue(u"state"_s, QUrl::FullyDecoded);
    BrowserSignIn honest(bed.listener(), bed.request, bed.person.openUrl(), bed.deadlines, bed.client);
    QByteArray heard;
    // The state of one sign-in, whatever service knows it, opens no other.
    support::plainGet(QUrl(honest.redirectUri() + u"?code=evil-code&state="_s + foreignState), &honest,
                      [&heard](const QByteArray &answer) { heard = answer; });
    const base::Result<TokenSet> tokens = support::await(honest.run({}));
    QVERIFY2(tokens, tokens ? "" : qPrintable(tokens.error().sentence));
    QTRY_COMPARE(support::statusOf(heard), 400);
    QCOMPARE(bed.honest.http().count("/token"), 1);
    stop.request_stop();
    QCOMPARE(support::await(std::move(never)).error().kind, ErrorKind::Cancelled);
    QCOMPARE(bed.evil.http().requests().size(), 0U);
}

// Proves: VT-05
void TestMixUp::clientsStayAtTheirIssuer()
{
    Bed bed;
    ClientCredentialsRequest request;
    request.server = bed.request.server;
    request.server.issuer = bed.evil.issuer();
    request.server.tokenEndpoint = bed.evil.endpoint("token");
    request.client.issuer = bed.honest.issuer();
    request.client.clientId = u"client"_s;
    request.client.clientSecret = base::Secret("canary-secret");
    request.client.method = ClientAuthentication::SecretPost;
    const base::Result<TokenSet> tokens =
        support::await(requestClientCredentials(bed.client, bed.deadlines, request, {}));
    QCOMPARE(tokens.error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(bed.evil.http().requests().size(), 0U);
}

QTEST_GUILESS_MAIN(TestMixUp)
#include "tst_mixup.moc"
