// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Eight processes with eight callers each want the token of one connection when it has expired, on the
// keychain that MOORING_TEST_KEYCHAIN names. The service rotates its refresh tokens without grace and ends
// the whole grant if one is used twice. Run it through tests/support/with-keyring.sh --bus-only, as ctest
// does.
#include "connections/campaign.h"
#include "keychains/gnomekeychain.h"
#include "keychains/keepassxckeychain.h"
#include "keychains/kwalletkeychain.h"

#include <QRandomGenerator>
#include <QTest>

using namespace mooring;
using namespace mooring::keychains;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

std::unique_ptr<RealKeychain> namedKeychain(const QString &name)
{
    if (name == "gnome-keyring"_L1) {
        return std::make_unique<GnomeKeychain>();
    }
    if (name == "kwallet"_L1) {
        return std::make_unique<KWalletKeychain>(KWalletKeychain::Way::OwnInterface);
    }
    return std::make_unique<KeePassXcKeychain>(KeePassXcKeychain::Access::IsFree);
}

} // namespace

class TstKeychainRace final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void oneTokenRequestARound();
    void cleanupTestCase();

private:
    void playRound(test::SharedConnection *shared, const test::Workers &workers, int round);

    std::unique_ptr<RealKeychain> m_keychain;
};

void TstKeychainRace::initTestCase()
{
    m_keychain = namedKeychain(qEnvironmentVariable("MOORING_TEST_KEYCHAIN"));
    m_keychain->heal();
    const QHash<QString, QString> environment = m_keychain->environment();
    for (auto variable = environment.cbegin(); variable != environment.cend(); ++variable) {
        qputenv(variable.key().toLatin1().constData(), variable.value().toLatin1());
    }
}

void TstKeychainRace::cleanupTestCase()
{
    m_keychain->end();
}

void TstKeychainRace::playRound(test::SharedConnection *shared, const test::Workers &workers, int round)
{
    shared->advance(std::chrono::hours(2));
    shared->answersAfter = std::chrono::milliseconds(QRandomGenerator::global()->bounded(150));
    for (const auto &worker : workers) {
        worker->forget();
        worker->send(shared->clockCommand());
        worker->send("token " + QByteArray::number(test::callers));
    }
    QTRY_VERIFY2_WITH_TIMEOUT(test::allDone(workers), "not all callers have got an answer", patience);
    QCOMPARE(test::errorsOf(workers).join(u'\n'), QString());
    QCOMPARE(test::tokensOf(workers),
             QList<QByteArray>(test::processes * test::callers, shared->lastIssued()));
    QVERIFY(shared->works(shared->lastIssued()));
    QCOMPARE(shared->auth.refreshes(), round);
    QCOMPARE(shared->invalidGrants(), 0);
    QVERIFY(shared->record().hasSecret);
    QVERIFY(!shared->record().lastError);
}

// Proves: REF-5
void TstKeychainRace::oneTokenRequestARound()
{
    test::SharedConnection shared;
    QVERIFY(shared.signIn());
    test::Figures figures("race on " + m_keychain->id().toLatin1(), shared);
    const test::Workers workers = test::startWorkers(&shared);
    const int wanted = test::rounds(5, 50);
    for (int round = 1; round <= wanted; ++round) {
        playRound(&shared, workers, round);
        figures.rounds = round;
        figures.count(workers);
        if (QTest::currentTestFailed()) {
            return;
        }
    }
    test::sendAll(workers, "quit");
    QTRY_VERIFY2_WITH_TIMEOUT(test::allEnded(workers), "not all processes have ended", patience);
    QCOMPARE(figures.browsers, 0);
    QCOMPARE(shared.auth.codeExchanges(), 1);
}

QTEST_GUILESS_MAIN(TstKeychainRace)
#include "tst_keychainrace.moc"
