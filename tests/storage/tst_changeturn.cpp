// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/changeturn.h"

#include "support/await.h"

#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace mooring;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using storage::ChangeTurn;
using storage::FileLock;
using support::await;

namespace {

constexpr qint64 leastPause = 1500;
/// A file's time is less exact than the clock.
constexpr qint64 inexact = 50;

} // namespace

class TestChangeTurn final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void waitsForTheOther();
    void pausesAfterTheLastChange();
    void goesOnWhenTheOtherHangs();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestChangeTurn::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    qputenv("XDG_RUNTIME_DIR", m_folder->path().toLocal8Bit());
}

void TestChangeTurn::cleanup()
{
    m_folder.reset();
}

void TestChangeTurn::waitsForTheOther()
{
    QElapsedTimer time;
    time.start();
    {
        const ChangeTurn first = await(ChangeTurn::take(10s));
        QVERIFY2(!*FileLock::tryAcquire(m_folder->filePath(u"mooring-keepassxc.lock"_s)), "one at a time");
    }
    QVERIFY(*FileLock::tryAcquire(m_folder->filePath(u"mooring-keepassxc.lock"_s)));
    const ChangeTurn second = await(ChangeTurn::take(10s));
    QVERIFY(time.elapsed() >= leastPause - inexact);
}

void TestChangeTurn::pausesAfterTheLastChange()
{
    {
        const ChangeTurn first = await(ChangeTurn::take(10s));
    }
    QElapsedTimer time;
    {
        const ChangeTurn second = await(ChangeTurn::take(10s));
        // Before it ends: what a busy machine does in between must not count.
        time.start();
    }
    const ChangeTurn third = await(ChangeTurn::take(10s));
    QVERIFY(time.elapsed() >= leastPause - inexact);
}

void TestChangeTurn::goesOnWhenTheOtherHangs()
{
    const ChangeTurn first = await(ChangeTurn::take(10s));
    // Ends at all.
    const ChangeTurn second = await(ChangeTurn::take(100ms));
}

QTEST_GUILESS_MAIN(TestChangeTurn)
#include "tst_changeturn.moc"
