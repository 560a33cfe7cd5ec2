// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctlrunner.h"
#include "support/fakeserver.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring::clitest;
using mooring::support::FakeResponse;

namespace {

constexpr int patience = 60'000;

} // namespace

/// The real program gives a sign-in back at a service that is away. The keyring is a real one.
class TstCtlDeparture final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void tellsTheServiceWithALaterCommand();
    void forgetsWhatIsLeftOfARemovedServer();
    void isNeitherHeldUpNorFailsForIt();

private:
    /// Run while this process, which is the service, goes on.
    Run run(const QStringList &words);
    /// Rewrites the list, as time or an editor would.
    void change(const std::function<void(QJsonObject *)> &edit) const;
    /// The time for the next try has come.
    void makeDue() const;
    QJsonArray pending();

    DemoServers m_demo;
    mooring::support::FakeServer m_service;
    std::unique_ptr<CtlRunner> m_ctl;
};

void TstCtlDeparture::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run it through with-keyring.sh");
    QVERIFY(m_demo.start());
}

/// Signed in, with a place for revocations that is under control here.
void TstCtlDeparture::init()
{
    m_ctl = std::make_unique<CtlRunner>();
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    m_ctl->ok({u"authorize"_s, u"Berths"_s});
    change([this](QJsonObject *list) {
        QJsonArray connections = (*list)["connections"_L1].toArray();
        QJsonObject connection = connections.first().toObject();
        QJsonObject service = connection["authorizationServer"_L1].toObject();
        service["revocation_endpoint"_L1] = m_service.url(u"/revoke"_s).toString();
        connection["authorizationServer"_L1] = service;
        connections[0] = connection;
        (*list)["connections"_L1] = connections;
    });
    m_service.forgetRequests();
    m_service.route("/revoke", FakeResponse::empty(503));
}

Run TstCtlDeparture::run(const QStringList &words)
{
    const std::unique_ptr<QProcess> process = m_ctl->start(words);
    process->closeWriteChannel();
    const auto hasEnded = [&process] { return process->state() == QProcess::NotRunning; };
    return QTest::qWaitFor(hasEnded, patience) ? CtlRunner::finish(process.get()) : Run();
}

void TstCtlDeparture::change(const std::function<void(QJsonObject *)> &edit) const
{
    QFile file(m_ctl->folder() + u"/connections.json"_s);
    QVERIFY(file.open(QFile::ReadWrite));
    QJsonObject list = QJsonDocument::fromJson(file.readAll()).object();
    edit(&list);
    QVERIFY(file.resize(0) && file.seek(0));
    QVERIFY(file.write(QJsonDocument(list).toJson()) > 0);
}

void TstCtlDeparture::makeDue() const
{
    change([](QJsonObject *list) {
        QJsonArray entries = (*list)["revocations"_L1].toArray();
        QJsonObject entry = entries.first().toObject();
        entry["nextTry"_L1] = entry["since"_L1];
        entries[0] = entry;
        (*list)["revocations"_L1] = entries;
    });
}

QJsonArray TstCtlDeparture::pending()
{
    return m_ctl->ok({u"list"_s})["revocations"_L1].toArray();
}

void TstCtlDeparture::tellsTheServiceWithALaterCommand()
{
    const Run left = run({u"disconnect"_s, u"Berths"_s, u"--json"_s});
    QCOMPARE(left.exitCode, 1);
    QCOMPARE(left.json()["outcome"_L1].toString(), u"pending"_s);
    const QJsonObject entry = left.json()["pendingRevocation"_L1].toObject();
    QCOMPARE(entry["name"_L1].toString(), u"Berths"_s);
    QCOMPARE(m_service.count("/revoke"), 2);
    QCOMPARE(m_ctl->run({u"token"_s, u"Berths"_s}).exitCode, 3);
    QCOMPARE(m_ctl->filesWith("demo-refresh-"), QStringList());

    QCOMPARE(pending(), QJsonArray{entry});
    const QJsonObject shown = m_ctl->ok({u"status"_s, u"Berths"_s})["connection"_L1].toObject();
    QCOMPARE(shown["pendingRevocation"_L1].toObject(), entry);
    for (const QStringList &words : {QStringList{u"list"_s}, QStringList{u"status"_s, u"Berths"_s}}) {
        const QByteArray text = m_ctl->run(words).out;
        QVERIFY2(text.contains("could not be told yet") && text.contains("mooringctl forget "),
                 text.constData());
    }
    // Before its time a command leaves it alone; then the next one that uses the network does it.
    m_service.route("/revoke", FakeResponse::empty(200));
    QCOMPARE(run({u"probe"_s, m_demo.url(u"Open"_s)}).exitCode, 0);
    QCOMPARE(m_service.count("/revoke"), 2);
    makeDue();
    QCOMPARE(run({u"probe"_s, m_demo.url(u"Open"_s)}).exitCode, 0);
    QCOMPARE(m_service.count("/revoke"), 4);
    QCOMPARE(pending(), QJsonArray());
}

void TstCtlDeparture::forgetsWhatIsLeftOfARemovedServer()
{
    QCOMPARE(run({u"remove"_s, u"Berths"_s}).exitCode, 1);
    const QJsonObject list = m_ctl->ok({u"list"_s});
    QCOMPARE(list["connections"_L1].toArray().size(), 0);
    QCOMPARE(list["revocations"_L1].toArray().size(), 1);
    QVERIFY(m_ctl->run({u"status"_s}).out.contains("Berths: "));
    const QJsonObject forgotten = m_ctl->ok({u"forget"_s, u"berths"_s});
    QCOMPARE(forgotten["forgotten"_L1].toArray(), list["revocations"_L1].toArray());
    QCOMPARE(pending(), QJsonArray());
    QCOMPARE(m_ctl->run({u"forget"_s, u"Berths"_s}).exitCode, 7);
    QCOMPARE(m_service.count("/revoke"), 2);
}

void TstCtlDeparture::isNeitherHeldUpNorFailsForIt()
{
    QCOMPARE(run({u"disconnect"_s, u"Berths"_s}).exitCode, 1);
    m_service.route("/revoke", FakeResponse::silence());
    makeDue();
    QElapsedTimer time;
    time.start();
    QCOMPARE(run({u"probe"_s, m_demo.url(u"Open"_s)}).exitCode, 0);
    // The service would have ten seconds for each token.
    QVERIFY2(time.elapsed() < 8000, qPrintable(u"took %1 ms"_s.arg(time.elapsed())));
    QCOMPARE(m_service.count("/revoke"), 3);
    // That was its turn.
    QCOMPARE(run({u"probe"_s, m_demo.url(u"Open"_s)}).exitCode, 0);
    QCOMPARE(m_service.count("/revoke"), 3);
    QCOMPARE(pending().size(), 1);
}

QTEST_GUILESS_MAIN(TstCtlDeparture)
#include "tst_ctldeparture.moc"
