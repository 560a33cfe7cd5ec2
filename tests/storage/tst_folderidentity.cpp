// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/folderidentity.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace mooring::storage;
using namespace Qt::StringLiterals;

class tst_FolderIdentity final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void staysWhatItIs();
    void isTheSameUnderAnotherName();
    void isACopyBesideItsOriginal();
    void goesOnWhereTheOriginalIsGone();
    void goesOnAfterARestore();
    void leavesACopyItsKeysWhenItMoves();
    void knowsACopyOfACopy();
    void knowsWhoseAnItemIs();
    void isNobodyWithoutAFolder();
    void outlivesADamagedFile();

private:
    QString at(const char *name) const { return m_home->filePath(QLatin1StringView(name)); }
    /// As `cp -r` does it: what has a place of its own has an inode of its own.
    static void copy(const QString &from, const QString &to);

    std::unique_ptr<QTemporaryDir> m_home;
};

void tst_FolderIdentity::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkdir(at("original")));
}

void tst_FolderIdentity::copy(const QString &from, const QString &to)
{
    QVERIFY(QDir().mkdir(to));
    QVERIFY(QFile::copy(from + u"/folder.json"_s, to + u"/folder.json"_s));
}

void tst_FolderIdentity::staysWhatItIs()
{
    const FolderIdentity first = FolderIdentity::of(at("original"));
    QVERIFY(!first.stamp().id.isEmpty());
    QCOMPARE(first.stamp().path, at("original"));
    QVERIFY(!first.isCopy());
    QCOMPARE(first.keyPart(), QString());
    QCOMPARE(FolderIdentity::of(at("original")).stamp().id, first.stamp().id);
    const auto permissions = QFile(at("original/folder.json")).permissions();
    QCOMPARE(permissions & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void tst_FolderIdentity::isTheSameUnderAnotherName()
{
    const QString id = FolderIdentity::of(at("original")).stamp().id;
    QVERIFY(QDir().rename(at("original"), at("renamed")));
    const FolderIdentity renamed = FolderIdentity::of(at("renamed"));
    QCOMPARE(renamed.stamp().id, id);
    QCOMPARE(renamed.stamp().path, at("renamed"));
    QVERIFY(!renamed.isCopy());
    // What is copied from it now finds it at its new place.
    copy(at("renamed"), at("copy"));
    QVERIFY(FolderIdentity::of(at("copy")).isCopy());
}

void tst_FolderIdentity::isACopyBesideItsOriginal()
{
    const QString id = FolderIdentity::of(at("original")).stamp().id;
    copy(at("original"), at("copy"));
    const FolderIdentity copied = FolderIdentity::of(at("copy"));
    QVERIFY(copied.isCopy());
    QCOMPARE(copied.original(), at("original"));
    QVERIFY(copied.stamp().id != id);
    QCOMPARE(copied.keyPart(), copied.stamp().id + u'/');
    // It stays one, and the original stays the original.
    QCOMPARE(FolderIdentity::of(at("copy")).keyPart(), copied.keyPart());
    QVERIFY(!FolderIdentity::of(at("original")).isCopy());
    QCOMPARE(FolderIdentity::of(at("original")).stamp().id, id);
}

void tst_FolderIdentity::goesOnWhereTheOriginalIsGone()
{
    const FolderIdentity original = FolderIdentity::of(at("original"));
    copy(at("original"), at("moved"));
    QVERIFY(QDir(at("original")).removeRecursively());
    const FolderIdentity moved = FolderIdentity::of(at("moved"));
    QVERIFY(!moved.isCopy());
    QCOMPARE(moved.keyPart(), QString());
    QVERIFY(!moved.belongsElsewhere(original.stamp()));
}

void tst_FolderIdentity::goesOnAfterARestore()
{
    const FolderIdentity original = FolderIdentity::of(at("original"));
    copy(at("original"), at("backup"));
    QVERIFY(QDir(at("original")).removeRecursively());
    // In the way, so that the inode isn't given out again.
    QVERIFY(QDir().mkdir(at("other")));
    copy(at("backup"), at("original"));
    const FolderIdentity restored = FolderIdentity::of(at("original"));
    QVERIFY(!restored.isCopy());
    QVERIFY(!restored.belongsElsewhere(original.stamp()));
    // And the backup, if it is used, is a copy of it no more than of what was there before.
    QVERIFY(FolderIdentity::of(at("backup")).keyPart().isEmpty());
}

void tst_FolderIdentity::leavesACopyItsKeysWhenItMoves()
{
    FolderIdentity::of(at("original"));
    copy(at("original"), at("copy"));
    const QString keys = FolderIdentity::of(at("copy")).keyPart();
    copy(at("copy"), at("moved"));
    QVERIFY(QDir(at("copy")).removeRecursively());
    QCOMPARE(FolderIdentity::of(at("moved")).keyPart(), keys);
}

void tst_FolderIdentity::knowsACopyOfACopy()
{
    FolderIdentity::of(at("original"));
    copy(at("original"), at("copy"));
    const FolderIdentity first = FolderIdentity::of(at("copy"));
    copy(at("copy"), at("second"));
    const FolderIdentity second = FolderIdentity::of(at("second"));
    QCOMPARE(second.original(), at("copy"));
    QVERIFY(second.keyPart() != first.keyPart());
}

void tst_FolderIdentity::knowsWhoseAnItemIs()
{
    const FolderIdentity one = FolderIdentity::of(at("original"));
    QVERIFY(QDir().mkdir(at("another")));
    FolderIdentity two = FolderIdentity::of(at("another"));
    QVERIFY(two.belongsElsewhere(one.stamp()));
    QVERIFY(!one.belongsElsewhere(one.stamp()));
    QVERIFY(!two.belongsElsewhere({})); // from before there were stamps
    QVERIFY(!two.belongsElsewhere({u"an id"_s, at("original")})); // nobody's any more
    QVERIFY(!two.belongsElsewhere({one.stamp().id, at("nowhere")}));
    // As if both had been there before there were identities.
    two.becomeCopyOf(one.stamp());
    QCOMPARE(FolderIdentity::of(at("another")).keyPart(), two.stamp().id + u'/');
    QCOMPARE(FolderIdentity::of(at("another")).original(), at("original"));
    QVERIFY(QDir(at("original")).removeRecursively());
    QVERIFY(!two.belongsElsewhere(one.stamp()));
}

void tst_FolderIdentity::isNobodyWithoutAFolder()
{
    FolderIdentity::of(at("original"));
    const FolderIdentity nobody;
    QVERIFY(!nobody.belongsElsewhere(FolderIdentity::of(at("original")).stamp()));
    QCOMPARE(nobody.keyPart(), QString());
}

void tst_FolderIdentity::outlivesADamagedFile()
{
    QFile file(at("original/folder.json"));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("{\"id\": \"half");
    file.close();
    const FolderIdentity identity = FolderIdentity::of(at("original"));
    QVERIFY(!identity.isCopy());
    QCOMPARE(FolderIdentity::of(at("original")).stamp().id, identity.stamp().id);
}

QTEST_GUILESS_MAIN(tst_FolderIdentity)
#include "tst_folderidentity.moc"
