// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/folderwatch.h"

#include "storage/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace mooring::storage;
using namespace Qt::StringLiterals;

class tst_FolderWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noticesThatAFileIsReplacedAgainAndAgain();
    void gathersManyChanges();
    void noticesThatAFileIsRemoved();
    void findsAFolderThatComesLater();
};

void tst_FolderWatch::noticesThatAFileIsReplacedAgainAndAgain()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"connections.json"_s);
    QVERIFY(writeFileAtomically(path, "0"));
    FolderWatch watch(folder.path());
    QSignalSpy changes(&watch, &FolderWatch::changed);
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(writeFileAtomically(path, QByteArray::number(i)));
        QTRY_COMPARE(changes.count(), i);
    }
}

void tst_FolderWatch::gathersManyChanges()
{
    QTemporaryDir folder;
    FolderWatch watch(folder.path());
    QSignalSpy changes(&watch, &FolderWatch::changed);
    for (int i = 0; i < 50; ++i) {
        QVERIFY(writeFileAtomically(folder.filePath(QString::number(i)), "x"));
    }
    QTRY_VERIFY(!changes.isEmpty());
    QVERIFY2(changes.count() <= 3, qPrintable(QString::number(changes.count())));
}

void tst_FolderWatch::noticesThatAFileIsRemoved()
{
    QTemporaryDir folder;
    QVERIFY(writeFileAtomically(folder.filePath(u"a"_s), "x"));
    FolderWatch watch(folder.path());
    QSignalSpy changes(&watch, &FolderWatch::changed);
    QVERIFY(QFile::remove(folder.filePath(u"a"_s)));
    QTRY_COMPARE(changes.count(), 1);
}

void tst_FolderWatch::findsAFolderThatComesLater()
{
    QTemporaryDir parent;
    const QString path = parent.filePath(u"later"_s);
    FolderWatch watch(path);
    QSignalSpy changes(&watch, &FolderWatch::changed);
    QVERIFY(QDir().mkdir(path));
    QTRY_COMPARE(changes.count(), 1);
    QVERIFY(writeFileAtomically(path + "/a"_L1, "x"));
    QTRY_COMPARE(changes.count(), 2);
    // Gone and back again.
    QVERIFY(QDir(path).removeRecursively());
    QTRY_COMPARE(changes.count(), 3);
    QVERIFY(QDir().mkdir(path));
    QTRY_COMPARE(changes.count(), 4);
    QVERIFY(writeFileAtomically(path + "/a"_L1, "x"));
    QTRY_COMPARE(changes.count(), 5);
}

QTEST_GUILESS_MAIN(tst_FolderWatch)
#include "tst_folderwatch.moc"
