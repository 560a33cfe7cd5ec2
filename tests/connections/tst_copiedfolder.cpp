// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two data folders with the same list, because one is a copy of the other: they don't use up each other's
// refresh tokens. The keychain is a real one, and the service ends a sign-in at the second use of one.
#include "workerpool.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace mooring;
using test::SharedConnection;
using test::Worker;

namespace {

constexpr std::chrono::milliseconds patience = 60s;

void copyFolder(const QString &from, const QString &to)
{
    QVERIFY(QDir().mkpath(to));
    QDirIterator entries(from, QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden,
                         QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QString path = entries.next();
        const QString target = to + path.mid(from.size());
        QVERIFY(entries.fileInfo().isDir() ? QDir().mkpath(target) : QFile::copy(path, target));
    }
}

} // namespace

class TestCopiedFolder final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void doesNotFightForATokenWithItsOriginal_data();
    void doesNotFightForATokenWithItsOriginal();
    void keepsItsSignInsWhenItMoves();

private:
    struct Answer {
        QList<QByteArray> tokens;
        QStringList errors;
    };
    /// What a process that works on that data folder says to a command.
    Answer ask(const QString &home, const QByteArray &command);
    QString home(const QString &name) const { return m_homes->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_homes;
    std::unique_ptr<SharedConnection> m_shared;
};

void TestCopiedFolder::init()
{
    m_homes = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", QFile::encodeName(home(u"original"_s)));
    m_shared = std::make_unique<SharedConnection>();
    QVERIFY(m_shared->signIn());
}

TestCopiedFolder::Answer TestCopiedFolder::ask(const QString &home, const QByteArray &command)
{
    const QByteArray before = qgetenv("XDG_DATA_HOME");
    qputenv("XDG_DATA_HOME", QFile::encodeName(home));
    const std::unique_ptr<Worker> worker = m_shared->worker();
    qputenv("XDG_DATA_HOME", before);
    worker->send(command);
    const bool isDone = test::until([&] { return worker->isDone() || worker->hasEnded(); }, patience);
    Answer answer{worker->tokens(), worker->errors()};
    if (!isDone || !worker->isDone()) {
        answer.errors.append(u"no answer"_s);
    }
    worker->send("quit");
    test::until([&] { return worker->hasEnded(); }, patience);
    return answer;
}

void TestCopiedFolder::doesNotFightForATokenWithItsOriginal_data()
{
    QTest::addColumn<bool>("isOld");
    QTest::newRow("a copy") << false;
    // Nothing but the item tells then that there are two.
    QTest::newRow("a copy that an older version was there to see") << true;
}

void TestCopiedFolder::doesNotFightForATokenWithItsOriginal()
{
    QFETCH(const bool, isOld);
    const QString original = home(u"original"_s);
    const QString copy = home(u"copy"_s);
    copyFolder(original, copy);
    if (isOld) {
        QVERIFY(QFile::remove(copy + u"/mooring/folder.json"_s));
    }
    m_shared->advance(2h);
    const Answer told = ask(copy, "token 1");
    QCOMPARE(told.errors.size(), 1);
    QVERIFY2(told.errors.first().startsWith(u"error sign-in-needed "_s)
                 && told.errors.first().contains(u"is a copy of "_s + original),
             qPrintable(told.errors.first()));
    QCOMPARE(m_shared->auth.refreshes(), 0);
    QCOMPARE(ask(original, "token 1").errors, QStringList());
    QCOMPARE(m_shared->auth.refreshes(), 1);

    // With a sign-in of its own each goes its way.
    QCOMPARE(ask(copy, "authorize").errors, QStringList());
    QCOMPARE(m_shared->auth.codeExchanges(), 2);
    m_shared->advance(2h);
    for (const QString &folder : {original, copy, copy, original}) {
        const Answer answer = ask(folder, "token 1");
        QCOMPARE(answer.errors, QStringList());
        QVERIFY(m_shared->works(answer.tokens.first()));
    }
    QCOMPARE(m_shared->auth.refreshes(), 3);
    QCOMPARE(m_shared->auth.reuses(), 0);
    // And leaves alone.
    QCOMPARE(ask(copy, "disconnect").errors, QStringList());
    const Answer last = ask(original, "token 1");
    QCOMPARE(last.errors, QStringList());
    QVERIFY(m_shared->works(last.tokens.first()));
}

void TestCopiedFolder::keepsItsSignInsWhenItMoves()
{
    const QString moved = home(u"moved"_s);
    QVERIFY(QDir().rename(home(u"original"_s), moved));
    m_shared->advance(2h);
    QCOMPARE(ask(moved, "token 1").errors, QStringList());
    // To another disk, or out of a backup.
    const QString restored = home(u"restored"_s);
    copyFolder(moved, restored);
    QVERIFY(QDir(moved).removeRecursively());
    m_shared->advance(2h);
    QCOMPARE(ask(restored, "token 1").errors, QStringList());
    QCOMPARE(m_shared->auth.refreshes(), 2);
    QCOMPARE(m_shared->auth.reuses(), 0);
    QCOMPARE(m_shared->auth.codeExchanges(), 1);
}

QTEST_GUILESS_MAIN(TestCopiedFolder)
#include "tst_copiedfolder.moc"
