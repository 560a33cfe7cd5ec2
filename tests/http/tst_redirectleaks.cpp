// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/client.h"

#include "support/await.h"
#include "support/fakeinternet.h"
#include "support/fakeserver.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using support::FakeInternet;
using support::FakeResponse;
using support::FakeServer;

namespace {

http::Request requestTo(const QUrl &url, const QByteArray &verb)
{
    http::Request request;
    request.url = url;
    request.verb = verb;
    request.headers.set("Authorization", "Bearer canary-token");
    request.headers.set("X-Api-Key", "canary-key");
    request.headers.set("DPoP", "canary-proof");
    request.limits.deadline = std::chrono::seconds(5);
    if (verb == "POST") {
        request.body = "refresh_token=canary-refresh";
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    }
    return request;
}

} // namespace

class TestRedirectLeaks final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingFollowsToAnotherOrigin_data();
    void nothingFollowsToAnotherOrigin();
    void controlCharactersAreNotSent_data();
    void controlCharactersAreNotSent();
};

// Proves: VT-06
void TestRedirectLeaks::nothingFollowsToAnotherOrigin_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QString>("target"); // %1: the port of the server, %2: that of the canary
    const std::pair<const char *, QString> targets[] = {
        {"port", u"http://127.0.0.1:%2/x"_s},
        {"host", u"http://localhost:%2/x"_s},
        {"other name of the host", u"http://localhost:%1/x"_s},
        {"scheme", u"https://127.0.0.1:%1/x"_s},
        {"scheme and port", u"https://127.0.0.1:%2/x"_s},
        {"no scheme", u"//127.0.0.1:%2/x"_s},
        {"user name", u"http://127.0.0.1:%1@127.0.0.1:%2/x"_s},
        {"trailing dot", u"http://127.0.0.1.:%2/x"_s},
        {"internet", u"https://evil.example/x"_s},
    };
    for (const int status : {301, 302, 303, 307, 308}) {
        for (const char *verb : {"GET", "POST"}) {
            for (const auto &[name, target] : targets) {
                QTest::addRow("%d %s %s", status, verb, name) << status << QByteArray(verb) << target;
            }
        }
    }
}

void TestRedirectLeaks::nothingFollowsToAnotherOrigin()
{
    QFETCH(int, status);
    QFETCH(QByteArray, verb);
    QFETCH(QString, target);
    FakeInternet internet;
    FakeServer server;
    FakeServer canary;
    const QByteArray location = target.replace("%1"_L1, QString::number(server.port()))
                                    .replace("%2"_L1, QString::number(canary.port()))
                                    .toLatin1();
    server.route("/start", FakeResponse::redirect(location, status));
    http::Client client;
    for (const auto policy :
         {http::Redirects::Refuse, http::Redirects::FollowGet, http::Redirects::FollowSamePost}) {
        http::Request request = requestTo(server.url(u"/start"_s), verb);
        request.redirects = policy;
        const auto response = support::await(client.send(request, {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::RefusedByPolicy);
    }
    QCOMPARE(server.requests().size(), 3U);
    QCOMPARE(canary.connections(), 0);
    const QString own = u"127.0.0.1:%1"_s.arg(server.port());
    QCOMPARE(internet.attempts(), (QStringList{own, own, own}));
}

// Proves: VT-10
void TestRedirectLeaks::controlCharactersAreNotSent_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    for (int c = 0; c <= 0x7f; ++c) {
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            const QByteArray value = "Bearer a" + QByteArray(1, char(c)) + "X-Injected: yes";
            QTest::addRow("value with %02x", unsigned(c)) << QByteArray("Authorization") << value;
        }
    }
    QTest::newRow("line break") << QByteArray("MCP-Protocol-Version") << QByteArray("1\r\nX-Injected: yes");
    QTest::newRow("name") << QByteArray("X-A: b\r\nX-Injected") << QByteArray("yes");
}

void TestRedirectLeaks::controlCharactersAreNotSent()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    FakeServer server;
    http::Client client;
    http::Request request;
    request.url = server.url(u"/x"_s);
    request.headers.add(name, value);
    const auto response = support::await(client.send(request, {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::RefusedByPolicy);
    QVERIFY(!response.error().mayHaveArrived);
    QCOMPARE(server.connections(), 0);
}

QTEST_GUILESS_MAIN(TestRedirectLeaks)
#include "tst_redirectleaks.moc"
