// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the real programs have done to themselves by the time they talk to anybody (G-14), and what they do
// not trust (VT-24).
#include "base/hardening.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

constexpr int patience = 30'000;

/// Runs `body` in a child process and returns its exit code; -1 if it did not end by itself.
int inChild(int (*body)())
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(body());
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

rlim_t coreLimit()
{
    rlimit limit = {};
    ::getrlimit(RLIMIT_CORE, &limit);
    return limit.rlim_cur;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestProcesses final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void hardensItself();
    void programs_data();
    void programs();
    void certificateInWorkingFolderIsNotTrusted();

private:
    /// Starts the program in m_here, with folders of its own.
    void start(QProcess *process, const QString &program, const QStringList &arguments) const;

    std::unique_ptr<QTemporaryDir> m_here;
};

void TestProcesses::init()
{
    m_here = std::make_unique<QTemporaryDir>();
}

void TestProcesses::start(QProcess *process, const QString &program, const QStringList &arguments) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"XDG_DATA_HOME"_s, u"XDG_CONFIG_HOME"_s, u"XDG_RUNTIME_DIR"_s, u"HOME"_s}) {
        environment.insert(name, m_here->path());
    }
    for (const QString &name : {u"http_proxy"_s, u"https_proxy"_s, u"HTTP_PROXY"_s, u"HTTPS_PROXY"_s}) {
        environment.remove(name);
    }
    process->setProcessEnvironment(environment);
    process->setWorkingDirectory(m_here->path());
    process->setChildProcessModifier([] {
        rlimit limit = {};
        ::getrlimit(RLIMIT_CORE, &limit);
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_CORE, &limit);
        ::umask(022);
    });
    process->start(program, arguments);
    QVERIFY(process->waitForStarted(patience));
}

void TestProcesses::hardensItself()
{
    // Each child tells by its exit code which of its claims does not hold.
    QCOMPARE(inChild([] {
                 base::hardenProcess(base::Inspection::Refused);
                 char folder[64] = {};
                 if (::prctl(PR_GET_DUMPABLE) != 0) {
                     return 1;
                 }
                 if (coreLimit() > 1) {
                     return 2;
                 }
                 if (::umask(0) != 077) {
                     return 3;
                 }
                 return ::getcwd(folder, sizeof folder) && QByteArrayView(folder) == "/" ? 0 : 4;
             }),
             0);
    QCOMPARE(inChild([] {
                 ::umask(027);
                 const rlim_t before = coreLimit();
                 base::hardenProcess(base::Inspection::Allowed);
                 if (::prctl(PR_GET_DUMPABLE) != 1) {
                     return 1;
                 }
                 {
                     const base::InheritedLimits forBrowser;
                     if (coreLimit() != before || ::umask(027) != 027) {
                         return 2;
                     }
                 }
                 return coreLimit() <= 1 && ::umask(0) == 077 ? 0 : 3;
             }),
             0);
}

void TestProcesses::programs_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<bool>("isInspectable");
    QTest::newRow("mooring") << QStringLiteral(MOORING) << true;
    QTest::newRow("mooringctl") << QStringLiteral(MOORINGCTL) << false;
}

void TestProcesses::programs()
{
    QFETCH(QString, program);
    QFETCH(bool, isInspectable);
    // Accepts, and never answers: mooringctl waits for it, as long as it takes to look.
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const QString url = u"http://127.0.0.1:%1/mcp"_s.arg(silent.serverPort());
    QProcess process;
    start(&process, program, isInspectable ? QStringList() : QStringList{u"probe"_s, url});
    const QString proc = u"/proc/%1/"_s.arg(process.processId());
    QTRY_VERIFY2_WITH_TIMEOUT(contentOf(proc + u"status"_s).contains("\nUmask:\t0077\n"),
                              contentOf(proc + u"status"_s).constData(), patience);
    if (!isInspectable) {
        QTRY_VERIFY_WITH_TIMEOUT(silent.hasPendingConnections(), patience);
    }
    // 0 where AddressSanitizer was there first.
    static const QRegularExpression noCore(u"\nMax core file size +[01] "_s);
    const QString limits = QString::fromLatin1(contentOf(proc + u"limits"_s));
    QVERIFY2(noCore.match(limits).hasMatch(), qPrintable(limits));
    // Of a process that refuses to be looked at, the kernel says that root owns it, and shows no folder.
    if (isInspectable) {
        QTRY_COMPARE_WITH_TIMEOUT(QFile::symLinkTarget(proc + u"cwd"_s), u"/"_s, patience);
    }
    QCOMPARE(QFileInfo(proc + u"limits"_s).ownerId(), isInspectable ? ::geteuid() : 0U);
    // A crash leaves nothing. QProcess does not tell of dumps, so the files have to: where they would be
    // if the program had stayed in its folder, or has gone to the root one.
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGABRT), 0);
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    QCOMPARE(QDir(m_here->path()).entryList({u"*core*"_s}, QDir::Files), QStringList());
    QVERIFY(!QFileInfo::exists(u"/core"_s));
    QVERIFY(!QFileInfo::exists(u"/core.%1"_s.arg(process.processId())));
}

// Proves: VT-24
void TestProcesses::certificateInWorkingFolderIsNotTrusted()
{
    const auto openssl = [this](const QStringList &arguments) {
        QProcess process;
        process.setWorkingDirectory(m_here->path());
        process.start(u"openssl"_s, arguments);
        return process.waitForFinished(patience) && process.exitCode() == 0
                   ? process.readAllStandardOutput().trimmed()
                   : QByteArray();
    };
    openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-keyout"_s, u"key.pem"_s,
             u"-out"_s, u"ca.pem"_s, u"-days"_s, u"2"_s, u"-subj"_s, u"/CN=localhost"_s, u"-addext"_s,
             u"subjectAltName=DNS:localhost,IP:127.0.0.1"_s});
    const QByteArray hash = openssl({u"x509"_s, u"-hash"_s, u"-noout"_s, u"-in"_s, u"ca.pem"_s});
    QVERIFY(!hash.isEmpty());
    // Under every name that a library may look for.
    for (const QString &name : {QString::fromLatin1(hash) + u".0"_s, u"cert.pem"_s, u"ca-bundle.crt"_s}) {
        QVERIFY(QFile::copy(m_here->filePath(u"ca.pem"_s), m_here->filePath(name)));
    }
    QSslConfiguration configuration;
    configuration.setLocalCertificate(QSslCertificate(contentOf(m_here->filePath(u"ca.pem"_s))));
    configuration.setPrivateKey(QSslKey(contentOf(m_here->filePath(u"key.pem"_s)), QSsl::Rsa));
    QSslServer server;
    server.setSslConfiguration(configuration);
    int attempts = 0;
    connect(&server, &QSslServer::startedEncryptionHandshake, this, [&attempts] { ++attempts; });
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QProcess process;
    start(&process, QStringLiteral(MOORINGCTL),
          {u"--json"_s, u"probe"_s, u"https://127.0.0.1:%1/mcp"_s.arg(server.serverPort())});
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, patience);
    const QJsonObject json = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QVERIFY(attempts > 0);
    QCOMPARE(json["error"_L1]["kind"_L1].toString(), u"tls"_s);
}

QTEST_GUILESS_MAIN(TestProcesses)
#include "tst_processes.moc"
