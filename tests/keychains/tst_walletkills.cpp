// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// KWallet writes its file some seconds after a change, unless it is told to: killed at once or later, it
// still has what mooringctl has called kept, and no longer has what it has called gone.
#include "connections/campaign.h"
#include "keychains/cellbed.h"
#include "keychains/kwalletkeychain.h"
#include "keychains/screen.h"
#include "support/await.h"

#include <QTest>

#include <algorithm>

using namespace mooring;
using namespace mooring::keychains;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

} // namespace

class TstWalletKills final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void keepsTheNewest_data();
    void keepsTheNewest();

private:
    void playRound(std::chrono::milliseconds after);
    /// Ends when all have ended; each with exit code 0.
    void run(const std::vector<std::pair<CellBed *, QString>> &jobs);
    bool holdsItemOf(const CellBed &bed) const;

    std::unique_ptr<Screen> m_screen;
    std::unique_ptr<KWalletKeychain> m_keychain;
    std::unique_ptr<CellBed> m_signingIn;
    std::unique_ptr<CellBed> m_refreshing;
    std::unique_ptr<CellBed> m_disconnecting;
    int m_kills = 0;
    int m_survived = 0;
};

void TstWalletKills::initTestCase()
{
    m_screen = std::make_unique<Screen>();
    qputenv("QT_QPA_PLATFORM", "xcb");
    m_keychain = std::make_unique<KWalletKeychain>(KWalletKeychain::Way::OwnInterface);
    m_keychain->heal();
    for (auto *bed : {&m_signingIn, &m_refreshing, &m_disconnecting}) {
        *bed = std::make_unique<CellBed>(*m_keychain, u"use"_s);
        const std::unique_ptr<Command> adding = (*bed)->add();
        QTRY_VERIFY_WITH_TIMEOUT(adding->hasEnded(), patience);
        QVERIFY2(adding->exitCode() == 0, qPrintable(adding->told()));
    }
    run({{m_refreshing.get(), u"authorize"_s}});
}

void TstWalletKills::cleanupTestCase()
{
    std::printf(
        "figure: kwalletd5 killed after a sign-in, a refresh and a disconnect: %d kills, all kept after %d\n",
        m_kills, m_survived);
    m_signingIn.reset();
    m_refreshing.reset();
    m_disconnecting.reset();
    m_keychain->end();
}

void TstWalletKills::run(const std::vector<std::pair<CellBed *, QString>> &jobs)
{
    Commands commands;
    for (const auto &[bed, verb] : jobs) {
        commands.push_back(bed->begin(verb));
    }
    for (const auto &command : commands) {
        QTRY_VERIFY2_WITH_TIMEOUT(command->hasEnded(), qPrintable(command->told()), patience);
        QVERIFY2(command->exitCode() == 0, qPrintable(command->told()));
    }
}

bool TstWalletKills::holdsItemOf(const CellBed &bed) const
{
    const QStringList keys = m_keychain->items();
    return std::ranges::any_of(keys, [id = bed.id()](const QString &key) { return key.contains(id); });
}

void TstWalletKills::playRound(std::chrono::milliseconds after)
{
    run({{m_disconnecting.get(), u"authorize"_s}});
    run({{m_signingIn.get(), u"authorize"_s},
         {m_refreshing.get(), u"refresh"_s},
         {m_disconnecting.get(), u"disconnect"_s}});
    const int signIns = m_signingIn->signIns() + m_refreshing->signIns();
    support::giveTimeFor(after);
    m_keychain->kill();
    ++m_kills;
    m_keychain->heal();
    QVERIFY(!m_disconnecting->isAlive());
    QVERIFY2(!holdsItemOf(*m_disconnecting), "called gone, and still in the wallet");
    // The service takes each refresh token once: only the newest one renews.
    m_signingIn->endAccess();
    m_refreshing->endAccess();
    run({{m_signingIn.get(), u"token"_s}, {m_refreshing.get(), u"token"_s}});
    QCOMPARE(m_signingIn->signIns() + m_refreshing->signIns(), signIns);
    run({{m_signingIn.get(), u"disconnect"_s}});
}

void TstWalletKills::keepsTheNewest_data()
{
    QTest::addColumn<std::chrono::milliseconds>("after");
    QTest::newRow("at once") << 0ms;
    QTest::newRow("1 s") << 1000ms;
    QTest::newRow("3 s") << 3000ms;
    QTest::newRow("4.5 s") << 4500ms;
}

void TstWalletKills::keepsTheNewest()
{
    QFETCH(const std::chrono::milliseconds, after);
    for (int round = 0; round < test::rounds(2, 20); ++round) {
        playRound(after);
        if (QTest::currentTestFailed()) {
            return;
        }
        ++m_survived;
    }
}

QTEST_GUILESS_MAIN(TstWalletKills)
#include "tst_walletkills.moc"
