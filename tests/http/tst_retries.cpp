// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/retries.h"

#include "support/await.h"
#include "support/fakeserver.h"

#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace mooring;
using http::Retries;
using support::FakeResponse;
using support::FakeServer;
using Of = Retries::Of;

Q_DECLARE_METATYPE(mooring::http::Retries::Of)
Q_DECLARE_METATYPE(mooring::support::FakeResponse)

namespace {

base::Deadlines quickDeadlines()
{
    base::Deadlines deadlines;
    deadlines.retryPauses = {std::chrono::milliseconds(20), std::chrono::milliseconds(60)};
    return deadlines;
}

/// A POST, because Qt sends a GET again by itself.
http::Request post(const QUrl &url)
{
    http::Request request;
    request.verb = "POST";
    request.url = url;
    request.body = "code=1";
    request.limits.deadline = std::chrono::milliseconds(400);
    return request;
}

FakeResponse withRetryAfter(int status)
{
    FakeResponse response = FakeResponse::empty(status);
    response.headers.add("Retry-After", "5");
    return response;
}

base::Result<http::Response> send(const http::Request &request, Of what)
{
    http::Client client;
    return support::await(http::sendPatiently(client, request, Retries(what, quickDeadlines()), {}));
}

base::Task<base::Result<http::Addresses>> fail(base::Error error)
{
    co_return base::failed(error);
}

http::Resolver resolverThatFails(bool saysThatThereIsNoSuchHost)
{
    return
        [saysThatThereIsNoSuchHost](const QString &host, std::chrono::milliseconds, const std::stop_token &) {
            base::Error error = makeError(base::ErrorKind::Network, u"No."_s, u"the resolver"_s, host);
            error.isNoSuchHost = saysThatThereIsNoSuchHost;
            return fail(error);
        };
}

} // namespace

class TestRetries final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void passingTroubleIsNotSeen_data();
    void passingTroubleIsNotSeen();
    void lastingTroubleIsTold_data();
    void lastingTroubleIsTold();
    void whatHasNotArrivedIsSentAgain_data();
    void whatHasNotArrivedIsSentAgain();
    void unknownHostIsToldAtOnce();
    void namesThatNobodyCanLookUpAreTriedAgain();
    void stopEndsThePause();
};

void TestRetries::passingTroubleIsNotSeen_data()
{
    QTest::addColumn<FakeResponse>("trouble");
    QTest::newRow("connection lost") << FakeResponse::hangUp();
    QTest::newRow("502") << FakeResponse::empty(502);
    QTest::newRow("503") << FakeResponse::empty(503);
    QTest::newRow("504") << FakeResponse::empty(504);
}

void TestRetries::passingTroubleIsNotSeen()
{
    QFETCH(const FakeResponse, trouble);
    for (const int times : {1, 2}) {
        FakeServer server;
        server.route("/a", FakeResponse::json({{u"a"_s, 1}}));
        for (int i = 0; i < times; ++i) {
            server.once("/a", trouble);
        }
        const base::Result<http::Response> response = send(post(server.url(u"/a"_s)), Of::AnyRequest);
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        QCOMPARE(server.count("/a"), times + 1);
    }
}

void TestRetries::lastingTroubleIsTold_data()
{
    QTest::addColumn<FakeResponse>("trouble");
    QTest::addColumn<Of>("what");
    QTest::addColumn<int>("requests");
    QTest::newRow("connection lost") << FakeResponse::hangUp() << Of::AnyRequest << 3;
    QTest::newRow("503") << FakeResponse::empty(503) << Of::AnyRequest << 3;
    QTest::newRow("503 with its own time") << withRetryAfter(503) << Of::AnyRequest << 1;
    QTest::newRow("500") << FakeResponse::empty(500) << Of::AnyRequest << 1;
    QTest::newRow("404") << FakeResponse::empty(404) << Of::AnyRequest << 1;
    QTest::newRow("silence") << FakeResponse::silence() << Of::AnyRequest << 1;
    QTest::newRow("may have arrived") << FakeResponse::hangUp() << Of::UnsentOnly << 1;
    QTest::newRow("503 to what counts") << FakeResponse::empty(503) << Of::UnsentOnly << 1;
}

void TestRetries::lastingTroubleIsTold()
{
    QFETCH(const FakeResponse, trouble);
    QFETCH(const Of, what);
    QFETCH(const int, requests);
    FakeServer server;
    server.route("/a", trouble);
    const base::Result<http::Response> response = send(post(server.url(u"/a"_s)), what);
    QVERIFY(!response || !response->isSuccess());
    QCOMPARE(server.count("/a"), requests);
}

void TestRetries::whatHasNotArrivedIsSentAgain_data()
{
    QTest::addColumn<Of>("what");
    QTest::addColumn<std::chrono::milliseconds>("comesBackAfter");
    QTest::addColumn<bool>("arrives");
    using std::chrono::milliseconds;
    QTest::newRow("harmless, back at the second try") << Of::AnyRequest << milliseconds(10) << true;
    QTest::newRow("harmless, back at the third try") << Of::AnyRequest << milliseconds(50) << true;
    QTest::newRow("once, back at the second try") << Of::UnsentOnly << milliseconds(10) << true;
    QTest::newRow("once, back too late") << Of::UnsentOnly << milliseconds(500) << false;
}

void TestRetries::whatHasNotArrivedIsSentAgain()
{
    QFETCH(const Of, what);
    QFETCH(const std::chrono::milliseconds, comesBackAfter);
    QFETCH(const bool, arrives);
    FakeServer server;
    server.route("/a", FakeResponse::json({{u"a"_s, 1}}));
    const http::Request request = post(server.url(u"/a"_s));
    server.stop();
    QTimer::singleShot(comesBackAfter, &server, [&server] { server.start(); });
    const base::Result<http::Response> response = send(request, what);
    QCOMPARE(response.has_value(), arrives);
    QCOMPARE(server.count("/a"), arrives ? 1 : 0);
}

void TestRetries::unknownHostIsToldAtOnce()
{
    http::Client client(base::systemClock(), resolverThatFails(true));
    base::Deadlines deadlines;
    deadlines.retryPauses.fill(std::chrono::minutes(10));
    const base::Result<http::Response> response = support::await(http::sendPatiently(
        client, post(QUrl(u"https://no-such-host.invalid/"_s)), Retries(Of::AnyRequest, deadlines), {}));
    QVERIFY(!response);
    QVERIFY(response.error().isNoSuchHost || response.error().kind == base::ErrorKind::Timeout);
}

void TestRetries::namesThatNobodyCanLookUpAreTriedAgain()
{
    http::Client client(base::systemClock(), resolverThatFails(false));
    base::Deadlines deadlines;
    deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    const base::Result<http::Response> response = support::await(http::sendPatiently(
        client, post(QUrl(u"https://no-such-host.invalid/"_s)), Retries(Of::AnyRequest, deadlines), {}));
    QVERIFY(!response);
    // In the resolver's words, not Qt's, which says "not found" for everything.
    QVERIFY(response.error().detail == u"the resolver"_s
            || response.error().kind == base::ErrorKind::Timeout);
}

void TestRetries::stopEndsThePause()
{
    FakeServer server;
    server.route("/a", FakeResponse::hangUp());
    http::Client client;
    base::Deadlines deadlines;
    deadlines.retryPauses.fill(std::chrono::minutes(10));
    std::stop_source stop;
    QTimer::singleShot(std::chrono::milliseconds(50), &server, [&stop] { stop.request_stop(); });
    const base::Result<http::Response> response = support::await(http::sendPatiently(
        client, post(server.url(u"/a"_s)), Retries(Of::AnyRequest, deadlines), stop.get_token()));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, base::ErrorKind::Cancelled);
    QCOMPARE(server.count("/a"), 1);
}

QTEST_GUILESS_MAIN(TestRetries)
#include "tst_retries.moc"
