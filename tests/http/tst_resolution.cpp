// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/resolution.h"

#include "namedbed.h"
#include "support/fakeserver.h"

#include <QNetworkProxy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::ErrorKind;
using support::FakeInternet;
using support::FakeResponse;
using support::FakeServer;
using test::far;
using test::farther;
using test::named;
using test::NamedBed;
using test::near;
using test::typed;

namespace {

/// Says no to every CONNECT, and remembers it.
class Proxy final {
public:
    Proxy()
    {
        m_server.setFallback([](const support::FakeRequest &) { return FakeResponse::empty(403); });
        QNetworkProxy::setApplicationProxy(
            QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, m_server.port()));
    }
    ~Proxy() { QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy); }
    Q_DISABLE_COPY_MOVE(Proxy)
    QStringList conversation() const { return m_server.conversation(); }
    quint16 port() const { return m_server.port(); }

private:
    FakeServer m_server;
};

} // namespace

class TestResolution final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesLeadAsFarAsTheServer_data();
    void namesLeadAsFarAsTheServer();
    void refusalsSayWhereItWouldLead();
    void whatIsTypedIsNotResolvedHere();
    void nobodyResolvesTwice();
    void onceFarAwayAlwaysFarAway();
    void redirectsAreJudgedAnew();
    void proxiesResolveThemselves();
    void proxiesAreNotAskedForWhatIsNear();
    void systemResolver();
    void systemResolverEnds();
};

// Proves: VT-11
void TestResolution::namesLeadAsFarAsTheServer_data()
{
    QTest::addColumn<QStringList>("ofServer");
    QTest::addColumn<QStringList>("ofNamed");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char *name, const QStringList &server, const QStringList &other, bool allowed) {
        QTest::newRow(name) << server << other << allowed;
    };
    row("internet to internet", {farther}, {far}, true);
    row("internet to network", {farther}, {near}, false);
    row("internet to this computer", {farther}, {u"127.0.0.1"_s}, false);
    row("one far and one here", {farther}, {far, u"127.0.0.1"_s}, false);
    row("one here and one far", {farther}, {u"::1"_s, far}, false);
    row("one far and one near", {farther}, {far, near}, false);
    row("company to company", {near}, {u"10.9.9.9"_s}, true);
    row("company to internet", {near}, {far}, true);
    row("company to this computer", {near}, {u"127.0.0.1"_s}, false);
    row("server with a foot in the company", {farther, near}, {near}, false);
    row("server that nobody knows", {}, {near}, false);
    row("server that nobody knows, internet", {}, {far}, true);
}

void TestResolution::namesLeadAsFarAsTheServer()
{
    QFETCH(QStringList, ofServer);
    QFETCH(QStringList, ofNamed);
    QFETCH(bool, isAllowed);
    NamedBed setting;
    setting.internet.place(u"10.9.9.9"_s, setting.tls.port());
    if (!ofServer.isEmpty()) {
        setting.names.answer(typed.host(), ofServer);
    }
    setting.names.answer(named.host(), ofNamed);
    const auto response = setting.send();
    QCOMPARE(response.has_value(), isAllowed);
    if (isAllowed) {
        QCOMPARE(response->status, 200);
        QCOMPARE(setting.internet.attempts(), QStringList{ofNamed.first() + u":443"_s});
    } else {
        QCOMPARE(response.error().kind, ErrorKind::RefusedByPolicy);
        QCOMPARE(setting.internet.attempts(), QStringList());
        QCOMPARE(setting.server.requests().size(), 0U);
    }
}

// Proves: VT-20
void TestResolution::refusalsSayWhereItWouldLead()
{
    NamedBed setting;
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(u"xn--bcher-kva.example"_s, {near});
    setting.request.url = QUrl(u"https://b\u00fccher.example/x"_s);
    const base::Error error = setting.send().error();
    QCOMPARE(error.sentence,
             u"Stopped: mcp.example.com names xn--bcher-kva.example, but that leads to 10.0.0.1, which is on "
             "this network. Mooring doesn't follow servers there."_s);
    QCOMPARE(error.host, u"xn--bcher-kva.example"_s);
    QVERIFY(!error.mayHaveArrived);
}

void TestResolution::whatIsTypedIsNotResolvedHere()
{
    NamedBed setting;
    setting.internet.name(named.host(), {far});
    setting.request.namedBy.clear();
    QCOMPARE(setting.send()->status, 200);
    setting.request.namedBy = QUrl(u"https://login.example.net/other"_s); // the server's own origin
    QCOMPARE(setting.send()->status, 200);
    setting.request.namedBy = QUrl(u"http://127.0.0.1:1234/mcp"_s); // a server on this very computer
    QCOMPARE(setting.send()->status, 200);
    QCOMPARE(setting.names.asked(), QStringList());
}

// Proves: VT-11
void TestResolution::nobodyResolvesTwice()
{
    NamedBed setting;
    setting.internet.name(named.host(), {u"127.0.0.1"_s}); // what Qt would find, if it looked
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {far});
    setting.names.answer(named.host(), {u"127.0.0.1"_s});
    QCOMPARE(setting.send()->status, 200);
    QCOMPARE(setting.internet.attempts(), QStringList{far + u":443"_s});
    QCOMPARE(setting.names.asked(), (QStringList{typed.host(), named.host()}));
    QCOMPARE(setting.send().error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(setting.internet.attempts().size(), 1);
}

void TestResolution::onceFarAwayAlwaysFarAway()
{
    NamedBed setting;
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(typed.host(), {near});
    setting.names.answer(named.host(), {far});
    setting.names.answer(named.host(), {u"10.9.9.9"_s});
    QCOMPARE(setting.send()->status, 200);
    QCOMPARE(setting.send().error().kind, ErrorKind::RefusedByPolicy);
    // The other way round: what was near and turns out to be far is far from then on.
    const QUrl other(u"https://other.example.com/mcp"_s);
    setting.names.answer(other.host(), {near});
    setting.names.answer(other.host(), {farther});
    setting.names.answer(other.host(), {near});
    setting.internet.place(u"10.9.9.9"_s, setting.tls.port());
    setting.request.namedBy = other;
    QCOMPARE(setting.send()->status, 200);
    QCOMPARE(setting.send().error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(setting.send().error().kind, ErrorKind::RefusedByPolicy);
}

// Proves: VT-11
void TestResolution::redirectsAreJudgedAnew()
{
    NamedBed setting;
    setting.server.route("/x", FakeResponse::redirect("/y"));
    setting.server.route("/y", FakeResponse::json({}));
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {far});
    setting.names.answer(named.host(), {far});
    setting.names.answer(named.host(), {far});
    setting.names.answer(named.host(), {u"169.254.169.254"_s});
    QCOMPARE(setting.send()->url.path(), u"/y"_s);
    setting.internet.forgetAttempts();
    const auto second = setting.send();
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(setting.server.conversation(), (QStringList{u"GET /x"_s, u"GET /y"_s, u"GET /x"_s}));
    QCOMPARE(setting.internet.attempts(), QStringList{far + u":443"_s});
}

void TestResolution::proxiesResolveThemselves()
{
    const Proxy proxy;
    NamedBed setting;
    setting.internet.ignore(proxy.port());
    QVERIFY(!setting.send()); // nobody here knows either name
    QCOMPARE(proxy.conversation(), QStringList{u"CONNECT login.example.net:443"_s});
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {far}); // known, and still the proxy's affair
    QVERIFY(!setting.send());
    QCOMPARE(proxy.conversation().size(), 2);
    QCOMPARE(setting.internet.attempts(), QStringList());
}

// Proves: VT-11
void TestResolution::proxiesAreNotAskedForWhatIsNear()
{
    const Proxy proxy;
    NamedBed setting;
    setting.internet.ignore(proxy.port());
    setting.names.answer(typed.host(), {farther});
    setting.names.answer(named.host(), {near});
    QCOMPARE(setting.send().error().kind, ErrorKind::RefusedByPolicy);
    QCOMPARE(proxy.conversation(), QStringList());
}

void TestResolution::systemResolver()
{
    FakeInternet internet;
    internet.name(u"two.example.org"_s, {far, near});
    const auto two = support::await(http::lookUp(u"two.example.org"_s, std::chrono::seconds(5), {}));
    QVERIFY(two);
    QCOMPARE(*two, (http::Addresses{QHostAddress(far), QHostAddress(near)}));
    const auto none = support::await(http::lookUp(u"none.example.org"_s, std::chrono::seconds(5), {}));
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::Network);
    QCOMPARE(none.error().sentence,
             u"There is no host called none.example.org. Check the address and the network."_s);
}

void TestResolution::systemResolverEnds()
{
    FakeInternet internet;
    internet.silence(u"late.example.org"_s);
    const auto late = support::await(http::lookUp(u"late.example.org"_s, std::chrono::milliseconds(50), {}));
    QVERIFY(!late);
    QCOMPARE(late.error().kind, ErrorKind::Timeout);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        support::await(http::lookUp(u"stopped.example.org"_s, std::chrono::seconds(5), stop.get_token()));
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestResolution)
#include "tst_resolution.moc"
