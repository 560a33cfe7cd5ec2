// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/profile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;

class tst_Profile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void acceptsNames_data();
    void acceptsNames();
    void givesEachProfileItsOwnPlaces();
    void hasASocketNameThatFits();
    void makesItsFoldersForItsOwnerOnly();
    void closesAFolderThatWasOpenToOthers();
    void onlyReadsWhereItIsToldTo();
    void refusesALink();
    void refusesAFileInTheWay();
    void refusesAFolderOfSomebodyElse();

private:
    std::unique_ptr<QTemporaryDir> m_home;
};

void tst_Profile::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", QFile::encodeName(m_home->filePath(u"data"_s)));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_home->path()));
}

void tst_Profile::acceptsNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isAccepted");
    QTest::newRow("default") << u"default"_s << true;
    QTest::newRow("digits and hyphens") << u"work-2"_s << true;
    QTest::newRow("32") << QString(32, u'a') << true;
    QTest::newRow("33") << QString(33, u'a') << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("capital") << u"Demo"_s << false;
    QTest::newRow("path") << u"../x"_s << false;
    QTest::newRow("dot") << u"."_s << false;
    QTest::newRow("line break at the end") << u"demo\n"_s << false;
    QTest::newRow("umlaut") << u"dämo"_s << false;
}

void tst_Profile::acceptsNames()
{
    QFETCH(QString, name);
    QFETCH(bool, isAccepted);
    const Result<Profile> profile = Profile::fromName(name);
    QCOMPARE(profile.has_value(), isAccepted);
    if (isAccepted) {
        QCOMPARE(profile->name(), name);
    } else {
        QCOMPARE(profile.error().kind, ErrorKind::InvalidInput);
    }
}

void tst_Profile::givesEachProfileItsOwnPlaces()
{
    const Profile standard;
    const Profile demo = Profile::fromName(u"demo"_s).value();
    const QString data = m_home->filePath(u"data"_s);
    QCOMPARE(Profile::fromName(u"default"_s).value(), standard);
    QCOMPARE(standard.folder(), data + "/mooring"_L1);
    QCOMPARE(demo.folder(), data + "/mooring/profiles/demo"_L1);
    QCOMPARE(standard.keychainPrefix(), u"app.mooring.Mooring/default/"_s);
    QCOMPARE(demo.keychainPrefix(), u"app.mooring.Mooring/demo/"_s);
    QVERIFY(standard.socketName() != demo.socketName());
}

void tst_Profile::hasASocketNameThatFits()
{
    const Profile profile = Profile::fromName(QString(32, u'a')).value();
    QLocalServer server;
    QVERIFY2(server.listen(profile.socketName()), qPrintable(server.errorString()));
    QLocalSocket socket;
    socket.connectToServer(profile.socketName());
    QVERIFY(socket.waitForConnected());
    // A runtime folder that would make it too long is left out.
    const QString deep = m_home->filePath(QString(90, u'd'));
    QVERIFY(QDir().mkpath(deep));
    QVERIFY(QFile::setPermissions(deep, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(deep));
    QVERIFY(QFile::encodeName(profile.socketName()).size() <= 100);
}

void tst_Profile::makesItsFoldersForItsOwnerOnly()
{
    for (const Profile &profile : {Profile(), Profile::fromName(u"demo"_s).value()}) {
        QVERIFY(profile.prepare());
        QVERIFY(profile.prepare()); // again is fine
        for (const QString &path : {profile.folder(), profile.locksFolder(), profile.stateFolder()}) {
            const QFileInfo info(path);
            QVERIFY2(info.isDir(), qPrintable(path));
            QVERIFY(!(info.permissions()
                      & (QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther)));
            QVERIFY(info.isWritable());
        }
    }
    QCOMPARE(QFileInfo(m_home->filePath(u"data/mooring/profiles"_s)).permissions() & QFile::ReadOther,
             QFile::Permissions());
}

void tst_Profile::closesAFolderThatWasOpenToOthers()
{
    const Profile profile;
    QVERIFY(profile.prepare());
    QVERIFY(QFile::setPermissions(profile.folder(), QFile::Permissions(0x7755)));
    QVERIFY(profile.prepare());
    QCOMPARE(QFileInfo(profile.folder()).permissions() & QFile::Permissions(0x0077), QFile::Permissions());
}

void tst_Profile::onlyReadsWhereItIsToldTo()
{
    const Profile profile = Profile::fromName(u"demo"_s).value();
    QVERIFY(profile.checkReadable());
    QVERIFY(!QFileInfo::exists(m_home->filePath(u"data"_s)));
    QVERIFY(profile.prepare());
    QVERIFY(QFile::setPermissions(profile.folder(), QFile::ReadOwner | QFile::ExeOwner));
    QVERIFY(profile.checkReadable());
    QVERIFY(QDir(profile.folder()).removeRecursively());
    QVERIFY(QFile::link(m_home->path(), profile.folder()));
    QVERIFY(!profile.checkReadable());
}

void tst_Profile::refusesALink()
{
    const Profile profile;
    QVERIFY(QDir().mkpath(m_home->filePath(u"elsewhere"_s)));
    QVERIFY(QDir().mkpath(m_home->filePath(u"data"_s)));
    QVERIFY(QFile::link(m_home->filePath(u"elsewhere"_s), profile.folder()));
    const Result<void> prepared = profile.prepare();
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().kind, ErrorKind::Storage);
    QVERIFY(prepared.error().sentence.contains(profile.folder()));
    QVERIFY(QDir(m_home->filePath(u"elsewhere"_s)).isEmpty());
    // One that leads nowhere is no better.
    QVERIFY(QDir(m_home->filePath(u"elsewhere"_s)).removeRecursively());
    QCOMPARE(profile.prepare().error().kind, ErrorKind::Storage);
}

void tst_Profile::refusesAFileInTheWay()
{
    const Profile profile;
    QVERIFY(QDir().mkpath(profile.folder()));
    QFile file(profile.locksFolder());
    QVERIFY(file.open(QIODevice::WriteOnly));
    const Result<void> prepared = profile.prepare();
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().kind, ErrorKind::Storage);
    QVERIFY(prepared.error().sentence.contains(profile.locksFolder()));
}

void tst_Profile::refusesAFolderOfSomebodyElse()
{
#ifdef Q_OS_UNIX
    // Only root can give a folder away; anybody else gets root's own root folder to look at.
    const Profile profile;
    QVERIFY(QDir().mkpath(m_home->filePath(u"data"_s)));
    if (::geteuid() == 0) {
        QVERIFY(QDir().mkdir(profile.folder()));
        QCOMPARE(::chown(QFile::encodeName(profile.folder()).constData(), 65534, 65534), 0);
    } else {
        qputenv("XDG_DATA_HOME", "/proc");
    }
    const Result<void> prepared = profile.prepare();
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().kind, ErrorKind::Storage);
    QVERIFY(!prepared.error().sentence.isEmpty());
#endif
}

QTEST_GUILESS_MAIN(tst_Profile)
#include "tst_profile.moc"
