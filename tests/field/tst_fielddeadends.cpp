// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kind 0: servers that could not be entered at all. One confirmation gets in, where the refusal is told:
// through the calls of the window (journey.h) and through the real mooringctl, whose next command can be
// pasted.
#include "field/journey.h"
#include "field/terminalway.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using field::TerminalWay;
using support::FakeAuthServer;
using support::FakeMcpServer;
using support::FakeResponse;

namespace {

constexpr auto methods = "code_challenge_methods_supported"_L1;

void protect(FakeMcpServer *mcp, FakeAuthServer *auth)
{
    mcp->protect(auth->issuer(), [auth](const QByteArray &token) { return auth->isActive(token); });
}

/// What the number stands for in tests/field.txt.
void arrange(int number, FakeMcpServer *mcp, FakeAuthServer *auth)
{
    const QString metadata = u"/.well-known/openid-configuration"_s;
    switch (number) {
    case 1:
        auth->metadataOverrides = {{methods, QJsonValue::Null}};
        break;
    case 2: // null is not the same as not there
        auth->http().route("/.well-known/oauth-authorization-server",
                           [auth, plain = auth->http().routeOf("/.well-known/oauth-authorization-server")](
                               const support::FakeRequest &request) {
                               QJsonObject document = QJsonDocument::fromJson(plain(request).body).object();
                               document[methods] = QJsonValue::Null;
                               return FakeResponse::json(document);
                           });
        break;
    case 3: // Cognito: OpenID discovery only
        auth->servesRfc8414 = false;
        auth->servesOpenId = true;
        auth->metadataOverrides = {{methods, QJsonValue::Null}};
        break;
    case 4:
        mcp->resource = mcp->http().origin() + u"/other"_s;
        break;
    case 5: // one of both after the other
        mcp->resource = mcp->http().origin() + u"/other"_s;
        auth->metadataOverrides = {{methods, QJsonValue::Null}};
        break;
    default:
        break;
    }
}

void wantKey(FakeMcpServer *mcp, const QByteArray &challenge)
{
    mcp->keyHeader = "Authorization";
    mcp->keyValue = "Bearer harbour-key";
    mcp->challengeOverride = challenge;
}

} // namespace

class TstFieldDeadEnds final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void oneConfirmationGetsIn_data();
    void oneConfirmationGetsIn();
    void theNextCommandGetsIn_data();
    void theNextCommandGetsIn();
    void aYesGetsIn_data();
    void aYesGetsIn();
    void namesTheKey_data();
    void namesTheKey();
    void asksForTheKey();
    void offersAPageOnAnotherSite();
    void namesTheAddressOfAnAppByHand();
    void takesTheOfferBeforehand();
    void takesTheAppOfACommandLine();
    void keepsWhatIsWanted_data();
    void keepsWhatIsWanted();
    void asksWhetherToKeepIt();
    void triesThePathThatIsMissing();
    void addsSeveralAtOnce();

private:
    void addOffers();
    QString address() const { return m_mcp->url().toString(); }
    /// Lists and calls. Fails the test if that doesn't work.
    void use(const QString &name);

    std::unique_ptr<TerminalWay> m_way;
    std::unique_ptr<FakeAuthServer> m_auth;
    std::unique_ptr<FakeMcpServer> m_mcp;
};

void TstFieldDeadEnds::init()
{
    m_way = std::make_unique<TerminalWay>();
    m_auth = std::make_unique<FakeAuthServer>();
    m_mcp = std::make_unique<FakeMcpServer>();
    protect(m_mcp.get(), m_auth.get());
}

void TstFieldDeadEnds::addOffers()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QStringList>("remedies");
    const QString pkce = u"tolerates-missing-pkce"_s;
    const QString resource = u"tolerates-foreign-resource"_s;
    QTest::newRow("0.1 no PKCE list") << 1 << QStringList{pkce};
    QTest::newRow("0.2 a PKCE list that is null") << 2 << QStringList{pkce};
    QTest::newRow("0.3 OpenID discovery without a PKCE list") << 3 << QStringList{pkce};
    QTest::newRow("0.4 the resource is another path") << 4 << QStringList{resource};
    QTest::newRow("0.5 another path and no PKCE list") << 5 << QStringList{resource, pkce};
}

// Field: 0.1-0.5
void TstFieldDeadEnds::oneConfirmationGetsIn_data()
{
    addOffers();
}

void TstFieldDeadEnds::oneConfirmationGetsIn()
{
    QFETCH(const int, number);
    QFETCH(const QStringList, remedies);
    support::Testbed bed;
    protect(&bed.mcp, &bed.auth);
    arrange(number, &bed.mcp, &bed.auth);
    field::Arrival arrival = field::travel(&bed, {bed.mcp.url().toString()});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.taken, remedies);
    QCOMPARE(arrival.answer, u"ahoy"_s);
    field::liveOn(&bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    // Who says no gets no further, and keeps the server.
    const field::Arrival declined =
        field::travel(&bed, {.address = bed.mcp.url().toString(), .declines = remedies});
    QVERIFY(declined.connection && !declined.gotIn());
    QCOMPARE(declined.error->remedy, remedies.first());
}

void TstFieldDeadEnds::use(const QString &name)
{
    QCOMPARE(m_way->json({u"tools"_s, name})[u"tools"_s].toArray().size(), 3);
    const QJsonObject called = m_way->json({u"call"_s, name, u"echo"_s, u"{\"text\": \"ahoy\"}"_s});
    QCOMPARE(called[u"text"_s].toString(), u"ahoy"_s);
}

// Field: 0.1-0.5
void TstFieldDeadEnds::theNextCommandGetsIn_data()
{
    addOffers();
}

/// Without a terminal: `add` keeps it, and each refusal names the whole next command.
void TstFieldDeadEnds::theNextCommandGetsIn()
{
    QFETCH(const int, number);
    QFETCH(const QStringList, remedies);
    arrange(number, m_mcp.get(), m_auth.get());
    const QString name = u"Sam's \"harbour\" $HOME"_s;
    QJsonObject told = m_way->json({u"add"_s, address(), u"--name"_s, name});
    QVERIFY(!told[u"connection"_s].toObject()[u"error"_s].toObject()[u"sentence"_s].toString().isEmpty());
    for (qsizetype i = 0; i < remedies.size(); ++i) {
        const bool isLast = i + 1 == remedies.size();
        const QJsonObject error = told[u"error"_s].toObject();
        QCOMPARE((error.isEmpty() ? told : error)[u"remedy"_s].toString(), remedies.at(i));
        const QStringList words = TerminalWay::pasted(told[u"next"_s].toString());
        QVERIFY2(words.contains(name), qPrintable(told[u"next"_s].toString()));
        told = m_way->json(words, isLast ? 0 : 6);
    }
    QCOMPARE(told[u"connection"_s].toObject()[u"state"_s].toString(), u"authorized"_s);
    use(name);
    const QString rules = QString::fromUtf8(m_way->run({u"status"_s, name}).out);
    QVERIFY2(rules.contains(u"Rules bent:"_s), qPrintable(rules));
    m_way->json({u"disconnect"_s, name});
}

// Field: 0.1-0.5
void TstFieldDeadEnds::aYesGetsIn_data()
{
    addOffers();
}

/// At a terminal: the question stands where the refusal is told.
void TstFieldDeadEnds::aYesGetsIn()
{
    QFETCH(const int, number);
    QFETCH(const QStringList, remedies);
    arrange(number, m_mcp.get(), m_auth.get());
    // Declined at `add`, it is kept all the same.
    const TerminalWay::Talk declined =
        m_way->talk({u"add"_s, address(), u"--name"_s, u"Harbour"_s}, {{u"[y/N]"_s, "n"}});
    QVERIFY2(declined.exitCode == 0 && declined.shown.contains(u"Added."_s), qPrintable(declined.shown));
    QVERIFY2(declined.shown.contains(u"mooringctl authorize Harbour --allow-"_s), qPrintable(declined.shown));
    QList<std::pair<QString, QByteArray>> answers;
    for (qsizetype i = 0; i < remedies.size(); ++i) {
        answers.append({u"[y/N]"_s, "y"});
    }
    const TerminalWay::Talk agreed = m_way->talk({u"authorize"_s, u"Harbour"_s}, answers);
    QVERIFY2(agreed.exitCode == 0, qPrintable(agreed.shown));
    use(u"Harbour"_s);
    // Agreed to at `add`, the sign-in follows without a question.
    const TerminalWay::Talk added = m_way->talk({u"add"_s, address(), u"--name"_s, u"Second"_s}, answers);
    QVERIFY2(added.exitCode == 0, qPrintable(added.shown));
    QVERIFY2(added.shown.contains(u"mooringctl authorize Second\r\n"_s), qPrintable(added.shown));
    const TerminalWay::Talk second = m_way->talk({u"authorize"_s, u"Second"_s}, {});
    QVERIFY2(second.exitCode == 0, qPrintable(second.shown));
    use(u"Second"_s);
}

// Field: 0.6-0.7
void TstFieldDeadEnds::namesTheKey_data()
{
    QTest::addColumn<QByteArray>("challenge");
    QTest::newRow("0.6 a key and no sign-in") << QByteArray("-");
    QTest::newRow("0.7 a key that is called Bearer") << QByteArray("Bearer");
}

void TstFieldDeadEnds::namesTheKey()
{
    QFETCH(const QByteArray, challenge);
    m_mcp->admits = nullptr;
    wantKey(m_mcp.get(), challenge);
    m_mcp->servesMetadataAtPath = false;
    const QJsonObject added = m_way->json({u"add"_s, address(), u"--name"_s, u"Weather"_s});
    const QString next = added[u"next"_s].toString();
    QCOMPARE(next, u"mooringctl key Weather Authorization"_s);
    // Whoever tries to use or to authorize it first is told the same.
    QCOMPARE(m_way->json({u"tools"_s, u"Weather"_s}, 3)[u"next"_s].toString(), next);
    m_way->json(TerminalWay::pasted(next), 0, "Bearer harbour-key\n");
    use(u"Weather"_s);

    support::Testbed bed;
    bed.mcp.admits = nullptr;
    wantKey(&bed.mcp, challenge);
    bed.mcp.servesMetadataAtPath = false;
    const field::Arrival arrival = field::travel(
        &bed, {bed.mcp.url().toString(), {{u"Authorization"_s, base::Secret("Bearer harbour-key")}}});
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

// Field: 0.6
void TstFieldDeadEnds::asksForTheKey()
{
    m_mcp->admits = nullptr;
    wantKey(m_mcp.get(), "-");
    m_mcp->servesMetadataAtPath = false;
    const TerminalWay::Talk talk =
        m_way->talk({u"add"_s, address(), u"--name"_s, u"Weather"_s},
                    {{u"Enter the key now? [y/N]"_s, "y"},
                     {u"Key for the header Authorization:"_s, "harbour-key"},
                     // It was typed without the word that the server wants in front.
                     {u"Try it that way? [y/N]"_s, "y"}});
    QVERIFY2(talk.exitCode == 0, qPrintable(talk.shown));
    QVERIFY(!talk.shown.contains(u"harbour-key"_s));
    use(u"Weather"_s);
    // The same for whoever says "authorize".
    m_way->json({u"add"_s, address(), u"--name"_s, u"Later"_s});
    const TerminalWay::Talk later = m_way->talk(
        {u"authorize"_s, u"Later"_s}, {{u"Enter the key now? [y/N]"_s, "y"},
                                       {u"Key for the header Authorization:"_s, "Bearer harbour-key"}});
    QVERIFY2(later.exitCode == 0, qPrintable(later.shown));
    use(u"Later"_s);
}

// Field: 0.8
void TstFieldDeadEnds::offersAPageOnAnotherSite()
{
    m_auth->metadataOverrides = {{u"authorization_endpoint"_s, u"https://login.bank.example/authorize"_s}};
    const QJsonObject added = m_way->json({u"add"_s, address(), u"--name"_s, u"Bank"_s});
    QCOMPARE(added[u"remedy"_s].toString(), u"accepts-foreign-page"_s);
    QCOMPARE(added[u"next"_s].toString(), u"mooringctl authorize Bank --accept-foreign-page"_s);
    const QJsonObject refused = m_way->json({u"authorize"_s, u"Bank"_s}, 6);
    QCOMPARE(refused[u"next"_s].toString(), added[u"next"_s].toString());
    // Nobody serves that page: the person is taken to the real one.
    const std::unique_ptr<QProcess> process = m_way->ctl().start(
        TerminalWay::pasted(added[u"next"_s].toString()) + QStringList{u"--no-browser"_s, u"--json"_s});
    static const QRegularExpression linkLine(u"\\n  (https://login\\.bank\\.example/\\S+)\\n"_s);
    QString said;
    QVERIFY(QTest::qWaitFor(
        [&] {
            said += QString::fromUtf8(process->readAllStandardError());
            return linkLine.match(said).hasMatch();
        },
        60'000));
    QUrl page = m_auth->endpoint("authorize");
    page.setQuery(QUrl(linkLine.match(said).captured(1)).query(QUrl::FullyEncoded));
    support::FakePerson person;
    QVERIFY(person.openUrl()(page));
    QVERIFY(QTest::qWaitFor([&] { return process->state() == QProcess::NotRunning; }, 60'000));
    QCOMPARE(process->exitCode(), 0);
    use(u"Bank"_s);
}

// Field: 0.9
void TstFieldDeadEnds::namesTheAddressOfAnAppByHand()
{
    m_auth->hasRegistration = false;
    QCOMPARE(m_way->json({u"add"_s, address(), u"--name"_s, u"Club"_s})[u"remedy"_s].toString(),
             u"enters-client"_s);
    const QJsonObject refused = m_way->json({u"authorize"_s, u"Club"_s}, 3);
    QCOMPARE(refused[u"next"_s].toString(), u"mooringctl authorize Club --client-id ID"_s);
    static const QRegularExpression addressIn(u"(http://127\\.0\\.0\\.1:\\d+/callback)"_s);
    const auto sentenceOf = [](const QJsonObject &document) {
        return document[u"error"_s].toObject()[u"sentence"_s].toString();
    };
    const QString redirectUri = addressIn.match(sentenceOf(refused)).captured(1);
    QVERIFY2(!redirectUri.isEmpty(), qPrintable(sentenceOf(refused)));
    // The app that is made for it now must still fit at the next run.
    QVERIFY(sentenceOf(m_way->json({u"authorize"_s, u"Club"_s}, 3)).contains(redirectUri));
    m_auth->addClient("by-hand", {}, redirectUri.toLatin1());
    QStringList words = TerminalWay::pasted(refused[u"next"_s].toString());
    words.last() = u"by-hand"_s;
    m_way->json(words);
    use(u"Club"_s);
}

// Field: 0.1
void TstFieldDeadEnds::takesTheOfferBeforehand()
{
    arrange(1, m_mcp.get(), m_auth.get());
    const QJsonObject added =
        m_way->json({u"add"_s, address(), u"--name"_s, u"Harbour"_s, u"--allow-missing-pkce"_s});
    QCOMPARE(added[u"next"_s].toString(), u"mooringctl authorize Harbour"_s);
    m_way->json({u"authorize"_s, u"Harbour"_s});
    use(u"Harbour"_s);
    // It is visible, and goes back.
    QVERIFY(m_way->run({u"status"_s, u"Harbour"_s}).out.contains("Rules bent:"));
    m_way->json({u"disconnect"_s, u"Harbour"_s});
    m_way->json({u"settings"_s, u"Harbour"_s, u"tolerates-missing-pkce="_s});
    QCOMPARE(m_way->json({u"authorize"_s, u"Harbour"_s}, 6)[u"next"_s].toString(),
             u"mooringctl authorize Harbour --allow-missing-pkce"_s);
}

// Field: 0.16
void TstFieldDeadEnds::takesTheAppOfACommandLine()
{
    m_auth->hasRegistration = false;
    quint16 port = 0;
    {
        QTcpServer any;
        QVERIFY(any.listen(QHostAddress::LocalHost));
        port = any.serverPort();
    }
    m_auth->addClient("by-hand", {}, "http://127.0.0.1:" + QByteArray::number(port) + "/callback");
    const QJsonObject added = m_way->json(
        {u"add"_s,
         u"claude mcp add --transport http --client-id by-hand --callback-port %1 Club %2"_s.arg(port).arg(
             address())});
    QCOMPARE(added[u"next"_s].toString(), u"mooringctl authorize Club --client-id by-hand"_s);
    m_way->json(TerminalWay::pasted(added[u"next"_s].toString()));
    use(u"Club"_s);
}

// Field: 0.10-0.13
void TstFieldDeadEnds::keepsWhatIsWanted_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("state");
    QTest::newRow("0.10 a host that does not exist") << u"no such host"_s << 4 << u"unreachable"_s;
    QTest::newRow("0.11 nobody answers there") << u"refused"_s << 4 << u"unreachable"_s;
    QTest::newRow("0.12 a web page") << u"page"_s << 7 << u"not-mcp"_s;
    QTest::newRow("0.13 stopped for safety, and nothing helps") << u"unsafe"_s << 6 << u"stopped"_s;
}

void TstFieldDeadEnds::keepsWhatIsWanted()
{
    QFETCH(const QString, what);
    QFETCH(const int, exitCode);
    QFETCH(const QString, state);
    QString url = address();
    if (what == "no such host"_L1) {
        url = u"https://nosuchhost.invalid/mcp"_s;
    } else if (what == "refused"_L1) {
        m_mcp->http().stop();
    } else if (what == "page"_L1) {
        m_mcp->http().setFallback(
            [](const support::FakeRequest &) { return FakeResponse::html("<html>Hi</html>"); });
        m_mcp->http().removeRoute(m_mcp->path());
    } else {
        m_auth->challengeMethods = QStringList(u"plain"_s);
    }
    const QJsonObject refused = m_way->json({u"add"_s, url, u"--name"_s, u"Later"_s}, exitCode);
    const QString sentence = refused[u"error"_s].toObject()[u"sentence"_s].toString();
    QVERIFY(!sentence.isEmpty());
    const clitest::Run forPeople = m_way->run({u"add"_s, url, u"--name"_s, u"Later"_s});
    QCOMPARE(forPeople.exitCode, exitCode);
    QVERIFY2(forPeople.err.contains("--force"), forPeople.err.constData());
    QCOMPARE(m_way->json({u"list"_s})[u"connections"_s].toArray().size(), 0);
    const QJsonObject kept = m_way->json({u"add"_s, url, u"--name"_s, u"Later"_s, u"--force"_s});
    QCOMPARE(kept[u"connection"_s].toObject()[u"state"_s].toString(), state);
    // Another process says the same.
    const QJsonObject status = m_way->json({u"status"_s, u"Later"_s})[u"connection"_s].toObject();
    QCOMPARE(status[u"state"_s].toString(), state);
    QCOMPARE(status[u"error"_s].toObject()[u"sentence"_s].toString(), sentence);
}

// Field: 0.11
void TstFieldDeadEnds::asksWhetherToKeepIt()
{
    m_mcp->http().stop();
    const QStringList add{u"add"_s, address(), u"--name"_s, u"Later"_s};
    const QString question = u"Keep it in the list anyway? [y/N]"_s;
    const TerminalWay::Talk declined = m_way->talk(add, {{question, QByteArray()}});
    QVERIFY2(declined.exitCode == 4, qPrintable(declined.shown));
    QCOMPARE(m_way->json({u"list"_s})[u"connections"_s].toArray().size(), 0);
    const TerminalWay::Talk agreed = m_way->talk(add, {{question, "y"}});
    QVERIFY2(agreed.exitCode == 0, qPrintable(agreed.shown));
    m_mcp->http().start();
    m_way->json({u"authorize"_s, u"Later"_s});
    use(u"Later"_s);
}

// Field: 0.14
void TstFieldDeadEnds::triesThePathThatIsMissing()
{
    const clitest::Run added = m_way->run({u"add"_s, m_mcp->http().origin(), u"--name"_s, u"Harbour"_s});
    QVERIFY2(added.exitCode == 0, added.err.constData());
    QVERIFY2(added.err.contains("/mcp"), added.err.constData());
    const QJsonObject status = m_way->json({u"status"_s, u"Harbour"_s})[u"connection"_s].toObject();
    QCOMPARE(status[u"url"_s].toString(), address());
    m_way->json({u"authorize"_s, u"Harbour"_s});
    use(u"Harbour"_s);
}

// Field: 0.15
void TstFieldDeadEnds::addsSeveralAtOnce()
{
    FakeMcpServer open;
    const QString snippet =
        u"{\"mcpServers\": {\"Harbour\": {\"url\": \"%1\"}, \"Open\": {\"url\": \"%2\"}}}"_s.arg(
            address(), open.url().toString());
    const QJsonObject added = m_way->json({u"add"_s}, 0, snippet.toUtf8());
    QCOMPARE(added[u"servers"_s].toArray().size(), 2);
    m_way->json({u"authorize"_s, u"Harbour"_s});
    use(u"Harbour"_s);
    use(u"Open"_s);
    // One that is there already is no reason to leave out the other.
    m_way->json({u"remove"_s, u"Open"_s});
    const QJsonObject again = m_way->json({u"add"_s, snippet}, 2);
    QVERIFY(again[u"servers"_s].toArray().at(0).toObject().contains(u"error"_s));
    QVERIFY(again[u"servers"_s].toArray().at(1).toObject().contains(u"connection"_s));
    // A person chooses.
    m_way->json({u"remove"_s, u"Open"_s});
    const TerminalWay::Talk talk = m_way->talk({u"add"_s, snippet}, {{u"Which of them?"_s, "2"}});
    QVERIFY2(talk.exitCode == 0, qPrintable(talk.shown));
    QCOMPARE(m_way->json({u"list"_s})[u"connections"_s].toArray().size(), 2);
}

QTEST_GUILESS_MAIN(TstFieldDeadEnds)
#include "tst_fielddeadends.moc"
