// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/filelock.h"

#include "support/await.h"
#include "support/standstill.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <cstdio>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

/// What the system's next attempt to lock comes to; zero for the truth.
int lockTrouble = 0;

} // namespace

/// In the place of the system's own, which can't be brought to this.
extern "C" int flock(int descriptor, int operation) noexcept
{
    if (lockTrouble != 0) {
        errno = lockTrouble;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using support::await;

namespace {

constexpr int processLimit = 20000;
constexpr auto longTime = std::chrono::seconds(30);
constexpr int processes = 4;
constexpr int countsPerProcess = 25;

/// Takes the lock, says so, and keeps it until standard input ends.
int hold(const QString &path)
{
    const Result<FileLock> lock = await(FileLock::acquire(path, longTime, {}));
    std::puts(lock ? "held" : "failed");
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    return 0;
}

int waitForEndOfInput()
{
    std::puts("waiting");
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    return 0;
}

/// Counts upwards in a file; without the lock, counts would get lost.
int count(const QString &path)
{
    for (int i = 0; i < countsPerProcess; ++i) {
        const Result<FileLock> lock = await(FileLock::acquire(path, longTime, {}));
        QFile file(path + ".count"_L1);
        if (!lock || !file.open(QIODevice::ReadWrite)) {
            return 1;
        }
        const QByteArray next = QByteArray::number(file.readAll().toInt() + 1);
        file.resize(0);
        file.seek(0);
        file.write(next);
    }
    return 0;
}

bool startSelf(QProcess &process, const QStringList &arguments, const QByteArray &firstLine)
{
    process.start(QCoreApplication::applicationFilePath(), arguments);
    return process.waitForReadyRead(processLimit) && process.readLine().trimmed() == firstLine;
}

} // namespace

class tst_FileLock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void excludesASecondHolder();
    void isReleasedByAssignmentAndMove();
    void keepsTheFileForItsOwnerOnly();
    void endsAtTheDeadline();
    void endsWhenStopped();
    void getsTheLockWhenItIsFreed();
    void saysThatTheFileCannotBeOpened();
    void blamesNoPermissionsWhereThereAreNoLocks();
    void isNotLateBecauseItSlept();
    void excludesAnotherProcess();
    void isFreeAtOnceWhenTheHolderIsKilled();
    void isNotInheritedByAChild();
    void losesNoCountAmongProcesses();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void tst_FileLock::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"one.lock"_s);
}

void tst_FileLock::excludesASecondHolder()
{
    Result<std::optional<FileLock>> first = FileLock::tryAcquire(m_path);
    QVERIFY(first && *first);
    Result<std::optional<FileLock>> second = FileLock::tryAcquire(m_path);
    QVERIFY(second);
    QVERIFY(!*second);
    (*first)->release();
    QVERIFY(FileLock::tryAcquire(m_path).value().has_value());
    QVERIFY(QFileInfo::exists(m_path));
}

void tst_FileLock::isReleasedByAssignmentAndMove()
{
    const QString other = m_folder->filePath(u"other.lock"_s);
    FileLock lock = *FileLock::tryAcquire(m_path).value();
    FileLock moved = std::move(lock);
    QVERIFY(!FileLock::tryAcquire(m_path).value().has_value());
    moved = *FileLock::tryAcquire(other).value();
    QVERIFY(FileLock::tryAcquire(m_path).value().has_value());
    QVERIFY(!FileLock::tryAcquire(other).value().has_value());
}

void tst_FileLock::keepsTheFileForItsOwnerOnly()
{
    QVERIFY(FileLock::tryAcquire(m_path).value().has_value());
    const auto rights = QFileInfo(m_path).permissions();
    QVERIFY(!(rights & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
}

void tst_FileLock::endsAtTheDeadline()
{
    const auto held = FileLock::tryAcquire(m_path);
    QElapsedTimer timer;
    timer.start();
    const Result<FileLock> lock = await(FileLock::acquire(m_path, std::chrono::milliseconds(200), {}));
    QVERIFY(!lock);
    QCOMPARE(lock.error().kind, ErrorKind::Timeout);
    QVERIFY(lock.error().sentence.endsWith(u'.'));
    QVERIFY(timer.elapsed() >= 195);
}

void tst_FileLock::endsWhenStopped()
{
    const auto held = FileLock::tryAcquire(m_path);
    std::stop_source stop;
    base::Task<Result<FileLock>> waiting = FileLock::acquire(m_path, longTime, stop.get_token());
    QVERIFY(!waiting.isReady());
    stop.request_stop();
    const Result<FileLock> lock = await(std::move(waiting));
    QVERIFY(!lock);
    QCOMPARE(lock.error().kind, ErrorKind::Cancelled);
}

void tst_FileLock::getsTheLockWhenItIsFreed()
{
    auto held = FileLock::tryAcquire(m_path);
    base::Task<Result<FileLock>> waiting = FileLock::acquire(m_path, longTime, {});
    QVERIFY(!waiting.isReady());
    (*held)->release();
    QElapsedTimer timer;
    timer.start();
    QVERIFY(await(std::move(waiting)).has_value());
    // Between two attempts, and not at the deadline.
    QVERIFY(timer.elapsed() < 10'000);
}

void tst_FileLock::blamesNoPermissionsWhereThereAreNoLocks()
{
    for (const int trouble : {ENOLCK, EOPNOTSUPP, EBADF}) {
        lockTrouble = trouble;
        const auto lock = FileLock::tryAcquire(m_path);
        lockTrouble = 0;
        QVERIFY(!lock);
        QCOMPARE(lock.error().kind, ErrorKind::Storage);
        QVERIFY2(lock.error().sentence.contains(m_path), qPrintable(lock.error().sentence));
        QCOMPARE(lock.error().sentence.contains(u"permissions"_s), trouble == EBADF);
    }
}

void tst_FileLock::isNotLateBecauseItSlept()
{
    auto held = FileLock::tryAcquire(m_path);
    base::Task<Result<FileLock>> waiting = FileLock::acquire(m_path, std::chrono::milliseconds(500), {});
    // As a process that is stopped: the lock is freed after it has woken, but before it has waited any more.
    support::standStill(std::chrono::milliseconds(1500));
    QCoreApplication::processEvents();
    QVERIFY(!waiting.isReady());
    (*held)->release();
    QVERIFY(await(std::move(waiting)).has_value());
}

void tst_FileLock::saysThatTheFileCannotBeOpened()
{
    const auto lock = FileLock::tryAcquire(m_folder->filePath(u"no/such.lock"_s));
    QVERIFY(!lock);
    QCOMPARE(lock.error().kind, ErrorKind::Storage);
    QCOMPARE(await(FileLock::acquire(m_folder->path(), longTime, {})).error().kind, ErrorKind::Storage);
#ifdef Q_OS_UNIX
    QVERIFY(QFile::link(m_path, m_folder->filePath(u"link.lock"_s)));
    QCOMPARE(FileLock::tryAcquire(m_folder->filePath(u"link.lock"_s)).error().kind, ErrorKind::Storage);
#endif
}

void tst_FileLock::excludesAnotherProcess()
{
    QProcess holder;
    QVERIFY(startSelf(holder, {u"--hold"_s, m_path}, "held"));
    QVERIFY(!FileLock::tryAcquire(m_path).value().has_value());
    holder.closeWriteChannel();
    QVERIFY(holder.waitForFinished(processLimit));
    QVERIFY(FileLock::tryAcquire(m_path).value().has_value());
}

void tst_FileLock::isFreeAtOnceWhenTheHolderIsKilled()
{
    QProcess holder;
    QVERIFY(startSelf(holder, {u"--hold"_s, m_path}, "held"));
    QVERIFY(!FileLock::tryAcquire(m_path).value().has_value());
    holder.kill();
    QVERIFY(holder.waitForFinished(processLimit));
    QCOMPARE(holder.exitStatus(), QProcess::CrashExit);
    QVERIFY(FileLock::tryAcquire(m_path).value().has_value());
}

void tst_FileLock::isNotInheritedByAChild()
{
    auto lock = FileLock::tryAcquire(m_path);
    QProcess child;
    QVERIFY(startSelf(child, {u"--wait"_s}, "waiting"));
    (*lock)->release();
    // flock belongs to the open file: a child that had it too would still hold the lock.
    QVERIFY(FileLock::tryAcquire(m_path).value().has_value());
    child.closeWriteChannel();
    QVERIFY(child.waitForFinished(processLimit));
}

void tst_FileLock::losesNoCountAmongProcesses()
{
    std::array<QProcess, processes> counters;
    for (QProcess &counter : counters) {
        counter.start(QCoreApplication::applicationFilePath(), {u"--count"_s, m_path});
    }
    for (QProcess &counter : counters) {
        QVERIFY(counter.waitForFinished(processLimit));
        QCOMPARE(counter.exitCode(), 0);
    }
    QFile file(m_path + ".count"_L1);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toInt(), processes * countsPerProcess);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.value(1) == "--hold"_L1) {
        return hold(arguments.value(2));
    }
    if (arguments.value(1) == "--count"_L1) {
        return count(arguments.value(2));
    }
    if (arguments.value(1) == "--wait"_L1) {
        return waitForEndOfInput();
    }
    tst_FileLock test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_filelock.moc"
