// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/tokenset.h"

#include "oauth/refusal.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;

namespace {

const QDateTime sentAt = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);

http::Response answer(const QByteArray &body, int status = 200)
{
    http::Response response;
    response.status = status;
    response.url = QUrl(u"https://login.example.com/token"_s);
    response.sentAt = sentAt;
    response.body = body;
    return response;
}

} // namespace

class TestTokenSet final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wholeAnswer();
    void expiresIn_data();
    void expiresIn();
    void fresh_data();
    void fresh();
    void scopes();
    void forms_data();
    void forms();
    void formLifetimeAndError();
    void boundTokens();
    void numberOfEntraIsInTheDetail();
    void servicesWords_data();
    void servicesWords();
    void quotesNoSecret();
    void busyIsNotCalledWhatItIsNot();
    void tokensInAnObject_data();
    void tokensInAnObject();
    void unusable_data();
    void unusable();
    void errors_data();
    void errors();
    void retryAfter();
};

void TestTokenSet::wholeAnswer()
{
    const auto tokens = readTokenSet(answer(R"({"access_token":"a+/=","token_type":"bEARER","expires_in":60,
        "refresh_token":"r+/","id_token":"i","scope":"x y","unknown":{}})"),
                                     {u"z"_s});
    QVERIFY(tokens);
    QCOMPARE(tokens->accessToken.reveal(), "a+/=");
    QCOMPARE(tokens->refreshToken.reveal(), "r+/");
    QCOMPARE(tokens->idToken.reveal(), "i");
    QCOMPARE(tokens->scopes, (QStringList{u"x"_s, u"y"_s}));
    QCOMPARE(tokens->issuedAt, sentAt);
    QCOMPARE(*tokens->expiresAt, sentAt.addSecs(60));
    // Not JSON by its header, but by its content; and 201 is a success too.
    QVERIFY(readTokenSet(answer(R"({"access_token":"a"})", 201), {}));
}

void TestTokenSet::expiresIn_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("milliseconds"); // -1: not told
    const auto row = [](const char *value, qint64 milliseconds) {
        QTest::newRow(value) << QByteArray(value) << milliseconds;
    };
    row("3600", 3'600'000);
    row("3600.5", 3'600'500);
    row("\"3600\"", 3'600'000);
    row("\" 3600 \"", 3'600'000);
    row("\"3600.5\"", 3'600'500);
    row("3.6e3", 3'600'000);
    row("1", 1'000);
    row("0", -1);
    row("-5", -1);
    row("\"-5\"", -1);
    row("1e18", -1);
    row("1000000000000", -1);
    row("\"1e400\"", -1);
    row("\"inf\"", -1);
    row("\"nan\"", -1);
    row("\"soon\"", -1);
    row("\"\"", -1);
    row("null", -1);
    row("true", -1);
    row("[3600]", -1);
    row("{}", -1);
    row("\"2026-11-20T12:00:00Z\"", -1);
}

// Matrix: 43 TOK, 43 REF
void TestTokenSet::expiresIn()
{
    QFETCH(QByteArray, value);
    QFETCH(qint64, milliseconds);
    const auto tokens = readTokenSet(answer("{\"access_token\":\"a\",\"expires_in\":" + value + "}"), {});
    QVERIFY(tokens);
    QCOMPARE(tokens->expiresAt ? sentAt.msecsTo(*tokens->expiresAt) : -1, milliseconds);
    QCOMPARE(tokens->isFresh(sentAt), true);
}

void TestTokenSet::fresh_data()
{
    QTest::addColumn<qint64>("lifetime");
    QTest::addColumn<qint64>("lastFreshMilliseconds");
    QTest::newRow("an hour: a minute before") << qint64(3600) << qint64(3'540'000 - 1);
    QTest::newRow("ten minutes: a minute before") << qint64(600) << qint64(540'000 - 1);
    QTest::newRow("two minutes: a tenth before") << qint64(120) << qint64(108'000 - 1);
    QTest::newRow("two seconds") << qint64(2) << qint64(1'800 - 1);
}

void TestTokenSet::fresh()
{
    QFETCH(qint64, lifetime);
    QFETCH(qint64, lastFreshMilliseconds);
    TokenSet tokens;
    tokens.issuedAt = sentAt;
    tokens.expiresAt = sentAt.addSecs(lifetime);
    QVERIFY(tokens.isFresh(sentAt));
    QVERIFY(tokens.isFresh(sentAt.addMSecs(lastFreshMilliseconds)));
    QVERIFY(!tokens.isFresh(sentAt.addMSecs(lastFreshMilliseconds + 1)));
    QVERIFY(!tokens.isFresh(sentAt.addYears(1)));
    tokens.expiresAt.reset();
    QVERIFY(tokens.isFresh(sentAt.addYears(100)));
    QVERIFY(!isFresh(sentAt, sentAt.addSecs(-1), sentAt));
}

void TestTokenSet::scopes()
{
    const QStringList asked = {u"asked"_s};
    QCOMPARE(readTokenSet(answer(R"({"access_token":"a"})"), asked)->scopes, asked);
    QCOMPARE(readTokenSet(answer(R"({"access_token":"a","scope":""})"), asked)->scopes, asked);
    QCOMPARE(readTokenSet(answer(R"({"access_token":"a","scope":7})"), asked)->scopes, asked);
    QCOMPARE(readTokenSet(answer(R"({"access_token":"a","scope":"x  y "})"), asked)->scopes,
             (QStringList{u"x"_s, u"y"_s}));
}

void TestTokenSet::forms_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("token");
    const QByteArray form = "application/x-www-form-urlencoded";
    const QByteArray gitHub = "access_token=gho_a%2Bb&scope=repo%20gist&token_type=bearer";
    QTest::newRow("as GitHub") << form + "; charset=utf-8" << gitHub << u"gho_a+b"_s;
    QTest::newRow("as plain text") << QByteArray("text/plain") << gitHub + "\n" << u"gho_a+b"_s;
    QTest::newRow("JSON as plain text")
        << QByteArray("text/plain") << QByteArray(R"({"access_token":"a"})") << u"a"_s;
    QTest::newRow("as a page") << QByteArray("text/html") << gitHub << QString();
    QTest::newRow("token twice") << form << QByteArray("access_token=a&access_token=b") << QString();
    QTest::newRow("no token") << form << QByteArray("hello=world") << QString();
    QTest::newRow("another type") << form << QByteArray("access_token=a&token_type=mac") << QString();
    QTest::newRow("damaged") << form << QByteArray("access_token=%zz") << QString();
}

void TestTokenSet::forms()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, token);
    http::Response response = answer(body);
    response.headers.set("Content-Type", type);
    const auto tokens = readTokenSet(response, {});
    QCOMPARE(tokens ? QString::fromLatin1(tokens->accessToken.reveal()) : QString(), token);
    if (!tokens) {
        QCOMPARE(tokens.error().kind, ErrorKind::Protocol);
    }
}

void TestTokenSet::formLifetimeAndError()
{
    http::Response response = answer("access_token=a&expires_in=3600&scope=x+y");
    response.headers.set("Content-Type", "application/x-www-form-urlencoded");
    const auto tokens = readTokenSet(response, {});
    QCOMPARE(tokens->expiresAt, std::optional(sentAt.addSecs(3600)));
    QCOMPARE(tokens->scopes, (QStringList{u"x"_s, u"y"_s}));
    // GitHub's refusals have status 200.
    response.body = "error=invalid_grant&error_description=The+code+is+incorrect";
    QCOMPARE(readTokenSet(response, {}).error().kind, ErrorKind::SignInNeeded);
    response.body = "error=redirect_uri_mismatch";
    QCOMPARE(readTokenSet(response, {}).error().oauthCode, u"redirect_uri_mismatch"_s);
}

void TestTokenSet::boundTokens()
{
    const http::Response response = answer(R"({"access_token":"a","token_type":"dpop"})");
    QVERIFY(!readTokenSet(response, {}));
    const auto tokens = readTokenSet(response, {}, true);
    QVERIFY(tokens);
    QVERIFY(tokens->isDpopBound);
    QVERIFY(!readTokenSet(answer(R"({"access_token":"a","token_type":"Bearer"})"), {}, true)->isDpopBound);
    QVERIFY(!readTokenSet(answer(R"({"access_token":"a"})"), {}, true)->isDpopBound);
}

void TestTokenSet::numberOfEntraIsInTheDetail()
{
    http::Response response = answer(
        R"({"error":"invalid_request","error_description":"AADSTS90009: a token is requested for itself"})");
    response.status = 400;
    const base::Error error = readTokenSet(response, {}).error();
    QCOMPARE(error.detail, u"HTTP 400, error invalid_request, AADSTS90009"_s);
    QVERIFY(error.sentence.endsWith(u"says: “AADSTS90009: a token is requested for itself”"_s));
}

void TestTokenSet::servicesWords_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const QByteArray &body, const char *code, const QString &words,
                        const QByteArray &type = "application/json") {
        QTest::newRow(name) << type << body << QString::fromLatin1(code) << words;
    };
    row("as it should be", R"({"error":"invalid_scope","error_description":"No such scope"})",
        "invalid_scope", u"No such scope"_s);
    row("message", R"({"error":"invalid_scope","message":"No such scope"})", "invalid_scope",
        u"No such scope"_s);
    row("detail alone", R"({"detail":"Invalid scope"})", "", u"Invalid scope"_s);
    row("details of FastAPI", R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error"}]})",
        "", u"field required"_s);
    row("an error object", R"({"error":{"code":"bad_client","message":"Who are you?"}})", "bad_client",
        u"Who are you?"_s);
    row("a list of errors",
        R"({"errors":[{"code":"E1","message":"One"},{"message":"Two"},{"message":"One"}]})", "e1",
        u"One; Two"_s);
    row("a list", R"([{"error":"invalid_client","error_description":"No"},{"error":"x"}])", "invalid_client",
        u"No"_s);
    row("a sentence for a code", R"({"error":"Your secret is wrong"})", "", u"Your secret is wrong"_s);
    row("a code in capitals", R"({"error":"INVALID_TARGET"})", "invalid_target", QString());
    row("plain text", "Unknown redirect address\n", "", u"Unknown redirect address"_s, "text/plain");
    row("a page", "<html><head><TITLE>Access\n denied</title><body><h1>x</h1>", "", u"Access denied"_s,
        "text/html");
    row("a page without a title", "<!doctype html><h1 class=a>Forbidden</h1><p>no", "", u"Forbidden"_s,
        "text/html");
    row("a form", "error=invalid_scope&error_description=No+such+scope", "invalid_scope", u"No such scope"_s,
        "application/x-www-form-urlencoded");
    row("what could deceive", "{\"error\":\"x\",\"message\":\"a\\u202eb\\u0007c\\nd\"}", "x", u"abc d"_s);
    row("nothing", "", "", QString());
    row("not even JSON", "{\"error\":", "", QString());
}

void TestTokenSet::servicesWords()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, words);
    http::Response response = answer(body, 403);
    response.headers.set("Content-Type", type);
    const base::Error error = tokenError(response, sentAt);
    QCOMPARE(error.oauthCode, code);
    const QString tail = words.isEmpty() ? QString() : u" login.example.com says: “%1”"_s.arg(words);
    QCOMPARE(Refusal::tailOf(error), tail);
    QVERIFY2(error.sentence.endsWith(tail), qPrintable(error.sentence));
}

void TestTokenSet::quotesNoSecret()
{
    const QList<base::Secret> sent = {base::Secret("refresh/token+1234567"), base::Secret("short")};
    for (const QByteArray &quoted : {QByteArray("refresh/token+1234567"), QByteArray("refresh/tok..."),
                                     QByteArray("refresh%2Ftoken%2B123")}) {
        const http::Response response =
            answer("{\"error\":\"invalid_request\",\"message\":\"" + quoted + " is short of life\"}", 400);
        QCOMPARE(Refusal::of(response, sent).words(), u"… is short of life"_s);
        QVERIFY(!tokenError(response, sentAt, sent).sentence.contains(u"refresh"_s));
    }
}

void TestTokenSet::busyIsNotCalledWhatItIsNot()
{
    const base::Error error = tokenError(answer(R"({"error":"temporarily_unavailable"})", 400), sentAt);
    QVERIFY(error.isTransient());
    QVERIFY2(!error.sentence.contains(u"503"_s), qPrintable(error.sentence));
    QCOMPARE(error.detail, u"HTTP 400, error temporarily_unavailable"_s);
}

void TestTokenSet::tokensInAnObject_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *name, const QByteArray &body, const char *token, const char *place) {
        QTest::newRow(name) << body << QString::fromLatin1(token) << QString::fromLatin1(place);
    };
    row("of a person",
        R"({"ok":true,"authed_user":{"access_token":"u","token_type":"user","expires_in":60}})", "u",
        "authed_user");
    row("of a bot", R"({"ok":true,"access_token":"b","token_type":"bot","authed_user":{"id":"U1"}})", "b",
        "");
    row("both", R"({"access_token":"b","token_type":"bot","authed_user":{"access_token":"u"}})", "b", "");
    row("in data", R"({"code":0,"data":{"access_token":"d","expires_in":60}})", "d", "data");
    row("in two places", R"({"data":{"access_token":"d"},"token":{"access_token":"t"}})", "", "");
    row("not usable", R"({"authed_user":{"access_token":"a b"}})", "", "");
    row("of another kind", R"({"authed_user":{"access_token":"u","token_type":"mac"}})", "", "");
    row("not ok", R"({"ok":false,"error":"bad_client_secret","authed_user":{"access_token":"u"}})", "", "");
}

void TestTokenSet::tokensInAnObject()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, token);
    QFETCH(QString, place);
    const auto tokens = readTokenSet(answer(body), {});
    QCOMPARE(tokens ? QString::fromLatin1(tokens->accessToken.reveal()) : QString(), token);
    if (tokens) {
        QCOMPARE(tokens->foundIn, place);
        QCOMPARE(tokens->expiresAt.has_value(), body.contains("expires_in"));
    } else {
        QCOMPARE(tokens.error().kind, ErrorKind::Protocol);
        QVERIFY(tokens.error().sentence.contains(u"login.example.com"_s));
    }
}

void TestTokenSet::unusable_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const QByteArray &body) { QTest::newRow(name) << body; };
    row("empty", "");
    row("HTML", "<html>");
    row("form", "access_token=a&token_type=bearer");
    row("array", "[]");
    row("no token", R"({"token_type":"Bearer"})");
    row("empty token", R"({"access_token":""})");
    row("token is a number", R"({"access_token":5})");
    row("token is null", R"({"access_token":null})");
    row("line break in the token", R"({"access_token":"a\r\nX-Evil: 1"})");
    row("space in the token", R"({"access_token":"a b"})");
    row("letter beyond ASCII", R"({"access_token":"\u00e4"})");
    row("another type", R"({"access_token":"a","token_type":"mac"})");
    row("DPoP", R"({"access_token":"a","token_type":"DPoP"})");
    row("member twice", R"({"access_token":"a","access_token":"b"})");
    row("bytes behind", R"({"access_token":"a"}x)");
}

void TestTokenSet::unusable()
{
    QFETCH(QByteArray, body);
    const auto tokens = readTokenSet(answer(body), {});
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().kind, ErrorKind::Protocol);
    QVERIFY(!tokens.error().isTransient());
    QVERIFY(tokens.error().sentence.contains(u"login.example.com"_s));
    QVERIFY(!tokens.error().detail.contains(u"Evil"_s));
}

void TestTokenSet::errors_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("isTransient");
    const auto row = [](const QByteArray &code, int status, ErrorKind kind, bool isTransient) {
        const QByteArray body = code.isEmpty() ? QByteArray() : "{\"error\":\"" + code + "\"}";
        QTest::addRow("%d %s", status, code.constData()) << body << status << kind << isTransient;
    };
    for (const int status : {200, 400, 401, 403}) {
        row("invalid_grant", status, ErrorKind::SignInNeeded, false);
    }
    row("invalid_refresh_token", 400, ErrorKind::SignInNeeded, false);
    row("expired_token", 400, ErrorKind::SignInNeeded, false);
    row("access_denied", 400, ErrorKind::Denied, false);
    row("temporarily_unavailable", 400, ErrorKind::HttpStatus, true);
    row("temporarily_unavailable", 200, ErrorKind::HttpStatus, true);
    row("server_error", 400, ErrorKind::HttpStatus, true);
    row("slow_down", 400, ErrorKind::HttpStatus, true);
    row("", 500, ErrorKind::HttpStatus, true);
    row("", 503, ErrorKind::HttpStatus, true);
    row("", 429, ErrorKind::HttpStatus, true);
    row("invalid_client", 401, ErrorKind::HttpStatus, false);
    row("invalid_client", 400, ErrorKind::HttpStatus, false);
    row("invalid_request", 400, ErrorKind::HttpStatus, false);
    row("invalid_request", 200, ErrorKind::Protocol, false);
    row("", 400, ErrorKind::HttpStatus, false);
    row("", 404, ErrorKind::HttpStatus, false);
    QTest::newRow("200 with an error object") << QByteArray(R"({"access_token":"a","error":{"message":"x"}})")
                                              << 200 << ErrorKind::Protocol << false;
}

void TestTokenSet::errors()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(ErrorKind, kind);
    QFETCH(bool, isTransient);
    const auto tokens = readTokenSet(answer(body, status), {});
    QVERIFY(!tokens);
    QCOMPARE(base::errorName(tokens.error()), base::errorName(base::makeError(kind, {})));
    QCOMPARE(tokens.error().isTransient(), isTransient);
    QVERIFY(tokens.error().sentence.contains(u"login.example.com"_s));
    const QByteArray code = tokens.error().oauthCode.toUtf8();
    QVERIFY(code.isEmpty() || body.contains('"' + code + '"'));
}

void TestTokenSet::retryAfter()
{
    http::Response busy = answer({}, 503);
    busy.headers.add("Retry-After", "120");
    const auto tokens = readTokenSet(busy, {});
    QCOMPARE(*tokens.error().retryAt, sentAt.addSecs(120));
    QCOMPARE(tokenError(busy, sentAt.addSecs(10)).retryAt->toSecsSinceEpoch(),
             sentAt.toSecsSinceEpoch() + 130);
}

QTEST_GUILESS_MAIN(TestTokenSet)
#include "tst_tokenset.moc"
