// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;

class tst_AtomicFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void saysThatAFileIsNotThere();
    void readsAndWrites();
    void refusesAFileThatIsTooLarge();
    void refusesAFolderAndAPipe();
    void isReadableByItsOwnerOnly();
    void leavesTheOldContentWhenTheDiskIsFull();
    void saysThatItMayNotWrite();
    void saysThatTheFolderIsMissing();
    void removesOnlyWhatAWriteLeft();
    void setsADamagedFileAside();
    void neverReplacesAFileThatWasSetAside();
    void saysThatNothingCanBeSetAside();

private:
    QStringList names() const
    {
        return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void tst_AtomicFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"connections.json"_s);
}

void tst_AtomicFile::saysThatAFileIsNotThere()
{
    const Result<QByteArray> bytes = readFile(m_path, 100);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().kind, ErrorKind::NotFound);
}

void tst_AtomicFile::readsAndWrites()
{
    for (const QByteArray &content :
         {QByteArray("first"), QByteArray(), QByteArray("a\0b", 3), QByteArray(3 << 20, 'x')}) {
        QVERIFY(writeFileAtomically(m_path, content));
        QCOMPARE(readFile(m_path, 4 << 20).value(), content);
        QCOMPARE(names(), QStringList{u"connections.json"_s});
    }
}

void tst_AtomicFile::refusesAFileThatIsTooLarge()
{
    QVERIFY(writeFileAtomically(m_path, "12345"));
    QCOMPARE(readFile(m_path, 5).value(), QByteArray("12345"));
    const Result<QByteArray> bytes = readFile(m_path, 4);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().kind, ErrorKind::Storage);
}

void tst_AtomicFile::refusesAFolderAndAPipe()
{
    QCOMPARE(readFile(m_folder->path(), 100).error().kind, ErrorKind::Storage);
#ifdef Q_OS_UNIX
    QCOMPARE(::mkfifo(QFile::encodeName(m_path).constData(), 0600), 0);
    QCOMPARE(readFile(m_path, 100).error().kind, ErrorKind::Storage); // and doesn't hang
#endif
}

void tst_AtomicFile::isReadableByItsOwnerOnly()
{
    QFile old(m_path);
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.close();
    QVERIFY(old.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
    QVERIFY(writeFileAtomically(m_path, "secretive"));
    const auto everybody = QFileInfo(m_path).permissions();
    QVERIFY(!(everybody & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
    QVERIFY(everybody & QFile::ReadOwner);
}

// Matrix: 36 CFG
void tst_AtomicFile::leavesTheOldContentWhenTheDiskIsFull()
{
#ifdef Q_OS_UNIX
    QVERIFY(writeFileAtomically(m_path, "old"));
    // No process can fill a disk safely; a limit on the size of files fails in the same place.
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 1000;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const Result<void> large = writeFileAtomically(m_path, QByteArray(1 << 20, 'x'));
    const Result<void> buffered = writeFileAtomically(m_path, QByteArray(2000, 'x'));
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    for (const Result<void> &written : {large, buffered}) {
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::Storage);
        QVERIFY2(written.error().sentence.contains("no room"_L1), qPrintable(written.error().sentence));
    }
    QCOMPARE(readFile(m_path, 100).value(), QByteArray("old"));
    QCOMPARE(names(), QStringList{u"connections.json"_s});
#endif
}

// Matrix: 36 CFG
void tst_AtomicFile::saysThatItMayNotWrite()
{
#ifdef Q_OS_LINUX
    // A place where not even root may make files.
    const Result<void> written = writeFileAtomically(u"/proc/mooring.json"_s, "x");
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Storage);
    QVERIFY(!written.error().sentence.isEmpty());
#endif
}

void tst_AtomicFile::saysThatTheFolderIsMissing()
{
    const Result<void> written = writeFileAtomically(m_folder->filePath(u"no/such/file"_s), "x");
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Storage);
    QCOMPARE(names(), QStringList());
}

// Proves: K05
void tst_AtomicFile::removesOnlyWhatAWriteLeft()
{
    QVERIFY(storage::writeFileAtomically(m_path, "old"));
    const QString name = QFileInfo(m_path).fileName();
    const QStringList kept{name, name + u".bak"_s, name + u".damaged-20261125T100000Z"_s, name + u".lock"_s,
                           u"other.AbCdEf"_s};
    for (const QString &one : QStringList{name + u".AbCdEf"_s, name + u".zzzzzz"_s} + kept) {
        QFile file(m_folder->filePath(one));
        QVERIFY(file.open(QIODevice::Append));
    }
    storage::removeLeftovers(m_path);
    QStringList left = names();
    QStringList wanted = kept;
    left.sort();
    wanted.sort();
    QCOMPARE(left, wanted);
    QCOMPARE(*storage::readFile(m_path, 10), "old");
}

void tst_AtomicFile::setsADamagedFileAside()
{
    QVERIFY(writeFileAtomically(m_path, "{ damaged"));
    const Result<QString> aside = setAside(m_path);
    QVERIFY(aside);
    static const QRegularExpression pattern(u"connections\\.json\\.damaged-\\d{8}T\\d{6}Z\\z"_s);
    QVERIFY2(pattern.match(*aside).hasMatch(), qPrintable(*aside));
    QCOMPARE(readFile(*aside, 100).value(), QByteArray("{ damaged"));
    QVERIFY(!QFileInfo::exists(m_path));
}

void tst_AtomicFile::neverReplacesAFileThatWasSetAside()
{
    QSet<QString> paths;
    for (int i = 0; i < 5; ++i) { // within one second, or two
        QVERIFY(writeFileAtomically(m_path, QByteArray::number(i)));
        const Result<QString> aside = setAside(m_path);
        QVERIFY(aside);
        QCOMPARE(readFile(*aside, 100).value(), QByteArray::number(i));
        paths.insert(*aside);
    }
    QCOMPARE(paths.size(), 5);
    QCOMPARE(names().size(), 5);
}

void tst_AtomicFile::saysThatNothingCanBeSetAside()
{
    const Result<QString> aside = setAside(m_path);
    QVERIFY(!aside);
    QCOMPARE(aside.error().kind, ErrorKind::Storage);
}

QTEST_GUILESS_MAIN(tst_AtomicFile)
#include "tst_atomicfile.moc"
