// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whose program an answer at the callback port comes from.
#include "oauth/callbackpages.h"
#include "oauth/callbackpeer.h"
#include "oauth/loopbacklistener.h"
#include "support/await.h"

#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QtEndian>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;

namespace {

constexpr uint user = 1000;
const QByteArray state = "the-state-of-this-sign-in";

/// One word of an address, as the kernel prints it.
QByteArray word(quint32 value)
{
    return QByteArray::number(qToBigEndian(value), 16).rightJustified(8, '0').toUpper();
}

// 127.0.0.1 and ::1 with port 8080, and their peers with port 40000.
const QByteArray host4 = word(0x7F000001);
const QByteArray hostMapped = word(0) + word(0) + word(0xFFFF) + host4;
const QByteArray host6 = word(0) + word(0) + word(0) + word(1);
const QByteArray ends4 = host4 + ":1F90 " + host4 + ":9C40";
const QByteArray peer4 = host4 + ":9C40 " + host4 + ":1F90";
const QByteArray peerMapped = hostMapped + ":9C40 " + hostMapped + ":1F90";
const QByteArray ends6 = host6 + ":1F90 " + host6 + ":9C40";
const QByteArray peer6 = host6 + ":9C40 " + host6 + ":1F90";

QByteArray row(const QByteArray &ends, const char *socketState, uint owner, uint inode)
{
    return "   7: " + ends + ' ' + socketState + " 00000000:00000000 00:00000000 00000000 "
           + QByteArray::number(owner).rightJustified(5) + "        0 " + QByteArray::number(inode)
           + " 1 0000000000000000 20 4 30 10 -1\n";
}

} // namespace

class TestCallbackPeer final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tables_data();
    void tables();
    void ownProgram();
    void answers_data();
    void answers();
    void whoDoesNotWaitIsRefused();
};

// Proves: T5
void TestCallbackPeer::tables_data()
{
    QTest::addColumn<QByteArray>("tables");
    QTest::addColumn<QString>("address");
    QTest::addColumn<CallbackPeer>("expected");
    const QByteArray heading =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    const QByteArray own = row(ends4, "01", user, 11);
    const auto add = [&](const char *name, const QByteArray &rows, CallbackPeer expected) {
        QTest::newRow(name) << heading + rows << u"127.0.0.1"_s << expected;
    };
    add("same user", own + row(peer4, "01", user, 12), CallbackPeer::SameUser);
    add("peer first", row(peer4, "01", user, 12) + own, CallbackPeer::SameUser);
    add("root", own + row(peer4, "01", 0, 12), CallbackPeer::SameUser);
    add("another user", own + row(peer4, "01", user + 1, 12), CallbackPeer::OtherUser);
    add("socket for IPv6", own + row(peerMapped, "01", user, 12), CallbackPeer::SameUser);
    add("another user's socket for IPv6", own + row(peerMapped, "01", user + 1, 12), CallbackPeer::OtherUser);
    add("closed by its program", own + row(peer4, "05", 0, 0), CallbackPeer::Gone);
    add("closed at the other end", row(ends4, "08", user, 11) + row(peer4, "05", user, 12),
        CallbackPeer::Gone);
    add("reset", row(ends4, "07", user, 11), CallbackPeer::Gone);
    add("peer outside", own, CallbackPeer::Unknown);
    add("other connections only", row(host4 + ":1F90 " + host4 + ":9C41", "01", user, 11),
        CallbackPeer::Unknown);
    add("cut short", own + "   8: " + peer4 + " 01", CallbackPeer::Unknown);
    add("nothing", {}, CallbackPeer::Unknown);
    QTest::newRow("IPv6, same user") << row(ends6, "01", user, 11) + row(peer6, "01", user, 12) << u"::1"_s
                                     << CallbackPeer::SameUser;
    QTest::newRow("IPv6, another user")
        << row(ends6, "01", user, 11) + row(peer6, "01", user + 1, 12) << u"::1"_s << CallbackPeer::OtherUser;
}

void TestCallbackPeer::tables()
{
    QFETCH(QByteArray, tables);
    QFETCH(QString, address);
    QFETCH(CallbackPeer, expected);
    const QHostAddress host(address);
    QCOMPARE(callbackPeer(tables, {host, 8080, host, 40000}, user), expected);
}

// Proves: T5
void TestCallbackPeer::ownProgram()
{
    for (const QHostAddress::SpecialAddress place : {QHostAddress::LocalHost, QHostAddress::LocalHostIPv6}) {
        QTcpServer server;
        if (!server.listen(QHostAddress(place))) {
            QCOMPARE(place, QHostAddress::LocalHostIPv6); // a computer without IPv6
            continue;
        }
        QTcpSocket client;
        client.connectToHost(server.serverAddress(), server.serverPort());
        QVERIFY(server.waitForNewConnection(3000));
        const std::unique_ptr<QTcpSocket> accepted(server.nextPendingConnection());
        QVERIFY(client.waitForConnected(3000));
        QCOMPARE(callbackPeer(*accepted), CallbackPeer::SameUser);
        client.abort();
        QTRY_COMPARE(callbackPeer(*accepted) == CallbackPeer::SameUser, false);
    }
}

void TestCallbackPeer::answers_data()
{
    QTest::addColumn<QStringList>("asUser");
    QTest::addColumn<bool>("counts");
    QTest::newRow("own user") << QStringList() << true;
    // Only root can become somebody else; tables() has the rest.
    if (::geteuid() == 0) {
        QTest::newRow("another user")
            << QStringList{u"setpriv"_s, u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s}
            << false;
    }
}

// Proves: T5
void TestCallbackPeer::answers()
{
    QFETCH(QStringList, asUser);
    QFETCH(bool, counts);
    const std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
    listener->expect(state, u"https://login.example.com"_s, false);
    int answers = 0;
    connect(listener.get(), &LoopbackListener::answered, this, [&] { ++answers; });
    const QString talk =
        u"exec 3<>/dev/tcp/127.0.0.1/%1; printf 'GET /callback?code=c&state=%2 HTTP/1.1\\r\\n"
        "Host: 127.0.0.1:%1\\r\\n\\r\\n' >&3; cat <&3"_s.arg(listener->port())
            .arg(QString::fromLatin1(state));
    QStringList words = asUser + QStringList{u"bash"_s, u"-c"_s, talk};
    QProcess process;
    process.start(words.takeFirst(), words);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10000);
    const CallbackPage page = counts ? CallbackPage::Done : CallbackPage::Stray;
    QCOMPARE(process.readAllStandardOutput(), callbackAnswer(page, counts ? 200 : 400));
    QCOMPARE(answers, counts ? 1 : 0);
    QCOMPARE(listener->refusedRequests(), counts ? 0 : 1);
}

// Proves: T5
void TestCallbackPeer::whoDoesNotWaitIsRefused()
{
    const std::unique_ptr<LoopbackListener> listener = std::move(*LoopbackListener::listen(0));
    listener->expect(state, u"https://login.example.com"_s, false);
    int answers = 0;
    connect(listener.get(), &LoopbackListener::answered, this, [&] { ++answers; });
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, listener->port());
    QVERIFY(client.waitForConnected(3000));
    client.write("GET /callback?code=c&state=" + state
                 + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(listener->port()) + "\r\n\r\n");
    QVERIFY(client.waitForBytesWritten(3000));
    client.close();
    client.waitForDisconnected(3000);
    QTRY_COMPARE(listener->refusedRequests(), 1);
    QCOMPARE(answers, 0);
}

QTEST_GUILESS_MAIN(TestCallbackPeer)
#include "tst_callbackpeer.moc"
