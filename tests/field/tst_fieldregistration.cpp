// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Getting in where registration is picky or the request must be pushed; the end of a grant, in all words;
// leaving; and what services say themselves.
#include "connections/grants/grantstore.h"
#include "field/journey.h"
#include "oauth/callbackrequest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using connections::Phase;
using connections::RevocationOutcome;
using field::Arrival;
using field::travel;
using field::Traveller;
using support::await;
using support::FakeRequest;
using support::FakeResponse;
using support::Testbed;

namespace {

FakeResponse json(const QByteArray &body, int status = 400)
{
    FakeResponse response = FakeResponse::empty(status);
    response.headers.set("Content-Type", "application/json");
    response.body = body;
    return response;
}

FakeResponse text(const QByteArray &body, const QByteArray &type, int status)
{
    FakeResponse response = FakeResponse::empty(status);
    response.headers.set("Content-Type", type);
    response.body = body;
    return response;
}

Traveller visitor(const Testbed &bed)
{
    Traveller traveller;
    traveller.address = bed.mcp.url().toString();
    return traveller;
}

void answerGrant(Testbed *bed, const QByteArray &type, const FakeResponse &answer)
{
    bed->auth.editTokenAnswer = [type, answer](const FakeRequest &request, FakeResponse *response) {
        if (support::fieldOf(request.form(), "grant_type") == type) {
            *response = answer;
        }
    };
}

int renewals(Testbed *bed)
{
    int count = 0;
    for (const FakeRequest &request : bed->auth.http().requestsTo("/token")) {
        count += support::fieldOf(request.form(), "grant_type") == "refresh_token" ? 1 : 0;
    }
    return count;
}

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

bool keepsRefreshToken(Testbed *bed, const QString &id)
{
    connections::GrantStore store(bed->secrets, storage::Profile().keychainPrefix());
    const auto grant = await(store.readGrant(id, {}));
    return grant && *grant && !(*grant)->tokens.refreshToken.isEmpty();
}

QStringList namesIn(const QUrl &url)
{
    QStringList names;
    for (const auto &[name, value] : QUrlQuery(url).queryItems()) {
        names.append(name);
    }
    names.sort();
    return names;
}

} // namespace

class TestFieldRegistration final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pushesTheRequest_data();
    void pushesTheRequest();
    void goesOnWithoutAnOffer_data();
    void goesOnWithoutAnOffer();
    void saysThatPushingFailed();
    void pushesAnewToOpenAgain();
    void pushesNowhereElse_data();
    void pushesNowhereElse();
    void signsTheRequest();
    void saysThatAKeyIsNeeded();

    void endsInOtherWords_data();
    void endsInOtherWords();
    void troubleIsNoEnd_data();
    void troubleIsNoEnd();
    void asksOnceMoreOnOrder();

    void asksForLess_data();
    void asksForLess();
    void usesTheSecretThatIsWanted_data();
    void usesTheSecretThatIsWanted();
    void takesANumberForAClient();
    void saysWhyNotRegistered();
    void keepsTheAddressThatWasNamed();

    void leaves_data();
    void leaves();

    void saysWhatTheServiceSays_data();
    void saysWhatTheServiceSays();
    void saysItAtEveryStep_data();
    void saysItAtEveryStep();
    void takesTheAccessOfAPerson();
    void saysWhichAccessIsOfNoUse();
    void saysThatANameIsMissing();
};

void TestFieldRegistration::pushesTheRequest_data()
{
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("isBound");
    QTest::newRow("0.31 required") << true << u"none"_s << false;
    QTest::newRow("0.32 offered") << false << u"none"_s << false;
    QTest::newRow("0.33 required, a secret in the header") << true << u"client_secret_basic"_s << false;
    QTest::newRow("0.34 required, a secret in the form") << true << u"client_secret_post"_s << false;
    QTest::newRow("0.35 required, tokens bound to a key, with a nonce") << true << u"none"_s << true;
}

// Field: 0.31-0.35
void TestFieldRegistration::pushesTheRequest()
{
    QFETCH(bool, isRequired);
    QFETCH(QString, method);
    QFETCH(bool, isBound);
    Testbed bed;
    bed.auth.offersPushing = true;
    bed.auth.requiresPushing = isRequired;
    bed.auth.authMethods = {method};
    if (isBound) {
        bed.auth.requiresDpop = true;
        bed.auth.dpopNonce = "n-1";
        bed.auth.metadataOverrides = {{u"dpop_signing_alg_values_supported"_s, QJsonArray{u"ES256"_s}}};
        bed.mcp.challengeOverride = "DPoP resource_metadata=\"" + bed.mcp.metadataUrl().toEncoded() + '"';
    }
    Arrival arrival = travel(&bed, visitor(bed));
    if (!isBound) {
        // The fake server takes bearer tokens only.
        QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
        QCOMPARE(arrival.answer, u"ahoy"_s);
    }
    QCOMPARE(bed.auth.codeExchanges(), 1);
    QCOMPARE(bed.person.opened.size(), 1);
    QCOMPARE(namesIn(bed.person.opened.first()), (QStringList{u"client_id"_s, u"request_uri"_s}));
    const http::FormFields pushed = bed.auth.http().requestsTo("/par").back().form();
    for (const char *name : {"response_type", "redirect_uri", "state", "code_challenge", "resource"}) {
        QCOMPARE(support::countOf(pushed, name), 1);
    }
    QCOMPARE(support::fieldOf(pushed, "code_challenge_method"), "S256");
    QCOMPARE(bed.auth.http().count("/par"), isBound ? 2 : 1);
    field::liveOn(&bed, &arrival);
    QVERIFY2(isBound || arrival.gotIn(), qPrintable(arrival.told()));
}

void TestFieldRegistration::goesOnWithoutAnOffer_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("0.36 not there") << FakeResponse::empty(404);
    QTest::newRow("0.37 no POST") << FakeResponse::empty(405);
    QTest::newRow("0.38 out of order") << FakeResponse::empty(500);
    QTest::newRow("0.39 hangs up") << FakeResponse::hangUp();
    QTest::newRow("0.40 a page") << FakeResponse::html("<h1>Welcome</h1>");
}

// Field: 0.36-0.40
void TestFieldRegistration::goesOnWithoutAnOffer()
{
    QFETCH(FakeResponse, answer);
    Testbed bed;
    bed.auth.offersPushing = true;
    bed.auth.http().route("/par", answer);
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QVERIFY(namesIn(bed.person.opened.first()).contains(u"code_challenge"_s));
    QVERIFY(!namesIn(bed.person.opened.first()).contains(u"request_uri"_s));
}

// Field: 0.41
void TestFieldRegistration::saysThatPushingFailed()
{
    Testbed bed;
    bed.auth.requiresPushing = true;
    bed.auth.http().route("/par", FakeResponse::empty(404));
    Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY(arrival.connection && arrival.error);
    QVERIFY2(arrival.error->sentence.contains(u"before the browser opens"_s), qPrintable(arrival.told()));
    // What is wrong with the request itself is in the service's words.
    bed.auth.http().route("/par", json(R"({"error":"invalid_target","error_description":"No such place"})"));
    const base::Error error = await(arrival.connection->authorize({}, {})).error();
    QVERIFY2(error.sentence.endsWith(u"says: “No such place”"_s), qPrintable(error.sentence));
    QCOMPARE(error.remedy, QString::fromUtf16(oauth::remedies::omitsResource));
    QCOMPARE(bed.person.opened.size(), 0);
}

// Field: 0.42
void TestFieldRegistration::pushesAnewToOpenAgain()
{
    Testbed bed;
    bed.auth.requiresPushing = true;
    bed.auth.pushLifetime = 30;
    bed.person.mood = support::FakePerson::Mood::Never;
    const std::shared_ptr<connections::Connection> connection = bed.added(bed.mcp.url());
    base::Task<base::Result<void>> signIn = connection->authorize({}, {});
    QTRY_COMPARE(bed.person.opened.size(), 1);
    const QUrl first = connection->signInUrl();
    bed.clock.advance(std::chrono::seconds(60));
    bed.person.mood = support::FakePerson::Mood::Approve;
    QVERIFY(connection->openBrowserAgain());
    const base::Result<void> done = await(std::move(signIn));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QCOMPARE(bed.auth.http().count("/par"), 2);
    QCOMPARE(bed.person.opened.size(), 2);
    QVERIFY(bed.person.opened.last() != first);
    // The same sign-in all the same.
    const auto pushed = bed.auth.http().requestsTo("/par");
    QCOMPARE(support::fieldOf(pushed.at(0).form(), "state"), support::fieldOf(pushed.at(1).form(), "state"));
}

void TestFieldRegistration::pushesNowhereElse_data()
{
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QString>("endpoint");
    QTest::newRow("0.43 required, at another site") << true << u"https://pushes.example/par"_s;
    QTest::newRow("0.44 offered, at another site") << false << u"https://pushes.example/par"_s;
    QTest::newRow("0.45 required, in the clear") << true << u"http://pushes.example/par"_s;
    QTest::newRow("0.46 required, nowhere") << true << QString();
    QTest::newRow("0.47 offered, no address at all") << false << u"javascript:alert(1)"_s;
}

// Field: 0.43-0.47
void TestFieldRegistration::pushesNowhereElse()
{
    QFETCH(bool, isRequired);
    QFETCH(QString, endpoint);
    Testbed bed;
    bed.auth.metadataOverrides = {{u"pushed_authorization_request_endpoint"_s, endpoint},
                                  {u"require_pushed_authorization_requests"_s, isRequired}};
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn() == !isRequired, qPrintable(arrival.told()));
    QCOMPARE(bed.person.opened.size(), isRequired ? 0 : 1);
    if (isRequired) {
        QVERIFY2(arrival.error->sentence.contains(QUrl(bed.auth.issuer()).authority()),
                 qPrintable(arrival.told()));
        QVERIFY2(arrival.error->detail.contains(u"pushed_authorization_request_endpoint"_s),
                 qPrintable(arrival.told()));
    }
}

// Field: 0.48
void TestFieldRegistration::signsTheRequest()
{
    for (const bool isPushed : {false, true}) {
        Testbed bed;
        bed.auth.requiresSignedRequest = true;
        bed.auth.requiresPushing = isPushed;
        bed.auth.hasRegistration = false;
        bed.auth.authMethods = {u"private_key_jwt"_s};
        const oauth::SigningKey key = oauth::SigningKey::generate();
        const std::shared_ptr<connections::Connection> connection = bed.added(bed.mcp.url());
        oauth::SignInSettings settings;
        settings.redirectPort = freePort();
        QVERIFY(await(connection->setSettings(settings, {})));
        bed.auth.addKeyClient("keyed", key.publicJwk(),
                              "http://127.0.0.1:" + QByteArray::number(settings.redirectPort) + "/callback");
        connections::AuthorizeOptions options;
        options.client = connections::ClientCredentials{u"keyed"_s, {}, key.toPem(), {}};
        const base::Result<void> done = await(connection->authorize(options, {}));
        QVERIFY2(done, done ? "" : qPrintable(done.error().sentence + done.error().detail));
        QCOMPARE(namesIn(bed.person.opened.first()),
                 (QStringList{u"client_id"_s, isPushed ? u"request_uri"_s : u"request"_s}));
        QCOMPARE(await(connection->listTools({}))->size(), 3);
    }
}

// Field: 0.49
void TestFieldRegistration::saysThatAKeyIsNeeded()
{
    Testbed bed;
    bed.auth.requiresSignedRequest = true;
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY(arrival.connection && arrival.error);
    QCOMPARE(arrival.error->remedy, QString::fromUtf16(oauth::remedies::entersClient));
    QVERIFY2(arrival.error->sentence.contains(u"signed with the key of an app"_s),
             qPrintable(arrival.told()));
    QCOMPARE(bed.auth.http().count("/register"), 0);
    QCOMPARE(bed.person.opened.size(), 0);
}

void TestFieldRegistration::endsInOtherWords_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<bool>("isClear");
    QTest::newRow("3.1 invalid_request, with words")
        << json(R"({"error":"invalid_request","error_description":"refresh_token is invalid"})") << true;
    QTest::newRow("3.2 invalid_token, 401") << json(R"({"error":"invalid_token"})", 401) << true;
    QTest::newRow("3.3 200, not ok") << json(R"({"ok":false,"error":"token_expired"})", 200) << true;
    QTest::newRow("3.4 a code of its own") << json(R"({"error":"bad_refresh_token"})") << true;
    QTest::newRow("3.5 403, a message")
        << json(R"({"message":"Refresh token has been revoked"})", 403) << true;
    QTest::newRow("3.6 an error object")
        << json(R"({"error":{"code":"SESSION_EXPIRED","message":"Please log in again"}})", 401) << true;
    QTest::newRow("3.7 a list") << json(R"([{"error":"expired","detail":"The refresh token expired"}])")
                                << true;
    QTest::newRow("3.8 plain text") << text("Unknown refresh token", "text/plain", 404) << true;
    QTest::newRow("3.9 500, the token named")
        << json(R"({"error":{"message":"Refresh token not found"}})", 500) << true;
    QTest::newRow("3.10 400 without a word") << FakeResponse::empty(400) << false;
    QTest::newRow("3.11 401 without a word") << FakeResponse::empty(401) << false;
    QTest::newRow("3.12 404 without a word") << FakeResponse::empty(404) << false;
    QTest::newRow("3.13 invalid_request without a word") << json(R"({"error":"invalid_request"})") << false;
    QTest::newRow("3.14 access_denied") << json(R"({"error":"access_denied"})", 403) << false;
    QTest::newRow("3.15 a client that is forgotten") << json(R"({"error":"invalid_client"})", 401) << false;
}

// Field: 3.1-3.15
void TestFieldRegistration::endsInOtherWords()
{
    QFETCH(FakeResponse, answer);
    QFETCH(bool, isClear);
    Testbed bed;
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    const QString id = arrival.connection->id();
    answerGrant(&bed, "refresh_token", answer);
    bed.clock.advance(std::chrono::hours(2));
    base::Result<QList<mcp::Tool>> tools = await(bed.list->byId(id)->listTools({}));
    QVERIFY(!tools);
    if (!isClear) {
        // Once it may be a mishap.
        QVERIFY(!bed.recordOnDisk(id).lastError);
        bed.restart();
        tools = await(bed.list->byId(id)->listTools({}));
    }
    QCOMPARE(base::errorName(tools.error()), u"sign-in-needed"_s);
    QCOMPARE(bed.list->byId(id)->state().phase, Phase::SignInExpired);
    const int asked = renewals(&bed);
    // Whoever asks next, in this process or in another one, now or tomorrow.
    for (const bool isRestarted : {false, true, true}) {
        if (isRestarted) {
            bed.clock.advance(std::chrono::hours(12));
            bed.restart();
        }
        QCOMPARE(await(bed.list->byId(id)->accessToken({})).error().kind, ErrorKind::SignInNeeded);
        QCOMPARE(bed.list->byId(id)->state().phase, Phase::SignInExpired);
    }
    QCOMPARE(renewals(&bed), asked);
    QVERIFY(keepsRefreshToken(&bed, id));
    bed.auth.editTokenAnswer = {};
    const base::Result<void> again = await(bed.list->byId(id)->authorize({}, {}));
    QVERIFY2(again, again ? "" : qPrintable(again.error().sentence));
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.list->byId(id)->state().phase, Phase::Authorized);
    bed.clock.advance(std::chrono::hours(2));
    QVERIFY(await(bed.list->byId(id)->listTools({})));
}

void TestFieldRegistration::troubleIsNoEnd_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("3.16 503") << FakeResponse::empty(503);
    QTest::newRow("3.17 429") << json(R"({"message":"Too many refresh tokens are revoked"})", 429);
    QTest::newRow("3.18 temporarily_unavailable, 400") << json(R"({"error":"temporarily_unavailable"})");
    QTest::newRow("3.19 500 without a word about it") << json(R"({"message":"token service failed"})", 500);
    QTest::newRow("3.20 a page of the network")
        << FakeResponse::html("<h1>Session expired, log in again</h1>");
}

// Field: 3.16-3.20
void TestFieldRegistration::troubleIsNoEnd()
{
    QFETCH(FakeResponse, answer);
    Testbed bed;
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    const QString id = arrival.connection->id();
    answerGrant(&bed, "refresh_token", answer);
    bed.auth.rotationGrace = std::chrono::hours(24);
    bed.clock.advance(std::chrono::hours(2));
    for (int time = 0; time < 4; ++time) {
        const base::Result<connections::AccessToken> token = await(bed.list->byId(id)->accessToken({}));
        QVERIFY(!token);
        QVERIFY2(token.error().kind != ErrorKind::SignInNeeded, qPrintable(token.error().sentence));
        bed.clock.advance(std::chrono::hours(1));
        bed.restart();
    }
    QVERIFY(renewals(&bed) >= 4);
    bed.auth.editTokenAnswer = {};
    QVERIFY(await(bed.list->byId(id)->listTools({})));
}

// Field: 3.21
void TestFieldRegistration::asksOnceMoreOnOrder()
{
    Testbed bed;
    bed.auth.rotationGrace = std::chrono::hours(24);
    const Arrival arrival = travel(&bed, visitor(bed));
    const std::shared_ptr<connections::Connection> connection = arrival.connection;
    answerGrant(&bed, "refresh_token", json(R"({"error":"session_not_found"})", 401));
    bed.clock.advance(std::chrono::hours(2));
    QCOMPARE(await(connection->renew({})).error().kind, ErrorKind::SignInNeeded);
    const int asked = renewals(&bed);
    QCOMPARE(await(connection->renew({})).error().kind, ErrorKind::SignInNeeded);
    QCOMPARE(renewals(&bed), asked);
    // The service was wrong, and the person knows it.
    bed.auth.editTokenAnswer = {};
    bed.clock.advance(std::chrono::minutes(11));
    QVERIFY(await(connection->renew({})));
    QCOMPARE(connection->state().phase, Phase::Authorized);
}

void TestFieldRegistration::asksForLess_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("5.1 scope, invalid_client_metadata")
        << u"scope"_s
        << json(
               R"({"error":"invalid_client_metadata","error_description":"Requested scopes are not valid"})");
    QTest::newRow("5.2 scope, invalid_scope") << u"scope"_s << json(R"({"error":"invalid_scope"})");
    QTest::newRow("5.3 scope, another form") << u"scope"_s << json(R"({"detail":"Invalid scope"})");
    QTest::newRow("5.4 application_type")
        << u"application_type"_s
        << json(R"({"errors":[{"message":"application_type: unknown member"}]})", 422);
    QTest::newRow("5.5 refresh_token")
        << u"refresh_token"_s << json(R"({"error":"invalid_client_metadata"})");
    QTest::newRow("5.6 clients without a secret")
        << u"none"_s
        << json(
               R"({"error":"invalid_client_metadata","message":"token_endpoint_auth_method must be a secret"})");
    QTest::newRow("5.7 scope, nothing said") << u"scope"_s << FakeResponse::empty(400);
}

// Field: 5.1-5.7
void TestFieldRegistration::asksForLess()
{
    QFETCH(QString, member);
    QFETCH(FakeResponse, answer);
    Testbed bed;
    bed.mcp.scopesSupported = {u"mcp"_s};
    bed.auth.authMethods = {u"none"_s, u"client_secret_basic"_s};
    bed.auth.answerRegistration = [&](const QJsonObject &body) -> std::optional<FakeResponse> {
        const QByteArray sent = QJsonDocument(body).toJson();
        return sent.contains('"' + member.toUtf8() + '"') ? std::optional(answer) : std::nullopt;
    };
    Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.answer, u"ahoy"_s);
    QVERIFY(bed.auth.http().count("/register") <= 5);
    QVERIFY(QUrlQuery(bed.person.opened.first()).hasQueryItem(u"scope"_s));
    field::liveOn(&bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

void TestFieldRegistration::usesTheSecretThatIsWanted_data()
{
    QTest::addColumn<QString>("insistsAt");
    QTest::newRow("5.8 at once") << u"authorization_code"_s;
    QTest::newRow("5.9 at the renewal only") << u"refresh_token"_s;
}

// Field: 5.8-5.9
void TestFieldRegistration::usesTheSecretThatIsWanted()
{
    QFETCH(QString, insistsAt);
    Testbed bed;
    bed.auth.givesUnwantedSecrets = true;
    const support::FakeServer::Handler token = bed.auth.http().routeOf("/token");
    bed.auth.http().route("/token", [&, token](const FakeRequest &request) {
        const http::FormFields form = request.form();
        const bool isLenient = support::fieldOf(form, "grant_type") != insistsAt.toLatin1()
                               && support::countOf(form, "client_secret") == 0;
        if (!isLenient) {
            return token(request);
        }
        FakeRequest helped = request;
        const QByteArray id = support::fieldOf(form, "client_id");
        helped.body += "&client_secret=" + http::percentEncode("secret/+ of " + id);
        return token(helped);
    });
    Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    field::liveOn(&bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    // What is learnt stays: nothing was refused a second time.
    QCOMPARE(arrival.connection->registration()->method, oauth::ClientAuthentication::SecretPost);
    int refused = 0;
    for (const FakeRequest &request : bed.auth.http().requestsTo("/token")) {
        refused += support::countOf(request.form(), "client_secret") == 0
                           && support::fieldOf(request.form(), "grant_type") == insistsAt.toLatin1()
                       ? 1
                       : 0;
    }
    QCOMPARE(refused, 1);
}

// Field: 5.10
void TestFieldRegistration::takesANumberForAClient()
{
    Testbed bed;
    bed.auth.answerRegistration = [&](const QJsonObject &body) -> std::optional<FakeResponse> {
        bed.auth.addClient("4711", {}, body.value("redirect_uris"_L1)[0].toString().toLatin1());
        return json(R"({"client_id":4711,"token_endpoint_auth_method":"none"})", 201);
    };
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

// Field: 5.11
void TestFieldRegistration::saysWhyNotRegistered()
{
    Testbed bed;
    bed.auth.http().route(
        "/register", json(R"({"error":"invalid_client_metadata","error_description":"Ask sales first"})"));
    Traveller traveller = visitor(bed);
    const Arrival alone = travel(&bed, traveller);
    QVERIFY(alone.error);
    QVERIFY2(alone.error->sentence.contains(u"says: “Ask sales first”"_s), qPrintable(alone.told()));
    QVERIFY2(!alone.error->sentence.contains(u"does not register apps"_s), qPrintable(alone.told()));
    QVERIFY(bed.auth.http().count("/register") <= 6);
    // Somebody who registers by hand reads the same, and gets in.
    std::optional<base::Error> shown;
    connections::AuthorizeOptions options;
    options.askForClient = [&](const oauth::ClientNeeded &needed, std::stop_token) {
        shown = needed.refusal;
        bed.auth.addClient("by-hand", {}, needed.redirectUri.toLatin1());
        return [](connections::ClientCredentials typed)
                   -> base::Task<base::Result<connections::ClientCredentials>> {
            co_return typed;
        }({u"by-hand"_s, {}});
    };
    const base::Result<void> done = await(alone.connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QVERIFY(shown && shown->sentence.contains(u"Ask sales first"_s));
}

// Field: 5.12
void TestFieldRegistration::keepsTheAddressThatWasNamed()
{
    Testbed bed;
    bed.auth.hasRegistration = false;
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY(arrival.error);
    const quint16 port = arrival.connection->record().settings.redirectPort;
    QVERIFY(port != 0);
    const QString address = u"http://127.0.0.1:%1%2"_s.arg(port).arg(oauth::callbackPath());
    QVERIFY2(arrival.error->sentence.contains(address), qPrintable(arrival.told()));
    QVERIFY(arrival.error->sentence.contains(u"does not register apps by itself"_s));
    // The person registers it, and comes back another day.
    bed.auth.addClient("by-hand", {}, address.toLatin1());
    const QString id = arrival.connection->id();
    bed.restart();
    connections::AuthorizeOptions options;
    options.client = connections::ClientCredentials{u"by-hand"_s, {}};
    const base::Result<void> done = await(bed.list->byId(id)->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QVERIFY(await(bed.list->byId(id)->listTools({})));
}

void TestFieldRegistration::leaves_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<RevocationOutcome>("outcome");
    QTest::addColumn<QString>("words");
    const QString ended = u"has ended this sign-in"_s;
    QTest::newRow("13.1 200, an error inside")
        << json(R"({"error":"invalid_request","error_description":"Not today"})", 200)
        << RevocationOutcome::NotConfirmed << u"says: “Not today”"_s;
    QTest::newRow("13.2 200, not ok") << json(R"({"ok":false,"error":"invalid_auth"})", 200)
                                      << RevocationOutcome::NotConfirmed << u"may still be valid"_s;
    QTest::newRow("13.3 404") << FakeResponse::empty(404) << RevocationOutcome::NotSupported
                              << u"has no way to be told"_s;
    QTest::newRow("13.4 405") << FakeResponse::empty(405) << RevocationOutcome::NotSupported
                              << u"has no way to be told"_s;
    QTest::newRow("13.5 501") << FakeResponse::empty(501) << RevocationOutcome::NotSupported
                              << u"has no way to be told"_s;
    QTest::newRow("13.6 400 without a word")
        << FakeResponse::empty(400) << RevocationOutcome::NotSupported << u"has no way to be told"_s;
    QTest::newRow("13.7 503") << FakeResponse::empty(503) << RevocationOutcome::Pending << u"trying until"_s;
    QTest::newRow("13.8 403") << text("Blocked here", "text/plain", 403) << RevocationOutcome::Pending
                              << u"says: “Blocked here”"_s;
    QTest::newRow("13.9 a token that it doesn't know")
        << json(R"({"error":"invalid_token"})") << RevocationOutcome::Revoked
        << u"doesn't know this sign-in any more"_s;
    QTest::newRow("13.10 204") << FakeResponse::empty(204) << RevocationOutcome::Revoked << ended;
    QTest::newRow("13.11 200, ok") << json(R"({"ok":true,"error":null})", 200) << RevocationOutcome::Revoked
                                   << ended;
    QTest::newRow("13.12 a client that it won't know")
        << json(R"({"error":"invalid_client"})", 401) << RevocationOutcome::NotConfirmed
        << u"may still be valid"_s;
}

// Field: 13.1-13.12
void TestFieldRegistration::leaves()
{
    QFETCH(FakeResponse, answer);
    QFETCH(RevocationOutcome, outcome);
    QFETCH(QString, words);
    Testbed bed;
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    bed.auth.http().route("/revoke", answer);
    const base::Result<connections::Disconnected> left = await(arrival.connection->disconnectFromServer({}));
    QVERIFY(left);
    QVERIFY2(left->outcome == outcome, qPrintable(left->sentence));
    QVERIFY2(left->sentence.contains(words), qPrintable(left->sentence));
    const bool saysEnded = left->sentence.contains(u"has ended this sign-in"_s);
    QCOMPARE(saysEnded, outcome == RevocationOutcome::Revoked && answer.status < 300);
    QCOMPARE(bed.list->revocations().all().size(), outcome == RevocationOutcome::Pending ? 1 : 0);
    QVERIFY(!keepsRefreshToken(&bed, arrival.connection->id()));
    // Tomorrow nobody is asked again where that is of no use.
    const int told = bed.auth.http().count("/revoke");
    bed.clock.advance(std::chrono::hours(12));
    bed.list->revocations().tellDue();
    await(bed.list->revocations().settled(std::chrono::seconds(30)));
    QCOMPARE(bed.auth.http().count("/revoke") > told, outcome == RevocationOutcome::Pending);
}

void TestFieldRegistration::saysWhatTheServiceSays_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<QString>("words");
    QTest::newRow("14.1 a list") << json(R"([{"error":"invalid_client","error_description":"Wrong secret"}])",
                                         401)
                                 << u"Wrong secret"_s;
    QTest::newRow("14.2 an error object")
        << json(R"({"error":{"type":"auth","message":"Wrong secret"}})", 401) << u"Wrong secret"_s;
    QTest::newRow("14.3 a message") << json(R"({"message":"Wrong redirect"})", 401) << u"Wrong redirect"_s;
    QTest::newRow("14.4 a page") << FakeResponse::html("<title>Access denied</title><p>x", 403)
                                 << u"Access denied"_s;
    QTest::newRow("14.5 plain text") << text("Wrong redirect\n", "text/plain", 400) << u"Wrong redirect"_s;
    QTest::newRow("14.6 errors") << json(R"({"errors":[{"detail":"One"},{"detail":"Two"}]})", 422)
                                 << u"One; Two"_s;
    QTest::newRow("14.7 as it should be")
        << json(R"({"error":"invalid_request","error_description":"Too late"})") << u"Too late"_s;
    QTest::newRow("14.8 a code that was just given")
        << json(R"({"error":"invalid_grant","error_description":"Code not found"})") << u"Code not found"_s;
}

// Field: 14.1-14.8
void TestFieldRegistration::saysWhatTheServiceSays()
{
    QFETCH(FakeResponse, answer);
    QFETCH(QString, words);
    Testbed bed;
    answerGrant(&bed, "authorization_code", answer);
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY(arrival.error);
    const QString host = QUrl(bed.auth.issuer()).authority();
    QVERIFY2(arrival.error->sentence.endsWith(u"%1 says: “%2”"_s.arg(host, words)),
             qPrintable(arrival.told()));
    // Nobody has been signed in yet.
    QVERIFY2(!arrival.error->sentence.contains(u"no longer"_s), qPrintable(arrival.told()));
    QVERIFY2(!arrival.error->sentence.contains(u"any more"_s), qPrintable(arrival.told()));
}

void TestFieldRegistration::saysItAtEveryStep_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"14.9 registration", "14.10 page", "14.11 pushing", "14.12 renewal"}) {
        QTest::newRow(step) << QString::fromLatin1(step).section(u' ', 1);
    }
}

// Field: 14.9-14.12
void TestFieldRegistration::saysItAtEveryStep()
{
    QFETCH(QString, step);
    Testbed bed;
    const FakeResponse answer = json(R"({"error":"unusual","message":"Read\nour <b>terms</b>"})");
    if (step == "registration"_L1) {
        bed.auth.http().route("/register", answer);
    } else if (step == "pushing"_L1) {
        bed.auth.offersPushing = true;
        bed.auth.http().route("/par", answer);
    } else if (step == "page"_L1) {
        bed.auth.http().route("/authorize", [&bed](const FakeRequest &request) {
            const http::FormFields query = request.queryFields();
            return FakeResponse::redirect(
                support::fieldOf(query, "redirect_uri") + '?'
                + http::encodeForm({{"state", support::fieldOf(query, "state")},
                                    {"iss", bed.auth.issuer().toUtf8()},
                                    {"error", "unusual"},
                                    {"error_description", "Read\nour <b>terms</b>"}}));
        });
    }
    Arrival arrival = travel(&bed, visitor(bed));
    if (step == "renewal"_L1) {
        answerGrant(&bed, "refresh_token", answer);
        bed.clock.advance(std::chrono::hours(2));
        arrival.error = await(arrival.connection->accessToken({})).error();
    }
    QVERIFY(arrival.error);
    const QString words = QUrl(bed.auth.issuer()).authority() + u" says: “Read our <b>terms</b>”"_s;
    QVERIFY2(arrival.error->sentence.contains(words), qPrintable(arrival.told()));
}

// Field: 14.13
void TestFieldRegistration::takesTheAccessOfAPerson()
{
    Testbed bed;
    bed.auth.editTokenAnswer = [](const FakeRequest &, FakeResponse *response) {
        QJsonObject inner = QJsonDocument::fromJson(response->body).object();
        inner.insert(u"token_type"_s, u"user"_s);
        *response = FakeResponse::json({{u"ok"_s, true}, {u"authed_user"_s, inner}});
    };
    Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    const auto &entries = arrival.connection->activityLog().activity;
    QVERIFY(std::ranges::any_of(entries,
                                [](const auto &entry) { return entry.text.contains(u"authed_user"_s); }));
    field::liveOn(&bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

// Field: 14.14
void TestFieldRegistration::saysWhichAccessIsOfNoUse()
{
    Testbed bed;
    bed.auth.tokenOverrides = {{u"token_type"_s, u"mac"_s}};
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY(arrival.error);
    QVERIFY2(arrival.error->sentence.contains(u"(mac)"_s), qPrintable(arrival.told()));
    QVERIFY2(arrival.error->sentence.contains(u"Only its owner can mend that"_s), qPrintable(arrival.told()));
}

// Field: 14.15
void TestFieldRegistration::saysThatANameIsMissing()
{
    Testbed bed;
    bed.auth.announcesIss = true;
    bed.auth.sendsIss = false;
    const Arrival arrival = travel(&bed, visitor(bed));
    QVERIFY(arrival.error);
    QCOMPARE(arrival.error->kind, ErrorKind::RefusedByPolicy);
    QVERIFY2(arrival.error->sentence.contains(u"promises to sign its answers with its name and didn't"_s),
             qPrintable(arrival.told()));
    QCOMPARE(bed.auth.codeExchanges(), 0);
}

QTEST_GUILESS_MAIN(TestFieldRegistration)
#include "tst_fieldregistration.moc"
