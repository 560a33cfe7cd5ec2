// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A whole life with everything that can be logged switched on: no secret is in any line, nor in any file.
#include "base/logging.h"
#include "support/testbed.h"

#include <QUrlQuery>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using support::await;
using support::Testbed;

namespace {

QByteArray *currentLog = nullptr;

void collect(QtMsgType, const QMessageLogContext &context, const QString &text)
{
    if (currentLog) {
        *currentLog += QByteArray(context.category) + ": " + text.toUtf8() + '\n';
    }
}

/// While it lives, all that any category has to say is kept.
class EverythingLogged final {
public:
    EverythingLogged()
    {
        currentLog = &lines;
        m_before = qInstallMessageHandler(collect);
        QLoggingCategory::setFilterRules(u"*=true\nqt.network.*=true\nqt.networkauth.*=true"_s);
        base::silenceLeakyCategories(); // as main() does
    }
    ~EverythingLogged()
    {
        qInstallMessageHandler(m_before);
        QLoggingCategory::setFilterRules({});
        currentLog = nullptr;
    }
    Q_DISABLE_COPY_MOVE(EverythingLogged)

    QByteArray lines;

private:
    QtMessageHandler m_before;
};

base::Task<base::Result<connections::ClientCredentials>> typeIn()
{
    co_await base::yieldToEventLoop();
    co_return connections::ClientCredentials{u"by-hand"_s, base::Secret("canary-secret")};
}

} // namespace

class TestSecretLogs final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void recorderHears();
    void wholeLife_data();
    void wholeLife();
    void headerKeys();
    void furtherKeys();
    void cleanupTestCase();

private:
    qsizetype m_searches = 0;
    qsizetype m_bytes = 0;
    qsizetype m_found = 0;
};

void TestSecretLogs::recorderHears()
{
    const EverythingLogged log;
    qCDebug(base::lcHttp) << "canary-debug";
    QVERIFY(log.lines.contains("mooring.http: canary-debug"));
    static const QLoggingCategory other("qt.something.else");
    qCDebug(other) << "canary-other";
    QVERIFY(log.lines.contains("canary-other"));
}

// Proves: VT-21, VT-22
void TestSecretLogs::wholeLife_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QJsonValue>("expiresIn");
    QTest::newRow("public client") << u"none"_s << QJsonValue(3600);
    QTest::newRow("secret in the form") << u"client_secret_post"_s << QJsonValue(3600);
    QTest::newRow("secret in a header") << u"client_secret_basic"_s << QJsonValue(3600);
    QTest::newRow("odd lifetime") << u"none"_s << QJsonValue(u"a while"_s);
}

void TestSecretLogs::wholeLife()
{
    QFETCH(QString, method);
    QFETCH(QJsonValue, expiresIn);
    const EverythingLogged log;
    Testbed bed;
    bed.auth.authMethods = {method};
    bed.auth.hasRegistration = method == "none"_L1;
    bed.auth.expiresIn = expiresIn;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    connections::AuthorizeOptions options;
    if (method != "none"_L1) {
        options.askForClient = [&bed](oauth::ClientNeeded needed, std::stop_token) {
            bed.auth.addClient("by-hand", "canary-secret", needed.redirectUri.toLatin1());
            return typeIn();
        };
    }
    const base::Result<void> done = await(connection->authorize(options, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QVERIFY(await(connection->listTools({})));
    await(connection->renew({}));
    bed.auth.endAccessTokens();
    await(connection->listTools({}));
    // Trouble is when people log the most.
    bed.auth.http().once("/token", support::FakeResponse::json({{u"error"_s, u"canary-error"_s}}, 400));
    bed.clock.advance(std::chrono::hours(2));
    await(connection->accessToken({}));
    QVERIFY(!bed.everythingOnDisk().contains("canary-token"));
    QVERIFY(!bed.everythingOnDisk().contains("canary-code"));
    QVERIFY(!bed.everythingOnDisk().contains("canary-secret"));
    await(connection->disconnectFromServer({}));
    const QUrlQuery query(bed.person.opened.first());
    QVERIFY(log.lines.contains("mooring.http: POST"));
    m_bytes += log.lines.size();
    for (const QByteArray &secret :
         {QByteArray("canary-token"), QByteArray("canary-code"), QByteArray("canary-secret"),
          QByteArray("code_verifier"), query.queryItemValue(u"state"_s).toLatin1(),
          query.queryItemValue(u"code_challenge"_s).toLatin1()}) {
        QVERIFY(!secret.isEmpty());
        const qsizetype at = log.lines.indexOf(secret);
        ++m_searches;
        m_found += log.lines.count(secret);
        QVERIFY2(at < 0, log.lines.mid(std::max<qsizetype>(at - 200, 0), 300).constData());
    }
}

// Proves: VT-21, VT-22
void TestSecretLogs::headerKeys()
{
    const EverythingLogged log;
    Testbed bed;
    support::FakeMcpServer server;
    server.keyHeader = "X-Api-Key";
    server.keyValue = "canary-key";
    const std::shared_ptr<Connection> connection = bed.addedWithKey(server);
    QVERIFY(await(connection->listTools({})));
    server.keyValue = "another";
    QVERIFY(!await(connection->listTools({})));
    QVERIFY(log.lines.contains("mooring.http: POST"));
    QVERIFY(!log.lines.contains("canary-key"));
    QVERIFY(!bed.everythingOnDisk().contains("canary-key"));
}

void TestSecretLogs::furtherKeys()
{
    const EverythingLogged log;
    Testbed bed;
    support::FakeMcpServer server(u"/s/canary-path-0123456789/mcp"_s);
    server.keyParameter = "api_key=canary-query-0123456789";
    server.otherHeaders = {{"X-Gateway-Key", "canary-gateway"}};
    connections::NewConnection request;
    request.url = QUrl(server.url().toString() + u"?api_key=canary-query-0123456789"_s);
    request.headers = {{u"X-Gateway-Key"_s, base::Secret("canary-gateway"), true}};
    request.report = await(bed.list->probe(request.url, request.headers, {}, {}, {}));
    const std::shared_ptr<Connection> connection = bed.added(request);
    QVERIFY(await(connection->listTools({})));
    await(connection->check({}, {}));
    server.keyParameter = "api_key=another";
    QVERIFY(!await(connection->listTools({})));
    QVERIFY(log.lines.contains("mooring.http: POST"));
    for (const QByteArray &secret : {"canary-query"_ba, "canary-gateway"_ba, "canary-path"_ba}) {
        const qsizetype at = log.lines.indexOf(secret);
        ++m_searches;
        m_found += log.lines.count(secret);
        QVERIFY2(at < 0, log.lines.mid(std::max<qsizetype>(at - 200, 0), 300).constData());
    }
    QVERIFY(!bed.everythingOnDisk().contains("canary-query"));
    QVERIFY(!bed.everythingOnDisk().contains("canary-gateway"));
}

void TestSecretLogs::cleanupTestCase()
{
    std::printf("figure: %lld searches for secrets in %lld bytes of full logs, found %lld\n",
                static_cast<long long>(m_searches), static_cast<long long>(m_bytes),
                static_cast<long long>(m_found));
    std::fflush(stdout);
}

QTEST_GUILESS_MAIN(TestSecretLogs)
#include "tst_secretlogs.moc"
