// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to the very address that was judged, by the name that was asked for.
#include "http/accessmanager.h"

#include "namedbed.h"
#include "support/fakeserver.h"

#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using support::FakeResponse;
using test::far;
using test::farther;
using test::named;
using test::NamedBed;
using test::typed;

namespace {

/// Keeps the first thing that a TLS client says, and hangs up.
class HelloListener final {
public:
    HelloListener()
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                hello += socket->readAll();
                socket->disconnectFromHost();
            });
        });
        if (!m_server.listen(QHostAddress::LocalHost)) {
            qFatal("no port to listen on");
        }
    }
    quint16 port() const { return m_server.serverPort(); }

    QByteArray hello;

private:
    QTcpServer m_server;
};

} // namespace

class TestPinning final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tlsKeepsTheName();
    void certificateOfTheAddressIsNotEnough();
    void serverHearsTheName();
    void noHttp2WhereItIsUnsafe_data();
    void noHttp2WhereItIsUnsafe();
    void nextAddressWhereNothingWasSent();
    void noSecondAddressAfterSending();
};

void TestPinning::tlsKeepsTheName()
{
    NamedBed setting;
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {far});
    const auto response = setting.send();
    QVERIFY2(response, response ? "" : qPrintable(response.error().detail));
    QCOMPARE(response->url, named);
    QCOMPARE(setting.server.requests().at(0).headers.values("Host"), QList<QByteArray>{"login.example.net"});
    // With a port, the port stands there too.
    setting.request.url.setPort(8443);
    QCOMPARE(setting.send()->url.port(), 8443);
    QCOMPARE(setting.server.requests().at(1).headers.value("Host"), "login.example.net:8443");
    QCOMPARE(setting.internet.attempts(), (QStringList{far + u":443"_s, far + u":8443"_s}));
}

// Proves: VT-07
void TestPinning::certificateOfTheAddressIsNotEnough()
{
    NamedBed setting("IP:93.184.216.34,DNS:evil.example");
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {far});
    const auto response = setting.send();
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::Tls);
    QVERIFY(response.error().sentence.contains("login.example.net"_L1));
    QCOMPARE(setting.server.requests().size(), 0U);
}

void TestPinning::serverHearsTheName()
{
    HelloListener listener;
    NamedBed setting;
    setting.internet.place(farther, listener.port());
    setting.names.answer(typed.host(), {far});
    setting.names.answer(named.host(), {farther});
    const auto response = setting.send();
    QVERIFY(!response);
    // Of a hello that was not answered, nothing has been sent to anybody.
    QVERIFY(!response.error().mayHaveArrived);
    QVERIFY2(listener.hello.contains("login.example.net"), listener.hello.toHex().constData());
    QVERIFY(!listener.hello.contains("151.101"));
}

// Proves: VT-24
void TestPinning::noHttp2WhereItIsUnsafe_data()
{
    QTest::addColumn<bool>("isPinned");
    QTest::newRow("by name") << false;
    QTest::newRow("by address") << true;
}

void TestPinning::noHttp2WhereItIsUnsafe()
{
    QFETCH(bool, isPinned);
    HelloListener listener;
    http::AccessManager manager;
    QNetworkRequest request(QUrl(u"https://localhost:%1/x"_s.arg(listener.port())));
    if (isPinned) {
        http::AccessManager::pin(&request, QHostAddress(QHostAddress::LocalHost));
    }
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QTRY_VERIFY(reply->isFinished());
    QVERIFY(listener.hello.contains("localhost"));
    // The protocols that TLS offers (RFC 7301 section 3.1).
    const bool isSafe = QT_VERSION >= QT_VERSION_CHECK(6, 7, 3);
    QCOMPARE(listener.hello.contains("\x02h2"), isSafe && !isPinned);
    // Without HTTP/2 there is nothing to choose from, and none need be offered.
    QVERIFY(listener.hello.contains("\x08http/1.1") || !isSafe || isPinned);
}

void TestPinning::nextAddressWhereNothingWasSent()
{
    NamedBed setting;
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {farther, u"2606:2800:220:1::1"_s, far}); // nobody is at the first two
    setting.request.verb = "POST";
    setting.request.body = "refresh_token=secret";
    QCOMPARE(setting.send()->status, 200);
    QCOMPARE(setting.server.requests().size(), 1U);
    QCOMPARE(setting.server.requests().at(0).body, "refresh_token=secret");
    QCOMPARE(setting.internet.attempts().first(), farther + u":443"_s);
    QCOMPARE(setting.internet.attempts().last(), far + u":443"_s);
}

void TestPinning::noSecondAddressAfterSending()
{
    NamedBed setting;
    setting.internet.place(farther, setting.tls.port());
    setting.server.route("/x", FakeResponse::hangUp());
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {far, farther});
    setting.request.verb = "POST";
    setting.request.body = "code=secret";
    const auto response = setting.send();
    QVERIFY(!response);
    QVERIFY(response.error().mayHaveArrived);
    QCOMPARE(setting.server.requests().size(), 1U);
    QCOMPARE(setting.internet.attempts(), QStringList{far + u":443"_s});
}

QTEST_GUILESS_MAIN(TestPinning)
#include "tst_pinning.moc"
