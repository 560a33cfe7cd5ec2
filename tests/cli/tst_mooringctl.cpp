// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctlrunner.h"
#include "http/form.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

#include <pty.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring::clitest;

/// The real program, the demo servers and a real keyring; only the person is played.
class TstMooringctl final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void livesTheWholeJob();
    void signsInWithARegisteredClient();
    void asksAPersonWithoutShowingTheSecret();
    void acceptsAPastedAddress();
    void givesTheLinkWithoutABrowser();
    void endsCleanlyOnCtrlC();
    void keepsAHeaderKeyOutOfFiles();
    void renamesAndListsForPeople();
    void reportsAProbe();
    void bendsRulesAndGoesBackToNormal();
    void namesAccountsAndDescriptions();
    void movesToAKeyInPlace();
    void asksForMoreOnlyIfSomethingWasRefused();

private:
    QString waitFor(QProcess *process, const QString &pattern) const;
    QByteArray waitForLink(QProcess *process) const;
    std::pair<QString, QByteArray> registerApp(const QByteArray &redirectUri) const;

    DemoServers m_demo;
    std::unique_ptr<CtlRunner> m_ctl;
};

void TstMooringctl::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run it through with-keyring.sh");
    QVERIFY(m_demo.start());
}

void TstMooringctl::init()
{
    m_ctl = std::make_unique<CtlRunner>();
}

/// What the program says on standard error, up to the first match; its first group.
QString TstMooringctl::waitFor(QProcess *process, const QString &pattern) const
{
    const QRegularExpression wanted(pattern);
    process->setReadChannel(QProcess::StandardError);
    QString said;
    QRegularExpressionMatch match;
    while (!match.hasMatch() && (process->bytesAvailable() > 0 || process->waitForReadyRead(60'000))) {
        said += QString::fromUtf8(process->readAllStandardError());
        match = wanted.match(said);
    }
    return match.captured(1);
}

QByteArray TstMooringctl::waitForLink(QProcess *process) const
{
    return waitFor(process, u"\\n  (http://127\\.0\\.0\\.1:\\d+/authorize\\?\\S+)\\n"_s).toLatin1();
}

/// Registers an app at the demo's service as a person would; its id and secret.
std::pair<QString, QByteArray> TstMooringctl::registerApp(const QByteArray &redirectUri) const
{
    static const QRegularExpression page(u"http://\\S+/register-app"_s);
    static const QRegularExpression codes(u"id=\"client-id\">([^<]+)<.*id=\"client-secret\">([^<]+)<"_s);
    const QUrl registration(page.match(m_demo.hint(u"NoRegistration"_s)).captured());
    const Page done = exchange(
        registration, mooring::http::encodeForm({{"name", "Mooring"}, {"redirect_uri", redirectUri}}));
    const QRegularExpressionMatch match = codes.match(QString::fromUtf8(done.body));
    return {match.captured(1), match.captured(2).toLatin1()};
}

void TstMooringctl::livesTheWholeJob()
{
    const QJsonObject added = m_ctl->ok({u"add"_s, m_demo.url(u"Protected"_s), u"--name"_s, u"Berths"_s});
    QCOMPARE(added["connection"_L1]["state"_L1].toString(), u"not-authorized"_s);

    const QJsonObject authorized = m_ctl->ok({u"authorize"_s, u"Berths"_s});
    QCOMPARE(authorized["connection"_L1]["state"_L1].toString(), u"authorized"_s);

    const QJsonObject status = m_ctl->ok({u"status"_s, u"berths"_s})["connection"_L1].toObject();
    QCOMPARE(status["state"_L1].toString(), u"authorized"_s);
    QVERIFY(status["hasRefreshToken"_L1].toBool());
    QVERIFY(status["scopes"_L1].toArray().contains(u"berths:write"_s));

    const QJsonObject tools = m_ctl->ok({u"tools"_s, u"Berths"_s});
    QCOMPARE(tools["server"_L1]["name"_L1].toString(), u"Northport Berths"_s);
    QCOMPARE(tools["tools"_L1].toArray().size(), 4);

    const QJsonObject call = m_ctl->ok({u"call"_s, u"Berths"_s, u"echo"_s, u"{\"text\": \"ahoy\"}"_s});
    QCOMPARE(call["text"_L1].toString(), u"ahoy"_s);
    QCOMPARE(call["isError"_L1].toBool(), false);
    QCOMPARE(m_ctl->ok({u"call"_s, u"Berths"_s, u"echo"_s, u"-"_s}, "{\"text\":\n\"from input\"}")["text"_L1]
                 .toString(),
             u"from input"_s);

    const QJsonObject facts = m_ctl->ok({u"token"_s, u"Berths"_s});
    QVERIFY(!facts.contains("accessToken"_L1));
    QVERIFY(facts["token"_L1]["secondsLeft"_L1].toInt() > 60);
    const QByteArray before = m_ctl->run({u"token"_s, u"Berths"_s, u"--reveal"_s}).out.trimmed();
    QCOMPARE(before.size(), facts["token"_L1]["length"_L1].toInteger());
    QVERIFY(before.startsWith("demo-access-"));

    m_ctl->setEnvironment(u"QT_LOGGING_RULES"_s, u"*=true"_s);
    const Run refresh = m_ctl->run({u"refresh"_s, u"Berths"_s});
    QVERIFY2(refresh.exitCode == 0, refresh.err.constData());
    QVERIFY2(refresh.err.contains("POST 127.0.0.1"), "the log is not on, so it proves nothing");
    QVERIFY2(!refresh.err.contains("demo-access-") && !refresh.err.contains("demo-refresh-"),
             refresh.err.constData());
    m_ctl->setEnvironment(u"QT_LOGGING_RULES"_s, QString());
    const QByteArray after =
        m_ctl->ok({u"token"_s, u"Berths"_s, u"--reveal"_s})["accessToken"_L1].toString().toLatin1();
    QVERIFY(after.startsWith("demo-access-"));
    QVERIFY(after != before);
    QCOMPARE(m_ctl->filesWith(before), QStringList());
    QCOMPARE(m_ctl->filesWith(after), QStringList());

    QCOMPARE(m_ctl->ok({u"disconnect"_s, u"Berths"_s})["outcome"_L1].toString(), u"revoked"_s);
    const Run refused = m_ctl->run({u"token"_s, u"Berths"_s});
    QCOMPARE(refused.exitCode, 3);
    QVERIFY(!refused.err.isEmpty());

    m_ctl->ok({u"remove"_s, u"Berths"_s});
    QCOMPARE(m_ctl->ok({u"list"_s})["connections"_L1].toArray().size(), 0);
    QCOMPARE(m_ctl->run({u"status"_s, u"Berths"_s}).exitCode, 7);
}

void TstMooringctl::signsInWithARegisteredClient()
{
    const auto [clientId, secret] = registerApp("http://127.0.0.1:4000/callback");
    QVERIFY(!clientId.isEmpty());
    QVERIFY(!secret.isEmpty());
    m_ctl->add(m_demo.url(u"NoRegistration"_s), u"Club"_s);
    const QJsonObject authorized = m_ctl->ok(
        {u"authorize"_s, u"Club"_s, u"--client-id"_s, clientId, u"--client-secret-stdin"_s}, secret + '\n');
    QCOMPARE(authorized["connection"_L1]["state"_L1].toString(), u"authorized"_s);
    m_ctl->ok({u"refresh"_s, u"Club"_s});
    QCOMPARE(m_ctl->ok({u"tools"_s, u"Club"_s})["tools"_L1].toArray().size(), 3);
    QCOMPARE(m_ctl->filesWith(secret), QStringList());
}

void TstMooringctl::asksAPersonWithoutShowingTheSecret()
{
    int person = -1;
    int tty = -1;
    QCOMPARE(::openpty(&person, &tty, nullptr, nullptr, nullptr), 0);
    m_ctl->add(m_demo.url(u"NoRegistration"_s), u"Club"_s);
    const std::unique_ptr<QProcess> process = m_ctl->start({u"authorize"_s, u"Club"_s}, tty);
    const QString redirectUri = waitFor(process.get(), u"\\n  (http://127\\.0\\.0\\.1:\\d+/callback)\\n"_s);
    const auto [clientId, secret] = registerApp(redirectUri.toLatin1());
    QVERIFY(!clientId.isEmpty());

    const auto type = [person](const QByteArray &line) {
        return ::write(person, line.constData(), size_t(line.size())) == line.size();
    };
    QVERIFY(type(clientId.toLatin1() + '\n'));
    QVERIFY(!waitFor(process.get(), u"(Client secret)"_s).isEmpty());
    QVERIFY(type(secret + '\n'));
    const Run run = CtlRunner::finish(process.get());
    QVERIFY2(run.exitCode == 0, run.err.constData());

    QByteArray shown(4096, '\0');
    shown.truncate(::read(person, shown.data(), size_t(shown.size())));
    QVERIFY(shown.contains(clientId.toLatin1()));
    QVERIFY(!shown.contains(secret));
    ::close(person);
    ::close(tty);
}

void TstMooringctl::acceptsAPastedAddress()
{
    static const QRegularExpression request(u"name=\"request\" value=\"([^\"]+)\""_s);
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const std::unique_ptr<QProcess> process = m_ctl->start({u"authorize"_s, u"Berths"_s, u"--no-browser"_s});
    const QUrl link(QString::fromLatin1(waitForLink(process.get())));
    QVERIFY(link.isValid());
    const QByteArray id = request.match(QString::fromUtf8(exchange(link).body)).captured(1).toLatin1();
    const QUrl form = link.resolved(QUrl(u"/authorize"_s)).adjusted(QUrl::RemoveQuery);
    const Page decided = exchange(form, mooring::http::encodeForm({{"request", id}, {"decision", "allow"}}));
    QVERIFY(decided.location.startsWith("http://127.0.0.1:"));

    process->write("http://127.0.0.1:1/callback?code=nothing\n");
    process->write(decided.location + '\n');
    const Run run = CtlRunner::finish(process.get());
    QVERIFY2(run.exitCode == 0, run.err.constData());
    QCOMPARE(m_ctl->ok({u"status"_s, u"Berths"_s})["connection"_L1]["state"_L1].toString(), u"authorized"_s);
}

void TstMooringctl::givesTheLinkWithoutABrowser()
{
    m_ctl->setPerson(CtlRunner::Person::HasNoBrowser);
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const std::unique_ptr<QProcess> process = m_ctl->start({u"authorize"_s, u"Berths"_s});
    const QByteArray link = waitForLink(process.get());
    QVERIFY(!link.isEmpty());
    QProcess person;
    person.start(QStringLiteral(MOORING_DEMO), {u"approve"_s, QString::fromLatin1(link)});
    QVERIFY(person.waitForFinished());
    QCOMPARE(person.exitCode(), 0);
    QCOMPARE(CtlRunner::finish(process.get()).exitCode, 0);
}

void TstMooringctl::endsCleanlyOnCtrlC()
{
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const std::unique_ptr<QProcess> process = m_ctl->start({u"authorize"_s, u"Berths"_s, u"--no-browser"_s});
    QVERIFY(!waitForLink(process.get()).isEmpty());
    QCOMPARE(::kill(pid_t(process->processId()), SIGINT), 0);
    QCOMPARE(CtlRunner::finish(process.get()).exitCode, 130);
    QCOMPARE(m_ctl->ok({u"status"_s, u"Berths"_s})["connection"_L1]["signedIn"_L1].toBool(), false);
}

// Proves: VT-21
void TstMooringctl::keepsAHeaderKeyOutOfFiles()
{
    const QByteArray key = "demo-key";
    const QJsonObject added = m_ctl->ok(
        {u"add"_s, m_demo.url(u"ApiKey"_s), u"--name"_s, u"Traffic"_s, u"--header"_s, u"X-Api-Key"_s},
        key + '\n');
    QCOMPARE(added["connection"_L1]["state"_L1].toString(), u"api-key"_s);
    QCOMPARE(added["connection"_L1]["header"_L1].toString(), u"X-Api-Key"_s);
    const QJsonObject call = m_ctl->ok({u"call"_s, u"Traffic"_s, u"echo"_s, u"{\"text\": \"with a key\"}"_s});
    QCOMPARE(call["text"_L1].toString(), u"with a key"_s);
    QCOMPARE(m_ctl->filesWith(key), QStringList());
    m_ctl->ok({u"remove"_s, u"Traffic"_s});
}

void TstMooringctl::renamesAndListsForPeople()
{
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
    m_ctl->ok({u"rename"_s, u"Tides"_s, u"Ebb and flow"_s});
    QCOMPARE(m_ctl->run({u"tools"_s, u"Ebb and flow"_s}).err, QByteArray());
    const Run list = m_ctl->run({u"list"_s});
    QCOMPARE(list.exitCode, 0);
    QVERIFY2(list.out.startsWith("Ebb and flow  127.0.0.1:"), list.out.constData());
    QVERIFY2(list.out.endsWith("  Open\n"), list.out.constData());
    const Run twin = m_ctl->run({u"add"_s, m_demo.url(u"Open"_s)});
    QCOMPARE(twin.exitCode, 2);
    QVERIFY2(twin.err.contains("Ebb and flow"), twin.err.constData());
    const Run call = m_ctl->run({u"call"_s, u"Ebb and flow"_s, u"add"_s, u"{\"a\": 1, \"b\": 2.5}"_s});
    QCOMPARE(call.exitCode, 0);
    QCOMPARE(call.out, QByteArray("3.5\n"));
    const Run failed = m_ctl->run({u"call"_s, u"Ebb and flow"_s, u"add"_s, u"{\"a\": 1}"_s});
    QCOMPARE(failed.exitCode, 1);
    QCOMPARE(m_ctl->run({u"call"_s, u"Ebb and flow"_s, u"no_such_tool"_s}).exitCode, 7);
    QCOMPARE(m_ctl->run({u"call"_s, u"Ebb and flow"_s, u"add"_s, u"[1]"_s}).exitCode, 2);
}

void TstMooringctl::reportsAProbe()
{
    const QJsonObject report = m_ctl->ok({u"probe"_s, m_demo.url(u"Protected"_s)})["report"_L1].toObject();
    QCOMPARE(report["verdict"_L1].toString(), u"needs-sign-in"_s);
    QVERIFY(report["steps"_L1].toArray().size() >= 3);
    const Run forPeople = m_ctl->run({u"probe"_s, m_demo.url(u"Open"_s)});
    QCOMPARE(forPeople.exitCode, 0);
    QVERIFY2(forPeople.out.contains("POST " + m_demo.url(u"Open"_s).toUtf8() + "  200"),
             forPeople.out.constData());
    QVERIFY2(forPeople.out.contains("Northport Tides"), forPeople.out.constData());

    const Run markdown =
        m_ctl->run({u"probe"_s, m_demo.url(u"Protected"_s) + u"?key=canary"_s, u"--report"_s});
    QVERIFY2(markdown.out.startsWith("## Probe report of 127.0.0.1"), markdown.out.constData());
    QVERIFY2(markdown.out.contains("1. "), markdown.out.constData());
    QVERIFY(!markdown.out.contains("canary"));
    const QJsonObject both = m_ctl->ok({u"probe"_s, m_demo.url(u"Protected"_s), u"--report"_s});
    QVERIFY(both["text"_L1].toString().startsWith("## Probe report of 127.0.0.1"_L1));
}

void TstMooringctl::bendsRulesAndGoesBackToNormal()
{
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const QJsonObject changed =
        m_ctl->ok({u"settings"_s, u"Berths"_s, u"redirect-host=localhost"_s, u"sends-resource=no"_s});
    QCOMPARE(changed["settings"_L1]["redirect-host"_L1].toString(), u"localhost"_s);
    QCOMPARE(changed["changed"_L1].toObject(),
             (QJsonObject{{u"redirect-host"_s, u"localhost"_s}, {u"sends-resource"_s, u"no"_s}}));
    QCOMPARE(m_ctl->run({u"settings"_s, u"Berths"_s, u"login-hint=kim"_s}).out,
             QByteArray("login-hint=kim\n"));
    QVERIFY(m_ctl->run({u"settings"_s, u"Berths"_s}).out.contains("redirect-host=localhost\n"));
    const QJsonObject status = m_ctl->ok({u"status"_s, u"Berths"_s});
    QCOMPARE(status["connection"_L1]["settings"_L1]["sends-resource"_L1].toString(), u"no"_s);
    const Run forPeople = m_ctl->run({u"status"_s, u"Berths"_s});
    QVERIFY2(forPeople.out.contains("Rules bent:"), forPeople.out.constData());

    const Run wrong = m_ctl->run({u"settings"_s, u"Berths"_s, u"dpop=always"_s, u"redirect-port=http"_s});
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY2(wrong.err.contains("redirect-port: ") && wrong.err.contains("65535"), wrong.err.constData());
    const QJsonObject kept = m_ctl->ok({u"settings"_s, u"Berths"_s})["settings"_L1].toObject();
    QVERIFY2(kept["dpop"_L1].toString() == "where-wanted"_L1, "all changes count, or none");

    const QJsonObject normal = m_ctl->ok({u"settings"_s, u"Berths"_s, u"--reset"_s, u"login-hint=sam"_s});
    QCOMPARE(normal["settings"_L1]["sends-resource"_L1].toString(), u"yes"_s);
    QCOMPARE(normal["settings"_L1]["redirect-host"_L1].toString(), QString());
    QCOMPARE(normal["settings"_L1]["login-hint"_L1].toString(), u"sam"_s);
}

void TstMooringctl::namesAccountsAndDescriptions()
{
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
    QCOMPARE(m_ctl->ok({u"label"_s, u"Tides"_s, u"work"_s})["connection"_L1]["account"_L1].toString(),
             u"work"_s);
    const QJsonObject before = m_ctl->ok({u"profile-settings"_s});
    const QString address = u"https://example.com/mooring.json"_s;
    const QJsonObject set = m_ctl->ok({u"profile-settings"_s, u"client-metadata-url="_s + address});
    QCOMPARE(set["settings"_L1]["client-metadata-url"_L1].toString(), address);
    QCOMPARE(m_ctl->ok({u"profile-settings"_s}), set);
    QCOMPARE(m_ctl->ok({u"profile-settings"_s, u"--reset"_s}), before);
}

void TstMooringctl::movesToAKeyInPlace()
{
    m_ctl->add(m_demo.url(u"ApiKey"_s), u"Traffic"_s);
    const QJsonObject moved = m_ctl->ok({u"key"_s, u"Traffic"_s, u"X-Api-Key"_s}, "demo-key\n");
    QCOMPARE(moved["connection"_L1]["authorization"_L1].toString(), u"header"_s);
    QCOMPARE(m_ctl->ok({u"call"_s, u"Traffic"_s, u"echo"_s, u"{\"text\": \"hi\"}"_s})["text"_L1].toString(),
             u"hi"_s);
    QCOMPARE(m_ctl->filesWith("demo-key"), QStringList());
    QCOMPARE(m_ctl->run({u"key"_s, u"Traffic"_s, u"X-Api-Key"_s}).exitCode, 2);
    m_ctl->ok({u"remove"_s, u"Traffic"_s});
}

void TstMooringctl::asksForMoreOnlyIfSomethingWasRefused()
{
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const Run run = m_ctl->run({u"authorize"_s, u"Berths"_s, u"--allow-more"_s});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains("--scope"), run.err.constData());
}

QTEST_GUILESS_MAIN(TstMooringctl)
#include "tst_mooringctl.moc"
