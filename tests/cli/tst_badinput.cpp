// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctlrunner.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring::clitest;

/// What the real program says when something is wrong: its exit code, its sentence, and what is kept.
class TstBadInput final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void asksForAClientIdInASentence();
    void tellsADeniedConsent();
    void tellsARefusedKey();
    void refusesWhatCannotBeMeant_data();
    void refusesWhatCannotBeMeant();
    void setsADamagedListAside();
    void needsAKeychain();

private:
    DemoServers m_demo;
    std::unique_ptr<CtlRunner> m_ctl;
};

void TstBadInput::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run it through with-keyring.sh");
    QVERIFY(m_demo.start());
}

void TstBadInput::init()
{
    m_ctl = std::make_unique<CtlRunner>();
}

void TstBadInput::asksForAClientIdInASentence()
{
    m_ctl->add(m_demo.url(u"NoRegistration"_s), u"Club"_s);
    const Run run = m_ctl->run({u"authorize"_s, u"Club"_s});
    QCOMPARE(run.exitCode, 3);
    QVERIFY2(run.err.contains("--client-id"), run.err.constData());
    QVERIFY2(run.err.contains("http://127.0.0.1:"), run.err.constData());
}

void TstBadInput::tellsADeniedConsent()
{
    m_ctl->setPerson(CtlRunner::Person::Denies);
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const Run run = m_ctl->run({u"--json"_s, u"authorize"_s, u"Berths"_s});
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.json()["error"_L1]["kind"_L1].toString(), u"denied"_s);
    QVERIFY(!run.json()["error"_L1]["sentence"_L1].toString().isEmpty());
}

void TstBadInput::tellsARefusedKey()
{
    const QStringList probe = {u"probe"_s, m_demo.url(u"ApiKey"_s), u"--header"_s, u"X-Api-Key"_s};
    QCOMPARE(m_ctl->run(probe, "wrong-key\n").exitCode, 3);
    QCOMPARE(m_ctl->run(probe, "demo-key\n").exitCode, 0);
    const Run nothing = m_ctl->run(probe, "");
    QCOMPARE(nothing.exitCode, 2);
    QVERIFY2(nothing.err.contains("standard input"), nothing.err.constData());
}

void TstBadInput::refusesWhatCannotBeMeant_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("said");

    const auto row = [](const char *name, const QStringList &words, int exitCode,
                        const QByteArray &said = {}) { QTest::newRow(name) << words << exitCode << said; };
    row("no command", {}, 2, "mooringctl --help");
    row("unknown command", {u"dance"_s}, 2, "mooringctl --help");
    row("no URL", {u"add"_s, u"not a url"_s}, 2);
    row("public http", {u"add"_s, u"http://mcp.example.com/mcp"_s}, 6, "mcp.example.com");
    row("other scheme", {u"add"_s, u"javascript:alert(1)"_s}, 6, "javascript:");
    row("unknown connection", {u"tools"_s, u"Nobody"_s}, 7);
    row("bad profile", {u"--profile"_s, u"../else"_s, u"list"_s}, 2);
    row("port that refuses", {u"probe"_s, u"http://127.0.0.1:1/mcp"_s}, 4, "127.0.0.1:1");
}

void TstBadInput::refusesWhatCannotBeMeant()
{
    QFETCH(const QStringList, words);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, said);
    const Run run = m_ctl->run(words);
    const QByteArray all = run.out + run.err;
    QVERIFY2(run.exitCode == exitCode, QByteArray::number(run.exitCode) + ": " + all);
    QVERIFY2(!all.isEmpty() && all.contains(said), all.constData());
    const Run forPrograms = m_ctl->run(QStringList{u"--json"_s} + words);
    QCOMPARE(forPrograms.exitCode, exitCode);
    QVERIFY2(!forPrograms.json()["error"_L1]["sentence"_L1].toString().isEmpty(),
             forPrograms.out.constData());
}

void TstBadInput::setsADamagedListAside()
{
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
    QFile file(m_ctl->folder() + u"/connections.json"_s);
    QVERIFY(file.resize(file.size() / 2));
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray half = file.readAll();

    const Run run = m_ctl->run({u"list"_s});
    QCOMPARE(run.exitCode, 1);
    const QStringList copies =
        QDir(m_ctl->folder()).entryList({u"connections.json.damaged-*"_s}, QDir::Files);
    QCOMPARE(copies.size(), 1);
    QVERIFY2(run.err.contains(copies.first().toUtf8()), run.err.constData());
    QFile copy(m_ctl->folder() + u'/' + copies.first());
    QVERIFY(copy.open(QFile::ReadOnly));
    QCOMPARE(copy.readAll(), half);
    QCOMPARE(m_ctl->ok({u"list"_s})["connections"_L1].toArray().size(), 0);
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
}

void TstBadInput::needsAKeychain()
{
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    m_ctl->setEnvironment(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
    const Run run = m_ctl->run({u"--json"_s, u"authorize"_s, u"Berths"_s});
    QCOMPARE(run.exitCode, 5);
    QCOMPARE(run.json()["error"_L1]["kind"_L1].toString(), u"keychain-missing"_s);
    QVERIFY(!run.json()["error"_L1]["sentence"_L1].toString().isEmpty());
    // No browser was opened for a sign-in that could not be kept.
    QVERIFY2(!run.err.contains("/authorize?"), run.err.constData());
    const Run key =
        m_ctl->run({u"add"_s, m_demo.url(u"ApiKey"_s), u"--header"_s, u"X-Api-Key"_s}, "demo-key\n");
    QCOMPARE(key.exitCode, 5);
    QCOMPARE(m_ctl->filesWith("demo-key"), QStringList());
    QCOMPARE(m_ctl->run({u"list"_s}).exitCode, 0);
}

QTEST_GUILESS_MAIN(TstBadInput)
#include "tst_badinput.moc"
