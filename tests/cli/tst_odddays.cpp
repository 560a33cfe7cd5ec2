// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctlrunner.h"

#include <QFile>
#include <QJsonArray>
#include <QTcpServer>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring::clitest;

namespace {

constexpr rlim_t megabyte = 1024 * 1024;

std::function<void()> outputTo(const char *path)
{
    return [path] { ::dup2(::open(path, O_WRONLY), STDOUT_FILENO); };
}

/// Permissions hold for root, too, once it has lost the right to overlook them. In vain for anybody else.
void obeyPermissions()
{
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
    ::prctl(PR_CAPBSET_DROP, CAP_FOWNER, 0, 0, 0);
}

} // namespace

/// The real program where disk, folder, descriptors or memory are not what they should be.
class TstOddDays final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void noticesThatNobodyCanReadIt_data();
    void noticesThatNobodyCanReadIt();
    void doesNotMindAReaderThatHasGone();
    void startsWithoutStandardStreams();
    void readsWhatItMayNotWrite_data();
    void readsWhatItMayNotWrite();
    void saysWhatItMayNotWrite();
    void endsWithoutMemory_data();
    void endsWithoutMemory();

private:
    void allowWriting(bool isAllowed) const;

    DemoServers m_demo;
    std::unique_ptr<CtlRunner> m_ctl;
};

void TstOddDays::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run it through with-keyring.sh");
    QVERIFY(m_demo.start());
}

void TstOddDays::init()
{
    m_ctl = std::make_unique<CtlRunner>();
}

void TstOddDays::allowWriting(bool isAllowed) const
{
    QFile::Permissions permissions = QFile::ReadOwner | QFile::ExeOwner;
    permissions.setFlag(QFile::WriteOwner, isAllowed);
    for (const QString &folder : {u""_s, u"/locks"_s, u"/state"_s}) {
        QVERIFY(QFile::setPermissions(m_ctl->folder() + folder, permissions));
    }
}

void TstOddDays::noticesThatNobodyCanReadIt_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("list") << QStringList{u"list"_s};
    QTest::newRow("list --json") << QStringList{u"list"_s, u"--json"_s};
    QTest::newRow("a token") << QStringList{u"token"_s, u"Berths"_s, u"--reveal"_s};
    QTest::newRow("help") << QStringList{u"--help"_s};
    QTest::newRow("version") << QStringList{u"--version"_s};
}

void TstOddDays::noticesThatNobodyCanReadIt()
{
    QFETCH(QStringList, words);
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    if (words.contains(u"--reveal"_s)) {
        m_ctl->ok({u"authorize"_s, u"Berths"_s});
    }
    const Run run = CtlRunner::finish(m_ctl->startWith(outputTo("/dev/full"), words).get());
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.err.contains("The output could not be written: No space left on device."),
             run.err.constData());
    QCOMPARE(CtlRunner::finish(m_ctl->startWith(outputTo("/dev/null"), words).get()).exitCode, 0);
}

void TstOddDays::doesNotMindAReaderThatHasGone()
{
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
    const auto toNobody = [] {
        int ends[2] = {-1, -1};
        if (::pipe(ends) == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
        }
    };
    const Run run = CtlRunner::finish(m_ctl->startWith(toNobody, {u"list"_s}).get());
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.err, QByteArray());
}

void TstOddDays::startsWithoutStandardStreams()
{
    const auto closeThem = [] {
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            ::close(stream);
        }
    };
    const QStringList words{u"add"_s, m_demo.url(u"Open"_s), u"--name"_s, u"Tides"_s};
    QCOMPARE(CtlRunner::finish(m_ctl->startWith(closeThem, words).get()).exitCode, 0);
    QCOMPARE(m_ctl->ok({u"list"_s})["connections"_L1].toArray().size(), 1);
}

void TstOddDays::readsWhatItMayNotWrite_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("list") << QStringList{u"list"_s};
    QTest::newRow("status") << QStringList{u"status"_s, u"Tides"_s};
    QTest::newRow("probe") << QStringList{u"probe"_s, m_demo.url(u"Open"_s)};
}

void TstOddDays::readsWhatItMayNotWrite()
{
    QFETCH(QStringList, words);
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
    allowWriting(false);
    const Run run = CtlRunner::finish(m_ctl->startWith(obeyPermissions, words).get());
    allowWriting(true);
    QVERIFY2(run.exitCode == 0, run.err.constData());
    QVERIFY2(run.out.contains("127.0.0.1") || run.err.contains("127.0.0.1"), run.out.constData());
}

void TstOddDays::saysWhatItMayNotWrite()
{
    m_ctl->add(m_demo.url(u"Open"_s), u"Tides"_s);
    allowWriting(false);
    const QStringList words{u"rename"_s, u"Tides"_s, u"Currents"_s};
    const Run run = CtlRunner::finish(m_ctl->startWith(obeyPermissions, words).get());
    allowWriting(true);
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.err.contains("may not write to its folder " + m_ctl->folder().toUtf8()),
             run.err.constData());
}

void TstOddDays::endsWithoutMemory_data()
{
    QTest::addColumn<int>("megabytes");
    QTest::addColumn<QStringList>("words");
    for (const int megabytes : {100, 140, 180, 250}) {
        QTest::addRow("list in %d MB", megabytes) << megabytes << QStringList{u"list"_s};
        QTest::addRow("a probe in %d MB", megabytes)
            << megabytes << QStringList{u"probe"_s, m_demo.url(u"Open"_s)};
    }
    // The keychain's own threads don't fit in, so that it hangs.
    QTest::newRow("a sign-in in 300 MB") << 300 << QStringList{u"authorize"_s, u"Berths"_s};
}

/// Done, or said why not; but it never waits for ever. What ends it here is finish(), after a minute.
void TstOddDays::endsWithoutMemory()
{
    QFETCH(int, megabytes);
    QFETCH(QStringList, words);
    m_ctl->add(m_demo.url(u"Protected"_s), u"Berths"_s);
    const auto limit = [megabytes] {
#ifndef __SANITIZE_ADDRESS__ // which maps terabytes for itself: what is left is that nothing hangs
        const rlimit space{megabytes * megabyte, megabytes * megabyte};
        ::setrlimit(RLIMIT_AS, &space);
#else
        Q_UNUSED(megabytes)
#endif
    };
    const std::unique_ptr<QProcess> process = m_ctl->startWith(limit, words);
    const Run run = CtlRunner::finish(process.get());
    QVERIFY2(run.exitCode >= 0, "it crashed");
    QVERIFY2(run.exitCode == 0 || !run.err.trimmed().isEmpty(), "it says nothing");
}

QTEST_GUILESS_MAIN(TstOddDays)
#include "tst_odddays.moc"
