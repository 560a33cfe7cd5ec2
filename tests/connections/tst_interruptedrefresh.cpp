// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C, and once more, while mooringctl renews a sign-in: it says so, and ends when the new one is stored.
// The keychain is a real one, and the service ends a sign-in at the second use of a refresh token.
#include "workerpool.h"

#include <QTest>

#include <csignal>
#include <cstdio>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace mooring;
using support::FakeRequest;
using support::FakeResponse;
using test::SharedConnection;

namespace {

constexpr std::chrono::milliseconds patience = 60s;
constexpr int requests[] = {SIGINT, SIGTERM, SIGHUP};
constexpr auto words = "is being renewed. Mooring ends as soon as it is saved.";

} // namespace

class TestInterruptedRefresh final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void losesNothing();
    void endsAtOnceWhereNothingIsUnderWay();

private:
    std::unique_ptr<QProcess> start(const QStringList &words);

    SharedConnection m_shared;
    /// Sends the answer that is held back.
    std::function<void()> m_letGo;
};

void TestInterruptedRefresh::initTestCase()
{
    QVERIFY(m_shared.signIn());
    m_shared.auth.editTokenAnswer = [this, note = m_shared.auth.editTokenAnswer](const FakeRequest &request,
                                                                                 FakeResponse *answer) {
        note(request, answer);
        const QByteArray body = std::exchange(answer->body, {});
        answer->whenOpen = [this, body](std::function<void(const QByteArray &)> write) {
            m_letGo = [write = std::move(write), body] {
                write(body);
                write({});
            };
        };
    };
}

std::unique_ptr<QProcess> TestInterruptedRefresh::start(const QStringList &words)
{
    auto process = std::make_unique<QProcess>();
    process->start(QStringLiteral(MOORINGCTL), words);
    return process;
}

void TestInterruptedRefresh::losesNothing()
{
    const int rounds = test::rounds(20, 100);
    int lost = 0;
    for (int round = 0; round < rounds; ++round) {
        m_letGo = nullptr;
        const std::unique_ptr<QProcess> process = start({u"refresh"_s, m_shared.connectionId()});
        QVERIFY(test::until([&] { return m_letGo || process->state() == QProcess::NotRunning; }, patience));
        QByteArray said;
        for (int time = 1; time <= 2 && process->state() == QProcess::Running; ++time) {
            ::kill(static_cast<pid_t>(process->processId()), requests[(round + time) % 3]);
            const auto isHeard = [&] {
                said += process->readAllStandardError();
                return said.count(words) == time || process->state() == QProcess::NotRunning;
            };
            QVERIFY(test::until(isHeard, patience));
        }
        // Not a moment before.
        QVERIFY2(m_letGo && process->state() == QProcess::Running, said.constData());
        m_letGo();
        QVERIFY(test::until([&] { return process->state() == QProcess::NotRunning; }, patience));
        QCOMPARE(process->exitStatus(), QProcess::NormalExit);
        lost += m_shared.auth.reuses() > 0 || m_shared.auth.refreshes() != round + 1 ? 1 : 0;
        QVERIFY(!m_shared.record().renewingSince);
    }
    std::printf("figure: interrupted twice in a renewal, %d times without grace: sign-ins lost %d\n", rounds,
                lost);
    std::fflush(stdout);
    QCOMPARE(lost, 0);
    // What the last one stored is good for the next.
    m_letGo = nullptr;
    const std::unique_ptr<QProcess> process = start({u"refresh"_s, m_shared.connectionId()});
    QVERIFY(test::until([&] { return bool(m_letGo); }, patience));
    m_letGo();
    QVERIFY(test::until([&] { return process->state() == QProcess::NotRunning; }, patience));
    QCOMPARE(process->exitCode(), 0);
    QCOMPARE(m_shared.auth.reuses(), 0);
}

void TestInterruptedRefresh::endsAtOnceWhereNothingIsUnderWay()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const std::unique_ptr<QProcess> process =
        start({u"probe"_s, u"http://127.0.0.1:%1/mcp"_s.arg(silent.serverPort())});
    QVERIFY(test::until([&] { return silent.hasPendingConnections(); }, patience));
    ::kill(static_cast<pid_t>(process->processId()), SIGTERM);
    QVERIFY(test::until([&] { return process->state() == QProcess::NotRunning; }, patience));
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QVERIFY(!process->readAllStandardError().contains(words));
}

QTEST_GUILESS_MAIN(TestInterruptedRefresh)
#include "tst_interruptedrefresh.moc"
