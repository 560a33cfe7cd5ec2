// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/authorizationserver.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;

namespace {

const http::UrlPolicy publicPolicy(http::AddressClass::Public);

QJsonObject goodDocument()
{
    return {{u"issuer"_s, u"https://as.example/t"_s},
            {u"authorization_endpoint"_s, u"https://as.example/authorize?x=1"_s},
            {u"token_endpoint"_s, u"https://as.example/token"_s},
            {u"registration_endpoint"_s, u"https://as.example/register"_s},
            {u"revocation_endpoint"_s, u"https://as.example/revoke"_s},
            {u"userinfo_endpoint"_s, u"https://as.example/userinfo"_s},
            {u"scopes_supported"_s, QJsonArray{u"a"_s, 3, u"b"_s}},
            {u"token_endpoint_auth_methods_supported"_s, QJsonArray{u"none"_s}},
            {u"code_challenge_methods_supported"_s, QJsonArray{u"plain"_s, u"S256"_s}},
            {u"authorization_response_iss_parameter_supported"_s, true}};
}

constexpr const char *unsafeAddresses[] = {
    "javascript:alert(1)", "file:///etc/passwd",    "http://as.example/x",   "https://127.0.0.1/x",
    "https://10.0.0.1/",   "https://a@as.example/", "https://as.example/#f", "/relative"};

} // namespace

class TestAuthorizationServer final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goodDocumentIsTaken();
    void issuer_data();
    void issuer();
    void refused_data();
    void refused();
    void namesAPageForDevelopers();
    void optionalEndpointIsLeftOut_data();
    void optionalEndpointIsLeftOut();
    void sloppinessIsForgiven();
    void appNeedsNoPage();
    void nothingThere();
    void proxyIsNamed();
    void recordRoundTrip();
    void recordKeepsWhatWasTolerated();
    void listsOfProofs();
    void editedRecordIsRefused();
    void pushing_data();
    void pushing();
    void signing();
};

void TestAuthorizationServer::goodDocumentIsTaken()
{
    const auto server =
        AuthorizationServer::fromJson(goodDocument(), u"https://as.example/t"_s, publicPolicy);
    QVERIFY(server);
    QCOMPARE(server->authorizationEndpoint, QUrl(u"https://as.example/authorize?x=1"_s));
    QCOMPARE(server->tokenEndpoint, QUrl(u"https://as.example/token"_s));
    QCOMPARE(server->scopesSupported, (QStringList{u"a"_s, u"b"_s}));
    QVERIFY(server->issParameterSupported);
    QVERIFY(!server->clientIdMetadataDocumentSupported);
    QVERIFY(server->grantTypesSupported.isEmpty());
}

void TestAuthorizationServer::issuer_data()
{
    QTest::addColumn<QString>("told");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *told, const char *expected, bool isGood) {
        QTest::addRow("%s for %s", told, expected)
            << QString::fromLatin1(told) << QString::fromLatin1(expected) << isGood;
    };
    row("https://as.example", "https://as.example", true);
    row("https://as.example/", "https://as.example", true);
    row("https://as.example", "https://as.example/", true);
    row("https://as.example//", "https://as.example", false);
    row("https://as.example/T", "https://as.example/t", false);
    row("https://as.example:443", "https://as.example", false);
    row("https://AS.example", "https://as.example", false);
    row("https://evil.example", "https://as.example", false);
    row("", "https://as.example", false);
}

// Proves: ASM-6, ASM-7
void TestAuthorizationServer::issuer()
{
    QFETCH(QString, told);
    QFETCH(QString, expected);
    QFETCH(bool, isGood);
    QJsonObject json = goodDocument();
    json.insert(u"issuer"_s, told);
    const auto server = AuthorizationServer::fromJson(json, expected, publicPolicy);
    QCOMPARE(server.has_value(), isGood);
    if (isGood) {
        QCOMPARE(server->issuer, told);
    } else {
        QCOMPARE(server.error().kind, told.isEmpty() ? ErrorKind::Protocol : ErrorKind::RefusedByPolicy);
        QVERIFY(server.error().sentence.contains(u"as.example"_s));
    }
}

void TestAuthorizationServer::refused_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<ErrorKind>("kind");
    const QJsonValue missing(QJsonValue::Undefined);
    QTest::newRow("no authorization endpoint")
        << u"authorization_endpoint"_s << missing << ErrorKind::Protocol;
    QTest::newRow("no token endpoint") << u"token_endpoint"_s << missing << ErrorKind::Protocol;
    QTest::newRow("token endpoint is a number")
        << u"token_endpoint"_s << QJsonValue(1) << ErrorKind::Protocol;
    QTest::newRow("no challenge methods")
        << u"code_challenge_methods_supported"_s << missing << ErrorKind::RefusedByPolicy;
    QTest::newRow("only plain") << u"code_challenge_methods_supported"_s << QJsonValue(QJsonArray{u"plain"_s})
                                << ErrorKind::RefusedByPolicy;
    for (const char *member : {"authorization_endpoint", "token_endpoint"}) {
        for (const char *url : unsafeAddresses) {
            QTest::addRow("%s %s", member, url)
                << QString::fromLatin1(member) << QJsonValue(QString::fromLatin1(url))
                << ErrorKind::RefusedByPolicy;
        }
    }
}

// Proves: PKCE-3, PKCE-6, RED-6, SSRF-2, SSRF-3, TOK-5
void TestAuthorizationServer::refused()
{
    QFETCH(QString, member);
    QFETCH(QJsonValue, value);
    QFETCH(ErrorKind, kind);
    QJsonObject json = goodDocument();
    json.insert(member, value);
    const auto server = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
    QVERIFY(!server);
    QCOMPARE(server.error().kind, kind);
    QVERIFY(server.error().sentence.contains(u"as.example"_s));
}

/// Bug B4. Nobody needs it to sign in, so a bad one spoils nothing.
void TestAuthorizationServer::namesAPageForDevelopers()
{
    QJsonObject json = goodDocument();
    json.insert(u"service_documentation"_s, u"https://docs.example/apps?a=b"_s);
    const auto server = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
    QVERIFY(server);
    QCOMPARE(server->serviceDocumentation, QUrl(u"https://docs.example/apps?a=b"_s));
    const auto again = AuthorizationServer::fromRecord(server->toRecord(), publicPolicy);
    QVERIFY(again);
    QCOMPARE(again->serviceDocumentation, server->serviceDocumentation);
    for (const QJsonValue &bad : {QJsonValue(u"javascript:alert(1)"_s), QJsonValue(u"file:///etc/passwd"_s),
                                  QJsonValue(u"http://192.168.1.1/"_s), QJsonValue(), QJsonValue(7)}) {
        json.insert(u"service_documentation"_s, bad);
        const auto without = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
        QVERIFY(without);
        QVERIFY(!without->serviceDocumentation.isValid());
        QVERIFY(!without->toRecord().contains("service_documentation"_L1));
    }
}

void TestAuthorizationServer::optionalEndpointIsLeftOut_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QJsonValue>("value");
    for (const char *member : {"registration_endpoint", "revocation_endpoint", "userinfo_endpoint"}) {
        for (const char *url : unsafeAddresses) {
            QTest::addRow("%s %s", member, url)
                << QString::fromLatin1(member) << QJsonValue(QString::fromLatin1(url));
        }
        QTest::addRow("%s is a number", member) << QString::fromLatin1(member) << QJsonValue(1);
    }
}

// Proves: RED-6, SSRF-2, SSRF-3
void TestAuthorizationServer::optionalEndpointIsLeftOut()
{
    QFETCH(QString, member);
    QFETCH(QJsonValue, value);
    QJsonObject json = goodDocument();
    json.insert(member, value);
    const auto server = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
    QVERIFY2(server, server ? "" : qPrintable(server.error().detail));
    QCOMPARE(server->omissions.size(), 1);
    QCOMPARE(server->omissions.first().member, member);
    QVERIFY(!server->omissions.first().detail.isEmpty());
    QVERIFY(!server->toRecord().contains(member));
    json.insert(member, QJsonValue::Null);
    QCOMPARE(AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy)->omissions.size(),
             0);
}

void TestAuthorizationServer::sloppinessIsForgiven()
{
    QJsonObject json = goodDocument();
    json.insert(u"authorization_endpoint"_s, u" https://as.example/a?x=openid profile&\n"_s);
    json.insert(u"code_challenge_methods_supported"_s, u"S256"_s);
    const auto server = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
    QVERIFY2(server, server ? "" : qPrintable(server.error().detail));
    QCOMPARE(server->authorizationEndpoint.toString(QUrl::FullyEncoded),
             u"https://as.example/a?x=openid%20profile&"_s);
    QCOMPARE(server->codeChallengeMethods, QStringList{u"S256"_s});
    // A line break inside an address is no sloppiness, and a blank in a host's name is none either.
    for (const QString &text : {u"https://as.example/a\r\nb"_s, u"https://as.example evil.example/"_s}) {
        json.insert(u"authorization_endpoint"_s, text);
        const auto refused = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::RefusedByPolicy);
    }
}

void TestAuthorizationServer::appNeedsNoPage()
{
    QJsonObject json = goodDocument();
    json.remove(u"authorization_endpoint"_s);
    json.remove(u"code_challenge_methods_supported"_s);
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    const auto server =
        AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy, settings);
    QVERIFY2(server, server ? "" : qPrintable(server.error().detail));
    QVERIFY(AuthorizationServer::fromRecord(server->toRecord(), publicPolicy));
    QVERIFY(!AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy));
}

void TestAuthorizationServer::nothingThere()
{
    for (const QJsonObject &json : {QJsonObject(), QJsonObject{{u"status"_s, u"ok"_s}}}) {
        const auto server = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
        QVERIFY(!server);
        QCOMPARE(server.error().kind, ErrorKind::NotFound);
    }
}

void TestAuthorizationServer::proxyIsNamed()
{
    QJsonObject json = goodDocument();
    json.insert(u"issuer"_s, u"http://as.example/t"_s);
    const auto server = AuthorizationServer::fromJson(json, u"https://as.example/t"_s, publicPolicy);
    QVERIFY(!server);
    QVERIFY2(server.error().sentence.contains("http:// in place of https://"_L1),
             qPrintable(server.error().sentence));
}

void TestAuthorizationServer::recordRoundTrip()
{
    const auto server =
        AuthorizationServer::fromJson(goodDocument(), u"https://as.example/t"_s, publicPolicy);
    const auto again = AuthorizationServer::fromRecord(server->toRecord(), publicPolicy);
    QVERIFY(again);
    QCOMPARE(again->toRecord(), server->toRecord());
    QCOMPARE(again->issuer, server->issuer);
    QCOMPARE(again->revocationEndpoint, server->revocationEndpoint);
    QCOMPARE(again->tokenEndpointAuthMethods, server->tokenEndpointAuthMethods);
    QCOMPARE(again->issParameterSupported, true);
}

void TestAuthorizationServer::recordKeepsWhatWasTolerated()
{
    QJsonObject document = goodDocument();
    document.remove(u"code_challenge_methods_supported"_s);
    const SignInSettings tolerant = withRemedy({}, remedies::toleratesMissingPkce);
    const auto server =
        AuthorizationServer::fromJson(document, u"https://as.example/t"_s, publicPolicy, tolerant);
    QVERIFY(server);
    // The setting may be gone by then, and the sign-in must still be given back.
    const auto again = AuthorizationServer::fromRecord(server->toRecord(), publicPolicy);
    QVERIFY(again);
    QCOMPARE(again->toRecord(), server->toRecord());
    QJsonObject plain = server->toRecord();
    plain.insert(u"code_challenge_methods_supported"_s, QJsonArray{u"plain"_s});
    QVERIFY(!AuthorizationServer::fromRecord(plain, publicPolicy));
}

void TestAuthorizationServer::listsOfProofs()
{
    QJsonObject document = goodDocument();
    document.insert(u"token_endpoint_auth_signing_alg_values_supported"_s, QJsonArray{u"ES256"_s});
    document.insert(u"dpop_signing_alg_values_supported"_s, QJsonArray{u"ES256"_s, u"RS256"_s});
    document.insert(u"authorization_grant_profiles_supported"_s, QJsonArray{u"p"_s});
    const auto server = AuthorizationServer::fromJson(document, u"https://as.example/t"_s, publicPolicy);
    QCOMPARE(server->tokenEndpointSigningAlgorithms, QStringList{u"ES256"_s});
    QCOMPARE(server->dpopSigningAlgorithms, (QStringList{u"ES256"_s, u"RS256"_s}));
    QCOMPARE(server->grantProfiles, QStringList{u"p"_s});
    QCOMPARE(AuthorizationServer::fromRecord(server->toRecord(), publicPolicy)->toRecord(),
             server->toRecord());
}

void TestAuthorizationServer::editedRecordIsRefused()
{
    const auto server =
        AuthorizationServer::fromJson(goodDocument(), u"https://as.example/t"_s, publicPolicy);
    QJsonObject record = server->toRecord();
    record.insert(u"token_endpoint"_s, u"http://evil.example/token"_s);
    QCOMPARE(AuthorizationServer::fromRecord(record, publicPolicy).error().kind, ErrorKind::RefusedByPolicy);
    record = server->toRecord();
    record.remove(u"issuer"_s);
    QCOMPARE(AuthorizationServer::fromRecord(record, publicPolicy).error().kind, ErrorKind::RefusedByPolicy);
}

void TestAuthorizationServer::pushing_data()
{
    QTest::addColumn<QJsonValue>("endpoint");
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QString>("outcome");
    const QString good = u"https://push.as.example/par"_s;
    const auto row = [](const char *name, const QJsonValue &endpoint, bool isRequired,
                        const QString &outcome) { QTest::newRow(name) << endpoint << isRequired << outcome; };
    row("offered", u"https://as.example/par"_s, false, u"taken"_s);
    row("required", u"https://as.example/par"_s, true, u"taken"_s);
    row("of the same site", good, true, u"taken"_s);
    row("nothing said", QJsonValue::Undefined, false, u"none"_s);
    row("null", QJsonValue::Null, false, u"none"_s);
    row("required, nowhere", QJsonValue::Undefined, true, u"protocol"_s);
    row("required, a number", 7, true, u"protocol"_s);
    row("offered elsewhere", u"https://evil.example/par"_s, false, u"none"_s);
    row("required elsewhere", u"https://evil.example/par"_s, true, u"refused-by-policy"_s);
    row("offered in the clear", u"http://as.example/par"_s, false, u"none"_s);
    row("required in the clear", u"http://as.example/par"_s, true, u"refused-by-policy"_s);
    row("required nearer", u"https://127.0.0.1/par"_s, true, u"refused-by-policy"_s);
}

// A record brings back the same.
void TestAuthorizationServer::pushing()
{
    QFETCH(QJsonValue, endpoint);
    QFETCH(bool, isRequired);
    QFETCH(QString, outcome);
    QJsonObject document = goodDocument();
    document.insert(u"require_pushed_authorization_requests"_s, isRequired);
    document.insert(u"pushed_authorization_request_endpoint"_s, endpoint);
    const auto server = AuthorizationServer::fromJson(document, u"https://as.example/t"_s, publicPolicy);
    if (!server) {
        QCOMPARE(base::errorName(server.error()), outcome);
        return;
    }
    QCOMPARE(server->pushedRequestEndpoint.isValid() ? u"taken"_s : u"none"_s, outcome);
    const auto again = AuthorizationServer::fromRecord(server->toRecord(), publicPolicy);
    QVERIFY(again);
    QCOMPARE(again->pushedRequestEndpoint, server->pushedRequestEndpoint);
    QCOMPARE(again->requiresPushedRequests, isRequired);
    // What an older version has written has none of it.
    QCOMPARE(server->toRecord().contains(u"require_pushed_authorization_requests"_s), isRequired);
}

void TestAuthorizationServer::signing()
{
    QJsonObject document = goodDocument();
    document.insert(u"require_signed_request_object"_s, true);
    document.insert(u"request_object_signing_alg_values_supported"_s, QJsonArray{u"ES256"_s, u"RS256"_s});
    const auto server = AuthorizationServer::fromJson(document, u"https://as.example/t"_s, publicPolicy);
    QVERIFY(server && server->requiresSignedRequest);
    QCOMPARE(server->requestSigningAlgorithms, (QStringList{u"ES256"_s, u"RS256"_s}));
    const auto again = AuthorizationServer::fromRecord(server->toRecord(), publicPolicy);
    QVERIFY(again && again->requiresSignedRequest);
    QCOMPARE(again->requestSigningAlgorithms, server->requestSigningAlgorithms);
}

QTEST_GUILESS_MAIN(TestAuthorizationServer)
#include "tst_authorizationserver.moc"
