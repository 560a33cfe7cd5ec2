// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/loopbacklistener.h"

#include "oauth/callbackpages.h"
#include "oauth/callbackrequest.h"
#include "support/await.h"
#include "support/fakeperson.h"

#include <QNetworkInterface>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;
using base::ErrorKind;

namespace {

const QByteArray state = "the-state-of-this-sign-in";
const QString issuer = u"https://login.example.com"_s;

/// A listener that waits for `state`, and what it has said so far.
struct Setting {
    std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
    std::vector<base::Result<QByteArray>> answers;
    QSignalSpy received{listener.get(), &QAbstractOAuthReplyHandler::callbackReceived};

    explicit Setting(bool issRequired = true)
    {
        listener->expect(state, issuer, issRequired);
        QObject::connect(listener.get(), &LoopbackListener::answered, listener.get(),
                         [this](const base::Result<QByteArray> &code) { answers.push_back(code); });
    }
    QByteArray host() const { return "127.0.0.1:" + QByteArray::number(listener->port()); }
    QByteArray get(const QByteArray &target) const
    {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n";
    }
    /// Sends the pieces one after the other and returns everything that came back until the end.
    QByteArray talk(const QList<QByteArray> &pieces) const
    {
        QTcpSocket socket;
        QByteArray answer;
        bool hasEnded = false;
        QObject::connect(&socket, &QTcpSocket::disconnected, &socket, [&] { hasEnded = true; });
        socket.connectToHost(QHostAddress::LocalHost, listener->port());
        if (!QTest::qWaitFor([&] { return socket.state() == QTcpSocket::ConnectedState; }, 30'000)) {
            return {};
        }
        socket.setSocketOption(QTcpSocket::LowDelayOption, 1);
        for (const QByteArray &piece : pieces) {
            socket.write(piece);
            socket.flush();
            support::giveTimeFor(std::chrono::milliseconds(1));
        }
        const bool ended = QTest::qWaitFor([&] { return hasEnded; }, 60'000);
        answer += socket.readAll();
        return ended ? answer : "no end";
    }
    QByteArray talk(const QByteArray &bytes) const { return talk(QList<QByteArray>{bytes}); }
    QByteArray goodTarget() const
    {
        return "/callback?code=the%2Fcode%2B+x&state=" + state + "&iss=https%3A%2F%2Flogin.example.com";
    }
};

} // namespace

class TestLoopbackListener final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRealAnswer();
    void splitIntoSegments();
    void strayHits_data();
    void strayHits();
    void pathOfItsOwn();
    void answersThatCount_data();
    void answersThatCount();
    void nothingExpectedYet();
    void oldestConnectionGivesWay();
    void slowRequestIsDropped();
    void portTaken();
    void listensOnLoopbackOnly();
    void hosts_data();
    void hosts();
    void nobodyElseIsLocalhost();
    void otherHostsAreRefused();
    void pagesAreConstantAndClosed();
    void pasted();
};

void TestLoopbackListener::theRealAnswer()
{
    Setting setting;
    const QByteArray page = setting.talk(setting.get(setting.goodTarget()));
    QCOMPARE(page, callbackAnswer(CallbackPage::Done, 200));
    QCOMPARE(setting.answers.size(), 1u);
    QCOMPARE(*setting.answers.at(0), "the/code+ x");
    QCOMPARE(setting.received.count(), 1);
    const QVariantMap values = setting.received.at(0).at(0).toMap();
    QCOMPARE(values.value(u"code"_s).toString(), u"the/code+ x"_s);
    QCOMPARE(values.value(u"state"_s).toString(), QString::fromLatin1(state));
    QCOMPARE(setting.talk(setting.get(setting.goodTarget())), QByteArray());
    QCOMPARE(setting.answers.size(), 1u);
}

void TestLoopbackListener::splitIntoSegments()
{
    Setting setting;
    QList<QByteArray> pieces;
    for (const char c : setting.get(setting.goodTarget())) {
        pieces.append(QByteArray(1, c));
    }
    QVERIFY(setting.talk(pieces).startsWith("HTTP/1.1 200 "));
    QCOMPARE(setting.answers.size(), 1u);
}

void TestLoopbackListener::strayHits_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray good = "/callback?code=c&state=" + state + "&iss=https%3A%2F%2Flogin.example.com";
    const auto row = [](const char *name, const QByteArray &request, int status) {
        QTest::newRow(name) << request << status;
    };
    const auto get = [](const QByteArray &target) {
        return "GET " + target + " HTTP/1.1\r\nHost: HOST\r\n\r\n";
    };
    row("favicon", get("/favicon.ico"), 404);
    row("root", get("/"), 404);
    row("longer path", get("/callback/x" + good.mid(9)), 404);
    row("slash behind", get("/callback/" + good.mid(9)), 404);
    row("encoded path", get("/%63allback" + good.mid(9)), 404);
    row("absolute form", get("http://127.0.0.1" + good), 404);
    row("no parameters", get("/callback"), 400);
    row("no state", get("/callback?code=c"), 400);
    row("empty state", get("/callback?code=c&state="), 400);
    row("wrong state", get("/callback?code=c&state=x" + state.mid(1)), 400);
    row("longer state", get("/callback?code=c&state=" + state + "x"), 400);
    row("wrong state and an error", get("/callback?error=access_denied&state=x"), 400);
    row("neither code nor error", get("/callback?state=" + state), 400);
    row("code twice", get(good + "&code=d"), 400);
    row("state twice", get(good + "&state=" + state), 400);
    row("iss twice", get(good + "&iss=x"), 400);
    row("hidden twin", get(good + "&co%64e=d"), 400);
    row("broken encoding", get(good + "&x=%zz"), 400);
    row("POST", "POST " + good + " HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n", 405);
    row("HEAD", "HEAD " + good + " HTTP/1.1\r\nHost: HOST\r\n\r\n", 405);
    row("lower-case method", "get " + good + " HTTP/1.1\r\nHost: HOST\r\n\r\n", 405);
    row("no host", "GET " + good + " HTTP/1.1\r\n\r\n", 400);
    row("rebound host", "GET " + good + " HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400);
    row("localhost", "GET " + good + " HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 400);
    row("host without port", "GET " + good + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400);
    row("two hosts", "GET " + good + " HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n", 400);
    row("not HTTP", "SSH-2.0-x\r\n\r\n", 400);
    row("four words", "GET " + good + " x HTTP/1.1\r\nHost: HOST\r\n\r\n", 400);
    row("long line", "GET /callback?x=" + QByteArray(9000, 'a'), 414);
    row("long head", "GET " + good + " HTTP/1.1\r\nHost: HOST\r\nX: " + QByteArray(17000, 'a'), 431);
}

// Proves: STA-1, VT-14, VT-15
// Matrix: 14 CB, 19 CB, 21 CB, 26 CB, 39 CB
void TestLoopbackListener::strayHits()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    Setting setting;
    const QByteArray page = setting.talk(request.replace("HOST", setting.host()));
    QCOMPARE(page, callbackAnswer(CallbackPage::Stray, status));
    QCOMPARE(setting.answers.size(), 0u);
    QCOMPARE(setting.listener->refusedRequests(), 1);
    QVERIFY(setting.talk(setting.get(setting.goodTarget())).startsWith("HTTP/1.1 200 "));
    QCOMPARE(setting.answers.size(), 1u);
}

// Proves: VT-05, VT-14
void TestLoopbackListener::pathOfItsOwn()
{
    Setting setting;
    const QString own = callbackPath(issuer);
    setting.listener->setPath(own);
    QCOMPARE(setting.listener->callback(), u"http://127.0.0.1:%1"_s.arg(setting.listener->port()) + own);
    const QByteArray parameters = "?code=c&state=" + state + "&iss=https%3A%2F%2Flogin.example.com";
    for (const QString &path :
         {callbackPath(), callbackPath(u"https://evil.example"_s), own + u'/', own + u'x'}) {
        QCOMPARE(support::statusOf(setting.talk(setting.get(path.toLatin1() + parameters))), 404);
    }
    QVERIFY(setting.answers.empty());
    QCOMPARE(support::statusOf(setting.talk(setting.get(own.toLatin1() + parameters))), 200);
    QCOMPARE(setting.answers.size(), 1u);
}

void TestLoopbackListener::answersThatCount_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<bool>("issRequired");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    const QByteArray iss = "&iss=https%3A%2F%2Flogin.example.com";
    QTest::newRow("denied") << QByteArray("error=access_denied" + iss) << true << ErrorKind::Denied
                            << u"access_denied"_s;
    QTest::newRow("other error") << QByteArray("error=server_error&error_description=<b>x" + iss) << true
                                 << ErrorKind::Protocol << u"server_error"_s;
    QTest::newRow("denied without iss")
        << QByteArray("error=access_denied") << true << ErrorKind::RefusedByPolicy << QString();
    QTest::newRow("denied by somebody else")
        << QByteArray("error=access_denied&error_description=pwned&iss=x") << false
        << ErrorKind::RefusedByPolicy << QString();
    QTest::newRow("code without iss")
        << QByteArray("code=c") << true << ErrorKind::RefusedByPolicy << QString();
    QTest::newRow("iss with a slash")
        << QByteArray("code=c" + iss + "/") << false << ErrorKind::RefusedByPolicy << QString();
    QTest::newRow("iss in capitals") << QByteArray("code=c&iss=HTTPS%3A%2F%2Flogin.example.com") << false
                                     << ErrorKind::RefusedByPolicy << QString();
    QTest::newRow("empty iss") << QByteArray("code=c&iss=") << false << ErrorKind::RefusedByPolicy
                               << QString();
}

// Proves: ISS-2, ISS-3, ISS-4, STA-1, ERR-3
// Matrix: 24 CB, 27 CB, 42 CB
void TestLoopbackListener::answersThatCount()
{
    QFETCH(QByteArray, parameters);
    QFETCH(bool, issRequired);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    Setting setting(issRequired);
    const QByteArray page = setting.talk(setting.get("/callback?state=" + state + '&' + parameters));
    QCOMPARE(page, callbackAnswer(CallbackPage::Failed, 200));
    QCOMPARE(setting.answers.size(), 1u);
    const base::Error error = setting.answers.at(0).error();
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.oauthCode, code);
    QVERIFY(error.sentence.contains(u"login.example.com"_s));
    QVERIFY(!error.sentence.contains(u"pwned"_s) && !error.detail.contains(u"pwned"_s));
    QCOMPARE(setting.received.count(), 0);
}

void TestLoopbackListener::nothingExpectedYet()
{
    const std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
    QSignalSpy received(listener.get(), &QAbstractOAuthReplyHandler::callbackReceived);
    bool isDone = false;
    support::plainGet(QUrl(listener->redirectUri() + u"?code=c&state="_s), listener.get(),
                      [&](const QByteArray &answer) {
                          QCOMPARE(support::statusOf(answer), 400);
                          isDone = true;
                      });
    QTRY_VERIFY(isDone);
    QCOMPARE(received.count(), 0);
}

void TestLoopbackListener::oldestConnectionGivesWay()
{
    Setting setting;
    std::vector<std::unique_ptr<QTcpSocket>> idle;
    for (int i = 0; i < 20; ++i) {
        idle.push_back(std::make_unique<QTcpSocket>());
        idle.back()->connectToHost(QHostAddress::LocalHost, setting.listener->port());
        QTRY_COMPARE(idle.back()->state(), QTcpSocket::ConnectedState);
    }
    const auto open = [&] {
        return std::count_if(idle.begin(), idle.end(),
                             [](const auto &s) { return s->state() == QTcpSocket::ConnectedState; });
    };
    QTRY_COMPARE(open(), 16);
    QVERIFY(idle.at(0)->state() == QTcpSocket::UnconnectedState);
    QVERIFY(setting.talk(setting.get(setting.goodTarget())).startsWith("HTTP/1.1 200 "));
}

void TestLoopbackListener::slowRequestIsDropped()
{
    Setting setting;
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(setting.talk("GET /callback?"), QByteArray());
    // That it is dropped at all is what counts; how long after its five seconds is the machine's affair.
    QVERIFY2(timer.elapsed() > 4500, qPrintable(QString::number(timer.elapsed())));
}

// Matrix: 40 AUT
void TestLoopbackListener::portTaken()
{
    Setting setting;
    const auto second = LoopbackListener::listen(setting.listener->port());
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::Network);
    QVERIFY(second.error().sentence.contains(QString::number(setting.listener->port())));
    const quint16 port = setting.listener->port();
    setting.listener->close();
    const auto third = LoopbackListener::listen(port);
    QVERIFY(third);
    QCOMPARE((*third)->redirectUri(), u"http://127.0.0.1:%1/callback"_s.arg(port));
}

// Proves: VT-13
// Matrix: 31 AUT, 31 CB
void TestLoopbackListener::listensOnLoopbackOnly()
{
    const Setting setting;
    for (const QHostAddress &address : QNetworkInterface::allAddresses()) {
        if (address == QHostAddress::LocalHost) {
            continue;
        }
        QTcpSocket socket;
        socket.connectToHost(address, setting.listener->port());
        QVERIFY2(!socket.waitForConnected(500), qPrintable(address.toString()));
    }
}

void TestLoopbackListener::hosts_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("inUri");
    QTest::addColumn<QHostAddress>("address");
    QTest::newRow("default") << QString() << u"127.0.0.1"_s << QHostAddress(QHostAddress::LocalHost);
    QTest::newRow("IPv4") << u"127.0.0.1"_s << u"127.0.0.1"_s << QHostAddress(QHostAddress::LocalHost);
    QTest::newRow("name over IPv4") << u"localhost"_s << u"localhost"_s
                                    << QHostAddress(QHostAddress::LocalHost);
    QTest::newRow("name over IPv6") << u"localhost"_s << u"localhost"_s
                                    << QHostAddress(QHostAddress::LocalHostIPv6);
    QTest::newRow("IPv6") << u"[::1]"_s << u"[::1]"_s << QHostAddress(QHostAddress::LocalHostIPv6);
}

// Proves: RED-1
void TestLoopbackListener::hosts()
{
    QFETCH(QString, host);
    QFETCH(QString, inUri);
    QFETCH(QHostAddress, address);
    QTcpServer probe;
    if (!probe.listen(address)) {
        // A machine without IPv6 has nobody at that address either.
        QCOMPARE(address, QHostAddress(QHostAddress::LocalHostIPv6));
        return;
    }
    const auto listener = LoopbackListener::listen(0, host);
    QVERIFY(listener);
    const quint16 port = (*listener)->port();
    QCOMPARE((*listener)->redirectUri(), u"http://%1:%2/callback"_s.arg(inUri).arg(port));
    (*listener)->expect(state, issuer, true);
    const auto statusFor = [&](const QString &named) {
        QTcpSocket socket;
        socket.connectToHost(address, port);
        // Refused at once, where nobody listens.
        if (!socket.waitForConnected(3000)) {
            return -1;
        }
        socket.write("GET /callback?state=" + state + "&code=c&iss=https%3A%2F%2Flogin.example.com"
                     + " HTTP/1.1\r\nHost: " + u"%1:%2"_s.arg(named).arg(port).toLatin1() + "\r\n\r\n");
        return QTest::qWaitFor([&] { return socket.state() == QTcpSocket::UnconnectedState; }, 3000)
                   ? support::statusOf(socket.readAll())
                   : -1;
    };
    QVERIFY(statusFor(u"evil.example"_s) >= 400);
    QCOMPARE(statusFor(inUri), 200);
    QCOMPARE(statusFor(inUri), -1);
}

void TestLoopbackListener::nobodyElseIsLocalhost()
{
    QTcpServer squatter;
    if (!squatter.listen(QHostAddress::LocalHostIPv6)) {
        return;
    }
    const auto listener = LoopbackListener::listen(squatter.serverPort(), u"localhost"_s);
    QVERIFY(!listener);
    QCOMPARE(listener.error().kind, ErrorKind::Network);
    QVERIFY(LoopbackListener::listen(squatter.serverPort(), u"127.0.0.1"_s));
}

void TestLoopbackListener::otherHostsAreRefused()
{
    for (const auto &host : {u"0.0.0.0"_s, u"example.com"_s, u"::1"_s, u"127.0.0.2"_s, u"LOCALHOST"_s}) {
        QCOMPARE(LoopbackListener::listen(0, host).error().kind, ErrorKind::InvalidInput);
    }
}

// Proves: VT-16
void TestLoopbackListener::pagesAreConstantAndClosed()
{
    for (const CallbackPage page : {CallbackPage::Done, CallbackPage::Failed, CallbackPage::Stray}) {
        const QByteArray answer = callbackAnswer(page, 200);
        QCOMPARE(answer, callbackAnswer(page, 200));
        for (const char *header : {"Content-Security-Policy: default-src 'none'; style-src 'sha256-",
                                   "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
                                   "Referrer-Policy: no-referrer", "Connection: close"}) {
            QVERIFY2(answer.contains(header), header);
        }
        const qsizetype body = answer.indexOf("\r\n\r\n") + 4;
        QVERIFY(answer.contains("Content-Length: " + QByteArray::number(answer.size() - body) + "\r\n"));
        for (const char *word : {"<script", "http:", "https:", "href", "src="}) {
            QVERIFY2(!answer.mid(body).contains(word), word);
        }
        QVERIFY(answer.contains("Mooring"));
    }
}

void TestLoopbackListener::pasted()
{
    Setting setting;
    const QString good = u"http://"_s + QString::fromLatin1(setting.host() + setting.goodTarget());
    QCOMPARE(setting.listener->acceptPasted(u"nonsense"_s).error().kind, ErrorKind::InvalidInput);
    QCOMPARE(setting.listener->acceptPasted(good + u"&code=x"_s).error().kind, ErrorKind::InvalidInput);
    QCOMPARE(setting.answers.size(), 0u);
    QVERIFY(setting.listener->acceptPasted(good));
    QCOMPARE(setting.answers.size(), 1u);
    QCOMPARE(*setting.answers.at(0), "the/code+ x");
    QCOMPARE(setting.listener->acceptPasted(good).error().kind, ErrorKind::InvalidInput);
}

QTEST_GUILESS_MAIN(TestLoopbackListener)
#include "tst_loopbacklistener.moc"
