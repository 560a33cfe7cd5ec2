// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secretstorecontract.h"

#include "storage/keychainerrors.h"
#include "storage/memorysecretstore.h"

#include "support/await.h"

#include <QTest>

#include <memory>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::KeychainCase;
using base::Result;
using support::await;
using Value = std::optional<QByteArray>;

class tst_SecretStore : public SecretStoreContract {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_store = std::make_unique<MemorySecretStore>(); }
    void listsItsKeys();
    void failsAsOftenAsTold();
    void failsAfterSomeSuccesses();
    void saysWhenItForgets();
    void staysLockedWhenThePersonRefuses();
    void endsADelayWhenStopped();
    void hasASentenceForEachCase_data();
    void hasASentenceForEachCase();

private:
    SecretStore &store() override { return *m_store; }
    void lockFromOutside() override { m_store->setLocked(true); }
    void unlockFromOutside() override { m_store->setLocked(false); }

    std::unique_ptr<MemorySecretStore> m_store = std::make_unique<MemorySecretStore>();
};

void tst_SecretStore::listsItsKeys()
{
    QCOMPARE(m_store->keys(), QStringList());
    QVERIFY(await(m_store->write(u"b"_s, "2", {})));
    QVERIFY(await(m_store->write(u"a"_s, "1", {})));
    QCOMPARE(m_store->keys(), (QStringList{u"a"_s, u"b"_s}));
}

void tst_SecretStore::failsAsOftenAsTold()
{
    m_store->failNext(MemorySecretStore::Access::Read, 2, keychainFailure(KeychainCase::Denied));
    for (int i = 0; i < 2; ++i) {
        const Result<Value> value = await(m_store->read(u"a"_s, {}));
        QVERIFY(!value);
        QCOMPARE(value.error().keychainCase, KeychainCase::Denied);
    }
    QVERIFY(await(m_store->read(u"a"_s, {})));
}

void tst_SecretStore::failsAfterSomeSuccesses()
{
    m_store->failNext(MemorySecretStore::Access::Write, 1, keychainFailure(KeychainCase::Failed), 1);
    QVERIFY(await(m_store->write(u"a"_s, "1", {})));
    QVERIFY(!await(m_store->write(u"b"_s, "1", {})));
    QVERIFY(await(m_store->write(u"c"_s, "1", {})));
    QCOMPARE(m_store->keys(), (QStringList{u"a"_s, u"c"_s}));
}

void tst_SecretStore::saysWhenItForgets()
{
    m_store->setForgetful(true);
    const Result<void> written = await(m_store->write(u"a"_s, "1", {}));
    QVERIFY(!written);
    QCOMPARE(written.error().keychainCase, KeychainCase::Failed);
    QCOMPARE(m_store->keys(), QStringList());
}

void tst_SecretStore::staysLockedWhenThePersonRefuses()
{
    m_store->setLocked(true);
    m_store->setRefusesToUnlock(true);
    const Result<void> refused = await(m_store->unlock({}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().keychainCase, KeychainCase::Locked);
    m_store->setRefusesToUnlock(false);
    QVERIFY(await(m_store->unlock({})));
    QVERIFY(await(m_store->checkUsable({}, Asking::IfNeeded, {})));
}

void tst_SecretStore::endsADelayWhenStopped()
{
    m_store->setDelay(std::chrono::hours(1));
    std::stop_source stop;
    base::Task<Result<void>> write = m_store->write(u"a"_s, "1", stop.get_token());
    QVERIFY(!write.isReady());
    stop.request_stop();
    const Result<void> written = await(std::move(write));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, base::ErrorKind::Cancelled);
    QCOMPARE(m_store->keys(), QStringList());
}

void tst_SecretStore::hasASentenceForEachCase_data()
{
    QTest::addColumn<KeychainCase>("keychainCase");
    QTest::newRow("locked") << KeychainCase::Locked;
    QTest::newRow("denied") << KeychainCase::Denied;
    QTest::newRow("missing") << KeychainCase::Missing;
    QTest::newRow("too large") << KeychainCase::TooLarge;
    QTest::newRow("damaged") << KeychainCase::Damaged;
    QTest::newRow("slow") << KeychainCase::Slow;
    QTest::newRow("failed") << KeychainCase::Failed;
}

void tst_SecretStore::hasASentenceForEachCase()
{
    QFETCH(KeychainCase, keychainCase);
    const QString sentence = keychainSentence(keychainCase);
    QVERIFY(sentence.endsWith(u'.'));
    for (const KeychainCase other :
         {KeychainCase::Locked, KeychainCase::Denied, KeychainCase::Missing, KeychainCase::TooLarge,
          KeychainCase::Damaged, KeychainCase::Slow, KeychainCase::Failed}) {
        QCOMPARE(keychainSentence(other) == sentence, other == keychainCase);
    }
    QCOMPARE(keychainFailure(keychainCase, u"d"_s).sentence, sentence);
    QVERIFY(keychainSentence(KeychainCase::Missing) != noKeyringYetError().sentence);
    QCOMPARE(noKeyringYetError().keychainCase, KeychainCase::Missing);
}

QTEST_GUILESS_MAIN(tst_SecretStore)
#include "tst_secretstore.moc"
