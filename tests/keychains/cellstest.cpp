// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/cellstest.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <cstdio>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

/// For tests/keychains.sh.
void printCell(const QString &name, const Verdict &verdict)
{
    std::printf("cell: %s | exit %s | wrong %lld | lost %lld | left %lld | %s\n", qPrintable(name),
                qPrintable(verdict.exits), static_cast<long long>(verdict.wrongBeliefs.size()),
                static_cast<long long>(verdict.lost.size()), static_cast<long long>(verdict.left.size()),
                qPrintable(verdict.told));
    std::fflush(stdout);
}

} // namespace

void CellsTest::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run it through with-keyring.sh");
    m_screen = std::make_unique<Screen>();
    // The keychains show their windows there.
    qputenv("QT_QPA_PLATFORM", "xcb");
    m_keychain = makeKeychain();
    m_player = std::make_unique<CasePlayer>(*m_keychain);
}

void CellsTest::cleanupTestCase()
{
    m_player.reset();
    if (m_keychain) {
        m_keychain->end();
    }
    m_keychain.reset();
    m_screen.reset();
}

void CellsTest::cell_data()
{
    QTest::addColumn<QString>("caseName");
    QTest::addColumn<QString>("job");
    const CellTable table(m_keychain->id());
    for (const QString &caseName : CellTable::cases()) {
        for (const QString &job : CellTable::jobs()) {
            if (table.outcome(caseName, job).isPlayed()) {
                const QString row = m_keychain->id() + u' ' + caseName + u' ' + job;
                QTest::newRow(qPrintable(row)) << caseName << job;
            }
        }
    }
}

void CellsTest::cell()
{
    QFETCH(const QString, caseName);
    QFETCH(const QString, job);
    if (!m_played.contains(caseName)) {
        QElapsedTimer time;
        time.start();
        m_played.insert(caseName, m_player->play(caseName));
        std::printf("played: %s %s in %lld ms\n", qPrintable(m_keychain->id()), qPrintable(caseName),
                    static_cast<long long>(time.elapsed()));
    }
    const Verdict verdict = m_played.value(caseName).value(job);
    printCell(QString::fromLatin1(QTest::currentDataTag()), verdict);
    QVERIFY2(verdict.isGood(), qPrintable(verdict.text()));
}

void CellsTest::endsAtCtrlC_data()
{
    QTest::addColumn<CasePlayer::Wait>("wait");
    QTest::newRow("while nothing answers") << CasePlayer::Wait::ForAnAnswer;
    if (m_keychain->asks() != RealKeychain::Asks::OnlyWhenUnlocked) {
        QTest::newRow("while the person is asked") << CasePlayer::Wait::ForThePerson;
    }
}

void CellsTest::endsAtCtrlC()
{
    QFETCH(const CasePlayer::Wait, wait);
    const QHash<QString, Verdict> verdicts = m_player->interrupt(wait);
    QVERIFY(!verdicts.isEmpty());
    QStringList faults;
    int interrupted = 0;
    for (auto verdict = verdicts.cbegin(); verdict != verdicts.cend(); ++verdict) {
        std::printf("Ctrl-C: %s %s | exit %s | %s\n", qPrintable(m_keychain->id()), qPrintable(verdict.key()),
                    qPrintable(verdict->exits), qPrintable(verdict->told));
        interrupted += verdict->exits.contains("130"_L1) ? 1 : 0;
        if (!verdict->isGood()) {
            faults.append(verdict.key() + u": "_s + verdict->text());
        }
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    // KeePassXC asks nothing when a sign-in is new, so that one may be done before.
    QVERIFY2(interrupted >= verdicts.size() - 1, "Ctrl-C came too late to end anything");
}

/// What a person sees who opens the keychain's own program.
void CellsTest::namesItsItems()
{
    const QString listing = m_player->listingOfOne();
    const QString folder = qEnvironmentVariable("MOORING_ARTIFACTS", QDir::tempPath());
    QFile file(folder + u"/keychains-"_s + m_keychain->id() + u".txt"_s);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(listing.toUtf8());
    QVERIFY2(listing.contains("Linear (work)"_L1), qPrintable(listing));
}

} // namespace mooring::keychains
