// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/client.h"

#include "support/await.h"
#include "support/fakeserver.h"

#include <QTest>

#include <zlib.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using http::Redirects;
using support::FakeRequest;
using support::FakeResponse;
using support::FakeServer;

namespace {

base::Result<http::Response> send(http::Client &client, const http::Request &request)
{
    return support::await(client.send(request, {}));
}

QByteArray gzip(const QByteArray &plain)
{
    z_stream stream = {};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray input = plain;
    QByteArray packed(static_cast<qsizetype>(deflateBound(&stream, uLong(plain.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

FakeResponse encoded(const QByteArray &encoding, const QByteArray &body)
{
    FakeResponse response = FakeResponse::empty(200);
    response.headers.add("Content-Encoding", encoding);
    response.body = body;
    return response;
}

http::Request requestFor(const QUrl &url, const QByteArray &verb = "GET")
{
    http::Request request;
    request.url = url;
    request.verb = verb;
    request.limits.deadline = std::chrono::milliseconds(600);
    request.limits.idle = std::chrono::milliseconds(600);
    if (verb == "POST") {
        request.body = "refresh_token=very+secret";
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    }
    return request;
}

} // namespace

class TestClient final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatGoesOut();
    void redirects_data();
    void redirects();
    void redirectsGoThreeTimes();
    void transportTrouble_data();
    void transportTrouble();
    void tooManyHeaders_data();
    void tooManyHeaders();
    void postIsSentOnce_data();
    void postIsSentOnce();
    void challengesAreNotAnswered_data();
    void challengesAreNotAnswered();
    void extraHeadersGoToOneUrl();
    void cookiesAreNotReturned();
    void encodings_data();
    void encodings();
    void limits();
    void statusesAreAnswers();
    void pieces();
    void stopped();
    void retryAfter_data();
    void retryAfter();
};

void TestClient::whatGoesOut()
{
    FakeServer server;
    server.route("/x", FakeResponse::json({{u"a"_s, 1}}));
    http::Client client;
    http::Request request = requestFor(server.url(u"/x?q=a%2Bb"_s));
    request.headers.set("X-Own", "1");
    const auto response = send(client, request);
    QVERIFY(response);
    QCOMPARE(response->status, 200);
    QCOMPARE(response->mediaType(), "application/json");
    QVERIFY(http::readJsonObject(*response));
    const FakeRequest sent = server.requests().at(0);
    QCOMPARE(sent.target, "/x?q=a%2Bb");
    QStringList names;
    for (const auto &[name, value] : sent.headers.fields()) {
        names.append(QString::fromLatin1(name.toLower()));
    }
    names.sort();
    QCOMPARE(names, (QStringList{u"accept"_s, u"accept-encoding"_s, u"accept-language"_s, u"cache-control"_s,
                                 u"connection"_s, u"host"_s, u"pragma"_s, u"user-agent"_s, u"x-own"_s}));
    QCOMPARE(sent.headers.value("Accept-Encoding"), "identity");
    QCOMPARE(sent.headers.value("User-Agent"), "Mooring/" MOORING_VERSION);
}

void TestClient::redirects_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<Redirects>("policy");
    QTest::addColumn<QByteArray>("target"); // OTHER is another origin
    QTest::addColumn<bool>("isFollowed");
    for (const int status : {301, 302, 303, 307, 308}) {
        const auto row = [&](const char *verb, Redirects policy, const char *target, bool isFollowed) {
            QTest::addRow("%d %s %d %s", status, verb, int(policy), target)
                << status << QByteArray(verb) << policy << QByteArray(target) << isFollowed;
        };
        row("GET", Redirects::FollowGet, "/there", true);
        row("GET", Redirects::FollowGet, "OTHER/there", false);
        row("GET", Redirects::FollowGet, "https://127.0.0.1/there", false);
        row("GET", Redirects::FollowGet, "file:///etc/passwd", false);
        row("GET", Redirects::FollowGet, "", false);
        row("POST", Redirects::FollowSamePost, "", false);
        row("GET", Redirects::Refuse, "/there", false);
        row("POST", Redirects::FollowGet, "/there", false);
        row("POST", Redirects::Refuse, "/there", false);
        row("POST", Redirects::FollowSamePost, "/there", status >= 307);
        row("POST", Redirects::FollowSamePost, "OTHER/there", false);
    }
}

// Proves: VT-06
void TestClient::redirects()
{
    QFETCH(int, status);
    QFETCH(QByteArray, verb);
    QFETCH(Redirects, policy);
    QFETCH(QByteArray, target);
    QFETCH(bool, isFollowed);
    FakeServer server;
    FakeServer other;
    target.replace("OTHER", other.origin().toLatin1());
    server.route("/here",
                 target.isEmpty() ? FakeResponse::empty(status) : FakeResponse::redirect(target, status));
    server.route("/there", FakeResponse::json({}));
    http::Client client;
    http::Request request = requestFor(server.url(u"/here"_s), verb);
    request.redirects = policy;
    request.headers.set("Authorization", "Bearer t");
    const auto response = send(client, request);
    QCOMPARE(response.has_value(), isFollowed);
    QCOMPARE(other.connections(), 0);
    QCOMPARE(server.count("/here"), 1);
    if (isFollowed) {
        QCOMPARE(response->url, server.url(u"/there"_s));
        const FakeRequest last = server.requests().back();
        QCOMPARE(last.method, verb);
        QCOMPARE(last.body, request.body);
        QCOMPARE(last.headers.value("Authorization"), "Bearer t");
    } else {
        QCOMPARE(response.error().kind, target.isEmpty() ? ErrorKind::Protocol : ErrorKind::RefusedByPolicy);
        QVERIFY(response.error().sentence.contains(u"127.0.0.1"_s));
        QCOMPARE(server.requests().size(), 1u);
    }
}

void TestClient::redirectsGoThreeTimes()
{
    FakeServer server;
    server.setFallback([](const FakeRequest &request) {
        const int step = request.path().mid(1).toInt();
        return step == 0 ? FakeResponse::json({})
                         : FakeResponse::redirect('/' + QByteArray::number(step - 1));
    });
    http::Client client;
    http::Request request = requestFor(server.url(u"/3"_s));
    request.redirects = Redirects::FollowGet;
    QVERIFY(send(client, request));
    request.url = server.url(u"/4"_s);
    server.forgetRequests();
    QCOMPARE(send(client, request).error().kind, ErrorKind::Protocol);
    QCOMPARE(server.requests().size(), 4u);
}

void TestClient::transportTrouble_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("silence") << FakeResponse::silence() << ErrorKind::Timeout;
    FakeResponse drip = FakeResponse::html(QByteArray(2000, 'x'));
    drip.drip = std::chrono::milliseconds(20);
    QTest::newRow("drip") << drip << ErrorKind::Timeout;
    FakeResponse cut = FakeResponse::html(QByteArray(2000, 'x'));
    cut.cutAfter = 500;
    QTest::newRow("cut in the body") << cut << ErrorKind::Network;
    cut.cutAfter = 20;
    QTest::newRow("cut in the head") << cut << ErrorKind::Network;
    FakeResponse rubbish;
    rubbish.raw = "220 mail.example.com ESMTP\r\n";
    QTest::newRow("not HTTP") << rubbish << ErrorKind::Network;
}

void TestClient::transportTrouble()
{
    QFETCH(FakeResponse, answer);
    QFETCH(ErrorKind, kind);
    FakeServer server;
    server.route("/", answer);
    http::Client client;
    QElapsedTimer timer;
    timer.start();
    const auto response = send(client, requestFor(server.url(u"/"_s)));
    QVERIFY(!response);
    QVERIFY(response.error().kind == kind || response.error().kind == ErrorKind::Protocol);
    QVERIFY(response.error().sentence.contains(u"127.0.0.1"_s));
    QVERIFY2(timer.elapsed() < 2000, "a total deadline ends everything");
}

void TestClient::tooManyHeaders_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<bool>("isRead");
    const auto withFields = [](int count, int status = 200) {
        FakeResponse answer = FakeResponse::json({{u"a"_s, 1}}, status);
        for (int i = 0; i < count; ++i) {
            answer.headers.add("X-" + QByteArray::number(i), "v");
        }
        return answer;
    };
    QTest::newRow("90") << withFields(90) << true;
    QTest::newRow("150") << withFields(150) << false;
    QTest::newRow("150 and an error") << withFields(150, 500) << false;
    QTest::newRow("150 and a redirect") << withFields(150, 307) << false;
    FakeResponse endless = withFields(150);
    endless.pieces.push_back({std::chrono::milliseconds(0), "x"});
    endless.staysOpen = true;
    QTest::newRow("150 and a stream") << endless << false;
    FakeResponse tooLong = FakeResponse::json({});
    tooLong.headers.add("X-Long", QByteArray(120 * 1024, 'x'));
    QTest::newRow("one of 120 KiB") << tooLong << false;
    FakeResponse bare;
    bare.raw = "HTTP/1.1 204 No Content\r\n\r\n";
    QTest::newRow("none, and no body either") << bare << true;
}

void TestClient::tooManyHeaders()
{
    QFETCH(FakeResponse, answer);
    QFETCH(bool, isRead);
    FakeServer server;
    server.route("/", answer);
    http::Client client;
    http::Request request = requestFor(server.url(u"/"_s));
    request.limits.deadline = std::chrono::seconds(60);
    request.limits.idle = std::chrono::seconds(60);
    QElapsedTimer timer;
    timer.start();
    const auto response = send(client, request);
    QVERIFY2(timer.elapsed() < 20000, "it ends at once, not at the deadline");
    QCOMPARE(response.has_value(), isRead);
    if (!isRead) {
        QCOMPARE(response.error().kind, ErrorKind::Protocol);
        QCOMPARE(response.error().sentence,
                 u"127.0.0.1:%1 sent an answer whose headers can't be used: there are none, too many, or too "
                 "long ones."_s.arg(server.port()));
    }
}

void TestClient::postIsSentOnce_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::newRow("closes without a byte") << FakeResponse::hangUp();
    FakeResponse cut = FakeResponse::json({});
    cut.cutAfter = 30;
    QTest::newRow("closes in the head") << cut;
    QTest::newRow("503") << FakeResponse::empty(503);
    QTest::newRow("401") << FakeResponse::empty(401);
}

void TestClient::postIsSentOnce()
{
    QFETCH(FakeResponse, answer);
    FakeServer server;
    server.route("/token", answer);
    http::Client client;
    const auto response = send(client, requestFor(server.url(u"/token"_s), "POST"));
    QVERIFY(!response || !response->isSuccess());
    support::giveTimeFor(std::chrono::milliseconds(100));
    QCOMPARE(server.requests().size(), 1u);
    QCOMPARE(server.requests().at(0).body, "refresh_token=very+secret");
}

void TestClient::challengesAreNotAnswered_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("authorization");
    for (const char *challenge :
         {"NTLM", "Negotiate", "Basic realm=\"x\"", "Digest realm=\"x\", nonce=\"n\"",
          "NTLM TlRMTVNTUAACAAAAAAAAACgAAAABAAAAAAAAAAAAAAA=", "Negotiate, NTLM, Bearer"}) {
        for (const char *verb : {"GET", "POST"}) {
            for (const char *authorization : {"", "Bearer ours", "Basic b3VyczpvdXJz"}) {
                QTest::addRow("%s %s %s", challenge, verb, authorization)
                    << QByteArray(challenge) << QByteArray(verb) << QByteArray(authorization);
            }
        }
    }
}

void TestClient::challengesAreNotAnswered()
{
    QFETCH(QByteArray, challenge);
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, authorization);
    for (const bool closes : {false, true}) {
        FakeServer server;
        FakeResponse refusal = FakeResponse::json({{u"error"_s, u"x"_s}}, 401);
        refusal.headers.add("WWW-Authenticate", challenge);
        refusal.closes = closes;
        server.route("/", refusal);
        http::Client client;
        http::Request request = requestFor(server.url(u"/"_s), verb);
        if (!authorization.isEmpty()) {
            request.headers.set("Authorization", authorization);
        }
        const auto response = send(client, request);
        support::giveTimeFor(std::chrono::milliseconds(20));
        for (const FakeRequest &sent : server.requests()) {
            QCOMPARE(sent.headers.values("Authorization").size(), authorization.isEmpty() ? 0 : 1);
            QCOMPARE(sent.headers.value("Authorization"), authorization);
        }
        QCOMPARE(server.requests().size(), 1u);
        QVERIFY2(response, response ? "" : qPrintable(response.error().detail));
        QCOMPARE(response->status, 401);
        QCOMPARE(response->headers.value("WWW-Authenticate"), challenge);
        QCOMPARE(response->body, refusal.body);
    }
}

void TestClient::extraHeadersGoToOneUrl()
{
    FakeServer server;
    server.setFallback([](const FakeRequest &) { return FakeResponse::json({}); });
    http::AccessManager manager;
    http::Headers own;
    own.set("Authorization", "Basic x");
    own.set("DPoP", "proof");
    manager.setHeadersFor(server.url(u"/token"_s), own);
    for (const char *path : {"/token", "/token?x", "/other"}) {
        QNetworkReply *reply = manager.get(QNetworkRequest(server.url(QString::fromLatin1(path))));
        QTRY_VERIFY(reply->isFinished());
        reply->deleteLater();
    }
    QCOMPARE(server.requests().at(0).headers.value("Authorization"), "Basic x");
    QCOMPARE(server.requests().at(0).headers.value("DPoP"), "proof");
    QVERIFY(!server.requests().at(1).headers.contains("DPoP"));
    QVERIFY(!server.requests().at(1).headers.contains("Authorization"));
    QVERIFY(!server.requests().at(2).headers.contains("Authorization"));
}

void TestClient::cookiesAreNotReturned()
{
    FakeServer server;
    FakeResponse answer = FakeResponse::json({});
    answer.headers.add("Set-Cookie", "session=1; Path=/");
    server.route("/", answer);
    http::Client client;
    http::AccessManager manager;
    for (int i = 0; i < 2; ++i) {
        QVERIFY(send(client, requestFor(server.url(u"/"_s))));
        QNetworkReply *reply = manager.get(QNetworkRequest(server.url(u"/"_s)));
        QTRY_VERIFY(reply->isFinished());
        reply->deleteLater();
    }
    QCOMPARE(server.requests().size(), 4u);
    for (const FakeRequest &request : server.requests()) {
        QVERIFY(!request.headers.contains("Cookie"));
    }
}

void TestClient::encodings_data()
{
    QTest::addColumn<FakeResponse>("answer");
    QTest::addColumn<bool>("isGood");
    const QByteArray plain = QByteArray("{\"a\":\"") + QByteArray(1000, 'b') + "\"}";
    QTest::newRow("gzip") << encoded("gzip", gzip(plain)) << true;
    QTest::newRow("gzip in capitals") << encoded("GZIP", gzip(plain)) << true;
    QTest::newRow("deflate") << encoded("deflate", qCompress(plain).mid(4)) << true;
    QTest::newRow("identity") << encoded("identity", plain) << true;
    QTest::newRow("bomb") << encoded("gzip", gzip(QByteArray(50'000'000, 'b'))) << false;
    QTest::newRow("cut gzip") << encoded("gzip", gzip(plain).chopped(9)) << false;
    QTest::newRow("not gzip at all") << encoded("gzip", plain) << false;
    QTest::newRow("unasked") << encoded("br", "x") << false;
}

void TestClient::encodings()
{
    QFETCH(FakeResponse, answer);
    QFETCH(bool, isGood);
    FakeServer server;
    server.route("/", answer);
    http::Client client;
    http::Request request = requestFor(server.url(u"/"_s));
    request.limits.deadline = std::chrono::seconds(5);
    const auto response = send(client, request);
    QCOMPARE(response.has_value(), isGood);
    if (isGood) {
        QCOMPARE(response->body.size(), 1008);
    } else {
        QCOMPARE(response.error().kind, ErrorKind::Protocol);
    }
}

void TestClient::limits()
{
    FakeServer server;
    http::Client client;
    http::Request request = requestFor(server.url(u"/"_s));
    request.limits.body = 1000;
    server.route("/", FakeResponse::html(QByteArray(1000, 'x')));
    QVERIFY(send(client, request));
    server.route("/", FakeResponse::html(QByteArray(1001, 'x')));
    QCOMPARE(send(client, request).error().kind, ErrorKind::Protocol);
    // Without a length, and without an end.
    FakeResponse endless = FakeResponse::html({});
    for (int i = 0; i < 200; ++i) {
        endless.pieces.push_back({std::chrono::milliseconds(2), QByteArray(100, 'x')});
    }
    endless.staysOpen = true;
    server.route("/", endless);
    QCOMPARE(send(client, request).error().kind, ErrorKind::Protocol);
}

void TestClient::statusesAreAnswers()
{
    FakeServer server;
    http::Client client;
    for (const int status : {200, 201, 204, 400, 401, 403, 404, 405, 410, 429, 500, 501, 503}) {
        server.route("/", FakeResponse::json({{u"status"_s, status}}, status));
        const auto response = send(client, requestFor(server.url(u"/"_s)));
        QVERIFY2(response, qPrintable(QString::number(status)));
        QCOMPARE(response->status, status);
        if (status != 204) {
            QCOMPARE(http::readJsonObject(*response)->value(u"status"_s).toInt(), status);
        }
    }
}

void TestClient::pieces()
{
    FakeServer server;
    FakeResponse answer = FakeResponse::empty(200);
    answer.headers.add("Content-Type", "text/event-stream; charset=utf-8");
    answer.pieces = {{std::chrono::milliseconds(20), "one"}, {std::chrono::milliseconds(20), "two"}};
    server.route("/", answer);
    http::Client client;
    const auto opened = support::await(client.open(requestFor(server.url(u"/"_s)), {}));
    QVERIFY(opened);
    QCOMPARE((*opened)->head().mediaType(), "text/event-stream");
    QByteArray all;
    while (true) {
        const auto piece = support::await((*opened)->read({}));
        QVERIFY(piece);
        if (piece->isEmpty()) {
            break;
        }
        all += *piece;
    }
    QCOMPARE(all, "onetwo");
}

void TestClient::stopped()
{
    FakeServer server;
    server.route("/", FakeResponse::silence());
    http::Client client;
    std::stop_source stop;
    QTimer::singleShot(30, &server, [&] { stop.request_stop(); });
    const auto response = support::await(client.send(requestFor(server.url(u"/"_s)), stop.get_token()));
    QCOMPARE(response.error().kind, ErrorKind::Cancelled);
    QCOMPARE(support::await(client.send(requestFor(server.url(u"/"_s)), stop.get_token())).error().kind,
             ErrorKind::Cancelled);
}

void TestClient::retryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("seconds"); // -1: not told
    QTest::newRow("seconds") << QByteArray("120") << 120;
    QTest::newRow("zero") << QByteArray("0") << 1;
    QTest::newRow("negative") << QByteArray("-9") << 1;
    QTest::newRow("too long") << QByteArray("999999") << 3600;
    QTest::newRow("date") << QByteArray("Wed, 21 Oct 2026 07:30:00 GMT") << 120;
    QTest::newRow("past date") << QByteArray("Wed, 21 Oct 2015 07:30:00 GMT") << 1;
    QTest::newRow("nonsense") << QByteArray("soon") << 1;
    QTest::newRow("none") << QByteArray() << -1;
}

void TestClient::retryAfter()
{
    QFETCH(QByteArray, value);
    QFETCH(int, seconds);
    const QDateTime now(QDate(2026, 10, 21), QTime(7, 28), Qt::UTC);
    http::ResponseHead head;
    head.status = 503;
    head.url = QUrl(u"https://as.example"_s);
    if (!value.isEmpty()) {
        head.headers.add("Retry-After", value);
    }
    const base::Error error = http::statusError(head, now);
    QCOMPARE(error.retryAt ? int(now.secsTo(*error.retryAt)) : -1, seconds);
    QVERIFY(error.isTransient());
}

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
