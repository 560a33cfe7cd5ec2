// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The other ways to a token, each as one connection lives with it: as a client that is described by a
// document, as an app, with an assertion, bound to a key.
#include "oauth/clientmetadata.h"
#include "support/testbed.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::AuthorizeOptions;
using connections::Connection;
using connections::Phase;
using oauth::SignInSettings;
using support::await;
using support::FakeRequest;
using support::FakeResponse;
using support::Testbed;

namespace {

constexpr auto documentUrl = "https://mooring.example/client-metadata.json"_L1;

QString parameter(const QUrl &url, const char *name)
{
    return QUrlQuery(url).queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

std::shared_ptr<Connection> addedWith(Testbed *bed, const SignInSettings &settings)
{
    const std::shared_ptr<Connection> connection = bed->added(bed->mcp.url());
    return await(connection->setSettings(settings, {})) ? connection : nullptr;
}

connections::ClientCredentials secretClient(Testbed *bed)
{
    bed->auth.authMethods = {u"client_secret_basic"_s};
    bed->auth.addClient("app/1", "se+cret", {});
    return {u"app/1"_s, base::Secret("se+cret")};
}

/// The server wants a proof with each token, and a nonce in it if there is one.
void wantDpop(Testbed *bed, const QByteArray &nonce = {})
{
    bed->auth.requiresDpop = true;
    bed->auth.metadataOverrides = {{u"dpop_signing_alg_values_supported"_s, QJsonArray{u"ES256"_s}}};
    bed->mcp.challengeOverride =
        "DPoP algs=\"ES256\", resource_metadata=\"" + bed->mcp.metadataUrl().toEncoded() + '"';
    const support::FakeServer::Handler plain = bed->mcp.http().routeOf(bed->mcp.path());
    bed->mcp.admits = nullptr;
    bed->mcp.http().route(bed->mcp.path(), [bed, plain, nonce](const FakeRequest &request) {
        const QByteArray token = request.headers.value("Authorization");
        const QByteArray proof = request.headers.value("DPoP");
        const bool isKnown =
            token.startsWith("DPoP ") && bed->auth.isActive(token.mid(5)) && !proof.isEmpty();
        const QByteArray claims =
            QByteArray::fromBase64(proof.split('.').value(1), QByteArray::Base64UrlEncoding);
        FakeResponse refusal = FakeResponse::empty(401);
        refusal.headers.add("WWW-Authenticate", bed->mcp.challengeOverride);
        if (!isKnown) {
            return refusal;
        }
        if (!nonce.isEmpty() && !claims.contains(nonce)) {
            refusal.headers.set("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
            refusal.headers.add("DPoP-Nonce", nonce);
            return refusal;
        }
        return plain(request);
    });
}

} // namespace

class TestSignInWays final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signsInAsADescribedClient();
    void registersWhereNoDocumentIsTaken();
    void prefersAKnownClientToTheDocument();
    void signsInAsAnApp();
    void asksForTheAppsSecret();
    void signsInAsAnAppWithAKey();
    void takesAWorkloadsToken();
    void tradesAnIdTokenForAPass();
    void bindsTokensToAKey();
    void repeatsOnceWithANonce();
    void keepsTheKeyOverARestart();
    void neverBindsWhereItIsSwitchedOff();
    void tellsTheAccountByTheIdToken();
    void listensWhereItIsTold_data();
    void listensWhereItIsTold();
    void deletesItsRegistrationAtTheService();
};

// Proves: REG-2, REG-3, REG-5, BIND-5
void TestSignInWays::signsInAsADescribedClient()
{
    Testbed bed;
    bed.auth.metadataOverrides = {{u"client_id_metadata_document_supported"_s, true}};
    bed.auth.addClient(documentUrl.data(), {}, oauth::clientMetadataRedirectUris().first().toUtf8());
    QVERIFY(await(bed.list->setClientMetadataUrl(documentUrl, {})));
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QCOMPARE(parameter(bed.person.opened.last(), "client_id"), documentUrl);
    QCOMPARE(bed.auth.http().count("/register"), 0);
    QCOMPARE(connection->registration()->source, oauth::ClientRegistration::Source::MetadataDocument);
    QVERIFY(await(connection->renew({})));
    QVERIFY(await(connection->listTools({})));
    bed.restart();
    QCOMPARE(bed.list->clientMetadataUrl(), documentUrl);
    QVERIFY(!await(bed.list->setClientMetadataUrl(u"http://example.com/no"_s, {})));
}

// Proves: REG-8
void TestSignInWays::registersWhereNoDocumentIsTaken()
{
    Testbed bed;
    QVERIFY(await(bed.list->setClientMetadataUrl(documentUrl, {})));
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QCOMPARE(bed.auth.http().count("/register"), 1);
    QCOMPARE(connection->registration()->source, oauth::ClientRegistration::Source::Dynamic);
}

// Proves: REG-2
void TestSignInWays::prefersAKnownClientToTheDocument()
{
    Testbed bed;
    const std::shared_ptr<Connection> first = bed.signedIn();
    bed.auth.metadataOverrides = {{u"client_id_metadata_document_supported"_s, true}};
    QVERIFY(await(bed.list->setClientMetadataUrl(documentUrl, {})));
    const std::shared_ptr<Connection> second = bed.signedIn();
    QCOMPARE(second->registration()->clientId, first->registration()->clientId);
}

void TestSignInWays::signsInAsAnApp()
{
    Testbed bed;
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    AuthorizeOptions options;
    options.client = secretClient(&bed);
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
    QVERIFY(bed.person.opened.isEmpty());
    QVERIFY(await(connection->listTools({})));
    QVERIFY(connection->record().hasRefreshToken);
    bed.restart();
    const std::shared_ptr<Connection> later = bed.list->byId(connection->id());
    bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(later->state().phase, Phase::RenewsOnUse);
    QVERIFY(await(later->listTools({})));
    QVERIFY(bed.person.opened.isEmpty());
    QVERIFY(!bed.everythingOnDisk().contains("se+cret"));
}

void TestSignInWays::asksForTheAppsSecret()
{
    Testbed bed;
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    const base::Result<void> refused = await(connection->authorize({}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().remedy, u"enters-client"_s);
    QCOMPARE(bed.auth.http().count("/token"), 0);
}

// Proves: REG-6
void TestSignInWays::signsInAsAnAppWithAKey()
{
    Testbed bed;
    const oauth::SigningKey key = oauth::SigningKey::generate();
    bed.auth.authMethods = {u"private_key_jwt"_s};
    bed.auth.addKeyClient("app-with-key", key.publicJwk(), {});
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    AuthorizeOptions options;
    options.client = connections::ClientCredentials{u"app-with-key"_s, {}, key.toPem(), "ES256"};
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
    bed.restart();
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(bed.list->byId(connection->id())->listTools({})));
    QVERIFY(!bed.everythingOnDisk().contains("PRIVATE KEY"));
}

void TestSignInWays::takesAWorkloadsToken()
{
    Testbed bed;
    bed.auth.trustedAssertions = {"workload.jwt.here"};
    bed.auth.givesRefreshToken = false;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    AuthorizeOptions options;
    options.assertion = connections::AssertionGrant{base::Secret("workload.jwt.here")};
    QVERIFY(await(connection->authorize(options, {})));
    QVERIFY(bed.person.opened.isEmpty());
    QVERIFY(await(connection->listTools({})));
    QVERIFY(!connection->record().hasRefreshToken);
    options.assertion = connections::AssertionGrant{base::Secret("somebody.elses.jwt")};
    const base::Result<void> refused = await(connection->authorize(options, {}));
    QVERIFY(!refused);
    // The sign-in that is there is still good.
    QVERIFY(await(connection->listTools({})));
    bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(connection->state().phase, Phase::SignInExpired);
}

void TestSignInWays::tradesAnIdTokenForAPass()
{
    Testbed bed;
    support::FakeAuthServer company(u"/company"_s, bed.clock.function());
    company.addClient("mooring-at-work", "idp secret", {});
    company.authMethods = {u"client_secret_basic"_s};
    company.trustedAssertions = {"id.token.here"};
    bed.auth.trustedAssertions = {"pass for " + bed.auth.issuer().toUtf8()};
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    AuthorizeOptions options;
    options.client = secretClient(&bed);
    connections::AssertionGrant grant{base::Secret("id.token.here")};
    grant.idpTokenEndpoint = company.endpoint("token");
    grant.idpClient = {u"mooring-at-work"_s, base::Secret("idp secret")};
    options.assertion = grant;
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
    const FakeRequest trade = company.http().requestsTo(company.pathOf("token")).back();
    QCOMPARE(support::fieldOf(trade.form(), "audience"), bed.auth.issuer().toUtf8());
    QVERIFY(await(connection->listTools({})));
    // The ID token has gone nowhere but to the company.
    for (const FakeRequest &request : bed.auth.http().requests()) {
        QVERIFY(support::fieldOf(request.form(), "subject_token").isEmpty());
    }
}

void TestSignInWays::bindsTokensToAKey()
{
    Testbed bed;
    wantDpop(&bed);
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QVERIFY(!parameter(bed.person.opened.last(), "dpop_jkt").isEmpty());
    QVERIFY(await(connection->listTools({})));
    QVERIFY(await(connection->renew({})));
    QVERIFY(await(connection->listTools({})));
    QByteArrayList proofs;
    for (const FakeRequest &request : bed.mcp.http().requestsTo("/mcp")) {
        if (const QByteArray proof = request.headers.value("DPoP"); !proof.isEmpty()) {
            QVERIFY(!proofs.contains(proof));
            proofs.append(proof);
        }
    }
    QVERIFY(proofs.size() >= 3);
}

void TestSignInWays::repeatsOnceWithANonce()
{
    Testbed bed;
    wantDpop(&bed, "nonce-of-the-server");
    bed.auth.dpopNonce = "nonce-of-the-service";
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QCOMPARE(bed.auth.http().count("/token"), 2);
    bed.mcp.http().forgetRequests();
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    QVERIFY2(tools, tools ? "" : qPrintable(tools.error().sentence + tools.error().detail));
    const int first = bed.mcp.http().count("/mcp");
    QVERIFY(await(connection->listTools({})));
    // The nonce is known now.
    QVERIFY(bed.mcp.http().count("/mcp") - first < first);
    QVERIFY(await(connection->renew({})));
    QCOMPARE(bed.auth.http().count("/token"), 3);
}

void TestSignInWays::keepsTheKeyOverARestart()
{
    Testbed bed;
    wantDpop(&bed);
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const QByteArray key = bed.auth.keyOf((*await(connection->accessToken({}))).token.reveal());
    QVERIFY(!key.isEmpty());
    bed.restart();
    const std::shared_ptr<Connection> later = bed.list->byId(connection->id());
    QVERIFY(await(later->listTools({})));
    QCOMPARE(bed.auth.keyOf((*await(later->renew({}))).token.reveal()), key);
    QVERIFY(!bed.everythingOnDisk().contains("PRIVATE KEY"));
}

void TestSignInWays::neverBindsWhereItIsSwitchedOff()
{
    Testbed bed;
    bed.mcp.challengeOverride =
        "DPoP resource_metadata=\"" + bed.mcp.metadataUrl().toEncoded() + "\", Bearer realm=\"mcp\"";
    SignInSettings settings;
    settings.dpop = SignInSettings::Dpop::Never;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    QVERIFY(await(connection->authorize({}, {})));
    QVERIFY(!QUrlQuery(bed.person.opened.last()).hasQueryItem(u"dpop_jkt"_s));
    QVERIFY(bed.auth.keyOf((*await(connection->accessToken({}))).token.reveal()).isEmpty());
    QVERIFY(await(connection->listTools({})));
}

void TestSignInWays::tellsTheAccountByTheIdToken()
{
    Testbed bed;
    const QByteArray claims =
        QByteArray(R"({"email":"me@example.com"})").toBase64(QByteArray::Base64UrlEncoding);
    bed.auth.tokenOverrides = {{u"id_token"_s, QString::fromLatin1("e30." + claims + ".c2ln")}};
    const std::shared_ptr<Connection> connection = bed.signedIn();
    QCOMPARE(connection->record().accountLabel, u"me@example.com"_s);
    QVERIFY(await(connection->setAccountLabel(u"Work"_s, {})));
    QVERIFY(await(connection->setAccountLabel({}, {})));
    QCOMPARE(bed.recordOnDisk(connection->id()).accountLabel, u"me@example.com"_s);
    QVERIFY(await(connection->disconnectFromServer({})));
    QVERIFY(connection->record().accountLabel.isEmpty());
}

void TestSignInWays::listensWhereItIsTold_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("by default") << QString();
    QTest::newRow("localhost") << u"localhost"_s;
}

// Proves: RED-1, RED-2
void TestSignInWays::listensWhereItIsTold()
{
    QFETCH(QString, host);
    Testbed bed;
    SignInSettings settings;
    settings.redirectHost = host;
    const std::shared_ptr<Connection> connection = addedWith(&bed, settings);
    const base::Result<void> done = await(connection->authorize({}, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
    const QUrl redirectUri(parameter(bed.person.opened.last(), "redirect_uri"));
    QCOMPARE(redirectUri.host(), host.isEmpty() ? u"127.0.0.1"_s : host);
    QCOMPARE(connection->registration()->redirectUri, redirectUri.toString());
    // A change of mind means another registration, because that address belongs to the old one.
    QVERIFY(await(connection->setSettings({}, {})));
    QVERIFY(await(connection->authorize({}, {})));
    QCOMPARE(QUrl(parameter(bed.person.opened.last(), "redirect_uri")).host(), u"127.0.0.1"_s);
}

void TestSignInWays::deletesItsRegistrationAtTheService()
{
    Testbed bed;
    bed.auth.managesRegistrations = true;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const QByteArray client = connection->registration()->clientId.toUtf8();
    QVERIFY(bed.auth.hasClient(client));
    QVERIFY(await(bed.list->remove(connection->id(), false, {})));
    QTRY_VERIFY(!bed.auth.hasClient(client));
    QTRY_COMPARE(bed.secrets.keys(), QStringList());
}

QTEST_GUILESS_MAIN(TestSignInWays)
#include "tst_signinways.moc"
