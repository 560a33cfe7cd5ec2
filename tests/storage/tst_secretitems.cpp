// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainerrors.h"
#include "storage/memorysecretstore.h"
#include "storage/secretitems.h"

#include "support/await.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using support::await;
using Access = MemorySecretStore::Access;
using Item = std::optional<SecretItem>;

namespace {

const QString key = u"app/c/1"_s;

/// Content of about `size` bytes that differs by generation.
SecretItem item(qint64 generation, int size = 10)
{
    return {generation, {{u"token"_s, QString(size, QChar(u'a' + static_cast<char16_t>(generation % 26)))}}};
}

} // namespace

class tst_SecretItems : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void saysThatAnItemIsNotThere();
    void storesASmallItemAsOneValue();
    void survivesAnyContent();
    void storesALargeItemInParts();
    void changesBetweenOneValueAndParts();
    void takesTheOldOrTheNewItemAfterACrash_data();
    void takesTheOldOrTheNewItemAfterACrash();
    void leavesNothingBehindAfterACrash_data();
    void leavesNothingBehindAfterACrash();
    void reportsAMissingPart();
    void reportsADamagedHead_data();
    void reportsADamagedHead();
    void replacesADamagedItem();
    void refusesAnItemOfANewerMooring();
    void refusesToReuseAGenerationInParts();
    void refusesAnAbsurdSize();
    void refusesContentThatWouldNotComeBack();
    void passesTheStoresErrorsOn();
    void looksForNoPartsWhereNoneCanBe();
    void replacesWhatTheCallerHasRead();

private:
    void corruptHead(const QByteArray &before, const QByteArray &after);

    std::unique_ptr<MemorySecretStore> m_store;
    std::unique_ptr<SecretItems> m_items;
};

void tst_SecretItems::init()
{
    m_store = std::make_unique<MemorySecretStore>();
    m_store->setMaximumValueSize(300);
    m_items = std::make_unique<SecretItems>(*m_store);
}

void tst_SecretItems::saysThatAnItemIsNotThere()
{
    QCOMPARE(await(m_items->read(key, {})).value(), Item());
    QVERIFY(await(m_items->remove(key, {})));
}

void tst_SecretItems::storesASmallItemAsOneValue()
{
    QVERIFY(await(m_items->write(key, item(1), {})));
    QCOMPARE(m_store->keys(), QStringList{key});
    const QByteArray bytes = *await(m_store->read(key, {})).value();
    const QJsonObject head = QJsonDocument::fromJson(bytes).object();
    QCOMPARE(head.value("v"_L1).toInt(), 1);
    QCOMPARE(head.value("generation"_L1).toInt(), 1);
    QCOMPARE(head.value("sha256"_L1).toString().size(), 64);
    QCOMPARE(head.value("content"_L1).toObject(), item(1).content);
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(1)));
    QVERIFY(await(m_items->write(key, item(2), {})));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(2)));
    QVERIFY(await(m_items->remove(key, {})));
    QCOMPARE(m_store->keys(), QStringList());
}

void tst_SecretItems::survivesAnyContent()
{
    m_store->setMaximumValueSize(96 * 1024);
    const SecretItem any{9007199254740991,
                         {{u"text"_s, u"quote\" back\\ ü 漢 🙂 \u0001 "_s},
                          {u"large"_s, qint64(9007199254740991)},
                          {u"fraction"_s, 0.1},
                          {u"small"_s, 1e-300},
                          {u"list"_s, QJsonArray{1, true, QJsonValue::Null, QJsonObject()}}}};
    QVERIFY(await(m_items->write(key, any, {})));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(any));
}

void tst_SecretItems::storesALargeItemInParts()
{
    QVERIFY(await(m_items->write(key, item(3, 1000), {})));
    QCOMPARE(m_store->keys(),
             (QStringList{key, key + "/3.0"_L1, key + "/3.1"_L1, key + "/3.2"_L1, key + "/3.3"_L1}));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(3, 1000)));
    QVERIFY(await(m_items->write(key, item(4, 700), {})));
    QCOMPARE(m_store->keys(), (QStringList{key, key + "/4.0"_L1, key + "/4.1"_L1, key + "/4.2"_L1}));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(4, 700)));
    QVERIFY(await(m_items->remove(key, {})));
    QCOMPARE(m_store->keys(), QStringList());
}

void tst_SecretItems::changesBetweenOneValueAndParts()
{
    QVERIFY(await(m_items->write(key, item(1), {})));
    QVERIFY(await(m_items->write(key, item(2, 500), {})));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(2, 500)));
    QVERIFY(await(m_items->write(key, item(3), {})));
    QCOMPARE(m_store->keys(), QStringList{key});
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(3)));
}

void tst_SecretItems::takesTheOldOrTheNewItemAfterACrash_data()
{
    QTest::addColumn<int>("oldSize");
    QTest::addColumn<int>("newSize");
    for (const int oldSize : {10, 700}) {
        for (const int newSize : {10, 1000}) {
            QTest::addRow("%d to %d", oldSize, newSize) << oldSize << newSize;
        }
    }
}

void tst_SecretItems::takesTheOldOrTheNewItemAfterACrash()
{
    QFETCH(int, oldSize);
    QFETCH(int, newSize);
    const auto crash = keychainFailure(KeychainCase::Failed, u"crash"_s);
    int interrupted = 0;
    for (const Access access : {Access::Write, Access::Remove}) {
        for (int step = 0; step < 8; ++step) {
            init();
            QVERIFY(await(m_items->write(key, item(1, oldSize), {})));
            m_store->failNext(access, 1000, crash, step); // nothing of that sort works from here on
            const Result<void> written = await(m_items->write(key, item(2, newSize), {}));
            m_store->failNext(access, 0, crash);
            const Result<Item> found = await(m_items->read(key, {}));
            QVERIFY(found);
            QCOMPARE(*found, Item(written ? item(2, newSize) : item(1, oldSize)));
            interrupted += written ? 0 : 1;
        }
    }
    QCOMPARE(interrupted, newSize == 10 ? 1 : 5); // each write of the new item, once
}

void tst_SecretItems::leavesNothingBehindAfterACrash_data()
{
    takesTheOldOrTheNewItemAfterACrash_data();
}

void tst_SecretItems::leavesNothingBehindAfterACrash()
{
    QFETCH(int, oldSize);
    QFETCH(int, newSize);
    const auto crash = keychainFailure(KeychainCase::Failed, u"crash"_s);
    for (const Access access : {Access::Write, Access::Remove}) {
        for (int step = 0; step < 8; ++step) {
            for (const bool removeNext : {true, false}) {
                init();
                QVERIFY(await(m_items->write(key, item(1, oldSize), {})));
                m_store->failNext(access, 1000, crash, step);
                const Result<void> written = await(m_items->write(key, item(2, newSize), {}));
                m_store->failNext(access, 0, crash);
                if (removeNext) {
                    QVERIFY(await(m_items->remove(key, {})));
                    QCOMPARE(m_store->keys(), QStringList());
                } else {
                    QVERIFY(await(m_items->write(key, item(written ? 3 : 2), {})));
                    QCOMPARE(m_store->keys(), QStringList{key});
                }
            }
        }
    }
}

void tst_SecretItems::reportsAMissingPart()
{
    QVERIFY(await(m_items->write(key, item(1, 1000), {})));
    QVERIFY(await(m_store->remove(key + "/1.2"_L1, {})));
    const Result<Item> found = await(m_items->read(key, {}));
    QVERIFY(!found);
    QCOMPARE(found.error().keychainCase, KeychainCase::Damaged);
    QVERIFY(await(m_items->remove(key, {})));
    QCOMPARE(await(m_store->read(key, {})).value(), std::optional<QByteArray>());
}

void tst_SecretItems::corruptHead(const QByteArray &before, const QByteArray &after)
{
    QByteArray bytes = *await(m_store->read(key, {})).value();
    QVERIFY(bytes.contains(before));
    bytes.replace(before, after);
    QVERIFY(await(m_store->write(key, bytes, {})));
}

void tst_SecretItems::reportsADamagedHead_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::newRow("content") << 10 << QByteArray("bbb") << QByteArray("bxb");
    QTest::newRow("generation") << 10 << QByteArray("\"generation\":1") << QByteArray("\"generation\":2");
    QTest::newRow("no generation") << 10 << QByteArray("\"generation\":1,") << QByteArray();
    QTest::newRow("generation twice")
        << 10 << QByteArray("\"generation\":1") << QByteArray("\"generation\":1,\"generation\":1");
    QTest::newRow("cut") << 10 << QByteArray(",\"v\":1}") << QByteArray();
    QTest::newRow("not an object") << 10 << QByteArray("{") << QByteArray("[");
    QTest::newRow("no content") << 10 << QByteArray("\"content\"") << QByteArray("\"else\"");
    QTest::newRow("no version") << 10 << QByteArray("\"v\":1") << QByteArray("\"w\":1");
    QTest::newRow("parts too few") << 1000 << QByteArray("\"parts\":4") << QByteArray("\"parts\":3");
    QTest::newRow("parts too many") << 1000 << QByteArray("\"parts\":4") << QByteArray("\"parts\":5");
    QTest::newRow("parts absurd") << 1000 << QByteArray("\"parts\":4") << QByteArray("\"parts\":99999999");
    QTest::newRow("parts zero") << 1000 << QByteArray("\"parts\":4") << QByteArray("\"parts\":0");
    QTest::newRow("foreign generation")
        << 1000 << QByteArray("\"generation\":1") << QByteArray("\"generation\":7");
}

void tst_SecretItems::reportsADamagedHead()
{
    QFETCH(int, size);
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QVERIFY(await(m_items->write(key, item(1, size), {})));
    QVERIFY(await(m_items->read(key, {})));
    corruptHead(before, after);
    const Result<Item> found = await(m_items->read(key, {}));
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Keychain);
    QCOMPARE(found.error().keychainCase, KeychainCase::Damaged);
}

void tst_SecretItems::replacesADamagedItem()
{
    QVERIFY(await(m_store->write(key, "rubbish", {})));
    QVERIFY(await(m_items->write(key, item(5), {})));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(5)));
    QVERIFY(await(m_store->write(key, "rubbish", {})));
    QVERIFY(await(m_items->remove(key, {})));
    QCOMPARE(m_store->keys(), QStringList());
}

void tst_SecretItems::refusesAnItemOfANewerMooring()
{
    QVERIFY(await(m_items->write(key, item(1), {})));
    corruptHead("\"v\":1", "\"v\":2");
    QCOMPARE(await(m_items->read(key, {})).error().keychainCase, KeychainCase::Failed);
    QVERIFY(!await(m_items->write(key, item(2), {}))); // and doesn't overwrite it
}

void tst_SecretItems::refusesToReuseAGenerationInParts()
{
    QVERIFY(await(m_items->write(key, item(1, 1000), {})));
    QVERIFY(await(m_items->write(key, item(1, 1000), {}))); // the same again is a repetition
    QVERIFY(!await(m_items->write(key, item(1, 900), {})));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(1, 1000)));
}

void tst_SecretItems::refusesAnAbsurdSize()
{
    const Result<void> written = await(m_items->write(key, item(1, SecretItems::maximumContentSize), {}));
    QVERIFY(!written);
    QCOMPARE(written.error().keychainCase, KeychainCase::TooLarge);
    QCOMPARE(m_store->keys(), QStringList());
    QVERIFY(await(m_items->write(key, item(1, SecretItems::maximumContentSize - 20), {})));
    QVERIFY(await(m_items->read(key, {})).value().has_value());
}

void tst_SecretItems::refusesContentThatWouldNotComeBack()
{
    const SecretItem broken{1, {{u"token"_s, QString(QChar(0xd800))}}};
    const Result<void> written = await(m_items->write(key, broken, {}));
    if (written) { // written as something that can be read: then it has to be the same
        QCOMPARE(await(m_items->read(key, {})).value(), Item(broken));
    } else {
        QCOMPARE(written.error().kind, ErrorKind::InvalidInput);
    }
    QVERIFY(!await(m_items->write(key, SecretItem{-1, {}}, {})));
}

void tst_SecretItems::passesTheStoresErrorsOn()
{
    QVERIFY(await(m_items->write(key, item(1, 1000), {})));
    m_store->setLocked(true);
    QCOMPARE(await(m_items->read(key, {})).error().keychainCase, KeychainCase::Locked);
    QCOMPARE(await(m_items->write(key, item(2), {})).error().keychainCase, KeychainCase::Locked);
    QCOMPARE(await(m_items->remove(key, {})).error().keychainCase, KeychainCase::Locked);
    m_store->setLocked(false);
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(1, 1000)));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(await(m_items->read(key, stop.get_token())).error().kind, ErrorKind::Cancelled);
}

void tst_SecretItems::looksForNoPartsWhereNoneCanBe()
{
    m_store->setMaximumValueSize(96 * 1024);
    // One read of the old head and one write: anything more would fail here.
    m_store->failNext(Access::Read, 1000, keychainFailure(KeychainCase::Failed), 1);
    m_store->failNext(Access::Remove, 1000, keychainFailure(KeychainCase::Failed));
    QVERIFY(await(m_items->write(key, item(1, 5000), {})));
    QVERIFY(!await(m_items->read(key, {})));
    m_store->failNext(Access::Read, 0, {});
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(1, 5000)));
}

void tst_SecretItems::replacesWhatTheCallerHasRead()
{
    QVERIFY(await(m_items->write(key, item(1, 1000), {})));
    QVERIFY(await(m_items->replace(key, item(1, 1000), item(2), {})));
    QCOMPARE(m_store->keys(), QStringList{key});
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(2)));
    QVERIFY(await(m_items->replace(key, item(2), item(3, 1000), {})));
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(3, 1000)));
    QVERIFY(!await(m_items->replace(key, item(3, 1000), item(3, 900), {})));
    // Where no parts can be, it is one write, and nothing is read beforehand.
    m_store->setMaximumValueSize(96 * 1024);
    QVERIFY(await(m_items->remove(key, {})));
    QVERIFY(await(m_items->write(key, item(1), {})));
    m_store->failNext(Access::Read, 1000, keychainFailure(KeychainCase::Failed));
    QVERIFY(await(m_items->replace(key, item(1), item(2), {})));
    m_store->failNext(Access::Read, 0, {});
    QCOMPARE(await(m_items->read(key, {})).value(), Item(item(2)));
}

QTEST_GUILESS_MAIN(tst_SecretItems)
#include "tst_secretitems.moc"
